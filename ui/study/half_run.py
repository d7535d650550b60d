"""What both halves of the Study page do with what they show: begun, followed, stopped; or shown from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from PySide6.QtCore import QObject, Signal

from app.text.sentences import tr
from ui.shared.pulse import Pulse
from ui.shared.tasks import to_its_end

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName


class Going(Protocol):
    """What asks: `run` until its end, then `finish`, which writes what it kept and gives a sentence where that failed."""

    async def run(self) -> None: ...
    def finish(self) -> str: ...


A = TypeVar("A", bound=Going)  # what asks
F = TypeVar("F")  # what a file holds


class HalfRun(QObject, Generic[A, F]):
    """Holds the one that is shown.

    Attributes:
        file: where it was read from, None for one of now. asked: the uid and the model of each side that it asked, {} for one
        of a file. names: what the sides are called.

    Signals:
        started: another one is shown. changed: it went on, or time passed; at most ten times a second.
        finished: nothing runs any more. failed: something could not be done; a sentence.
    """

    started = Signal()
    changed = Signal()
    finished = Signal()
    failed = Signal(str)

    def __init__(self, broke_off: str, parent: QObject | None = None) -> None:
        """`broke_off`: what is said where a fault of ours ends it, a message of its `kind` and `error`."""
        super().__init__(parent)
        self._broke_off = broke_off
        self._asking: A | None = None
        self._shown: F | None = None
        self._task: asyncio.Task[None] | None = None
        self.file: Path | None = None
        self.asked: dict[SideName, tuple[str, str]] = {}
        self.names: dict[SideName, str] = {}
        self._pulse = Pulse(self)
        self._pulse.beat.connect(self.changed)

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def begin(self, asking: A, choices: Mapping[SideName, SideChoice]) -> None:
        """Let it ask; the one before must have ended."""
        assert not self.running
        self._asking, self._shown, self.file = asking, None, None
        self.asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        self.names = {name: choice.profile.name for name, choice in choices.items()}
        self._task = asyncio.get_event_loop().create_task(self._run(asking))
        self._pulse.start()
        self.started.emit()

    async def _run(self, asking: A) -> None:
        try:
            await asking.run()
        except asyncio.CancelledError:
            pass  # by the user: what came is kept
        except Exception as error:  # a fault of ours must not leave the page running for ever without a word
            self.failed.emit(tr(self._broke_off, kind=type(error).__name__, error=error))
            raise
        finally:
            self._pulse.stop()
            if problem := await to_its_end(asking.finish):
                self.failed.emit(problem)
            asyncio.get_event_loop().call_soon(self.finished.emit)

    def stop(self) -> None:
        """End what runs; what came is kept."""
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Until what runs has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def show_file(self, file: Path, found: F, names: Mapping[SideName, str]) -> None:
        """Show what a file holds. Nothing may run."""
        assert not self.running
        self._asking, self._shown, self._task = None, found, None
        self.file, self.asked, self.names = file, {}, dict(names)
        self.started.emit()
        self.finished.emit()

    def take_over(self, before: Self) -> None:
        """Show what another window shows. Nothing may run."""
        assert not before.running
        self._asking, self._shown, self._task = before._asking, before._shown, None
        self.file, self.asked, self.names = before.file, dict(before.asked), dict(before.names)
        self.started.emit()
        self.finished.emit()

    def clear(self) -> None:
        """Show nothing any more."""
        self._asking = self._shown = self._task = self.file = None
        self.asked, self.names = {}, {}
        self.started.emit()
