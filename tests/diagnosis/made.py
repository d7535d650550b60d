"""Exchanges made by hand for the diagnosis, and the row that ties one to the rule that must speak."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from app.diagnosis import Context
from app.exchange.exchange import Exchange
from app.protocols.base import join_url
from app.recording.records import (
    Asked,
    Connected,
    EndDetail,
    Ended,
    EndKind,
    Envelope,
    Headed,
    Headers,
    MarkName,
    Opened,
    ProfileNote,
    Request,
)
from app.recording.records import WireErrorCode as Wire
from tests.builders import MS, messages_start, messages_text, put_together

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"
ANTHROPIC, OPENAI = "https://api.anthropic.com", "https://api.openai.com/v1"
CAPTURE = -1
KEY = "••••"
KEY_HEADERS = {A: (("x-api-key", KEY),), C: (("Authorization", f"Bearer {KEY}"),), R: (("Authorization", f"Bearer {KEY}"),)}
NEW = Connected(False, "192.0.2.1:443")
KEPT = Connected(True, "192.0.2.1:443")
RELAY, RELAY_V1 = "https://relay.example", "https://relay.example/v1"
PATHS = {A: "v1/messages", C: "chat/completions", R: "responses"}
MODELS = {A: "v1/models", C: "models", R: "models"}
LISTED = ("claude-sonnet-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-haiku-4-5-20251001")


def made(
    status: int = 0,
    body: bytes | str | dict[str, Any] | list[Any] = b"",
    *,
    protocol: str = A,
    base: str | None = None,
    headers: dict[str, str] | None = None,
    request: dict[str, Any] | None = None,
    sends: Headers | None = None,
    model: str = "claude-sonnet-4-6",
    streamed: bool = False,
    end: Ended | None = None,
    marks: dict[MarkName, float] | None = None,
    connected: Connected = NEW,
    body_ms: float = 600.0,
    started_utc: str = "2026-11-21T12:00:00Z",
    method: str = "POST",
    raw: bytes | None = None,
) -> Exchange:
    """A finished exchange. `status` 0: no response came, CAPTURE: a body alone; `sends` are request headers, `raw` is a body
    as it was sent, in place of `request`.
    """
    base = (RELAY if protocol == A else RELAY_V1) if base is None else base
    sends = KEY_HEADERS[protocol] if sends is None else sends
    auth = "x-api-key" if protocol == A and sends != KEY_HEADERS[C] else "bearer"
    envelope = Envelope(
        protocol, ProfileNote("Relay", base, protocol, auth), "minimal", model, "a", 1, streamed, started_utc, "0"
    )
    url = join_url(base, (PATHS if method == "POST" else MODELS)[protocol])
    body_sent = json.dumps(request or asking(model=model, max_tokens=16)).encode() if raw is None else raw
    opened = Opened(envelope, Request(method, url, sends, body_sent))
    headed = Headed(status, "", "HTTP/1.1", _head(body, headers or {})) if status and status != CAPTURE else None
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    marks = marks or {MarkName.DNS_BEGIN: 0.0, MarkName.SEND_END: 100.0}
    return Exchange(put_together(opened, marks, connected, headed, [(body_ms, data)], end)).finish()


def _head(body: object, headers: dict[str, str]) -> Headers:
    if not isinstance(body, dict | list) or "content-type" in headers:
        return tuple(headers.items())
    return (("content-type", "application/json"), *headers.items())


def asked(exchange: Exchange, *besides: Asked) -> Exchange:
    """The exchange with what was asked besides."""
    for one in besides:
        exchange.recording.apply(one)
    return exchange


def absent(protocol: str, base: str, path: str, *, control: bool = False) -> Asked:
    """A path that is not there."""
    return Asked(protocol, base, path, 404, "page", "absent", control)


def speaking(protocol: str, base: str, path: str) -> tuple[Asked, Asked]:
    """A path where the protocol is spoken, and its control."""
    own = "anthropic-error" if protocol == A else "openai-error"
    return Asked(protocol, base, path, 400, own, "speaks"), absent(protocol, base, "/v1/no-such-path", control=True)


def wire(code: Wire, message: str = "", *, after_ms: float = 1000.0, phase: str = "", **detail: Any) -> Ended:
    """The wire's end with an error, `after_ms` from the start; `detail` are the fields of `EndDetail`."""
    return Ended(EndKind.ERROR, round(after_ms * MS), str(code), message, phase, EndDetail(**detail))


def anthropic(kind: str, message: str) -> dict[str, Any]:
    """Anthropic's error document."""
    return {"type": "error", "error": {"type": kind, "message": message, "details": None}, "request_id": "req_011CSim"}


def openai(
    message: str, kind: str = "invalid_request_error", code: str | int | None = None, param: str | None = None
) -> dict[str, Any]:
    """OpenAI's error document."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def page(title: str, body: str = "") -> str:
    """A web page."""
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{body}</body></html>"


def asking(**fields: Any) -> dict[str, Any]:
    """A request body with these fields besides the usual ones."""
    return {"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hi"}], **fields}


STREAM = {"content-type": "text/event-stream"}
BEGUN = messages_start() + messages_text("Hello") + messages_text(" you")
BY_NGINX = {"server": "nginx/1.24.0", "content-type": "text/html"}
BY_CLOUDFLARE = {"server": "cloudflare", "cf-ray": "8f00-SJC", "content-type": "text/html; charset=UTF-8"}
STAMPED = {MarkName.DNS_BEGIN: 0.0, MarkName.DNS_END: 10.0, MarkName.CONNECT_BEGIN: 10.0}
SENT = {MarkName.DNS_BEGIN: 0.0, MarkName.SEND_BEGIN: 90.0, MarkName.SEND_END: 100.0, MarkName.HEAD_END: 500.0}
NGINX_502 = page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0</center>")


class Case(NamedTuple):
    """One row: the rule that must speak, the exchange, words of its cause and fix, the change it offers, the context."""

    rule: str
    exchange: Exchange
    cause: str = ""
    fix: str = ""
    action: tuple[str, object] | None = None
    context: Context = Context()


CANCELLED, INTERRUPTED = Ended(EndKind.CANCELLED), Ended(EndKind.INTERRUPTED)
