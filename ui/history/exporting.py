"""What is selected in the history handed on: as files of runs, or as one file for other programs; whole, or one side of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.files import StoreError, write_atomically
from app.store.run_file import SUFFIX
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.shared.ask_file import ask_where, runs
from ui.shared.complain import complain, complain_of_some
from ui.shared.progress import progress_of
from ui.shared.written import tell_written
from ui.widgets.toast import toast

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.asking.history_export import Selection
    from app.recording.records import SideName
    from app.store.history.entry import Listed
    from app.store.history.history import History
    from ui.history.changing import HistoryChanging
    from ui.shared.export_dialog import ExportDialog
    from ui.shared.services import Services

RUN_FILES = "runs"
CANT_EXPORT = message("It could not be exported")
_LOOK_S = 0.1


class HistoryExports:
    """Asks as what, and writes it."""

    def __init__(self, services: Services, changing: HistoryChanging, parent: QWidget) -> None:
        self._services, self._changing, self._parent = services, changing, parent

    def ask(self, several: Sequence[Listed]) -> ExportDialog:
        """Ask as what, without waiting for it."""
        from ui.shared.export_dialog import ExportDialog, Kind
        from ui.shared.export_kinds import kinds_of_tools

        about = (
            message("A file that Diptych opens and replays, with all that was recorded.")
            if len(several) == 1
            else message("A file each, which Diptych opens and replays, in a folder that you choose.")
        )
        title = tr("{n:word File of the run|Files of the runs}", n=len(several))
        scopes = scopes_of(several)
        groups = (
            (tr("For Diptych"), [Kind(RUN_FILES, title, tr(about), copies=False)]),
            (tr("For other programs"), kinds_of_tools(copies=False)),
        )
        dialog = ExportDialog((groups,), [said for said, _ in scopes], lambda key, at: _lacks(key, scopes[at][1]), "",
                              self._parent)  # fmt: skip
        dialog.save_wanted.connect(lambda key, at: self.ask_where(several, key, scopes[at][1]))
        dialog.open()
        return dialog

    def ask_where(self, several: Sequence[Listed], key: str, side: SideName | None) -> None:
        """Ask where to, and write it there."""
        start = self._services.tasks.start
        if key != RUN_FILES:
            from app.transfer.exports import KINDS

            name = f"{name_of(several)}{f' {side.upper()}' if side else ''}{KINDS[key].suffix}"
            if (path := ask_where(self._parent, tr("Export"), name)) is not None:
                start(self.export(several, key, side, path))
        elif len(several) == 1:
            if (path := ask_where(self._parent, tr("Export"), file_name(several[0]), runs())) is not None:
                start(self.export_runs([(several[0], path)]))
        else:
            from PySide6.QtWidgets import QFileDialog

            title = tr("Export {count} to a folder", count=len(several))
            if folder := QFileDialog.getExistingDirectory(self._parent, title):
                start(self.export_runs([(one, Path(folder) / file_name(one)) for one in several]))

    async def export_runs(self, wanted: Sequence[tuple[Listed, Path]]) -> None:
        """Write each to its file, with progress where they are many; what was written before a stop stays."""

        def write(history: History, some: Sequence[tuple[Listed, Path]]) -> None:
            for one, path in some:
                write_atomically(path, history.pieces(one.id))

        doing = tr("Exporting {n:plural run|runs}…", n=len(wanted))
        done = await self._changing.files_in_turns(wanted, write, doing, CANT_EXPORT)
        if done:
            where = str(done[0][1]) if len(wanted) == 1 else str(done[0][1].parent)
            toast(self._parent, tr("{n:plural file|files} written to {where}.", n=len(done), where=where))

    async def export(self, several: Sequence[Listed], key: str, side: SideName | None, path: Path) -> None:
        """Write them as one file, with progress; where it is stopped there is none, and a file that was there stays."""
        from app.asking.history_export import Selection, StoppedError

        chosen = Selection(self._services.settings, [one.id for one in several], side)
        try:
            await self._watched(chosen, lambda: write_atomically(path, chosen.pieces(key)))
        except StoppedError:
            toast(self._parent, tr("Stopped: nothing was written to {where}.", where=str(path)))
            return
        except (StoreError, OSError) as error:
            complain(self._parent, tr(CANT_EXPORT), system_words(error))
            return
        tell_written(self._parent, tr("Exported to {path}.", path=path), path)
        if problems := chosen.problems:
            many = tr("{n:plural run|runs} can’t be read.", n=len(problems))
            complain_of_some(self._parent, tr("Not all could be exported"), problems, many)

    async def _watched(self, chosen: Selection, work: Callable[[], None]) -> None:
        """Do it in a thread, and show how far it is."""
        doing = asyncio.ensure_future(asyncio.to_thread(work))
        with progress_of(self._parent, tr("Exporting {n:plural run|runs}…", n=chosen.count), chosen.count) as progress:
            try:
                while not (await asyncio.wait([doing], timeout=_LOOK_S))[0]:
                    if progress.wasCanceled():
                        chosen.stop()
                    else:
                        progress.setValue(min(chosen.done, chosen.count - 1))  # at the end it closes itself
                await doing
            finally:
                chosen.stop()  # where the window is closed meanwhile


def scopes_of(several: Sequence[Listed]) -> list[tuple[str, SideName | None]]:
    """What can be chosen of them, each with its side; None is all of it."""
    names: dict[SideName, set[str]] = {}
    for one in several:
        for side in one.entry.sides:
            names.setdefault(side.side, set()).add(side.name)
    if len(names) < 2:
        return [(tr("Both sides"), None)]
    alone: list[tuple[str, SideName | None]] = [
        (tr("Side {side}: {name}", side=side.upper(), name=next(iter(found))) if len(found) == 1
         else tr("Side {side}", side=side.upper()), side)
        for side, found in sorted(names.items())
    ]  # fmt: skip
    return [(tr("Both sides"), None), *alone]


def _lacks(key: str, side: SideName | None) -> str:
    return tr("a file of a run holds both sides") if key == RUN_FILES and side is not None else ""


def name_of(several: Sequence[Listed]) -> str:
    """What one file of them all is called, without its ending."""
    return file_name(several[0]).removesuffix(SUFFIX) if len(several) == 1 else tr("{n:grouped} runs", n=len(several))


def file_name(one: Listed) -> str:
    """What its file is called: when it began, what it is, and its number, so that no two are the same."""
    when = "".join(character for character in one.entry.started_utc[:19] if character.isalnum())
    return f"{one.entry.kind}-{when}-{one.id}{SUFFIX}"
