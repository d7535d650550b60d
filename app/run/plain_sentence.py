"""What differs between two sides, in everyday words for people who don't code: no term of the trade, no cause, no figure
that is not a time."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.recording.records import ProfileNote
from app.run.differences import about_the_same
from app.run.plain_facts import ENDED_WELL, RUNNING, PlainFacts, Story, plain_facts
from app.run.side import Side
from app.text import numbers
from app.text.sentences import Phrase, Span, in_a_row, message, spans

_SAME_IN_GULPS = (
    "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave the same answer in"
    " **{gulps:select 0=gulps|2=two gulps|3=three gulps|4=four gulps|5=five gulps|6=six gulps|7=seven gulps|8=eight"
    " gulps|9=nine gulps|10=ten gulps|11=eleven gulps|12=twelve gulps|{gulps:grouped} gulps}**."
)
_OWN_IN_GULPS = (
    "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave an answer of its own in"
    " **{gulps:select 0=gulps|2=two gulps|3=three gulps|4=four gulps|5=five gulps|6=six gulps|7=seven gulps|8=eight"
    " gulps|9=nine gulps|10=ten gulps|11=eleven gulps|12=twelve gulps|{gulps:grouped} gulps}**."
)
_SAME_AT_ONCE = (
    "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave the same answer **all at once**."
)
_OWN_AT_ONCE = (
    "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave an answer of its own **all at once**."
)
_SAME_WORDS = "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave **the same answer**."
_OWN_WORDS = "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**, then gave an answer of its own."
_LATER = "{late} kept you waiting **{by} {unit:select min=minutes|seconds} longer**."
_TOGETHER_SAME = "Both began to answer **at the same time**, and gave **the same answer**."
_TOGETHER_OWN = "Both began to answer **at the same time**, each with an answer of its own."
_TOGETHER = "Both began to answer **at the same time**."
_NO_TIMES_SAME = "Both gave **the same answer**. When it came is not in this recording."
_NO_TIMES_OWN = "Both answered, each with an answer of its own. When that came is not in this recording."
_IN_GULPS = (
    "The words of {name} came in **{gulps:select 0=gulps|2=two gulps|3=three gulps|4=four gulps|5=five gulps|6=six"
    " gulps|7=seven gulps|8=eight gulps|9=nine gulps|10=ten gulps|11=eleven gulps|12=twelve gulps|{gulps:grouped}"
    " gulps}**."
)
_AT_ONCE = "The words of {name} came **all at once**."
_BOTH_IN_GULPS = "The words of both came in gulps."
_DONE_SOONER = "Even so, {name} was done **{by} {unit:select min=minutes|seconds} sooner**."
_TOOK_LONGER = "{name} took **{by} {unit:select min=minutes|seconds} longer** to finish."
_ALONE = (
    "{name} began to answer after **{first} {first_unit:select min=minutes|seconds}**, and was done after {by}"
    " {unit:select min=minutes|seconds}."
)
_ALONE_WHOLE = "{name} answered after **{by} {unit:select min=minutes|seconds}**, all at once."
_ALONE_NO_TIMES = "{name} answered. When that came is not in this recording."
_ONLY_ONE = "**Only {good} answered**, after {by} {unit:select min=minutes|seconds}."
_ONLY_ONE_NO_TIMES = "**Only {good} answered.**"
_NEITHER = "**Neither of the two answered.**"

_ENDED: dict[Story, str] = {
    Story.WHOLE_UNSAID: "{name} did not say that it was done; nothing seems to be missing.",
    Story.WORDLESS: "{name} ended **without saying a word**.",
    Story.ASKED_BACK: "{name} wanted to look something up, and **never came to an answer**.",
    Story.CUT: "The answer of {inside} was **cut off** because it was too long.",
    Story.CUT_WORDLESS: "{name} was **cut off before its first word**.",
    Story.WITHHELD: "The answer of {inside} was **held back by a filter**.",
    Story.DECLINED: "{name} **declined to answer**.",
    Story.BROKE_OFF: "{name} **broke off in the middle**{by:if , after {by} {unit:select min=minutes|seconds}}.",
    Story.SILENT: "{name} **said nothing**{by:if  for {by} {unit:select min=minutes|seconds}}, and was given up.",
    Story.UNREACHED: "{name} **could not be reached**.",
    Story.REFUSED: "{name} **refused** the question.",
    Story.NO_ANSWER: "What {inside} sent **is no answer**.",
    Story.STOPPED: "{name} was stopped by hand{by:if , after {by} {unit:select min=minutes|seconds}}.",
    Story.INTERRUPTED: "The recording of {inside} **breaks off**, which is no fault of its own.",
}


class Name(msgspec.Struct, frozen=True):
    """A side's name at the beginning of a sentence, and inside one."""

    first: str
    inside: str


def plain_sentence(a: Side, b: Side | None, names: tuple[Name, Name]) -> tuple[Span, ...]:
    """The sentence, once both have ended; () before that. It says nothing that was not measured in this run."""
    first, second = plain_facts(a), plain_facts(b) if b is not None else None
    if first.story in RUNNING or (second is not None and second.story in RUNNING):
        return ()
    told = _alone(first, names[0]) if second is None else _both(first, second, names)
    return in_a_row(spans(template, fields) for template, fields in told)


_OFFICIAL = Name(Phrase(message("The official one")), Phrase(message("the official one")))
_RELAY = Name(Phrase(message("The relay")), Phrase(message("the relay")))
_EVERYDAY = {("official", "relay"): (_OFFICIAL, _RELAY), ("relay", "official"): (_RELAY, _OFFICIAL)}


def plain_names(a: ProfileNote, b: ProfileNote) -> tuple[Name, Name]:
    """Everyday words where the endpoints are labelled as the official one and the relay, else the endpoints' own names."""
    named = _EVERYDAY.get((a.label, b.label))
    return named or (Name(a.name, a.name), Name(b.name, b.name))


_Told = Iterator[tuple[str, dict[str, object]]]


def _both(a: PlainFacts, b: PlainFacts, names: tuple[Name, Name]) -> _Told:
    good = [(one, name) for one, name in zip((a, b), names, strict=True) if one.story in ENDED_WELL]
    bad = [(one, name) for one, name in zip((a, b), names, strict=True) if one.story not in ENDED_WELL]
    if not bad:
        yield from _answered(a, b, names)
    elif good:
        one, name = good[0]
        yield (_ONLY_ONE_NO_TIMES if one.last_ms is None else _ONLY_ONE), {"good": name.inside, **_length(one.last_ms)}
    elif a.story is not b.story:
        pass  # each says its own
    else:
        yield _NEITHER, {}
    for one, name in (*good, *bad):
        yield from _ended(one, name)


def _ended(one: PlainFacts, name: Name) -> _Told:
    if one.story is not Story.ANSWERED:
        yield _ENDED[one.story], {"name": name.first, "inside": name.inside, **_length(one.last_ms)}


def _answered(a: PlainFacts, b: PlainFacts, names: tuple[Name, Name]) -> _Told:
    """Both gave an answer, such as it is."""
    same = a.text == b.text
    whole = a.story is not Story.CUT and b.story is not Story.CUT
    if a.first_ms is None or b.first_ms is None:
        yield (_NO_TIMES_SAME if same else _NO_TIMES_OWN), {}
        return
    if about_the_same(a.first_ms, b.first_ms):
        yield (_TOGETHER if not whole else _TOGETHER_SAME if same else _TOGETHER_OWN), {}
        yield from _gulps((a, b), names)
        yield from _longer(a, b, names)
        return
    late, early = (b, a) if b.first_ms > a.first_ms else (a, b)
    late_name, early_name = (names[1], names[0]) if late is b else (names[0], names[1])
    fields = {"late": late_name.first, "gulps": late.gulps, **_length(abs(b.first_ms - a.first_ms))}
    yield (_later(late, same=same) if whole else _LATER), fields
    if early.gulps is not None and late.gulps is None:
        yield from _gulps((early,), (early_name,))
    late_ms, early_ms = late.last_ms, early.last_ms
    if late_ms is not None and early_ms is not None and late_ms < early_ms and not about_the_same(late_ms, early_ms):
        yield _DONE_SOONER, {"name": late_name.inside, **_length(early_ms - late_ms)}


def _later(late: PlainFacts, *, same: bool) -> str:
    if late.gulps is None:
        return _SAME_WORDS if same else _OWN_WORDS
    if late.gulps == 1:
        return _SAME_AT_ONCE if same else _OWN_AT_ONCE
    return _SAME_IN_GULPS if same else _OWN_IN_GULPS


def _gulps(sides: tuple[PlainFacts, ...], names: tuple[Name, ...]) -> _Told:
    coming = [(one, name) for one, name in zip(sides, names, strict=True) if one.gulps is not None]
    if len(coming) == 2:
        yield _BOTH_IN_GULPS, {}
        return
    for one, name in coming:
        yield (_AT_ONCE if one.gulps == 1 else _IN_GULPS), {"name": name.inside, "gulps": one.gulps}


def _longer(a: PlainFacts, b: PlainFacts, names: tuple[Name, Name]) -> _Told:
    if a.last_ms is not None and b.last_ms is not None and not about_the_same(a.last_ms, b.last_ms):
        slow = names[1] if b.last_ms > a.last_ms else names[0]
        yield _TOOK_LONGER, {"name": slow.first, **_length(abs(b.last_ms - a.last_ms))}


def _alone(one: PlainFacts, name: Name) -> _Told:
    if one.story in ENDED_WELL:
        if one.first_ms is None or one.last_ms is None:
            yield _ALONE_NO_TIMES, {"name": name.first}
        elif one.gulps == 1:
            yield _ALONE_WHOLE, {"name": name.first, **_length(one.last_ms)}
        else:
            first = _length(one.first_ms)
            fields = {"name": name.first, "first": first["by"], "first_unit": first["unit"], **_length(one.last_ms)}
            yield _ALONE, fields
    yield from _ended(one, name)


def _length(ms: float | None) -> dict[str, object]:
    """A time as the fields of a template: the number, as finely as people say it, and its unit."""
    if ms is None:
        return {"by": "", "unit": "s"}
    number, unit = spoken(ms)
    return {"by": number, "unit": unit}


def spoken(ms: float) -> tuple[str, str]:
    """`0.4`, `12` or `2.5`, and "s" or "min"."""
    seconds = ms / 1e3
    if seconds >= 119.5:
        return numbers.grouped(seconds / 60, 1), "min"
    return numbers.grouped(seconds, 0 if seconds >= 9.95 else 1 if seconds >= 0.095 else 2), "s"
