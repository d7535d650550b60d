"""All rows of cases, and each of them once in a few other circumstances."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import structs

from app.diagnosis import Context, Diagnosis, diagnose
from app.exchange.exchange import Exchange
from app.protocols.base import join_url
from app.recording.recording import Recording
from app.recording.records import Headed, Opened, Record
from tests.diagnosis import (
    access_cases,
    address_cases,
    afresh_cases,
    answer_cases,
    connection_cases,
    end_cases,
    limit_cases,
    messages_cases,
    neighbour_cases,
    passed_on_cases,
    request_cases,
    server_cases,
    stray_cases,
    told_cases,
    vendor_cases,
    whose_fault_cases,
)
from tests.diagnosis.made import ANTHROPIC, OPENAI, PATHS, RELAY, Case

CASES = (
    *connection_cases.CASES,
    *access_cases.CASES,
    *request_cases.CASES,
    *address_cases.CASES,
    *passed_on_cases.CASES,
    *server_cases.CASES,
    *answer_cases.CASES,
    *limit_cases.CASES,
    *end_cases.CASES,
    *messages_cases.CASES,
    *neighbour_cases.CASES,
    *whose_fault_cases.CASES,
    *stray_cases.CASES,
    *vendor_cases.CASES,
    *afresh_cases.CASES,
    *told_cases.CASES,
)
_STATUSES = (200, 302, 400, 401, 403, 404, 429, 500, 501, 504)
_BASES = (ANTHROPIC, OPENAI, RELAY, "http://localhost:11434/v1", "https://me.openai.azure.com/openai")
_CONTEXTS = (
    Context(key_sent=False, key_oddity="placeholder"),
    Context(key_shape="sk-ant-oat"),
    Context(models=("claude-sonnet-4-6", "llama3")),
)


@cache
def diagnosed() -> tuple[Diagnosis | None, ...]:
    """What the table says of each row, made once for the tests that look at it from several sides."""
    return tuple(diagnose(case.exchange, case.context) for case in CASES)


def variants(case: Case) -> Iterator[tuple[Exchange, Context]]:
    """The exchange of a case with another status, protocol or address, or with something else known besides it."""
    yield case.exchange, case.context
    yield from ((case.exchange, context) for context in _CONTEXTS)
    records = list(case.exchange.recording.records())
    for status in _STATUSES:
        yield _changed(records, status=status), case.context
    for protocol in PATHS:
        yield _changed(records, protocol=protocol), case.context
    for base in _BASES:
        yield _changed(records, base=base), case.context


def _changed(records: list[Record], *, status: int = 0, protocol: str = "", base: str = "") -> Exchange:
    opened = records[0]
    assert isinstance(opened, Opened)
    recording = _recording(opened, protocol or opened.envelope.protocol, base or opened.envelope.profile.base_url)
    for record in records[1:]:
        recording.apply(structs.replace(record, status=status) if isinstance(record, Headed) and status else record)
    return Exchange(recording).finish()


def _recording(opened: Opened, protocol: str, base: str) -> Recording:
    profile = structs.replace(opened.envelope.profile, protocol=protocol, base_url=base)
    request = structs.replace(opened.request, url=join_url(base, PATHS[protocol])) if base else opened.request
    return Recording(structs.replace(opened.envelope, protocol=protocol, profile=profile), request)
