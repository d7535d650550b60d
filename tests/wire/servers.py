"""Real servers on port 0 for the wire's tests: scripted sockets, HTTP/2, proxies, a port that never answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import h2.config
import h2.connection
import h2.events
import h2.exceptions

Handler = Callable[["Served", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

# What a busy machine may take at most for what should come at once.
PATIENCE_S = 60.0

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED_HEAD = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


class Served:
    """A running server.

    Attributes:
        port: where.
        connections: how many were accepted.
        heads: the request heads that `read_request` read.
        hung_up: set when a client closed a connection that `wait_closed` waits on.
    """

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.hung_up = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/messages"

    async def read_request(self, reader: asyncio.StreamReader) -> bytes:
        """Head and body of the next request; b"" when the client is gone."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        self.heads.append(head)
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        self.bodies.append(await reader.readexactly(length))
        return head

    async def wait_closed(self, reader: asyncio.StreamReader) -> None:
        """Until the client closed its side, orderly or not."""
        with suppress(ConnectionError):
            while await reader.read(1 << 16):
                pass
        self.hung_up.set()


@asynccontextmanager
async def serving(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """A server that runs the handler for each connection and closes it then."""
    served = Served()
    tasks: set[asyncio.Task[None]] = set()
    transports: list[asyncio.WriteTransport] = []

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        transports.append(writer.transport)
        try:
            with suppress(OSError, asyncio.CancelledError):  # ssl.SSLError is one: clients that refuse us
                if context is not None:
                    await writer.start_tls(context)
                await handler(served, reader, writer)
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for transport in transports:
            # WORKAROUND: asyncio (Python 3.11 to 3.13) raises it where closing had to wait for a write and is done.
            with suppress(AttributeError):
                transport.abort()
        await asyncio.sleep(0)  # the loop closes aborted sockets in its next turn


def answering(*pieces: bytes, hold: bool = False) -> Handler:
    """A handler that reads a request, writes the pieces one by one, then closes, or holds until the client goes."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await served.read_request(reader):
            return
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if hold:
            await served.wait_closed(reader)

    return handle


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset."""
    import socket

    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def chunk(data: bytes) -> bytes:
    """One HTTP/1.1 chunk."""
    return b"%x\r\n%s\r\n" % (len(data), data)


Http2Answer = Callable[["Http2Peer", int], Awaitable[None]]


class Http2Peer:
    """The server's end of one HTTP/2 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="latin-1"))
        self.headers: list[tuple[str, str]] = []
        self.body = bytearray()

    async def flush(self) -> None:
        self.writer.write(self.state.data_to_send())
        await self.writer.drain()

    async def send_head(self, stream: int) -> None:
        self.state.send_headers(stream, [(":status", "200"), ("content-type", "text/event-stream")])
        await self.flush()

    async def send(self, stream: int, data: bytes, end: bool = False) -> None:
        self.state.send_data(stream, data, end_stream=end)
        await self.flush()

    def _events(self, data: bytes) -> list[h2.events.Event]:
        with suppress(h2.exceptions.ProtocolError):  # frames that crossed our goodbye
            return self.state.receive_data(data)
        return []

    async def run(self, answer: Http2Answer, served: Served) -> None:
        self.state.initiate_connection()
        await self.flush()
        while data := await self.reader.read(1 << 16):
            for event in self._events(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.headers = [(str(name), str(value)) for name, value in event.headers]
                elif isinstance(event, h2.events.DataReceived):
                    self.body += event.data
                    self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    await self.flush()
                    await answer(self, event.stream_id)
            await self.flush()
        served.hung_up.set()


@asynccontextmanager
async def serving_http2(answer: Http2Answer, context: ssl.SSLContext) -> AsyncIterator[tuple[Served, list[Http2Peer]]]:
    """An HTTP/2 server over TLS; gives the peers of its connections too."""
    peers: list[Http2Peer] = []

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Http2Peer(reader, writer)
        peers.append(peer)
        await peer.run(answer, served)

    async with serving(handle, context) as served:
        yield served, peers


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end, then close."""
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


async def tunnel(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Both directions to a port on this machine."""
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))
    finally:
        there_writer.close()


def connect_proxy(to_port: int, refuse: bytes = b"") -> Handler:
    """A CONNECT proxy that takes every host to one port; `refuse` is what it answers instead."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(refuse or b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        if not refuse:
            await tunnel(to_port, reader, writer)

    return handle


def socks_proxy(to_port: int, hosts: list[str]) -> Handler:
    """A SOCKS5 proxy (RFC 1928, with RFC 1929 where the client has a password) that takes every host to one port."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        method = (await reader.readexactly(count))[0]
        writer.write(bytes((5, method)))
        if method == 2:
            for _ in range(2):
                hosts.append((await reader.readexactly((await reader.readexactly(2 - len(hosts)))[-1])).decode())
            writer.write(b"\x01\x00")
        kind = (await reader.readexactly(4))[3]
        size = (await reader.readexactly(1))[0] if kind == 3 else 4
        address = await reader.readexactly(size)
        hosts.append(address.decode() if kind == 3 else ".".join(map(str, address)))
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await writer.drain()
        await tunnel(to_port, reader, writer)

    return handle


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port where connecting hangs: its queue of one is full."""
    with socket.socket() as listener, socket.socket() as filler, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (filler, second):
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
