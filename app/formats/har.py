"""HAR files, as browsers, mitmproxy and Playwright really write them: which entries are calls to a model, and their answers.

What the recorder did to an answer is told as the recorder's, and put right where it is sure. Each entry stands alone: one that
can't be read does not stop the others, and none is passed over without a word. What the recorders do: FORMATS F1, F2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec

from app.formats.calls import protocol_of_call
from app.formats.capture import Capture, CaptureError, Unread, bare_request, made_of
from app.formats.file_kinds import what_it_is
from app.formats.har_times import times_of
from app.formats.own_note import CREATOR, OwnNote, note_in
from app.formats.recorded_text import bytes_of, bytes_of_base64
from app.recording.records import EndKind, Headed, Headers, Request
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr
from app.text.visible import one_line

Beside = Callable[[str], bytes | None]
"""Gives the bytes of a file that lies beside the HAR file, None where there is none."""

_UNKEPT = "save it with mitmproxy, or use curl"
_LEFT_OUT = message(f"the answer is not in the file: browsers leave streams out; {_UNKEPT}")
_NO_CALL = message(
    "of the {count:plural entry|entries}{recorder:if  that {recorder} recorded} none is a call to /messages, "
    "/chat/completions or /responses"
)
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_HAR_START = re.compile(rb"\s*\{\s*\"log\"")
_SANITIZED = message(f"the answer is not in the file, as its stream did not end: {_UNKEPT}")
_STREAMED = message("the bodies are not in the file: record with mitmproxy 12 or newer and `--set store_streamed_bodies=true`")
_NOT_KEPT = message(f"neither the request's body nor the answer's is in the file: {_UNKEPT}")
_ATTACHED = message("its answer is in the file {name} beside the HAR file, which can't be read")
_FROM_EVENTS = message(
    "The browser had not seen the end of the stream ({error:or it still ran}). Its text is not in the file; it was made anew "
    "of the browser's list of events."
)


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    creator: msgspec.Raw = msgspec.Raw(b"{}")


class _File(msgspec.Struct):
    log: _Log


class _NoCallError(Exception):
    """The entry is no call to a model."""


def from_har(data: bytes, protocol_id: str | None = None, beside: Beside | None = None) -> Iterator[Capture | Unread]:
    """A HAR file's calls to a model, each named by the number of its entry: those whose path is that of a protocol.

    One at a time, so that a file of many takes no more memory than it has to. Raises CaptureError where there is none.
    """
    entries, creator = _entries(data)
    count = read = 0
    for count, raw in enumerate(entries, start=1):
        try:
            capture = _of_entry(_decoded(raw), str(count), creator, protocol_id, beside)
        except _NoCallError:
            continue
        except CaptureError as error:
            capture = Unread(str(count), tr("entry {number}: {why}", number=count, why=error))
        read += 1
        yield capture
    if not read:
        raise CaptureError(tr(_NO_CALL, count=count, recorder=one_line(creator, 40)))


def _entries(data: bytes) -> tuple[list[Any], str]:
    """The entries, JSON as yet where that was possible, and the recorder's name."""
    try:
        log = msgspec.json.decode(data, type=_File).log
        entries, creator = log.entries, _decoded(log.creator)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        try:
            whole = decode_json(data)["log"]
            entries, creator = whole["entries"], whole.get("creator")
            if not isinstance(entries, list):
                raise TypeError
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise CaptureError(_why_no_har(data)) from error
    return entries, _text(creator.get("name")) if isinstance(creator, dict) else ""


def _why_no_har(data: bytes) -> str:
    """What a file is that is called a HAR file and is none, as a clause."""
    if said := what_it_is(data):
        return said
    if _HTML.match(data):
        return tr("this is a web page (HTML), no HAR file: what was saved may be an error's page in its place")
    try:
        decode_json(data)
    except ValueError as error:
        if _HAR_START.match(data):
            return tr("this HAR file is damaged, or cut off: it is no whole JSON document ({why})", why=error)
    return tr("this is no HAR file that can be read: it needs `log`, `entries`, and a request and an answer in each")


def _decoded(raw: Any) -> Any:
    if not isinstance(raw, msgspec.Raw):
        return raw
    with suppress(ValueError):
        return decode_json(bytes(raw))
    return None


def _of_entry(entry: Any, number: str, creator: str, wanted: str | None, beside: Beside | None) -> Capture | Unread:
    """Raises _NoCallError, and CaptureError for an entry that is not what a HAR file holds."""
    request, response = _object(entry, "request"), _object(entry, "response")
    is_own = creator == CREATOR
    ours = _object(entry, "_diptych", optional=True) if is_own else {}
    own = note_in(ours.get("note"))
    protocol = _protocol_of(request) if own is None else own.envelope.protocol
    if wanted not in (None, protocol):
        raise _NoCallError
    told = ours.get("head") is not False  # a body may have been saved alone, or none have come
    status = _status(response.get("status"))
    if status == 0 and (own is None or told):
        why = _text(response.get("_error") or response.get("_failureText"))
        raise CaptureError(tr("no answer came ({why:or status 0})", why=why))
    version = _text(response.get("httpVersion")) if is_own else ""  # browsers write h2, h3, http/2.0
    head = Headed(status, _text(response.get("statusText")), version, _headers(response.get("headers"))) if told else None
    asked, asked_text = _asked(request)
    content = _object(response, "content", optional=True)
    notes: list[str] = []
    if own is not None and own.body is not None:
        body, end = own.body, EndKind.WHOLE
    else:
        body, end = _body(content, entry, bool(asked_text) or own is not None, creator, notes, beside)
    return made_of(
        protocol,
        number,
        head,
        body,
        request=_request(request, asked, asked_text, own),
        notes=tuple(notes),
        end=end,
        recorder=creator,
        times=times_of(entry, body, creator),
        own=own,
    )


def _request(request: dict[str, Any], asked: object, text: str, own: OwnNote | None) -> Request:
    """Of a file of anybody's the body alone, where it is a JSON object: a key may stand in the address and the headers."""
    if own is None:
        return bare_request(encode_json(asked) if isinstance(asked, dict) else b"")
    body = text.encode("utf-8", "surrogatepass")
    return Request(_text(request.get("method")), _text(request.get("url")), _headers(request.get("headers")), body)


def _object(holder: Any, name: str, *, optional: bool = False) -> dict[str, Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    if value is None and optional:
        return {}
    if not isinstance(value, dict):
        raise CaptureError(tr("its `{name}` is no object", name=name))
    return value


def _protocol_of(request: dict[str, Any]) -> str:
    url = request.get("url")
    if not isinstance(url, str):
        raise CaptureError(tr("its request has no address"))
    protocol = protocol_of_call(request.get("method"), url)
    if not protocol:
        raise _NoCallError
    return protocol


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not (value == 0 or 100 <= value <= 999):
        raise CaptureError(tr("its status is none that HTTP has"))
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _asked(request: dict[str, Any]) -> tuple[object, str]:
    """The request's body as JSON, None for none, and as text."""
    posted = request.get("postData")
    text = posted if isinstance(posted, str) else _text(posted.get("text")) if isinstance(posted, dict) else ""
    with suppress(ValueError):
        return decode_json(text.encode("utf-8", "surrogatepass")), text
    return None, text


def _headers(value: Any) -> Headers:
    """Those of a list of objects, or of a map. The body was decoded already, so its encodings are left out."""
    if value is None:
        return ()
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        pairs = [(one.get("name"), one.get("value")) for one in value]
    else:
        raise CaptureError(tr("its headers are no list of names and values"))
    named = [(_text(name), _text(one)) for name, one in pairs]
    return tuple((name, one) for name, one in named if name.lower() not in ("", "content-encoding", "transfer-encoding"))


# -- the answer's body ---------------------------------------------------------------------------------------------------


def _body(
    content: dict[str, Any], entry: dict[str, Any], has_asked: bool, creator: str, notes: list[str], beside: Beside | None
) -> tuple[bytes, EndKind]:
    """The answer's bytes and how they ended. Raises CaptureError, which says why they are not there."""
    text = content.get("text")
    if text is not None and not isinstance(text, str):
        raise CaptureError(tr("the text of its answer is no text"))
    if isinstance(name := content.get("_file"), str) and not text:
        attached = beside(name) if beside is not None else None
        if attached is None:
            raise CaptureError(tr(_ATTACHED, name=name[:100]))
        return attached, EndKind.WHOLE
    if text and content.get("encoding") == "base64":
        return bytes_of_base64(text), EndKind.WHOLE
    if text:
        return bytes_of(text, _text(content.get("mimeType")), _number(content.get("size")), creator, notes), EndKind.WHOLE
    if isinstance(events := entry.get("_eventSourceMessages"), list) and events:
        return _of_events(events, entry, notes), EndKind.CANCELLED
    if text is None:
        raise CaptureError(tr(_LEFT_OUT))
    if not has_asked or _number(content.get("size")) > 0:  # a call has a body, and an empty answer has no length
        raise CaptureError(tr(_STREAMED) if creator == "mitmproxy" else tr(_NOT_KEPT))
    return b"", EndKind.WHOLE


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0


def _of_events(events: list[Any], entry: dict[str, Any], notes: list[str]) -> bytes:
    """The stream made anew of what the browser took out of it; comments, and events without data, are not in it."""
    out: list[str] = []
    for one in events:
        if not isinstance(one, dict) or not isinstance(one.get("data"), str):
            raise CaptureError(tr(_SANITIZED))
        name = _text(one.get("eventName"))
        out += [f"event: {name}\n"] if name and name != "message" else []
        out += [f"data: {line}\n" for line in one["data"].split("\n")]
        out.append("\n")
    response = entry.get("response")
    error = _text(response.get("_error")) if isinstance(response, dict) else ""
    notes.append(tr(_FROM_EVENTS, error=error))
    return "".join(out).encode("utf-8", "surrogatepass")
