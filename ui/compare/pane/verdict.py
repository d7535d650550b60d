"""What a side's line says before its figures, without a widget: the verdict for my client, else how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.exchange.outcome import Outcome
from app.exchange.timing import Start
from app.exchange.timing_words import start_in_words
from app.recording.records import Wanted
from app.text.sentences import message, tr
from ui.compare.pane.waiting import silent_words
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.run.fit import Fit
    from app.run.side import Side

OUTCOMES = {
    Outcome.RUNNING: ("●", message("Running"), "text"),
    Outcome.COMPLETED: ("✓", message("Completed"), "ok"),
    Outcome.FAILED: ("✕", message("Failed"), "bad"),
    Outcome.CANCELLED: ("■", message("Stopped"), "muted"),
    Outcome.INTERRUPTED: ("◆", message("Interrupted"), "bad"),
}
PROVOKED = ("⊘", message("Refused: the check provoked it"), "muted")
_ROLES = {"drop_in": "ok", "losses": "warn", "breaks": "bad", "unseen": "muted"}
_TINTS = {"ok": "ok_tint", "warn": "warn_tint", "bad": "bad_tint", "muted": "note_tint", "text": "sunken"}
_DOCUMENTS = {
    Wanted.MODELS: message("{outcome}: a model list"),
    Wanted.COUNT: message("{outcome}: a token count"),
}


class VerdictWords(msgspec.Struct, frozen=True):
    """The line in pieces.

    Attributes:
        words: shape and verdict, then for which client. link: the first reason, which leads to the findings; "" for none.
        reason: a reason that leads nowhere. facts: status, stop reason, HTTP version and connection; the last fold first.
        tint: the theme's colour behind it. tip: all of it, and what it is worth.
    """

    words: tuple[Segment, ...]
    link: str = ""
    reason: str = ""
    facts: tuple[str, ...] = ()
    tint: str = "sunken"
    tip: str = ""

    @property
    def text(self) -> str:
        """All of it in a row."""
        words = (*(one.text for one in self.words), self.link or self.reason, " · ".join(self.facts))
        return " ".join(filter(None, words))


NOT_RUN = message("Not run yet")


def verdict_words(side: Side | None, *, mark: str = "", now_ns: int | None = None) -> VerdictWords:
    """The line of a side; before a run `NOT_RUN`, and from its beginning that it runs.

    `now_ns`: a side that runs and has been silent up to now is told as that. `mark`: whose run it is, in words that the line
    begins with; "" where the window is set to just that.
    """
    if side is None or not (side.rounds or side.fault):
        if side is None or not side.playing:
            return VerdictWords((Segment(tr(NOT_RUN)),))
        shape, word, role = OUTCOMES[Outcome.RUNNING]  # its first request is about to leave
        return VerdictWords((Segment(f"{shape} {tr(word)}", role, True),), tint=_TINTS[role])
    whose = (Segment(tr("{words}:", words=mark), "warn", True, yields=True),) if mark and side.rounds else ()
    more = (*_silent(side, now_ns), *_unverified(side))
    told = _fit(side)
    if told is None:
        outcome = _outcome(side)
        tint = _TINTS[outcome.role]
        return VerdictWords((*whose, outcome, *more), facts=tuple(_facts(side)), tint="note_tint" if whose else tint)
    from app.run import fit_words  # not before there is a run

    role = _ROLES[told.verdict]
    head = Segment(f"{fit_words.SHAPES[told.verdict]} {fit_words.head(told)}", role, True)
    why = fit_words.why(told)
    for_whom = fit_words.for_whom(told)
    whom = Segment(tr("{words}:", words=for_whom) if why else for_whom, "text", yields=True)
    return VerdictWords(
        (*whose, head, *more, whom),
        link=why if told.reasons else "",
        reason="" if told.reasons else why,
        facts=(*_in_rounds(side), *_facts(side)),
        tint="note_tint" if whose else _TINTS[role],
        tip=fit_words.tip(told),
    )


def who_was_asked(side: Side) -> str:
    """The endpoint's and the model's name, as they were when it was run."""
    envelope = side.rounds[0].recording.envelope
    return " · ".join(text for text in (envelope.profile.name, envelope.model) if text)


def _fit(side: Side) -> Fit | None:
    if side.outcome is not Outcome.COMPLETED:
        return None
    from app.run.fit import fit  # not before there is a run

    return fit(side)


def shown_outcome(side: Side) -> tuple[str, str, str]:
    """Shape, word and role of how a side ended, with what was wanted where that is no answer of a model."""
    if side.provoked:
        shape, word, role = PROVOKED
        return shape, tr(word), role
    shape, word, role = OUTCOMES[side.outcome]
    wanted = side.last.recording.envelope.wanted if side.last is not None else Wanted.ANSWER
    return shape, tr(_DOCUMENTS[wanted], outcome=tr(word)) if wanted in _DOCUMENTS else tr(word), role


def _outcome(side: Side) -> Segment:
    shape, word, role = shown_outcome(side)
    if side.outcome is Outcome.RUNNING and len(side.rounds) > 1:
        word = tr("{outcome}, round {n}", outcome=word, n=len(side.rounds))
    if side.whole_but_for_end_mark:
        word = tr("{outcome}, whole but for its end mark", outcome=word)
    return Segment(f"{shape} {word}", role, True)


def _in_rounds(side: Side) -> list[str]:
    """Where several rounds have findings, whether all of them have them all."""
    from app.run.finding_groups import above_notes, finding_groups  # not before there is a run

    count, told = len(side.rounds), above_notes(finding_groups(side))
    if count < 2 or not told:
        return []
    if all(len(one.rounds) == count for one in told):
        return [tr("in every round")]
    return [tr("in {n:grouped} of {count:grouped} rounds", n=len(set().union(*(one.rounds for one in told))), count=count)]


def _silent(side: Side, now_ns: int | None) -> list[Segment]:
    """For how long nothing has come, and when it is given up; from two seconds on."""
    words = "" if now_ns is None else silent_words(side, now_ns)
    return [Segment(words, "warn", True)] if words else []


def _unverified(side: Side) -> list[Segment]:
    last = side.last
    off = last is not None and not last.recording.envelope.profile.verify_tls
    secure = last is not None and last.recording.request.url.startswith("https")
    return [Segment(tr("TLS not verified"), "bad", True)] if off and secure else []


def _facts(side: Side) -> list[str]:
    last = side.last
    if last is None:
        return []
    recording, connection, head = last.recording, last.recording.connection, last.recording.head
    start = Start.UNKNOWN if connection is None else Start.REUSED if connection.reused else Start.NEW
    rounds = tr("{n:plural round|rounds}", n=len(side.rounds)) if len(side.rounds) > 1 else ""
    waiting = "" if head or recording.end else _phase(last)
    status, version = (str(head.status), head.http_version) if head else ("", "")
    return [text for text in (status, last.reading.stop_reason, rounds, version, start_in_words(start), waiting) if text]


def _phase(exchange: Exchange) -> str:
    marks = [str(name) for name in exchange.recording.marks]
    steps = (
        ("send_end", message("waiting for the first byte")),
        ("tls_begin", message("TLS handshake")),
        ("connect_begin", message("connecting")),
    )
    return tr(next((text for mark, text in steps if mark in marks), message("resolving the name")))
