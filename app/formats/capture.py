"""An answer that another program has captured, as a recording; and what that program did to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

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

_LOOK_BYTES = 65536
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event|id|retry)?:")


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


def made_of(
    protocol: str,
    name: str,
    head: Headed | None,
    body: bytes,
    *,
    request: bytes = b"",
    asked: object = None,
    streamed: bool | None = None,
    notes: tuple[str, ...] = (),
    end: EndKind = EndKind.WHOLE,
    has_id: bool = False,
    recorder: str = "",
    times: Times | None = None,
) -> Capture:
    """A capture, without stamps where no `times` are known. `asked` is the request's body as JSON.

    `streamed`: whether a stream was asked for, None where the request tells, or else the answer. `end`: how the exchange ended.
    """
    model = asked.get("model") if isinstance(asked, dict) else None
    if streamed is None:
        streamed = asked.get("stream") is True if isinstance(asked, dict) else is_stream(head, body)
    note = ProfileNote(name, "", protocol)
    begun = times.started_utc if times is not None else ""
    envelope = Envelope(protocol, note, model=model if isinstance(model, str) else "", streamed=streamed, started_utc=begun)
    recording = Recording(envelope, Request("POST", "", body=request))
    recording.head = head
    if body and times is None:
        recording.apply(pack_chunks([(NO_STAMP, body)]))
    if times is not None:
        return Capture(name, protocol, _timed(recording, body, times, end, recorder), notes, has_id, recorder)
    by_recorder = EndDetail(reason=EndReason.RECORDER) if end is EndKind.CANCELLED else None
    recording.apply(Ended(end, detail=by_recorder))
    return Capture(name, protocol, recording, notes, has_id, recorder)


def _timed(recording: Recording, body: bytes, times: Times, end: EndKind, recorder: str) -> Recording:
    """The recording with the recorder's own times, marked as that program's."""
    for mark, ns in times.marks.items():
        recording.apply(Marked(mark, ns))
    for told in times.path:
        recording.apply(told)
    if times.marks:
        recording.apply(Connected(times.reused, stamped_by=recorder))
    at, pieces = 0, []
    for ns, length in times.chunks:
        pieces.append((ns, body[at : at + length]))
        at += length
    recording.apply(pack_chunks(pieces))
    kind = times.end_kind or end
    by_recorder = EndDetail(reason=EndReason.RECORDER) if kind is EndKind.CANCELLED else None
    recording.apply(Ended(kind, times.end_ns, times.end_code, detail=by_recorder))
    return recording
