"""A relay of a few lines: it passes a request on to an upstream, and does to it what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


def as_it_is(body: Json) -> Json:
    return body


def in_chat(body: Json) -> Json:
    """A Messages request in Chat's words, without its stop sequences, and with a limit of the relay's own."""
    system = [{"role": "system", "content": body["system"]}] if "system" in body else []
    return {"model": body["model"], "messages": [*system, *body["messages"]], "max_tokens": 4096}


@dataclass
class LittleRelay:
    """Attributes:
    change: what it does to a body. path: what it asks instead of what it was asked; "" for the same.
    key: its own, "" to pass on the one that it gets. times: how often it asks. collected: an answer comes whole.
    refuses: it answers 422 by itself.
    """

    upstream: str
    change: Callable[[Json], Json] = as_it_is
    path: str = ""
    key: str = ""
    times: int = 1
    collected: bool = False
    refuses: bool = False
    url: str = ""
    _server: asyncio.Server | None = field(default=None, repr=False)

    async def __aenter__(self) -> LittleRelay:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in head[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if self.refuses:
            writer.write(b"HTTP/1.1 422 No\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}")
        else:
            for left in reversed(range(self.times)):
                await self._ask(head[0].split(" ")[1], headers, body, None if left else writer)
        await writer.drain()
        writer.close()

    async def _ask(self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter | None) -> None:
        to = urlsplit(self.upstream)
        changed = json.dumps(self.change(json.loads(body))).encode()
        sent = {**headers, "host": to.netloc, "connection": "close", "content-length": str(len(changed))}
        if self.key:
            sent |= {"x-api-key": self.key}
        lines = [f"POST {to.path}{self.path or path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        reader, upstream = await asyncio.open_connection(to.hostname, to.port)
        upstream.write("\r\n".join(lines).encode() + changed)
        held = b""
        while data := await reader.read(65_536):
            held += data
            if writer is not None and not self.collected:
                writer.write(data)
        if writer is not None and self.collected:
            writer.write(held)
        upstream.close()
