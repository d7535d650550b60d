"""One load in the window: begun, followed, stopped; or shown from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking.loading import LoadingSides, sample_of
from app.checks.budget import Spent
from app.text.sentences import tr
from ui.shared.pulse import Pulse
from ui.shared.tasks import to_its_end

if TYPE_CHECKING:
    from app.asking.loading import LoadFile
    from app.asking.runner import SideChoice
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.journal import Journal
    from app.study.load import LoadPlan, StepResult
    from app.study.load_told import Loaded
    from app.wire.client import WireClient


class LoadRun(QObject):
    """Holds the load that is shown.

    Attributes:
        file: where it was read from, None for one of now. asked: the uid and the model of each side; {} for a file's.
        names: what the sides are called.

    Signals:
        started: another load is shown. changed: it went on, or time passed; at most ten times a second.
        finished: nothing runs any more. failed: something could not be done; a sentence.
    """

    started = Signal()
    changed = Signal()
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loading: LoadingSides | None = None
        self._task: asyncio.Task[None] | None = None
        self._shown: tuple[RunOpened, LoadFile, list[Recording]] | None = None  # of a file
        self.file: Path | None = None
        self.asked: dict[SideName, tuple[str, str]] = {}
        self.names: dict[SideName, str] = {}
        self._pulse = Pulse(self)
        self._pulse.beat.connect(self.changed)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def loaded(self) -> dict[SideName, Loaded]:
        """What was found so far; {} for nothing shown."""
        return self._loading.loaded if self._loading else dict(self._shown[1].load) if self._shown else {}

    @property
    def plan(self) -> LoadPlan | None:
        """The plan of one of the sides, which share steps and limits."""
        return next((one.plan for one in self.loaded.values()), None)

    @property
    def now(self) -> tuple[SideName, float, int, int] | None:
        """The side and the step that run, how many of its requests have ended, and of how many; None for none."""
        for name, one in self._loading.sides.items() if self._loading is not None and self.running else ():
            if one.load.step is not None:
                return name, one.load.step, one.load.done, one.plan.requests_of(one.load.step)
        return None

    @property
    def spent(self) -> Spent:
        return self._loading.spent if self._loading else self._shown[1].spent if self._shown else Spent()

    @property
    def took_s(self) -> float | None:
        """How long it took, so far; None for one of a file."""
        return self._loading.took_s if self._loading is not None else None

    @property
    def opened(self) -> RunOpened | None:
        return self._loading.opened if self._loading else self._shown[0] if self._shown else None

    @property
    def recordings(self) -> list[Recording]:
        """The exchanges of it that are worth a look."""
        if self._loading is not None:
            return [one.recording for one in self._loading.exchanges]
        return self._shown[2] if self._shown else []

    def samples(self, step: float, kind: str) -> list[Recording]:
        """The exchanges of each side's step that are `kind`: "p50", "p95", "p99", or how one failed."""
        found = []
        for name, one in self.loaded.items():
            result = next((one for one in one.results if one.step == step), None)
            number = result.samples.get(kind) if result is not None else None
            sample = sample_of(self.recordings, name, number) if number is not None else None
            found += [sample] if sample is not None else []
        return found

    # -- what happens -------------------------------------------------------------------------------------------------

    def start(
        self,
        wire: WireClient,
        plans: Mapping[SideName, LoadPlan],
        choices: Mapping[SideName, SideChoice],
        table: PriceTable,
        journal: Journal | None = None,
    ) -> None:
        """Begin a load; the one before must have ended."""
        assert not self.running
        self._loading = LoadingSides(wire, plans, choices, self._on_step, table, journal=journal)
        self._shown = self.file = None
        self.asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        self.names = {name: choice.profile.name for name, choice in choices.items()}
        self._task = asyncio.get_event_loop().create_task(self._run(self._loading))
        self._pulse.start()
        self.started.emit()

    async def _run(self, loading: LoadingSides) -> None:
        try:
            await loading.run()
        except asyncio.CancelledError:
            pass  # by the user: the steps that were whole are kept
        except Exception as error:  # a fault of ours must not leave the page running for ever without a word
            self.failed.emit(
                tr("The load broke off by a fault in Diptych: {kind}: {error}", kind=type(error).__name__, error=error)
            )
            raise
        finally:
            self._pulse.stop()
            if problem := await to_its_end(loading.finish):
                self.failed.emit(problem)
            asyncio.get_event_loop().call_soon(self.finished.emit)

    def stop(self) -> None:
        """End what runs; the steps that were whole are kept."""
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Until what runs has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def show(self, file: Path, opened: RunOpened, found: LoadFile, recordings: list[Recording]) -> None:
        """Show a load from a file. Nothing may run."""
        assert not self.running
        self._loading = self._task = None
        self._shown = opened, found, recordings
        self.file, self.asked = file, {}
        self.names = dict.fromkeys(found.load, "")
        for one in recordings:
            self.names[one.envelope.side or "b"] = one.envelope.profile.name
        self.started.emit()
        self.finished.emit()

    def take_over(self, before: LoadRun) -> None:
        """Show what another window shows. Nothing may run."""
        assert not before.running
        self._loading, self._shown, self._task = before._loading, before._shown, None
        self.file, self.asked = before.file, dict(before.asked)
        self.names = dict(before.names)
        self.started.emit()
        self.finished.emit()

    def clear(self) -> None:
        """Show nothing any more."""
        self._loading = self._task = self._shown = self.file = None
        self.asked, self.names = {}, {}
        self.started.emit()

    def _on_step(self, _side: SideName, _result: StepResult) -> None:
        self._pulse.soon()
