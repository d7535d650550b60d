"""An answer that another program has captured, as a recording; and what that program did to it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from app.formats.own_note import OwnNote
from app.formats.times import Times
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import (
    NO_STAMP,
    Connected,
    EndDetail,
    Ended,
    EndKind,
    EndReason,
    Envelope,
    Headed,
    Marked,
    ProfileNote,
    Request,
    find_header,
)
from app.stream.sse import FIELD
from app.text.json_text import decode_json

_LOOK_BYTES = 65536
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*" + FIELD)


class CaptureError(Exception):
    """A capture that can't be read; the text says where and why, and what to do."""


@dataclass(frozen=True)
class Capture:
    """One answer. `name` tells it from others in the file ("" for the only one), `protocol` is its protocol's id.

    `has_id`: the name is the exchange's own, not its number in the file. `notes` are sentences on what the program did that
    captured it: the recorder's doing, never the endpoint's. `recorder` names that program, "" where the file does not tell.
    """

    name: str
    protocol: str
    recording: Recording
    notes: tuple[str, ...] = ()
    has_id: bool = False
    recorder: str = ""


@dataclass(frozen=True)
class Unread:
    """One that is in the file and can't be read: its name, and why, as a clause; behind it what to do in the terminal."""

    name: str
    why: str
    advice: str = ""


def is_stream(head: Headed | None, body: bytes) -> bool:
    """Whether the answer is an event stream, by its head or its beginning; a line that is none of a stream may come first."""
    said = find_header(head.headers, "content-type") if head else ""
    if (said or "").lower().startswith("text/event-stream") or _SSE_START.match(body):
        return True
    return not head and b"\ndata:" in body[:_LOOK_BYTES] and not body.lstrip().startswith((b"<", b"{", b"["))


def bare_request(body: bytes = b"") -> Request:
    """That of an answer alone, or one whose address and headers are not kept: a key may stand in them."""
    return Request("POST", "", body=body)


def made_of(
    protocol: str,
    name: str,
    head: Headed | None,
    body: bytes,
    *,
    request: Request,
    streamed: bool | None = None,
    notes: tuple[str, ...] = (),
    end: EndKind = EndKind.WHOLE,
    has_id: bool = False,
    recorder: str = "",
    times: Times | None = None,
    own: OwnNote | None = None,
) -> Capture:
    """A capture, without stamps where no `times` are known. `own`: what Diptych noted beside it, as it wrote the file.

    `streamed`: whether a stream was asked for, None where the request tells, or else the answer. `end`: how the exchange ended.
    """
    if own is not None:
        recording = own.recording_of(request)
        recording.head = own.head_of(head)
        body = body if own.body is None else own.body
    else:
        recording = _recording(protocol, name, request, streamed, times, is_stream(head, body))
        recording.head = head
    _take_body(recording, body, times, recorder)
    if own is not None:
        own.finish(recording, times)
    if recording.end is None:
        kind = (times.end_kind if times is not None else None) or end
        detail = EndDetail(reason=EndReason.RECORDER) if kind is EndKind.CANCELLED else None
        told = Ended(kind, detail=detail) if times is None else Ended(kind, times.end_ns, times.end_code, detail=detail)
        recording.apply(told)
    return Capture(name, recording.envelope.protocol, recording, notes, has_id, recorder)


def _recording(
    protocol: str, name: str, request: Request, streamed: bool | None, times: Times | None, came_as_stream: bool
) -> Recording:
    """One of an exchange of which only what was sent and what came is known. What the request's body says counts; what
    it was sent for nobody knows."""
    asked: object = None
    with suppress(ValueError):
        asked = decode_json(request.body)
    model = asked.get("model") if isinstance(asked, dict) else None
    if streamed is None:
        streamed = asked.get("stream") is True if isinstance(asked, dict) else came_as_stream
    begun = times.started_utc if times is not None else ""
    envelope = Envelope(
        protocol,
        ProfileNote(name, "", protocol),
        model=model if isinstance(model, str) else "",
        streamed=streamed,
        started_utc=begun,
    )
    return Recording(envelope, request)


def _take_body(recording: Recording, body: bytes, times: Times | None, recorder: str) -> None:
    """Take in the body, with the recorder's own times, marked as that program's."""
    if times is None:
        recording.apply(pack_chunks([(NO_STAMP, body)]))
        return
    for mark, ns in times.marks.items():
        recording.apply(Marked(mark, ns))
    for told in times.path:
        recording.apply(told)
    if times.marks and recording.connection is None:
        recording.apply(Connected(times.reused, stamped_by=recorder))
    at, pieces = 0, []
    for ns, length in times.chunks:
        pieces.append((ns, body[at : at + length]))
        at += length
    recording.apply(pack_chunks(pieces, times.frame_ends))
