"""The streams of both sides, aligned by what their events mean: not by number, not by time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise

from app.exchange.exchange import Exchange
from app.exchange.outcome import Shape
from app.recording.records import SideName
from app.run.diff.alignment import Match, align
from app.run.diff.event_steps import Steps, steps_of
from app.run.diff.facts import EventPlace, EventRow, EventsDiff, Relation, RoundEvents, Sense, Step, Why
from app.run.side import Side

# What holds in every protocol.
_SHARED = frozenset({Sense.REASONING, Sense.TEXT, Sense.TOOL_CALL, Sense.STOP, Sense.ERROR})


def compare_events(a: Side, b: Side) -> EventsDiff:
    """The streams of the rounds that both sides have."""
    whole: list[SideName] = [one.name for one in (a, b) if one.first is None or one.first.shape is not Shape.EVENTS]
    if whole:
        return EventsDiff(why=Why.NOT_STREAMED, side=whole[0] if len(whole) == 1 else None)
    empty: list[SideName] = [one.name for one in (a, b) if not any(len(each.events) for each in one.rounds)]
    if empty:
        return EventsDiff(why=Why.NO_ANSWER, side=empty[0] if len(empty) == 1 else None)
    pairs = [(one, other) for one, other in zip(a.rounds, b.rounds, strict=False)
             if one.shape is other.shape is Shape.EVENTS]  # fmt: skip
    by_meaning = any(one.protocol.id != other.protocol.id for one, other in pairs)
    return EventsDiff(tuple(_round(number, *pair, by_meaning) for number, pair in enumerate(pairs, 1)), by_meaning)


def _round(number: int, a: Exchange, b: Exchange, by_meaning: bool) -> RoundEvents:
    ours, theirs = steps_of(a), steps_of(b)
    pings = (0, 0) if by_meaning else (ours.pings, theirs.pings)
    if by_meaning:
        ours, theirs = _shared(ours), _shared(theirs)
    rows = tuple(_rows(ours.steps, theirs.steps))
    return RoundEvents(number, rows, tuple(_places(rows)), *pings, ours.cut or theirs.cut)


def _shared(steps: Steps) -> Steps:
    """The steps that have a meaning in every protocol; of one that then follow each other the first and the last count."""
    kept: list[Step] = []
    for one in steps.steps:
        if one.sense not in _SHARED:
            continue
        if kept and kept[-1].sense is one.sense:
            kept[-1] = Step(one.sense, "", kept[-1].first, one.last, kept[-1].count + one.count)
        else:
            kept.append(Step(one.sense, "", one.first, one.last, one.count))
    return Steps(tuple(kept), steps.pings, steps.cut)


def _key(step: Step) -> str:
    return f"{step.sense} {step.name}"


def _rows(ours: tuple[Step, ...], theirs: tuple[Step, ...]) -> Iterator[EventRow]:
    keys = [_key(one) for one in ours], [_key(one) for one in theirs]
    counts = Counter(keys[0]), Counter(keys[1])
    edges = [Match(0, 0, 0), *align(*keys).matches, Match(len(ours), len(theirs), 0)]
    for one, then in pairwise(edges):
        for step in range(one.length):
            yield EventRow(ours[one.a + step], theirs[one.b + step])
        for lone in ours[one.a + one.length : then.a]:
            yield EventRow(lone, None, _relation(counts[1][_key(lone)], counts[0][_key(lone)]))
        for lone in theirs[one.b + one.length : then.b]:
            yield EventRow(None, lone, _relation(counts[0][_key(lone)], counts[1][_key(lone)]))


def _relation(there: int, here: int) -> Relation:
    """How a side with a step `there` times stands to the one that has it `here` times."""
    return Relation.NEVER if not there else Relation.LESS_OFTEN if there < here else Relation.ELSEWHERE


def _places(rows: tuple[EventRow, ...]) -> Iterator[EventPlace]:
    at = 0
    for kind, group in groupby(rows, key=lambda one: one.kind):
        lone = list(group)
        if kind is not None:
            yield _place(rows, at, lone)
        at += len(lone)


def _place(rows: tuple[EventRow, ...], at: int, lone: list[EventRow]) -> EventPlace:
    kind = lone[0].kind
    assert kind is not None
    keys = {_key(one.step) for one in lone}
    if len(keys) > 1:
        return EventPlace(kind, at, at + len(lone))
    numbers = [
        tuple(step.first for step in steps if step is not None and _key(step) in keys)
        for steps in ([one.a for one in rows], [one.b for one in rows])
    ]
    return EventPlace(kind, at, at + len(lone), lone[0].relation, *numbers)
