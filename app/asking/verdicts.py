"""A verdict on one question about an endpoint, with its sentence, its evidence and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from app.checks.verdict import Verdict as Verdict
from app.diagnosis import ProfileChange
from app.recording.records import Asked


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on: an exchange, by its number among those of the test (from 1), and one of its events.

    `event` is None where the verdict rests on the answer as a whole.
    """

    exchange: int
    event: int | None = None


@dataclass(frozen=True)
class VerdictRow:
    """One question and its verdict, None while it is asked.

    `question` is the name of the question for programs, `title` that for people. `said` is the endpoint's own text, `action` a
    change that a button can apply. `again_ns` is the moment (of `app.clock`) from which the endpoint wants to be asked again,
    None where it does not say; `fix_beside_countdown` is the fix where a button counts down to it. `asked` is what the same
    address was asked besides, to know.
    """

    question: str
    title: str
    verdict: Verdict | None = None
    sentence: str = ""
    fix: str = ""
    said: str = ""
    action: ProfileChange | None = None
    fix_beside_countdown: str = ""
    again_ns: int | None = None
    evidence: tuple[Evidence, ...] = ()
    asked: tuple[Asked, ...] = ()
