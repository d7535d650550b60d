"""Sessions of the debugging proxies Charles, Fiddler and Proxyman in their own formats.

Charles' JSON session (.chlsj) is a list of calls; its shape is that of its readers (JasonDebug/CharlesProxyImporterForFiddler,
and the struct of a trace in Go). Proxyman's log (.proxymanlogv2) is a zip archive with a JSON document for each call, as in the
real ones that wabiloo/trace-shrink keeps for its tests. Fiddler's archive (.saz) is a zip of three files a call, as its makers
document it: the request and the answer as they came, and what was measured. These programs could not be run here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from app.formats.calls import Call, is_status, no_answer, object_in, without
from app.formats.capture import CaptureError
from app.formats.captures import split_head
from app.formats.phases import phase_ns, times_of_phases
from app.formats.recorded_text import bytes_of, bytes_of_base64
from app.formats.times import Times, epoch_s, iso_utc
from app.formats.wrappings import without_chunks
from app.recording.records import EndKind, Headed, Headers, find_header
from app.text.json_text import decode_json
from app.text.sentences import message, tr

CHARLES, FIDDLER, PROXYMAN = "Charles", "Fiddler", "Proxyman"
FIDDLER_ENTRY = re.compile(r"raw/(\d+)_([csm])\.(?:txt|xml)")
_TIMER = re.compile(rb'\b(\w+)="([^"<&]{1,60})"')
_OF_FIDDLER = "Fiddler - "  # begins the reason of an answer that Fiddler gave in the place of a server that gave none
PROXYMAN_ENTRY = re.compile(r"request_(\d+)_[\w-]+")
_CHARLES_START = re.compile(rb"\s*\[\s*\{")
_NOT_KEPT = message("its answer is not in the file")
# How Charles calls a call that did not come to its end; "COMPLETE" is one that did.
_RUNNING = ("RECEIVING_RESPONSE_BODY", "RECEIVED_REQUEST_BODY", "RECEIVING_REQUEST_BODY")


def calls_of_charles(data: bytes) -> list[Call] | None:
    """The calls of a JSON session; None for what is none."""
    if not _CHARLES_START.match(data):
        return None
    try:
        whole = decode_json(data)
    except ValueError:
        return None
    if not isinstance(whole, list) or not isinstance(whole[0], dict) or not {"protocolVersion", "host"} <= set(whole[0]):
        return None
    return [_of_charles(one) for one in whole if isinstance(one, dict)]


def calls_of_proxyman(documents: Iterable[bytes]) -> list[Call]:
    """The calls of a log, of which each of these documents is one, in their order."""
    return [_of_proxyman(one) for one in documents]


def calls_of_fiddler(sessions: Iterable[tuple[bytes, bytes, bytes]]) -> list[Call]:
    """The calls of an archive, each by its request, its answer, and what was measured."""
    return [_of_fiddler(*one) for one in sessions]


# -- Charles -------------------------------------------------------------------------------------------------------------


def _of_charles(one: Mapping[str, Any]) -> Call:
    request, response = object_in(one, "request"), object_in(one, "response")
    method, url, notes = str(one.get("method") or ""), _charles_url(one), list[str]()
    status, state = response.get("status"), one.get("status")
    try:
        sent = _charles_body(request, []) or b""
        if not is_status(status):
            raise CaptureError(no_answer(one.get("errorMessage")))
        body = _charles_body(response, notes)
        if body is None and _number(object_in(response, "sizes").get("body")) > 0:
            raise CaptureError(tr(_NOT_KEPT))
    except CaptureError as why:
        return Call(method, url, fault=str(why))
    headers = _pairs(object_in(response, "header").get("headers"))
    if object_in(response, "body").get("decoded") is True:
        headers = without(headers, "content-encoding")
    body = body or b""
    end = EndKind.WHOLE if state == "COMPLETE" else EndKind.CANCELLED if state in _RUNNING else EndKind.INTERRUPTED
    return Call(method, url, sent, Headed(status, "", "", headers), body, tuple(notes), "", end, _charles_times(one, len(body)))


def _charles_url(one: Mapping[str, Any]) -> str:
    port = one.get("port")
    query = one.get("query")
    return (
        f"{one.get('scheme') or 'https'}://{one.get('host') or ''}{f':{port}' if isinstance(port, int) else ''}"
        f"{one.get('path') or ''}{f'?{query}' if isinstance(query, str) and query else ''}"
    )


def _charles_body(message_: Mapping[str, Any], notes: list[str]) -> bytes | None:
    """The body of a request or a response; None where it is not kept. Raises CaptureError."""
    body = object_in(message_, "body")
    if isinstance(encoded := body.get("encoded"), str):
        return bytes_of_base64(encoded)
    text = body.get("text")
    if not isinstance(text, str):
        return None
    charset, mime = body.get("charset") or message_.get("charset"), str(message_.get("mimeType") or "")
    named = f"{mime}; charset={charset}" if isinstance(charset, str) and charset else mime
    return bytes_of(text, named, _number(object_in(message_, "sizes").get("body")), CHARLES, notes)


def _charles_times(one: Mapping[str, Any], size: int) -> Times | None:
    begun, told = epoch_s(object_in(one, "times").get("start")), object_in(one, "durations")
    if begun is None:
        return None
    named = {"dns": "dns", "connect": "connect", "ssl": "ssl", "request": "send", "latency": "wait", "response": "receive"}
    phases = {ours: ns for theirs, ours in named.items() if (ns := phase_ns(told.get(theirs))) is not None}
    return times_of_phases(phases, size, iso_utc(begun))


# -- Fiddler -------------------------------------------------------------------------------------------------------------


def _of_fiddler(request: bytes, answer: bytes, measured: bytes) -> Call:
    line, asked = request.partition(b"\r\n")[0], request.partition(b"\r\n\r\n")[2]
    method, _, rest = line.decode("latin-1").partition(" ")
    target, sent = rest.partition(" ")[0], without_chunks(asked)
    url = target if "://" in target else f"https://host{target}"  # the host is nobody's business here
    head, body = split_head(answer)
    if head is None or head.reason.startswith(_OF_FIDDLER):
        return Call(method, url, sent, fault=no_answer(head.reason if head is not None else None))
    body = without_chunks(body) if "chunked" in (find_header(head.headers, "transfer-encoding") or "").lower() else body
    head = Headed(head.status, head.reason, "", without(head.headers, "transfer-encoding"))
    return Call(method, url, sent, head, body, times=_fiddler_times(measured, len(body)))


def _fiddler_times(measured: bytes, size: int) -> Times | None:
    """A moment that was not measured is in the year 1. What a new connection took stands beside the moments, in ms."""
    told = {name.decode(): value.decode("latin-1") for name, value in _TIMER.findall(measured)}
    names = ("FiddlerBeginRequest", "ServerGotRequest", "GotResponseHeaders", "ServerDoneResponse")
    took = {"dns": "DNSTime", "connect": "TCPConnectTime", "ssl": "HTTPSHandshakeTime"}
    known = {
        ours: int(ms) * 1_000_000 for ours, theirs in took.items() if (ms := told.get(theirs, "")).isdecimal() and ms != "0"
    }
    return _times_between([epoch_s(told.get(name)) for name in names], size, known)


# -- Proxyman ------------------------------------------------------------------------------------------------------------


def _of_proxyman(data: bytes) -> Call:
    one: Any = None
    with suppress(ValueError):  # what is no JSON is no call, and is counted with those to no model
        one = decode_json(data)
    request, response = object_in(one, "request"), object_in(one, "response")
    method, url = str(object_in(request, "method").get("name") or ""), _proxyman_url(request)
    status = object_in(response, "status")
    code = status.get("code")
    try:
        sent = _base64(request.get("bodyData"))
        if not is_status(code):
            raise CaptureError(no_answer(response.get("error")))
        body = _base64(response.get("bodyData"))
    except CaptureError as why:
        return Call(method, url, fault=str(why))
    phrase = status.get("phrase")
    head = Headed(code, phrase if isinstance(phrase, str) else "", "", _proxyman_headers(response))
    return Call(method, url, sent, head, body, times=_proxyman_times(object_in(one, "timing"), len(body)))


def _proxyman_url(request: Mapping[str, Any]) -> str:
    whole = request.get("fullPath")
    if isinstance(whole, str) and "://" in whole:
        return whole
    return f"{request.get('scheme') or 'https'}://{request.get('host') or ''}{request.get('uri') or ''}"


def _proxyman_headers(response: Mapping[str, Any]) -> Headers:
    entries = object_in(response, "header").get("entries")
    named = (
        [(object_in(one, "key").get("name"), one.get("value")) for one in entries if isinstance(one, dict)]
        if isinstance(entries, list)
        else []
    )
    return _named(named)


def _proxyman_times(timing: Mapping[str, Any], size: int) -> Times | None:
    names = ("requestStartedAt", "requestEndedAt", "responseStartedAt", "responseEndedAt")
    return _times_between([epoch_s(timing.get(name)) for name in names], size)


# -- parts ---------------------------------------------------------------------------------------------------------------


def _times_between(moments: list[float | None], size: int, before: Mapping[str, int] | None = None) -> Times | None:
    """The times of a call by four moments: the request's begin and end, the head, the end of the body. `before`: the phases, in
    ns, that lie before the first."""
    if moments[0] is None:
        return None
    phases = dict(before or {})
    for name, begin, end in zip(("send", "wait", "receive"), moments, moments[1:], strict=False):
        if begin is None or end is None or end < begin:
            break  # what follows hangs in the air
        phases[name] = round((end - begin) * 1e6) * 1000
    return times_of_phases(phases, size, iso_utc(moments[0] - sum((before or {}).values()) / 1e9))


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _base64(value: Any) -> bytes:
    """Raises CaptureError."""
    return bytes_of_base64(value) if isinstance(value, str) else b""


def _pairs(value: Any) -> Headers:
    return (
        _named([(one.get("name"), one.get("value")) for one in value if isinstance(one, dict)])
        if isinstance(value, list)
        else ()
    )


def _named(pairs: list[tuple[Any, Any]]) -> Headers:
    """Without HTTP/2's pseudo headers, and what is undone in what a proxy keeps."""
    kept = [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]
    return without(tuple((name, value) for name, value in kept if name and not name.startswith(":")), "transfer-encoding")
