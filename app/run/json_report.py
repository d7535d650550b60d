"""A run as plain data, for `--json` and for other programs: schema 1."""

from __future__ import annotations

from typing import Any

import msgspec

from app.clients.impact import Impact, impacts
from app.clients.retry import Forecast, forecasts
from app.clients.table import official, table
from app.diagnosis import Diagnosis
from app.diagnosis.asked import as_facts
from app.exchange.exchange import Exchange
from app.exchange.timing import Timing
from app.pricing import Cost
from app.protocols.findings import Finding
from app.protocols.reading import Reading, ToolCall, Usage
from app.run.compare import compare
from app.run.fit import Fit, fit
from app.run.fit_words import line, reason_in_words
from app.run.said_cost import SaidCost
from app.run.side import Side, seen_in
from app.text.json_text import mend_value

SCHEMA = 1
TIMINGS = (
    "dns",
    "connect",
    "proxy",
    "tls",
    "own",
    "send",
    "wait",
    "path",
    "endpoint",
    "receive",
    "ttfb",
    "ttft",
    "ttfo",
    "total",
)


def run_facts(a: Side, b: Side | None) -> dict[str, Any]:
    """The object that `diptych run --json` prints."""
    sides = {side.name: side_facts(side) for side in (a, b) if side is not None}
    told = compare(a, b)
    comparison = {"sentence": told.sentence, "claims": msgspec.to_builtins(told.claims)}
    return {"schema": SCHEMA, "sides": sides, "comparison": comparison}


def side_facts(side: Side) -> dict[str, Any]:
    """One side: all its rounds together, each finding with its round (from 1), and in `requests` each round alone."""
    return {
        **_facts(side),
        "fit": _fit(fit(side)),
        "findings": [{**_finding(one, side.rounds[number - 1]), "round": number} for number, one in side.findings],
        "requests": [_facts(_alone(side, one)) for one in side.rounds],
    }


def _fit(told: Fit | None) -> dict[str, Any] | None:
    """The verdict of this one run, None without one; `client` "" for the official clients, `unseen` why nothing is said."""
    if told is None:
        return None
    reasons = [
        {"id": one.rule.id, "severity": str(one.severity), "does": one.deed, "says": reason_in_words(one)}
        for one in told.reasons
    ]
    unseen = told.unseen and str(told.unseen)
    return {"verdict": str(told.verdict), "client": told.client, "unseen": unseen, "reasons": reasons, "says": line(told)}


def _alone(side: Side, one: Exchange) -> Side:
    """One round as a side of its own."""
    alone = Side(side.name, [one], side.context, side.table)
    alone.client = side.client
    return alone


def _facts(side: Side) -> dict[str, Any]:
    last = side.last
    return {
        "outcome": str(side.outcome),
        "ended": str(side.end),
        "whole_but_for_end_mark": side.whole_but_for_end_mark,
        "status": (last.status or None) if last else None,
        **_answer(last.reading if last else Reading(), side.tool_calls),
        "usage": _usage(side.usage),
        "cost_usd": _usd(side.cost),
        "cost_said_usd": _usd(side.said_cost),
        "cost_doubts": list(side.cost.doubts) if side.cost else [],
        "timing_ms": _timing(side.timing),
        "events": side.events,
        "findings": [_finding(one, side.rounds[number - 1]) for number, one in side.findings],
        "diagnosis": _diagnosis(side.diagnosis),
        "clients": _clients(side),
    }


def _clients(side: Side) -> dict[str, Any]:
    """The client whose severities the findings have, when and how clients were run, and what each would do with an error."""
    last = side.last
    mine = side.my_client
    name = mine.name if mine else official(last.recording.envelope.protocol) if last else ""
    if last is None or not (side.findings or side.diagnosis):  # what is right is right for every client
        return {"mine": name}
    return {
        "mine": name,
        "seen": {"date": table().date, "command": table().command},
        "retry": {one.client.name: _forecast(one) for one in forecasts(last)} if side.diagnosis else {},
    }


def _forecast(one: Forecast) -> dict[str, Any]:
    return {
        "version": one.client.version,
        "tried": one.tried,
        "requests": one.tries,
        "waits_s": list(one.waits_s),
        "raises": one.raises,
        "says": one.words,
    }


def _impact(one: Impact) -> dict[str, Any]:
    return {"severity": one.severity and str(one.severity), "outcome": one.outcome, "says": one.words}


def _diagnosis(diagnosis: Diagnosis | None) -> dict[str, Any] | None:
    """`asked` is what Diptych asked the same address besides, [] where it had no reason to."""
    return {"cause": diagnosis.cause, "fix": diagnosis.fix, "asked": as_facts(diagnosis.asked)} if diagnosis else None


def _usd(cost: Cost | SaidCost | None) -> float | None:
    """To a billionth of a dollar: sums of binary fractions print as 0.0015869999999999999."""
    return round(cost.usd, 9) if cost else None


def _answer(reading: Reading, calls: list[ToolCall]) -> dict[str, Any]:
    return {
        "text": reading.text,
        "reasoning": reading.reasoning,
        "tool_calls": [_tool_call(call) for call in calls],
        "stop_reason": reading.stop_reason,
        "model": reading.model,
    }


def _tool_call(call: ToolCall) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": call.id, "name": call.name}
    if call.parsed:
        return {**facts, "arguments": mend_value(call.arguments)}
    return {**facts, "arguments_text": call.arguments_text}


def _usage(usage: Usage | None) -> dict[str, int | None]:
    usage = usage or Usage()
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
    }


def _timing(timing: Timing) -> dict[str, float | None]:
    return {name: _rounded(getattr(timing, name)) for name in TIMINGS}


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 3)


def _finding(finding: Finding, exchange: Exchange) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "sentence": finding.sentence,
        "plain": finding.plain,
        "fields": msgspec.to_builtins(finding.fields, enc_hook=str),
        "variant": finding.variant,
        "event": finding.event,
        "clients": {one.client.name: _impact(one) for one in impacts(finding, seen_in(exchange))},
    }
