"""What API clients report of their calls, as far as the answers are in it: Bruno, httpYac, Postman, Newman, Insomnia.

Seen: @usebruno/cli 4.1.0 `--reporter-json`, httpyac 6.16.7 `--json`, newman 6.2.2 `-r json` (FORMATS F4); examples of a Postman
collection are as its schema 2.1 has them, Insomnia's results as its source writes them (`inso run collection --output`, in
packages/insomnia-inso/src/commands/run-collection/result-report.ts). All unpack what came packed; none tells when a part came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from app.formats.calls import Call, headers_of, is_status, kept_as_values, no_answer, object_in, text_bytes, without
from app.formats.capture import CaptureError
from app.recording.records import Headed
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr

_STARTS = re.compile(rb"\s*(?:\[\s*\{\s*\"iterationIndex\"|\{\s*\"(?:_meta|collection|info|item|run)\"\s*:)")
_NO_EXAMPLES = message(
    "this is a collection of Postman without a saved answer: save an example in it, or run it with Newman's `-r json`"
)
_INSOMNIA_BARE = message("its answer is not in the file: run it with `inso run collection --includeFullData redact`")
_ANY_CALL = "/v1/messages"  # which address it had is not told either
_DEEPEST = 40


def calls_of_report(data: bytes) -> tuple[list[Call], str] | None:
    """The calls in a report, and the program that wrote it; None for no report. Raises CaptureError: no answers are in it."""
    if not _STARTS.match(data):
        return None
    try:
        whole = decode_json(data)
    except ValueError:
        return None
    if isinstance(whole, list):
        return [call for run in whole for call in _each(run, "results", _of_bruno)], "Bruno"
    if "_meta" in whole and "requests" in whole:
        return _each(whole, "requests", _of_httpyac), "httpYac"
    if isinstance(run := whole.get("run"), dict) and "collection" in whole:
        return _each(run, "executions", _of_newman), "Newman"
    if "collection" in whole and "executions" in whole:
        return _each(whole, "executions", _of_insomnia), "Insomnia"
    if "info" in whole and "item" in whole:
        if found := list(_examples(whole)):
            return found, "Postman"
        raise CaptureError(tr(_NO_EXAMPLES))
    return None


def _each(holder: Any, name: str, made: Any) -> list[Call]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [made(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _of_bruno(one: dict[str, Any]) -> Call:
    request, response = object_in(one, "request"), object_in(one, "response")
    error = one.get("error")
    return _call(request.get("method"), request.get("url"), request.get("data"), response.get("status"),
                 response.get("statusText"), response.get("headers"), response.get("data"), "Bruno", error)  # fmt: skip


def _of_httpyac(one: dict[str, Any]) -> Call:
    response = object_in(one, "response")
    request = object_in(response, "request")
    return _call(request.get("method"), request.get("url"), request.get("body"), response.get("statusCode"),
                 response.get("statusMessage"), response.get("headers"), response.get("body"), "httpYac", None)  # fmt: skip


def _of_newman(one: dict[str, Any]) -> Call:
    request, response = object_in(one, "request"), object_in(one, "response")
    stream = object_in(response, "stream").get("data")
    body: object = None
    with suppress(ValueError, TypeError):
        body = bytes(stream) if isinstance(stream, list) else stream
    error = object_in(one, "requestError")
    why = error.get("message") or error.get("code")
    return _call(request.get("method"), _url(request.get("url")), object_in(request, "body").get("raw"), response.get("code"),
                 response.get("status"), response.get("header"), body, "Newman", why)  # fmt: skip


def _of_insomnia(one: dict[str, Any]) -> Call:
    request, response = object_in(one, "request"), object_in(one, "response")
    asked, url = object_in(request, "body").get("text"), str(request.get("url") or "")
    if "url" not in request or (response.get("data") is None and response.get("code")):  # nothing but the status was kept
        return Call("POST", url or _ANY_CALL, fault=tr(_INSOMNIA_BARE))
    return _call(request.get("method"), url, asked, response.get("code"), response.get("status"), response.get("headers"),
                 response.get("data"), "Insomnia", None)  # fmt: skip


def _examples(holder: Any, depth: int = 0) -> Iterator[Call]:
    """The saved answers of a collection, in its folders too."""
    items = holder.get("item") if isinstance(holder, dict) and depth < _DEEPEST else None
    for item in items if isinstance(items, list) else ():
        for one in item.get("response") or () if isinstance(item, dict) and isinstance(item.get("response"), list) else ():
            if isinstance(one, dict):
                asked = object_in(one, "originalRequest")
                yield _call(asked.get("method"), _url(asked.get("url")), object_in(asked, "body").get("raw"), one.get("code"),
                            one.get("status"), one.get("header"), one.get("body"), "Postman", None)  # fmt: skip
        yield from _examples(item, depth + 1)


def _url(value: Any) -> str:
    """Postman's address, a text or its parts."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    if isinstance(value.get("raw"), str):
        return str(value["raw"])
    host, path = (value.get(name) for name in ("host", "path"))
    joined = [
        sep.join(map(str, part)) if isinstance(part, list) else str(part or "") for part, sep in ((host, "."), (path, "/"))
    ]
    port = f":{value['port']}" if value.get("port") else ""
    return f"{value.get('protocol') or 'https'}://{joined[0]}{port}/{joined[1]}"


def _call(
    method: Any, url: Any, asked: Any, status: Any, reason: Any, headers: Any, content: Any, recorder: str, error: Any
) -> Call:
    method, url = str(method or "GET"), url if isinstance(url, str) else ""
    sent = encode_json(asked) if isinstance(asked, dict) else text_bytes(asked)
    if not is_status(status):
        return Call(method, url, sent, fault=no_answer(error))
    head = Headed(status, reason if isinstance(reason, str) else "", "", without(headers_of(headers), "transfer-encoding"))
    if isinstance(content, bytes):
        return Call(method, url, sent, head, content)
    if isinstance(content, str):
        return Call(method, url, sent, head, text_bytes(content))
    if content is None:
        return Call(method, url, sent, fault=tr("its answer is not in the file"))
    return Call(method, url, sent, head, encode_json(content), (kept_as_values(recorder),))
