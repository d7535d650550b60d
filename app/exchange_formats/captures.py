"""Captures made elsewhere to recordings: a response body that `curl -N` saved, or lines of exchanges as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.protocols import PROTOCOL_IDS
from app.protocols.json_text import decode_json, encode_json
from app.recording import NO_STAMP, Ended, EndKind, Envelope, Headed, Headers, ProfileNote, Recording, Request, pack_chunks

_STATUS_LINE = re.compile(rb"HTTP/([0-9.]+) ([0-9]{3})(?: ([^\r\n]*))?\r?\n")
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event|id|retry)?:")


class CaptureError(Exception):
    """A capture that can't be read; the text says where and why."""


def from_body(body: bytes, protocol_id: str, name: str = "") -> Recording:
    """A recording of a body alone, or of one with its response head before it (`curl -i`). It has no stamps."""
    head, body = _split_head(body)
    recording = _recording(protocol_id, name, streamed=_SSE_START.match(body) is not None)
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
        if entry.get("protocol") in PROTOCOL_IDS:
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
