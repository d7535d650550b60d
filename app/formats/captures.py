"""Makes recordings of captures from elsewhere: bodies that curl saved, a browser's HAR file, exchanges as JSON lines."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from app.formats.wrappings import CaptureError, unwrap, without_chunks
from app.protocols.ids import MESSAGES
from app.protocols.registry import answered_in, info, protocol_ids
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import (
    NO_STAMP,
    Ended,
    EndKind,
    Envelope,
    Headed,
    Headers,
    ProfileNote,
    Request,
    content_encoding,
    find_header,
)
from app.stream.decoding import Decoder
from app.text.json_text import decode_json, encode_json

_STATUS_LINE = re.compile(rb"HTTP/([0-9.]+) ([0-9]{3})(?: ([^\r\n]*))?\r?\n")
_DATA = re.compile(rb"^data: ?([^\r\n]+)", re.MULTILINE)
_FIRST_EVENTS = 5
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event|id|retry)?:")


def from_body(data: bytes, protocol_id: str, name: str = "") -> Recording:
    """A recording of a body alone, or of one with its response head before it (`curl -i`). It has no stamps.

    What curl, HTTPie, wget and log files put around it is taken off. Raises CaptureError.
    """
    head, body = _split_head(unwrap(data))
    body = without_chunks(body)
    recording = _recording(protocol_id, name, streamed=_is_stream(head, body))
    recording.head = head
    return _ended(recording, body)


def protocol_of(data: bytes) -> str:
    """The protocol of a body by its first object, "" where that does not tell. Raises CaptureError."""
    head, body = _split_head(unwrap(data))
    decoder = Decoder(content_encoding(head.headers) if head else "")
    text = decoder.feed(without_chunks(body))
    for start in (text, *(found[1] for found in islice(_DATA.finditer(text), _FIRST_EVENTS))):
        with suppress(ValueError):
            value = decode_json(start)
            if isinstance(value, dict) and (found := answered_in(value) or _error_of(value)):
                return found
    return ""


def _error_of(value: dict[str, Any]) -> str:
    """Only Anthropic's errors tell the protocol; OpenAI's are the same in both of its protocols."""
    return MESSAGES if value.get("type") == "error" and isinstance(value.get("error"), dict) else ""


def _is_stream(head: Headed | None, body: bytes) -> bool:
    said = find_header(head.headers, "content-type") if head else ""
    return (said or "").lower().startswith("text/event-stream") or _SSE_START.match(body) is not None


def from_har(data: bytes, protocol_id: str | None = None) -> Iterator[tuple[str, Recording]]:
    """Recordings of a HAR file's calls to a model, with the number of each: those whose path or answer is that of a protocol.

    Raises CaptureError where there is none.
    """
    try:
        entries = decode_json(data.removeprefix(b"\xef\xbb\xbf"))["log"]["entries"]
        calls = [(number, *_har_call(entry)) for number, entry in enumerate(entries, start=1)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CaptureError(
            "this is no HAR file that can be read: it needs `log`, `entries`, and a request and an answer in each"
        ) from error
    wanted = [one for one in calls if one[1] and protocol_id in (None, one[1])]
    if not wanted:
        raise CaptureError(f"none of the {len(calls)} entries is a call to /messages, /chat/completions or /responses")
    kept = [one for one in wanted if one[3] is not None]
    if not kept:
        raise CaptureError("the answers are not in the file: browsers leave streams out; save it with mitmproxy, or use curl")
    for number, protocol, entry, body in kept:
        yield str(number), _from_har_entry(entry, protocol, body or b"", str(number))


def _har_call(entry: dict[str, Any]) -> tuple[str, dict[str, Any], bytes | None]:
    """An entry's protocol ("" where it is no call to a model), the entry, and the answer's body where it was kept."""
    path = urlsplit(entry["request"]["url"]).path.rstrip("/")
    content = entry["response"].get("content") or {}
    text = content.get("text")
    body = None if text is None else b64decode(text) if content.get("encoding") == "base64" else text.encode("utf-8", "replace")
    protocol = next((one for one in protocol_ids() if path.endswith(info(one).paths)), "")
    is_call = entry["request"]["method"] == "POST" and entry["response"]["status"]
    return protocol if is_call else "", entry, body


def _from_har_entry(entry: dict[str, Any], protocol: str, body: bytes, name: str) -> Recording:
    asked: object = None
    with suppress(ValueError):
        asked = decode_json(((entry["request"].get("postData") or {}).get("text") or "").encode())
    response = entry["response"]
    pairs = [[one.get("name", ""), one.get("value", "")] for one in response.get("headers", [])]
    head = Headed(int(response["status"]), str(response.get("statusText", "")), "", _headers(pairs))
    streamed = asked.get("stream") is True if isinstance(asked, dict) else _is_stream(head, body)
    sent = encode_json(asked) if isinstance(asked, dict) else b""
    recording = _recording(protocol, name, streamed=streamed, request_body=sent, request=asked)
    recording.head = head
    return _ended(recording, body)


def from_json_lines(text: bytes) -> Iterator[tuple[str, str, Recording]]:
    """Recordings of the lines of an exchanges file, as (id, protocol, recording).

    A line is an object with `id`, `protocol`, `status`, `headers`, `body` (text), `request` (the JSON body as sent or null) and
    `stream` (whether the answer is one). Lines of another protocol than the three are passed over. Raises CaptureError.
    """
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = decode_json(line)
        except ValueError as error:
            raise CaptureError(f"line {number} is no JSON: {error}") from error
        if not isinstance(entry, dict) or not isinstance(entry.get("body"), str):
            raise CaptureError(f"line {number} is no exchange: it needs at least `protocol` and `body`")
        if entry.get("protocol") in protocol_ids():
            yield str(entry.get("id", number)), entry["protocol"], _from_entry(entry)


def _from_entry(entry: dict[str, Any]) -> Recording:
    request = entry.get("request")
    asked = request.get("stream") is True if isinstance(request, dict) else bool(entry.get("stream"))
    body = encode_json(request) if isinstance(request, dict) else b""
    recording = _recording(entry["protocol"], str(entry.get("id", "")), streamed=asked, request_body=body, request=request)
    status = entry.get("status")
    if isinstance(status, int):
        recording.head = Headed(status, "", "", _headers(entry.get("headers")))
    return _ended(recording, entry["body"].encode("utf-8", "surrogatepass"))


def _recording(protocol_id: str, name: str, *, streamed: bool, request_body: bytes = b"", request: object = None) -> Recording:
    model = request.get("model") if isinstance(request, dict) else None
    note = ProfileNote(name, "", protocol_id)
    envelope = Envelope(protocol_id, note, model=model if isinstance(model, str) else "", streamed=streamed)
    return Recording(envelope, Request("POST", "", body=request_body))


def _ended(recording: Recording, body: bytes) -> Recording:
    if body:
        recording.apply(pack_chunks([(NO_STAMP, body)]))
    recording.apply(Ended(EndKind.WHOLE))
    return recording


def _headers(value: object) -> Headers:
    """Headers as a map (a value may be a list) or as pairs; the body was decoded already, so its encoding is left out."""
    pairs = value.items() if isinstance(value, dict) else value if isinstance(value, list) else ()
    out: list[tuple[str, str]] = []
    for pair in pairs:
        if isinstance(pair, list | tuple) and len(pair) == 2:
            values = pair[1] if isinstance(pair[1], list) else [pair[1]]
            out += [(str(pair[0]), str(one)) for one in values]
    return tuple((name, one) for name, one in out if name.lower() not in ("content-encoding", "transfer-encoding"))


def _split_head(data: bytes) -> tuple[Headed | None, bytes]:
    """The last response head that stands before the body (`curl -i` prints those of 1xx answers and proxies too)."""
    head: Headed | None = None
    while (found := _STATUS_LINE.match(data)) is not None:
        end = re.search(rb"\r?\n\r?\n", data)
        if end is None:
            break
        lines = data[found.end() : end.start()].decode("latin-1").splitlines() if end.start() > found.end() else []
        pairs = (line.partition(":") for line in lines)
        headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
        head = Headed(int(found[2]), (found[3] or b"").decode("latin-1"), f"HTTP/{found[1].decode()}", headers)
        data = data[end.end() :]
    return head, data
