"""Checks over the wire: what is between two chosen endpoints and a session that has ended, and the file of one."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterable, Mapping
from uuid import uuid4

import msgspec

from app import __version__
from app.asking.caller import READ_S, Caller, OnExchange, Purpose, utc_now
from app.asking.client_run import drive
from app.asking.run_log import RunLog
from app.asking.runner import SideChoice, secrets_together
from app.asking.sessions import endpoint_of, exchanges_of, plan_in
from app.checks.asker import Step
from app.checks.client_job import CLIENT
from app.checks.judging import Book, Plan
from app.checks.session import AT_ONCE, OnChange, Session
from app.clock import Stopwatch
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.recording import Recording
from app.recording.records import CHECKS_SCENARIO, Request, RunOpened, SideName
from app.recording.run_format import dump_run
from app.store.journal import Journal
from app.wire.client import WireClient
from app.wire.commands import LineName

SCENARIO = CHECKS_SCENARIO
LINES: dict[SideName, tuple[LineName, ...]] = {
    "a": ("check-a-1", "check-a-2", "check-a-3"),
    "b": ("check-b-1", "check-b-2", "check-b-3"),
}
BODY_BYTES = 64 << 20


class Checking:
    """A session of checks over a wire process.

    Attributes:
        session: the session. started_utc, run_id: of its file.
    """

    def __init__(
        self,
        wire: WireClient,
        plan: Plan,
        choices: Mapping[SideName, SideChoice],
        on_change: OnChange | None = None,
        *,
        table: PriceTable | None = None,
        journal: Journal | None = None,
    ) -> None:
        """`choices`: "b" is the endpoint that is checked, "a" the control where there is one."""
        self._wire = wire
        secrets = secrets_together(choices)
        self._callers = {side: Caller(wire, one.profile, one.key, secrets) for side, one in choices.items()}
        self._choices = dict(choices)
        self._free: dict[SideName, asyncio.Queue[LineName]] = {}
        self.run_id, self.started_utc = uuid4().hex, utc_now()
        self._journal, self._log, self._watch = journal, RunLog(None), Stopwatch()
        endpoints = {
            side: endpoint_of(side, self._callers[side], one.model, table, plan.client) for side, one in choices.items()
        }
        self.session = Session(plan, endpoints, self._send, on_change, table=table)
        assert all(len(lines) == AT_ONCE for lines in LINES.values())

    async def run(self, only: Iterable[str] = ()) -> None:
        """Run the checks; see `Session.run`. Some may be run again when it has ended and was finished."""
        # What was kept when it ended last is replaced: a process that is killed from now on has kept both.
        self._log = RunLog(self._journal.open_run(self.opened) if self._journal is not None else None, self.recordings)
        self._free = {side: asyncio.Queue() for side in self._callers}
        for side, queue in self._free.items():
            for line in LINES[side]:
                queue.put_nowait(line)
        with self._watch:
            await self.session.run(tuple(only))

    @property
    def took_s(self) -> float:
        """How long those that run have taken so far, or those that ran last took."""
        return self._watch.took_s

    def finish(self) -> str:
        """What ran has ended: its journal is put away. Why it could not be kept, "" where it was."""
        return self._log.finish(dump_run(self.opened, self.recordings))

    @property
    def opened(self) -> RunOpened:
        """The first record of its file, as the session is now."""
        plan = {"plan": msgspec.to_builtins(self.session.plan), "host": host_class()}
        return RunOpened(self.run_id, self.started_utc, __version__, SCENARIO, plan)

    @property
    def recordings(self) -> list[Recording]:
        return [one.recording for one in self.session.book.exchanges]

    async def _send(self, side: SideName, request: Request, step: Step) -> Exchange:
        line = await self._free[side].get()
        try:
            purpose = Purpose(
                line,
                SCENARIO,
                self._choices[side].model,
                side,
                step.n,
                step.streamed,
                BODY_BYTES,
                step.check,
                step.name,
                step.attempt,
                step.wanted,
            )
            if request.method == CLIENT:
                return await drive(self._callers[side], request, purpose)
            on_change = self._cancelling(line, step.cancel_after) if step.cancel_after else None
            return await self._callers[side].exchange(request, purpose, on_change, self._log.of(side))
        finally:
            self._free[side].put_nowait(line)

    def _cancelling(self, line: LineName, pieces: int) -> OnExchange:
        """Closes the connection of a line once so many pieces of content have come on it."""

        def on_change(one: Exchange) -> None:
            one.advance_for(READ_S)
            if one.recording.end is None and len(one.events.content_events) >= pieces:
                self._wire.cancel(line)

        return on_change


def host_class() -> str:
    """What kind of machine this is, for a report: no name, nothing that tells whose."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def plan_of(opened: RunOpened) -> Plan | None:
    """The plan of a session's file; None where it is no such file, or one that this version can't read."""
    return plan_in(opened, SCENARIO, Plan)


def book_of(recordings: Iterable[Recording]) -> Book:
    """What a file's recordings hold, read to their ends."""
    return Book(exchanges_of(recordings))
