"""What goes out first, made before any time is taken: an HTTP/1.1 request's bytes, and the beginning of a TLS handshake.

To make them takes half a millisecond, which would stand between two marks of an exchange: after the connection is there, the
bytes that go over it are only handed to the kernel.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

import h11
import httpx
import msgspec

# What is sent together with the request's head: no more than fits into one TLS record.
_TOGETHER_BYTES = 1 << 14


class Hello:
    """A TLS handshake that was begun without a connection.

    Attributes:
        context, hostname: what it was begun with.
        incoming, outgoing: the buffers that the connection's bytes go through.
        tls: its state.
        data: its first bytes, which nobody has sent.
    """

    def __init__(self, context: ssl.SSLContext, hostname: str | None) -> None:
        """Raises ValueError or ssl.SSLError for a name that can't be one."""
        self.context, self.hostname = context, hostname
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=hostname)
        with suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        self.data = self.outgoing.read()


class Flight(msgspec.Struct, frozen=True):
    """What one exchange sends first.

    `request` is what the HTTP stack will write, or the first part of that: with a large body the head alone; b"" where it can't
    be told. `hello` is None without TLS, and where none can be made: then the HTTP stack says what is wrong.
    """

    request: bytes = b""
    hello: Hello | None = None

    @property
    def opening(self) -> bytes:
        """The first bytes over a new connection to the endpoint itself."""
        return self.hello.data if self.hello is not None else self.request


def prepare(request: httpx.Request, context: ssl.SSLContext | None) -> Flight:
    """What this request will send first; `context` is None where its connection is there."""
    written = request_bytes(request)
    if context is None or request.url.scheme != "https":
        return Flight(written)
    try:
        return Flight(written, Hello(context, request.url.raw_host.decode("ascii")))
    except (ValueError, ssl.SSLError):
        return Flight(written)


def request_bytes(request: httpx.Request) -> bytes:
    """The request as httpcore has h11 write it to the endpoint itself; b"" for one that h11 refuses."""
    connection, body = h11.Connection(h11.CLIENT), request.content
    try:
        event = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        head = connection.send(event)
        if len(body) > _TOGETHER_BYTES:
            return head or b""
        parts = (head, connection.send(h11.Data(data=body)), connection.send(h11.EndOfMessage()))
    except h11.LocalProtocolError:
        return b""
    return b"".join(part or b"" for part in parts)
