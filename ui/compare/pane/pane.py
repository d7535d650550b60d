"""One endpoint's pane: who is asked, what came of it in figures, and its tabs. The window has two of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.exchange.outcome import Outcome
from app.recording.records import SideName
from app.scenarios import Plan
from ui.compare.pane.answer_view import AnswerView
from ui.compare.pane.head import PaneHead, thin_line
from ui.compare.pane.tab_row import FINDINGS, TABS, TabRow
from ui.style.look import fill
from ui.style.theme import colors
from ui.widgets.late import Late
from ui.widgets.notice import Notice
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

EVENTS = TABS.index("Events")
LEAST_VIEW = 72
SLOW_EVERY = 4  # tiles and tables follow at every fourth flush


class _Refreshed(Protocol):
    """A tab that falls behind while it is not in view."""

    def refresh(self) -> None: ...


class Pane(QFrame):
    """A side of the comparison.

    Attributes:
        name: "a" or "b".
        row, hint, outcome, tiles: the head's. tabs: what can be looked at, and the link. answer: the first tab.
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
        self._round = 0  # the one shown, from 1; 0 for none
        self._follows_rounds = True
        self._beat = 0
        self._tab_before = 0  # where the list of findings was turned to from
        self._behind: set[int] = set()  # tabs that do not show yet what is known
        self.setAccessibleName(f"Side {name.upper()}")
        self._head = head = PaneHead(name)
        self.row, self.hint, self.outcome, self.tiles = head.row, head.hint, head.outcome, head.tiles
        self.tabs = TabRow(name)
        self.answer = AnswerView()
        self._stack = QStackedWidget()
        # None of these is seen when the window opens.
        self._events, self._findings = Late(self._make_events, self._place), Late(self._make_findings, self._place_findings)
        self._timing = Late(self._make_timing, self._place)
        self._raw, self._request = Late(_make_raw, self._place), Late(_make_request, self._place)
        self._lay_out()
        self._connect()
        self.show_side(None, None)

    # -- building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._stack.setObjectName("plainPage")
        self._stack.addWidget(self.answer)
        self._stack.setMinimumHeight(LEAST_VIEW)  # else the tallest of the views keeps the request's editor from its room
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 2)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(thin_line())
        layout.addWidget(self.tabs)
        layout.addWidget(thin_line())
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.tabs.link_toggled.connect(self.link_toggled)
        self._head.rounds.chosen.connect(self._on_round)
        self.answer.action_chosen.connect(self.action_chosen)
        self.answer.come_behind(self.tabs.link)

    def _make_events(self) -> EventsView:
        from ui.compare.pane.events_view import EventsView

        view = EventsView()
        view.event_selected.connect(lambda event: self.event_selected.emit(self._round, event))
        view.scrolled_to.connect(self._on_scrolled)
        view.raw_toggled.connect(self.raw_toggled)
        view.export_wanted.connect(self.export_wanted)
        return view

    def _make_timing(self) -> TimingView:
        from ui.compare.pane.timing_view import TimingView

        return TimingView(self.name)

    def _make_findings(self) -> FindingsView:
        from ui.compare.pane.findings_view import FindingsView

        view = FindingsView()
        view.event_wanted.connect(self._on_finding)
        return view

    def _add(self, view: QWidget) -> None:
        self._stack.addWidget(view)
        follow(self.tabs.link, view)

    def _place(self, view: EventsView | TimingView | RawView | RequestView) -> None:
        self._add(view)
        view.show_exchange(self.exchange)

    def _place_findings(self, view: FindingsView) -> None:
        self._add(view)
        view.show_side(self.side if self.side is not None and self.side.outcome is not Outcome.RUNNING else None)

    @property
    def events(self) -> EventsView:
        """The Events tab."""
        return self._events()

    @property
    def request(self) -> RequestView:
        """The Request tab."""
        return self._request()

    def _view(self, index: int) -> QWidget:
        """The view of a tab, made now where it was not."""
        if index == 0:
            return self.answer
        views: tuple[Callable[[], QWidget], ...] = (self._events, self._timing, self._raw, self._request, self._findings)
        return views[index - 1]()

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
        self.side, self._round, self._follows_rounds = side, 0, True
        self.answer.show_notice(None)
        self.answer.show_side(side, plan)
        if self._findings.made is not None:
            self._findings.made.show_side(None)
        self._head.show_side(side)
        self._show_round(len(side.rounds) if side else 0)
        self._show_findings_count()

    def show_notice(self, notice: Notice | None) -> None:
        """Say above the answer what went wrong."""
        self.answer.show_notice(notice)

    def set_asked_other(self, other: bool) -> None:
        """Say whose run it is where the head is set to another endpoint or model by now."""
        self._head.set_asked_other(other)

    def refresh(self, differences: dict[str, Difference] | None = None, *, ended: bool = False) -> None:
        """Take over what came since; the figures follow at a slower pace, and at the end at once."""
        if self.side is None:
            return
        self._beat += 1
        slow = ended or self._beat % SLOW_EVERY == 0
        if self._follows_rounds and len(self.side.rounds) > self._round:
            self._head.show_rounds()
            self._show_round(len(self.side.rounds))
        self._behind.add(0)
        if self.tab == 0:
            self._refresh_tab(0)
        if self._events.made is not None:
            self._events.made.refresh(ended=ended)
        if slow:
            self._head.refresh(differences)
            self._behind |= {TABS.index("Timing"), TABS.index("Raw"), TABS.index("Request")}
            self._refresh_tab(self.tab)
        if ended:
            self._show_findings_count()
            if self._findings.made is not None:
                self._findings.made.show_side(self.side)

    def _refresh_tab(self, index: int) -> None:
        """Bring a tab up to date that fell behind: only the one in view is kept so, the others when they are turned to."""
        if index in self._behind:
            self._behind.discard(index)
            cast(_Refreshed, self._view(index)).refresh()

    def _show_findings_count(self) -> None:
        self.tabs.show_findings([one for _, one in self.side.findings] if self.side else [])
        if not self.tabs.has_findings and self.tab == FINDINGS:
            self.set_tab(self._tab_before)

    # -- rounds, tabs, events -----------------------------------------------------------------------------------------

    def _show_round(self, number: int) -> None:
        self._round = number
        self._head.rounds.set_index(number - 1)
        for late in (self._events, self._timing, self._raw, self._request):
            if late.made is not None:
                late.made.show_exchange(self.exchange)

    def set_round(self, number: int) -> None:
        """Show a round (from 1), without saying that the user chose it."""
        if self.side is not None and 0 < number <= len(self.side.rounds) and number != self._round:
            self._follows_rounds = number == len(self.side.rounds)
            self._show_round(number)

    def _on_round(self, index: int) -> None:
        self.set_round(index + 1)
        self.round_changed.emit(index + 1)

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
        self._on_tab(EVENTS)
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
        """Take the theme's new colours."""
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


def _make_raw() -> RawView:
    from ui.compare.pane.raw_view import RawView

    return RawView()


def _make_request() -> RequestView:
    from ui.compare.pane.request_view import RequestView

    return RequestView()
