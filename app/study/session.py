"""Runs a study: warm-ups, then pair after pair, one request at a time, within a cap on the cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto

import msgspec

from app.checks.asker import Endpoint, Send, Sleep, Step
from app.checks.budget import Budget, CapReachedError, Spent
from app.exchange.exchange import Exchange, Outcome
from app.pricing import PriceTable
from app.protocols.registry import protocol
from app.recording.records import SideName
from app.study.plan import PAIR, WARMUP, StudyPlan

FAILS_AT = 3  # so many requests in a row that fail alike, of all there were: the rest would, too
_LASTING = frozenset({400, 401, 402, 403, 404, 405, 422})


class Progress(Enum):
    """How far a study is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()


class Pair(msgspec.Struct):
    """The two answers of a pair, None for one that is not there; `first` is the side that was asked first."""

    number: int
    first: SideName
    a: Exchange | None = None
    b: Exchange | None = None

    def of(self, side: SideName) -> Exchange | None:
        return self.a if side == "a" else self.b


OnPair = Callable[[Pair], None]


class StudySession:
    """One run of a study.

    Attributes:
        plan: what is asked; `left_out` is set where it ends early.
        pairs: those that count, in order, the one that runs included. exchanges: all, warm-ups too.
        spent: what it has cost so far.
    """

    def __init__(
        self,
        plan: StudyPlan,
        endpoints: Mapping[SideName, Endpoint],
        send: Send,
        on_pair: OnPair | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        table: PriceTable | None = None,
    ) -> None:
        self.plan, self.endpoints = plan, endpoints
        self.progress = Progress.WAITING
        self.pairs: list[Pair] = []
        self.exchanges: list[Exchange] = []
        self.spent = Spent()
        self._send, self._on_pair, self._sleep, self._table = send, on_pair, sleep, table
        self._budget = Budget(plan.cap_usd, plan.cap_tokens)

    async def run(self) -> None:
        """All pairs. Never raises for what an endpoint does; cancelling keeps what came."""
        self.progress = Progress.RUNNING
        try:
            for n in range(1, self.plan.warmups + 1):
                for side in self.plan.order(WARMUP, n):
                    await self._ask(side, WARMUP, n)
            for n in range(1, self.plan.pairs + 1):
                await self._pair(n)
                if failing(self.exchanges):
                    self._end_early("fails")
                    return
                if self.plan.pause_s and n < self.plan.pairs:
                    await self._sleep(self.plan.pause_s)
        except CapReachedError:
            self._end_early("cap")
        except asyncio.CancelledError:
            self._end_early("stopped")
            raise
        finally:
            self.progress = Progress.DONE

    def _end_early(self, why: str) -> None:
        self.plan = msgspec.structs.replace(self.plan, left_out=why)

    async def _pair(self, n: int) -> None:
        order = self.plan.order(PAIR, n)
        pair = Pair(n, order[0])
        self.pairs.append(pair)
        for side in order:
            one = await self._ask(side, PAIR, n)
            if side == "a":
                pair.a = one
            else:
                pair.b = one
            if self._on_pair is not None:
                self._on_pair(pair)

    async def _ask(self, side: SideName, step: str, n: int) -> Exchange:
        endpoint, plan = self.endpoints[side], self.plan
        request = protocol(endpoint.protocol).build(plan.ask(endpoint.model, step, n), endpoint.target)
        asked = Step("", step, n, streamed=True)
        one = await self._budget.within(request, plan.max_tokens, endpoint.prices, lambda: self._send(side, request, asked))
        self.exchanges.append(one)
        self.spent.add(one, self._table)
        return one


def failing(exchanges: Iterable[Exchange]) -> SideName | None:
    """The side of which every request was refused for a reason that lasts, or not answered at all, from the first on."""
    by_side: dict[SideName, list[Exchange]] = {}
    for one in exchanges:
        by_side.setdefault(one.recording.envelope.side or "b", []).append(one)
    for side, all_of_it in by_side.items():
        if len(all_of_it) >= FAILS_AT and all(_lasting(one) for one in all_of_it):
            return side
    return None


def _lasting(one: Exchange) -> bool:
    return one.outcome is Outcome.FAILED and (one.recording.head is None or one.status in _LASTING)


def pairs_of(plan: StudyPlan, exchanges: Iterable[Exchange]) -> list[Pair]:
    """The pairs that a file holds, in order."""
    pairs: dict[int, Pair] = {}
    for one in exchanges:
        envelope = one.recording.envelope
        if envelope.step != PAIR:
            continue
        pair = pairs.setdefault(envelope.round, Pair(envelope.round, plan.order(PAIR, envelope.round)[0]))
        if envelope.side == "a":
            pair.a = one
        else:
            pair.b = one
    return [pairs[n] for n in sorted(pairs)]
