"""A side's lane on the common time axis: its phases and its content events in milliseconds since its first start."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from enum import StrEnum
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.exchange.timing import BURST_APART_MS, LONG_SILENCE_MS, ONE_BURST_MS, TOLD_SILENCE_MS, silence, start_ns
from app.recording.records import NO_STAMP
from app.text import numbers
from app.text.sentences import message, tr

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.exchange.timing import Timing
    from app.run.side import Side

SLICE_EVENTS = 5_000
SILENCE_TIMES = 5  # a pause this many times as long as the usual one, and `BURST_APART_MS`, is a silence
_SAMPLED_GAPS = 400


class Kind(StrEnum):
    """What a block is, and how it is drawn."""

    CONNECTION = "connection"  # until the request was out
    PATH = "path"  # of the wait: one round trip
    ENDPOINT = "endpoint"  # of the wait: the rest, or where the two can't be told apart the whole of it
    RECEIVE = "receive"  # an answer in one piece
    SILENCE = "silence"  # no phase, but a time in which nothing came any more


class Block(msgspec.Struct, frozen=True):
    """A phase: its name, a message, where it begins, how long it lasts and what it is."""

    name: str
    begin_ms: float
    length_ms: float
    kind: Kind

    @property
    def silent(self) -> bool:
        return self.kind is Kind.SILENCE

    @property
    def words(self) -> str:
        if self.silent:
            return tr("{ms:seconds} of silence", ms=self.length_ms)
        return f"{tr(self.name)} {numbers.milliseconds(self.length_ms)}"


class Pause(NamedTuple):
    """A time between two content events in which none came; `after` is the place of the event that ended it, on its lane."""

    begin_ms: float
    end_ms: float
    after: int


class ContentEvent(msgspec.Struct, frozen=True):
    """A content event: the round (from 1) and its index there."""

    round: int
    event: int


class Lane:
    """Follows a side while it grows; content events are taken in slices.

    Attributes:
        times_ms: when each content event came, in order.
        places: which event each was, a round and an index.
    """

    def __init__(self, side: Side | None = None) -> None:
        self.side = side
        self.times_ms = array("d")
        self._rounds = array("H")
        self._events = array("I")
        self._taken: list[int] = []
        self._pauses: list[Pause] = []
        self._first_ns: int | None = None

    def advance(self, budget: int = SLICE_EVENTS) -> bool:
        """Take in what came since; True while there is more."""
        if self.side is None:
            return False
        for number, one in enumerate(self.side.rounds):
            if len(self._taken) <= number:
                self._taken.append(0)
            if self._first_ns is None:
                self._first_ns = start_ns(one.recording)
            budget = self._take(number, one, budget)
        return budget <= 0

    def _take(self, number: int, one: Exchange, budget: int) -> int:
        if self._first_ns is None:
            return budget
        events, stamps, begin, first = one.events, one.decoded.stamps, self._taken[number], self._first_ns
        end = min(len(events.content_events), begin + budget)
        new = zip(events.content_events[begin:end], events.content_chunks[begin:end], strict=True)
        stamped = [(event, stamps[chunk]) for event, chunk in new if stamps[chunk] != NO_STAMP]
        known = len(self.times_ms)
        self.times_ms.extend([(ns - first) / 1e6 for _, ns in stamped])
        self._note_pauses(max(1, known))
        self._events.extend([event for event, _ in stamped])
        self._rounds.extend([number + 1] * len(stamped))
        self._taken[number] = end
        return budget - (end - begin)

    def _note_pauses(self, first: int) -> None:
        """Note the long pauses between the events from that one on, the only ones that can be silences."""
        times = self.times_ms
        gaps = map(sub, times[first:], times[first - 1 :])
        self._pauses += [
            Pause(times[index - 1], times[index], index) for index, gap in enumerate(gaps, first) if gap >= BURST_APART_MS
        ]

    @property
    def silences(self) -> list[Pause]:
        """The pauses of one round that are far longer than its usual ones; between two rounds stands a request."""
        if not self._pauses:
            return []
        times, step = self.times_ms, max(1, len(self.times_ms) // _SAMPLED_GAPS)
        gaps = sorted(times[index] - times[index - 1] for index in range(1, len(times), step))
        least = max(BURST_APART_MS, SILENCE_TIMES * gaps[(len(gaps) - 1) // 2])
        return [
            one for one in self._pauses
            if one.end_ms - one.begin_ms >= least and self._rounds[one.after] == self._rounds[one.after - 1]
        ]  # fmt: skip

    def at_once(self, index: int) -> int:
        """How many events came together with that one and before it, within what counts as one burst."""
        return index + 1 - bisect_left(self.times_ms, self.times_ms[index] - ONE_BURST_MS)

    def offset_ms(self, number: int) -> float:
        """When a round (from 1) began, since the side's first start."""
        if self.side is None or self._first_ns is None or number > len(self.side.rounds):
            return 0.0
        begin = start_ns(self.side.rounds[number - 1].recording)
        return 0.0 if begin is None else (begin - self._first_ns) / 1e6

    @property
    def blocks(self) -> list[Block]:
        """The phases of all rounds, up to the first byte."""
        if self.side is None or self._first_ns is None:
            return []
        return [block for number, one in enumerate(self.side.rounds, 1) for block in self._blocks(number, one)]

    def _blocks(self, number: int, one: Exchange) -> list[Block]:
        timing, at = one.timing, self.offset_ms(number)
        blocks = []
        for name, length in phases(timing):
            if length:
                kind = (
                    Kind(name) if name in (Kind.PATH, Kind.ENDPOINT) else Kind.ENDPOINT if name == "wait" else Kind.CONNECTION
                )
                blocks.append(Block(name, at, length, kind))
                at += length
        if timing.wait is None and one.outcome is Outcome.RUNNING and timing.start:
            sent = timing.send is not None
            name, kind = ("wait", Kind.ENDPOINT) if sent else ("connect", Kind.CONNECTION)
            blocks.append(Block(name, at, max(0.0, self.elapsed_ms - at), kind))
        elif timing.wait is not None and timing.receive and not len(one.events.content_events):
            blocks.append(Block(message("receive"), at, timing.receive, Kind.RECEIVE))
        return [*blocks, *self._silence(one)]

    def _silence(self, one: Exchange) -> list[Block]:
        """Where an answer that broke off, or one that runs, had nothing more to come; the wait for a first byte is a phase."""
        if self._first_ns is None or one.outcome is Outcome.COMPLETED:
            return []
        runs = one.outcome is Outcome.RUNNING
        quiet = silence(one.recording, self._now_ns)
        least_ms = TOLD_SILENCE_MS if runs or one.outcome is Outcome.CANCELLED else LONG_SILENCE_MS
        if quiet is None or quiet.ms < least_ms or (runs and not quiet.answered):
            return []
        return [Block("silence", (quiet.since_ns - self._first_ns) / 1e6, quiet.ms, Kind.SILENCE)]

    @property
    def elapsed_ms(self) -> float:
        """From the first start to now, while it runs."""
        return 0.0 if self._first_ns is None else (self._now_ns - self._first_ns) / 1e6

    @property
    def _now_ns(self) -> int:
        return now_ns() if self.side is None else self.side.own_ns(now_ns())

    @property
    def timeless(self) -> bool:
        """Whether it has ended and nothing is known of its times, as of an answer that another program saved."""
        return self.side is not None and self.side.outcome is not Outcome.RUNNING and self._first_ns is None

    @property
    def broken_off(self) -> bool:
        """Whether it ended without a whole answer."""
        return self.side is not None and self.side.outcome not in (Outcome.RUNNING, Outcome.COMPLETED)

    @property
    def end_ms(self) -> float:
        """Where the lane ends: at the last byte, where it broke off at its end, or now while it runs.

        Of one that is played again where it will end, so that the scale stays.
        """
        if self.side is None or self._first_ns is None:
            return 0.0
        if self.side.lasts_ms is not None:
            return self.side.lasts_ms
        if self.side.outcome is Outcome.RUNNING:
            return self.elapsed_ms
        blocks = self.blocks
        last = blocks[-1].begin_ms + blocks[-1].length_ms if blocks else 0.0
        from app.run.endings import broke_off  # not before there is a run

        broken = broke_off(self.side)
        return max(
            self.side.timing.total or 0.0, broken[1] if broken else 0.0, last, self.times_ms[-1] if self.times_ms else 0.0
        )

    def nearest(self, ms: float) -> tuple[float, ContentEvent] | None:
        """The content event nearest to a time."""
        if not self.times_ms:
            return None
        after = bisect_left(self.times_ms, ms)
        near = min(
            (index for index in (after - 1, after) if 0 <= index < len(self.times_ms)),
            key=lambda index: abs(self.times_ms[index] - ms),
        )
        return self.times_ms[near], ContentEvent(self._rounds[near], self._events[near])


def phases(timing: Timing) -> tuple[tuple[str, float | None], ...]:
    """What passes up to the first byte, in order; None where it was not, or is not known. The wait in its two parts where
    they are known: the way there and back stands in front, though where in the wait it was is not known.
    """
    parts = ((message("path"), timing.path), (message("endpoint"), timing.endpoint))
    known = timing.path is not None and timing.endpoint is not None
    return (
        (message("name"), timing.dns), (message("connect"), timing.connect), (message("proxy"), timing.proxy),
        ("TLS", timing.tls), (message("own work"), timing.own), (message("send"), timing.send),
        *(parts if known else ((message("wait"), timing.wait),)),
    )  # fmt: skip
