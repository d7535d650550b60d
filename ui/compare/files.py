"""Runs as files: opened, saved, left behind by a killed window; and the events of a side exported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.recording.recording import Recording
from app.recording.records import RunFileError, RunOpened, SideName
from app.store.files import StoreError, write_atomically
from app.store.run_file import SUFFIX, open_run, save_run
from app.text import numbers
from ui.compare.pane.pane import Pane
from ui.compare.session import RunSession
from ui.shared.ask_file import ask_where
from ui.shared.complain import complain
from ui.widgets.bar import Bar
from ui.widgets.labels import Segment

RUNS = f"Runs (*{SUFFIX});;All files (*)"


class RunFiles:
    """Reads and writes the run that is shown. Questions and complaints stand over `parent`, `notes` say what was done."""

    def __init__(self, session: RunSession, panes: Mapping[SideName, Pane], notes: Bar, parent: QWidget) -> None:
        self._session, self._panes, self._notes, self._parent = session, panes, notes, parent

    @property
    def can_save(self) -> bool:
        """Whether a run is shown that has ended."""
        return bool(self._session.recordings) and not self._session.running

    @property
    def can_export(self) -> bool:
        """Whether anything of a run is shown."""
        return bool(self._session.recordings)

    async def read(self, path: Path) -> tuple[RunOpened, list[Recording]] | None:
        """The run in a file, read when the one that goes on has been stopped; None where it is none, which is said."""
        self._session.stop()
        await self._session.wait()
        try:
            return await asyncio.to_thread(open_run, path)
        except RunFileError as error:
            complain(self._parent, "The run can't be opened", str(error))
            return None

    def ask_save(self) -> None:
        """Ask where to, and save the run."""
        if (path := ask_where(self._parent, "Save run", f"run{SUFFIX}", RUNS)) is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save the run that is shown."""
        if self._session.opened is None or self._session.running:
            return None
        try:
            save_run(path, self._session.opened, self._session.recordings)
        except StoreError as error:
            return complain(self._parent, "The run could not be saved", str(error))
        return self._say(f"The run is saved in {path}.")

    def export(self, side: SideName, kind: str) -> None:
        """Ask where to, and write the events of a side's round as "jsonl" or "csv"."""
        one = self._panes[side].exchange
        if one is None or not len(one.events):
            return complain(self._parent, "There is nothing to export", f"Side {side.upper()} has no events.")
        from app.formats.events import as_csv, as_jsonl

        path = ask_where(self._parent, "Export events", f"events-{side}.{kind}")
        if path is None:
            return None
        try:
            write_atomically(path, as_csv(one) if kind == "csv" else as_jsonl(one))
        except OSError as error:
            return complain(self._parent, "The events could not be exported", f"{path}: {error.strerror or error}")
        return self._say(f"{numbers.plural(len(one.events), 'event')} of side {side.upper()} are saved in {path}.")

    def _say(self, text: str) -> None:
        self._notes.say(Segment(text, "ok"), actions=(("Dismiss", self._notes.say),))

    def offer(self, journals: Sequence[Path], open_file: Callable[[Path], object], discard: Callable[[Path], object]) -> None:
        """Runs that a killed window left behind can be opened or thrown away, the newest first."""
        if not journals or self._session.running:
            return
        newest = journals[0]

        def discard_and_go_on() -> None:
            discard(newest)
            self._notes.say()
            self.offer(journals[1:], open_file, discard)

        said = Segment("Diptych ended while a run went on; what had come is kept.", "text", True)
        more = Segment(f"{len(journals)} such runs" if len(journals) > 1 else newest.name)
        self._notes.say(said, more, actions=(("Open it", lambda: open_file(newest)), ("Discard", discard_and_go_on)))
