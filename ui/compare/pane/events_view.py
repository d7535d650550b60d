"""The Events tab: every event with its time, a filter by type, find, export, and the selected one below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.exchange.exchange import Exchange, Outcome, Shape
from app.text import numbers
from app.text.sentences import message, tr
from ui.compare.pane.details import EventDetails
from ui.compare.pane.events_model import UNNAMED, EventsModel
from ui.compare.pane.events_table import EventsTable
from ui.compare.pane.find_box import FindBox
from ui.compare.pane.finding import EventFinding
from ui.style.look import set_look
from ui.style.theme import text_scale
from ui.widgets.labels import PlainLabel
from ui.widgets.tab_order import fill_splitter
from ui.widgets.whole_rows import EvenRows

EMPTY = message("Every event of the stream will stand here, with its time.\nCtrl+Enter sends the request to both endpoints.")
NO_STREAM = message("This answer came as one document, not as a stream of events.\nIts bytes are under Raw.")
NO_EVENTS = message("No event came.")
DETAILS_HEIGHT, DETAILS_LEAST = 116, 44  # at most, until the user gives them more; and where they are not left out
TABLE_LEAST, DETAILS_SHARE = 60, 0.4
ROWS_LEAST = 5  # are seen before anything is said below them, where it is low
ROOMY = 240  # high enough for a table and several lines below it
LOW = 200  # here rows count more than room around what is above them
MAX_SIZE = 16_777_215  # QWIDGETSIZE_MAX


class TypeCombo(QComboBox):
    """The event types with how often each came, counted when the list opens."""

    def __init__(self, model: EventsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events = model
        self.setAccessibleName(tr("Show events of type"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.refill()

    def showPopup(self) -> None:
        self.refill()
        super().showPopup()

    def refill(self) -> None:
        """Count the types anew; the chosen one stays."""
        counts = self._events.type_counts()
        blocked = self.blockSignals(True)
        self.clear()
        count_all = sum(count for _, count in counts) if counts else None
        self.addItem(tr("All events{n:if  ({n:grouped})}", n=count_all), None)
        for name, count in counts:
            self.addItem(f"{(name or UNNAMED)[:80]} ({numbers.grouped(count)})", name)
        self.setCurrentIndex(max(0, self.findData(self._events.only)) if self._events.only is not None else 0)
        self.blockSignals(blocked)


class EventsView(QWidget):
    """The events of one exchange.

    Attributes:
        details_height: what the user gave to what is below the table, in pixels; 0 for as much as it needs.

    Signals:
        event_selected: the index of the event the user went to.
        scrolled_to: the user scrolled; the index of the uppermost event.
        export_wanted: "jsonl" or "csv".
        raw_toggled: bytes instead of JSON below, or JSON again.
        find_typed: what shall be found is another.
    """

    event_selected = Signal(int)
    scrolled_to = Signal(int)
    export_wanted = Signal(str)
    raw_toggled = Signal(bool)
    find_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainPage")
        self._details_show, self.details_height = "", 0
        self.model = EventsModel(self)
        self.table = EventsTable(self.model)
        self.details = EventDetails()
        self.types = TypeCombo(self.model)
        self.find_box = FindBox(tr("Find in the events and the answer"))
        self.finding = EventFinding(self.model, self.table, self.find_box)
        self._export = QPushButton(tr("Export"))
        self._export.setObjectName("quiet")
        menu = QMenu(self._export)
        menu.addAction(tr("Events as JSON lines…"), lambda: self.export_wanted.emit("jsonl"))
        menu.addAction(tr("Events as CSV…"), lambda: self.export_wanted.emit("csv"))
        self._export.setMenu(menu)
        self._empty = PlainLabel(tr(EMPTY), role="muted", wrap=True)
        self._waiting = ""
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._connect()
        self.show_exchange(None)

    def _lay_out(self) -> None:
        self._bar_row = bar = QHBoxLayout()
        bar.setSpacing(6)
        bar.addWidget(self.types)
        bar.addWidget(self.find_box, 1)
        bar.addWidget(self._export)
        self._bar = QWidget()
        self._bar.setLayout(bar)
        header, rows = self.table.horizontalHeader(), self.table.verticalHeader()
        self._rows = EvenRows(self.table, rows.defaultSectionSize, header.height)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        fill_splitter(self._split, self._rows, self.details)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([300, DETAILS_HEIGHT])
        self._rows.setMinimumHeight(TABLE_LEAST)
        self._split.splitterMoved.connect(lambda _at, _index: self._on_handle())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._split, 1)
        layout.addWidget(self._empty, 1)

    def _connect(self) -> None:
        self.types.activated.connect(self._on_type)
        self.table.event_selected.connect(self._on_selected)
        self.table.user_scrolled.connect(self._on_scrolled)
        self.details.raw_toggled.connect(self.raw_toggled)
        self.find_box.typed.connect(self.finding.look_for)
        self.find_box.typed.connect(self.find_typed)
        self.find_box.stepped.connect(self.finding.step)
        self.find_box.left.connect(self.table.setFocus)
        self.finding.found.connect(self._on_found)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def exchange(self) -> Exchange | None:
        return self.model.exchange

    def show_exchange(self, exchange: Exchange | None) -> None:
        self.model.show(exchange)
        self.finding.restart()
        self.types.refill()
        self.table.follow(True)
        self.table.rows_added()
        self._show_summary()
        self._fit_details()
        self._show_empty()

    def refresh(self, *, ended: bool = False) -> None:
        """Add the rows that came since; at the end also what was found."""
        was_empty = self.model.rowCount() == 0
        if self.model.flush():
            self.table.rows_added()
            if was_empty:
                self._show_empty()
        if ended:
            self.model.mark_findings()
            self.types.refill()
            self.details.show_event(self.exchange, self.table.current_event)
            if self.table.current_event is None:
                self._show_summary()
            self._fit_details()
            self._show_empty()

    def show_waiting(self, words: str) -> None:
        """What is waited for while there is no event, and for how long."""
        if words != self._waiting:
            self._waiting = words
            if not self._empty.isHidden():
                self._show_empty()

    def _show_summary(self) -> None:
        self.details.show_summary(self.exchange, 3 if self.height() >= ROOMY else 1)

    def _show_empty(self) -> None:
        exchange = self.exchange
        empty = exchange is None or not len(exchange.events)
        for part in (self._bar, self._split):
            part.setVisible(not empty)
        self._empty.setVisible(empty)
        if exchange is None:
            self._empty.setText(tr(EMPTY))
        elif exchange.outcome is Outcome.RUNNING:
            self._empty.setText(self._waiting or tr("Waiting for the first event…"))
        else:
            self._empty.setText(tr(NO_STREAM if exchange.shape is Shape.WHOLE and exchange.decoded.data else NO_EVENTS))

    # -- going to an event ----------------------------------------------------------------------------------------------

    def go_to(self, event: int) -> None:
        """Select an event and show it, without saying that the user went there."""
        self.table.select_event(event)
        self._show_details(event)

    def show_nothing(self, why: str) -> None:
        """Select nothing, and say below why."""
        self.table.follow(False)
        self.table.select_nothing()
        self.details.show_event(None, None)
        self.details.say(why)

    def scroll_to_ms(self, ms: float) -> None:
        """Bring the events of a time to the top."""
        event = self.model.event_near(ms)
        if event is not None:
            self.table.follow(False)
            self.table.scroll_to_event(event, top=True)

    def _on_selected(self, event: int) -> None:
        self._show_details(event)
        self.event_selected.emit(event)

    def _show_details(self, event: int) -> None:
        self.details.show_event(self.exchange, event)
        self._fit_details()
        self.details.scroll_to_top()
        self.table.scroll_to_event(event, top=False)  # the table may be lower now

    def _fit_details(self) -> None:
        """Give what is below the table as much room as it needs, up to what the user gave it; the table goes first where it is
        low, and what is selected stays in view.
        """
        wanted = "event" if self.table.current_event is not None else "summary" if self.details.says_much else "hint"
        self._details_show = wanted
        whole = self._split.height() - self._split.handleWidth()
        header, rows = self.table.horizontalHeader(), self.table.verticalHeader()
        five = header.height() + ROWS_LEAST * rows.defaultSectionSize() + 2 * self.table.frameWidth()
        room = max(0, whole - (five if self._is_low else TABLE_LEAST))
        self.details.setVisible(room >= DETAILS_LEAST)
        if room < DETAILS_LEAST:
            return
        most = self.details_height or min(DETAILS_HEIGHT, max(DETAILS_LEAST, round(DETAILS_SHARE * whole)))
        height = min(self.details.height_needed(self._split.width(), min(most, room)), room)
        self.details.setMinimumHeight(min(height, DETAILS_LEAST))
        self.details.setMaximumHeight(height if wanted == "hint" else MAX_SIZE)
        if self._split.sizes()[1] != height:
            self._split.setSizes([max(1, whole - height), height])

    def _on_handle(self) -> None:
        """The user gave the details another height: so much they may have from now on."""
        if self._details_show == "event":
            self.details_height = max(DETAILS_LEAST, self._split.sizes()[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()
        self._fit_details()

    @property
    def _is_low(self) -> bool:
        return self.height() < LOW * text_scale()

    def _fit_bar(self) -> None:
        """Where it is low, have what stands above the rows lower too."""
        low = self._is_low
        self._bar_row.setContentsMargins(8, 2 if low else 6, 8, 2 if low else 4)
        for part in (self.types, self.find_box, self.table.horizontalHeader()):
            set_look(part, "low", low)

    def _on_scrolled(self) -> None:
        top = self.table.top_event
        if top is not None:
            self.scrolled_to.emit(top)

    def _on_type(self, _index: int) -> None:
        self.model.show_only(self.types.currentData())
        self.table.follow(False)

    # -- find and copy --------------------------------------------------------------------------------------------------

    def begin_find(self) -> None:
        self.find_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_box.selectAll()

    def set_find(self, words: str) -> None:
        """Look for the same as the other side, without saying that the user did, and without going there."""
        self.find_box.set_words(words)
        self.finding.look_for(words, go=False)

    def _on_found(self, event: int) -> None:
        exchange = self.exchange
        if exchange is None:
            return
        if self.model.only is not None and exchange.events.type_name(event) != self.model.only:
            self.model.show_only(None)
            self.types.refill()
        self.go_to(event)
        self.event_selected.emit(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.details.copy()
        else:
            super().keyPressEvent(event)
