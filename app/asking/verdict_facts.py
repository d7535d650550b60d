"""The test of an endpoint as plain data, for `--json` and for other programs: schema 1."""

from __future__ import annotations

from typing import Any

from app.asking.endpoint_test import EndpointTest
from app.asking.verdicts import VerdictRow
from app.clock import now_ns
from app.diagnosis.asked import as_facts
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.run.json_report import side_facts
from app.run.side import Side
from app.secrets.names import shown_url
from app.store.profiles import Profile

SCHEMA = 1


def endpoint_facts(test: EndpointTest, note: str, prices: PriceTable | None = None) -> dict[str, Any]:
    """The object that `diptych test --json` prints; `note` is what was said beforehand of what is sent.

    `evidence` of a verdict names an entry of `exchanges` (from 1) and one of its events; `answers` are those of the model.
    """
    answers = side_facts(Side("a", test.answers, table=prices))
    return {
        "schema": SCHEMA,
        "endpoint": _endpoint(test.profile),
        "sends": note,
        "works": test.works,
        "verdicts": [_verdict(row) for row in test.rows],
        "models": None if test.models is None else list(test.models),
        "usage": answers["usage"],
        "cost_usd": answers["cost_usd"],
        "exchanges": [_exchange(one) for one in test.exchanges],
        "answers": answers["requests"],
    }


def _endpoint(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "protocol": profile.protocol,
        "base_url": shown_url(profile.base_url),
        "model": profile.model or None,
    }


def _verdict(row: VerdictRow) -> dict[str, Any]:
    """`retry_after_s` counts from now."""
    change = row.action
    again_s = None if row.again_ns is None else max(0.0, round((row.again_ns - now_ns()) / 1e9, 1))
    return {
        "question": row.question,
        "verdict": row.verdict,
        "sentence": row.sentence,
        "fix": row.fix or None,
        "endpoint_said": row.said or None,
        "change": {"field": change.field, "value": change.value, "base_url": change.base_url or None} if change else None,
        "asked": as_facts(row.asked),
        "retry_after_s": again_s,
        "evidence": [{"exchange": one.exchange, "event": one.event} for one in row.evidence],
    }


def _exchange(one: Exchange) -> dict[str, Any]:
    request, total = one.recording.request, one.timing.total
    return {
        "request": f"{request.method} {request.url}",
        "stream": one.recording.envelope.streamed,
        "status": one.status or None,
        "total_ms": None if total is None else round(total, 3),
    }
