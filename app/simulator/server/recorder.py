"""An endpoint behind somebody's relay: it answers as the official one does, and tells what arrived and what it answered.

It is reached under a random token alone. What it tells are lines of JSON on standard output, which only its parent reads; what
it is told are lines on standard input: a word to look for in a request's body, and the faults to answer such a request with.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.simulator.chat import request as chat_request
from app.simulator.faults import UnknownFaultError, parse_faults
from app.simulator.messages import request as messages_request
from app.simulator.model.host import Host
from app.simulator.model.memory import Memory
from app.simulator.model.models import find_model
from app.simulator.responses import request as responses_request
from app.simulator.server.application import Paced
from app.simulator.server.endpoint import PACES, Endpoint
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Frame, Pace, Reply
from app.simulator.shared.refusals import CHAT, MESSAGES, RESPONSES, RefusalError
from app.simulator.shared.validation import JsonObject

# Streams are slow enough to tell whether a relay passes each event on, and a run of forty requests stays short.
STREAM_PACES = {"steady": Pace(head_ms=20, first_ms=60, token_ms=25), "official": PACES["official"], "none": PACES["none"]}
_LENIENT = {"lenient": 0, "none_checked": 0, "signature_unchecked": 0}
_MOST_ORDERS = 500

Tell = Callable[[Mapping[str, object]], None]


class Recorder:
    """The ASGI application. `tell` is given each line before it is written."""

    def __init__(self, token: str, tell: Tell, pace: str = "steady") -> None:
        self._token, self._tell, self._pace = token, tell, STREAM_PACES[pace]
        self._memory = Memory()
        self._endpoint = Endpoint(self._memory, PACES["none"], _LENIENT)
        self._orders: dict[str, dict[str, int]] = {}
        self._count = 0

    def order(self, line: str | bytes) -> None:
        """Take an order, on any thread: `{"word": …, "faults": [NAME…]}`, or `{"mark": N}`, which is told back behind all that
        was told before. What is neither is left alone.
        """
        try:
            order = json.loads(line)
            if "mark" in order:
                self._tell({"marked": {"number": int(order["mark"])}})
                return
            self._orders[str(order["word"])] = parse_faults(order["faults"])
        except (ValueError, KeyError, TypeError, UnknownFaultError):
            return
        while len(self._orders) > _MOST_ORDERS:
            del self._orders[next(iter(self._orders))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        token, _, rest = str(scope["path"]).removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            self._tell({"stranger": {"method": scope["method"]}})
            await PlainTextResponse("Not found\n", 404)(scope, receive, send)
            return
        await self._answer(f"/{rest}", Request(scope, receive), scope, receive, send)

    async def _answer(self, path: str, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        begun, opened_ns = time.monotonic(), time.monotonic_ns()
        self._count += 1
        number = self._count
        try:
            raw = await request.body()
        except ClientDisconnect:
            return
        known = path if path.startswith("/v1/") else f"/v1{path}"  # a relay may be told a base URL with /v1 or without
        headers = {name.lower(): value for name, value in request.headers.items()}
        context = self._endpoint.context(request.method, known, _without_knobs(headers), dict(request.query_params))
        body = _parsed(raw)
        self._tell({"arrived": {
            "number": number,
            "method": request.method,
            "path": path,
            "query": request.url.query,
            "http_version": scope["http_version"],
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
            "body": base64.b64encode(raw).decode(),
            "opened_ns": opened_ns,
            "whole_ns": time.monotonic_ns(),
            "protocol": context.protocol if context.protocol in _PARSERS and request.method == "POST" else "",
            "counting": context.counting,
            "refusal": self._refusal(context, body),
        }})  # fmt: skip
        reply = self._reply(context, raw, body)
        pieces: list[tuple[int, int]] = []
        try:
            await Paced(reply, begun, lambda data: pieces.append((time.monotonic_ns(), len(data))))(scope, receive, send)
        finally:
            sent = sum(size for _, size in pieces)
            self._tell({"answered": {
                "number": number,
                "status": reply.status,
                "headers": [list(pair) for pair in reply.headers],
                "body": base64.b64encode(reply.body[:sent]).decode(),
                "pieces": pieces,
                "streamed": reply.streamed,
                "whole": sent == len(reply.body),
            }})  # fmt: skip

    def _reply(self, context: RequestContext, raw: bytes, body: JsonObject | None) -> Reply:
        """As the official endpoint does for the model asked for, whatever its name."""
        text = raw.decode("utf-8", "replace")
        ordered = next((faults for word, faults in self._orders.items() if word in text), {})
        context.chosen = {**context.chosen, **ordered}
        if body is None or context.protocol not in _PARSERS:
            return self._endpoint.reply(context, raw)
        if body.get("stream") is True:
            context.pace = self._pace
        served = _served(context.protocol, body)
        reply = self._endpoint.reply(context, json.dumps(body | {"model": served}).encode())
        return _named(reply, str(body.get("model")))

    def _refusal(self, context: RequestContext, body: JsonObject | None) -> str:
        """What the official endpoint would say against the request; "" where it takes it."""
        if body is None or context.protocol not in _PARSERS or context.counting or context.method != "POST":
            return ""
        name, vendor = str(body.get("model")), "anthropic" if context.protocol == MESSAGES else "openai"
        known = name if find_model(name, vendor) is not None else _served(context.protocol, body)
        try:
            if "output_format" in body and "structured-outputs" in context.headers.get("anthropic-beta", ""):
                body = {name: one for name, one in body.items() if name != "output_format"}  # the beta's field is taken
            host = replace(context.host, memory=Memory(), signatures_checked=False)
            _PARSERS[context.protocol](body | {"model": known}, host)
        except RefusalError as refusal:
            return refusal.message
        return ""


def _parsed(raw: bytes) -> JsonObject | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _without_knobs(headers: Mapping[str, str]) -> dict[str, str]:
    """What a request could order by a header is for the demo's clients, not for a relay."""
    return {name: value for name, value in headers.items() if not name.startswith("x-diptych-")}


def _served(protocol: str, body: JsonObject) -> str:
    """The model that answers in place of any: one that refuses as little as can be of what is asked."""
    if protocol == MESSAGES:
        return "claude-sonnet-4-6"
    return "gpt-5.4" if body.get("reasoning_effort") or body.get("reasoning") else "gpt-5.4-mini"


def _named(reply: Reply, model: str) -> Reply:
    """The answer names the model that was asked for."""
    said = json.dumps(model, ensure_ascii=False).encode("utf-8", "replace")
    names = ("claude-sonnet-4-6", "gpt-5.4-2026-03-05", "gpt-5.4-mini")
    frames = list(reply.frames)
    for name in names:
        frames = [Frame(one.data.replace(b'"model":"%b"' % name.encode(), b'"model":' + said), one.wait_ms) for one in frames]
    reply.frames = frames
    return reply


_PARSERS: dict[str, Callable[[JsonObject, Host], Any]] = {
    MESSAGES: messages_request.parse,
    CHAT: chat_request.parse,
    RESPONSES: responses_request.parse,
}
