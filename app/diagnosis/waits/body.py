"""When again, in the fields of an error: `resets_at`, `retry_after`, Google's RetryInfo, headers that a body quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from app.diagnosis.waits.times import Time, read_time
from app.protocols.errors.upstream import upstream_body
from app.recording.records import Headers
from app.text.json_text import decode_json

_DEPTH, _NODES = 10, 2000
# Names without their underscores and hyphens, in lower case. A window that opens again, and a wait that is asked for.
_WINDOW = {
    "resetsat", "resetat", "resettime", "nextresettime", "nextresetat", "quotaresettimestamp", "quotaresetat",
    "resetsinseconds",
    "resetinseconds", "resetseconds", "secondsuntilreset", "resetsin", "resetin", "resetafter", "resetafterseconds",
    "quotaresetdelay", "blockeduntil", "cooldownuntil", "availableat", "cooldownseconds", "cooldownremainingseconds",
}  # fmt: skip
_WAIT = {
    "retryafter", "retryafterseconds", "retryaftersec", "retryaftersecs", "retryin", "retryinseconds", "retrydelay", "retryat",
    "retrydelayseconds", "waitseconds", "waittimeseconds",
}  # fmt: skip
_WAIT_MS = {"retryafterms", "retryaftermilliseconds", "retrydelayms", "waitms", "resetinms", "resetsinms"}
_WORDS = {
    "message", "msg", "detail", "error", "errormessage", "errormsg", "errordescription", "raw", "reason", "hint", "suggestion",
    "title", "description", "statusmsg", "failuremessage", "localizedmessage",
}  # fmt: skip
_NOT_OF_THE_ERROR = {"input", "instructions", "messages", "output", "tools", "choices", "content", "prompt"}


class BodyTime(msgspec.Struct, frozen=True):
    """A field that says when. `opens`: it is about a window that is closed until then; else a wait is asked for."""

    name: str
    raw: str
    time: Time | None
    opens: bool


class Violation(msgspec.Struct, frozen=True):
    """A quota that was passed, as Google tells it (google.rpc.QuotaFailure); "" for what it does not say."""

    quota_id: str = ""
    metric: str = ""
    value: str = ""


class ErrorBody(msgspec.Struct):
    """All that an error's JSON says of limits. Grows while it is read.

    `words` are the texts for people, `headers` those that the body quotes, `statuses` numbers that are an HTTP status, `plan`
    the subscription's name.
    """

    times: list[BodyTime] = []
    words: list[str] = []
    headers: list[tuple[str, str]] = []
    violations: list[Violation] = []
    statuses: list[int] = []
    plan: str = ""


def read_limits(value: object) -> ErrorBody:
    """What a JSON value of an error says of limits, also in the JSON that its words quote. Never raises."""
    body = ErrorBody()
    for name, one in _walk(value):
        _take(body, name, one)
    return body


def _take(body: ErrorBody, name: str, one: object) -> None:
    plain = _plain(name)
    match one:
        case dict() if "quotaId" in one or "quotaMetric" in one:
            body.violations.append(Violation(*(_text(one.get(key)) for key in ("quotaId", "quotaMetric", "quotaValue"))))
        case dict() if plain in ("headers", "responseheaders"):
            body.headers += [(str(key), _first(value)) for key, value in one.items()]
        case str() if plain in _WORDS:
            body.words.append(one)
    if plain in ("statuscode", "status", "code", "httpstatus") and str(one).isdecimal() and 400 <= int(str(one)[:4]) < 600:
        body.statuses.append(int(str(one)[:4]))
    if plain == "plantype" and isinstance(one, str):
        body.plan = one[:40]
    if plain in _WINDOW | _WAIT | _WAIT_MS and (raw := _written(one)):
        body.times.append(BodyTime(name, raw, read_time(raw, 1e-3 if plain in _WAIT_MS else 1.0), plain in _WINDOW))


def quoted_headers(body: ErrorBody) -> Headers:
    """The headers that the body quotes."""
    return tuple(body.headers)


def _walk(value: object) -> Iterator[tuple[str, object]]:
    """Each field of the error with its name, in order; the JSON inside texts too, and nothing of what was asked or answered."""
    pending: list[tuple[str, object, int]] = [("", value, 0)]
    for _ in range(_NODES):
        if not pending:
            return
        name, one, depth = pending.pop()
        yield name, one
        if depth < _DEPTH:
            pending += reversed([(key, inner, depth + 1) for key, inner in _inner(name, one)])


def _inner(name: str, one: object) -> list[tuple[str, object]]:
    match one:
        case dict() if _plain(name) not in ("headers", "responseheaders"):
            return [(str(key), inner) for key, inner in one.items() if str(key) not in _NOT_OF_THE_ERROR]
        case list():
            return [(name, inner) for inner in one]
        case str() if "{" in one and _plain(name) in _WORDS:
            return [(name, inner)] if (inner := _quoted(one)) is not None else []
    return []


def _quoted(text: str) -> object | None:
    """The JSON that a text is, or holds as an upstream's; None for none."""
    try:
        value = decode_json(text)
    except ValueError:
        value = upstream_body(text)
    return value if isinstance(value, dict | list) else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _written(value: Any) -> str:
    """A number, a text or a protobuf duration (`{"seconds": 34}`) as text; "" for anything else."""
    match value:
        case bool():
            return ""
        case int() | float():
            return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        case str():
            return value.strip()
        case {"seconds": int() | str() as seconds}:
            return str(seconds)
    return ""


def _text(value: object) -> str:
    return str(value)[:200] if isinstance(value, str | int) else ""


def _first(value: object) -> str:
    """A header's value, of which some programs make a list."""
    if isinstance(value, list):
        return _first(value[0]) if value else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, Mapping) else ""
