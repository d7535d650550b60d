"""What is done with what is selected in the history: changed, deleted and taken back; runs taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.recording.records import RunFileError
from app.store.files import StoreError
from app.store.run_file import SUFFIX
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.shared.ask_file import ask_which_several, runs
from ui.shared.complain import complain, complain_of_some
from ui.shared.progress import progress_of
from ui.widgets.toast import toast

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from PySide6.QtWidgets import QWidget

    from app.store.history.entry import Listed
    from app.store.history.history import History
    from ui.history.reading import HistoryReading
    from ui.shared.tasks import Tasks

AT_A_TIME, FILES_AT_A_TIME = 500, 10
CANT_CHANGE = message("The history could not be changed")
T = TypeVar("T")


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

    async def _in_turns(
        self,
        items: Sequence[T],
        work: Callable[[History, Sequence[T]], None],
        doing: str,
        at_a_time: int,
        failed: str = CANT_CHANGE,
    ) -> list[T] | None:
        """Do some at a time, so that others have their turn; those that were done, fewer where it was stopped. None: it failed,
        which is said by `failed`."""
        done: list[T] = []
        long = len(items) > at_a_time
        try:
            with progress_of(self._parent, doing, len(items)) if long else nullcontext() as progress:
                while len(done) < len(items) and not (progress is not None and progress.wasCanceled()):
                    some = items[len(done) : len(done) + at_a_time]
                    await self._reading.do(lambda history, some=some: work(history, some))  # type: ignore[misc]
                    done += some
                    if progress is not None:
                        progress.setValue(min(len(done), len(items) - 1))  # at the end it closes itself
        except StoreError as error:
            complain(self._parent, tr(failed), str(error))
            return None
        except OSError as error:
            why = system_words(error)
            where = error.filename
            complain(self._parent, tr(failed), tr("{where}: {why}", where=where, why=why) if where else why)
            return None
        finally:
            await self._after()
        return done

    async def _change_many(
        self, numbers: Sequence[int], change: Callable[[History, Sequence[int]], None], doing: str
    ) -> list[int] | None:
        return await self._in_turns(numbers, change, doing, AT_A_TIME)

    async def files_in_turns(
        self, items: Sequence[T], work: Callable[[History, Sequence[T]], None], doing: str, failed: str = CANT_CHANGE
    ) -> list[T] | None:
        """The same of files, some at a time."""
        return await self._in_turns(items, work, doing, FILES_AT_A_TIME, failed)

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

    def ask_import(self) -> None:
        """Ask for files of runs, and take them into the history."""
        if paths := ask_which_several(self._parent, tr("Import runs"), runs()):
            self._tasks.start(self.take_in(paths))

    async def take_in(self, files: Sequence[Path]) -> None:
        """Take runs into the history, with progress; one that can't be read stops no other and is named. One that is there
        already is not there twice."""
        from app.asking.history_keeping import add_file

        problems: list[str] = []

        def add(history: History, some: Sequence[Path]) -> None:
            for file in some:
                try:
                    add_file(history, file)
                except RunFileError as error:
                    problems.append(str(error))

        done = await self.files_in_turns(files, add, tr("Importing {n:plural run|runs}…", n=len(files)))
        if done is None:
            return
        if taken := len(done) - len(problems):
            toast(self._parent, tr("{n:plural run is|runs are} in the history.", n=taken))
        if problems:
            many = tr("{n:plural file|files} can’t be read.", n=len(problems))
            complain_of_some(self._parent, tr("Not all could be imported"), problems, many)


def runs_in(paths: Sequence[Path]) -> list[Path]:
    """The files of runs among these, and in folders that are among them, by their names."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path] if path.suffix == SUFFIX else []
    return found
