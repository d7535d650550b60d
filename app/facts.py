"""A run as plain data, for `--json` and for other programs: schema 1."""

from __future__ import annotations

from typing import Any

from app.compare import compare
from app.exchange import Exchange
from app.pricing import Cost
from app.protocols.json_text import mend_value
from app.protocols.reading import Finding, Reading, ToolCall, Usage
from app.run import Side, price_of
from app.timing import Timing

SCHEMA = 1
TIMINGS = ("dns", "connect", "tls", "send", "wait", "receive", "ttfb", "ttft", "ttfo", "total")


def run_facts(a: Side, b: Side | None) -> dict[str, Any]:
    """The object that `diptych run --json` prints."""
    sides = {side.name: side_facts(side) for side in (a, b) if side is not None}
    return {"schema": SCHEMA, "sides": sides, "comparison": {"sentence": compare(a, b).sentence}}


def side_facts(side: Side) -> dict[str, Any]:
    """One side: the fields of an exchange for all its rounds together, and `requests`, one object a round."""
    last = side.last
    diagnosis = side.diagnosis
    return {
        "outcome": str(side.outcome),
        "status": (last.status or None) if last else None,
        **_answer(last.reading if last else Reading(), side.tool_calls),
        "usage": _usage(side.usage),
        "cost_usd": side.cost.usd if side.cost else None,
        "timing_ms": _timing(side.timing),
        "events": side.events,
        "findings": [{**_finding(one), "round": number} for number, one in side.findings],
        "diagnosis": {"cause": diagnosis.cause, "fix": diagnosis.fix} if diagnosis else _unsent(side),
        "requests": [exchange_facts(one, side) for one in side.rounds],
    }


def exchange_facts(exchange: Exchange, side: Side | None = None) -> dict[str, Any]:
    """One exchange alone."""
    alone = Side("a", [exchange], side.context if side else None)
    diagnosis, price = alone.diagnosis, price_of(exchange, side.table if side else None)
    reading = exchange.reading
    return {
        "outcome": str(exchange.outcome),
        "status": exchange.status or None,
        **_answer(reading, reading.tool_calls),
        "usage": _usage(reading.usage),
        "cost_usd": price.usd if isinstance(price, Cost) else None,
        "timing_ms": _timing(exchange.timing),
        "events": len(exchange.events),
        "findings": [_finding(one) for one in exchange.findings],
        "diagnosis": {"cause": diagnosis.cause, "fix": diagnosis.fix} if diagnosis else None,
    }


def _unsent(side: Side) -> dict[str, str] | None:
    return {"cause": side.problem, "fix": ""} if side.problem else None


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


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "sentence": finding.sentence,
        "event": finding.event,
    }
