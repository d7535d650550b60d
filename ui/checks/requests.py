"""The requests of a check as lines: whose, which step, what came, and a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.checks.registry import step_words
from app.diagnosis import diagnose
from app.exchange.outcome import Outcome
from app.pricing import total_input
from app.recording.records import EndKind
from app.text import numbers
from app.text.sentences import message, render, said, tr
from app.text.visible import one_line

if TYPE_CHECKING:
    from app.checks.judgement import Evidence
    from app.checks.judging import Book
    from app.checks.session import Row
    from app.exchange.exchange import Exchange
    from app.recording.records import SideName

_NO_ANSWER = message("no answer")
_CUT = message("{status}, broken off")
_FAILED = message("{status}, failed")
_REFUSED = message("{status} {said}")
_TOKENS = message("{into} in")
SAID_CHARACTERS = 60
SIDES: tuple[SideName, SideName] = ("a", "b")


class RequestLine(msgspec.Struct, frozen=True):
    """One request. `figure` is "" where nothing was counted; `marked`: the verdict names it as its evidence."""

    side: SideName
    words: str
    status: str
    figure: str
    exchange: Exchange
    marked: bool = False
    event: int | None = None

    @property
    def spoken(self) -> str:
        return ", ".join(filter(None, (self.side.upper(), self.words, self.status, self.figure)))


def request_lines(row: Row, book: Book) -> list[RequestLine]:
    """The requests of a check's last run, those of a step side by side, A's first; where one was sent again, each."""
    lines: list[RequestLine] = []
    for side in SIDES:
        found = row.judgement.of(side) if row.judgement is not None else None
        marks = {
            (one.step.rpartition("/")[2], one.n): one
            for one in (found.evidence if found is not None else ())
            if one.side == side
        }
        exchanges = book.of(row.check.id, side)
        if row.check.reads_all:  # of all that there is, those that are told of
            told = (book.find(row.check.id, side, one.step, one.n) for one in (found.evidence if found is not None else ()))
            exchanges = [one for one in told if one is not None]
        several = {one.recording.envelope.step for one in exchanges if one.recording.envelope.round > 1}
        lines += [_line(one, side, marks, several) for one in exchanges]
    order = {step: number for number, step in reversed(list(enumerate(map(_step_of, lines))))}
    return sorted(lines, key=lambda one: order[_step_of(one)])


def _step_of(line: RequestLine) -> tuple[str, str, int]:
    envelope = line.exchange.recording.envelope
    return envelope.check, envelope.step, envelope.round


def _line(one: Exchange, side: SideName, marks: dict[tuple[str, int], Evidence], several: set[str]) -> RequestLine:
    envelope = one.recording.envelope
    mark = marks.get((envelope.step, envelope.round))
    words = step_words(envelope.check, envelope.step)
    if envelope.step in several:
        words = f"{words} {envelope.round}"
    if mark is not None and mark.note:
        words = tr("{words}: {note}", words=words, note=said(mark.note))
    event = mark.event if mark is not None else None
    return RequestLine(side, one_line(words, 90), _status(one), _figure(one), one, mark is not None, event)


def _status(one: Exchange) -> str:
    if not one.status:
        return tr(_NO_ANSWER)
    if one.status >= 400:
        why = diagnose(one)
        said = one_line(why.vendor_message, SAID_CHARACTERS) if why is not None else ""
        return render(_REFUSED, {"status": one.status, "said": said}).strip()
    end = one.recording.end
    if end is None or end.kind is not EndKind.WHOLE:
        return render(_CUT, {"status": one.status})
    if one.outcome is not Outcome.COMPLETED:
        return render(_FAILED, {"status": one.status})
    return str(one.status)


def _figure(one: Exchange) -> str:
    usage = one.reading.usage
    into = total_input(usage, one.protocol.id) if usage is not None else None
    return render(_TOKENS, {"into": numbers.count(into)}) if into is not None else ""
