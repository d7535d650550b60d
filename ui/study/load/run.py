"""One load in the window: begun, followed, stopped; or shown from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.asking.loading import LoadingSides, sample_of
from app.checks.budget import Spent
from app.text.sentences import message
from ui.shared.session_run import SessionRun

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

_BROKE_OFF = message("The load broke off by a fault in Diptych: {kind}: {error}")


class LoadFound(NamedTuple):
    """A load of a file."""

    opened: RunOpened
    file: LoadFile
    recordings: list[Recording]
    names: dict[SideName, str]


class LoadRun(SessionRun[LoadingSides, LoadFound]):
    """Holds the load that is shown; where it is stopped, the steps that were whole are kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_BROKE_OFF, parent)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def loaded(self) -> dict[SideName, Loaded]:
        """What was found so far; {} for nothing shown."""
        return self._asking.loaded if self._asking else dict(self._shown.file.load) if self._shown else {}

    @property
    def names(self) -> dict[SideName, str]:
        """What the sides are called, "" where a file does not tell; {} for nothing shown."""
        return self._asking.names if self._asking else self._shown.names if self._shown else {}

    @property
    def plan(self) -> LoadPlan | None:
        """The plan of one of the sides, which share steps and limits."""
        return next((one.plan for one in self.loaded.values()), None)

    @property
    def now(self) -> tuple[SideName, float, int, int] | None:
        """The side and the step that run, how many of its requests have ended, and of how many; None for none."""
        for name, one in self._asking.sides.items() if self._asking is not None and self.running else ():
            if one.load.step is not None:
                return name, one.load.step, one.load.done, one.plan.requests_of(one.load.step)
        return None

    @property
    def spent(self) -> Spent:
        return self._asking.spent if self._asking else self._shown.file.spent if self._shown else Spent()

    @property
    def recordings(self) -> list[Recording]:
        """The exchanges of it that are worth a look."""
        if self._asking is not None:
            return [one.recording for one in self._asking.exchanges]
        return self._shown.recordings if self._shown else []

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
        self.begin(LoadingSides(wire, plans, choices, self._on_step, table, journal=journal), choices)

    def show(self, file: Path, opened: RunOpened, found: LoadFile, recordings: list[Recording]) -> None:
        """Show a load from a file. Nothing may run."""
        names = dict.fromkeys(found.load, "") | {one.envelope.side or "b": one.envelope.profile.name for one in recordings}
        self.show_found(file, LoadFound(opened, found, recordings, names))

    def _on_step(self, _side: SideName, _result: StepResult) -> None:
        self._pulse.soon()
