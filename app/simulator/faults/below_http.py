"""Faults below HTTP: the response is written to the socket as it should not be."""

from __future__ import annotations

import zlib
from itertools import count

from app.simulator.faults.registry import ALL, CHAT, EVERYWHERE, MESSAGES, Stage, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.server.wire import Wire, chunk_bytes, head_bytes
from app.simulator.shared.events import Event, Frame, Reply

_GROUP = "below HTTP"
_CHUNKED = ("transfer-encoding", "chunked")
_LAST_CHUNK = b"0\r\n\r\n"
_MEGABYTE = 1 << 20
_FILLER = b"the quick brown fox "


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def rst(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is reset in the middle of the body."""
    await _half(reply, wire)
    wire.reset()


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def rst_at_once(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is reset before the first byte of the answer."""
    wire.reset()


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def close_at_once(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is closed before the first byte of the answer."""


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def silent(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Nothing is ever answered."""
    await wire.until_gone()


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def silent_after_headers(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Nothing follows the head."""
    await wire.chunked_head(reply)
    await wire.until_gone()


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=3)
async def stall_after_n(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Nothing follows the first three events (or as many as given), and the connection stays open."""
    await wire.chunked_head(reply)
    for frame in reply.frames[: context.value("stall_after_n")]:
        await wire.chunk(frame.data, frame.wait_ms)
    await wire.until_gone()


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def half_head(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is closed in the middle of the head."""
    head = head_bytes(reply, _CHUNKED)
    await wire.write(head[: len(head) // 2])


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def cut_chunk(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is closed in the middle of a chunk."""
    await _half(reply, wire)
    await wire.write(b"400\r\ndata: {")


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def no_zero_chunk(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The connection is closed without the last, empty chunk; the body is whole."""
    await wire.chunked_head(reply)
    for frame in reply.frames:
        await wire.chunk(frame.data, frame.wait_ms)


@fault(Stage.WIRE, _GROUP, ALL, default=400)
async def one_write(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The body comes in one write 400 ms after the head (or as many as given), each event in a chunk of its own (legal)."""
    await wire.chunked_head(reply)
    data = b"".join(chunk_bytes(frame.data) for frame in reply.frames if frame.data)
    await wire.write(data + _LAST_CHUNK, context.value("one_write"))


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def one_byte_segments(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Every byte of head and body is a write of its own (legal)."""
    data = head_bytes(reply, _CHUNKED) + b"".join(chunk_bytes(frame.data) for frame in reply.frames if frame.data)
    for byte in data + _LAST_CHUNK:
        await wire.write(bytes([byte]))


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=1000)
async def slow_headers(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The head comes one byte a second (or one in as many milliseconds as given)."""
    for byte in head_bytes(reply, ("content-length", str(len(reply.body)))):
        await wire.write(bytes([byte]), context.value("slow_headers"))
    await wire.write(reply.body)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def content_length_long(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Content-Length is 100 bytes more than what comes."""
    await wire.head(reply, ("content-length", str(len(reply.body) + 100)))
    await wire.write(reply.body)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def content_length_short(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Content-Length is half of what comes."""
    await wire.head(reply, ("content-length", str(len(reply.body) // 2)))
    await wire.write(reply.body)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def length_and_chunked(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The head has Content-Length and Transfer-Encoding: chunked; chunks come."""
    await wire.head(reply, ("content-length", str(len(reply.body))), ("transfer-encoding", "chunked"))
    for frame in reply.frames:
        await wire.chunk(frame.data, frame.wait_ms)
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def length_twice(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The head has Content-Length twice, the same each time."""
    length = ("content-length", str(len(reply.body)))
    await wire.head(reply, length, length)
    await wire.write(reply.body)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def continue_unasked(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """A response 100 that nobody asked for comes before the answer."""
    await wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    await wire.chunked_head(reply)
    for frame in reply.frames:
        await wire.chunk(frame.data, frame.wait_ms)
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def no_length(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Neither length nor chunks: the body ends where the connection does (legal)."""
    await wire.head(reply, ("connection", "close"))
    await wire.write(reply.body)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def chunk_extensions(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Chunks carry extensions (legal)."""
    await wire.chunked_head(reply)
    for frame in reply.frames:
        await wire.write(f"{len(frame.data):X};pace=easy\r\n".encode() + frame.data + b"\r\n", frame.wait_ms)
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def not_http(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The answer is not HTTP: an SSH server's greeting."""
    await wire.write(b"SSH-2.0-OpenSSH_9.6\r\n")


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def endless_headers(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The head never ends."""
    await wire.write(head_bytes(reply)[:-2])
    for number in count():
        await wire.write(f"x-more-{number}: {'m' * 1000}\r\n".encode())


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def informational_1xx(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """102 Processing and 103 Early Hints come before the answer (legal)."""
    await wire.write(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n")
    await _whole(reply, wire)


@fault(Stage.WIRE, _GROUP, EVERYWHERE)
async def switching_101(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """101 Switching Protocols, unasked."""
    await wire.write(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
    await wire.until_gone()


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=1024)
async def gzip_bomb(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """A gzip body that unpacks to 1024 MB (or as many as given)."""
    reply.set_header("content-encoding", "gzip")
    await wire.chunked_head(reply)
    compressor = zlib.compressobj(9, wbits=31)
    megabyte = b"data: " + b" " * (_MEGABYTE - 8) + b"\n\n"
    for _ in range(context.value("gzip_bomb")):
        await _chunk_filled(wire, compressor.compress(megabyte))
    await _chunk_filled(wire, compressor.flush())
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=100_000)
async def deep_nesting(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """JSON of 100 000 nested arrays (or as many as given), as an event where a stream was asked for."""
    depth = context.value("deep_nesting")
    nested = b"[" * depth + b"]" * depth
    name = b"event: message_start\n" if context.protocol == MESSAGES else b""
    reply.frames = [Frame(name + b"data: " + nested + b"\n\n" if reply.streamed else nested)]
    await _whole(reply, wire)


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=50)
async def long_line(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """One line of 50 MB (or as many as given)."""
    await wire.chunked_head(reply)
    await wire.chunk(b'data: {"text":"')
    for _ in range(context.value("long_line")):
        await wire.chunk((_FILLER * (_MEGABYTE // len(_FILLER) + 1))[:_MEGABYTE])
    await wire.chunk(b'"}\n\n')
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=10_000_000)
async def tiny_events(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Ten million tiny events (or as many as given)."""
    event = b"data: {}\n\n" if context.protocol == CHAT else Event("ping", {"type": "ping"}).encode()
    await wire.chunked_head(reply)
    left, batch = context.value("tiny_events"), 4096
    while left > 0:
        await wire.chunk(event * min(left, batch))
        left -= batch
    await wire.write(_LAST_CHUNK)


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=50)
async def endless_comments(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """Keep-alive comments for ever, one in 50 ms (or as many as given), and no event."""
    await wire.chunked_head(reply)
    while True:
        await wire.chunk(b": keep-alive\n\n", context.value("endless_comments"))


@fault(Stage.WIRE, _GROUP, EVERYWHERE, default=0)
async def endless_body(reply: Reply, wire: Wire, context: RequestContext) -> None:
    """The middle of the body repeats for ever, as fast as it is read (or once in as many milliseconds as given)."""
    await wire.chunked_head(reply)
    middle = len(reply.frames) // 2
    for frame in reply.frames[:middle]:
        await wire.chunk(frame.data, frame.wait_ms)
    while True:
        await wire.chunk(reply.frames[middle].data, context.value("endless_body"))


async def _half(reply: Reply, wire: Wire) -> None:
    await wire.chunked_head(reply)
    frames = reply.frames
    if len(frames) == 1:
        frames = [Frame(frames[0].data[: len(frames[0].data) // 2]), Frame(b"")]
    for frame in frames[: len(frames) // 2]:
        await wire.chunk(frame.data, frame.wait_ms)


async def _whole(reply: Reply, wire: Wire) -> None:
    await wire.chunked_head(reply)
    for frame in reply.frames:
        await _chunk_filled(wire, frame.data, frame.wait_ms)
    await wire.write(_LAST_CHUNK)


async def _chunk_filled(wire: Wire, data: bytes, wait_ms: float = 0.0) -> None:
    """Write a chunk unless it is empty: an empty one would end the body."""
    if data:
        await wire.chunk(data, wait_ms)
