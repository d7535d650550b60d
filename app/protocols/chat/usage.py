"""The usage of a Chat Completions answer: OpenAI's fields and its imitators', where they stand, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app.protocols.chat import rules_usage as found
from app.protocols.findings import NOWHERE, Place, Rule
from app.protocols.reading import Usage
from app.protocols.shared.counts import as_count

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

    def __init__(self, note: Callable[[Rule, str], None]) -> None:
        self.usage: Usage | None = None
        self.place: Place = NOWHERE
        self._note = note
        self._raw: dict[str, Any] | None = None
        self._objects = 0
        self._with_choices = False
        self._elsewhere = ""

    def add(self, chunk: dict[str, Any], place: Place, *, with_choices: bool) -> None:
        """Take what a chunk counts. Where no SDK looks it is read only as long as none stands where it belongs."""
        usage = chunk.get("usage")
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
        before, self.place = self.usage, place
        self._raw = merge_usage(self._raw or {}, usage)
        self.usage = read_usage(self._raw)
        was, now = before and before.output_tokens, self.usage.output_tokens
        if was and now is not None and now < was:
            self._note(found.USAGE_SHRANK, f"completion_tokens: {was}, then {now}")

    def judge_place(self, *, asked: bool) -> None:
        """A stream is over: did usage come where it belongs? `asked`: the request wanted it."""
        if self._objects > 2:
            self._note(found.USAGE_EVERYWHERE, str(self._objects))
        elif self._with_choices:
            self._note(found.USAGE_BESIDE_CHOICES, "")
        elif asked and not self._objects:
            self._note(found.USAGE_MISSING, f"; it stands in `{self._elsewhere}`" if self._elsewhere else "")

    def judge(self, *, due: bool, has_content: bool) -> None:
        """The answer is over: what of its counts can't be. `due`: a whole answer, which has to have them."""
        if self.usage is None:
            if due:
                self._note(found.USAGE_UNSAID, "")
            return
        if self.usage.output_tokens == 0 and has_content:
            self._note(found.OUTPUT_ZERO, "")
        for deviation, detail in contradictions(self.usage):
            self._note(deviation, detail)


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
    """The counts as the endpoint said them; None where it did not, or where it said no whole number."""
    return Usage(
        input_tokens=_first(raw, _INPUT),
        output_tokens=_first(raw, _OUTPUT),
        cache_read_tokens=_first(raw, _CACHE_READ),
        cache_write_tokens=_first(raw, _CACHE_WRITE),
        reasoning_tokens=_first(raw, _REASONING),
        raw=raw,
    )


def contradictions(usage: Usage) -> Iterator[tuple[Rule, str]]:
    """What can't be true in a usage object (PROTOCOLS 3.3), with its figures."""
    raw = usage.raw
    unsaid = [key for key in _COUNTS[:2] if raw.get(key) is None]
    if unsaid:
        yield found.USAGE_HOLLOW, f"{' and '.join(unsaid)} (it has {', '.join(list(raw)[:5])[:80]})"
    places = (*_COUNTS, *_CACHE_READ, *_CACHE_WRITE, *_REASONING)
    odd = [f"{place}: {value!r:.40}" for place in places if (value := _at(raw, place)) is not None and as_count(value) is None]
    if odd:
        yield found.COUNT_ODD, ", ".join(odd)
    inside, total = usage.input_tokens, as_count(raw.get("total_tokens"))
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
    return next((count for place in places if (count := as_count(_at(raw, place))) is not None), None)


def _at(raw: dict[str, Any], place: str) -> object:
    outer, dot, inner = place.partition(".")
    value = raw.get(outer)
    if not dot:
        return value
    return value.get(inner) if isinstance(value, dict) else None
