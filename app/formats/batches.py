"""Results of a batch: one JSON object a line, of which each holds an answer that was made at some other time.

OpenAI's form, which others write too: `custom_id`, `response` {status_code, body} or null, `error` {message} or null.
Anthropic's: `custom_id`, `result` {type: succeeded, message}, or {type: errored, error}, or a type alone. No heads, times or
requests are in them. The forms are those of the vendors' SDKs (anthropic 2.14.0, `MessageBatchIndividualResponse`) and of files
kept in public.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from app.formats.calls import is_status, kept_as_values, no_answer, object_in
from app.formats.capture import Capture, CaptureError, Unread, bare_request, made_of
from app.protocols.ids import MESSAGES
from app.protocols.registry import answered_in
from app.recording.records import Headed
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr

_OPENAI, _ANTHROPIC = "OpenAI Batch", "Anthropic Batch"
_NO_ANSWER = message("of the {count:plural result|results} of a batch none is an answer of a model API")


def is_batch(data: bytes) -> bool:
    """By its first line."""
    first = data.lstrip().partition(b"\n")[0]
    with suppress(ValueError):
        one = decode_json(first) if b'"custom_id"' in first else None
        return isinstance(one, dict) and "custom_id" in one and bool({"response", "result"} & one.keys())
    return False


def captures_of_batch(data: bytes, wanted: str | None) -> Iterator[Capture | Unread]:
    """The answers, each named by its `custom_id`; where a protocol is `wanted`, only those in it. A refusal that does not tell
    its protocol is in the only one of the others. Raises CaptureError where there is none."""
    count = read = 0
    known: set[str] | None = None
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        count += 1
        try:
            entry = decode_json(line)
        except ValueError as error:
            read += 1
            yield Unread(str(number), tr("line {number} is no JSON: {why}", number=number, why=error))
            continue
        status, body, why = _of_line(entry)
        name = str(object_in({"": entry}, "").get("custom_id") or number)
        if body is None:
            read += 1
            yield Unread(str(number), tr("call {number}: {fault}", number=number, fault=why))
            continue
        protocol = _protocol_of(body)
        if not protocol and "error" in body:
            known = known if known is not None else _protocols_in(data)
            protocol = next(iter(known)) if len(known) == 1 else "" if known else wanted or ""
        if protocol and wanted in (None, protocol):
            read += 1
            recorder = _OPENAI if "response" in entry else _ANTHROPIC
            head = Headed(status, "", "", ()) if status else None
            yield made_of(protocol, name, head, encode_json(body), request=bare_request(), streamed=False,
                          notes=(kept_as_values(recorder),), has_id=True, recorder=recorder)  # fmt: skip
    if not read:
        raise CaptureError(tr(_NO_ANSWER, count=count))


def _of_line(entry: object) -> tuple[int, dict[str, Any] | None, str]:
    """Status (0: not told) and body of an answer; None with the reason where none came."""
    response, result = object_in(entry, "response"), object_in(entry, "result")
    if isinstance(body := response.get("body"), dict):
        status = response.get("status_code")
        return status if is_status(status) else 0, body, ""
    for name in ("message", "error"):
        if isinstance(body := result.get(name), dict):
            return 0, body, ""
    return 0, None, no_answer(object_in(entry, "error").get("message") or result.get("type"))


def _protocol_of(body: dict[str, Any]) -> str:
    return answered_in(body) or (MESSAGES if body.get("type") == "error" else "")


def _protocols_in(data: bytes) -> set[str]:
    found: set[str] = set()
    for line in data.split(b"\n"):
        with suppress(ValueError):
            found.add(_protocol_of(_of_line(decode_json(line))[1] or {}))
    return found - {""}
