"""What differs between the two sides of a run, as values; `app.run.diff.words` puts them into words.

Five parts are compared, each by its own meaning: answers, response headers, model lists, events, requests.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.recording.records import SideName


class Part(StrEnum):
    """What is compared, in the order in which it is shown."""

    ANSWERS = "answers"
    HEADERS = "headers"
    MODELS = "models"
    EVENTS = "events"
    REQUESTS = "requests"


class Standing(StrEnum):
    """How a part stands."""

    SAME = "same"  # nothing that is compared differs
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # it can't be compared: `PartSummary.why` says why


class Why(StrEnum):
    """Why a part can't be compared. Those that have a side mean that side; without one they hold for both."""

    ALONE = "alone"  # the run has one side
    RUNNING = "running"  # a side has not ended
    NOTHING_SENT = "nothing_sent"  # a side sent no request
    NO_ANSWER = "no_answer"  # a side's answer has neither text nor reasoning nor a tool call
    NO_HEAD = "no_head"  # a side has no response head: nothing came, or it is a capture of a body alone
    NOT_FETCHED = "not_fetched"  # a side's list of models was not asked for, or there is none
    NOT_STREAMED = "not_streamed"  # a side's answer is no stream of events
    OTHER_PROTOCOL = "other_protocol"  # the sides speak two protocols, whose forms have nothing in common


class PartSummary(msgspec.Struct, frozen=True):
    """One part in figures.

    `places`: how many places differ (a family of headers is one). `only_a`, `only_b`: what one side alone has, `changed`: what
    both have, otherwise: places of answers and of events, headers (each of a family counts), models, fields of requests.
    Answers have their lengths in characters, and where they differ first the words there, "" for a side that has none there.
    `coarse`: it was too long to be compared exactly.
    """

    part: Part
    standing: Standing
    why: Why | None = None
    side: SideName | None = None
    places: int = 0
    only_a: int = 0
    only_b: int = 0
    changed: int = 0
    a_length: int = 0
    b_length: int = 0
    first_a: str = ""
    first_b: str = ""
    coarse: bool = False


class Summary(msgspec.Struct, frozen=True):
    """All parts in figures, for the spine between the panes."""

    answers: PartSummary
    headers: PartSummary
    models: PartSummary
    events: PartSummary
    requests: PartSummary

    @property
    def parts(self) -> tuple[PartSummary, ...]:
        """In the order of `Part`."""
        return self.answers, self.headers, self.models, self.events, self.requests

    def part(self, part: Part) -> PartSummary:
        """The one of that name."""
        return self.parts[list(Part).index(part)]

    @property
    def same(self) -> bool:
        """Whether nothing differs in all that could be compared, and something could."""
        standings = {one.standing for one in self.parts}
        return Standing.DIFFERS not in standings and Standing.SAME in standings
