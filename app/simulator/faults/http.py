"""Faults in the response around the body: status, type, compression, redirects, time."""

from __future__ import annotations

import base64
import gzip as gzip_module
import struct
import sys
import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]

from app.simulator.faults.registry import ALL, EVERYWHERE, Stage, add_fault, fault
from app.simulator.server.headers import STREAM_HEADERS
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, Frame, Reply, compact, gather, json_reply
from app.simulator.shared.refusals import RefusalError

if sys.version_info >= (3, 14):
    from compression import zstd as zstd_module
else:
    from backports import zstd as zstd_module

_GROUP = "http"
PANEL_PAGE = (
    "<!doctype html>\n<html><head><title>Relay console</title></head><body><div id='app'>"
    "<form action='/login'><input name='user'><input name='password'></form></div></body></html>\n"
)
_CHALLENGE_PAGE = (
    "<!DOCTYPE html>\n<html lang='en-US'><head><title>Just a moment...</title></head><body>"
    "<h1>Checking your browser before accessing the site</h1><p>Ray ID: 8f00simulated00</p></body></html>\n"
)
# Another origin on this machine, where nothing listens: the discard port.
_ELSEWHERE = "http://localhost:9"

add_fault("stream_as_json", Stage.SWITCH, _GROUP, "`stream: true` is answered with one JSON document.")
add_fault("json_as_stream", Stage.SWITCH, _GROUP, "A request without `stream` is answered with a stream.")
add_fault("panel_html", Stage.SWITCH, _GROUP, "Every unknown path answers 200 with a web panel's page.", EVERYWHERE)


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=202)
def status(reply: Reply, context: RequestContext) -> None:
    """The status is another one (202, or the number given); the body stays."""
    reply.status = context.value("status")


@fault(Stage.REPLY, _GROUP)
def content_type_json(reply: Reply, context: RequestContext) -> None:
    """The content type is `application/json`, whatever the body."""
    reply.set_header("content-type", "application/json")


@fault(Stage.REPLY, _GROUP)
def content_type_text(reply: Reply, context: RequestContext) -> None:
    """The content type is `text/plain`."""
    reply.set_header("content-type", "text/plain; charset=utf-8")


@fault(Stage.REPLY, _GROUP)
def content_type_html(reply: Reply, context: RequestContext) -> None:
    """The content type is `text/html`."""
    reply.set_header("content-type", "text/html")


@fault(Stage.REPLY, _GROUP)
def content_type_none(reply: Reply, context: RequestContext) -> None:
    """There is no content type."""
    reply.drop_header("content-type")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip(reply: Reply, context: RequestContext) -> None:
    """The body is compressed with gzip, flushed after every event."""
    _deflate(reply, 16 + zlib.MAX_WBITS, "gzip")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def encoding_unknown(reply: Reply, context: RequestContext) -> None:
    """The content encoding is named `utf-8`, which is none."""
    reply.set_header("content-encoding", "utf-8")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def deflate(reply: Reply, context: RequestContext) -> None:
    """The body is compressed with deflate (zlib), flushed after every event."""
    _deflate(reply, zlib.MAX_WBITS, "deflate")


def _deflate(reply: Reply, wbits: int, encoding: str) -> None:
    compressor = zlib.compressobj(wbits=wbits)
    for frame in reply.frames:
        frame.data = compressor.compress(frame.data) + compressor.flush(zlib.Z_SYNC_FLUSH)
    reply.frames.append(Frame(compressor.flush()))
    reply.set_header("content-encoding", encoding)


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def br(reply: Reply, context: RequestContext) -> None:
    """The body is compressed with Brotli, flushed after every event."""
    compressor = brotli.Compressor()
    for frame in reply.frames:
        frame.data = compressor.process(frame.data) + compressor.flush()
    reply.frames.append(Frame(compressor.finish()))
    reply.set_header("content-encoding", "br")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def zstd(reply: Reply, context: RequestContext) -> None:
    """The body is compressed with Zstandard, flushed after every event."""
    compressor: Any = zstd_module.ZstdCompressor()
    for frame in reply.frames:
        frame.data = compressor.compress(frame.data, mode=zstd_module.ZstdCompressor.FLUSH_BLOCK)
    reply.frames.append(Frame(compressor.flush()))
    reply.set_header("content-encoding", "zstd")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_claimed(reply: Reply, context: RequestContext) -> None:
    """The header says gzip, the body is plain."""
    reply.set_header("content-encoding", "gzip")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_cut(reply: Reply, context: RequestContext) -> None:
    """A gzip body that lacks its end."""
    packed = gzip_module.compress(reply.body)
    reply.frames = [Frame(packed[: len(packed) // 2], reply.frames[0].wait_ms)]
    reply.set_header("content-encoding", "gzip")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_members(reply: Reply, context: RequestContext) -> None:
    """Each piece of the body is packed by itself, so that gzip members stand in a row."""
    middle = len(reply.body) // 2
    pieces = reply.frames if len(reply.frames) > 1 else [Frame(reply.body[:middle]), Frame(reply.body[middle:])]
    reply.frames = [Frame(gzip_module.compress(piece.data), piece.wait_ms) for piece in pieces]
    reply.set_header("content-encoding", "gzip")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_old_name(reply: Reply, context: RequestContext) -> None:
    """The body is packed with gzip, the header says `x-gzip`."""
    reply.frames = [Frame(gzip_module.compress(reply.body), reply.frames[0].wait_ms)]
    reply.set_header("content-encoding", "x-gzip")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_identity(reply: Reply, context: RequestContext) -> None:
    """The body is packed with gzip, the header says `gzip, identity`."""
    reply.frames = [Frame(gzip_module.compress(reply.body), reply.frames[0].wait_ms)]
    reply.set_header("content-encoding", "gzip, identity")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def gzip_trailed(reply: Reply, context: RequestContext) -> None:
    """Zeros follow the gzip data of the body."""
    reply.frames = [Frame(gzip_module.compress(reply.body) + bytes(16), reply.frames[0].wait_ms)]
    reply.set_header("content-encoding", "gzip")


@fault(Stage.REPLY, _GROUP)
def buffer_all(reply: Reply, context: RequestContext) -> None:
    """The whole body is held back and comes in one piece at the end."""
    reply.frames = [Frame(reply.body, sum(frame.wait_ms for frame in reply.frames))]


@fault(Stage.REPLY, _GROUP, ALL, default=3)
def bursts(reply: Reply, context: RequestContext) -> None:
    """The body comes in so many bursts, 300 ms apart."""
    marks = [Event("", "", tokens=1)] * len(reply.frames)
    reply.frames = gather(marks, reply.frames, max(1, context.value("bursts")), 300)


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=500)
def delay_head_ms(reply: Reply, context: RequestContext) -> None:
    """The response's head comes that much later."""
    if reply.frames:
        reply.frames[0].wait_ms += context.value("delay_head_ms")


@fault(Stage.EVENTS, _GROUP, ALL, default=500)
def delay_first_ms(events: list[Event], context: RequestContext) -> list[Event]:
    """The first content comes that much later."""
    for event in (event for event in events if event.tokens):
        event.wait_ms += context.value("delay_first_ms")
        break
    return events


@fault(Stage.EVENTS, _GROUP, ALL, default=20)
def delay_each_ms(events: list[Event], context: RequestContext) -> list[Event]:
    """Every event comes that much later than the one before."""
    for event in events:
        event.wait_ms += context.value("delay_each_ms")
    return events


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=65536)
def header_flood(reply: Reply, context: RequestContext) -> None:
    """The head has a header of 64 KB (or as many bytes as given)."""
    reply.headers.append(("x-flood", "f" * context.value("header_flood")))


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def html_200(context: RequestContext) -> Reply:
    """A web page comes with status 200."""
    return html_reply(200, PANEL_PAGE)


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def html_challenge(context: RequestContext) -> Reply:
    """A firewall's challenge page comes with status 403."""
    reply = html_reply(403, _CHALLENGE_PAGE)
    reply.headers += [("server", "cloudflare"), ("cf-ray", "8f00simulated00-FRA"), ("cf-mitigated", "challenge")]
    return reply


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def error_200(context: RequestContext) -> Reply:
    """An error document comes with status 200."""
    return json_reply(200, context.error(RefusalError(529, "Overloaded")), [])


@fault(Stage.EARLY, _GROUP)
def error_stream_500(context: RequestContext) -> Reply:
    """An error comes as an event stream with status 500."""
    document = context.error(RefusalError(500, "Internal server error"))
    return Reply(500, list(STREAM_HEADERS), [Frame(Event("error", document).encode())], streamed=True)


@fault(Stage.EARLY, _GROUP, EVERYWHERE)
def no_content_204(context: RequestContext) -> Reply:
    """204 No Content."""
    return Reply(204, [], [])


def html_reply(code: int, page: str) -> Reply:
    """A web page."""
    return Reply(code, [("content-type", "text/html; charset=utf-8")], [Frame(page.encode())])


def _redirect(code: int) -> None:
    def step(context: RequestContext) -> Reply:
        return Reply(code, [("location", f"{_ELSEWHERE}{context.path}")], [])

    add_fault(f"redirect_{code}", Stage.EARLY, _GROUP, f"{code} to another origin.", EVERYWHERE, step=step)


for _code in (301, 302, 303, 307, 308):
    _redirect(_code)


@fault(Stage.REPLY, _GROUP)
def aws_frames(reply: Reply, context: RequestContext) -> None:
    """A stream comes as Bedrock's frames (application/vnd.amazon.eventstream), each event as base64 in `bytes`."""
    if reply.streamed:
        reply.frames = [Frame(aws_frame(_data_of(one)), one.wait_ms) for one in reply.frames if _data_of(one) != _DONE]
        reply.set_header("content-type", "application/vnd.amazon.eventstream")


@fault(Stage.REPLY, _GROUP)
def aws_bytes(reply: Reply, context: RequestContext) -> None:
    """Each event of a stream holds the real one as base64 in `bytes`."""
    for one in reply.frames if reply.streamed else []:
        if (data := _data_of(one)) != _DONE:
            one.data = b"event: chunk\ndata: " + _in_bytes(data) + b"\n\n"


_DONE = b"[DONE]"


def _data_of(frame: Frame) -> bytes:
    return frame.data.partition(b"data: ")[2].rstrip(b"\n")


def _in_bytes(data: bytes) -> bytes:
    return compact({"bytes": base64.b64encode(data).decode()}).encode()


def aws_frame(data: bytes) -> bytes:
    """One frame of an AWS event stream, with these bytes in it."""
    named = ((":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event"))
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\7" + struct.pack(">H", len(value)) + value.encode() for name, value in named
    )
    payload = _in_bytes(data)
    prelude = struct.pack(">II", len(headers) + len(payload) + 16, len(headers))
    frame = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return frame + struct.pack(">I", zlib.crc32(frame))


@fault(Stage.REPLY, _GROUP)
def gzip_as_text(reply: Reply, context: RequestContext) -> None:
    """The body is gzip data that was decoded as UTF-8 and encoded again."""
    reply.frames = [Frame(gzip_module.compress(reply.body).decode("utf-8", "replace").encode(), reply.frames[0].wait_ms)]
