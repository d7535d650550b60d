"""One field of the request as a chip: with an edge where it is set, else a quiet "+ name"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.request_fields import Field, shown
from app.text.sentences import message, tr
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

LEAST_HEIGHT, AROUND = 26, 8
INSET = 9
CROSS = 9  # how wide the × is
_SCALE = 0.95


def row_height() -> int:
    """A chip's, and that of what stands in a row with it, at the size of text that is chosen."""
    return max(LEAST_HEIGHT, round(QFontMetricsF(font()).height()) + AROUND)


class Chip(QAbstractButton):
    """A field and what it is set to. Pressed, it is edited; its ×, Delete or Backspace unsets it.

    Attributes:
        field: which. note: what stands beside it, such as that a side leaves it out; "" for nothing.
        sent_nowhere: each side leaves it out.

    Signals:
        cleared: the user unset it.
        valueChanged: it is set to something else, or not any more.
    """

    cleared = Signal()
    valueChanged = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._value: object = None
        self._note = self._lack = ""
        self.sent_nowhere = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say()

    def value(self) -> object:
        """What it is set to; None where it is not."""
        return self._value

    def setValue(self, value: object) -> None:
        """Set it, or with None unset it."""
        if value != self._value:
            self._value = value
            self._say()
            self.valueChanged.emit()

    @property
    def is_set(self) -> bool:
        return self._value is not None

    @property
    def note(self) -> str:
        return self._note

    @property
    def lack(self) -> str:
        """Where it is left out, as a clause; "" for nowhere."""
        return self._lack

    @property
    def lacking(self) -> str:
        """Its name, and where it is left out."""
        return tr("{label}: {note}", label=self.field.title, note=self._note)

    def set_note(self, note: str, lack: str, *, sent_nowhere: bool = False) -> None:
        """Say in a word or two beside the field, and as a clause in its tooltip, where it is left out; "" for nowhere."""
        self._note, self._lack, self.sent_nowhere = note, lack, sent_nowhere
        # Nothing to press where it would be sent nowhere, but what is set can still be unset.
        self.setEnabled(self.is_set or not sent_nowhere)
        self._say()

    def _say(self) -> None:
        sent, unsent = message("{label}: {value}{note:if , {note}}"), message("{label}, not sent{note:if , {note}}")
        value = shown(self.field, self._value) if self.is_set else ""
        self.setAccessibleName(tr(sent if self.is_set else unsent, label=self.field.title, value=value, note=self._note))
        self.setToolTip(plain_tip(tr("{tip}{lack:if . {lack}}", tip=self.field.about, lack=self._lack)))
        self.updateGeometry()
        self.update()

    # -- painting -----------------------------------------------------------------------------------------------------

    def _parts(self) -> list[tuple[str, str, bool]]:
        """The texts from the left: (text, role, bold)."""
        if not self.is_set:
            return [(self.lacking if self.sent_nowhere else f"+ {self.field.title}", "muted", False)]
        parts = [(self.field.title, "muted", False), (shown(self.field, self._value), "text", True)]
        return [*parts, (self._note, "warn", False)] if self._note else parts

    def sizeHint(self) -> QSize:
        wide = sum(QFontMetricsF(font(_SCALE, bold=bold)).horizontalAdvance(text) + 6 for text, _, bold in self._parts()) - 6
        return QSize(round(wide + 0.5) + 2 * INSET + (CROSS + 8 if self.is_set else 0), row_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        hovered = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(theme.color("edge"), 1) if self.is_set else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("hover") if hovered else theme.color("surface") if self.is_set else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 5, 5)
        left = float(INSET)
        for text, role, bold in self._parts():
            chosen = font(_SCALE, bold=bold)
            painter.setFont(chosen)
            painter.setPen(theme.color(role))
            painter.drawText(QRectF(left, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            left += QFontMetricsF(chosen).horizontalAdvance(text) + 6
        if self.is_set:
            self._paint_cross(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_cross(self, painter: QPainter) -> None:
        center, arm = QPointF(self.width() - INSET - CROSS / 2 + 1, self.height() / 2), 3.2
        painter.setPen(QPen(colors().color("muted"), 1.3))
        for slope in (1, -1):
            painter.drawLine(center + QPointF(-arm, -arm * slope), center + QPointF(arm, arm * slope))

    # -- keys and mouse -----------------------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            self.is_set
            and event.position().x() > self.width() - INSET - CROSS - 4
            and self.rect().contains(event.position().toPoint())
        ):
            self.setDown(False)
            self.cleared.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_set and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)
