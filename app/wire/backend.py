"""How connections are opened: name resolution, connect, TLS, each between two marks."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

import aiohappyeyeballs
import httpcore

from app.clock import now_ns
from app.recording import end_words
from app.recording.records import MarkName
from app.recording.records import WireErrorCode as Code
from app.wire.arrival import with_arrivals
from app.wire.errors import WireError
from app.wire.flight import Flight, Hello
from app.wire.sockets import StampedSocket
from app.wire.streams import SocketStream, Stream
from app.wire.tls import TlsStream

if TYPE_CHECKING:
    from app.wire.tape import Tape

AddressInfo = tuple[int, int, int, str, Any]
"""One row of `socket.getaddrinfo`."""

Resolve = Callable[[str, int], Awaitable[list[AddressInfo]]]
Connect = Callable[[list[AddressInfo]], Awaitable[socket.socket]]

_NEXT_ADDRESS_S = 0.25  # RFC 8305: the delay before the next address is tried as well


async def resolve(host: str, port: int) -> list[AddressInfo]:
    """The addresses of a host, in the resolver's order. Raises socket.gaierror, or WireError for an impossible name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        except UnicodeError as error:  # the resolver's encoding of names: a part of it is empty or longer than 63 characters
            raise WireError(Code.BAD_URL, f"the host name {host[:80]!r} can't be a name") from error
        return [(int(family), int(kind), proto, name, where) for family, kind, proto, name, where in rows]
    family, where = (socket.AF_INET, (host, port)) if address.version == 4 else (socket.AF_INET6, (host, port, 0, 0))
    return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where)]


async def connect(addresses: list[AddressInfo]) -> socket.socket:
    """A connected socket to the first address that answers. Raises OSError."""
    return await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS_S)


def _send_now(connected: socket.socket, data: bytes) -> bytes:
    """What of the data was sent: all, where nothing is wrong. Who writes the rest is told what is."""
    try:
        sent = connected.send(data) if data else 0
    except OSError:
        return b""
    return data[:sent]


class Backend(httpcore.AsyncNetworkBackend):
    """Opens the connections of one pool, and keeps track of them.

    Attributes:
        tape: of the running exchange, None while the pool is idle.
        secure_proxy: connections go to an https:// proxy, so the first TLS on each is the proxy's own.
    """

    def __init__(self, resolve: Resolve = resolve, connect: Connect = connect, secure_proxy: bool = False) -> None:
        self.tape: Tape | None = None
        self.secure_proxy = secure_proxy
        self._resolve = resolve
        self._connect = connect
        self._streams: set[Stream] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Called by httpcore. Raises OSError as it is; `app.wire.errors` says what it means."""
        tape = self._require_tape()
        # WORKAROUND: httpcore 1.0.9 sends a request that a GOAWAY crossed once more, on another connection; we repeat nothing.
        if MarkName.SEND_BEGIN in tape.marks:
            raise WireError(Code.RESET, end_words.NO_MORE_REQUESTS)
        tape.mark(MarkName.DNS_BEGIN)
        addresses = await self._resolve(host, port)
        tape.mark(MarkName.DNS_END)
        tape.mark(MarkName.CONNECT_BEGIN)
        connected = await self._connect(addresses)
        connected_ns = now_ns()
        arrivals = with_arrivals(connected)
        adopted = arrivals or connected
        # At once: what asyncio does for a connection goes on while the peer answers.
        begun_ns, begun = now_ns(), b"" if tape.proxy else _send_now(adopted, tape.flight.opening)
        tape.mark(MarkName.CONNECT_END, connected_ns)
        if begun and tape.flight.hello is not None:
            tape.mark(MarkName.TLS_BEGIN, begun_ns)
        elif begun:
            tape.mark(MarkName.SEND_BEGIN, begun_ns)
            tape.flight = Flight()
        try:
            _, protocol = await asyncio.get_running_loop().create_connection(
                lambda: StampedSocket(arrivals, len(begun), begun_ns if begun else 0), sock=adopted
            )
        except BaseException:
            adopted.close()
            raise
        stream = SocketStream(self, protocol, begun, begun_ns)
        self._streams.add(stream)
        tape.connected(stream)
        return stream

    async def secure(self, stream: Stream, context: ssl.SSLContext, hostname: str | None) -> Stream:
        """TLS over a stream: the endpoint's between its marks, an https:// proxy's before `PROXY_END`."""
        tape = self._require_tape()
        to_proxy = self.secure_proxy and isinstance(stream, SocketStream)
        if not to_proxy:
            tape.tunnel_stands(stream.last_read_ns)
            tape.mark(MarkName.TLS_BEGIN)
        begun = None if to_proxy else tape.flight.hello
        if begun is None or begun.context is not context or begun.hostname != hostname:
            begun = Hello(context, hostname)
        secured = TlsStream(stream, begun)
        try:
            await secured.handshake()
        except BaseException:
            if not to_proxy:
                tape.connected(secured)  # which knows what certificate the peer showed
            stream.abort()
            raise
        if not to_proxy:
            tape.mark(MarkName.TLS_END)
        elif not tape.tunnelled:
            tape.mark(MarkName.PROXY_END)
        self._streams.discard(stream)
        self._streams.add(secured)
        tape.connected(secured)
        if not to_proxy and secured.frames is None:
            await secured.send_ahead()
        return secured

    @property
    def is_stale(self) -> bool:
        """Whether an idle connection of the pool can't be reused."""
        return any(stream.is_stale for stream in self._streams)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return bool(self._streams)

    def abort(self) -> None:
        """Close all sockets now."""
        for stream in self._streams:
            stream.abort()
        self._streams.clear()

    async def sleep(self, seconds: float) -> None:
        """Called by httpcore between retries, of which there are none."""
        await asyncio.sleep(seconds)

    def _require_tape(self) -> Tape:
        if self.tape is None:
            raise RuntimeError("a connection outside an exchange")
        return self.tape
