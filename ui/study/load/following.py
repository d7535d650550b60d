"""Shows the load as it is: status, pictures, table, sentence. Nothing here asks or changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.study.load_told import load_told, unit_of
from app.text.sentences import Span, in_a_row, message, render, tr
from ui.study.following import spent_words
from ui.study.load.curves import curves_of
from ui.study.load.rows import rows_of, step_text
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.study.load_told import Loaded
    from ui.study.load.run import LoadRun
    from ui.study.load.setup import LoadSetup
    from ui.study.load.view import LoadView

HINT = message(
    "Ctrl+Enter asks more and more at a time, step after step. How many at once an endpoint serves within your limit will be"
    " said here."
)
_RUNNING = message("It runs: what the steps say together is said here at the end.")
_NOW = message("{side:if {side} |}{step} {unit}")
_STEPS = message("{shape} {done} of {steps:plural step|steps}")
_TOOK = message("in {took:duration}")
_WHY = {
    "saturated": message("{side:if {side} |}ended with {step} {unit}: no more answers a second"),
    "failing": message("{side:if {side} |}ended with {step} {unit}: more than half failed"),
    "stopped": message("stopped"), "cap": message("the cap is reached"),
}  # fmt: skip
_OTHERS = message("of {names:list}")
_WARMING = message("warming up")


class LoadFollower(QObject):
    """Keeps the view in step with the load, and with what the next one is set to."""

    def __init__(self, view: LoadView, run: LoadRun, setup: LoadSetup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._run, self._setup = view, run, setup
        for signal in (run.started, run.changed, run.finished):
            signal.connect(self.refresh)
        run.started.connect(lambda: view.scroller.verticalScrollBar().setValue(0))  # another's: it is read from its top
        setup.changed.connect(self._show_words)
        self.refresh()

    def refresh(self) -> None:
        """Bring it up to date."""
        sides = self._run.loaded
        self._view.set_running(self._run.running)
        plan = self._run.plan
        names = {name: self._run.names.get(name, "") or name.upper() for name in sides}
        self._view.table.show_rows(rows_of(sides), names, unit_of(plan) if plan is not None else tr("at once"))
        self._view.table.setVisible(bool(sides))
        self._view.gallery.show_curves(curves_of(sides))
        self._show_words()

    def _show_words(self) -> None:
        self._show_status()
        sentence, sides = self._view.sentence, self._run.loaded
        if not sides:
            sentence.show_spans((Span(tr(HINT)),), quiet=True)
        elif self._run.running:
            sentence.show_spans((Span(tr(_RUNNING)),), quiet=True)
        else:
            sentence.show_spans(in_a_row(one.spans for one in load_told(sides)))
            sentence.announce()
        sentence.set_dim(bool(self._stale()))

    def _show_status(self) -> None:
        run, plan, sides = self._run, self._run.plan, self._run.loaded
        self._view.status.setVisible(plan is not None)
        if plan is None:
            return self._view.status.set_segments()
        parts: list[str] = []
        if run.running:
            head, role = self._now(sides)
        else:
            done = min(len(one.results) for one in sides.values())
            whole = done == len(plan.steps)
            shape, role = ("✓", "ok") if whole else ("■", "warn")
            head = render(_STEPS, {"shape": shape, "done": done, "steps": len(plan.steps)})
            parts += dict.fromkeys(self._why(sides))
        if (took := run.took_s) is not None:
            parts.append(render(_TOOK, {"took": took}))
        parts += filter(None, (spent_words(run.spent), self._stale()))
        return self._view.status.set_segments(Segment(head, role, True), Segment(" · ".join(parts)))

    def _now(self, sides: dict[SideName, Loaded]) -> tuple[str, str]:
        """What runs."""
        now, plan = self._run.now, self._run.plan
        if now is None or plan is None:
            return tr(_WARMING), "text"
        side, step, done, runs = now
        named = side.upper() if len(sides) > 1 else ""
        said = render(_NOW, {"side": named, "step": step_text(step), "unit": unit_of(plan)})
        return tr("{step}: {done} of {runs}", step=said, done=done, runs=runs), "text"

    def _why(self, sides: dict[SideName, Loaded]) -> list[str]:
        """Why it ended before its last step, by side."""
        said = []
        for name, one in sides.items():
            if one.ended in _WHY:
                step = step_text(one.results[-1].step) if one.results else ""
                side = name.upper() if len(sides) > 1 else ""
                said.append(render(_WHY[one.ended], {"side": side, "step": step, "unit": unit_of(one.plan)}))
        return said

    def _stale(self) -> str:
        """On whom the figures are, where something else is chosen by now; "" where it is the same."""
        run = self._run
        if not run.asked or run.file is not None or run.running or run.asked == self._setup.key:
            return ""
        return render(_OTHERS, {"names": list(run.names.values())})
