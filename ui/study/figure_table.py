"""What the tables of studies and loads have in common: rows of one height below a head, copied, heard and explained by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QWidget

from app.text.sentences import tr
from ui.style.measured import measured
from ui.style.theme import changes_fonts, colors, text_scale
from ui.widgets.copying import Copy
from ui.widgets.labels import plain_tip
from ui.widgets.stops import Stop, Stops

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class Told(Protocol):
    """A row as it is heard, and what more there is to say of it."""

    @property
    def words(self) -> str: ...
    @property
    def tip(self) -> str: ...


R = TypeVar("R", bound=Told)


class FigureTable(QFrame, Generic[R]):
    """A painted table; each row says more where the mouse is, and where the keyboard.

    Attributes:
        rows: what is shown.
    """

    heard_as = "list"

    def __init__(self, name: str, head: int, row: int, text: Callable[[], str], parent: QWidget | None = None) -> None:
        """`head` and `row` are heights in pixels at the usual size of text, `text` is the table as it is copied."""
        super().__init__(parent)
        self.setObjectName("card")
        self.rows: tuple[R, ...] = ()
        self._heights = head, row
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._stops = Stops(self, self._rects)
        self._text = text

    @property
    def head_height(self) -> int:
        """In pixels; large text needs more."""
        return round(self._heights[0] * max(1.0, text_scale()))

    @property
    def row_height(self) -> int:
        """In pixels; large text needs more."""
        return round(self._heights[1] * max(1.0, text_scale()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self.updateGeometry()
            self._stops.put()

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        number = (at.y() - self.head_height) // self.row_height if at is not None else -1
        if 0 <= number < len(self.rows):
            row = self.rows[number]
            yield Copy(tr("Copy the row"), lambda: row.words)
        if self.rows:
            yield Copy(tr("Copy the table"), self._text)

    def take_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        grown = len(rows) != len(self.rows)
        self.rows = tuple(rows)
        self.setAccessibleDescription("\n".join(one.words for one in rows))
        self._stops.name([(one.words, one.tip) for one in rows])
        if grown:
            self.updateGeometry()
        self.update()

    @property
    def stops(self) -> list[Stop]:
        """Where the keyboard stops, one after the other."""
        return self._stops.parts

    def _rects(self) -> list[QRect]:
        return [
            QRect(1, self.head_height + self.row_height * number, self.width() - 2, self.row_height)
            for number in range(len(self.rows))
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stops.put()

    def sizeHint(self) -> QSize:
        return QSize(400, self.head_height + self.row_height * max(1, len(self.rows)) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = (event.pos().y() - self.head_height) // self.row_height
            tip = self.rows[number].tip if event.pos().y() >= self.head_height and number < len(self.rows) else ""
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return bool(super().event(event))


def paint_text(
    painter: QPainter, place: tuple[float, float], top: float, height: float, text: str, align: Qt.AlignmentFlag, role: str,
    chosen: QFont,
) -> None:  # fmt: skip
    """Text in a column (left and width), elided at its end; none in one that is left out."""
    left, width = place
    if width <= 0 or not text:
        return
    painter.setFont(chosen)
    painter.setPen(colors().color(role))
    # Where it begins is known: Qt need not lay it out in a rectangle, which takes longer than to draw it.
    one = measured(chosen)
    shown = one.fitted(text, width)
    spare = width - one.width(shown)
    free = 0.0 if align is LEFT else spare if align is RIGHT else spare / 2
    painter.drawText(QPointF(left + free, top + (height - one.height) / 2 + one.ascent), shown)
