"""Studies as files: opened and saved."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from app.asking.sessions import exchanges_of
from app.asking.studying import study_plan_of
from app.recording.records import STUDY_SCENARIO
from app.store.history.place import history_path
from app.text.sentences import message, tr
from ui.shared.complain import complain
from ui.shared.session_file import Elsewhere, named, opened_from, read_session
from ui.shared.session_files import FileWords, SessionFiles
from ui.study.run import StudyRun
from ui.study.setup import Setup
from ui.study.view import StudyView

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from app.report.schema import Report
    from app.study.plan import StudyPlan

CANT_OPEN = message("The study can't be opened")
_OTHER_VERSION = message("{name} holds a study of a version of Diptych that this one can't read.")
_WORDS = FileWords(
    "study", message("Save study"), message("The study is saved in {path}."), message("The study could not be saved")
)


class StudyFiles(SessionFiles[StudyView, StudyRun, Setup]):
    """Reads and writes the study that is shown."""

    def __init__(self, view: StudyView, run: StudyRun, setup: Setup) -> None:
        super().__init__(view, run, setup, _WORDS)
        self._own: StudyPlan | None = None  # what the plan was set to before a file's was shown

    async def read(self, path: Path, elsewhere: Elsewhere) -> None:
        """Show what is in a file; one that holds no study is handed to `elsewhere`."""
        if (read := await read_session(self._view, path, STUDY_SCENARIO, tr(CANT_OPEN), elsewhere)) is not None:
            await self.show(path, *read)

    async def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a study that was read."""
        plan = study_plan_of(opened)
        if plan is None:
            return complain(self._view, tr(CANT_OPEN), tr(_OTHER_VERSION, name=named(path)))
        exchanges = await asyncio.to_thread(exchanges_of, recordings)
        self._run.stop()
        await self._run.wait()
        if self._run.file is None:
            self._own = self._setup.plan()
        self._setup.sides.show_envelopes({one.envelope.side or "b": one.envelope for one in recordings})
        self._view.set_enabled(False)
        self._view.plan.show_plan(plan)
        self._view.plan.show_cost(None)
        self._run.show(path or history_path(), opened, plan, exchanges, self._setup.prices)
        return self._view.notes.say(*opened_from("study", path, opened), actions=((tr("Back to my endpoints"), self.close),))

    async def take_over(self, before: StudyFiles) -> None:
        """Show the study of another window, and what its plan is set to."""
        run, plan = before._run, before._setup.plan()
        if run.opened is not None and run.file is not None:
            await self.show(run.file, run.opened, run.recordings)
            self._own = before._own
            return
        if plan is not None:
            self._view.plan.show_plan(plan)
            self._view.plan.take_typed(before._view.plan)
        if run.opened is not None:
            self._run.take_over(run)

    def close(self) -> None:
        """Back to one's own endpoints and plan."""
        self._view.notes.say()
        self._view.set_enabled(True)
        self._setup.sides.show()
        if self._own is not None:
            self._view.plan.show_plan(self._own)
            self._view.plan.forget_typed()
            self._own = None
        if not self._run.running:
            self._run.clear()

    def report_of(self, opened: RunOpened) -> Report:
        from app.report.study_facts import study_report

        run = self._run
        assert run.plan is not None
        return study_report(opened, run.plan, run.pairs, run.exchanges, self._setup.prices)
