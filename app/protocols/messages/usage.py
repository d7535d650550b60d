"""The usage of a Messages answer: message_start's counts, overwritten by message_delta's, never added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.protocols.any.rules import INPUT_ZERO
from app.protocols.findings import NOWHERE, Finding, Place
from app.protocols.messages.blocks import Json
from app.protocols.messages.rules_content import (
    CACHE_IN_INPUT,
    CACHE_MAYBE_IN_INPUT,
    CACHE_NAMED_OTHERWISE,
    CACHE_PARTS_DIFFER,
    COUNTS_NAMED_OTHERWISE,
    INPUT_COUNTED_TWICE,
    INPUT_LATE,
    OUTPUT_FELL,
    USAGE_WRONG,
)
from app.protocols.reading import Usage
from app.protocols.shared.counts import as_count
from app.text.sentences import message

_INPUT_FIELDS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_COUNTS = (*_INPUT_FIELDS, "output_tokens")
# Where converters count cached tokens instead, outside the Messages API's input_tokens.
_FOREIGN_NAMES = {
    "cache_creation_input_tokens": ("cache_write_input_tokens", "cache_write_tokens", "cache_creation_tokens"),
    "cache_read_input_tokens": ("cache_hit_input_tokens", "cache_read_tokens", "cached_tokens", "prompt_cache_hit_tokens"),
}
# OpenAI's names of what the Messages API counts under its own.
_OPENAI_NAMES = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
# OpenAI's own, which are a part of its input: a converter that keeps them has kept the input as well.
_OPENAI_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_MAYBE_TWICE = message("The cached tokens may stand in input_tokens as well: the cost may be too high.")
_MAX_FALLS = 3
# No text has more characters a token than this, beyond a few; a row of blanks or dashes may come near it.
_MAX_CHARACTERS_A_TOKEN, _SPARE_CHARACTERS = 50, 200


class UsageTally:
    """Merges usage objects as they come.

    Attributes:
        raw: the endpoint's own fields, merged. Empty where no usage came.
        last: where the last one came.
        of_openai: the answer's model or id is OpenAI's.
        output_was_said: whether a message_delta (or a whole answer) said something of the output tokens; A31 checks what.
    """

    def __init__(self) -> None:
        self.raw: Json = {}
        self.last = NOWHERE
        self.of_openai = False
        self.output_was_said = False
        self._first: Json | None = None  # what was said of the input first
        self._first_at = NOWHERE
        self._said_input_late = False
        self._is_whole = False
        self._last_output: int | None = None
        self._output_is_null = False  # as the last message_delta has it
        self._falls: list[tuple[int, int]] = []  # from which count to which
        self._fell_at = NOWHERE
        self._taken: dict[str, int] = {}  # counts that stand under OpenAI's names alone, by the protocol's

    def start(self, usage: Json, place: Place) -> None:
        """The usage of message_start; a second one does not undo what a message_delta said."""
        if self._first is None:
            self._first, self._first_at = usage, place
        self._take(usage, "input_tokens")  # of the output it counts no more than the first few
        self.raw = _without_nulls(usage) | self.raw

    def whole(self, usage: Json, place: Place) -> None:
        """The usage of an unstreamed answer."""
        self._first, self._is_whole = usage, True
        self.update(usage, place)

    def update(self, usage: Json, place: Place) -> None:
        """The usage of a message_delta: what is not null overwrites."""
        said = _without_nulls(usage | self._take(usage, *_OPENAI_NAMES))
        self._output_is_null = "output_tokens" in usage and "output_tokens" not in said
        self.raw |= _without_nulls(usage)
        self.last = place
        self._said_input_late |= "input_tokens" in said
        self.output_was_said |= "output_tokens" in said
        if (count := as_count(said.get("output_tokens"))) is None:
            return
        if self._last_output is not None and count < self._last_output and len(self._falls) < _MAX_FALLS:
            self._falls.append((self._last_output, count))
            self._fell_at = place
        self._last_output = count

    def read(self) -> Usage | None:
        """As the vocabulary of readings has it; None where no usage came.

        message_start's output_tokens is a count of the first few (PROTOCOLS 1A.5), not of the answer: it is left out.
        """
        if not self.raw:
            return None
        counts = self._input_counts()
        inside, maybe = self._holds_cache(counts), self._may_hold_cache(counts)
        return Usage(
            input_tokens=counts["input_tokens"],
            output_tokens=self._last_output,
            cache_read_tokens=counts["cache_read_input_tokens"],
            cache_write_tokens=counts["cache_creation_input_tokens"],
            reasoning_tokens=as_count(self._thinking()),
            raw=dict(self.raw),
            cache_in_input=True if inside or maybe == "start" else None,
            doubts=(_MAYBE_TWICE,) if maybe and not inside else (),
        )

    def _take(self, usage: Json, *names: str) -> dict[str, int]:
        """The counts of these that a usage has under OpenAI's names alone, which are noted. Where message_start counted the
        input by its own name that stays, and what comes under its own name later counts in their place.
        """
        found = _under_openais_names(usage, names)
        if as_count(self.raw.get("input_tokens")):
            found.pop("input_tokens", None)
        own = [name for name in names if as_count(usage.get(name))]
        self._taken = {name: count for name, count in (self._taken | found).items() if name not in own}
        return found

    @property
    def _counted(self) -> Json:
        """All that was said, by the protocol's names."""
        return self.raw | self._taken

    def _input_counts(self) -> dict[str, int | None]:
        """The counts of the input by the protocol's names; those under a foreign name stand where the own one is missing."""
        counted = self._counted
        counts = {name: as_count(counted.get(name)) for name in _INPUT_FIELDS}
        return counts | {name: count for name, (_, count) in self._named_otherwise().items()}

    def _named_otherwise(self) -> dict[str, tuple[str, int]]:
        """By the protocol's names: the name that stands there instead, and its count. None that is 0."""
        found: dict[str, tuple[str, int]] = {}
        for name, others in _FOREIGN_NAMES.items():
            places = [(other, self.raw.get(other)) for other in others]
            if name == "cache_read_input_tokens":
                details = ((outer, self.raw.get(outer)) for outer in _OPENAI_DETAILS)
                places += [(f"{outer}.cached_tokens", of.get("cached_tokens")) for outer, of in details if isinstance(of, dict)]
            counted = ((other, count) for other, value in places if (count := as_count(value)))
            if not as_count(self.raw.get(name)) and (first := next(counted, None)):
                found[name] = first
        return found

    def _holds_cache(self, counts: dict[str, int | None]) -> bool:
        """Whether input_tokens holds what was cached: it is their very sum, or they are told as OpenAI tells them."""
        cached = sum(counts[name] or 0 for name in _INPUT_FIELDS[1:])
        openai = any("." in other for other, _ in self._named_otherwise().values())
        return bool(cached) and (counts["input_tokens"] == cached or (openai and (counts["input_tokens"] or 0) >= cached))

    def _may_hold_cache(self, counts: dict[str, int | None]) -> str:
        """The variant of the finding that says why input_tokens may hold what was cached; "" where nothing tells so.

        start: message_start counted the input and nothing cached, message_delta only what was cached. The official endpoint
        tells of the cache in message_start, so the first figure is of somebody who knew of no cache.
        openai: the model or the ids are OpenAI's, whose count of the input holds the cached tokens, and it is large enough.
        """
        read, given = counts["cache_read_input_tokens"] or 0, counts["input_tokens"] or 0
        first = self._first or {}
        cached_first = sum(as_count(first.get(name)) or 0 for name in _INPUT_FIELDS[1:])
        if given and read and not (self._is_whole or cached_first or self._said_input_late or self._grows_by_right):
            return "start"
        return "openai" if self.of_openai and given >= read > 0 else ""

    def _thinking(self) -> Any:
        details = self.raw.get("output_tokens_details")
        return details.get("thinking_tokens") if isinstance(details, dict) else None

    def findings(self, *, characters: int, complete: bool) -> Iterator[Finding]:
        """Findings of the counts. `characters`: how many were generated, 0 where that says nothing of the count (a refusal).
        `complete`: the answer came to its end, so that the last counts are known.
        """
        yield from self._input_findings(complete)
        if complete:
            yield from self._cache_findings()
        if self._falls:
            yield self._fall()
        if not complete:
            return
        for name, value in self._all_counts():
            if value is not None and as_count(value) is None:
                yield Finding.of(USAGE_WRONG, self.last, name=name, value=repr(value)[:60])
        yield from self._output_findings(characters)
        if self._taken:
            counts = [f"{_OPENAI_NAMES[name]} {count}" for name, count in self._taken.items()]
            yield Finding.of(COUNTS_NAMED_OTHERWISE, self.last, counts=counts)

    def _cache_findings(self) -> Iterator[Finding]:
        for name, (other, count) in self._named_otherwise().items():
            yield Finding.of(CACHE_NAMED_OTHERWISE, self.last, name=other, right=name, count=count)
        yield from self._cache_parts()
        counts = self._input_counts()
        given, read, written = counts["input_tokens"], counts["cache_read_input_tokens"], counts["cache_creation_input_tokens"]
        fields: dict[str, object] = {"input": given, "read": read or 0, "written": written or 0}
        if self._holds_cache(counts):
            yield Finding.of(CACHE_IN_INPUT, self.last, variant="", **fields)
        elif variant := self._may_hold_cache(counts):
            variant = "" if variant == "start" else variant
            yield Finding.of(CACHE_MAYBE_IN_INPUT, self.last, variant=variant, **fields)

    def _cache_parts(self) -> Iterator[Finding]:
        """Whether what was written to the cache is the sum of its parts, by how long they stay there."""
        parts, count = self.raw.get("cache_creation"), as_count(self.raw.get("cache_creation_input_tokens"))
        counts = [as_count(one) for one in parts.values()] if isinstance(parts, dict) else []
        known = [one for one in counts if one is not None]
        if known and count is not None and len(known) == len(counts) and sum(known) != count:
            yield Finding.of(CACHE_PARTS_DIFFER, self.last, count=count, parts=sum(known))

    def _fall(self) -> Finding:
        fields: dict[str, object] = {}
        for number, (before, after) in enumerate(self._falls, 1):
            suffix = f"_{number}" if number > 1 else ""
            fields |= {f"before{suffix}": before, f"after{suffix}": after}
        return Finding.of(OUTPUT_FELL, self._fell_at, variant=("", "twice", "often")[len(self._falls) - 1], **fields)

    def _input_findings(self, complete: bool) -> Iterator[Finding]:
        first = self._first
        if first is None:
            return
        if "input_tokens" in self._taken:
            first = first | _under_openais_names(first, ("input_tokens",))
        counted = self._counted
        before, later = _total_input(first), _total_input(counted)
        if not before:
            yield from self._no_input(first.get("input_tokens"), complete)
        elif later < before and as_count(counted.get("input_tokens")) == 0:
            yield Finding.of(USAGE_WRONG, self.last, variant="taken_back", before=before, after=later)
        elif later != before and self._said_input_late and not self._grows_by_right:
            yield Finding.of(INPUT_COUNTED_TWICE, self.last, before=_as_said(first), after=_as_said(counted))

    def _no_input(self, said: object, complete: bool) -> Iterator[Finding]:
        """The first usage has no input; the end may have counted some."""
        if "input_tokens" in self._taken:  # counted, under another name, which has a finding of its own
            return
        unsaid, text = said is None, f"{said!s:.40}"
        if _total_input(self.raw):
            late = _as_said(self.raw)
            yield Finding.of(INPUT_LATE, self._first_at, variant="unsaid" if unsaid else "", said=text, counts=late)
        elif complete and (unsaid or as_count(said) is not None):  # of a cut stream nobody knows; what is no count is A31
            variant = ("unsaid" if unsaid else "said") + ("_whole" if self._is_whole else "")
            yield Finding.of(INPUT_ZERO, self._first_at, variant=variant, said=text)

    @property
    def _grows_by_right(self) -> bool:
        """Whether the model was asked several times: what server tools find, and compactions, are input of the same answer."""
        return bool(self.raw.get("server_tool_use") or self.raw.get("iterations"))

    def _output_findings(self, characters: int) -> Iterator[Finding]:
        output, thinking = as_count(self._counted.get("output_tokens")), as_count(self._thinking())
        if self._last_output and self._output_is_null:
            yield Finding.of(USAGE_WRONG, self.last, variant="output_taken_back", before=self._last_output)
        if output == 0 and characters and self.output_was_said:  # else it is message_start's, and A22 tells of it
            yield Finding.of(USAGE_WRONG, self.last, variant="zero")
        elif output and characters > output * _MAX_CHARACTERS_A_TOKEN + _SPARE_CHARACTERS:
            yield Finding.of(USAGE_WRONG, self.last, variant="few", count=output, characters=characters)
        if output is not None and thinking is not None and thinking > output:
            yield Finding.of(USAGE_WRONG, self.last, variant="thinking", thinking=thinking, count=output)

    def _all_counts(self) -> list[tuple[str, object]]:
        counted = self._counted
        return [*((name, counted.get(name)) for name in _COUNTS), ("thinking_tokens", self._thinking())]


def _under_openais_names(usage: Json, names: Iterable[str]) -> dict[str, int]:
    """What a usage counts under OpenAI's names alone, by the protocol's; none that is 0."""
    return {
        name: count for name in names if not as_count(usage.get(name)) and (count := as_count(usage.get(_OPENAI_NAMES[name])))
    }


def _total_input(usage: Json) -> int:
    return sum(as_count(usage.get(name)) or 0 for name in _INPUT_FIELDS)


def _as_said(usage: Json) -> list[str]:
    """The counts of the input as they stand on the wire, those of the cache where there is something in it."""
    counts = {name: as_count(usage.get(name)) for name in _INPUT_FIELDS}
    return [f"{name} {count}" for name, count in counts.items() if count or (name == "input_tokens" and count is not None)]


def _without_nulls(usage: Json) -> Json:
    return {name: value for name, value in usage.items() if value is not None}
