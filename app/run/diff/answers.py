"""The answers of both sides, round by round: text, reasoning and tool calls, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise, zip_longest

from app.exchange.exchange import Exchange
from app.protocols.reading import Reading, ToolCall
from app.recording.records import SideName
from app.run.diff.alignment import Match, align
from app.run.diff.facts import AnswersDiff, CallDiff, RoundDiff, TextDiff, Why
from app.run.diff.texts import compare_roughly, compare_texts
from app.run.diff.values import compare_values
from app.run.side import Side
from app.text.sentences import Phrase, message

_NOTHING = Reading()
_NAMELESS = Phrase(message("(no name)"))  # a call that came without one is a call all the same


def compare_answers(a: Side, b: Side, *, by_letter: bool = False, roughly: bool = False) -> AnswersDiff:
    """All rounds; `roughly`: of long texts only where they begin and end to differ. A side whose answers hold nothing at all
    can't be compared."""
    empty: list[SideName] = [one.name for one in (a, b) if not any(map(_says_anything, one.rounds))]
    if empty:
        return AnswersDiff(why=Why.NO_ANSWER, side=empty[0] if len(empty) == 1 else None)
    pairs = zip_longest(a.rounds, b.rounds)
    compare = compare_roughly if roughly else partial(compare_texts, by_letter=by_letter)
    return AnswersDiff(tuple(_round(number, *pair, compare) for number, pair in enumerate(pairs, 1)))


def _says_anything(one: Exchange) -> bool:
    return bool(one.reading.text or one.reading.reasoning or one.reading.tool_calls)


def _round(number: int, a: Exchange | None, b: Exchange | None, compare: Callable[[str, str], TextDiff]) -> RoundDiff:
    ours, theirs = (one.reading if one is not None else _NOTHING for one in (a, b))
    return RoundDiff(
        number,
        compare(ours.text, theirs.text),
        compare(ours.reasoning, theirs.reasoning),
        tuple(_calls(ours.tool_calls, theirs.tool_calls)),
        "a" if a is None else "b" if b is None else None,
    )


def _calls(ours: list[ToolCall], theirs: list[ToolCall]) -> Iterator[CallDiff]:
    """Calls of one name are matched in order; between two matches those that are left stand beside each other."""
    edges = [
        Match(0, 0, 0),
        *align([one.name for one in ours], [one.name for one in theirs]).matches,
        Match(len(ours), len(theirs), 0),
    ]
    for one, then in pairwise(edges):
        for step in range(one.length):
            yield _call(ours[one.a + step], theirs[one.b + step])
        between = zip_longest(ours[one.a + one.length : then.a], theirs[one.b + one.length : then.b])
        for a, b in between:
            yield _call(a, b)


def _call(a: ToolCall | None, b: ToolCall | None) -> CallDiff:
    names = (a.name or _NAMELESS) if a else "", (b.name or _NAMELESS) if b else ""
    arguments = a.arguments_text if a else "", b.arguments_text if b else ""
    if a is None or b is None:
        return CallDiff(*names, *arguments)
    if a.parsed and b.parsed:
        return CallDiff(*names, *arguments, compare_values(a.arguments, b.arguments))
    return CallDiff(*names, *arguments, None, compare_texts(*arguments))
