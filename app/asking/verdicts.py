"""A verdict on one question about an endpoint, with its sentence, its evidence and what to do."""

from __future__ import annotations

from collections.abc import Callable
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
class Words:
    """What a verdict says. `fix_beside_countdown` is the fix where a button counts down to when it can be asked again."""

    title: str
    sentence: str = ""
    fix: str = ""
    fix_beside_countdown: str = ""


@dataclass(frozen=True)
class VerdictRow:
    """One question and its verdict, None while it is asked.

    `question` is the name of the question for programs. `words` makes what is said, in the language of now: the row is kept
    while the window turns to another. `said` is the endpoint's own text, `action` a change that a button can apply. `again_ns`
    is the moment (of `app.clock`) from which the endpoint wants to be asked again, None where it does not say. `asked` is what
    the same address was asked besides, to know. `wrong_address`: it lies in the base URL, and nobody knows the right one.
    """

    question: str
    words: Callable[[], Words]
    verdict: Verdict | None = None
    said: str = ""
    action: ProfileChange | None = None
    again_ns: int | None = None
    evidence: tuple[Evidence, ...] = ()
    asked: tuple[Asked, ...] = ()
    wrong_address: bool = False

    @property
    def title(self) -> str:
        return self.words().title

    @property
    def sentence(self) -> str:
        return self.words().sentence

    @property
    def fix(self) -> str:
        return self.words().fix

    @property
    def fix_beside_countdown(self) -> str:
        return self.words().fix_beside_countdown
