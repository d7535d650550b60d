"""One endpoint's pane: who is asked, what came of it in figures, and its tabs. The window has two of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.exchange.outcome import Outcome
from app.text.sentences import tr
from ui.compare.pane.head import PaneHead, thin_line
from ui.compare.pane.tab_row import TabRow
from ui.compare.pane.views import PaneViews
from ui.compare.spine.spine import Rows
from ui.compare.tabs import FINDINGS, TABS
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.hear_as import hear_as, name_side
from ui.widgets.late import Late
from ui.widgets.tab_order import follow

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.protocols.findings import Finding
    from app.recording.records import SideName
    from app.run.differences import Difference
    from app.run.side import Side
    from app.scenarios import Plan
    from ui.compare.pane.events_view import EventsView
    from ui.compare.pane.find_bar import FindBar
    from ui.compare.pane.request_view import RequestView
    from ui.widgets.copying import Copy
    from ui.widgets.notice import Notice

EVENTS = TABS.index("Events")
MOST_COPIED = 5_000_000  # bytes of an answer whose events still go on the clipboard
RADIUS = 8  # of the card's corners
SLOW_EVERY = 3  # what of the views takes more than the answer and the rows follows at every third look


class Pane(QFrame):
    """A side of the comparison.

    Attributes:
        name: "a" or "b".
        row, hint, outcome, tiles: the head's. tabs: what can be looked at, and the link.
        views: what the tabs show; answer, events and request are among them.
        side: what is shown, None before a run.

    Signals:
        tab_changed: the user turned to another tab (its index; `FINDINGS` for the findings, which are over both panes).
        turned: another tab is shown, whoever turned to it (the pane's name, the index).
        round_changed: the user chose another round (from 1).
        event_selected: the user went to an event (round, index).
        scrolled_to: the user scrolled the events; the index of the uppermost.
        raw_toggled: the user wants an event's bytes, or its JSON.
        action_chosen: a button of the notice was pressed; what it stands for.
        find_typed: the user typed what shall be found; "" closes the line.
        rows_moved: the rows of the pane stand elsewhere; `rows` says where.
        export_wanted: the events shall be written to a file, "jsonl" or "csv".
    """

    tab_changed = Signal(int)
    turned = Signal(str, int)
    round_changed = Signal(int)
    event_selected = Signal(int, int)
    scrolled_to = Signal(int)
    raw_toggled = Signal(bool)
    action_chosen = Signal(object)
    export_wanted = Signal(str)
    find_typed = Signal(str)
    rows_moved = Signal()

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name: SideName = name
        self.side: Side | None = None
        self._round = 0  # the one shown, from 1; 0 for none
        self._follows_rounds = True
        self._beat = 0
        self._tab_before = 0  # where the findings were turned to from
        hear_as(self, "group")
        self.setAccessibleName(tr("Side {side}", side=name.upper()))
        self._head = head = PaneHead(name, self)
        self.row, self.hint, self.outcome, self.tiles = head.row, head.hint, head.outcome, head.tiles
        self.tabs = TabRow(name)
        self.views = PaneViews(name, self.tabs.link)
        self.answer = self.views.answer
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 2)
        layout.setSpacing(0)
        for part in (head, thin_line(), self.tabs, thin_line()):
            layout.addWidget(part)
        layout.addWidget(self.views, 1)
        self._find = Late(_make_find_bar, self._place_find_bar)
        self._connect()
        self.show_side(None, None)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.outcome.link_pressed.connect(lambda: self._on_tab(FINDINGS))
        self._head.rounds.chosen.connect(self._on_round)
        self.answer.action_chosen.connect(self.action_chosen)
        self.views.event_selected.connect(lambda event: self.event_selected.emit(self._round, event))
        self.views.scrolled_to.connect(self.scrolled_to)
        self.views.raw_toggled.connect(self.raw_toggled)
        self.views.export_wanted.connect(self.export_wanted)
        self.views.find_typed.connect(self.find_typed)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def events(self) -> EventsView:
        return self.views.events

    @property
    def request(self) -> RequestView:
        return self.views.request

    @property
    def tab(self) -> int:
        """The index of the tab that is shown."""
        return self.tabs.index

    @property
    def own_tab(self) -> int:
        """The same; where the findings are over both panes, the one that it goes back to."""
        return self._tab_before if self.tab == FINDINGS else self.tab

    @property
    def round(self) -> int:
        """The round that is shown, from 1; 0 for none."""
        return self._round

    @property
    def exchange(self) -> Exchange | None:
        """The round that is shown, None before there is one."""
        return self.round_at(self._round)

    def pair(self, other: Pane) -> None:
        """Set the times of this side beside those of the other."""
        self.views.set_beside(lambda: other.round_at(self._round))

    def round_at(self, number: int) -> Exchange | None:
        """A round of this side (from 1), None where it has none."""
        rounds = self.side.rounds if self.side else []
        return rounds[number - 1] if 0 < number <= len(rounds) else None

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """Of the round that is shown: its request as code, its answer, its events."""
        from ui.widgets.copying import Copy

        if (one := self.exchange) is None:
            return
        for kind, title in (("curl", "curl"), ("python", "Python"), ("node", "Node")):
            said = tr("Copy the request of side {side} as {title}", side=self.name.upper(), title=title)
            yield Copy(said, partial(self.request.code, kind))
        yield Copy(tr("Copy the answer of side {side}", side=self.name.upper()), lambda: self.answer.text)
        if len(one.events) and len(one.decoded.data) <= MOST_COPIED:
            from app.formats.events import as_jsonl

            said = tr("Copy all events of side {side} as JSON lines", side=self.name.upper())
            yield Copy(said, lambda: b"".join(as_jsonl(one)).decode())

    def show_side(self, side: Side | None, plan: Plan | None, *, waits: bool = False) -> None:
        """Show another side from its beginning. `waits`: above the tabs what went before stays until `refresh_head`."""
        self.side, self._follows_rounds = side, True
        self.views.show_side(side, plan)
        waits = waits and side is not None
        self._head.show_side(side, waits=waits)
        self._show_round(len(side.rounds) if side else 0)
        if not waits:
            self._show_findings_count()

    def show_notice(self, notice: Notice | None) -> None:
        """Say above the answer what went wrong."""
        self.answer.show_notice(notice)

    def say(self, text: str) -> None:
        """Say something in place of the verdict, such as that the run has no such side."""
        self._head.say(text)

    def share_rows(self, other: Pane) -> None:
        """Have rows as high as the other side's, and figures in the same columns."""
        self._head.pair(other._head)

    def set_mark(self, mark: str) -> None:
        """Say whose run it is, where the window is set to something else by now; "" where it is not."""
        self._head.set_mark(mark)

    def refresh(self, differences: dict[str, Difference] | None = None, *, ended: bool = False) -> None:
        """Take over what came since, all of it at once."""
        self.refresh_views(ended=ended)
        self.refresh_head(differences, ended=ended)

    def refresh_views(self, *, ended: bool = False) -> None:
        """Take over what came since in the tabs; some of it at a slower pace, and at the end at once."""
        if self.side is None:
            return
        self._beat += 1
        if self._follows_rounds and len(self.side.rounds) > self._round:
            self._head.show_rounds()
            self._show_round(len(self.side.rounds))
        self.views.refresh(self.own_tab, slow=ended or self._beat % SLOW_EVERY == 0, ended=ended)

    def refresh_head(self, differences: dict[str, Difference] | None = None, *, ended: bool = False) -> None:
        """Take over what came since in the figures; at the end how many findings there are, too."""
        if self.side is None:
            return
        self._head.refresh(differences)
        if ended:
            self._show_findings_count()

    def _show_findings_count(self) -> None:
        ran = self.side is not None and bool(self.side.rounds) and self.side.outcome is not Outcome.RUNNING
        self.tabs.show_findings(_findings_of(self.side) if self.side else [], ran=ran)

    # -- rounds, tabs, events -----------------------------------------------------------------------------------------

    def _show_round(self, number: int) -> None:
        self._round = number
        self._head.rounds.set_index(number - 1)
        self.views.show_exchange(self.exchange)

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
        self.tabs.press(index)
        if index != FINDINGS:
            self._tab_before = index
            self.views.turn_to(index)
        self._find_follows()
        self.turned.emit(self.name, index)

    def turn_back(self) -> None:
        """From the findings to the tab before them."""
        self.set_tab(self._tab_before)

    def bring_answer(self) -> None:
        """Turn to the answer; where the findings are over both panes, when those are left."""
        if self.tab == FINDINGS:
            self._tab_before = 0
            self.views.turn_to(0)
        else:
            self.set_tab(0)

    def _on_tab(self, index: int) -> None:
        self.set_tab(index)
        self.tab_changed.emit(index)

    def go_to_finding(self, number: int, event: int) -> None:
        """Show the event at which something was found, as the user wants."""
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

    # -- finding ------------------------------------------------------------------------------------------------------

    def _place_find_bar(self, bar: FindBar) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.views), bar)
        bar.hide()
        follow(self.tabs.link, bar)
        name_side(bar, self.name.upper())
        bar.typed.connect(self.find_typed)
        bar.closed.connect(self._close_find)

    def begin_find(self) -> bool:
        """Let words be typed that are found in the tab that is shown; False where there is nothing in it to be found."""
        if self.tab == FINDINGS:
            return False
        if self.tab == EVENTS:
            self.events.begin_find()
            return True
        if self.views.text_of(self.tab) is None:
            return False
        self._show_find()
        self._find().begin()
        return True

    def find_too(self, words: str) -> None:
        """Look for the same as the other side."""
        if self.tab == EVENTS:
            self.events.set_find(words)
        elif words and self.views.text_of(self.tab) is not None:
            self._show_find()
            self._find().set_words(words)
        elif self._find.made is not None:
            self._find.made.set_words("")
            self._find.made.hide()

    def _show_find(self) -> None:
        bar = self._find()
        bar.set_view(self.views.text_of(self.tab))
        bar.show()

    def _close_find(self) -> None:
        bar = self._find()
        bar.set_words("")
        bar.hide()
        if (view := self.views.text_of(self.tab)) is not None:
            view.setFocus()
        self.find_typed.emit("")

    def _find_follows(self) -> None:
        """Another tab is shown: what was looked for is looked for in it, where it is a text."""
        bar = self._find.made
        if bar is not None and not bar.isHidden():
            view = self.views.text_of(self.tab)
            bar.set_view(view)
            bar.setVisible(view is not None)

    # -- the rows -----------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """Where its rows begin."""
        verdict, tiles, tabs, views = (
            part.mapTo(self, QPoint(0, 0)).y() for part in (self._head.outcome, self._head.tiles, self.tabs, self.views)
        )
        views = max(views, tabs + self.tabs.height())  # those that are hidden stay where they were
        return Rows(0, verdict, tiles, tabs, views, self.height())

    def set_low(self, low: bool) -> None:
        """Take less height: leave out what is said below the figures."""
        self._head.set_low(low)

    def set_tight(self, tight: bool) -> None:
        """Have as little room as can be around what stands above the views."""
        self._head.set_tight(tight)
        self.tabs.set_tight(tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rows_moved.emit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # a warning of the model, say, takes another line
            self.rows_moved.emit()
        return bool(done)

    # -- the card -----------------------------------------------------------------------------------------------------

    def recolor(self) -> None:
        self.tabs.recolor()
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        if self.rect().adjusted(1, RADIUS, -1, -RADIUS).contains(event.rect()):  # a figure or a row changed: no edge is seen
            fill(painter, QRectF(event.rect()), theme.color("surface"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(shape)
        fill(painter, QRectF(0, 0, self.width(), 3), theme.color(self.name))


def _make_find_bar() -> FindBar:
    from ui.compare.pane.find_bar import FindBar  # not before something is looked for

    return FindBar()


def _findings_of(side: Side) -> list[Finding]:
    """One of each that is counted."""
    from app.run.finding_groups import finding_groups  # not before there is a run

    return [one.first for one in finding_groups(side)]
