"""The usage object of Chat Completions: OpenAI's fields, those of its imitators, and what contradicts itself in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols import catalogue_chat as found
from app.protocols.reading import Deviation, Usage

# Where a count may stand: OpenAI's place first, then DeepSeek's, Moonshot's and Together's, LiteLLM's, Anthropic's names.
_INPUT = ("prompt_tokens", "input_tokens")
_OUTPUT = ("completion_tokens", "output_tokens")
_CACHE_READ = (
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "cached_tokens",
    "num_cached_tokens",
    "cache_read_input_tokens",
)
_CACHE_WRITE = (
    "prompt_tokens_details.cache_write_tokens",
    "prompt_tokens_details.cache_creation_tokens",
    "cache_creation_input_tokens",
)
_REASONING = (
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "reasoning_tokens",
)
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


def merge_usage(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """A later usage object over an earlier one: counts are cumulative, so the later wins where it says something."""
    return before | {key: value for key, value in now.items() if value is not None or key not in before}


def read_usage(raw: dict[str, Any]) -> Usage:
    """The counts as the endpoint said them; None where it did not, or where it said no whole number."""
    return Usage(
        input_tokens=_first(raw, _INPUT),
        output_tokens=_first(raw, _OUTPUT),
        cache_read_tokens=_first(raw, _CACHE_READ),
        cache_write_tokens=_first(raw, _CACHE_WRITE),
        reasoning_tokens=_first(raw, _REASONING),
        raw=raw,
    )


def contradictions(usage: Usage) -> Iterator[tuple[Deviation, str]]:
    """What can't be true in a usage object (PROTOCOLS 3.3), with its figures."""
    raw = usage.raw
    unsaid = [key for key in _COUNTS[:2] if raw.get(key) is None]
    if unsaid:
        yield found.USAGE_HOLLOW, f"{' and '.join(unsaid)} (it has {', '.join(list(raw)[:5])[:80]})"
    places = (*_COUNTS, *_CACHE_READ, *_CACHE_WRITE, *_REASONING)
    odd = [f"{place}: {value!r:.40}" for place in places if (value := _at(raw, place)) is not None and _count(value) is None]
    if odd:
        yield found.COUNT_ODD, ", ".join(odd)
    inside, total = usage.input_tokens, _count(raw.get("total_tokens"))
    if inside is not None and usage.output_tokens is not None and total not in (None, inside + usage.output_tokens):
        yield found.TOTAL_WRONG, f"{inside} + {usage.output_tokens} is not {total}"
    if inside == 0:
        yield found.INPUT_ZERO, ""
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    if inside and cached > inside:
        yield found.CACHE_EXCEEDS_INPUT, f"{cached} of {inside}"
    if usage.output_tokens is not None and (usage.reasoning_tokens or 0) > usage.output_tokens:
        yield found.REASONING_EXCEEDS_OUTPUT, f"{usage.reasoning_tokens} of {usage.output_tokens}"


def _first(raw: dict[str, Any], places: tuple[str, ...]) -> int | None:
    return next((count for place in places if (count := _count(_at(raw, place))) is not None), None)


def _at(raw: dict[str, Any], place: str) -> object:
    outer, dot, inner = place.partition(".")
    value = raw.get(outer)
    if not dot:
        return value
    return value.get(inner) if isinstance(value, dict) else None


def _count(value: object) -> int | None:
    """A token count: a whole number from 0 up; `17.0` counts as one."""
    match value:
        case bool():
            return None
        case int() if value >= 0:
            return value
        case float() if value >= 0 and value.is_integer():
            return int(value)
    return None
