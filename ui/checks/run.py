"""One session of checks in the window: begun, followed, stopped, asked again in part; or shown from a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.asking.checking import Checking, book_of
from app.checks.budget import Spent
from app.checks.judging import Book, Plan, judge_all
from app.checks.registry import by_id
from app.checks.session import Row, State
from app.checks.verdict import Verdict
from app.text.sentences import message, tr
from ui.checks.filters import not_done
from ui.shared.session_run import SessionRun

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.checks.check import Check
    from app.checks.judgement import Judgement
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.journal import Journal
    from app.wire.client import WireClient


_BROKE_OFF = message("The checks broke off by a fault in Diptych: {kind}: {error}")


class CheckFound(NamedTuple):
    """A session of a file, judged by the rules of today."""

    opened: RunOpened
    plan: Plan
    rows: dict[str, Row]
    book: Book
    spent: Spent


class CheckRun(SessionRun[Checking, CheckFound]):
    """Holds the session that is shown, whose checks can be asked again.

    Attributes:
        only: the checks that run (again) now; empty for all of the plan.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_BROKE_OFF, parent)
        self.only: frozenset[str] = frozenset()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> Plan | None:
        """What is asked; None where nothing is shown."""
        return self._asking.session.plan if self._asking else self._shown.plan if self._shown else None

    @property
    def rows(self) -> dict[str, Row]:
        """Its checks by id, in order."""
        return self._asking.session.rows if self._asking else self._shown.rows if self._shown else {}

    @property
    def book(self) -> Book:
        """Its exchanges."""
        return self._asking.session.book if self._asking else self._shown.book if self._shown else Book()

    @property
    def spent(self) -> Spent:
        """What it has cost."""
        return self._asking.session.spent if self._asking else self._shown.spent if self._shown else Spent()

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
        return self._asking is not None and not self.running

    def left_s(self) -> float | None:
        """About how long what runs will still take, from how long its requests took so far; None where nothing tells yet."""
        rows = [row for row in self.rows.values() if not self.only or row.check.id in self.only]
        done = sum(_weight(row.check) for row in rows if row.state is State.DONE)
        left = sum(_weight(row.check) for row in rows if row.state is not State.DONE)
        if not self.running or not done or (took := self.took_s) is None:
            return None
        return took * left / done

    # -- what happens -------------------------------------------------------------------------------------------------

    def start(
        self, wire: WireClient, plan: Plan, choices: Mapping[SideName, SideChoice], table: PriceTable, journal: Journal
    ) -> None:
        """Begin a session; the one before must have ended."""
        self.only = frozenset()
        self.begin(Checking(wire, plan, choices, self._on_row, table=table, journal=journal), choices)

    def ask_again(self, checks: Collection[str]) -> None:
        """Ask some checks of the session again, with those that they rest on and that did not pass."""
        if self._asking is None or self.running or not checks:
            return
        only = self._with_foundations(checks)
        self.only = frozenset(only)
        self.follow(self._asking, partial(self._asking.run, only))

    def _with_foundations(self, checks: Collection[str]) -> Sequence[str]:
        known, found, todo = by_id(), set(checks), list(checks)
        while todo:
            for needed in known[todo.pop()].foundation:
                judgement = self.rows[needed].judgement if needed in self.rows else None
                if needed in self.rows and needed not in found and (judgement is None or not _goes_on(judgement)):
                    found.add(needed)
                    todo.append(needed)
        return [one for one in self.rows if one in found]

    def tell_the_end(self) -> None:
        super().tell_the_end()
        for check, error in self._asking.session.faults.items() if self._asking is not None else ():
            kind = type(error).__name__
            self.failed.emit(tr("A fault in Diptych broke “{check}” off: {kind}: {error}", check=check, kind=kind, error=error))

    def show(self, file: Path, opened: RunOpened, plan: Plan, recordings: Sequence[Recording], table: PriceTable) -> None:
        """Show a session from a file. Nothing may run."""
        book = book_of(recordings)
        judged, spent = judge_all(book, plan), Spent()
        for one in book.exchanges:
            spent.add(one, table)
        rows = {one: Row(by_id()[one], State.DONE, judgement) for one, judgement in judged.items()}
        self.only = frozenset()
        self.show_found(file, CheckFound(opened, plan, rows, book, spent))

    def take_over(self, before: CheckRun) -> None:
        """Go on with the session of another window, which does not run: its checks can be asked again here."""
        self.only = before.only
        if before._asking is not None:
            before._asking.session.on_change = self._on_row
        super().take_over(before)

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
