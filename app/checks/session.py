"""Runs checks against one endpoint, or two side by side: a few at a time, what they rest on first, within a cap on the cost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from enum import Enum, auto
from random import Random

import msgspec

from app.checks.asker import Asker, Endpoint, Send, Sleep, Step
from app.checks.budget import Budget, CapReachedError, Spent
from app.checks.check import Check, Control
from app.checks.judgement import Judgement
from app.checks.judging import Book, Plan, blocked, judge
from app.checks.registry import by_id
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.records import EndKind, Request, SideName, WireErrorCode

# So many requests of a side in a row that wait in vain, and it is asked nothing more: one more than are on their way at a time.
SILENT_AFTER = 4
_WAITED = frozenset(
    {
        WireErrorCode.CONNECT_TIMEOUT,
        WireErrorCode.FIRST_BYTE_TIMEOUT,
        WireErrorCode.SILENCE_TIMEOUT,
        WireErrorCode.TOTAL_TIMEOUT,
    }
)
AT_ONCE = 3  # checks at a time: each asks both sides, one request after the other


class SilentError(Exception):
    """The side no longer answers within its limits of time."""


class State(Enum):
    """How far a check is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()


class Row(msgspec.Struct):
    """One check of a session; `judgement` is None before it is done (or begun again)."""

    check: Check
    state: State = State.WAITING
    judgement: Judgement | None = None
    attempt: int = 0


OnChange = Callable[[Row], None]


class Session:
    """One run of the checks of a plan.

    Attributes:
        plan: what is asked; `left_out` grows when it is stopped, or the cap is reached.
        rows: the checks by id, in the plan's order.
        book: all exchanges, those that still run included.
        spent: what it has cost so far.
        faults: what was raised in a check of ours, by its id.
    """

    def __init__(
        self,
        plan: Plan,
        endpoints: Mapping[SideName, Endpoint],
        send: Send,
        on_change: OnChange | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        table: PriceTable | None = None,
    ) -> None:
        self.plan, self.endpoints = plan, endpoints
        self.rows = {one: Row(by_id()[one]) for one in plan.checks}
        self.book = Book()
        self.spent = Spent()
        self.faults: dict[str, Exception] = {}
        self._send_on, self.on_change, self._sleep, self._table = send, on_change, sleep, table
        self._budget = Budget(plan.cap_usd, plan.cap_tokens)
        self._order = Random(f"order/{plan.seed}")
        self._done: dict[str, asyncio.Event] = {}
        self._waited: Counter[SideName] = Counter()  # requests of a side in a row that ended by a limit of time

    @property
    def judgements(self) -> dict[str, Judgement]:
        """Those of the checks that are done."""
        return {one: row.judgement for one, row in self.rows.items() if row.judgement is not None}

    async def run(self, only: Collection[str] = ()) -> None:
        """Ask all that makes sense; `only` these checks again, what they rest on as it is known. Where one of them reads the
        exchanges of another, that is asked again, and all that read those are judged anew.

        Never raises for what an endpoint does. Cancelling keeps what came: what is left is judged as stopped.
        """
        asked = {source for one in only for source in by_id()[one].sources}
        todo = [
            row
            for row in self.rows.values()
            if not only or row.check.reads_all or asked.intersection((row.check.id, *row.check.reads))
        ]
        self._done = {row.check.id: asyncio.Event() for row in todo}
        self._waited.clear()
        left_out = {one: why for one, why in self.plan.left_out.items() if one not in self._done}
        self.plan = msgspec.structs.replace(self.plan, left_out=left_out)
        for row in todo:
            self.faults.pop(row.check.id, None)
            row.state, row.judgement, row.attempt = State.WAITING, None, row.attempt + 1
            self._tell(row)
        room = asyncio.Semaphore(AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                for row in todo:
                    group.create_task(self._row(row, room))
        finally:
            for row in todo:
                if row.state is not State.DONE:
                    self._leave_out(row, "stopped")

    async def _row(self, row: Row, room: asyncio.Semaphore) -> None:
        others = (one for one in self._done if not self.rows[one].check.reads_all) if row.check.reads_all else ()
        for needed in (*row.check.foundation, *row.check.reads, *others):
            if needed in self._done:
                await self._done[needed].wait()
        async with room:
            sides = [one for one in self.endpoints if blocked(row.check, one, self.plan, self.judgements) is None]
            lacks_control = row.check.control is Control.NEEDED and "a" not in sides  # what it would ask could not be judged
            if "b" in sides and not row.check.reads and not lacks_control:
                row.state = State.RUNNING
                self._tell(row)
                try:
                    await self._ask(row, sides)
                except CapReachedError:
                    self._leave_out(row, "cap")
                except SilentError:
                    self._leave_out(row, "silent")
                except Exception as error:  # a fault of ours in one check ends that check alone
                    self.faults[row.check.id] = error
                    self._leave_out(row, "fault")
            self._finish(row)

    async def _ask(self, row: Row, sides: list[SideName]) -> None:
        """Ask the sides at the same time, begun in random order; then, where the check wants that, across them."""
        check = row.check
        askers = {side: self._asker(check, side, row.attempt) for side in sides}
        order = self._order.sample(sides, len(sides))
        ended = await asyncio.gather(*(check.ask(askers[side]) for side in order), return_exceptions=True)
        for error in ended:  # what the other side was asked is kept: it ends first
            if isinstance(error, BaseException):
                raise error
        if check.across is not None and "a" in askers:
            await check.across(askers["a"], askers["b"])

    def _asker(self, check: Check, side: SideName, attempt: int) -> Asker:
        return Asker(self.endpoints[side], check.id, self.plan.seed, attempt, self._send, self._budget, self._sleep)

    async def _send(self, side: SideName, request: Request, step: Step) -> Exchange:
        if self._waited[side] >= SILENT_AFTER:  # a host that hangs would take one limit of time for each of a hundred requests
            raise SilentError
        one = await self._send_on(side, request, step)
        end = one.recording.end
        in_vain = end is not None and end.kind is EndKind.ERROR and end.code in _WAITED
        self._waited[side] = self._waited[side] + 1 if in_vain else 0
        self.book.add(one)
        self.spent.add(one, self._table)
        return one

    def _leave_out(self, row: Row, why: str) -> None:
        self.plan = msgspec.structs.replace(self.plan, left_out={**self.plan.left_out, row.check.id: why})
        if why == "stopped":
            self._finish(row)

    def _finish(self, row: Row) -> None:
        row.judgement = judge(row.check, self.book, self.plan, self.judgements)
        row.state = State.DONE
        if row.check.id in self._done:
            self._done[row.check.id].set()
        self._tell(row)

    def _tell(self, row: Row) -> None:
        if self.on_change is not None:
            self.on_change(row)
