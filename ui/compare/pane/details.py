"""Below the events: the selected one, decoded and raw, with what was found at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text import numbers
from app.text.pretty_json import MAX_PRETTY_BYTES, SHORT_BYTES, pretty
from app.text.sentences import message, tr
from ui.compare.pane.side_view import SEVERITIES
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment
from ui.widgets.text_view import FITS, JsonView, bytes_as_text

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.protocols.findings import Finding

NOTHING = message("Select an event to see its JSON and its bytes.{more:if  {more:grouped} more under Findings.}")
SUMMARY_LINES = 3


class EventDetails(QWidget):
    """One event: its findings, its JSON or raw bytes, and where and when it came.

    Signals:
        raw_toggled: the user wants the bytes, or the JSON again.
    """

    raw_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._exchange: Exchange | None = None
        self._event: int | None = None
        self._found = PlainLabel(wrap=True, selectable=True)
        self._summary = [SegmentLine() for _ in range(SUMMARY_LINES)]
        self._view = JsonView(tr("Selected event"))
        self._view.set_inset(0)
        self._meta = SegmentLine(scale=0.9)
        self._raw = _quiet(tr("Raw bytes"), checkable=True)
        self._raw.toggled.connect(self._on_raw)
        self._copy = _quiet(tr("Copy"))
        self._copy.setToolTip(tr("Copy the event's bytes"))
        self._copy.clicked.connect(self.copy)
        row = QHBoxLayout()
        row.addWidget(self._meta, 1)
        row.addWidget(self._raw)
        row.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self._found)
        for line in self._summary:
            layout.addWidget(line)
        layout.addWidget(self._view, 100)
        layout.addStretch(1)
        layout.addLayout(row)
        self.show_event(None, None)

    def show_event(self, exchange: Exchange | None, event: int | None) -> None:
        """Show an event by its index, or what can be seen here."""
        self._exchange, self._event = exchange, event
        chosen = exchange is not None and event is not None
        self._show_summary([])
        self._raw.setVisible(chosen)
        self._copy.setVisible(chosen)
        if exchange is None or event is None:
            self._found.hide()
            self._view.hide()
            self._meta.set_segments(Segment(tr(NOTHING, more=None)))
            return
        self._view.show()
        self._show_found([one for one in exchange.findings if one.event == event + 1])
        raw = exchange.events.raw(event)
        if self._raw.isChecked():
            self._view.show_json(bytes_as_text(raw, MAX_PRETTY_BYTES), is_json=False)
        else:
            text, is_json = pretty(exchange.events.event(event).data, SHORT_BYTES)
            self._view.show_json(text, is_json=is_json)
        ms = exchange.since_start_ms(exchange.events.stamp_ns(event))
        when = tr("no time stamp") if ms is None else tr("{ms} ms after start", ms=numbers.grouped(ms, 1))
        template = message("chunk {chunk:grouped} · {size:bytes} · {when}{cut:if  · the first {cut:bytes} are shown}")
        cut = MAX_PRETTY_BYTES if len(raw) > MAX_PRETTY_BYTES else None
        self._meta.set_segments(
            Segment(tr("event {n:grouped}", n=event + 1), "text", True),
            Segment(tr(template, chunk=exchange.events.chunk(event) + 1, size=len(raw), when=when, cut=cut)),
        )

    def scroll_to_top(self) -> None:
        """Show the event from its first line: Qt leaves it where its cursor is when it is shown before it has its height."""
        self._view.verticalScrollBar().setValue(0)

    def show_summary(self, exchange: Exchange | None, lines: int = SUMMARY_LINES) -> None:
        """Nothing is selected: say what was found in this exchange, in so many lines at most."""
        self.show_event(None, None)
        told = [one for one in exchange.findings if one.severity != "note"] if exchange else []
        if told:
            self._show_summary(told[:lines])
            more = len(told) - lines if len(told) > lines else None
            self._meta.set_segments(Segment(tr(NOTHING, more=more)))

    def say(self, words: str) -> None:
        """Say something in place of an event."""
        self._meta.set_segments(Segment(words))

    def height_needed(self, width: int, most: int) -> int:
        """How high it is where all that it holds is seen, at such a width; at most so high, in whole lines."""
        layout = self.layout()
        assert layout is not None
        margins, lines, line = layout.contentsMargins(), 0, self._view.fontMetrics().lineSpacing()
        inner = width - margins.left() - margins.right()
        if not self._view.isHidden():
            if self._view.width() != inner:
                self._view.resize(inner, self._view.height())  # its lines are broken for that width
            lines = max(1, round(self._view.document().size().height()))
        others = [one.sizeHint().height() for one in self._summary if not one.isHidden()]
        if not self._found.isHidden():
            others.append(self._found.heightForWidth(inner))
        foot = max(self._raw.sizeHint().height() if self._event is not None else 0, self._meta.sizeHint().height())
        parts = len(others) + 1 + bool(lines)
        fixed = sum(others) + foot + layout.spacing() * (parts - 1) + margins.top() + margins.bottom()
        frame = 2 * self._view.frameWidth() + FITS
        shown = max(1, min(lines, (most - fixed - frame) // line)) if lines else 0
        return int(fixed + (shown * line + frame if shown else 0))

    @property
    def says_much(self) -> bool:
        """Whether there is an event or a summary to see, and not only the line that says how to see one."""
        return self._event is not None or not self._summary[0].isHidden()

    def set_raw(self, raw: bool) -> None:
        """Show the bytes, without saying that the user wants them."""
        blocked = self._raw.blockSignals(True)
        self._raw.setChecked(raw)
        self._raw.blockSignals(blocked)
        self.show_event(self._exchange, self._event)

    def copy(self) -> None:
        """Put the event's bytes, as text, on the clipboard."""
        if self._exchange is not None and self._event is not None:
            from ui.widgets.toast import toast

            QGuiApplication.clipboard().setText(self._exchange.events.raw(self._event).decode("utf-8", "replace"))
            toast(self, tr("Copied event {n:grouped}.", n=self._event + 1))

    def _on_raw(self, raw: bool) -> None:
        self.show_event(self._exchange, self._event)
        self.raw_toggled.emit(raw)

    def _show_summary(self, found: list[Finding]) -> None:
        """A line for each, whole in its tooltip: a wrapped text would be cut where the pane is low."""
        for number, line in enumerate(self._summary):
            line.setVisible(number < len(found))
            if number < len(found):
                one = found[number]
                shape, role = SEVERITIES[one.severity]
                line.set_segments(Segment(f"{shape} {one.title}", role, True), Segment(one.sentence))

    def _show_found(self, found: list[Finding]) -> None:
        self._found.setVisible(bool(found))
        if found:
            role = SEVERITIES[found[0].severity][1]
            self._found.set_role("text" if role == "muted" else role)
            lines = [f"{SEVERITIES[one.severity][0]} {one.title} · {one.sentence}" for one in found[:4]]
            self._found.setText("\n".join(line if len(line) <= 300 else line[:299] + "…" for line in lines))


def _quiet(text: str, *, checkable: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("quiet")
    button.setCheckable(checkable)
    return button
