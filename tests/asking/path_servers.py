"""Endpoints that have some paths and not others, for tests of what is asked where nothing answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.builders import messages_end, messages_start, messages_text
from tests.wire.servers import Served, serving

MESSAGES, CHAT, RESPONSES = "/v1/messages", "/v1/chat/completions", "/v1/responses"


class Said(NamedTuple):
    """A response; with `status` 0 none comes, and the connection stays open until the client leaves."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Said", f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, *self.headers, "Connection: close", "", ""]).encode() + self.body


def said_json(status: int, value: object) -> Said:
    return Said(status, json.dumps(value).encode())


def page(title: str = "Panel", status: int = 200) -> Said:
    return Said(status, f"<!doctype html><html><head><title>{title}</title></head></html>".encode(), "text/html")


def anthropic_error(status: int, message: str = "messages: Field required") -> Said:
    kind = {401: "authentication_error", 404: "not_found_error"}.get(status, "invalid_request_error")
    return said_json(status, {"type": "error", "error": {"type": kind, "message": message}})


def openai_error(status: int, message: str = "you must provide a model parameter") -> Said:
    return said_json(status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}})


def _chunk(delta: dict[str, str], reason: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


STREAM = "text/event-stream"
GOOD = {
    MESSAGES: Said(200, messages_start() + messages_text("Hello") + messages_end(), STREAM),
    CHAT: Said(
        200,
        b"".join(_chunk(delta, reason) for delta, reason in (({"content": "Hello"}, None), ({}, "stop"))) + b"data: [DONE]\n\n",
        STREAM,
    ),
}
NOT_FOUND = said_json(404, {"detail": "Not Found"})
INVALID = {MESSAGES: anthropic_error(400), CHAT: openai_error(400), RESPONSES: openai_error(400)}

Answer = Callable[[str, dict[str, Any]], Said]


def speaking(*paths: str, missing: Said = NOT_FOUND, invalid: Said | None = None) -> Answer:
    """Speaks at these paths (empty requests are refused as invalid), and has nothing elsewhere."""

    def answer(path: str, body: dict[str, Any]) -> Said:
        if path not in paths:
            return missing
        return GOOD[path] if body else invalid or INVALID[path]

    return answer


class Heard(NamedTuple):
    """One request: its path, headers by lower-case name, body."""

    path: str
    headers: dict[str, str]
    body: bytes


class Host:
    """A running endpoint.

    Attributes:
        heard: the requests in the order in which they came.
        served: the server below.
        asked_besides: set at the first empty request.
    """

    def __init__(self, served: Served) -> None:
        self.served = served
        self.heard: list[Heard] = []
        self.asked_besides = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"

    @property
    def besides(self) -> list[str]:
        """The paths that were asked with an empty request."""
        return [one.path for one in self.heard if one.body == b"{}"]


@asynccontextmanager
async def hosting(answer: Answer) -> AsyncIterator[Host]:
    """An endpoint that answers each request as `answer(path, body)` says."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await served.read_request(reader)
        if not head:
            return
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        named = (line.partition(":") for line in lines)
        heard = Heard(first.split()[1], {name.lower(): value.strip() for name, _, value in named}, served.bodies[-1])
        host.heard.append(heard)
        if heard.body == b"{}":
            host.asked_besides.set()
        said = answer(heard.path, json.loads(heard.body or b"{}"))
        if not said.status:
            await served.wait_closed(reader)
            return
        writer.write(said.data)
        await writer.drain()

    async with serving(handle) as served:
        host = Host(served)
        yield host
