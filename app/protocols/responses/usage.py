"""The token counts of a Responses answer: read as they were said, and checked against one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.any import rules as any_rules
from app.protocols.findings import Finding, Place
from app.protocols.reading import Usage
from app.protocols.responses import rules_answer as rules
from app.protocols.shared.counts import as_count
from app.protocols.shared.sums import doubts_of, leaves_reasoning_out

# What Chat Completions calls the same; converters forget to rename them.
_NAMES_OF_CHAT = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "prompt_tokens_details": "input_tokens_details",
    "completion_tokens_details": "output_tokens_details",
}


def read_usage(raw: dict[str, Any]) -> Usage:
    """The counts of a `usage` object as they are meant; None for each that was not said (or is no whole number)."""
    usage = _renamed(raw)
    count, output, total = (_count(usage, name) for name in ("input_tokens", "output_tokens", "total_tokens"))
    reasoning = _count(usage, "output_tokens_details", "reasoning_tokens")
    if output is not None and reasoning is not None and leaves_reasoning_out(count, output, reasoning, total):
        output += reasoning
    return Usage(
        input_tokens=count,
        output_tokens=output,
        cache_read_tokens=_count(usage, "input_tokens_details", "cached_tokens"),
        cache_write_tokens=_count(usage, "input_tokens_details", "cache_write_tokens"),
        reasoning_tokens=reasoning,
        raw=raw,
        doubts=doubts_of(count, output, reasoning, total),
    )


def _renamed(raw: dict[str, Any]) -> dict[str, Any]:
    """The counts by their own names, where all of them have those of Chat Completions."""
    if "input_tokens" in raw or "output_tokens" in raw:
        return raw
    return {_NAMES_OF_CHAT.get(name, name): value for name, value in raw.items()}


def check_usage(raw: dict[str, Any], place: Place) -> Iterator[Finding]:
    """What is wrong with the counts. `cache_write_tokens` is too new to be missed."""
    usage = _renamed(raw)
    if usage.keys() != raw.keys():
        yield Finding.of(rules.CHAT_COUNTS, place, names=", ".join(name for name in raw if name in _NAMES_OF_CHAT))
    missing = [
        f"{group}.{name}"
        for group, name in (("input_tokens_details", "cached_tokens"), ("output_tokens_details", "reasoning_tokens"))
        if _value(usage, group, name) is None
    ]
    if missing:
        yield Finding.of(rules.USAGE_DETAILS_MISSING, place, names=missing)
    for path in _PATHS:
        value = _value(usage, *path)
        odd = value is not None if len(path) > 1 else True
        if odd and _count(usage, *path) is None:
            yield Finding.of(rules.COUNT_ODD, place, field=".".join(path), value=repr(value)[:80])
    yield from _check_sums(usage, read_usage(usage), place)


def _check_sums(raw: dict[str, Any], usage: Usage, place: Place) -> Iterator[Finding]:
    total, input_tokens, output_tokens = (_count(raw, name) for name in ("total_tokens", "input_tokens", "output_tokens"))
    beside = leaves_reasoning_out(input_tokens, output_tokens, usage.reasoning_tokens, total)
    if input_tokens is not None:
        if input_tokens == 0:
            yield Finding.of(any_rules.INPUT_ZERO, place, name="input_tokens")
        cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
        if cached > input_tokens > 0:
            yield Finding.of(any_rules.CACHE_EXCEEDS_INPUT, place, name="input_tokens", cached=cached, count=input_tokens)
        if not beside and total is not None and output_tokens is not None and total != input_tokens + output_tokens:
            yield Finding.of(rules.TOTAL_WRONG, place, total=total, input=input_tokens, output=output_tokens)
    if beside or (output_tokens is not None and (usage.reasoning_tokens or 0) > output_tokens):
        fields: dict[str, object] = {
            "name": "output_tokens",
            "reasoning": usage.reasoning_tokens,
            "count": output_tokens,
            "total": total,
        }
        yield Finding.of(any_rules.REASONING_OUTSIDE_OUTPUT, place, variant="beside" if beside else "", **fields)


_PATHS = (
    ("input_tokens",),
    ("output_tokens",),
    ("total_tokens",),
    ("input_tokens_details", "cached_tokens"),
    ("input_tokens_details", "cache_write_tokens"),
    ("output_tokens_details", "reasoning_tokens"),
)


def _value(usage: dict[str, Any], *path: str) -> object:
    value: object = usage
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _count(usage: dict[str, Any], *path: str) -> int | None:
    return as_count(_value(usage, *path))
