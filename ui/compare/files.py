"""Runs as files: opened, saved, left behind by a killed window; and the events of a side exported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.recording.records import RunFileError, RunOpened, SideName
from app.scenarios import plan_from_ask
from app.store.files import StoreError, write_atomically
from app.store.run_file import SUFFIX, open_run, save_run
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.compare.tabs import TABS
from ui.shared.ask_file import ask_where as asked
from ui.shared.ask_file import runs
from ui.shared.complain import complain
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.scenarios import Plan
    from ui.compare.naming import RunName
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView
    from ui.shared.services import Services, ShownExchange
    from ui.shared.sides import Sides

EVENTS, RAW = TABS.index("Events"), TABS.index("Raw")


class RunFiles:
    """Reads and writes the run that is shown. What was done is said above the panes.

    Attributes:
        folder: where something was saved last, "" for nowhere.
        run_again: sends the request that is shown to one's own endpoints; the page sets it.
    """

    def __init__(self, services: Services, view: CompareView, session: RunSession, sides: Sides, run_name: RunName) -> None:
        self._services, self._view, self._session, self._sides = services, view, session, sides
        self.run_name, self.folder = run_name, ""
        self._borrowed: ShownExchange | None = None
        self._own: tuple[Plan, Plan] | None = None  # the request that was typed here, and the read one that is shown for it
        self.run_again: Callable[[], object] = lambda: None
        for name, pane in view.panes.items():
            pane.export_wanted.connect(partial(self.export, name))

    @property
    def can_save(self) -> bool:
        """Whether a run is shown that has ended."""
        return bool(self._session.recordings) and not self._session.running

    async def read(self, path: Path) -> tuple[RunOpened, list[Recording]] | None:
        """The run in a file; None where it is none, which is said."""
        try:
            read = await asyncio.to_thread(open_run, path)
        except RunFileError as error:
            complain(self._view, tr("The run can't be opened"), str(error))
            return None
        return read

    async def read_kept(self, number: int) -> tuple[RunOpened, list[Recording]] | None:
        """The one of that number in the history; None where it can't be read, which is said."""
        from app.asking.history_keeping import read_kept

        try:
            return await asyncio.to_thread(read_kept, self._services.settings, number)
        except (RunFileError, StoreError) as error:
            complain(self._view, tr("The run can't be opened"), str(error))
            return None

    async def stop(self) -> None:
        """End the run that goes on: another is shown."""
        self._session.stop()
        await self._session.wait()

    def ask_save(self) -> None:
        if (path := self.ask_where(tr("Save run"), self.run_name.file_name("run", SUFFIX), runs())) is not None:
            self.save(path)

    def ask_where(self, title: str, name: str, kinds: str = "") -> Path | None:
        """Where to save, beginning where it was done last, also at an earlier start."""
        folder = self.folder if Path(self.folder).is_dir() else ""
        if (path := asked(self._view, title, name, kinds, folder)) is not None:
            self.folder = str(path.parent)
        return path

    def save(self, path: Path) -> None:
        if self._session.opened is None or self._session.running:
            return None
        try:
            save_run(path, self._session.opened, self._session.recordings)
        except StoreError as error:
            return complain(self._view, tr("The run could not be saved"), str(error))
        return self._view.say(tr("The run is saved in {path}.", path=path), "ok")

    def export(self, side: SideName, kind: str) -> None:
        """Ask where to, and write the events of a side's round as "jsonl" or "csv"."""
        one = self._view.panes[side].exchange
        if one is None or not len(one.events):
            return complain(self._view, tr("There is nothing to export"), tr("Side {side} has no events.", side=side.upper()))
        from app.formats.events import as_csv, as_jsonl

        path = self.ask_where(tr("Export events"), self.run_name.file_name("events", f" events {side.upper()}.{kind}"))
        if path is None:
            return None
        try:
            write_atomically(path, as_csv(one) if kind == "csv" else as_jsonl(one))
        except OSError as error:
            return complain(
                self._view, tr("The events could not be exported"), tr("{where}: {why}", where=path, why=system_words(error))
            )
        template = message("{n:plural event|events} of side {side} are saved in {path}.")
        from ui.shared.written import tell_written

        return tell_written(self._view, tr(template, n=len(one.events), side=side.upper(), path=path), path)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a run that was read; its endpoints can be read, not changed. Where that fails the one before stays so named."""
        from ui.shared.session_file import opened_from

        self._borrowed = None
        self._show(path, opened, recordings, *opened_from("run", path, opened))

    def borrow(self, shown: ShownExchange) -> None:
        """Show an exchange that another page has."""
        self._borrowed = shown
        self._show(None, shown.opened, list(shown.recordings), Segment(shown.title(), "text", True))
        self._session.finished.connect(partial(self._turn_to, shown), Qt.ConnectionType.SingleShotConnection)

    def _turn_to(self, shown: ShownExchange) -> None:
        """Once it is read, what is wanted of it."""
        one = self._view.panes[shown.side].exchange
        document = one is not None and not one.generated  # such as a list of models: it is seen in its bytes alone
        tab = RAW if shown.as_bytes or document else EVENTS if shown.event is not None else 0
        for pane in self._view.panes.values():
            pane.set_tab(tab)
        if shown.event is not None:
            self._view.panes[shown.side].go_to(1, shown.event - 1)

    def _show(self, path: Path | None, opened: RunOpened, recordings: list[Recording], *said: Segment) -> None:
        plan = plan_from_ask(opened.ask)
        own = self._own_request
        try:
            if plan is not None:
                self._view.bar.show_plan(plan)
                self._own = own, self._view.bar.plan
            self._session.show(path, opened, recordings, plan, self._services.load_prices()[0])
        except Exception as error:
            name = path.name if path is not None else tr("The exchange")
            fault = f"{type(error).__name__}: {error}"
            told = tr("{name}: a fault in Diptych ({fault})", name=name, fault=fault)
            complain(self._view, tr("The run can't be opened"), told)
            raise
        self._sides.show_envelopes({one.envelope.side or "a": one.envelope for one in recordings})
        again = ((tr("Run this again"), self.run_again),) if plan is not None else ()
        self._view.notes.say(*said, actions=(*again, (tr("Back to mine"), self.close)))

    def take_over(self, other: RunFiles) -> None:
        """Show the run of another window, which has ended."""
        session = other._session
        if session.opened is None or not session.recordings:
            return
        if not session.borrowed:
            self._session.take_over(session)
        elif other._borrowed is not None:
            self.borrow(other._borrowed)
        else:
            self.show(session.file, session.opened, session.recordings)

    @property
    def _own_request(self) -> Plan:
        """The request that the user typed: also what was changed of a read one."""
        shown = self._view.bar.plan
        return self._own[0] if self._own is not None and shown == self._own[1] else shown

    def close(self, *, keeps_request: bool = False) -> None:
        """Back to one's own endpoints, and to one's own request unless `keeps_request`: that which is shown is wanted."""
        self._view.notes.say()
        if self._own is not None and not keeps_request:
            self._view.bar.show_plan(self._own_request)
        self._own = None
        self._sides.show()
        if not self._session.running:
            self._session.clear()

    def offer(self, journals: Sequence[Path], open_file: Callable[[Path], object]) -> None:
        """Runs that a killed window left behind can be opened or thrown away, the newest first."""
        if not journals or self._session.running:
            return
        newest = journals[0]

        def discard() -> None:
            self._services.journal.discard(newest)
            self._view.notes.say()
            self.offer(journals[1:], open_file)

        said = Segment(tr("Diptych ended while a run went on; what had come is kept."), "text", True)
        more = Segment(tr("{n:grouped} such runs", n=len(journals)) if len(journals) > 1 else newest.name)
        self._view.notes.say(said, more, actions=((tr("Open it"), lambda: open_file(newest)), (tr("Discard"), discard)))
