"""B minus A of each figure, beside the tiles: a value, and an arrow to the side that has more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.labels import plain_tip
from ui.widgets.stops import Stop, Stops

if TYPE_CHECKING:
    from ui.compare.spine.rows import FigureRow
    from ui.widgets.copying import Copy

PITCH = 15.0
ARROW = 9
LEAST_GAP = 2  # between a label and its figure


class SpineFigures(QWidget):
    """The rows, painted; without their labels where it is narrow. The keyboard goes to each."""

    heard_as = "list"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FigureRow, ...] = ()
        self._font, self._bold = font(0.88), font(0.88, bold=True)
        self._narrow = False
        self._stops = Stops(self, self._rects)
        self.setAccessibleName(tr("B minus A"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._font, self._bold = font(0.88), font(0.88, bold=True)
            self.updateGeometry()

    @property
    def rows(self) -> tuple[FigureRow, ...]:
        return self._rows

    def show_rows(self, *rows: FigureRow) -> None:
        """Show other figures; none before a run."""
        if rows != self._rows:
            self._rows = rows
            said = [(f"{one.label} {one.words}", one.tip) for one in rows]
            self.setAccessibleDescription(", ".join(words for words, _ in said))
            self._stops.name(said if any(one.delta for one in rows) else ())
            self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the labels out."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.update()

    @property
    def stops(self) -> list[Stop]:
        """Where the keyboard stops, one after the other."""
        return self._stops.parts

    def _rects(self) -> list[QRect]:
        pitch = self._pitch()
        top = (self.height() - pitch * len(self._rows)) / 2
        return [QRect(0, round(top + at * pitch), self.width(), round(pitch)) for at in range(len(self._rows))]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stops.put()

    def _index_at(self, at: QPoint) -> int:
        """The row at a place; one that is not there above and below them."""
        pitch = self._pitch()
        return int((at.y() - (self.height() - pitch * len(self._rows)) / 2) // pitch)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        index = self._index_at(at) if at is not None else -1
        if 0 <= index < len(self._rows) and (delta := self._rows[index].delta) is not None:
            yield Copy(tr("Copy {text:quoted}", text=delta.words), lambda: delta.words, tr("difference"))
            yield Copy(tr("Copy it as a sentence"), lambda: self._rows[index].tip)
        if self._rows:
            said = "\n".join(tr("{label}: {value}", label=one.label, value=one.words) for one in self._rows)
            yield Copy(tr("Copy all differences, B − A"), lambda: said, tr("difference"))

    def _pitch(self) -> float:
        return min(max(PITCH, QFontMetricsF(self._bold).height()), self.height() / max(1, len(self._rows)))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, pitch = QPainter(self), colors(), self._pitch()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold, plain = QFontMetricsF(self._bold), QFontMetricsF(self._font)
        top = (self.height() - pitch * len(self._rows)) / 2
        for number, row in enumerate(self._rows):
            area = QRectF(0, top + number * pitch, self.width(), pitch)
            end = area.right() - ARROW
            delta = row.delta
            text = row.words
            if delta is not None and bold.horizontalAdvance(text) > end:
                text = delta.text
            role = "muted" if delta is None else "bad" if delta.worse else "text"
            painter.setFont(self._bold if delta is not None else self._font)
            painter.setPen(theme.color(role))
            painter.drawText(
                QRectF(0, area.top(), end, pitch), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text
            )
            if not self._narrow:
                left = end - (bold if delta is not None else plain).horizontalAdvance(text) - LEAST_GAP
                label = plain.elidedText(row.label, Qt.TextElideMode.ElideRight, left)
                painter.setFont(self._font)
                painter.setPen(theme.color("muted"))
                painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), label)
            if delta is not None:
                self._paint_arrow(painter, QPointF(area.right() - 4, area.center().y()), right=delta.more == "b", role=role)

    @staticmethod
    def _paint_arrow(painter: QPainter, at: QPointF, *, right: bool, role: str) -> None:
        way = 1 if right else -1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors().color(role))
        tip = QPointF(at.x() + 2.5 * way, at.y())
        painter.drawPolygon(QPolygonF([tip, QPointF(at.x() - 2.5 * way, at.y() - 3), QPointF(at.x() - 2.5 * way, at.y() + 3)]))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._index_at(event.pos())
            tip = self._rows[index].tip if 0 <= index < len(self._rows) else ""
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return bool(super().event(event))
