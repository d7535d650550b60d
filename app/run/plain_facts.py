"""What someone who doesn't code sees of a side: when its first word came, how it was written, how it ended."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.exchange.outcome import Outcome, Shape
from app.exchange.timing import Unmeasured, start_ns
from app.protocols.ends import AnswerEnd
from app.recording.records import EndKind, WireErrorCode
from app.run.endings import told_ms
from app.run.side import Side

_REFUSED_FROM = 400
_TIMEOUTS = frozenset(code for code in WireErrorCode if code.endswith("_timeout"))
_CUT = frozenset({AnswerEnd.LIMIT, AnswerEnd.CONTEXT, AnswerEnd.INCOMPLETE, AnswerEnd.PAUSE})


class Story(StrEnum):
    """How it went with one side, as far as it went."""

    WAITING = "waiting"  # nothing of an answer is there
    THINKING = "thinking"  # it shows that it reasons, and has no word yet
    LOOKING_UP = "looking_up"  # it has called a tool, and has no word yet
    WRITING = "writing"
    ANSWERED = "answered"
    WHOLE_UNSAID = "whole_unsaid"  # answered, but for the mark at its end
    WORDLESS = "wordless"  # it ended as if it were whole, and holds nothing
    ASKED_BACK = "asked_back"  # it called a tool, and no word came after that
    CUT = "cut"  # it was not allowed to be longer
    CUT_WORDLESS = "cut_wordless"  # before its first word
    WITHHELD = "withheld"  # by a filter
    DECLINED = "declined"
    BROKE_OFF = "broke_off"  # in the middle of the answer
    SILENT = "silent"  # it was waited for in vain, and given up
    UNREACHED = "unreached"
    REFUSED = "refused"  # by the endpoint, with an error
    NO_ANSWER = "no_answer"  # something came that is no answer
    STOPPED = "stopped"  # by the user
    INTERRUPTED = "interrupted"  # by a fault here


UNCOUNTED = 0  # gulps
ENDED_WELL = frozenset({Story.ANSWERED, Story.WHOLE_UNSAID, Story.CUT})
RUNNING = frozenset({Story.WAITING, Story.THINKING, Story.LOOKING_UP, Story.WRITING})


class PlainFacts(msgspec.Struct, frozen=True):
    """What is to be told of a side, in milliseconds since its start.

    `first_ms` is when the first word of the answer could be read, `last_ms` when it ended; None where that is not (yet) known.
    `gulps`: in so many it came, 1 for all at once, `UNCOUNTED` where there are several answers; None where it was written piece
    by piece. `word_by_word`: about as many pieces came as there are words.
    """

    story: Story
    text: str = ""
    first_ms: float | None = None
    last_ms: float | None = None
    gulps: int | None = None
    word_by_word: bool = False


def plain_facts(side: Side) -> PlainFacts:
    """What there is to tell of a side now."""
    story = _story(side)
    text = answer_text(side)
    last_ms = None if story in RUNNING else told_ms(side)
    first_ms = _first_word_ms(side) if text else None
    if first_ms is None and text and story in ENDED_WELL:
        first_ms = last_ms  # it came in one piece: nothing of it could be read before
    gulps = _gulps(side) if story in ENDED_WELL and text else None
    pieces = sum(len(one.events.content_events) for one in side.rounds)
    return PlainFacts(story, text, first_ms, last_ms, gulps, word_by_word=_by_word(text, pieces))


def _by_word(text: str, pieces: int) -> bool:
    """Whether there are at most two words to a piece; no more of a long text is looked at than tells that."""
    return len(text.split(maxsplit=2 * pieces)) <= 2 * pieces


def _gulps(side: Side) -> int | None:
    """In how many gulps it came. Of several answers a short one does not tell, so they are not counted together."""
    counts = [bursts.count for one in side.rounds if (bursts := one.timing.bursts) is not None]
    if len(side.rounds) > 1:
        return UNCOUNTED if any(count > 1 for count in counts) else None
    if counts:
        return counts[0]
    return 1 if side.timing.no_gaps is Unmeasured.NO_PIECES else None


def answer_text(side: Side) -> str:
    """The words of all rounds' answers."""
    return "\n\n".join(text for one in side.rounds if (text := one.reading.text.strip()))


def _first_word_ms(side: Side) -> float | None:
    """When the first round that has a word had its first, since the side's start."""
    begin = start_ns(side.first.recording) if side.first else None
    for one in side.rounds:
        began = start_ns(one.recording)
        if one.reading.text.strip():
            ms = one.timing.ttfo
            return None if ms is None or begin is None or began is None else ms + (began - begin) / 1e6
    return None


def _story(side: Side) -> Story:
    last, text = side.last, answer_text(side)
    if last is None:
        return Story.INTERRUPTED if side.fault else Story.WAITING
    match side.outcome:
        case Outcome.RUNNING:
            return _running(side, text)
        case Outcome.COMPLETED:
            return _completed(side, text)
        case Outcome.CANCELLED:
            return Story.STOPPED
        case Outcome.INTERRUPTED:
            return Story.INTERRUPTED
    if side.whole_but_for_end_mark:
        return Story.WHOLE_UNSAID
    if text:
        return Story.BROKE_OFF
    return _why_nothing(side)


def _running(side: Side, text: str) -> Story:
    if text:
        return Story.WRITING
    if any(one.reading.tool_calls for one in side.rounds):
        return Story.LOOKING_UP
    return Story.THINKING if any(one.reading.reasoning for one in side.rounds) else Story.WAITING


def _completed(side: Side, text: str) -> Story:
    end = side.end
    if end is AnswerEnd.REFUSAL:
        return Story.DECLINED
    if end is AnswerEnd.FILTER:
        return Story.WITHHELD
    if end in _CUT:
        return Story.CUT if text else Story.CUT_WORDLESS
    assert side.last is not None
    if not side.last.reading.text.strip():
        return Story.ASKED_BACK if side.last.reading.tool_calls else Story.WORDLESS
    return Story.ANSWERED


def _why_nothing(side: Side) -> Story:
    assert side.last is not None
    end, status = side.last.recording.end, side.last.status
    error = side.last.reading.error
    if status >= _REFUSED_FROM or (error is not None and (error.type or error.code or side.last.shape is Shape.EVENTS)):
        return Story.REFUSED
    if end is not None and end.kind is EndKind.ERROR:
        if end.code in _TIMEOUTS:
            return Story.UNREACHED if end.code == WireErrorCode.CONNECT_TIMEOUT else Story.SILENT
        return Story.UNREACHED if side.last.recording.head is None else Story.BROKE_OFF
    return Story.NO_ANSWER
