"""Calls that programs for tests recorded, to answer with them: nock, undici's snapshots, `responses` for Python. No times.

Seen: nock 14.0.17 (`recorder.rec({output_objects: true})` and `nock.back`), undici 7.30.2 (SnapshotAgent), responses 0.26.3
(`_recorder`). An answer that broke off is in no file of nock and undici: both record what ended by itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from app.formats.calls import Call, headers_of, is_status, kept_as_values, object_in, text_bytes, without
from app.formats.capture import CaptureError
from app.formats.recorded_text import bytes_of, bytes_of_base64
from app.formats.yaml_text import decode_yaml
from app.recording.records import Headed, Headers, content_encoding
from app.text.json_text import decode_json, encode_json
from app.text.sentences import tr

_NOCK, _UNDICI, _RESPONSES = "nock", "undici", "responses"
_NOCK_START = re.compile(rb"\s*\[\s*\{\s*\"scope\"\s*:")
_UNDICI_START = re.compile(rb"\s*\[\s*\{\s*\"hash\"\s*:[^{]*\"snapshot\"\s*:")
_RESPONSES_START = re.compile(rb"(?:---\s*\n)?responses:\s*\n- response:\s*\n")


def calls_of_mocks(data: bytes) -> tuple[list[Call], str] | None:
    """The calls in a recording, and the program that made it; None for none."""
    recorder = next((name for name, start in ((_NOCK, _NOCK_START), (_UNDICI, _UNDICI_START)) if start.match(data)), "")
    with suppress(ValueError):
        if recorder:
            calls = _of_nock if recorder == _NOCK else _of_undici
            return [call for one in decode_json(data) if isinstance(one, dict) for call in calls(one)], recorder
        if _RESPONSES_START.match(data):
            held = decode_yaml(data)["responses"]
            return [_of_responses(object_in(one, "response")) for one in held] if isinstance(held, list) else [], _RESPONSES
    return None


def _of_nock(one: dict[str, Any]) -> Iterator[Call]:
    sent, response, notes = one.get("body"), one.get("response"), list[str]()
    headers = _nock_headers(one.get("rawHeaders") or one.get("headers"))
    body: bytes | None = None
    with suppress(TypeError, ValueError):
        if isinstance(response, str):
            body = bytes.fromhex(response) if one.get("responseIsBinary") is True else text_bytes(response)
        elif isinstance(response, list) and content_encoding(headers):  # packed as it came, in pieces
            body = bytes.fromhex("".join(response))
        else:
            body = encode_json(response)
            notes.append(kept_as_values(_NOCK))
    asked = encode_json(sent) if isinstance(sent, dict) else text_bytes(sent)
    yield _call(
        one.get("method"), f"{one.get('scope') or ''}{one.get('path') or ''}", asked, one.get("status"), headers, body, notes
    )


def _nock_headers(value: object) -> Headers:
    """A map; before nock 14 names and values in turn."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(zip(value[::2], value[1::2], strict=False))
    return headers_of(value)


def _of_undici(one: dict[str, Any]) -> Iterator[Call]:
    """A snapshot holds the answer to each time that the same was asked."""
    snapshot = object_in(one, "snapshot")
    request, held = object_in(snapshot, "request"), snapshot.get("responses")
    for response in held if isinstance(held, list) else ():
        if isinstance(response, dict):
            body: bytes | None = None
            with suppress(CaptureError):
                body = bytes_of_base64(response["body"]) if isinstance(response.get("body"), str) else None
            asked, headers = text_bytes(request.get("body")), headers_of(response.get("headers"))
            yield _call(request.get("method"), request.get("url"), asked, response.get("statusCode"), headers, body)


def _of_responses(one: dict[str, Any]) -> Call:
    """What was asked is not kept."""
    held, kind, notes = one.get("body"), str(one.get("content_type") or ""), list[str]()
    body = bytes_of(held, kind, 0, _RESPONSES, notes) if isinstance(held, str) else held if isinstance(held, bytes) else None
    named = (("content-type", kind),) if kind else ()
    headers = (*named, *without(headers_of(one.get("headers")), "content-type"))
    return _call(one.get("method"), one.get("url"), b"", one.get("status"), headers, body, notes)


def _call(
    method: object, url: object, asked: bytes, status: object, headers: Headers, body: bytes | None, notes: Iterable[str] = ()
) -> Call:
    method, url = str(method or ""), str(url or "")
    if not is_status(status) or body is None:
        what = tr("its answer has no body") if is_status(status) else tr("its status is none that HTTP has")
        return Call(method, url, asked, fault=what)
    return Call(method, url, asked, Headed(status, "", "", without(headers, "transfer-encoding")), body, tuple(notes))
