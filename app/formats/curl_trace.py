"""What `curl --trace` writes: the bytes that came, and, with `--trace-time`, when: to the microsecond, by the local clock.

curl 7.88.1 writes one part a read of a connection (HTTP/1.1, with its chunked framing) or a DATA frame (HTTP/2) (FORMATS F6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.formats.capture import CaptureError
from app.formats.times import Times
from app.recording.records import MarkName
from app.text.json_text import is_object
from app.text.sentences import tr

_TIME = rb"(?:[\d:.]+ )?"
_TRACE = re.compile(rb"(?:" + _TIME + rb"== Info: [^\n]*\n)*" + _TIME + rb"(?:=>|<=) (?:Send|Recv) [^\n]*\n")
_PART = re.compile(rb"(?:(\d\d):(\d\d):(\d\d)\.(\d{6}) |[\d:.]+ )?(==|=>|<=) (Info:|(?:Send|Recv) (?:SSL )?(?:header|data))")
_HEX = re.compile(rb"[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){1,16})")
_DAY_NS = 86_400_000_000_000
_FINAL = re.compile(rb"HTTP/[0-9.]+ [2-9]")


@dataclass(frozen=True)
class _Part:
    """A part of a trace: `ns` of the day, None where it has no time; `kind` "header", "data", or "" for curl's words."""

    ns: int | None
    sent: bool
    kind: str
    data: bytes


@dataclass(frozen=True)
class TracedCall:
    """The only call of a trace that has times. `data` is the answer's body as it came, framed; `pieces` are (ns, its bytes).

    `marks` and `pieces` count from the trace's first line. `request` is the body that was sent where it is a JSON object.
    """

    marks: dict[MarkName, int]
    pieces: Sequence[tuple[int, int]]
    data: bytes
    request: bytes


def is_trace(data: bytes) -> bool:
    """By its beginning."""
    return _TRACE.match(data) is not None


def _parts(data: bytes) -> Iterator[_Part]:
    """Raises CaptureError for `--trace-ascii`."""
    open_part: tuple[int | None, bool, str] | None = None
    held = bytearray()
    for line in data.split(b"\n"):
        if (part := _PART.match(line)) is not None:
            if open_part is not None:
                yield _Part(*open_part, bytes(held))
            held.clear()
            clock = [int(one) for one in part.groups()[:4] if one is not None]
            ns = ((clock[0] * 60 + clock[1]) * 60 + clock[2]) * 10**9 + clock[3] * 1000 if clock else None
            is_info = part[5] == b"==" or b"SSL" in part[6]
            kind = "" if is_info else part[6].rpartition(b" ")[2].decode()
            held += line[part.end() :].strip() if part[5] == b"==" else b""
            open_part = (ns, part[5] == b"=>", kind)
        elif open_part is not None and open_part[2] and line.strip():
            found = _HEX.match(line)
            if found is None:
                raise CaptureError(
                    tr("`curl --trace-ascii` keeps no line breaks: save it with `curl --trace FILE`, or with `curl -i`")
                )
            held += bytes.fromhex(found[1].decode())
    if open_part is not None:
        yield _Part(*open_part, bytes(held))


def received(data: bytes, trailers: list[bytes]) -> bytes:
    """The bytes that came. Header lines behind data are trailers. Raises CaptureError."""
    out = bytearray()
    behind_data = False
    for part in _parts(data):
        if part.sent or not part.kind:
            behind_data = False if part.sent else behind_data
        elif part.kind == "header" and behind_data and not part.data.startswith(b"HTTP/"):
            trailers.extend(line for line in part.data.splitlines() if line.strip())
        else:
            out += part.data
            behind_data = part.kind == "data"
    return bytes(out)


def traced_call(data: bytes) -> TracedCall | None:
    """The call of a trace with times; None where it has none, where there are several, or where the clock was set back."""
    if not is_trace(data):
        return None
    try:
        parts = list(_parts(data))
    except CaptureError:
        return None
    days = 0
    stamps: list[int] = []
    for part in parts:
        if part.ns is None:
            return None
        if stamps and part.ns + days < stamps[-1] - _DAY_NS // 2:
            days += _DAY_NS  # past midnight
        stamps.append(part.ns + days)
    if any(later < one for one, later in pairwise(stamps)):
        return None
    timed = [(ns - stamps[0], part) for ns, part in zip(stamps, parts, strict=True)]
    finals = [at for at, (_, part) in enumerate(timed) if not part.sent and part.kind == "header" and _FINAL.match(part.data)]
    if len(finals) != 1:
        return None
    return _call(timed[: finals[0]], timed[finals[0] :])


def _call(before: list[tuple[int, _Part]], behind: list[tuple[int, _Part]]) -> TracedCall | None:
    sent = [(ns, part) for ns, part in before if part.sent and part.kind]
    heads = [ns for ns, part in before if not part.sent and part.kind == "header"]  # of 1xx answers
    pieces = [(ns, part.data) for ns, part in behind if not part.sent and part.kind == "data"]
    first_data = pieces[0][0] if pieces else behind[-1][0]
    ends = [ns for ns, part in behind if not part.sent and part.kind == "header" and ns <= first_data]
    if not sent or any(part.sent and part.kind for _, part in behind):
        return None  # curl still sent while the answer came: these times are no measure of it
    marks = _connecting(before)
    marks |= {MarkName.SEND_BEGIN: sent[0][0], MarkName.SEND_END: sent[-1][0]}
    marks |= {MarkName.FIRST_BYTE: heads[0] if heads else behind[0][0], MarkName.HEAD_END: ends[-1]}
    if pieces:
        marks[MarkName.BODY_END] = pieces[-1][0]
    request = b"".join(part.data for _, part in sent if part.kind == "data")
    request = request if is_object(request) else b""
    return TracedCall(marks, [(ns, len(one)) for ns, one in pieces], b"".join(one for _, one in pieces), request)


def _connecting(before: list[tuple[int, _Part]]) -> dict[MarkName, int]:
    """The connection's phases, where curl tried one address alone."""
    said = [(ns, part.data) for ns, part in before if not part.kind]
    tried = [ns for ns, text in said if text.startswith(b"Trying ")]
    connected = [ns for ns, text in said if text.startswith(b"Connected to ")]
    if len(tried) != 1 or len(connected) != 1 or connected[0] < tried[0]:
        return {}
    marks = {MarkName.CONNECT_BEGIN: tried[0], MarkName.CONNECT_END: connected[0]}
    if secured := [ns for ns, text in said if text.startswith(b"SSL connection using ")]:
        marks |= {MarkName.TLS_BEGIN: connected[0], MarkName.TLS_END: secured[0]}
    return marks


def times_of_trace(call: TracedCall, places: Sequence[tuple[int, int]], size: int) -> Times | None:
    """The call's times for a body of that `size`, whose parts are at these `places` of what came; None where that is not it."""
    if sum(end - begin for begin, end in places) != size:
        return None
    chunks: list[tuple[int, int]] = []
    at = number = 0
    for ns, length in call.pieces:
        begun, at, taken = at, at + length, 0
        while number < len(places):
            begin, end = places[number]
            taken += max(0, min(end, at) - max(begin, begun))
            if end > at:
                break
            number += 1
        if taken:
            chunks.append((ns, taken))
    return Times(call.marks, chunks, max(call.marks.values()), reused=MarkName.CONNECT_BEGIN not in call.marks)
