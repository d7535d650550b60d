"""Cassettes of vcrpy, in YAML and in JSON, as they are recorded.

Made by vcrpy 9.4.2 (FORMATS F3): `interactions` of `request` {method, uri, body, headers} and `response` {status {code,
message}, headers {name: [values]}, body {string}}; what is no text is `!!binary`, still packed. There are no times in it. vcrpy
passes over what else stands in an interaction: one of Diptych's has its note there (`app.formats.own_note`).
"""

from __future__ import annotations

import re
from typing import Any

from app.formats.calls import Call, is_status, without
from app.formats.capture import CaptureError
from app.formats.own_note import note_in
from app.formats.yaml_text import decode_yaml
from app.recording.records import Headed, Headers
from app.text.json_text import decode_json
from app.text.sentences import message, tr

RECORDER, NOTE = "vcrpy", "diptych"
_YAML = re.compile(rb"(?:\xef\xbb\xbf|#[^\n]*\n|---\s*\n|\s)*(?:interactions:|version: 1\s*\ninteractions:)")
_JSON = re.compile(rb"\s*\{\s*(?:\"version\"\s*:\s*1\s*,\s*)?\"interactions\"\s*:")
_NO_CASSETTE = message("this begins as a cassette of vcrpy, and can't be read: {why}")


def is_cassette(data: bytes) -> bool:
    """By its beginning."""
    return _YAML.match(data) is not None or _JSON.match(data) is not None


def calls_of_cassette(data: bytes) -> list[Call]:
    """Its calls in their order. Raises CaptureError."""
    try:
        whole = decode_json(data) if _JSON.match(data) else decode_yaml(data.removeprefix(b"\xef\xbb\xbf"))
        found = whole["interactions"]
    except (ValueError, LookupError, TypeError) as error:
        raise CaptureError(tr(_NO_CASSETTE, why=error)) from error
    if not isinstance(found, list):
        raise CaptureError(tr(_NO_CASSETTE, why=tr("its `interactions` are no list")))
    return [_call(one) for one in found]


def _call(one: Any) -> Call:
    request, response = (one.get("request"), one.get("response")) if isinstance(one, dict) else (None, None)
    if not isinstance(request, dict) or not isinstance(response, dict):
        return Call("", "")
    method, url = str(request.get("method", "")), str(request.get("uri", ""))
    sent = _bytes(request.get("body")) or b""
    status, content = response.get("status"), response.get("body")
    status = status if isinstance(status, dict) else {}
    code = status.get("code")
    body = _bytes(content.get("string") if isinstance(content, dict) else None)
    if not is_status(code) or body is None:
        what = tr("its status is none that HTTP has") if body is not None else tr("its answer has no body")
        return Call(method, url, sent, fault=what)
    headers = without(_headers(response.get("headers")), "transfer-encoding")
    head = Headed(code, str(status.get("message") or ""), "", headers)
    return Call(method, url, sent, head, body, headers=_headers(request.get("headers")), own=note_in(one.get(NOTE)))


def _bytes(value: Any) -> bytes | None:
    """A body as it came: text, or bytes that were no text; None for none."""
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else None


def _headers(value: Any) -> Headers:
    found: list[tuple[str, str]] = []
    for name, held in value.items() if isinstance(value, dict) else ():
        found += [(str(name), str(one)) for one in (held if isinstance(held, list) else [held])]
    return tuple(found)
