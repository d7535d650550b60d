"""One session of checks in the window: begun, followed, stopped, asked again in part; or shown from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking.checking import Checking, book_of
from app.checks.budget import Spent
from app.checks.judging import Book, Plan, judge_all
from app.checks.registry import by_id
from app.checks.session import Row, State
from app.checks.verdict import Verdict
from app.text.sentences import tr
from ui.checks.filters import not_done
from ui.shared.pulse import Pulse

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.checks.check import Check
    from app.checks.judgement import Judgement
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.journal import Journal
    from app.wire.client import WireClient


class CheckRun(QObject):
    """Holds the session that is shown.

    Attributes:
        plan: what is asked; None before the first session.
        rows: its checks by id, in order. book: the exchanges. spent: what it has cost.
        opened: the first record of its file. file: where it was read from, None for one of now.
        asked: the endpoint's uid and the model of each side; {} for a file's.
        only: the checks that run (again) now; all of the plan at first.

    Signals:
        started: another session is shown, or checks of it are asked again.
        changed: checks went on, or time passed; at most ten times a second.
        finished: nothing runs any more.
        failed: something could not be done; a sentence.
    """

    started = Signal()
    changed = Signal()
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._checking: Checking | None = None
        self._task: asyncio.Task[None] | None = None
        self._began_s = 0.0
        self._stopped = False
        self.only: frozenset[str] = frozenset()
        self.asked: dict[SideName, tuple[str, str]] = {}
        self.file: Path | None = None
        self._shown: tuple[RunOpened, Plan, dict[str, Row], Book, Spent] | None = None  # of a file
        self._pulse = Pulse(self)
        self._pulse.beat.connect(self.changed)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def stopped(self) -> bool:
        """The last thing that happened to it was the user's Stop."""
        return self._stopped

    @property
    def plan(self) -> Plan | None:
        return self._checking.session.plan if self._checking else self._shown[1] if self._shown else None

    @property
    def rows(self) -> dict[str, Row]:
        return self._checking.session.rows if self._checking else self._shown[2] if self._shown else {}

    @property
    def book(self) -> Book:
        return self._checking.session.book if self._checking else self._shown[3] if self._shown else Book()

    @property
    def spent(self) -> Spent:
        return self._checking.session.spent if self._checking else self._shown[4] if self._shown else Spent()

    @property
    def opened(self) -> RunOpened | None:
        return self._checking.opened if self._checking else self._shown[0] if self._shown else None

    @property
    def recordings(self) -> list[Recording]:
        return [one.recording for one in self.book.exchanges]

    @property
    def judgements(self) -> dict[str, Judgement]:
        """Those of the checks that are done."""
        return {one: row.judgement for one, row in self.rows.items() if row.judgement is not None}

    @property
    def waiting(self) -> int:
        """How many checks are not done."""
        return sum(row.state is not State.DONE for row in self.rows.values())

    @property
    def left_out(self) -> list[str]:
        """The checks that were not asked, or not to their end, because the user stopped or the cap was reached."""
        left = frozenset() if self.running else not_done(self.rows)
        return [one for one in self.rows if one in left]

    @property
    def can_ask(self) -> bool:
        """Whether checks of it can be asked again: not of one from a file, whose endpoints were those of another day."""
        return self._checking is not None and not self.running

    def left_s(self) -> float | None:
        """About how long what runs will still take, from how long its requests took so far; None where nothing tells yet."""
        rows = [row for row in self.rows.values() if not self.only or row.check.id in self.only]
        done = sum(_weight(row.check) for row in rows if row.state is State.DONE)
        left = sum(_weight(row.check) for row in rows if row.state is not State.DONE)
        if not self.running or not done:
            return None
        return (monotonic() - self._began_s) * left / done

    # -- what happens -------------------------------------------------------------------------------------------------

    def start(
        self, wire: WireClient, plan: Plan, choices: Mapping[SideName, SideChoice], table: PriceTable, journal: Journal
    ) -> None:
        """Begin a session; the one before must have ended."""
        assert not self.running
        self.put_away()
        self._checking = Checking(wire, plan, choices, self._on_row, table=table, journal=journal)
        self._shown = self.file = None
        self.asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        self._begin(())

    def ask_again(self, checks: Collection[str]) -> None:
        """Ask some checks of the session again, with those that they rest on and that did not pass."""
        if self.can_ask and checks:
            self._begin(self._with_foundations(checks))

    def _with_foundations(self, checks: Collection[str]) -> Sequence[str]:
        known, found, todo = by_id(), set(checks), list(checks)
        while todo:
            for needed in known[todo.pop()].foundation:
                judgement = self.rows[needed].judgement if needed in self.rows else None
                if needed in self.rows and needed not in found and (judgement is None or not _goes_on(judgement)):
                    found.add(needed)
                    todo.append(needed)
        return [one for one in self.rows if one in found]

    def _begin(self, only: Sequence[str]) -> None:
        assert self._checking is not None
        self.only, self._began_s, self._stopped = frozenset(only), monotonic(), False
        self._task = asyncio.get_event_loop().create_task(self._run(self._checking, only))
        self._pulse.start()
        self.started.emit()

    async def _run(self, checking: Checking, only: Sequence[str]) -> None:
        try:
            await checking.run(only)
        except asyncio.CancelledError:
            self._stopped = True  # by the user: what came is judged
        except Exception as error:  # a fault of ours must not leave the page running for ever without a word
            self.failed.emit(
                tr("The checks broke off by a fault in Diptych: {kind}: {error}", kind=type(error).__name__, error=error)
            )
            raise
        finally:
            self._pulse.stop()
            asyncio.get_event_loop().call_soon(self._tell_the_end)

    def _tell_the_end(self) -> None:
        self.finished.emit()
        if self._checking is not None:
            for check, error in self._checking.session.faults.items():
                self.failed.emit(
                    tr(
                        "A fault in Diptych broke “{check}” off: {kind}: {error}",
                        check=check,
                        kind=type(error).__name__,
                        error=error,
                    )
                )

    def stop(self) -> None:
        """End what runs; what came is kept and judged."""
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Until what runs has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def put_away(self) -> None:
        """Close the journal of the session that is shown: another follows, or the window closes."""
        if self._checking is not None and (problem := self._checking.finish()):
            self.failed.emit(problem)

    def show(self, file: Path, opened: RunOpened, plan: Plan, recordings: Sequence[Recording], table: PriceTable) -> None:
        """Show a session from a file, judged by the rules of today. Nothing may run."""
        assert not self.running
        book = book_of(recordings)
        judged, spent = judge_all(book, plan), Spent()
        for one in book.exchanges:
            spent.add(one, table)
        rows = {one: Row(by_id()[one], State.DONE, judgement) for one, judgement in judged.items()}
        self.put_away()
        self._checking, self._task, self._stopped = None, None, False
        self._shown = opened, plan, rows, book, spent
        self.file, self.asked, self.only = file, {}, frozenset()
        self.started.emit()
        self.finished.emit()

    def take_over(self, before: CheckRun) -> None:
        """Go on with the session of another window, which does not run: its checks can be asked again here."""
        assert not before.running
        self._checking, before._checking, self._stopped = before._checking, None, before._stopped
        self.only, self.asked, self._task = before.only, dict(before.asked), None
        self._shown = self.file = None
        if self._checking is not None:
            self._checking.session.on_change = self._on_row
            self.started.emit()
            self.finished.emit()

    def clear(self) -> None:
        """Show nothing any more."""
        self.put_away()
        self._checking = self._task = self._shown = self.file = None
        self.asked = {}
        self.started.emit()

    def _on_row(self, _row: Row) -> None:
        self._pulse.soon()


def planned(checks: Sequence[Check]) -> dict[str, Row]:
    """The rows of checks that nobody has asked yet."""
    return {one.id: Row(one) for one in checks}


def _goes_on(judgement: Judgement) -> bool:
    return judgement.b.verdict in (Verdict.PASS, Verdict.DIFFERS)


def _weight(check: Check) -> int:
    """How long a check takes beside others: its requests follow each other."""
    return max(1, check.cost.requests)
