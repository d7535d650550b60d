"""What both halves of the Study page do with files: one's own endpoints and plan make room for a file's, and come back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ui.shared.session_files import FileWords, SessionFiles

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from ui.shared.session_run import SessionRun
    from ui.shared.session_setup import SessionSetup
    from ui.study.half_view import HalfView

P = TypeVar("P")  # the plan
V = TypeVar("V", bound="HalfView[Any, Any, Any]")
R = TypeVar("R", bound="SessionRun[Any, Any]")
S = TypeVar("S", bound="SessionSetup")


class HalfFiles(SessionFiles[V, R, S], Generic[P, V, R, S]):
    """Who extends it reads a file's plan, and says what one's own is."""

    def __init__(self, view: V, run: R, setup: S, words: FileWords) -> None:
        super().__init__(view, run, setup, words)
        self._own: P | None = None  # what the plan was set to before a file's was shown

    def own_plan(self) -> P | None:
        """What the plan is set to; None where it can't be used."""
        raise NotImplementedError

    async def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show what was read."""
        raise NotImplementedError

    async def make_room(self, plan: P, recordings: Iterable[Recording]) -> None:
        """End what runs, and show a file's plan and endpoints in place of one's own."""
        self._run.stop()
        await self._run.wait()
        if self._run.file is None:
            self._own = self.own_plan()
        self._setup.sides.show_envelopes({one.envelope.side or "b": one.envelope for one in recordings})
        self._view.set_enabled(False)
        self._view.plan.show_plan(plan)
        self._view.plan.show_cost(None)

    async def take_over(self, before: Self) -> None:
        """Show what another window shows, and what its plan is set to."""
        run, plan = before._run, before.own_plan()
        if run.opened is not None and run.file is not None:
            await self.show(run.file, run.opened, run.recordings)
            self._own = before._own
            return
        if plan is not None:
            self._view.plan.show_plan(plan)
            self._view.plan.take_typed(before._view.plan)
        if run.opened is not None:
            self._run.take_over(run)

    def show_own_plan(self) -> None:
        """Show one's own plan again, where it made room for a file's."""
        if self._own is not None:
            self._view.plan.show_plan(self._own)
            self._view.plan.forget_typed()
            self._own = None
