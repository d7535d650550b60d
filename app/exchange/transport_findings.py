"""Findings that HTTP and the framing of a stream show, whatever the protocol (PROTOCOLS 9.1 A6 to A10, 9.2 C9 to C15, 9.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from app.exchange.transport_rules import RULES
from app.model_names import same_model, split_model
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.recording.recording import Recording
from app.recording.records import EndKind, WireErrorCode, find_header
from app.stream.decoding import Decoder
from app.stream.sse import Oddity, SseOddity, SseParser
from app.text.json_text import decode_json

_TORN = {WireErrorCode.CUT: "cut off", WireErrorCode.RESET: "reset"}
_OPEN = {WireErrorCode.SILENCE_TIMEOUT, WireErrorCode.TOTAL_TIMEOUT}


@dataclass(frozen=True)
class Delivery:
    """What the findings are read from: the recording, the framing, and what the protocol's reader made of it.

    Attributes:
        is_stream: the body is an event stream, whatever was asked for or said.
        body: the decoded body (not copied).
        encoding_error: why decoding stopped, None where it did not.
        decoder: what undid the content encoding; None where there is none.
        event_ends: offset behind each event, to name the event that a byte belongs to.
        keepalive_at: where the first line such as `data: : keepalive` begins (see `find_keepalive`), -1 for none.
    """

    recording: Recording
    parser: SseParser
    is_stream: bool
    body: bytearray
    encoding_error: str | None
    reading: Reading
    stopped_by_us: bool = False
    event_ends: Sequence[int] = ()
    keepalive_at: int = -1
    decoder: Decoder | None = None

    @property
    def status(self) -> int:
        return self.recording.head.status if self.recording.head else 0

    @property
    def content_type(self) -> str:
        head = self.recording.head
        return (find_header(head.headers, "content-type") or "").strip() if head else ""


_MAX_TORN_BYTES = 1 << 16
_VENDOR_MODEL = re.compile(r"(claude|gpt|o\d)\b(?!.*preview)")


def findings_of_model(asked: str, answered: str | None) -> list[Finding]:
    """Whether the model that answered is the one that was asked (PROTOCOLS 5.4); an equal name proves nothing."""
    if not asked or not answered:
        return []
    if same_model(asked, answered):
        return [_finding("H11", _instead(asked, answered))] if _was_decorated(asked, answered) else []
    known = all(_VENDOR_MODEL.match(split_model(name)[0]) for name in (asked, answered))
    return [_finding("H11a" if known else "H11", _instead(asked, answered))]


def _was_decorated(asked: str, answered: str) -> bool:
    """Whether the answer's name has a relay's prefix or suffix (`upstream/…`, `…:free`) that the asked name has not."""
    return any(mark in answered and mark not in asked for mark in "/:")


def _instead(asked: str, answered: str) -> str:
    return f"{_quoted(answered.encode())} instead of {_quoted(asked.encode())}"


def findings_of_transport(delivery: Delivery) -> list[Finding]:
    """All such findings of a finished exchange; none where no response head came."""
    if delivery.recording.head is None:
        return []
    return [
        *_of_head(delivery),
        *_of_body(delivery),
        *_of_end(delivery),
    ]


# What is one vendor's trouble and not the other's: the id that stands for it there.
_OF_MESSAGES = {"C9": "C9a", "C10": "C10a"}
_OF_OPENAI = {"A10": "A10a"}


def _for_protocol(delivery: Delivery, found: Iterator[Finding]) -> Iterator[Finding]:
    messages = delivery.recording.envelope.protocol == "anthropic-messages"
    variants = _OF_MESSAGES if messages else _OF_OPENAI
    for one in found:
        yield structs.replace(one, rule=RULES[variants.get(one.id, one.id)])


def _finding(deviation_id: str, detail: str = "", *, event: int | None = None, offset: int | None = None) -> Finding:
    return Finding(RULES[deviation_id], {"detail": detail}, event, offset)


def _of_head(delivery: Delivery) -> Iterator[Finding]:
    head = delivery.recording.head
    if head and 300 <= head.status < 400 and (target := find_header(head.headers, "location")):
        yield _finding("H7", _quoted(target.encode("latin-1", "replace")))
    if delivery.decoder is not None:
        yield from _of_packing(delivery.decoder, stopped_by_us=delivery.stopped_by_us)
    if 200 < delivery.status < 300 and delivery.body:
        yield _finding("F9", str(delivery.status))
    if places := sorted({mask.where for mask in delivery.recording.masks} & {"head", "body"}, reverse=True):
        yield _finding("F8", " and the ".join(places))


def _of_packing(decoder: Decoder, *, stopped_by_us: bool) -> Iterator[Finding]:
    if decoder.error and not stopped_by_us:
        yield _finding("F4b" if decoder.cut else "F4", decoder.error)
    if decoder.unknown:
        yield _finding("F4a", decoder.unknown)
    if decoder.members > 1:
        yield _finding("F4c", str(decoder.members))
    if decoder.old_name:
        yield _finding("F4d", decoder.old_name)


_PACKED = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def _of_body(delivery: Delivery) -> Iterator[Finding]:
    packed = [name for magic, name in _PACKED.items() if delivery.body.startswith(magic)]
    if packed and not delivery.recording.content_encoding:
        yield _finding("F7", packed[0], offset=0)
    elif delivery.is_stream:
        yield from _for_protocol(delivery, _of_stream(delivery))
    else:
        yield from _of_document(delivery)


def _of_document(delivery: Delivery) -> Iterator[Finding]:
    if not 200 <= delivery.status < 300 or delivery.encoding_error:
        return
    start = bytes(delivery.body[:512]).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) and (bad := _not_utf8(delivery.body)):
        yield _finding("F2a", bad[0], offset=bad[1])
    if start.startswith((b"{", b"[")) and delivery.body.startswith(b"\xef\xbb\xbf"):
        yield _finding("F1a", offset=0)
    if start.startswith(b"<"):
        yield _finding("H4", str(delivery.status), offset=0)
    elif start and not start.startswith((b"{", b"[")):
        yield _finding("F10", f"{delivery.status} with “{_quoted(start)}”", offset=0)
    elif delivery.reading.error is not None and delivery.reading.stop_reason != "failed":
        yield _finding("H5", delivery.reading.error.message[:200], offset=0)
    elif delivery.recording.envelope.streamed and start:
        came = "lines of JSON without `data:` came" if _are_lines(delivery.body) else "one document came"
        yield _finding("C13", f"A stream was asked for, {came}", offset=0)


def _not_utf8(body: bytearray) -> tuple[str, int] | None:
    """The first bytes that are no UTF-8, and where they stand."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return " ".join(f"{byte:02X}" for byte in body[error.start : error.start + 4]), error.start
    return None


def _are_lines(body: bytearray) -> bool:
    """Whether the body is a row of JSON objects, one a line (Ollama's own stream, NDJSON), judged by its first two."""
    first, _, rest = bytes(body[:_MAX_TORN_BYTES]).lstrip().partition(b"\n")
    return _is_object(first) and _is_object(rest.lstrip().partition(b"\n")[0])


def _of_stream(delivery: Delivery) -> Iterator[Finding]:
    if delivery.status >= 400:
        yield _finding("F6", str(delivery.status))
    elif not delivery.recording.envelope.streamed:
        yield _finding("C13", "One document was asked for, an event stream came", offset=0)
    if delivery.decoder is not None and not delivery.decoder.unknown:
        yield _finding("H2", delivery.recording.content_encoding)
    if "text/event-stream" not in delivery.content_type.lower():
        yield _finding("H3", delivery.content_type or "missing")
    yield from _of_framing(delivery)
    yield from _of_keepalive_data(delivery)
    if not delivery.stopped_by_us:
        yield from _of_leftover(delivery.parser)


def _of_framing(delivery: Delivery) -> Iterator[Finding]:
    parser = delivery.parser
    first = _first_of_each(parser)
    for oddity in parser.oddities:
        if oddity.kind is Oddity.UNKNOWN_LINE:
            yield _of_torn_event(delivery, oddity) or _of_unknown_line(oddity)
    for kind, deviation_id in _SIMPLE_ODDITIES.items():
        if kind in first:
            oddity = first[kind]
            yield _finding(deviation_id, _detail(parser, oddity), event=oddity.events_before + 1, offset=oddity.offset)
    yield from _of_bare_errors(delivery)
    if Oddity.CR in first or Oddity.CRLF in first:
        yield _finding("C14", _line_ends(parser))
    if Oddity.BARE_BLANK in first:
        oddity = first[Oddity.BARE_BLANK]
        detail = f"after event {oddity.events_before}, the id was {_quoted(parser.last_event_id.encode())}"
        yield _finding("C10", detail, event=oddity.events_before or None, offset=oddity.offset)


def _of_bare_errors(delivery: Delivery) -> Iterator[Finding]:
    """`event: error` without data: no event by the standard, but the Anthropic SDKs raise at it."""
    if delivery.recording.envelope.protocol != "anthropic-messages":
        return  # on the others every block without data fails (A10a)
    bare = (one for one in delivery.parser.oddities if one.kind is Oddity.NO_DATA and one.sample == b"error")
    if oddity := next(bare, None):
        yield _finding("A10b", event=oddity.events_before + 1, offset=oddity.offset)


def _of_torn_event(delivery: Delivery, oddity: SseOddity) -> Finding | None:
    """Was it filler that tore an event in two? Then what stands before and behind the filler is JSON when it is joined."""
    number = oddity.events_before
    if not number or delivery.event_ends[number - 1] != oddity.offset:
        return None
    start = delivery.event_ends[number - 2] if number > 1 else 0
    block = bytes(delivery.body[max(start, oddity.offset - _MAX_TORN_BYTES) : oddity.offset])
    event = next(iter(SseParser().feed(block)), None)
    if event is None or _is_object(event.data):
        return None
    rest = bytes(delivery.body[oddity.offset : oddity.offset + _MAX_TORN_BYTES]).partition(b"\n")[0].rstrip(b"\r")
    for filler in (b"", event.data[event.data.rfind(b":") :]):
        if _is_object(event.data.removesuffix(filler) + rest):
            return _finding("A8", _quoted(filler or _last_comment(block)), event=number, offset=oddity.offset)
    return None


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(decode_json(data), dict)
    except ValueError:
        return False


def _last_comment(block: bytes) -> bytes:
    return next((line for line in reversed(block.splitlines()) if line.startswith(b":")), b"a blank line")


def _of_keepalive_data(delivery: Delivery) -> Iterator[Finding]:
    """Signs of life such as `data: : keepalive`."""
    if (at := delivery.keepalive_at) >= 0:
        line = bytes(delivery.body[at : at + 400]).splitlines()[0]
        yield _finding("C9", _quoted(line), event=bisect_right(delivery.event_ends, at) + 1, offset=at)


_KEEPALIVES = (b"data: :", b"data::")


def find_keepalive(body: bytearray, begin: int, end: int) -> int:
    """Where the first line of a sign of life sent as data begins, of those whose beginning is in these bytes or ends in them.

    Searched for as bytes, a slice of the body at a time, since a stream may have millions of events. -1 for none.
    """
    found = (_find_line(body, start, max(0, begin - len(start)), end) for start in _KEEPALIVES)
    return min((at for at in found if at >= 0), default=-1)


def _find_line(body: bytearray, start: bytes, begin: int, end: int) -> int:
    """Where the first line that begins so does, -1 for none."""
    at = body.find(start, begin, end)
    while at > 0 and body[at - 1] not in b"\r\n":
        at = body.find(start, at + 1, end)
    return at


def _of_leftover(parser: SseParser) -> Iterator[Finding]:
    oddity = _first_of_each(parser).get(Oddity.LEFTOVER)
    if oddity is not None and oddity.sample.strip():
        detail = f"{parser.offset - oddity.offset} bytes, {_quoted(oddity.sample)},"
        found = "A6a" if _END_MARK.fullmatch(oddity.sample) else "A6"
        yield _finding(found, detail, event=oddity.events_before or None, offset=oddity.offset)


_END_MARK = re.compile(rb"\s*(?:data:)?\s*\[DONE\]\s*")
_SIMPLE_ODDITIES = {
    Oddity.BOM: "F1",
    Oddity.INVALID_UTF8: "F2",
    Oddity.EMPTY_DATA: "A10",
    Oddity.NO_DATA: "A10",
    Oddity.NO_SPACE: "C15",
    Oddity.COMMENT: "F3",
}


def _detail(parser: SseParser, oddity: SseOddity) -> str:
    count = parser.counts[oddity.kind]
    match oddity.kind:
        case Oddity.COMMENT:
            return str(count)
        case Oddity.EMPTY_DATA:
            return f"{_times(count)} an event came with empty data"
        case Oddity.NO_DATA:
            return f"{_times(count)} a block came with a name or id but no data line ({_quoted(oddity.sample) or 'no name'})"
        case _:
            return " ".join(f"{byte:02X}" for byte in oddity.sample[:8])


def _of_unknown_line(oddity: SseOddity) -> Finding:
    found = "C11a" if _END_MARK.fullmatch(oddity.sample) or not oddity.sample.strip() else "C11"
    return _finding(found, _quoted(oddity.sample), event=oddity.events_before + 1, offset=oddity.offset)


def _first_of_each(parser: SseParser) -> dict[Oddity, SseOddity]:
    first: dict[Oddity, SseOddity] = {}
    for oddity in parser.oddities:
        first.setdefault(oddity.kind, oddity)
    return first


def _line_ends(parser: SseParser) -> str:
    kinds = [name for kind, name in ((Oddity.CRLF, "CRLF"), (Oddity.CR, "CR")) if parser.counts[kind]]
    return " and ".join(kinds)


_END_MARK_BYTES = 256  # what may stand behind [DONE]: blank lines, a comment


def _of_end(delivery: Delivery) -> Iterator[Finding]:
    end = delivery.recording.end
    if end is None or end.kind is not EndKind.ERROR or not (delivery.is_stream and delivery.reading.ended):
        return
    marked = b"[DONE]" in delivery.body[-_END_MARK_BYTES:] and delivery.recording.envelope.protocol == "openai-chat"
    if end.code in _TORN:
        yield _finding("A7a" if marked else "A7", _TORN[WireErrorCode(end.code)])
    elif end.code in _OPEN:
        yield _finding("F5" if marked else "F5a", end.message)


def _quoted(data: bytes, limit: int = 80) -> str:
    """Outside bytes as one short printable line."""
    text = "".join(char if char.isprintable() else " " for char in data[: limit * 4].decode("utf-8", "replace"))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _times(count: int) -> str:
    return "Once" if count == 1 else f"{count} times"
