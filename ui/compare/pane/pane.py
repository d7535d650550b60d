"""One endpoint's pane: who is asked, what came of it in figures, and its tabs. The window has two of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.exchange.timing import start_ns
from app.recording.records import SideName
from app.scenarios import Plan
from ui.compare.pane.answer_view import AnswerView
from ui.compare.pane.endpoint_row import EndpointRow
from ui.compare.pane.side_view import outcome_segments, tiles
from ui.compare.pane.tab_row import FINDINGS, TABS, TabRow
from ui.compare.pane.tiles import TileRow
from ui.style.look import fill
from ui.style.theme import colors
from ui.widgets.bar import Bar
from ui.widgets.labels import Segment, SegmentLine
from ui.widgets.notice import Notice
from ui.widgets.segmented import Segmented
from ui.widgets.tab_order import follow

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.run.differences import Difference
    from app.run.side import Side
    from ui.compare.pane.events_view import EventsView
    from ui.compare.pane.findings_view import FindingsView
    from ui.compare.pane.raw_view import RawView
    from ui.compare.pane.request_view import RequestView
    from ui.compare.pane.timing_view import TimingView

_VIEWS = ("answer", "events", "timing", "raw", "request", "findings")
LEAST_VIEW = 72
SLOW_EVERY = 4  # tiles and tables follow at every fourth flush


class _Refreshed(Protocol):
    """A tab that falls behind while it is not in view."""

    def refresh(self) -> None: ...


class Pane(QFrame):
    """A side of the comparison.

    Attributes:
        name: "a" or "b".
        row: the endpoint, model and key; hint: a warning of the model. tabs: what can be looked at, and the link.
        side: what is shown, None before a run.

    Signals:
        tab_changed: the user turned to another tab (its index; `FINDINGS` for the list of findings).
        round_changed: the user chose another round (from 1).
        event_selected: the user went to an event (round, index).
        scrolled_to_ms: the user scrolled the events; the time of the uppermost, in ms since its round's start.
        raw_toggled: the user wants an event's bytes, or its JSON.
        link_toggled: the user linked or released the two panes.
        action_chosen: a button of the notice was pressed; what it stands for.
        export_wanted: the events shall be written to a file, "jsonl" or "csv".
    """

    tab_changed = Signal(int)
    round_changed = Signal(int)
    event_selected = Signal(int, int)
    scrolled_to_ms = Signal(float)
    raw_toggled = Signal(bool)
    link_toggled = Signal(bool)
    action_chosen = Signal(object)
    export_wanted = Signal(str)

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name: SideName = name
        self.side: Side | None = None
        self._plan: Plan | None = None
        self._round = 0  # the one shown, from 1; 0 for none
        self._follows_rounds = True
        self._asked_other = False  # the row above is set to another endpoint or model than the run that is shown
        self._beat = 0
        self._tab_before = 0  # where the list of findings was turned to from
        self._dirty_tabs: set[int] = set()
        self.setAccessibleName(f"Side {name.upper()}")
        self.row = EndpointRow(name)
        self.hint = Bar(framed=False)
        self.outcome = SegmentLine()
        self.tiles = TileRow()
        self.tabs = TabRow(name)
        self._rounds = Segmented([], f"Round of side {name.upper()}", style="rounds")
        self.answer = AnswerView()
        self._stack = QStackedWidget()
        self._stack.setObjectName("plainPage")
        self._stack.addWidget(self.answer)
        self._stack.setMinimumHeight(LEAST_VIEW)  # else the tallest of the views keeps the request's editor from its room
        self._lay_out()
        self._connect()
        self.show_side(None, None)

    # -- building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 12, 8)
        head.setSpacing(7)
        head.addWidget(self.row)
        head.addWidget(self.hint)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.outcome, 1)
        line.addWidget(self._rounds)
        head.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 2)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(_line())
        layout.addWidget(self.tiles)
        layout.addWidget(_line())
        layout.addWidget(self.tabs)
        layout.addWidget(_line())
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.tabs.link_toggled.connect(self.link_toggled)
        self._rounds.chosen.connect(self._on_round)
        self.answer.action_chosen.connect(self.action_chosen)
        self.answer.come_behind(self.tabs.link)

    # -- the views behind the first, each made when it is first needed: none is seen when the window opens -------------------

    @cached_property
    def events(self) -> EventsView:
        """The Events tab."""
        from ui.compare.pane.events_view import EventsView

        view = EventsView()
        view.event_selected.connect(lambda event: self.event_selected.emit(self._round, event))
        view.scrolled_to.connect(self._on_scrolled)
        view.raw_toggled.connect(self.raw_toggled)
        view.export_wanted.connect(self.export_wanted)
        self._take_in(view)
        view.show_exchange(self.exchange)
        if self.side is not None and self.side.outcome is not Outcome.RUNNING:
            view.refresh(ended=True)
        return view

    @cached_property
    def timing(self) -> TimingView:
        """The Timing tab."""
        from ui.compare.pane.timing_view import TimingView

        view = TimingView(self.name)
        self._take_in(view)
        view.show_exchange(self.exchange)
        return view

    @cached_property
    def raw(self) -> RawView:
        """The Raw tab."""
        from ui.compare.pane.raw_view import RawView

        view = RawView()
        self._take_in(view)
        view.show_exchange(self.exchange)
        return view

    @cached_property
    def request(self) -> RequestView:
        """The Request tab."""
        from ui.compare.pane.request_view import RequestView

        view = RequestView()
        self._take_in(view)
        view.show_exchange(self.exchange)
        return view

    @cached_property
    def findings(self) -> FindingsView:
        """The list of findings."""
        from ui.compare.pane.findings_view import FindingsView

        view = FindingsView()
        view.event_wanted.connect(self._on_finding)
        self._take_in(view)
        view.show_side(self.side if self.side is not None and self.side.outcome is not Outcome.RUNNING else None)
        return view

    def _take_in(self, view: QWidget) -> None:
        self._stack.addWidget(view)
        follow(self.tabs.link, view)

    def _view(self, index: int) -> QWidget:
        """The view of a tab, made now where it was not."""
        view: QWidget = getattr(self, _VIEWS[index])
        return view

    def _is_made(self, name: str) -> bool:
        return name in self.__dict__

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def tab(self) -> int:
        """The index of the tab that is shown."""
        return self.tabs.index

    @property
    def exchange(self) -> Exchange | None:
        """The round that is shown."""
        rounds = self.side.rounds if self.side else []
        return rounds[self._round - 1] if 0 < self._round <= len(rounds) else None

    def show_side(self, side: Side | None, plan: Plan | None) -> None:
        """Show another side from its beginning."""
        self.side, self._plan, self._round, self._follows_rounds = side, plan, 0, True
        self._asked_other = False
        self.answer.show_notice(None)
        self.answer.show_side(side, plan)
        if self._is_made("findings"):
            self.findings.show_side(None)
        self._show_rounds()
        self._show_round(len(side.rounds) if side else 0)
        self._show_findings_count()
        self._refresh_head(None)

    def show_notice(self, notice: Notice | None) -> None:
        """Say above the answer what went wrong."""
        self.answer.show_notice(notice)

    def refresh(self, differences: dict[str, Difference] | None = None, *, ended: bool = False) -> None:
        """Take over what came since; the figures follow at a slower pace, and at the end at once."""
        if self.side is None:
            return
        self._beat += 1
        slow = ended or self._beat % SLOW_EVERY == 0
        if self._follows_rounds and len(self.side.rounds) > self._round:
            self._show_rounds()
            self._show_round(len(self.side.rounds))
        self._dirty_tabs.add(0)
        if self.tab == 0:
            self._refresh_tab(0)
        if self._is_made("events"):
            self.events.refresh(ended=ended)
        if slow:
            self._refresh_head(differences)
            self._dirty_tabs |= {TABS.index("Timing"), TABS.index("Raw"), TABS.index("Request")}
            self._refresh_tab(self.tab)
        if ended:
            self._show_findings_count()
            if self._is_made("findings"):
                self.findings.show_side(self.side)

    def _refresh_head(self, differences: dict[str, Difference] | None) -> None:
        self._show_outcome()
        self.tiles.set_tiles(*tiles(self.side, differences, self._elapsed_ms()))

    def _show_outcome(self) -> None:
        self.outcome.set_segments(*(outcome_segments(self.side, other=self._asked_other) or [Segment("Not run yet")]))

    def set_asked_other(self, other: bool) -> None:
        """Say whose run it is where the row above is set to another endpoint or model by now."""
        if other != self._asked_other:
            self._asked_other = other
            self._show_outcome()

    def _elapsed_ms(self) -> float | None:
        """The time since the first start while it runs, between two rounds too; None otherwise, and while its end is read."""
        side = self.side
        if side is None or side.first is None or side.last is None or side.outcome is not Outcome.RUNNING:
            return None
        between = side.playing and side.last.outcome is not Outcome.RUNNING
        start = start_ns(side.first.recording)
        return None if start is None or (side.last.recording.end is not None and not between) else (now_ns() - start) / 1e6

    def _refresh_tab(self, index: int) -> None:
        """Bring a tab up to date that fell behind: only the one in view is kept so, the others when they are turned to."""
        if index in self._dirty_tabs:
            self._dirty_tabs.discard(index)
            cast(_Refreshed, self._view(index)).refresh()

    def _show_findings_count(self) -> None:
        self.tabs.show_findings([one for _, one in self.side.findings] if self.side else [])
        if not self.tabs.has_findings and self.tab == FINDINGS:
            self.set_tab(self._tab_before)

    # -- rounds -------------------------------------------------------------------------------------------------------

    def _show_rounds(self) -> None:
        count = len(self.side.rounds) if self.side else 0
        titles = ["Round 1", *(str(number) for number in range(2, count + 1))]
        self._rounds.set_titles(titles if count > 1 else [])
        self._rounds.setVisible(count > 1)
        self._rounds.setToolTip("The round that Events, Timing, Raw and Request show")

    def _show_round(self, number: int) -> None:
        self._round = number
        self._rounds.set_index(number - 1)
        one = self.exchange
        if self._is_made("events"):
            self.events.show_exchange(one)
        if self._is_made("timing"):
            self.timing.show_exchange(one)
        if self._is_made("raw"):
            self.raw.show_exchange(one)
        if self._is_made("request"):
            self.request.show_exchange(one)

    def set_round(self, number: int) -> None:
        """Show a round (from 1), without saying that the user chose it."""
        if self.side is not None and 0 < number <= len(self.side.rounds) and number != self._round:
            self._follows_rounds = number == len(self.side.rounds)
            self._show_round(number)

    def _on_round(self, index: int) -> None:
        self.set_round(index + 1)
        self.round_changed.emit(index + 1)

    # -- tabs, links, events ------------------------------------------------------------------------------------------

    def set_tab(self, index: int) -> None:
        """Turn to a tab, without saying that the user did."""
        if index == FINDINGS and not self.tabs.has_findings:
            return
        if index != FINDINGS:
            self._tab_before = index
        self.tabs.press(index)
        self._stack.setCurrentWidget(self._view(index))
        self._refresh_tab(index)

    def _on_tab(self, index: int) -> None:
        self.set_tab(index)
        self.tab_changed.emit(index)

    def _on_scrolled(self, event: int) -> None:
        ms = self.events.model.ms_of(event)
        if ms is not None:
            self.scrolled_to_ms.emit(ms)

    def _on_finding(self, number: int, event: int) -> None:
        self.set_round(number)
        self._on_tab(TABS.index("Events"))
        self.events.go_to(event)
        self.event_selected.emit(self._round, event)

    def go_to(self, number: int, event: int) -> None:
        """Show an event of a round, without saying that the user went there."""
        self.set_round(number)
        self.events.go_to(event)

    def go_to_ms(self, number: int, ms: float) -> None:
        """Show the event nearest to a time of a round."""
        self.set_round(number)
        event = self.events.model.event_near(ms)
        if event is not None:
            self.events.go_to(event)

    # -- the card -----------------------------------------------------------------------------------------------------

    def recolor(self) -> None:
        """The theme changed."""
        self.tabs.recolor()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(area, 8, 8)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipPath(shape)
        fill(painter, QRectF(0, 0, self.width(), 3), theme.color(self.name))


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
