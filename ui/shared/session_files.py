"""The session that a page shows, written as a file and as a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from app.report.write import SUFFIXES, write_report
from app.store.files import StoreError
from app.store.run_file import SUFFIX
from app.text.sentences import tr
from ui.shared.ask_file import ask_where, runs
from ui.shared.complain import complain
from ui.shared.session_file import opened_from, save_session

if TYPE_CHECKING:
    from app.recording.records import RunOpened
    from app.report.schema import Report
    from ui.shared.session_run import SessionRun
    from ui.shared.session_setup import SessionSetup
    from ui.shared.session_view import SessionView


class FileWords(msgspec.Struct, frozen=True):
    """What is said of files of a kind, in messages, of which `saved` has a `path`. `kind` is as in `opened_from`, and the name
    that is offered.
    """

    kind: str
    save: str
    saved: str
    not_saved: str


V = TypeVar("V", bound="SessionView")
R = TypeVar("R", bound="SessionRun[Any, Any]")
S = TypeVar("S", bound="SessionSetup")


class SessionFiles(Generic[V, R, S]):
    """Who extends it reads the files. What was done is said above the session."""

    def __init__(self, view: V, run: R, setup: S, words: FileWords) -> None:
        self._view, self._run, self._setup, self._words = view, run, setup, words

    @property
    def can_save(self) -> bool:
        """Whether a session is shown that has ended."""
        return bool(self._run.recordings) and not self._run.running

    def tell_opened(self, path: Path | None, opened: RunOpened) -> None:
        """Say which file is shown (None: one of the history), and how to come back."""
        words = opened_from(self._words.kind, path, opened)
        self._view.notes.say(*words, actions=((tr("Back to my endpoints"), self.close),))

    def close(self) -> None:
        """Back to one's own endpoints."""
        raise NotImplementedError

    def ask_save(self) -> None:
        """Ask where to, and save it."""
        if (path := ask_where(self._view, tr(self._words.save), f"{self._words.kind}{SUFFIX}", runs())) is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save it, unless it runs."""
        opened = self._run.opened
        if opened is None or self._run.running:
            return
        if save_session(self._view, path, opened, self._run.recordings, tr(self._words.not_saved)):
            self._view.say(tr(self._words.saved, path=path), "ok")

    def ask_report(self, suffix: str) -> None:
        """Ask where to, and write the report in that format."""
        if (path := ask_where(self._view, tr("Save report"), f"{self._words.kind}{suffix}", endings=SUFFIXES)) is not None:
            self.report(path)

    def report(self, path: Path) -> None:
        """Write its report, in the format of the file's ending, unless it runs."""
        opened = self._run.opened
        if opened is None or self._run.running:
            return
        try:
            write_report(self.report_of(opened), path)
        except StoreError as error:
            complain(self._view, tr("The report could not be written"), str(error))
            return
        from ui.shared.written import tell_written

        tell_written(self._view, tr("The report is written to {path}.", path=path), path)

    def report_of(self, opened: RunOpened) -> Report:
        """The facts of the session, whose file begins with this record."""
        raise NotImplementedError
