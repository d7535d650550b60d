"""What is done with what is selected in the history: pinned, named, noted, deleted and taken back, written to files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.files import StoreError, write_atomically
from app.store.run_file import SUFFIX
from app.text.sentences import message, tr
from ui.shared.ask_file import ask_where, runs
from ui.shared.complain import complain
from ui.widgets.toast import toast

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtWidgets import QProgressDialog, QWidget

    from app.store.history.entry import Listed
    from app.store.history.history import History
    from ui.history.reading import HistoryReading
    from ui.shared.tasks import Tasks

AT_A_TIME, SHOWN_AFTER_MS = 500, 400
CANT_CHANGE = message("The history could not be changed")


class HistoryChanging:
    """Changes the history; `after` shows it again."""

    def __init__(
        self, reading: HistoryReading, tasks: Tasks, parent: QWidget, after: Callable[[], Coroutine[object, object, None]]
    ) -> None:
        self._reading, self._tasks, self._parent, self._after = reading, tasks, parent, after

    async def _change(self, one: Listed, change: Callable[[History, int], object]) -> None:
        try:
            await self._reading.do(lambda history: change(history, one.id))
        except StoreError as error:
            complain(self._parent, tr(CANT_CHANGE), str(error))
        finally:
            await self._after()

    async def _change_many(
        self, numbers: Sequence[int], change: Callable[[History, Sequence[int]], None], doing: str
    ) -> list[int] | None:
        """Change some at a time, so that others have their turn; those that were, fewer where it was stopped. None: it failed,
        which is said."""
        done: list[int] = []
        progress = self._progress(len(numbers), doing) if len(numbers) > AT_A_TIME else None
        try:
            while len(done) < len(numbers) and not (progress is not None and progress.wasCanceled()):
                some = numbers[len(done) : len(done) + AT_A_TIME]
                await self._reading.do(lambda history, some=some: change(history, some))  # type: ignore[misc]
                done += some
                if progress is not None:
                    progress.setValue(min(len(done), len(numbers) - 1))  # at the end it closes itself
        except StoreError as error:
            complain(self._parent, tr(CANT_CHANGE), str(error))
            return None
        finally:
            if progress is not None:
                progress.reset()
                progress.deleteLater()
            await self._after()
        return done

    def _progress(self, count: int, doing: str) -> QProgressDialog:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QProgressDialog

        made = QProgressDialog(doing, tr("Stop"), 0, count, self._parent)
        made.setWindowTitle("Diptych")
        made.setWindowModality(Qt.WindowModality.NonModal)
        made.setMinimumDuration(SHOWN_AFTER_MS)
        made.setAutoClose(False)
        made.setValue(0)
        return made

    def pin(self, several: Sequence[Listed]) -> None:
        """Pin them, or where all are pinned no longer."""
        pinned = not all(one.pinned for one in several)
        numbers = [one.id for one in several]
        doing = tr("Pinning {n:plural run|runs}…", n=len(numbers))
        self._tasks.start(self._change_many(numbers, lambda history, some: history.pin_many(some, pinned), doing))

    def delete(self, several: Sequence[Listed]) -> None:
        """They are listed no longer; that can be taken back."""
        self._tasks.start(self._delete([one.id for one in several]))

    def delete_found(self, words: str) -> None:
        """The same of all that these words find."""
        self._tasks.start(self._delete_found(words))

    async def _delete_found(self, words: str) -> None:
        try:
            numbers = await self._reading.do(lambda history: history.ids(words))
        except StoreError as error:
            complain(self._parent, tr(CANT_CHANGE), str(error))
            return
        await self._delete(numbers)

    async def _delete(self, numbers: Sequence[int]) -> None:
        doing = tr("Deleting {n:plural run|runs}…", n=len(numbers))
        done = await self._change_many(numbers, lambda history, some: history.delete_many(some), doing)
        if done:
            said = tr("Deleted." if len(done) == 1 else "{count} are deleted.", count=len(done))
            toast(self._parent, said, role="text", button=(tr("Undo"), partial(self.restore, done)))

    def restore(self, numbers: Sequence[int]) -> None:
        doing = tr("Taking {n:plural deletion|deletions} back…", n=len(numbers))
        self._tasks.start(self._change_many(numbers, lambda history, some: history.restore_many(some), doing))

    def ask_name(self, one: Listed) -> None:
        """Ask what it shall be called; an empty text takes the name away."""
        self._ask(
            one,
            tr("Name"),
            tr("What shall it be called?"),
            one.name,
            lambda history, number, text: history.set_name(number, text),
        )

    def ask_note(self, one: Listed) -> None:
        """Ask for a note to it."""
        self._ask(
            one, tr("Note"), tr("A note, which is searched too:"), one.note,
            lambda history, number, text: history.set_note(number, text), lines=True,
        )  # fmt: skip

    def _ask(
        self, one: Listed, title: str, question: str, text: str, change: Callable[[History, int, str], None], *,
        lines: bool = False,
    ) -> None:  # fmt: skip
        from PySide6.QtWidgets import QInputDialog

        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle(title)
        dialog.setLabelText(question)
        if lines:
            dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue(text)

        def chosen(typed: str) -> None:
            self._tasks.start(self._change(one, lambda history, number: change(history, number, typed.strip())))

        dialog.textValueSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # -- files --------------------------------------------------------------------------------------------------------

    def ask_export(self, several: Sequence[Listed]) -> None:
        """Ask where to, and write them as files: one to a file, several to a folder."""
        if len(several) == 1:
            if (path := ask_where(self._parent, tr("Export"), file_name(several[0]), runs())) is not None:
                self._tasks.start(self.export([(several[0], path)]))
            return
        from PySide6.QtWidgets import QFileDialog

        if folder := QFileDialog.getExistingDirectory(self._parent, tr("Export {count} to a folder", count=len(several))):
            self._tasks.start(self.export([(one, Path(folder) / file_name(one)) for one in several]))

    async def export(self, wanted: Sequence[tuple[Listed, Path]]) -> None:
        """Write each to its file."""

        def write(history: History) -> None:
            for one, path in wanted:
                write_atomically(path, history.pieces(one.id))

        try:
            await self._reading.do(write)
        except (StoreError, OSError) as error:
            complain(self._parent, tr("It could not be exported"), str(error))
            return
        where = str(wanted[0][1]) if len(wanted) == 1 else str(wanted[0][1].parent)
        await asyncio.sleep(0)
        toast(self._parent, tr("{n:plural file|files} written to {where}.", n=len(wanted), where=where))


def file_name(one: Listed) -> str:
    """What its file is called: when it began, what it is, and its number, so that no two are the same."""
    when = "".join(character for character in one.entry.started_utc[:19] if character.isalnum())
    return f"{one.entry.kind}-{when}-{one.id}{SUFFIX}"
