"""Makes recordings of captures from elsewhere: bodies that curl saved, with or without heads, and exchanges as JSON lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from app.formats.calls import as_saved
from app.formats.capture import Capture, CaptureError, Unread, bare_request, is_stream, made_of
from app.formats.curl_trace import TracedCall, times_of_trace, traced_call
from app.formats.env_block import is_env
from app.formats.file_kinds import foreign_answer, what_it_is
from app.formats.wrappings import chunk_places, note_of_trailers, recorder_of, unwrap, was_stopped, without_chunks
from app.protocols.ids import MESSAGES
from app.protocols.registry import answered_in, protocol_ids
from app.recording.recording import Recording
from app.recording.records import EndKind, Headed, Headers, content_encoding, find_header
from app.stream.decoding import Decoder
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr
from app.text.visible import one_line, visible

_STATUS_LINE = re.compile(rb"HTTP/([0-9.]+) ([0-9]{3})(?: ([^\r\n]*))?\r?\n")
_FIELD = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r?\n"
_INTERIM = rb"HTTP/[0-9.]+ 1[0-9]{2}[^\r\n]*\r?\n(?:" + _FIELD + rb")*(?:\r?\n)?"  # curl -v has no blank line behind it
_HEAD = re.compile(rb"(?:" + _INTERIM + rb")*HTTP/[0-9.]+ [2-9][0-9]{2}[^\r\n]*\r?\n(?:" + _FIELD + rb")+\r?\n")
_REQUEST_BEHIND = re.compile(rb"(?<=[\n}\]])[A-Z]{3,7} \S+ HTTP/[0-9.]+\r?\n(?:" + _FIELD + rb")+\r?\n.*\Z", re.DOTALL)
_DATA = re.compile(rb"^data: ?([^\r\n]+)", re.MULTILINE)
_FIRST_EVENTS = 5
# How a stream ends, in any protocol, an error too; what stands behind it is not its middle.
_ENDS = re.compile(rb"\[DONE\]|message_stop|response\.(?:completed|failed|incomplete)|\"error\"")
_END_BYTES = 1 << 16
_TRAILERS = re.compile(rb"(?:(?!(?:data|event|id|retry):)[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\r\n]*\r\n)+\Z")
_TEXT_BYTES = 512
_JSON_START = re.compile(rb"\{|\[\s*[\[{\]\"\d]")
_UNTOLD = message("does not tell which protocol it is in")
_SAY_IT = message(": say it with --protocol")
_NOTHING = message(
    "holds no answer of a model API, neither events (lines of `data:`) nor JSON{begins:if  (it begins “{begins}”)}"
)
_DAMAGED = message("begins as JSON, and is damaged or cut off ({why})")
_VARIABLES = message("holds the variables of an endpoint, no answer: make an endpoint of it in the window")
_SAY = message(". If an endpoint did answer that, say its protocol with --protocol")


def from_body(data: bytes, protocol_id: str, name: str = "") -> Recording:
    """A recording of a body alone, or of one with its response head before it (`curl -i`). It has no stamps.

    What curl, HTTPie, wget and log files put around it is taken off. Raises CaptureError.
    """
    return _capture(unwrap(data), protocol_id, name).recording


def captures_in(data: bytes, protocol_id: str | None, said: tuple[str, ...] = ()) -> Iterator[Capture | Unread]:
    """The answers in a text, of which there may be several (`curl -i` with two addresses, a log that grows).

    Where there is one its name is "", else they are numbered. What tells no protocol is in that of its neighbours, where they
    have one. `said` are sentences on what was done to the text before. Raises CaptureError.
    """
    notes = [*said]
    traced = traced_call(data)
    last_end = EndKind.CANCELLED if was_stopped(data) else EndKind.WHOLE
    recorder = recorder_of(data)
    answers = list(_answers(unwrap(data, notes)))
    told = [protocol_id or _protocol_of(one) for one in answers]
    known = set(filter(None, told))
    for number, (one, own) in enumerate(zip(answers, told, strict=True), start=1):
        name = str(number) if len(answers) > 1 else ""
        spoken = own or (next(iter(known)) if len(known) == 1 else "")
        end = last_end if number == len(answers) else EndKind.WHOLE
        call = traced if len(answers) == 1 else None
        yield _capture(one, spoken, name, tuple(notes), end, recorder, call) if spoken else Unread(name, *_untold(one))


def _answers(data: bytes) -> Iterator[bytes]:
    """Each answer with its head: a head that stands behind a whole answer begins the next. One within a running answer is
    the endpoint's own doing, and stays where it is."""
    begin, at = 0, 1
    while (at := data.find(b"HTTP/", at)) > 0:
        if (found := _HEAD.match(data, at)) is None:
            at += 1
            continue
        before = _REQUEST_BEHIND.sub(b"", data[begin:at])  # of the next call, which HTTPie prints
        head, body = split_head(before)
        if body and _is_whole(head, body):
            yield before
            begin = at
        at = found.end()
    yield data[begin:]


def _is_whole(head: Headed | None, body: bytes) -> bool:
    if head is not None and (head.status >= 300 or find_header(head.headers, "content-length") == str(len(body))):
        return True
    if body.lstrip()[:1] in (b"{", b"["):
        with suppress(ValueError):
            decode_json(body.strip())
            return True
    return body.endswith((b"\n", b"\r")) and _ENDS.search(body, max(0, len(body) - _END_BYTES)) is not None


def _untold(answer: bytes) -> tuple[str, str]:
    """Why no protocol can be told: another API's answer, nothing of an answer, or one that fits two; and the advice on it."""
    head, body = _parted(answer, [])
    if said := foreign_answer(body):
        return said, ""
    start = body.lstrip()[:_TEXT_BYTES]
    if head is None and not (_JSON_START.match(start) or is_stream(None, body)):
        if is_env(body[:_END_BYTES].decode("utf-8", "replace")):  # its beginning may be a key
            return tr(_VARIABLES), ""
        begins = visible(one_line(start.decode("utf-8", "replace"), 60))
        return (tr(_NOTHING, begins=begins) if begins.strip() else tr("holds blank lines alone")), tr(_SAY)
    if head is None and body.lstrip()[:1] in (b"{", b"[") and (why := _why_no_json(body)):
        return tr(_DAMAGED, why=why), tr(_SAY)
    return tr(_UNTOLD), tr(_SAY_IT)


def _why_no_json(body: bytes) -> str:
    """What is wrong with a body that begins as JSON; "" where it, or its first line, is JSON."""
    fault = ""
    for text in (body.strip(), body.strip().partition(b"\n")[0]):
        try:
            decode_json(text)
        except ValueError as error:
            fault = fault or str(error)
        else:
            return ""
    return fault


def _capture(
    answer: bytes,
    protocol_id: str,
    name: str,
    notes: tuple[str, ...] = (),
    end: EndKind = EndKind.WHOLE,
    recorder: str = "",
    call: TracedCall | None = None,
) -> Capture:
    more: list[str] = []
    head, body = _parted(answer, more)
    streamed = is_stream(head, body)
    times = None if call is None else times_of_trace(call, chunk_places(call.data), len(body))
    return made_of(
        protocol_id,
        name,
        head,
        body,
        request=bare_request(call.request if call else b""),
        streamed=streamed,
        notes=(*notes, *more),
        end=end,
        recorder=recorder,
        times=times,
    )


def _parted(answer: bytes, notes: list[str]) -> tuple[Headed | None, bytes]:
    """Head and body as the endpoint sent them, without what belongs to neither."""
    head, body = split_head(answer)
    body = without_chunks(body)
    if head is None:
        return None, body
    body = _without_trailers(head, body, notes)
    return as_saved(head, body, notes), body


def _without_trailers(head: Headed, body: bytes, notes: list[str]) -> bytes:
    """Trailers stand as bare lines behind the body in `curl -i`. They end with CRLF, as a head does."""
    found = _TRAILERS.search(body, max(0, len(body) - _END_BYTES))
    if found is None:
        return body
    before = body[: found.start()]
    lines = found[0].splitlines()
    declared = (find_header(head.headers, "trailer") or "").lower()
    is_end = before.endswith((b"\n\n", b"}", b"]", b"}\n"))
    if not is_end and not all(line.partition(b":")[0].decode("latin-1").lower() in declared for line in lines):
        return body
    notes.append(note_of_trailers(lines))
    return before


def protocol_of(data: bytes) -> str:
    """The protocol of a body by its first object, "" where that does not tell. Raises CaptureError."""
    return _protocol_of(unwrap(data))


def _protocol_of(answer: bytes) -> str:
    head, body = _parted(answer, [])
    text = Decoder(content_encoding(head.headers) if head else "").feed(body)
    for start in (text, *(found[1] for found in islice(_DATA.finditer(text), _FIRST_EVENTS))):
        with suppress(ValueError):
            value = decode_json(start)
            if isinstance(value, dict) and (found := answered_in(value) or _error_of(value)):
                return found
    return ""


def _error_of(value: dict[str, Any]) -> str:
    """Only Anthropic's errors tell the protocol; OpenAI's are the same in both of its protocols."""
    return MESSAGES if value.get("type") == "error" and isinstance(value.get("error"), dict) else ""


def from_json_lines(text: bytes) -> Iterator[Capture | Unread]:
    """The lines of an exchanges file, named by their ids. A line that can't be read stops no other.

    A line is an object with `id`, `protocol`, `status`, `headers`, `body` (text), `request` (the JSON body as sent or null) and
    `stream` (whether the answer is one). Lines of another protocol than the three are passed over.
    """
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = decode_json(line)
        except ValueError as error:
            yield Unread(str(number), tr("line {number} is no JSON: {why}", number=number, why=error))
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("body"), str):
            if said := what_it_is(line):
                raise CaptureError(said)
            why = tr("line {number} is no exchange: it needs at least `protocol` and `body`", number=number)
            yield Unread(str(number), why)
        elif entry.get("protocol") in protocol_ids():
            yield _from_entry(entry, str(entry.get("id", number)))


def _from_entry(entry: dict[str, Any], name: str) -> Capture:
    request, status = entry.get("request"), entry.get("status")
    is_object = isinstance(request, dict)
    return made_of(
        entry["protocol"],
        name,
        Headed(status, "", "", _headers(entry.get("headers"))) if isinstance(status, int) else None,
        entry["body"].encode("utf-8", "surrogatepass"),
        request=bare_request(encode_json(request) if is_object else b""),
        streamed=None if is_object else bool(entry.get("stream")),
        has_id=True,
    )


def _headers(value: object) -> Headers:
    """Headers as a map (a value may be a list) or as pairs; the body was decoded already, so its encoding is left out."""
    pairs = value.items() if isinstance(value, dict) else value if isinstance(value, list) else ()
    out: list[tuple[str, str]] = []
    for pair in pairs:
        if isinstance(pair, list | tuple) and len(pair) == 2:
            values = pair[1] if isinstance(pair[1], list) else [pair[1]]
            out += [(str(pair[0]), str(one)) for one in values]
    return tuple((name, one) for name, one in out if name.lower() not in ("content-encoding", "transfer-encoding"))


def split_head(data: bytes) -> tuple[Headed | None, bytes]:
    """The last response head that stands before the body: `curl -i` prints those of 1xx answers and proxies too, and `curl -v`
    has no blank line behind a 1xx head."""
    head: Headed | None = None
    while (found := _STATUS_LINE.match(data)) is not None:
        end = re.search(rb"\r?\n\r?\n", data)
        if end is None:
            break
        block = data[: end.start() + 2]
        for later in _STATUS_LINE.finditer(block, found.end()):
            if block[later.start() - 1 : later.start()] == b"\n":
                found = later
        lines = data[found.end() : end.start()].decode("latin-1").splitlines() if end.start() > found.end() else []
        pairs = (line.partition(":") for line in lines)
        headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
        head = Headed(int(found[2]), (found[3] or b"").decode("latin-1"), f"HTTP/{found[1].decode()}", headers)
        data = data[end.end() :]
    return head, data
