"""One session of a page (checks, a study, a load): begun, followed, stopped; or shown from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from PySide6.QtCore import QObject, Signal

from app.text.sentences import tr
from ui.shared.pulse import Pulse
from ui.shared.tasks import to_its_end

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName


class Asking(Protocol):
    """What asks the endpoints. `finish` writes what it kept and gives a sentence where that failed; it is called when `run`
    has ended, on another thread.
    """

    @property
    def opened(self) -> RunOpened: ...
    @property
    def took_s(self) -> float: ...
    async def run(self) -> None: ...
    def finish(self) -> str: ...


class Found(Protocol):
    """What a session's file holds."""

    @property
    def opened(self) -> RunOpened: ...


A = TypeVar("A", bound=Asking)
F = TypeVar("F", bound=Found)


class SessionRun(QObject, Generic[A, F]):
    """Holds the session that is shown.

    Attributes:
        file: where it was read from, None for one of now. asked: the endpoint's uid and the model of each side, {} for one of a
        file. stopped: the last thing that happened to it was the user's Stop.

    Signals:
        started: another one is shown, or this one goes on. changed: it went on, or time passed; at most ten times a second.
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
        self.stopped = False
        self._pulse = Pulse(self)
        self._pulse.beat.connect(self.changed)

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def opened(self) -> RunOpened | None:
        """The first record of its file; None where nothing is shown."""
        shown = self._asking or self._shown
        return shown.opened if shown is not None else None

    @property
    def recordings(self) -> list[Recording]:
        """Its exchanges, as its file has them."""
        raise NotImplementedError

    @property
    def took_s(self) -> float | None:
        """How long what runs has taken so far, or what ran last took; None for one of a file."""
        return self._asking.took_s if self._asking is not None else None

    def begin(self, asking: A, choices: Mapping[SideName, SideChoice]) -> None:
        """Let it ask; the one before must have ended."""
        assert not self.running
        self._asking, self._shown, self.file = asking, None, None
        self.asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        self.follow(asking, asking.run)

    def follow(self, asking: A, work: Callable[[], Awaitable[None]]) -> None:
        """Have it do `work`, and tell how that goes."""
        self.stopped = False
        self._task = asyncio.get_event_loop().create_task(self._follow(asking, work))
        self._pulse.start()
        self.started.emit()

    async def _follow(self, asking: A, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except asyncio.CancelledError:
            self.stopped = True  # by the user: what came is kept
        except Exception as error:  # a fault of ours must not leave the page running for ever without a word
            self.failed.emit(tr(self._broke_off, kind=type(error).__name__, error=error))
            raise
        finally:
            self._pulse.stop()
            if problem := await to_its_end(asking.finish):
                self.failed.emit(problem)
            asyncio.get_event_loop().call_soon(self.tell_the_end)

    def tell_the_end(self) -> None:
        """Nothing runs any more."""
        self.finished.emit()

    def stop(self) -> None:
        """End what runs; what came is kept."""
        if self._task is not None:
            # Behind the task's first step: cancelled before it, a coroutine is never entered, and nobody tells its end.
            asyncio.get_event_loop().call_soon(self._task.cancel)

    async def wait(self) -> None:
        """Until what runs has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def show_found(self, file: Path, found: F) -> None:
        """Show what a file holds. Nothing may run."""
        assert not self.running
        self._show(None, found, file, {}, stopped=False)
        self.finished.emit()

    def take_over(self, before: Self) -> None:
        """Show what another window shows. Nothing may run."""
        assert not before.running
        self._show(before._asking, before._shown, before.file, dict(before.asked), stopped=before.stopped)
        self.finished.emit()

    def clear(self) -> None:
        """Show nothing any more. Nothing may run."""
        self._show(None, None, None, {}, stopped=False)

    def _show(
        self, asking: A | None, found: F | None, file: Path | None, asked: dict[SideName, tuple[str, str]], *, stopped: bool
    ) -> None:
        self._asking, self._shown, self.file, self.asked = asking, found, file, asked
        self._task, self.stopped = None, stopped
        self.started.emit()
