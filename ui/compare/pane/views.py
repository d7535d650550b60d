"""The views behind a pane's tabs: each is made when it is first needed, and kept up to date while it is in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.clock import now_ns
from ui.compare.pane.answer_view import AnswerView
from ui.compare.pane.waiting import waiting_words
from ui.compare.tabs import TABS
from ui.style.theme import reduces_motion
from ui.widgets.hear_as import name_side
from ui.widgets.late import Late
from ui.widgets.tab_order import follow

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.recording.records import SideName
    from app.run.side import Side
    from app.scenarios import Plan
    from ui.compare.pane.events_view import EventsView
    from ui.compare.pane.raw_view import RawView
    from ui.compare.pane.request_view import RequestView
    from ui.compare.pane.timing_view import TimingView
    from ui.widgets.reading_view import ReadingView
    from ui.widgets.text_view import TextView

LEAST_HEIGHT = 92  # a notice's, and no tab less
LEAST_OF_ALL = 36  # a line of large text
_SLOW = frozenset(TABS.index(title) for title in ("Timing", "Raw", "Request"))


class _Refreshed(Protocol):
    """A view that falls behind while it is not in view."""

    def refresh(self) -> None: ...


class PaneViews(QStackedWidget):
    """What the tabs show of a side: the answer of all its rounds, the rest of one round, its exchange.

    Attributes:
        answer: the first view.

    Signals:
        event_selected: the index of the event that the user went to.
        scrolled_to: the user scrolled the events; the index of the uppermost.
        raw_toggled: the user wants an event's bytes, or its JSON.
        export_wanted: the events shall be written to a file, "jsonl" or "csv".
        find_typed: the user typed what shall be found in the events.
        body_wanted: the body of the request that is shown shall be changed by hand; its bytes.
    """

    event_selected = Signal(int)
    scrolled_to = Signal(int)
    raw_toggled = Signal(bool)
    export_wanted = Signal(str)
    find_typed = Signal(str)
    body_wanted = Signal(bytes)

    def __init__(self, name: SideName, before: QWidget, parent: QWidget | None = None) -> None:
        """Tab goes from `before` into the view that is shown."""
        super().__init__(parent)
        self.setObjectName("plainPage")
        self.setMinimumHeight(LEAST_HEIGHT)  # else the tallest of the views keeps the request's editor from its room
        self._name: SideName = name
        self._before = before
        self._side: Side | None = None
        self._exchange: Exchange | None = None
        self._beside: Callable[[], Exchange | None] = lambda: None
        self._details_height = 0
        self._behind: set[int] = set()  # tabs that do not show yet what is known
        self.answer = AnswerView(name)
        self.addWidget(self.answer)
        self.answer.come_behind(before)
        # None of these is seen when the window opens.
        self._events, self._timing = Late(self._make_events, self._place), Late(self._make_timing, self._place)
        self._raw, self._request = Late(_make_raw, self._place), Late(self._make_request, self._place)

    def give_way(self, height: int) -> None:
        """Take so much less than the usual least height, where the rows above would be cut else: what is in here scrolls."""
        self.setMinimumHeight(min(max(LEAST_HEIGHT - height, LEAST_OF_ALL), LEAST_HEIGHT))

    def hasHeightForWidth(self) -> bool:
        """Its texts scroll: what stands above them shall not be squeezed for a line more."""
        return False

    # -- making -------------------------------------------------------------------------------------------------------

    def _make_events(self) -> EventsView:
        from ui.compare.pane.events_view import EventsView

        view = EventsView()
        view.details_height = self._details_height
        view.event_selected.connect(self.event_selected)
        view.scrolled_to.connect(self.scrolled_to)
        view.raw_toggled.connect(self.raw_toggled)
        view.export_wanted.connect(self.export_wanted)
        view.find_typed.connect(self.find_typed)
        return view

    def _make_timing(self) -> TimingView:
        from ui.compare.pane.timing_view import TimingView

        return TimingView(self._name, lambda: self._beside())

    def _make_request(self) -> RequestView:
        from ui.compare.pane.request_view import RequestView

        view = RequestView()
        view.body_wanted.connect(self.body_wanted)
        return view

    def _place(self, view: EventsView | TimingView | RawView | RequestView) -> None:
        self.addWidget(view)
        follow(self._before, view)
        view.show_exchange(self._exchange)
        name_side(view, self._name.upper())

    @property
    def events(self) -> EventsView:
        return self._events()

    @property
    def details_height(self) -> int:
        """What the user gave to the details of an event, in pixels; 0 for as much as they need."""
        return self._details_height if self._events.made is None else self._events.made.details_height

    @details_height.setter
    def details_height(self, height: int) -> None:
        self._details_height = max(0, height)
        if self._events.made is not None:
            self._events.made.details_height = self._details_height

    @property
    def request(self) -> RequestView:
        return self._request()

    def _view(self, index: int) -> QWidget:
        """The view of a tab, made now where it was not."""
        late: tuple[Callable[[], QWidget], ...] = (self._events, self._timing, self._raw, self._request)
        return self.answer if index == 0 else late[index - 1]()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_side(self, side: Side | None, plan: Plan | None) -> None:
        """Show another side from its beginning; `show_exchange` follows."""
        self._side = side
        self._behind.add(0)
        self.answer.show_notice(None)
        self.answer.show_side(side, plan)

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show another round."""
        self._exchange = exchange
        for late in (self._events, self._timing, self._raw, self._request):
            if late.made is not None:
                late.made.show_exchange(exchange)

    def set_beside(self, beside: Callable[[], Exchange | None]) -> None:
        """Where the other side's exchange of the same round comes from, None where it has none."""
        self._beside = beside

    def text_of(self, tab: int) -> ReadingView | TextView | None:
        """The text that a tab is, None where it is none, or has none yet."""
        if tab == 0:
            return self.answer.view
        if tab == TABS.index("Raw"):
            return self._raw().view
        return self._request().view if tab == TABS.index("Request") else None

    @property
    def searching(self) -> bool:
        """Whether the user waits for words to be found in the events."""
        return self._events.made is not None and self._events.made.finding.waiting

    def turn_to(self, tab: int) -> None:
        """Show the view of a tab."""
        self.setCurrentWidget(self._view(tab))
        self._catch_up(tab)

    def refresh(self, tab: int, *, slow: bool, ended: bool) -> None:
        """Take over what came since; `tab` is in view. `slow`: what costs more than the answer and the rows follows too."""
        self._behind.add(0)
        if tab == 0:
            self._catch_up(tab)
        if self._events.made is not None:
            self._events.made.refresh(ended=ended)
            self._events.made.show_waiting(waiting_words(self._side, now_ns(), calm=reduces_motion()))
        if slow:
            self._behind |= _SLOW
            self._catch_up(tab)

    def _catch_up(self, tab: int) -> None:
        """Only the view that is shown is kept up to date, the others when they are turned to."""
        if tab in self._behind:
            self._behind.discard(tab)
            cast(_Refreshed, self._view(tab)).refresh()


def _make_raw() -> RawView:
    from ui.compare.pane.raw_view import RawView

    return RawView()
