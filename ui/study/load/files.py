"""Loads as files: opened, saved, reported, and written for Locust."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.asking.loading import load_of
from app.exchange.exchange import Exchange
from app.store.history.place import history_path
from app.study.load import LoadPlan
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.shared.ask_file import ask_where
from ui.shared.complain import complain
from ui.shared.session_file import named
from ui.shared.session_files import FileWords
from ui.study.half_files import HalfFiles
from ui.study.load.run import LoadRun
from ui.study.load.setup import LoadSetup
from ui.study.load.view import LoadView

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.report.schema import Report

CANT_OPEN = message("The load can't be opened")
_OTHER_VERSION = message("{name} holds a load of a version of Diptych that this one can't read.")
_WORDS = FileWords(
    "load", message("Save load"), message("The load is saved in {path}."), message("The load could not be saved")
)
_LOCUST = message("Written to {path}. The key is read from {variable}: locust -f {name} --headless -u 16 -r 16 -t 30s")


class LoadFiles(HalfFiles[LoadPlan, LoadView, LoadRun, LoadSetup]):
    """Reads and writes the load that is shown."""

    def __init__(self, view: LoadView, run: LoadRun, setup: LoadSetup) -> None:
        super().__init__(view, run, setup, _WORDS)

    def own_plan(self) -> LoadPlan | None:
        return next(iter((self._setup.plans() or {}).values()), None)

    @property
    def can_save(self) -> bool:
        """Whether a load is shown that has ended."""
        return any(one.results for one in self._run.loaded.values()) and not self._run.running

    async def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        found = load_of(opened)
        if found is None:
            return complain(self._view, tr(CANT_OPEN), tr(_OTHER_VERSION, name=named(path)))
        await self.make_room(next(iter(found.load.values())).plan, recordings)
        self._run.show(path or history_path(), opened, found, recordings)
        return self.tell_opened(path, opened)

    def close(self) -> None:
        self._view.notes.say()
        self._view.set_enabled(True)
        self.show_own_plan()
        self._setup.sides.show()  # behind the plan, for which they offer a cap
        if not self._run.running:
            self._run.clear()

    def report_of(self, opened: RunOpened) -> Report:
        from app.report.study_facts import load_report

        run, samples = self._run, [Exchange(one).finish() for one in self._run.recordings]
        return load_report(opened, run.loaded, run.spent, samples, self._setup.prices)

    def ask_locust(self, side: SideName) -> None:
        """Ask where to, and write a side's load as a Locust file."""
        if (path := ask_where(self._view, tr("Export for Locust"), "locustfile.py")) is not None:
            self.locust(side, path)

    def locust(self, side: SideName, path: Path) -> None:
        """Write the next load of a side as a Locust file; nothing is sent."""
        from app.asking.loading import LocustError, locust_of
        from app.store.files import write_atomically
        from app.study.locust import KEY_VARIABLE

        plans, (profile, _) = self._setup.plans() or {}, self._setup.wanted().get(side, (None, ""))
        if profile is None or side not in plans:
            return self._view.say(self._setup.problem or tr("No endpoint is chosen there."), "warn")
        try:
            write_atomically(path, [locust_of(plans[side], profile).encode()])
        except LocustError as error:
            return self._view.say(str(error), "warn")
        except OSError as error:
            return complain(
                self._view,
                tr("The Locust file could not be written"),
                tr("{where}: {why}", where=path, why=system_words(error)),
            )
        return self._view.say(tr(_LOCUST, path=path, name=path.name, variable=KEY_VARIABLE), "text")
