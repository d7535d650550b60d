"""Cassettes of the VCR family, in YAML and in JSON, as they are recorded: no times of an answer's parts are in any.

vcrpy 9.4.2 (FORMATS F3): `interactions` of `request` {method, uri, body, headers} and `response` {status {code, message},
headers {name: [values]}, body {string}}; what is no text is `!!binary`, still packed. pydantic-ai's serialiser has JSON bodies
as values there, `parsed_body`. vcrpy passes over what else stands in an interaction: one of Diptych's has its note there
(`app.formats.own_note`).

VCR 5.0.0 for Ruby and betamax 0.9.0: `http_interactions`, a body being {encoding, string} or {encoding, base64_string}, with
the text in that encoding. Ruby writes bytes as `!binary`. go-vcr 4: `interactions` of `request` {method, url, body} and
`response` {code, status, headers, body}; its `duration` ends at the head, and counts a connection where one was opened.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from app.formats.calls import Call, headers_of, is_status, kept_as_values, object_in, text_bytes, without
from app.formats.capture import CaptureError
from app.formats.own_note import note_in
from app.formats.recorded_text import bytes_of_base64
from app.formats.yaml_text import decode_yaml
from app.recording.records import Headed
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr

NOTE = "diptych"
_VCRPY, _GO_VCR, _RUBY, _BETAMAX = "vcrpy", "go-vcr", "VCR for Ruby", "betamax"
_YAML = re.compile(rb"(?:#[^\n]*\n|---\s*\n|\s)*(?:version: \d+\s*\n)?(?:http_)?interactions:")
_JSON = re.compile(rb"\s*\{\s*(?:\"version\"\s*:\s*\d+\s*,\s*)?\"(?:http_)?interactions\"\s*:")
_NO_CASSETTE = message("this begins as a cassette of recorded calls, and can't be read: {why}")


def is_cassette(data: bytes) -> bool:
    """By its beginning."""
    return _YAML.match(data) is not None or _JSON.match(data) is not None


def calls_of_cassette(data: bytes) -> tuple[list[Call], str]:
    """Its calls in their order, and the program that recorded them. Raises CaptureError."""
    try:
        whole = decode_json(data) if _JSON.match(data) else decode_yaml(data)
        found = whole["http_interactions"] if "http_interactions" in whole else whole["interactions"]
    except (ValueError, LookupError, TypeError) as error:
        raise CaptureError(tr(_NO_CASSETTE, why=error)) from error
    if not isinstance(found, list):
        raise CaptureError(tr(_NO_CASSETTE, why=tr("its `interactions` are no list")))
    recorder = _recorder(whole, found)
    return [_call(one, recorder) for one in found], recorder


def _recorder(whole: dict[str, Any], found: list[Any]) -> str:
    if "http_interactions" in whole:
        return _BETAMAX if str(whole.get("recorded_with")).startswith("betamax") else _RUBY
    return _GO_VCR if any("code" in object_in(one, "response") for one in found) else _VCRPY


def _call(one: Any, recorder: str) -> Call:
    request, response = (one.get("request"), one.get("response")) if isinstance(one, dict) else (None, None)
    if not isinstance(request, dict) or not isinstance(response, dict):
        return Call("", "")
    method, url = str(request.get("method", "")), str(request.get("url" if recorder == _GO_VCR else "uri", ""))
    sent = _body(request) or b""
    status = response if recorder == _GO_VCR else object_in(response, "status")
    code, body = status.get("code"), _body(response)
    if not is_status(code) or body is None:
        what = tr("its status is none that HTTP has") if body is not None else tr("its answer has no body")
        return Call(method, url, sent, fault=what)
    reason = str(response.get("status") or "").partition(" ")[2] if recorder == _GO_VCR else str(status.get("message") or "")
    head = Headed(code, reason, "", without(headers_of(response.get("headers")), "transfer-encoding"))
    notes = (kept_as_values(recorder),) if "parsed_body" in response else ()
    return Call(method, url, sent, head, body, notes, headers=headers_of(request.get("headers")), own=note_in(one.get(NOTE)))


def _body(holder: dict[str, Any]) -> bytes | None:
    """A body as it came: text, or bytes that were no text; None for none."""
    if "parsed_body" in holder:
        with suppress(TypeError, ValueError):  # YAML has values that JSON has not
            return encode_json(holder["parsed_body"])
        return None
    body = holder.get("body")
    if not isinstance(body, dict):
        return _bytes(body)
    if isinstance(packed := body.get("base64_string"), str):
        with suppress(CaptureError):
            return bytes_of_base64(packed)
        return None
    return _bytes(body.get("string"), str(body.get("encoding")))


def _bytes(value: Any, encoding: str = "") -> bytes | None:
    """`encoding`: that which the text was read from; Ruby's ASCII-8BIT, and any other that is not known here, is UTF-8."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        return None
    with suppress(LookupError, UnicodeError):
        return value.encode(encoding)
    return text_bytes(value)
