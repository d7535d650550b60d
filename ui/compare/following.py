"""Follows the run that is shown: brings panes, axis and sentence up to date at the screen's pace, and says what went wrong."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.text.sentences import message, spans, tr
from ui.compare.after_run import CAME, notice_after
from ui.compare.axis.lane import Lane
from ui.compare.view import HINT, CompareView
from ui.shared.preparing import offered_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.recording.records import SideName
    from app.run.diff.facts import Summary
    from app.run.differences import Difference
    from app.run.side import Side
    from ui.compare.pane.pane import Pane
    from ui.compare.session import RunSession
    from ui.shared.services import Services
    from ui.shared.sides import Sides
    from ui.widgets.notice import Notice

MOST_AT_ONCE = 4_000  # events of both sides that are compared while nothing is drawn: some 10 ms


class RunFollower:
    """Shows what a `RunSession` has: nothing here starts, stops or changes a run."""

    def __init__(self, services: Services, view: CompareView, session: RunSession, sides: Sides) -> None:
        self._services, self._view, self._session, self._sides = services, view, session, sides
        self._rota: Iterator[Callable[[], object]] = iter(())  # what is drawn next
        self._told: dict[str, Difference] = {}
        self._ended: dict[str, Side] = {}  # whose end is drawn, before that of the run is
        self._drawn: object = None  # the sides of which the foot says by now how they ended
        self._kept = Lane(None), Lane(None)
        session.started.connect(self._on_started)
        session.turned.connect(self._on_turned)
        session.flushed.connect(self._on_flushed)
        session.side_over.connect(self._on_side_over)
        session.finished.connect(self._on_finished)
        session.let_first(lambda: any(pane.views.searching for pane in view.panes.values()))
        session.failed.connect(lambda text: view.say(text, "bad"))
        services.models.changed.connect(self._on_models)
        view.spine_shown.connect(self._show_differences)

    def _on_started(self) -> None:
        view = self._view
        focused = QApplication.focusWidget()
        if focused is not None and any(pane.answer.isAncestorOf(focused) for pane in view.panes.values()):
            view.bar.run.setFocus()  # a notice's button goes with its notice, and the keyboard would go anywhere
        self._show_sides(begins=True)

    def _on_turned(self) -> None:
        """Another moment of the same run, or all of it; what was magnified of the axis stays so."""
        axis = self._view.axis
        part = (axis.scale.begin_ms, axis.scale.end_ms) if axis.scale.zoomed else None
        whole = self._session.replay is None
        self._show_sides(whole=whole)
        if part is not None:
            axis.show_range(*part)
        if whole:
            self._show_end()

    def _show_sides(self, *, whole: bool = False, begins: bool = False) -> None:
        """`whole`: all of a run that has ended; its end is shown in the same turn. `begins`: what stands above the tabs
        follows, a pane in a turn.
        """
        view, sides = self._view, self._session.sides
        self._drawn = None
        for name, pane in view.panes.items():
            if not whole or name not in self._ended or self._ended[name] is not sides.get(name):
                self._ended.pop(name, None)
                pane.show_side(sides.get(name), self._session.plan, waits=whole or begins)
            if sides and name not in sides:
                pane.say(tr("Not in this file" if self._session.borrowed else "Not asked in this run"))
        if begins:
            self._session.then(*(partial(pane.refresh_head, ended=True) for pane in view.panes.values()))
        self._told = {}
        view.spine.show_nothing()
        if sides:
            view.spine.show_figures(None)
        lanes = self._lanes()
        view.axis.show_lanes(*lanes)
        self._session.follow(lane.advance for lane in lanes)
        if self._session.replay is not None:
            self.show_sentence()
        elif not whole:
            view.sentence.show_spans(() if sides else spans(HINT, {}), quiet=not sides)
        view.bar.set_running(self._session.running)

    def _lanes(self) -> tuple[Lane, Lane]:
        """The axis' lanes; those of the run itself are kept while it is played again, a long one takes 20 ms to go through."""
        a, b = self._session.sides.get("a"), self._session.sides.get("b")
        if self._kept[0].side is a and self._kept[1].side is b:
            return self._kept
        made = Lane(a), Lane(b)
        if self._session.replay is None:
            self._kept = made
        return made

    def _on_flushed(self) -> None:
        """One part at a time, in an order that comes round: the window answers between their pictures."""
        part = next(self._rota, None)
        if part is None:
            self._rota = iter(self._parts())
            part = next(self._rota)
        part()

    def _parts(self) -> Sequence[Callable[[], object]]:
        """What is drawn while more comes, all of it within `SETTLED_DRAWS / 2` turns: the rows of both sides twice."""
        a, b = self._view.panes.values()
        rows = a.refresh_views, b.refresh_views
        return *rows, a.refresh_head, self._view.axis.refresh, *rows, b.refresh_head, self._refresh_words

    def _refresh_words(self) -> None:
        self.show_sentence()
        if self._session.running or self._session.replay is not None:
            self._tell_who_failed()

    def _tell_who_failed(self) -> None:
        """A side that failed says why while the other still runs; its buttons come at the end, since they run both again."""
        for name, side in self._session.sides.items():
            pane = self._view.panes[name]
            failed = side.outcome in (Outcome.FAILED, Outcome.INTERRUPTED) and not side.asking
            if failed and pane.answer.notice is None:
                self._show_reason(pane, side, notice_after(side, None))

    @staticmethod
    def _show_reason(pane: Pane, side: Side, notice: Notice | None) -> None:
        """The notice; where nothing came it comes to the front, since there is nothing to see elsewhere."""
        pane.show_notice(notice)
        if side.outcome in (Outcome.FAILED, Outcome.INTERRUPTED) and not side.events:
            pane.bring_answer()

    def _on_side_over(self, name: SideName) -> None:
        """A side's end; what both together say follows that of the last."""
        side, pane = self._session.sides[name], self._view.panes[name]
        if pane.side is not side:
            pane.show_side(side, self._session.plan, waits=True)
        pane.refresh_views(ended=True)
        self._ended[name] = side
        last = self._session.replay is None and len(self._ended) == len(self._session.sides)
        self._session.then(partial(pane.refresh_head, ended=True), *(self._parts_of_foot() if last else ()))

    def _parts_of_foot(self) -> Sequence[Callable[[], object]]:
        """What both sides together say, once both have ended."""
        return self._show_whole_axis, self._show_figures, self._show_last_words

    def _show_whole_axis(self) -> None:
        while self._view.axis.refresh():
            pass

    def _show_figures(self) -> None:
        """What lies between the figures of both sides."""
        self._told = self._differences()
        if len(self._session.sides) > 1:
            self._view.spine.show_figures(self._told or None)
        else:
            self._view.spine.show_nothing()

    def _show_last_words(self) -> None:
        self.show_sentence()
        self._drawn = self._session.sides

    def _on_finished(self) -> None:
        if self._drawn is self._session.sides:
            self._close_run()
        else:
            self._show_end()
        for name, side in self._session.sides.items():
            if side.outcome is Outcome.FAILED and not side.events:
                self._look_for_models(name, side)
        self._view.sentence.announce()

    def _show_end(self) -> None:
        """All of a run that has ended."""
        for part in self._parts_of_foot():
            part()
        self._close_run()

    def _close_run(self) -> None:
        """What is left to be shown of a run that has ended: what went wrong, and what is found by comparing all of it."""
        for name, pane in self._view.panes.items():
            side = self._session.sides.get(name)
            told = self._told if name == "b" and self._view.spine.isHidden() else None
            if side is None or self._ended.get(name) is not side:
                pane.refresh(told, ended=True)
            elif told:
                pane.refresh_head(told)
            if side is None:
                pane.show_notice(None)
                continue
            self._show_reason(pane, side, self.notice_of(side))
        self._ended = {}
        self._compare_all()
        self._view.bar.set_running(False)

    def _compare_all(self) -> None:
        """The differences of answers, headers, models, events and requests."""
        a, b = self._session.sides.get("a"), self._session.sides.get("b")
        if a is None or b is None:
            return None
        from app.run.diff.summary import summarise

        lists, shown = self._model_lists(), self._session.sides

        def show(summary: Summary) -> None:
            if self._session.sides is shown:
                self._view.spine.show_parts(summary)

        def find() -> None:
            if self._session.sides is shown:
                QTimer.singleShot(0, self._view, partial(show, summarise(a, b, lists)))

        if a.events + b.events > MOST_AT_ONCE:
            self._services.tasks.start(self._compare_beside(a, b))
            return None
        # Each in a turn of its own: answers are compared by word, after much that was drawn in this one.
        return QTimer.singleShot(0, self._view, find)

    async def _compare_beside(self, a: Side, b: Side) -> None:
        """What differs in a million events takes seconds to find, in which the window answers."""
        from app.run.diff.summary import summarise

        shown = self._session.sides
        summary = await asyncio.to_thread(summarise, a, b, self._model_lists())
        if self._session.sides is shown:
            self._view.spine.show_parts(summary)

    def _model_lists(self) -> dict[SideName, tuple[str, ...] | None]:
        """The lists of models that are known of the endpoints that were asked; none of a file's."""
        profiles = {name: self._services.profile(uid) for name, (uid, _) in self._session.asked.items()}
        return {name: self._services.models.of(one) for name, one in profiles.items() if one is not None}

    def say_again(self) -> None:
        """What is said of the run that is shown is for another client now."""
        if self._session.sides and not self._session.following:
            self._show_end()

    def _show_differences(self) -> None:
        """In B's tiles while there is no spine to show them."""
        if self._told and not self._session.running:
            self._view.b.refresh(self._told if self._view.spine.isHidden() else None, ended=True)

    def _look_for_models(self, name: SideName, side: Side) -> None:
        """A model that the endpoint does not know: its list says which there are.

        Not for a file's run, which is of another time.
        """
        found = side.diagnosis
        if found is not None and found.rule.startswith(("model-", "no-channel")) and not self._session.borrowed:
            self._sides.fetch_models(name)

    def _on_models(self, uid: str) -> None:
        """A list came: a side that failed before it was known may name the nearest model now."""
        profile = self._services.profile(uid)
        if uid in {one for one, _ in self._session.asked.values()} and not self._session.following:
            self._compare_all()
        for name, side in self._session.sides.items():
            asked = self._session.asked.get(name)
            if profile is None or asked is None or asked[0] != uid or side.outcome is not Outcome.FAILED:
                continue
            side.context = msgspec.structs.replace(side.context, models=self._services.models.of(profile))
            pane = self._view.panes[name]
            if pane.answer.notice is None or pane.answer.notice.about != CAME:
                pane.show_notice(self.notice_of(side))
            self.show_sentence()

    def notice_of(self, side: Side) -> Notice | None:
        """What went wrong on a side and what helps; a file's run is of another time, and nothing is offered for it."""
        if self._session.borrowed:
            return notice_after(side, None)
        profile = self._sides.profile(side.name)
        return notice_after(side, lambda: offered_keys(self._services, profile), profile)

    def _differences(self) -> dict[str, Difference]:
        a, b = self._session.sides.get("a"), self._session.sides.get("b")
        if a is None or b is None or {a.outcome, b.outcome} != {Outcome.COMPLETED}:
            return {}
        from app.run.differences import differences

        return differences(a, b)

    def show_sentence(self) -> None:
        """Say what differs, or how far the run is."""
        sides = list(self._session.sides.values())
        if asking := [side.name.upper() for side in sides if side.asking]:
            template = message("{sides:list} found nothing: other paths of the same address are being asked. Esc stops that.")
            self._view.sentence.show_spans(spans(template, {"sides": asking}), quiet=True)
        elif sides:
            from app.run.compare import compare

            self._view.sentence.show_spans(compare(sides[0], sides[1] if len(sides) > 1 else None, now_ns()).spans)
