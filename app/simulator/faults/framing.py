"""Faults in how events become bytes: line ends, fields, comments, encodings."""

from __future__ import annotations

import re

from app.simulator.faults.registry import ALL, MESSAGES, RESPONSES, Stage, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, Frame

_GROUP = "framing"
_BOM = b"\xef\xbb\xbf"
_PAGE = (
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n"
    b"<center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>nginx/1.27.0</center>\r\n</body>\r\n</html>\r\n"
)
_SECOND_RESPONSE = (
    b"HTTP/1.0 502 Bad Gateway\r\nServer: relay\r\ncontent-type: application/json\r\ncontent-length: 36\r\n\r\n"
    b'{"error": "upstream: IncompleteRead"}'
)
_KEEP_ALIVE = b": keep-alive\n\n"
_FILLED_TEXT = re.compile(rb'"(?:text|content|delta|partial_json|arguments)":"(?=[^"])')


@fault(Stage.FRAMES, _GROUP)
def crlf(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Lines end with CRLF (legal)."""
    return [Frame(frame.data.replace(b"\n", b"\r\n"), frame.wait_ms) for frame in frames]


@fault(Stage.FRAMES, _GROUP)
def cr(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Lines end with a lone CR (legal)."""
    return [Frame(frame.data.replace(b"\n", b"\r"), frame.wait_ms) for frame in frames]


@fault(Stage.FRAMES, _GROUP)
def nospace(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """No space behind the colon (legal)."""
    return _each_line(frames, rb"^(data|event): ", rb"\1:")


@fault(Stage.FRAMES, _GROUP)
def bom(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A byte order mark in front: the standard strips it, the Python SDKs lose the first event."""
    frames[0].data = _BOM + frames[0].data
    return frames


@fault(Stage.FRAMES, _GROUP)
def two_bom(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Two byte order marks in front: the first event is lost."""
    frames[0].data = _BOM * 2 + frames[0].data
    return frames


@fault(Stage.FRAMES, _GROUP, (MESSAGES, RESPONSES))
def no_event_names(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """No `event:` lines."""
    return _each_line(frames, rb"^event: .*\n", b"")


@fault(Stage.FRAMES, _GROUP, ALL, default=100)
def comments_every_ms(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Keep-alive comments every so many milliseconds while nothing comes, at least three in front (legal)."""
    every_ms = context.value("comments_every_ms")
    out = [Frame(_KEEP_ALIVE, every_ms) for _ in range(3)]
    for frame in frames:
        beats = int(frame.wait_ms // every_ms) if every_ms else 0
        out += [Frame(_KEEP_ALIVE, every_ms) for _ in range(beats)]
        out.append(Frame(frame.data, frame.wait_ms - beats * every_ms))
    return out


@fault(Stage.FRAMES, _GROUP)
def data_keepalive(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A keep-alive is sent as data: `data: : keepalive`."""
    return _insert(frames, b"data: : keepalive\n\n")


@fault(Stage.FRAMES, _GROUP)
def keepalive_inside(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A keep-alive comment lands in the middle of an event."""
    middle = frames[len(frames) // 2]
    head, data, json_text = middle.data.partition(b"data: ")
    half = len(json_text) // 2
    half += json_text[half : half + 1] == b":"  # a rest that begins with one would be a comment
    middle.data = head + data + json_text[:half] + b"\n" + _KEEP_ALIVE + json_text[half:]
    return frames


@fault(Stage.FRAMES, _GROUP)
def empty_event(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An event whose data is empty."""
    return _insert(frames, b"event: ping\ndata:\n\n")


@fault(Stage.FRAMES, _GROUP)
def event_without_data(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An event line with no data line."""
    return _insert(frames, b"event: ping\n\n")


@fault(Stage.FRAMES, _GROUP)
def id_lines(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Every event has an `id:` line (legal)."""
    return [Frame(f"id: {number}\n".encode() + frame.data, frame.wait_ms) for number, frame in enumerate(frames)]


@fault(Stage.FRAMES, _GROUP)
def comment_after_id(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An `id:` line, then keep-alive comments with blank lines."""
    return _insert(frames, b"id: 7\n" + _KEEP_ALIVE * 2)


@fault(Stage.FRAMES, _GROUP)
def retry_lines(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A `retry:` block in front: legal, but the OpenAI SDKs take it for an event."""
    return [Frame(b"retry: 3000\n\n", frames[0].wait_ms), Frame(frames[0].data), *frames[1:]]


@fault(Stage.FRAMES, _GROUP, ALL, default=7)
def split_bytes(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The body is written in pieces of so many bytes (legal)."""
    size = max(1, context.value("split_bytes"))
    return [
        Frame(frame.data[start : start + size], frame.wait_ms if start == 0 else 0.0)
        for frame in frames
        for start in range(0, len(frame.data), size)
    ]


@fault(Stage.FRAMES, _GROUP)
def pad_spaces(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """JSON is padded with spaces before its last brace, as the first party does (legal)."""
    return _each_line(frames, rb"\}$", b"     }")


@fault(Stage.FRAMES, _GROUP)
def multi_data_lines(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An event's JSON is spread over two data lines (legal)."""
    return _each_line(frames, rb"^data: \{", b"data: {\ndata: ")


@fault(Stage.FRAMES, _GROUP)
def invalid_utf8(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A byte that is not UTF-8 stands in the text."""
    for frame in frames:
        frame.data, found = _FILLED_TEXT.subn(lambda match: match[0] + b"\xff", frame.data, count=1)
        if found:
            break
    return frames


@fault(Stage.FRAMES, _GROUP)
def unframed_error(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An error as bare JSON in the middle of the stream, with no `data:` before it."""
    middle = len(frames) // 2
    return [*frames[:middle], Frame(b'{"error":{"message":"upstream connect error","type":"upstream_error","code":502}}\n')]


@fault(Stage.FRAMES, _GROUP)
def page_in_stream(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A gateway's error page stands in the middle of the stream, and ends it."""
    middle = len(frames) // 2
    return [*frames[:middle], Frame(_PAGE)]


@fault(Stage.FRAMES, _GROUP)
def head_in_stream(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """A second response, with head and body, stands in the middle of the stream, and ends it."""
    middle = len(frames) // 2
    return [*frames[:middle], Frame(_SECOND_RESPONSE)]


@fault(Stage.FRAMES, _GROUP)
def error_as_field(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """An error as a field of its own, `error: {...}`, is all that comes."""
    return [Frame(b'error: {"code":400,"message":"the request exceeds the available context size"}\n\n')]


@fault(Stage.FRAMES, _GROUP)
def log_lines(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """Lines of a log stand between the events."""
    middle = len(frames) // 2
    return [*frames[:middle], Frame(b"[info] upstream chose\n[info] upstream answered\n\n"), *frames[middle:]]


@fault(Stage.EVENTS, _GROUP)
def dup_end(events: list[Event], context: RequestContext) -> list[Event]:
    """The last event comes twice."""
    return [*events, events[-1]]


def _each_line(frames: list[Frame], pattern: bytes, replacement: bytes) -> list[Frame]:
    compiled = re.compile(pattern, re.MULTILINE)
    return [Frame(compiled.sub(replacement, frame.data), frame.wait_ms) for frame in frames]


def _insert(frames: list[Frame], data: bytes) -> list[Frame]:
    middle = len(frames) // 2
    return [*frames[:middle], Frame(data), *frames[middle:]]
