"""Raw access to uvicorn's connection, for the faults that no HTTP library can produce."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.simulator.shared.events import Reply

WIRE_KEY = "diptych.wire"
_PHRASES = {200: "OK", 204: "No Content", 429: "Too Many Requests", 500: "Internal Server Error"}


class WireGoneError(Exception):
    """The peer closed the connection, or we did; there is nobody left to write to."""


class Wire:
    """One connection's raw bytes.

    Attributes:
        receive: the request's ASGI channel; once the body was read it only reports the disconnect.
    """

    def __init__(self, connection: H11Protocol, receive: Receive) -> None:
        self._connection = connection
        self._transport: asyncio.Transport = connection.transport
        self.receive = receive

    async def write(self, data: bytes, wait_ms: float = 0.0) -> None:
        """Write bytes after a wait; waits as well while the peer does not read. Raises WireGoneError."""
        await asyncio.sleep(wait_ms / 1000)
        if self._transport.is_closing():
            raise WireGoneError
        self._transport.write(data)
        await self._connection.flow.drain()

    async def head(self, reply: Reply, *extra: tuple[str, str]) -> None:
        """Write the response's head with these framing headers."""
        await self.write(head_bytes(reply, *extra), reply.frames[0].wait_ms if reply.frames else 0.0)

    async def chunked_head(self, reply: Reply) -> None:
        """Write the head of a chunked response."""
        await self.head(reply, ("transfer-encoding", "chunked"))

    async def chunk(self, data: bytes, wait_ms: float = 0.0) -> None:
        """Write one chunk of a chunked body."""
        await self.write(chunk_bytes(data), wait_ms)

    def reset(self) -> None:
        """Close with a TCP reset; what was not sent yet is lost."""
        sock: socket.socket = self._transport.get_extra_info("socket")
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def close(self) -> None:
        """Close once everything was sent."""
        self._transport.close()

    async def until_gone(self) -> None:
        """Wait until the connection is closed by either side."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


class WireProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 connection, which also puts a `Wire` into the application's scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wrap the application for this connection."""
        super().connection_made(transport)
        application: Any = self.app

        async def with_wire(scope: Scope, receive: Receive, send: Send) -> None:
            scope[WIRE_KEY] = Wire(self, receive)
            await application(scope, receive, send)

        self.app = with_wire


def head_bytes(reply: Reply, *extra: tuple[str, str]) -> bytes:
    """A response head as HTTP/1.1 writes it, the blank line included."""
    lines = [f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Simulated')}"]
    lines += [f"{name}: {value}" for name, value in [*reply.headers, *extra]]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunk_bytes(data: bytes) -> bytes:
    """One chunk with its size line."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
