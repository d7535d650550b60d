"""The usage of a Chat Completions answer: OpenAI's fields and its imitators', where they stand, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.any import rules as any_rules
from app.protocols.chat import rules_usage as rules
from app.protocols.chat.values import shown
from app.protocols.findings import NOWHERE, Finding, FindingLog, Place
from app.protocols.reading import Usage
from app.protocols.shared.counts import as_count
from app.protocols.shared.sums import doubts_of, leaves_reasoning_out

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


class UsageCount:
    """The usage of one answer, as its chunks or its whole body say it.

    Attributes:
        usage: the counts so far, None where none were said.
        place: where they were said last.
    """

    def __init__(self, log: FindingLog) -> None:
        self.usage: Usage | None = None
        self.place: Place = NOWHERE
        self._log = log
        self._raw: dict[str, Any] | None = None
        self._objects = 0
        self._with_choices = False
        self._elsewhere = ""
        self._over = False  # a chunk gave a finish_reason: of one choice no output follows that a later usage could count
        self._counted_whole = False  # the last usage came with it, or behind it

    def add(self, chunk: dict[str, Any], *, with_choices: bool) -> None:
        """Take what a chunk counts. Where no SDK looks it is read only as long as none stands where it belongs."""
        usage = chunk.get("usage")
        self._over = self._over or _is_finished(chunk)
        if isinstance(usage, dict) and usage:
            if self._elsewhere:
                self._raw, self._elsewhere = None, ""
            self._objects += 1
            self._with_choices = with_choices
        else:
            where, usage = _usage_elsewhere(chunk)
            if self._objects or not usage:
                return
            self._elsewhere = where
        before, self.place = self.usage, self._log.place
        self._raw = merge_usage(self._raw or {}, usage)
        self.usage = read_usage(self._raw)
        was, now = before and before.output_tokens, self.usage.output_tokens
        if was and now is not None and now < was:
            self._log.note(rules.USAGE_SHRANK, before=was, now=now)
        elif self._counted_whole and now != was:
            self._log.note(rules.USAGE_DIFFERS, variant="output", before=was, now=now)
        self._counted_whole = self._over and bool(now)
        was, now = before and before.input_tokens, self.usage.input_tokens
        if was and now is not None and now != was:
            self._log.note(rules.USAGE_DIFFERS, before=was, now=now)

    def findings_of_stream(self, *, asked: bool) -> Iterator[Finding]:
        """A stream is over: did usage come where it belongs? `asked`: the request wanted it."""
        if self._objects > 2:
            yield Finding.of(rules.USAGE_EVERYWHERE, self.place, count=self._objects)
        elif self._with_choices:
            yield Finding.of(rules.USAGE_BESIDE_CHOICES, self.place)
        elif asked and not self._objects:
            variant = "elsewhere" if self._elsewhere else ""
            yield Finding.of(rules.USAGE_MISSING, self.place, variant=variant, field=self._elsewhere)

    def findings(self, *, due: bool, has_content: bool) -> Iterator[Finding]:
        """The answer is over: what of its counts can't be. `due`: a whole answer, which has to have them."""
        if self.usage is not None:
            if self.usage.output_tokens == 0 and has_content:
                yield Finding.of(any_rules.OUTPUT_ZERO, self.place, name=_OUTPUT[0])
            yield from contradictions(self.usage, self.place)
        elif due:
            yield Finding.of(rules.USAGE_UNSAID, self.place)


def _is_finished(chunk: dict[str, Any]) -> bool:
    choices = chunk.get("choices")
    return isinstance(choices, list) and any(isinstance(one, dict) and one.get("finish_reason") for one in choices)


def _usage_elsewhere(chunk: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Usage where no SDK looks for it: Groq's own field, Moonshot's in the choice."""
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    for where, holder in (("x_groq", chunk.get("x_groq")), ("choices[]", first)):
        if isinstance(holder, dict) and isinstance(usage := holder.get("usage"), dict) and usage:
            return f"{where}.usage", usage
    return "", {}


def merge_usage(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """A later usage object over an earlier one: counts are cumulative, so the later wins where it says something."""
    return before | {key: value for key, value in now.items() if value is not None or key not in before}


def read_usage(raw: dict[str, Any]) -> Usage:
    """The counts as the endpoint meant them; None where it said none, or no whole number."""
    count, output, reasoning = (_first(raw, places) for places in (_INPUT, _OUTPUT, _REASONING))
    total = as_count(raw.get("total_tokens"))
    if output is not None and reasoning is not None and leaves_reasoning_out(count, output, reasoning, total):
        output += reasoning
    return Usage(
        input_tokens=count,
        output_tokens=output,
        cache_read_tokens=_first(raw, _CACHE_READ),
        cache_write_tokens=_first(raw, _CACHE_WRITE),
        reasoning_tokens=reasoning,
        raw=raw,
        doubts=doubts_of(count, output, reasoning, total),
    )


def contradictions(usage: Usage, place: Place = NOWHERE) -> Iterator[Finding]:
    """What can't be true in a usage object (PROTOCOLS 3.3), which stood at a place."""
    raw = usage.raw
    unsaid = [key for key in _COUNTS[:2] if raw.get(key) is None]
    if unsaid:
        yield Finding.of(rules.USAGE_HOLLOW, place, missing=unsaid, keys=", ".join(list(raw)[:5])[:80])
    places = (*_COUNTS, *_CACHE_READ, *_CACHE_WRITE, *_REASONING)
    odd = [f"{one}: {shown(value)}" for one in places if (value := _at(raw, one)) is not None and as_count(value) is None]
    if odd:
        yield Finding.of(rules.COUNT_ODD, place, counts=", ".join(odd)[:200])
    inside, total, output = usage.input_tokens, as_count(raw.get("total_tokens")), _first(raw, _OUTPUT)
    beside = leaves_reasoning_out(inside, output, usage.reasoning_tokens, total)
    if not beside and inside is not None and output is not None and total not in (None, inside + output):
        yield Finding.of(rules.TOTAL_WRONG, place, input=inside, output=output, total=total)
    if inside == 0:
        yield Finding.of(any_rules.INPUT_ZERO, place, name=_INPUT[0])
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    if inside and cached > inside:
        yield Finding.of(any_rules.CACHE_EXCEEDS_INPUT, place, name=_INPUT[0], cached=cached, count=inside)
    if beside or (output is not None and (usage.reasoning_tokens or 0) > output):
        fields: dict[str, object] = {"name": _OUTPUT[0], "reasoning": usage.reasoning_tokens, "count": output, "total": total}
        yield Finding.of(any_rules.REASONING_OUTSIDE_OUTPUT, place, variant="beside" if beside else "", **fields)
    if (cached_in := _named_otherwise(raw)) is not None:
        yield Finding.of(rules.CACHE_NAMED_OTHERWISE, place, name=cached_in, count=_first(raw, _CACHE_READ))


def _named_otherwise(raw: dict[str, Any]) -> str | None:
    """Where cached tokens are counted, if not where OpenAI's SDKs have them."""
    place = next((one for one in _CACHE_READ if as_count(_at(raw, one))), None)
    return None if place in (None, _CACHE_READ[0]) or as_count(_at(raw, _CACHE_READ[0])) else place


def _first(raw: dict[str, Any], places: tuple[str, ...]) -> int | None:
    return next((count for place in places if (count := as_count(_at(raw, place))) is not None), None)


def _at(raw: dict[str, Any], place: str) -> object:
    outer, dot, inner = place.partition(".")
    value = raw.get(outer)
    if not dot:
        return value
    return value.get(inner) if isinstance(value, dict) else None
