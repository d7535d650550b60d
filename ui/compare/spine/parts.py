"""The parts of a run that are compared, each a button that opens what differs: answers, headers, models, events, requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.text.sentences import tr
from app.text.visible import visible
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font, text_scale
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from ui.compare.spine.rows import PartRow
    from ui.widgets.copying import Copy

ROOMY, LINE, LEAST_GAP = 48, 17, 2
FIRST_THREE = ("answers", "headers", "requests")  # where there is no room for all
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ROLES = {"=": "ok", "≠": "warn"}
SHAPE = 15
LEAST_SCALE = 0.7  # of the type of counts in a narrow spine


class PartButton(QPushButton):
    """One part: shape, title and value in a line, and below them what it has of detail."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlat(True)
        self._row: PartRow | None = None
        self._font, self._bold = font(0.88), font(0.88, bold=True)
        self.narrow = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._font, self._bold = font(0.88), font(0.88, bold=True)
            self.updateGeometry()

    def show_row(self, row: PartRow) -> None:
        """Stand for another part."""
        if row == self._row:
            return
        self._row = row
        self.setEnabled(row.opens)
        self.setCursor(Qt.CursorShape.PointingHandCursor if row.opens else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(row.tip if row.opens else tr("{title}: {why}", title=row.title, why=row.tip))
        self.setToolTip(plain_tip(row.tip))
        self.update()

    @property
    def row(self) -> PartRow | None:
        return self._row

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        if (row := self._row) is not None:
            yield Copy(tr("Copy {title:quoted} as a sentence", title=row.title), lambda: row.said)

    def sizeHint(self) -> QSize:
        return QSize(64, _line())

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        row = self._row
        if row is None:
            return
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        elif self.underMouse() and row.opens:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        area = QRectF(3, 0, self.width() - 6, _line())
        if self.narrow:
            small = font(0.78)
            painter.setFont(small)
            painter.setPen(theme.color("text" if row.opens else "muted"))
            whole = QRectF(0, 0, self.width(), _line())
            title = QFontMetricsF(small).elidedText(row.title, Qt.TextElideMode.ElideRight, whole.width() + 2)
            painter.drawText(whole, LEFT, title)
            area.translate(0, _line() - 1)
        left, right = LEFT, RIGHT
        bold, plain = QFontMetricsF(self._bold), QFontMetricsF(self._font)
        painter.setFont(self._bold)
        painter.setPen(theme.color(_ROLES.get(row.shape, "muted")))
        counts = sum(bold.horizontalAdvance(text) + 4 for text in (row.minus, row.plus) if text)
        if not (self.narrow and counts + SHAPE > area.width()):  # the counts say it already
            painter.drawText(area, left, row.shape)
        x = area.right()
        if counts > area.width():  # a narrow spine is as wide as "+9 −9"
            small_bold = QFont(self._bold)
            small_bold.setPointSizeF(self._bold.pointSizeF() * max(LEAST_SCALE, area.width() / counts))
            painter.setFont(small_bold)
            bold = QFontMetricsF(small_bold)
        for text, role in ((row.minus, "bad"), (row.plus, "ok")):
            if text:
                painter.setPen(theme.color(role))
                painter.drawText(QRectF(area.left(), area.top(), x - area.left(), _line()), right, text)
                x -= bold.horizontalAdvance(text) + 4
        if self.narrow:
            return
        room = max(0.0, x - area.left() - SHAPE)
        # The title goes before what stands beside it.
        value = row.value if bold.horizontalAdvance(row.title) + 4 + plain.horizontalAdvance(row.value) <= room else ""
        painter.setPen(theme.color("text" if row.opens else "muted"))
        if not row.opens or (row.shape == "=" and not row.detail):
            painter.setFont(self._font)
        title = bold.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(area.left() + SHAPE, 0, room, _line()), left, title)
        if value:
            painter.setFont(self._font)
            painter.setPen(theme.color("muted"))
            painter.drawText(QRectF(area.left(), 0, x - area.left(), _line()), right, value)
        if row.detail and self.height() >= 2 * _line() - 2:
            painter.setFont(self._font)
            painter.setPen(theme.color("muted"))
            text = plain.elidedText(visible(row.detail, keep=""), Qt.TextElideMode.ElideRight, area.width() - SHAPE)
            painter.drawText(QRectF(area.left() + SHAPE, _line() - 1, area.width() - SHAPE, _line()), left, text)


class SpineParts(QWidget):
    """The buttons: all with room around them, or at the foot those of answers, headers and requests in a line or two each.

    Signals:
        part_wanted: a part was pressed (`app.run.diff.facts.Part`).
    """

    part_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PartRow] = []
        self._buttons: list[PartButton] = []
        self._narrow = self._compact = False

    @property
    def buttons(self) -> list[PartButton]:
        """Those that are shown."""
        return [one for one in self._buttons if not one.isHidden()]

    def show_rows(self, rows: list[PartRow]) -> None:
        """Show other parts; none before both sides have ended."""
        if rows == self._rows:
            return
        self._rows = rows
        while len(self._buttons) < len(rows):
            button = PartButton(self)
            button.clicked.connect(lambda _=False, one=button: self.part_wanted.emit(one.row.part) if one.row else None)
            self._buttons.append(button)
        for button, row in zip(self._buttons, rows, strict=False):
            button.show_row(row)
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """Leave out what stands beside the titles."""
        self._narrow = narrow
        for button in self._buttons:
            button.narrow = narrow
        self._place()

    def set_compact(self, compact: bool) -> None:
        """Only the first three, at the foot."""
        self._compact = compact
        self._place()

    @property
    def compact_height(self) -> int:
        """What the three take at the foot."""
        shown = [row for row in self._rows if row.part in FIRST_THREE]
        return sum(self._height(row) for row in shown)

    def _height(self, row: PartRow) -> int:
        return _line() * (2 if row.detail or self._narrow else 1) + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        apart = min(ROOMY, self.height() // max(1, len(self._rows)))
        few = self._compact or apart < 2 * _line() + LEAST_GAP
        y = max(0, self.height() - self.compact_height) if few else 0
        for number, button in enumerate(self._buttons):
            row = self._rows[number] if number < len(self._rows) else None
            high = 0 if row is None else self._height(row) if few else 2 * _line()
            # What is cut off would have the keyboard unseen.
            shown = row is not None and (not few or (row.part in FIRST_THREE and y + high <= self.height()))
            button.setVisible(shown)
            if row is not None and shown:
                button.narrow = self._narrow
                button.setGeometry(0, round(y), self.width(), high)
                y += high if few else apart


def _line() -> int:
    """How high a line is, in pixels."""
    return round(LINE * max(1.0, text_scale()))
