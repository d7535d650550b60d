"""Studies as files: opened and saved."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from app.asking.sessions import exchanges_of
from app.asking.studying import study_plan_of
from app.recording.records import STUDY_SCENARIO
from app.store.history.place import history_path
from app.study.plan import StudyPlan
from app.text.sentences import message, tr
from ui.shared.complain import complain
from ui.shared.session_file import Elsewhere, named, read_session
from ui.shared.session_files import FileWords
from ui.study.half_files import HalfFiles
from ui.study.run import StudyRun
from ui.study.setup import Setup
from ui.study.view import StudyView

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from app.report.schema import Report

CANT_OPEN = message("The study can't be opened")
_OTHER_VERSION = message("{name} holds a study of a version of Diptych that this one can't read.")
_WORDS = FileWords(
    "study", message("Save study"), message("The study is saved in {path}."), message("The study could not be saved")
)


class StudyFiles(HalfFiles[StudyPlan, StudyView, StudyRun, Setup]):
    """Reads and writes the study that is shown."""

    def __init__(self, view: StudyView, run: StudyRun, setup: Setup) -> None:
        super().__init__(view, run, setup, _WORDS)

    def own_plan(self) -> StudyPlan | None:
        return self._setup.plan()

    async def read(self, path: Path, elsewhere: Elsewhere) -> None:
        """Show what is in a file; one that holds no study is handed to `elsewhere`."""
        if (read := await read_session(self._view, path, STUDY_SCENARIO, tr(CANT_OPEN), elsewhere)) is not None:
            await self.show(path, *read)

    async def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        plan = study_plan_of(opened)
        if plan is None:
            return complain(self._view, tr(CANT_OPEN), tr(_OTHER_VERSION, name=named(path)))
        exchanges = await asyncio.to_thread(exchanges_of, recordings)
        await self.make_room(plan, recordings)
        self._run.show(path or history_path(), opened, plan, exchanges, self._setup.prices)
        return self.tell_opened(path, opened)

    def close(self) -> None:
        self._view.notes.say()
        self._view.set_enabled(True)
        self._setup.sides.show()
        self.show_own_plan()  # behind the sides, which offer a cap for the plan that is shown
        if not self._run.running:
            self._run.clear()

    def report_of(self, opened: RunOpened) -> Report:
        from app.report.study_facts import study_report

        run = self._run
        assert run.plan is not None
        return study_report(opened, run.plan, run.pairs, run.exchanges, self._setup.prices)
