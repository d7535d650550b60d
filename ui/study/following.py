"""Shows the study as it is: status, pictures, table, sentence. Nothing here asks or changes anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from app.study.figures import between_text, difference_text
from app.study.observed import observed
from app.study.result import TTFT, study_result
from app.study.statistics import level_at_any_look
from app.study.told import level_of, told
from app.text import numbers
from app.text.sentences import Span, in_a_row, message, render, spans, tr
from ui.shared.tasks import Tasks
from ui.study.besides import FEW, LEAST_RUNS, NOTHING, Said
from ui.study.in_turns import InTurns
from ui.study.points import phases_of, points_of
from ui.study.rows import CHOOSABLE, rows_of, tail_of
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.checks.budget import Spent
    from app.exchange.exchange import Exchange
    from app.recording.records import Envelope
    from app.study.plan import StudyPlan
    from app.study.result import StudyResult
    from app.study.statistics import Difference
    from ui.study.run import StudyRun
    from ui.study.setup import Setup
    from ui.study.view import StudyView

AT_ONCE = 60  # so many pairs are judged within a picture's time
HINT = message(
    "Ctrl+Enter asks both endpoints the same in pairs. How much later B is, where, and how sure that is will be said here."
)
_RUNNING = message(
    "It runs: what the pairs say together is said here at the end. The intervals so far hold at every look, and are wider for"
    " that."
)
_ITSELF = message("**A against A**: both sides are {name}.")
_ITSELF_BEFORE = message(
    "On this network A against itself differed by {estimate} ms to the first token (95 %: {between} ms,"
    " {pairs:plural pair|pairs})."
)
LOOKED_FOR = frozenset({"stacks", "offsets", "drift", "groups"})
_DONE = message("{shape} {done} of {pairs:plural pair|pairs}")
_TOOK = message("in {took:duration}")
_LEFT = message("about {left:duration} left")
_WARMING = message("warming up")
_SPENT = message("{requests:plural request|requests}, {tokens:grouped} tokens{usd:if , {usd}|}")
_BROKE_OFF = message("it broke off")
_WHY = {"stopped": message("stopped"), "cap": message("the cap is reached"), "fails": message("given up"), "": ""}
_LEVEL, _LEVEL_AT_ANY_LOOK = message("95 %"), message("95 % at every look")
_BAND = message("band: {level}")
_OTHERS = message("of {a} and {b}")


class StudyFollower(QObject):
    """Keeps the view in step with the study, and with what the next one is set to.

    What a study that runs, or has just ended, says is shown part by part, each in a turn of the window's loop.

    Attributes:
        result: of the pairs so far, None before any. measure: the number of the measure that the pictures show.
    """

    def __init__(self, view: StudyView, run: StudyRun, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._run, self._setup = view, run, setup
        self.result: StudyResult | None = None
        self.measure = CHOOSABLE.index(TTFT)
        self._itself: dict[tuple[str, str], Difference] = {}
        self._tasks, self._again = Tasks(), False
        self._turns = InTurns(self)
        self._judged: tuple[str, bool, int, float] | None = None  # the study, whether it ran, its answers, and at which level
        view.measures.set_index(self.measure)
        view.measures.chosen.connect(self.choose)
        for signal in (run.started, run.changed, run.finished):
            signal.connect(self.refresh)
        run.started.connect(lambda: view.scroller.verticalScrollBar().setValue(0))  # another's: it is read from its top
        setup.changed.connect(self._show_words)
        self.refresh()

    def choose(self, measure: int) -> None:
        """Show another measure in the pictures."""
        self.measure = measure
        self._view.measures.set_index(measure)
        self._show_pictures()

    # -- bringing it up to date ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        run, plan = self._run, self._run.plan
        if run.running:
            self._view.set_running(True)
        if plan is None:
            self._take(None)
        elif len(run.pairs) <= AT_ONCE:
            self._judge(plan)
        else:
            self._again = True
            self._show_status()
            if not run.running:
                self._turns.soon("ended", self._show_whether_it_runs)
            if not self.computing:
                self._tasks.start(self._compute())
        if run.took_s is None:
            self._turns.finish()

    def _judge(self, plan: StudyPlan) -> None:
        """What the pairs say, where there is another answer than at the last look: time passes too."""
        opened, level = self._run.opened, self._level(plan)
        judged = opened.run_id if opened is not None else "", self._run.running, len(self._run.exchanges), level
        if judged == self._judged:
            return self._show_status()
        self._judged = judged
        return self._take(study_result(self._run.pairs, level))

    @property
    def computing(self) -> bool:
        """Whether statistics of many pairs are made beside the window."""
        return self._tasks.running > 0

    async def _compute(self) -> None:
        """Statistics of many pairs take longer than a picture may: they are made in another thread, the newest alone."""
        while self._again and (plan := self._run.plan) is not None:
            self._again, shown = False, self._run.opened
            pairs = [msgspec.structs.replace(one) for one in self._run.pairs]
            result = await asyncio.to_thread(study_result, pairs, self._level(plan))
            if shown is not None and (opened := self._run.opened) is not None and shown.run_id == opened.run_id:
                self._take(result)

    async def aclose(self) -> None:
        """Wait until nothing is computed any more."""
        await self._tasks.aclose()

    def _take(self, result: StudyResult | None) -> None:
        self.result = result
        if result is None:
            self._judged = None
        parts = (self._show_table, self._show_pictures, self._show_phases, self._show_words, self._show_besides)
        for part in parts:
            self._turns.soon(part.__name__, part)
        if not self._run.running:
            self._turns.soon("ended", self._show_whether_it_runs)
        if result is None or self._run.took_s is None:  # a file's is shown at once
            self._turns.finish()

    def _show_whether_it_runs(self) -> None:
        """Last of all, so that who sees it end sees all that it says."""
        self._view.set_running(self._run.running)

    def _show_table(self) -> None:
        rows = rows_of(self.result, self._run.pairs) if self.result is not None else ()
        self._view.table.show_rows(rows, self._level_words)
        self._view.table.setVisible(self.result is not None)

    def _show_phases(self) -> None:
        self._view.gallery.show_phases(phases_of(self.result, self._run.pairs) if self.result is not None else ())

    def _level(self, plan: StudyPlan) -> float:
        """While it runs, whoever looks may stop: the interval holds at every look, as that of a stopped study does."""
        return level_at_any_look(0.95, plan.pairs) if self._run.running else level_of(plan)

    @property
    def _level_words(self) -> str:
        plan = self._run.plan
        looked = self._run.running or (plan is not None and plan.left_out == "stopped")
        return tr(_LEVEL_AT_ANY_LOOK if looked else _LEVEL)

    def _show_pictures(self) -> None:
        plan, result = self._run.plan, self.result
        if plan is None or result is None:
            return self._view.gallery.show_points(None, "")
        points = points_of(result.measures[CHOOSABLE[self.measure].id], self._run.pairs, plan.pairs)
        difference = points.result.difference
        has_band = difference is not None and difference.interval is not None
        return self._view.gallery.show_points(points, render(_BAND, {"level": self._level_words}) if has_band else "")

    def _show_words(self) -> None:
        self._show_status()
        sentence, plan, result = self._view.sentence, self._run.plan, self.result
        if plan is None or result is None:
            sentence.show_spans((Span(tr(HINT)),), quiet=True)
        elif self._run.running:
            sentence.show_spans((Span(tr(_RUNNING)),), quiet=True)
        else:
            sentence.show_spans(_sentence(plan, result, itself_of(self._run.exchanges)))
            sentence.announce()
        sentence.set_dim(bool(self._stale()))

    def _show_besides(self) -> None:
        """What else is seen once it has ended: evidence to be read, no verdicts."""
        besides, result = self._view.besides, self.result
        if result is None or self._run.running:
            return besides.show_nothing()
        enough = all(one.completed >= LEAST_RUNS for one in result.sides.values())
        seen = observed(self._run.pairs, result)
        said = [Said(one.words, one.pairs) for one in seen]
        if not any(one.kind in LOOKED_FOR for one in seen):
            said.insert(0, Said(tr(NOTHING if enough else FEW)))
        said += [Said(text) for text in (self._against_itself(result), tail_of(result)) if text]
        return besides.show_said(said)

    def _against_itself(self, result: StudyResult) -> str:
        """What A against itself was seen to differ by, before another was set beside it; "" where it was not tried.

        Kept as long as the window is open: it is this network's of about this time.
        """
        asked, difference = self._run.asked, result.ttft.difference
        if "a" not in asked or difference is None:
            return ""
        if asked["a"] == asked.get("b"):
            self._itself[asked["a"]] = difference
            return ""
        before = self._itself.get(asked["a"])
        if before is None or before.interval is None:
            return ""
        fields = {"estimate": difference_text(before.estimate), "pairs": before.pairs}
        between = between_text(before.interval.low, before.interval.high)
        return render(_ITSELF_BEFORE, {**fields, "between": between})

    def _show_status(self) -> None:
        run, plan = self._run, self._run.plan
        if plan is None:
            self._view.status.set_segments()
            return
        left_out = "" if run.running else plan.left_out
        whole = run.done >= plan.pairs
        shape, role = ("✓", "ok") if whole else ("", "text") if run.running else ("■", "warn")
        head = render(_DONE, {"shape": shape, "done": run.done, "pairs": plan.pairs}).strip()
        parts = [tr(_WHY.get(left_out, "")) or ("" if whole or run.running else tr(_BROKE_OFF))]
        left, took = run.left_s(), run.took_s
        if run.running:
            parts.append(
                tr(_WARMING) if not run.pairs else render(_LEFT, {"left": float(round(left))}) if left is not None else ""
            )
        elif took is not None:
            parts.append(render(_TOOK, {"took": took}))
        parts.append(spent_words(run.spent))
        parts.append(self._stale())
        self._view.status.set_segments(Segment(head, role, True), Segment(" · ".join(filter(None, parts))))

    def _stale(self) -> str:
        """On whom the figures are, where something else is chosen by now; "" where it is the same."""
        run, asked = self._run, self._run.asked
        if not asked or run.file is not None or run.running:
            return ""
        now = self._setup.key
        if asked == now or asked == {"a": now.get("a"), "b": now.get("a")}:
            return ""
        return render(_OTHERS, dict(names_of(run.exchanges)))


def names_of(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """What the sides are called."""
    names = {"a": "", "b": ""}
    for one in exchanges:
        side = one.recording.envelope.side or "b"
        names[side] = names[side] or one.recording.envelope.profile.name
    return names


def itself_of(exchanges: Sequence[Exchange]) -> str:
    """Who is on both sides; "" where those are two."""
    found: dict[str, Envelope] = {}
    for one in exchanges:
        found.setdefault(one.recording.envelope.side or "b", one.recording.envelope)
    a, b = found.get("a"), found.get("b")
    same = a is not None and b is not None and (a.profile, a.model) == (b.profile, b.model)
    return a.profile.name if a is not None and same else ""


def spent_words(spent: Spent) -> str:
    """How much was asked, and what it cost where that is known; the plan says beforehand where it is not, or is nothing."""
    if not spent.requests:
        return ""
    usd = numbers.usd(spent.usd) if spent.usd else ""  # what costs nothing is said as that in the plan
    return render(_SPENT, {"requests": spent.requests, "tokens": spent.tokens, "usd": usd})


def _sentence(plan: StudyPlan, result: StudyResult, itself: str) -> tuple[Span, ...]:
    first = [spans(_ITSELF, {"name": itself})] if itself else []
    return in_a_row([*first, *(one.spans for one in told(plan, result))])
