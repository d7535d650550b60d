"""Exchanges as a HAR 1.2 file that browsers' tools, mitmproxy and Diptych read.

The text of an answer is unpacked, so its encoding's header is left out. Events stand in `_eventSourceMessages` as Chromium
writes them, with their times; `_diptych` has what HAR has no field for: every mark, every chunk and the end, in nanoseconds,
and the note with which it is the same exchange when it is read again (`app.formats.own_note`).
Secrets are masked by the names of their headers and parameters once more, as a recording may be another program's.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import msgspec

from app.exchange.exchange import Exchange
from app.exchange.timing import start_ns
from app.formats.calls import without
from app.formats.own_note import CREATOR, UNKNOWN_HOST, own_note
from app.protocols.registry import info
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Headers, MarkName, find_header
from app.recording.replay import end_ns
from app.secrets.masking import Masker
from app.text.urls import split_url

_UNKNOWN_TIME = "1970-01-01T00:00:00.000Z"  # HAR has to have one
_UNKEPT_HEADERS = ("content-encoding", "transfer-encoding")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_PHASES = (
    ("dns", MarkName.DNS_BEGIN, MarkName.DNS_END),
    ("connect", MarkName.CONNECT_BEGIN, MarkName.CONNECT_END),
    ("ssl", MarkName.TLS_BEGIN, MarkName.TLS_END),
    ("send", MarkName.SEND_BEGIN, MarkName.SEND_END),
    ("wait", MarkName.SEND_END, MarkName.HEAD_END),
)


def as_har(exchanges: Iterable[Exchange], version: str) -> Iterator[bytes]:
    """The file in pieces. `version` is Diptych's. The exchanges are read to their end."""
    encoder = msgspec.json.Encoder()
    creator = encoder.encode({"name": CREATOR, "version": version})
    yield b'{"log":{"version":"1.2","creator":' + creator + b',"pages":[],"entries":['
    for number, one in enumerate(exchanges):
        yield (b",\n" if number else b"\n") + encoder.encode(_entry(one))
    yield b"\n]}}\n"


def _entry(one: Exchange) -> dict[str, object]:
    recording, masker = one.recording, Masker(())
    started = recording.envelope.started_utc or _UNKNOWN_TIME
    timings = _timings(recording)
    url = masker.mask_url(address_of(recording))
    posted = recording.request.body.decode("utf-8", "replace")
    entry: dict[str, object] = {
        "startedDateTime": started,
        "time": sum(value for name, value in timings.items() if value > 0 and name != "ssl"),  # which is a part of connect
        "request": {
            "method": recording.request.method,
            "url": url,
            "httpVersion": recording.sent.http_version if recording.sent else "",
            "headers": _named(masker.mask_headers(recording.request.headers)),
            "queryString": _named(tuple(parse_qsl(split_url(url).query, keep_blank_values=True))),
            "cookies": [],
            "headersSize": -1,
            "bodySize": len(recording.request.body),
            "postData": {"mimeType": recording.request.header("content-type") or "application/json", "text": posted},
        },
        "response": _response(one, masker),
        "cache": {},
        "timings": timings,
        "_resourceType": "fetch",
        "_diptych": _own(one),
    }
    if messages := list(_messages(one, started)):
        entry["_eventSourceMessages"] = messages
    return entry


def address_of(recording: Recording) -> str:
    """Where it was asked; of a capture that does not tell, the protocol's path at a host that can't be."""
    path = next(path for path in info(recording.envelope.protocol).paths if not path.endswith("/count_tokens"))
    return recording.request.url or f"https://{UNKNOWN_HOST}/v1{path}"


def _response(one: Exchange, masker: Masker) -> dict[str, object]:
    recording, head = one.recording, one.recording.head
    headers = masker.mask_answer_headers(head.headers) if head else ()
    size = len(recording.body.data)
    end = recording.end
    error = {} if end is None or not (end.message or end.code) else {"_error": end.message or end.code}
    return {
        "status": head.status if head else 200 if size else 0,  # of a body that was saved alone none is told: see `_own`
        "statusText": head.reason if head else "",
        "httpVersion": head.http_version if head else "",
        "headers": _named(without(headers, *_UNKEPT_HEADERS)),
        "cookies": [],
        "content": _content(one, find_header(headers, "content-type") or ""),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size,
        **error,
    }


def _content(one: Exchange, mime: str) -> dict[str, object]:
    """The unpacked body: as text where a reader that goes by the named character set gets the same bytes, else as base64.

    An event stream has its bare type, as Chromium writes it: with a charset behind it DevTools 156 shows none of the events.
    """
    data = bytes(one.decoded.data)
    named = _CHARSET.search(mime)
    bare = mime.partition(";")[0].strip()
    is_stream = bare.lower() == "text/event-stream"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or (named is not None and named[1].lower() not in ("utf-8", "utf8") and not text.isascii()):
        return {"size": len(data), "mimeType": mime, "text": b64encode(data).decode(), "encoding": "base64"}
    told = bare.lower() if is_stream else mime if named or not mime else f"{mime}; charset=utf-8"
    return {"size": len(data), "mimeType": told, "text": text}


def _timings(recording: Recording) -> dict[str, float]:
    """Milliseconds; -1 for what was not measured, or did not happen. `connect` holds `ssl`, as HAR has it."""
    marks = recording.marks
    out: dict[str, float] = {"blocked": -1}
    for name, begin, end in _PHASES:
        out[name] = (marks[end] - marks[begin]) / 1e6 if begin in marks and end in marks else -1
    if out["connect"] >= 0 and out["ssl"] >= 0:
        out["connect"] = (marks[MarkName.TLS_END] - marks[MarkName.CONNECT_BEGIN]) / 1e6
    last, head = end_ns(recording), marks.get(MarkName.HEAD_END)
    out["receive"] = (last - head) / 1e6 if head is not None and last >= head else -1
    return {name: max(value, 0.0) if name in ("send", "wait", "receive") else value for name, value in out.items()}


def _messages(one: Exchange, started: str) -> Iterator[dict[str, object]]:
    """The events as Chromium lists them: `time` in seconds since 1970. None where there are no times."""
    start = start_ns(one.recording)
    if start is None or started == _UNKNOWN_TIME:
        return
    begun = (datetime.fromisoformat(started) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    for index in range(len(one.events)):
        ns, event = one.events.stamp_ns(index), one.events.event(index)
        if ns is not None:
            time = round(begun + (ns - start) / 1e9, 6)
            yield {"time": time, "eventName": event.type or "message", "eventId": "", "data": event.text}


def _own(one: Exchange) -> dict[str, object]:
    """Nanoseconds since the exchange's start: its marks, each chunk of the body as it came with its length, when the request's
    last byte left and was acknowledged; and the connection's path at some of the marks, as `PathNoted` has it."""
    recording, body = one.recording, one.recording.body
    start = start_ns(recording) or 0
    sizes = [end - begin for begin, end in zip([0, *body.ends], body.ends, strict=False)]
    stamps = [ns if ns == NO_STAMP else ns - start for ns in body.stamps]
    end = recording.end
    return {
        "head": recording.head is not None,
        "marks": {str(name): ns - start for name, ns in recording.marks.items()},
        "departed": _departed(recording, start),
        "paths": {str(name): msgspec.structs.astuple(noted)[1:] for name, noted in recording.paths.items()},
        "chunks": [list(pair) for pair in zip(stamps, sizes, strict=True)],
        "end": None
        if end is None
        else {"kind": end.kind, "code": end.code, "ns": end.ns if end.ns == NO_STAMP else end.ns - start},
        "frames": list(body.frame_ends),
        "reused": bool(recording.connection and recording.connection.reused),
        "note": own_note(one, bytes(one.decoded.data), _UNKEPT_HEADERS),
    }


def _departed(recording: Recording, start: int) -> list[int | None] | None:
    told = recording.departed
    if told is None:
        return None
    return [None if ns is None else ns - start for ns in (told.sent_ns, told.acknowledged_ns)]


def _named(pairs: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
