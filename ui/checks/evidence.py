"""What a check's verdict rests on, unfolded below its line: the requests, the words, what to do, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from app.checks.judgement import NAMES
from app.checks.registry import by_id
from app.checks.session import State
from app.text import numbers
from app.text.numbers import DASH
from app.text.sentences import message, render, tr
from app.text.translation import translated
from ui.checks.request_list import RequestList
from ui.checks.requests import request_lines
from ui.widgets.fields import WrapLabel
from ui.widgets.flow import Flow

if TYPE_CHECKING:
    from app.checks.judgement import Judged, Measured
    from app.checks.judging import Book
    from app.checks.session import Row
    from app.recording.records import SideName

NARROW = 760
PARTS = (46, 54)  # of the width: the requests, the words
MOST_MEASURED = 8
_COST = message("{requests:plural request|requests}, at most about {tokens:count} tokens, a side")
_READS = message("It asks nothing itself: it reads the answers to {titles:or all}")
_PROVES = message("What it proves: {proves}")
_DO = message("Do: {advice}")
_SAID = message("{who} says: “{said}”")
_OPEN = message("Open exchange {number}")
_FIGURE = message(
    "{name}: {values}{unit:if  {unit}}{between:if , between {low} and {high}{level:if  ({level})}}{n:if , n = {n}}"
)
_WAITS = message("It has not been asked yet. {cost}.")
_RUNS = message("It is being asked. {cost}.")


class EvidencePanel(QFrame):
    """The evidence of one check.

    Attributes:
        check: its id.

    Signals:
        grown: it needs another height.
        exchange_wanted: (`RequestLine`, bytes) show this exchange where it can be looked at; True: its bytes.
        curl_wanted: (`RequestLine`) its request as a curl command.
        again_wanted: the check shall be asked again.
        left: the keyboard shall go back to the table.
    """

    grown = Signal()
    exchange_wanted = Signal(object, bool)
    curl_wanted = Signal(object)
    again_wanted = Signal(str)

    def __init__(self, check: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = check
        self.setObjectName("evidence")
        self.setAccessibleName(tr("Evidence"))
        self.requests = RequestList()
        self._words = [WrapLabel() for _ in range(4)]
        self._proves, self._measured, self._state = WrapLabel(role="muted"), WrapLabel(role="muted"), WrapLabel(role="muted")
        self._advice = WrapLabel()
        self._book: Book | None = None
        self.open, self.bytes = _link(tr("Open exchange")), _link(tr("Its bytes"))
        self.again, self.curl = _link(tr("Run this check again")), _link(tr("Copy as curl"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(5)
        for label in (*self._words, self._state, self._advice, self._measured, self._proves):
            words.addWidget(label)
        links = Flow(spacing=14, line_spacing=2)
        for button in (self.open, self.bytes, self.again, self.curl):
            links.add(button)
        words.addWidget(links)
        words.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self.requests)
        left.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(8, 8, 14, 10)
        self._row.setSpacing(18)
        self._row.addLayout(left, PARTS[0])
        self._row.addLayout(words, PARTS[1])

    def _connect(self) -> None:
        self.requests.chosen.connect(self._on_chosen)
        self.requests.open_wanted.connect(lambda: self._open(as_bytes=False))
        self.open.clicked.connect(lambda: self._open(as_bytes=False))
        self.bytes.clicked.connect(lambda: self._open(as_bytes=True))
        self.curl.clicked.connect(lambda: self.curl_wanted.emit(self.requests.current))
        self.again.clicked.connect(lambda: self.again_wanted.emit(self.check))

    def _open(self, *, as_bytes: bool) -> None:
        if (line := self.requests.current) is not None:
            self.exchange_wanted.emit(line, as_bytes)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_row(self, row: Row, book: Book, *, can_ask: bool) -> None:
        """Show what is known of the check now; `can_ask`: it can be asked (again)."""
        self._book = book
        lines = request_lines(row, book)
        self.requests.show_lines(lines)
        self.requests.setVisible(bool(lines))
        self._say(row)
        has = bool(lines)
        for button in (self.open, self.bytes, self.curl):
            button.setVisible(has)
        self.again.setVisible(can_ask)
        self.again.setText(tr("Run this check again") if row.judgement is not None and has else tr("Run this check"))
        self._on_chosen()

    def _say(self, row: Row) -> None:
        judgement, check = row.judgement, row.check
        cost = render(_COST, {"requests": check.cost.requests, "tokens": check.cost.tokens})
        if check.reads:
            cost = render(_READS, {"titles": [render(by_id()[one].title, {}) for one in check.reads if one in by_id()]})
        template = _RUNS if row.state is State.RUNNING else _WAITS
        self._state.show_text("" if judgement is not None else render(template, {"cost": cost}))
        said: list[tuple[str, str]] = []
        advice = ""
        if judgement is not None:
            said = _said_of("b", judgement.b)
            advice = judgement.b.advice_words(NAMES["b"])
            if judgement.a is not None:
                said += _said_of("a", judgement.a)
        for label, (text, role) in zip(self._words, [*said, *[("", "")] * 4], strict=False):
            label.show_text(text, role)
        self._advice.show_text(render(_DO, {"advice": advice}) if advice else "")
        self._measured.show_text(_figures(judgement.a, judgement.b) if judgement is not None else "")
        self._proves.show_text(render(_PROVES, {"proves": render(check.proves, {})}))

    def _on_chosen(self) -> None:
        line = self.requests.current
        if line is not None and self._book is not None:
            self.open.setText(render(_OPEN, {"number": self._book.number(line.exchange)}))
            self.open.setAccessibleName(self.open.text())

    def take_keyboard(self) -> None:
        """Put the keyboard into it."""
        (self.requests if self.requests.isVisible() else self.again).setFocus()

    # -- the widget ---------------------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """How high it must be at that width."""
        self._turn(width)
        layout = self._row
        return max(layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else 0, layout.totalMinimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(1, 1)  # the table asks `height_for`, and would else take the larger of both

    def _turn(self, width: int) -> None:
        """Where it is narrow the words stand below the requests."""
        directions = QBoxLayout.Direction
        wanted = directions.TopToBottom if width < NARROW or self.requests.isHidden() else directions.LeftToRight
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
            beside = wanted is directions.LeftToRight
            for number, part in enumerate(PARTS):  # below each other each is as high as it needs to be
                self._row.setStretch(number, part if beside else 0)
            self._row.setSpacing(18 if beside else 4)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        asked = event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize)
        if asked and self.isVisible() and self.height_for(self.width()) != self.height():
            self.grown.emit()
        return bool(done)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a press beside the links is none on the table

    mouseDoubleClickEvent = mousePressEvent


def _link(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("link")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _said_of(side: SideName, found: Judged) -> list[tuple[str, str]]:
    """What is said of a side, and in which colour."""
    name = NAMES[side]
    said = [(found.words(name), "text" if side == "b" else "muted")]
    if found.said:
        said.append((render(_SAID, {"who": name, "said": found.said}), "muted"))
    return said


def _figures(a: Judged | None, b: Judged) -> str:
    """What was measured, a line each: both sides, unit, over how many."""
    by_name: dict[str, dict[str, Measured]] = {}
    for side, found in (("a", a), ("b", b)):
        for one in found.measured if found is not None else ():
            if one.value is not None or side == "b":
                by_name.setdefault(one.name, {})[side] = one
    by_name = {name: sides for name, sides in by_name.items() if any(one.value is not None for one in sides.values())}
    lines = [_figure(name, sides, against=a is not None) for name, sides in by_name.items()]
    return "\n".join(lines[:MOST_MEASURED])


def _figure(name: str, sides: dict[str, Measured], *, against: bool) -> str:
    one = next(iter(sides.values()))
    values = [_value(sides.get(side)) for side in ("a", "b")] if against else [_value(sides.get("b"))]
    interval = next((each for each in sides.values() if each.interval is not None), None)
    fields: dict[str, object] = {"between": None, "low": "", "high": "", "level": ""}
    if interval is not None and interval.interval is not None:
        low, high = (numbers.grouped(each, 2) for each in interval.interval)
        level = f"{interval.level:.0%}" if interval.level is not None else ""
        fields = {"between": interval.interval, "low": low, "high": high, "level": level}
    return render(
        _FIGURE,
        {"name": one.title, "values": " : ".join(values), "unit": one.unit and translated(one.unit), "n": one.n, **fields},
    )


def _value(one: Measured | None) -> str:
    if one is None or one.value is None:
        return DASH
    if isinstance(one.value, bool):
        return tr("yes" if one.value else "no")
    if isinstance(one.value, int):
        return numbers.grouped(one.value)
    return numbers.grouped(one.value, 3).rstrip("0").rstrip(".") if isinstance(one.value, float) else one.value
