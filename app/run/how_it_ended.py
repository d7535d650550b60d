"""How the answers of completed sides ended: what a comparison says before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from app.protocols.any import rules_end
from app.protocols.ends import CUT_SHORT, AnswerEnd, end_word
from app.protocols.findings import Finding, Rule
from app.run import claims as say
from app.run.claims import Claim
from app.run.side import Side

_SAID_OF_TOOLS = frozenset({AnswerEnd.BY_ITSELF, AnswerEnd.TOOL_CALL})  # `Called` tells how these differ
_CUT_AT = frozenset({AnswerEnd.LIMIT, AnswerEnd.CONTEXT, AnswerEnd.INCOMPLETE})
_MIN_SAME_CHARACTERS = 20  # a word or two may well be the same by chance
_LIMITS = (rules_end.LIMIT_EARLY, rules_end.LIMIT_WITHOUT_CONTENT)


def how_it_ended(*sides: Side) -> Iterator[Claim]:
    """What has to be said of the ends, and of what was done unasked; of a single side, or of two."""
    yield from _ends(*sides)
    for side in sides:
        yield from _odd(side)
    silent = tuple(side.name for side in sides if side.misses_call)
    if silent and len(silent) == len(sides):  # else `Called` tells it
        yield say.NoToolCalled(silent)


def _ends(*sides: Side) -> Iterator[Claim]:
    ends = {side.end for side in sides}
    if len(sides) == 2 and len(ends) == 1 and ends <= CUT_SHORT:
        a, b = sides
        yield say.BothEnded(a.end, _word(a), _word(b))
    elif ends & CUT_SHORT or not _are_alike(*sides):
        cut_first = sorted(sides, key=lambda side: side.end not in CUT_SHORT | {AnswerEnd.UNSAID})
        told = [side for side in cut_first if not _found(side, *_LIMITS)]  # else the reason is no fact (`LimitNotReached`)
        yield from (say.AnswerEnded(side.name, side.end, _word(side), _cut_too(side, sides)) for side in told)


def _cut_too(side: Side, sides: tuple[Side, ...]) -> bool:
    """Whether it says that it ended by itself, and has the very words of an answer that was cut."""
    ours = _text(side)
    others = [one for one in sides if one is not side and one.end in _CUT_AT]
    return side.end is AnswerEnd.BY_ITSELF and len(ours) >= _MIN_SAME_CHARACTERS and any(_text(one) == ours for one in others)


def _text(side: Side) -> str:
    return side.last.reading.text.strip() if side.last is not None else ""


def _are_alike(*sides: Side) -> bool:
    """Whether nothing is to be told of the ends. Only Messages tells a stop sequence from an end of its own."""
    ends = {side.end for side in sides}
    if len(ends) == 1 or ends <= _SAID_OF_TOOLS:
        return True
    protocols = {side.last.protocol.id for side in sides if side.last is not None}
    return AnswerEnd.STOP_SEQUENCE in ends and len(protocols) > 1


def _word(side: Side) -> str:
    return end_word(side.last.reading) if side.last is not None else ""


def _odd(side: Side) -> Iterator[Claim]:
    """What contradicts the request: a reason that can't be true, a hosted tool that was not offered."""
    if one := _found(side, *_LIMITS):
        yield say.LimitNotReached(side.name, _number(one, "tokens"), _number(one, "limit"))
    if _found(side, rules_end.SEQUENCE_UNASKED):
        yield say.SequenceUnasked(side.name)
    if one := _found(side, rules_end.HOSTED_UNASKED):
        yield say.ToolUnasked(side.name, str(one.fields.get("name", "")))


def _found(side: Side, *rules: Rule) -> Finding | None:
    return next((one for _, one in side.findings if one.rule in rules), None)


def _number(finding: Finding, field: str) -> int:
    value = finding.fields.get(field)
    return value if isinstance(value, int) else 0
