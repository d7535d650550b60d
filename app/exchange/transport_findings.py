"""Findings that HTTP and the framing of a stream show, whatever the protocol (PROTOCOLS 9.1 A6 to A10, 9.2 C9 to C15, 9.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from app.exchange import transport_rules as rules
from app.exchange.stray_text import TRACEBACK, Stray, holds, is_plain, strays, telling_line
from app.model_names import same_model, split_model
from app.protocols.findings import Finding, Place
from app.protocols.reading import Reading
from app.protocols.registry import info
from app.recording.end_words import end_words
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Headers, WireErrorCode, find_header
from app.stream.aws_frames import FrameDecoder
from app.stream.decoding import Decoder, is_encoding
from app.stream.sse import Oddity, SseOddity, SseParser
from app.text.binary import kind_of_bytes
from app.text.json_text import decode_json, is_object
from app.text.sentences import Phrase, message
from app.text.visible import one_line

_TORN = {WireErrorCode.CUT: "", WireErrorCode.RESET: "reset"}  # the variant that says so
_OPEN = {WireErrorCode.SILENCE_TIMEOUT, WireErrorCode.TOTAL_TIMEOUT}


@dataclass(frozen=True)
class Delivery:
    """What the findings are read from: the recording, the stream's events, and what the protocol's reader made of them.

    Attributes:
        is_stream: the body is an event stream, whatever was asked for or said.
        body: the decoded body (not copied).
        encoding_error: why decoding stopped, None where it did not.
        decoder: what decoded the content encoding; None where there is none.
        frames: what made events of AWS event-stream frames; None where they came as events.
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
    frames: FrameDecoder | None = None

    @property
    def status(self) -> int:
        return self.recording.head.status if self.recording.head else 0

    @property
    def content_type(self) -> str:
        head = self.recording.head
        return (find_header(head.headers, "content-type") or "").strip() if head else ""


_MAX_TORN_BYTES = 1 << 16
_VENDOR_MODEL = re.compile(r"(claude|gpt|o\d)\b(?!.*preview)")


def findings_of_model(asked: str, answered: str | None, other: str | None = None) -> list[Finding]:
    """Whether the model that answered is the one that was asked (PROTOCOLS 5.4); an equal name proves nothing. `other` is one
    that the answer names besides: it may be the same by another name.
    """
    if not asked or not answered:
        return []
    if other:
        besides = [one for one in findings_of_model(asked, other) if one.rule is rules.OTHER_MODEL]
        return findings_of_model(asked, answered) or besides
    said, wanted = _quoted(answered.encode()), _quoted(asked.encode())
    known = all(_VENDOR_MODEL.match(split_model(name)[0]) for name in (asked, answered))
    if same_model(asked, answered):
        decorated = _was_decorated(asked, answered)
        return [Finding.of(rules.MODEL_NAMED_OTHERWISE, variant="same", answered=said, asked=wanted)] if decorated else []
    rule = rules.OTHER_MODEL if known else rules.MODEL_NAMED_OTHERWISE
    return [Finding.of(rule, answered=said, asked=wanted)]


def _was_decorated(asked: str, answered: str) -> bool:
    """Whether the answer's name has a relay's prefix or suffix (`upstream/…`, `…:free`) that the asked name has not."""
    return any(mark in answered and mark not in asked for mark in "/:")


def findings_of_transport(delivery: Delivery) -> list[Finding]:
    """All such findings of a finished exchange. A saved body alone has no head: what needs one is not looked at."""
    return [
        *_of_head(delivery),
        *_of_body(delivery),
        *_of_end(delivery),
    ]


# What is one vendor's trouble and not the other's: the rule that stands for it there.
_WHERE_NAMES_COUNT = {
    rules.KEEPALIVE_AS_DATA: rules.KEEPALIVE_AS_DATA_SKIPPED,
    rules.BLANK_AFTER_ID: rules.BLANK_AFTER_ID_SKIPPED,
}
_WHERE_EVERY_BLOCK_COUNTS = {rules.EVENT_WITHOUT_DATA: rules.EVENT_WITHOUT_DATA_BREAKS}


def _for_protocol(delivery: Delivery, found: Iterator[Finding]) -> Iterator[Finding]:
    there = _WHERE_NAMES_COUNT if _by_name(delivery) else _WHERE_EVERY_BLOCK_COUNTS
    for one in found:
        yield structs.replace(one, rule=there.get(one.rule, one.rule))


def _by_name(delivery: Delivery) -> bool:
    return info(delivery.recording.envelope.protocol).blocks_by_name


_START = Place(None, 0)


def _of_head(delivery: Delivery) -> Iterator[Finding]:
    head = delivery.recording.head
    if head and 300 <= head.status < 400 and (target := find_header(head.headers, "location")):
        yield Finding.of(rules.REDIRECT, location=_quoted(target.encode("latin-1", "replace")))
    if head and _is_told_twice(head.headers):
        yield Finding.of(rules.FRAMING_NODE_REFUSES)
    for flaw in delivery.recording.flaws:
        if flaw in rules.FRAMING_NODE_REFUSES.variants:
            yield Finding.of(rules.FRAMING_NODE_REFUSES, variant=flaw)
    if head and (size := sum(len(name) + len(value) for name, value in head.headers)) >= _NODE_HEAD_BYTES:
        yield Finding.of(rules.HEAD_TOO_LARGE, count=size)
    if unasked := _unasked(delivery.recording):
        yield Finding.of(rules.PACKED_UNASKED, encoding=unasked)
    if delivery.decoder is not None:
        yield from _of_packing(delivery.decoder, stopped_by_us=delivery.stopped_by_us)
        if beside := _beside_encoding(head.headers if head else ()):
            yield Finding.of(rules.ENCODING_BESIDE, encoding=beside)
    if 200 < delivery.status < 300 and delivery.body:
        yield Finding.of(rules.STATUS_UNUSUAL, status=delivery.status)
    places = {mask.where for mask in delivery.recording.masks} & {"head", "body"}
    if places:
        yield Finding.of(rules.KEY_ECHOED, variant="both" if len(places) > 1 else "body" if "body" in places else "")


_NODE_HEAD_BYTES = 16 << 10  # `maxHeaderSize` of Node, which its fetch holds the names and values against
_READ_WHERE_ASKED_FOR = {"br", "zstd"}


def _encodings(text: str) -> list[str]:
    """The names in a Content-Encoding or an Accept-Encoding, which may weigh them (`br;q=0.5`)."""
    return [name for part in text.split(",") if (name := part.partition(";")[0].strip().lower())]


def _unasked(recording: Recording) -> str:
    """The encoding of the body that not all clients read, and that its request did not ask for; "" where that is not known, as
    of an exchange that somebody else recorded and left the header out.
    """
    asked = _encodings(find_header(recording.request.headers, "accept-encoding") or "")
    packed = (name for name in _encodings(recording.content_encoding) if name in _READ_WHERE_ASKED_FOR)
    return next((name for name in packed if (asked or recording.sent) and not {name, "*"} & set(asked)), "")


def _beside_encoding(headers: Headers) -> str:
    """The content encoding as it came, where a name that is none stands beside one that is; else ""."""
    values = [value for name, value in headers if name.lower() == "content-encoding"]
    known = [is_encoding(name.strip().lower()) for name in ",".join(values).split(",")]
    return one_line(", ".join(values), 60) if any(known) and not all(known) else ""


def _is_told_twice(headers: Headers) -> bool:
    """Whether a head tells both the body's length and that it comes in chunks (RFC 9112, section 6.3)."""
    chunked = "chunked" in (find_header(headers, "transfer-encoding") or "").lower()
    return chunked and find_header(headers, "content-length") is not None


def _of_packing(decoder: Decoder, *, stopped_by_us: bool) -> Iterator[Finding]:
    if decoder.error and not stopped_by_us:
        rule = rules.ENCODING_TRAILED if decoder.trailed else rules.ENCODING_BROKEN
        yield Finding.of(rules.ENCODING_CUT_OFF if decoder.cut else rule, reason=decoder.error)
    if decoder.unknown:
        yield Finding.of(rules.ENCODING_UNKNOWN, encoding=decoder.unknown)
    if decoder.members > 1:
        yield Finding.of(rules.GZIP_MEMBERS, count=decoder.members)
    if decoder.old_name:
        yield Finding.of(rules.GZIP_OLD_NAME, encoding=decoder.old_name)


_PACKED = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def _of_body(delivery: Delivery) -> Iterator[Finding]:
    yield from _of_frames(delivery)
    packed = [name for magic, name in _PACKED.items() if delivery.body.startswith(magic)]
    if ruined := _ruined_gzip(delivery.body):
        yield Finding.of(rules.PACKED_AS_TEXT, Place(None, ruined[1]), variant=ruined[0])
    elif packed and not delivery.recording.content_encoding:
        yield Finding.of(rules.PACKED_UNLABELLED, _START, encoding=packed[0])
    elif delivery.is_stream:
        yield from _for_protocol(delivery, _of_stream(delivery))
    else:
        yield from _of_document(delivery)


_RUINED = {
    b"\x1f\xef\xbf\xbd\x08": "",
    b"\x1f\xc2\x8b\x08": "latin_1",
    b"\\u001f\\ufffd\\b": "",
    b"\\u001f\\u008b\\b": "latin_1",
}
_RUINED_WITHIN_BYTES = 4096


def _ruined_gzip(body: bytearray) -> tuple[str, int] | None:
    """Where gzip data begins that was decoded as text and encoded again, and the variant that says how."""
    start = bytes(body[:_RUINED_WITHIN_BYTES]).replace(b"\\u0008", b"\\b").replace(b"\\uFFFD", b"\\ufffd")
    start = start.replace(b"\\u001F", b"\\u001f").replace(b"\\u008B", b"\\u008b")
    return next(((variant, start.find(magic)) for magic, variant in _RUINED.items() if magic in start), None)


def _of_frames(delivery: Delivery) -> Iterator[Finding]:
    if (frames := delivery.frames) is not None:
        variant = "broken" if frames.error else ""
        yield Finding.of(rules.AWS_FRAMES, _START, variant=variant, count=frames.frames, reason=frames.error)


def _of_document(delivery: Delivery) -> Iterator[Finding]:
    if not 200 <= delivery.status < 300 or delivery.encoding_error:
        return
    start = bytes(delivery.body[:512]).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) and (bad := _not_utf8(delivery.body)):
        sample, at = bad
        yield Finding.of(rules.DOCUMENT_NOT_UTF8, Place(None, at), sample=sample)
    if start.startswith((b"{", b"[")) and delivery.body.startswith(b"\xef\xbb\xbf"):
        yield Finding.of(rules.DOCUMENT_BYTE_ORDER_MARK, _START)
    if start.startswith(b"<"):
        yield Finding.of(rules.WEB_PAGE, _START, status=delivery.status)
    elif start and not start.startswith((b"{", b"[")):
        kind = kind_of_bytes(start)
        text = {"kind": Phrase(kind)} if kind else {"text": _quoted(start)}
        yield Finding(rules.PLAIN_TEXT, {"status": delivery.status, **text}, *_START, "binary" if kind else "")
    elif delivery.reading.error is not None and delivery.reading.stop_reason not in ("failed", "cancelled"):
        yield Finding.of(rules.ERROR_WITH_200, _START, message=delivery.reading.error.beginning)
    elif delivery.recording.envelope.streamed and start:
        yield Finding.of(rules.OTHER_FORM, _START, variant="lines" if _are_lines(delivery.body) else "document")


def _not_utf8(body: bytearray) -> tuple[str, int] | None:
    """The first bytes that are not UTF-8, and their offset."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return _hex(body[error.start : error.start + 4]), error.start
    return None


def _are_lines(body: bytearray) -> bool:
    """Whether the body is a row of JSON objects, one a line (Ollama's own stream, NDJSON), judged by its first two."""
    first, _, rest = bytes(body[:_MAX_TORN_BYTES]).lstrip().partition(b"\n")
    return is_object(first) and is_object(rest.lstrip().partition(b"\n")[0])


def _of_stream(delivery: Delivery) -> Iterator[Finding]:
    if delivery.status >= 400:
        yield Finding.of(rules.STREAM_WITH_ERROR_STATUS, status=delivery.status)
    elif delivery.recording.head is not None and not delivery.recording.envelope.streamed and delivery.frames is None:
        yield Finding.of(rules.OTHER_FORM, _START)
    if delivery.decoder is not None and not delivery.decoder.unknown and not _unasked(delivery.recording):
        yield Finding.of(rules.COMPRESSED, encoding=one_line(delivery.recording.content_encoding, 60))
    has_head = delivery.recording.head is not None and delivery.frames is None
    if has_head and "text/event-stream" not in (content_type := delivery.content_type).lower():
        shown = one_line(content_type, 80)
        yield Finding.of(rules.CONTENT_TYPE, variant="" if shown else "missing", content_type=shown)
    yield from _of_lines(delivery)


def _of_lines(delivery: Delivery) -> Iterator[Finding]:
    """What the lines of a stream show by themselves."""
    outside = list(strays(delivery.parser, delivery.body))
    yield from _of_framing(delivery, outside)
    yield from _of_keepalive_data(delivery)
    if not delivery.stopped_by_us:
        yield from _of_leftover(delivery, outside)


def _of_framing(delivery: Delivery, outside: list[Stray]) -> Iterator[Finding]:
    parser = delivery.parser
    first = _first_of_each(parser)
    yield from _of_outside(delivery, outside)
    for kind in _IN_ORDER:
        if kind in first:
            found = _of_oddity(first[kind], parser.counts[kind])
            spared = kind is Oddity.BOM and _mark_takes_nothing(delivery.body, by_name=_by_name(delivery))
            yield structs.replace(found, rule=rules.BYTE_ORDER_MARK_SKIPPED) if spared else found
    yield from _of_bare_errors(delivery)
    ends = {one.kind for one in parser.oddities if not any(holds(stray, one) for stray in outside)}
    is_text = not any(kind_of_bytes(one.oddity.sample) for one in outside)
    if names := [name for kind, name in ((Oddity.CRLF, "CRLF"), (Oddity.CR, "CR")) if is_text and kind in ends]:
        yield Finding.of(rules.LINE_ENDS, names=names)
    if (blank := first.get(Oddity.BARE_BLANK)) is not None:
        last_id = _quoted(parser.last_event_id.encode())
        yield Finding.of(rules.BLANK_AFTER_ID, _event_before(blank), before=blank.events_before, last_id=last_id)


_IN_ORDER = (Oddity.BOM, Oddity.INVALID_UTF8, Oddity.EMPTY_DATA, Oddity.NO_DATA, Oddity.NO_SPACE, Oddity.COMMENT)


def _of_oddity(oddity: SseOddity, count: int) -> Finding:
    """The finding of the first of its kind; `count` of them came."""
    place = _next_event(oddity)
    match oddity.kind:
        case Oddity.BOM:
            return Finding.of(rules.BYTE_ORDER_MARK, place)
        case Oddity.INVALID_UTF8:
            return Finding.of(rules.NOT_UTF8, place, sample=_hex(oddity.sample[:8]))
        case Oddity.EMPTY_DATA:
            return Finding.of(rules.EVENT_WITHOUT_DATA, place, count=count)
        case Oddity.NO_DATA:
            name = _quoted(oddity.sample)
            variant = "no_line" if name else "no_line_unnamed"
            return Finding.of(rules.EVENT_WITHOUT_DATA, place, variant=variant, count=count, name=name)
        case Oddity.NO_SPACE:
            return Finding.of(rules.NO_SPACE, place)
    return Finding.of(rules.KEEPALIVE_COMMENTS, place, count=count)


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _mark_takes_nothing(body: bytearray, *, by_name: bool) -> bool:
    """Whether the line that a byte order mark makes unreadable holds nothing of the answer: a comment or nothing at all, and of
    one that is read by its data (not `by_name`) the name of an event, or a chunk of Chat Completions that says the role alone.
    """
    line = bytes(body[: body.find(b"\n") + 1 or len(body)]).lstrip(_BYTE_ORDER_MARK).strip()
    if by_name:
        return not line.startswith((b"event:", b"data:"))
    if not line.startswith(b"data:"):
        return True
    try:
        chunk = decode_json(line.removeprefix(b"data:"))
    except ValueError:
        return False
    choices = chunk.get("choices") if isinstance(chunk, dict) else None
    return isinstance(choices, list) and all(_says_the_role_alone(one) for one in choices)


def _says_the_role_alone(choice: object) -> bool:
    delta = choice.get("delta") if isinstance(choice, dict) else None
    return isinstance(delta, dict) and not any(value for name, value in delta.items() if name != "role")


def _next_event(oddity: SseOddity) -> Place:
    """The event in or before which it was seen."""
    return Place(oddity.events_before + 1, oddity.offset)


def _event_before(oddity: SseOddity) -> Place:
    return Place(oddity.events_before or None, oddity.offset)


def _of_bare_errors(delivery: Delivery) -> Iterator[Finding]:
    """`event: error` without data: no event by the standard, but the Anthropic SDKs raise at it."""
    if not _by_name(delivery):
        return  # on the others every block without data fails (A10a)
    bare = (one for one in delivery.parser.oddities if one.kind is Oddity.NO_DATA and one.sample == b"error")
    if oddity := next(bare, None):
        yield Finding.of(rules.ERROR_WITHOUT_DATA, _next_event(oddity))


def _of_torn_event(delivery: Delivery, oddity: SseOddity) -> Finding | None:
    """Whether filler tore an event in two: what stands before and behind it is then JSON when joined."""
    number = oddity.events_before
    if not number or delivery.event_ends[number - 1] != oddity.offset:
        return None
    start = delivery.event_ends[number - 2] if number > 1 else 0
    block = bytes(delivery.body[max(start, oddity.offset - _MAX_TORN_BYTES) : oddity.offset])
    event = next(iter(SseParser().feed(block)), None)
    if event is None or is_object(event.data):
        return None
    rest = bytes(delivery.body[oddity.offset : oddity.offset + _MAX_TORN_BYTES]).partition(b"\n")[0].rstrip(b"\r")
    for filler in (b"", event.data[event.data.rfind(b":") :]):
        if is_object(event.data.removesuffix(filler) + rest):
            line = _quoted(filler or _last_comment(block))
            return Finding.of(
                rules.FILLER_INSIDE_EVENT, Place(number, oddity.offset), variant="" if line else "blank", line=line
            )
    return None


def _last_comment(block: bytes) -> bytes:
    return next((line for line in reversed(block.splitlines()) if line.startswith(b":")), b"")


def _of_keepalive_data(delivery: Delivery) -> Iterator[Finding]:
    """Keep-alives sent as data, such as `data: : keepalive`."""
    if (at := delivery.keepalive_at) >= 0:
        line = bytes(delivery.body[at : at + 400]).splitlines()[0]
        place = Place(bisect_right(delivery.event_ends, at) + 1, at)
        yield Finding.of(rules.KEEPALIVE_AS_DATA, place, line=_quoted(line))


_KEEPALIVES = (b"data: :", b"data::")


def find_keepalive(body: bytearray, begin: int, end: int) -> int:
    """Where the first line of a keep-alive sent as data begins, of those whose beginning is in these bytes or ends in them.

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


def _of_leftover(delivery: Delivery, outside: list[Stray]) -> Iterator[Finding]:
    parser = delivery.parser
    oddity = _first_of_each(parser).get(Oddity.LEFTOVER)
    told = oddity is not None and (is_plain(oddity, delivery.body) or any(holds(stray, oddity) for stray in outside))
    if oddity is not None and oddity.sample.strip() and not (told and not _END_MARK.fullmatch(oddity.sample)):
        rule = rules.DONE_WITHOUT_BLANK_LINE if _END_MARK.fullmatch(oddity.sample) else rules.EVENT_CUT_OFF
        count = parser.offset - oddity.offset
        yield Finding.of(rule, _event_before(oddity), count=count, text=_quoted(oddity.sample))


_END_MARK = re.compile(rb"\s*(?:data:)?\s*\[DONE\]\s*")


def _of_outside(delivery: Delivery, outside: list[Stray]) -> Iterator[Finding]:
    """What no event holds: filler, each page and each second head, and of all other lines one finding."""
    lines: list[SseOddity] = []
    for stray in outside:
        oddity = stray.oddity
        if stray.kind != "line":
            before = oddity.events_before
            yield Finding.of(
                rules.TEXT_OUTSIDE_EVENTS, _next_event(oddity), variant=stray.kind, before=before, sample=stray.sample
            )
        elif _END_MARK.fullmatch(oddity.sample) or not oddity.sample.strip():
            if oddity.kind is Oddity.UNKNOWN_LINE:
                yield Finding.of(rules.FILLER_OUTSIDE_EVENTS, _next_event(oddity), line=_quoted(oddity.sample))
        elif torn := _of_torn_event(delivery, oddity):
            yield torn
        else:
            lines.append(oddity)
    if lines:
        told = next((one for one in lines if b"{" in one.sample), lines[0])
        variant = "lines" if len(lines) > 1 else ""
        line = _quoted(_as_told(told, delivery.body))
        rule = rules.TEXT_BESIDE_ANSWER if _came_to_its_end(delivery.reading) else rules.TEXT_OUTSIDE_EVENTS
        yield Finding.of(rule, _next_event(told), variant=variant, count=len(lines), line=line)


def _came_to_its_end(reading: Reading) -> bool:
    """Whether the answer has its reason and its end: lines that every client skips took nothing of it."""
    return (
        reading.ended and reading.stop_reason is not None and reading.error is None and bool(reading.text or reading.tool_calls)
    )


def _as_told(line: SseOddity, body: bytearray) -> bytes:
    """The sample of a line, or of Python's report of an exception the line that names it."""
    if not line.sample.lstrip().startswith(TRACEBACK):
        return line.sample
    return telling_line(bytes(body[line.offset : line.offset + _MAX_TORN_BYTES]))


def _first_of_each(parser: SseParser) -> dict[Oddity, SseOddity]:
    first: dict[Oddity, SseOddity] = {}
    for oddity in parser.oddities:
        first.setdefault(oddity.kind, oddity)
    return first


def _how_torn(recording: Recording, end: Ended) -> str:
    """The variant that says how the connection, or over HTTP/2 the stream, broke."""
    if _http2_code(end):
        return "http2_reset"
    return "http2" if recording.head and recording.head.http_version == "HTTP/2" else _TORN[WireErrorCode(end.code)]


def _http2_code(end: Ended) -> str:
    return end.detail.http2_error if end.detail else ""


_END_MARK_BYTES = 256  # what may stand behind [DONE]: blank lines, a comment


def _of_end(delivery: Delivery) -> Iterator[Finding]:
    end = delivery.recording.end
    if end is None or end.kind is not EndKind.ERROR or not (delivery.is_stream and delivery.reading.ended):
        return
    marked = b"[DONE]" in delivery.body[-_END_MARK_BYTES:] and info(delivery.recording.envelope.protocol).done_mark
    if end.code in _TORN:
        rule = rules.TORN_AFTER_DONE if marked else rules.TORN_AFTER_END
        yield Finding.of(rule, variant=_how_torn(delivery.recording, end), code=_http2_code(end))
    elif end.code in _OPEN:
        yield Finding.of(rules.OPEN_AFTER_DONE if marked else rules.OPEN_AFTER_END, reason=end_words(end.message))


def _quoted(data: bytes, limit: int = 80) -> str:
    """Outside bytes as one short printable line; of bytes that are no text their kind alone."""
    if kind := kind_of_bytes(data):
        return Phrase(message("({kind})"), kind=Phrase(kind))
    return one_line(data[: limit * 4].decode("utf-8", "replace"), limit)


def _hex(data: bytes | bytearray) -> str:
    return data.hex(" ").upper()
