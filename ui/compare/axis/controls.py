"""Above the lanes: what the colours and patterns mean, which range is shown, and buttons to magnify it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.text.sentences import message, tr
from ui.compare.axis.rows import SMALL
from ui.compare.axis.scale import LEFT, RIGHT
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from ui.compare.axis.rows import Rows

ZOOM = 1.5
_BUTTON, _HEIGHT = 26, 20
_BUTTONS = (
    ("\N{MINUS SIGN}", message("Show a longer time"), message("−, or the wheel")),
    ("+", message("Magnify"), message("+, or the wheel; drag to move along")),
    ("\N{LEFT RIGHT ARROW}", message("Show the whole run"), "0"),
)


class AxisHead(QWidget):
    """The legend, the range and the buttons, on the axis that is their parent.

    Signals:
        zoomed: a button was pressed; how many times as much detail is wanted.
        whole_wanted: the whole shall be shown.
    """

    zoomed = Signal(float)
    whole_wanted = Signal()

    def __init__(self, axis: QWidget) -> None:
        super().__init__(axis)
        self._legend = Legend(self)
        self._range = PlainLabel("", self, role="muted", scale=SMALL)
        self._range.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._buttons = [self._button(*one) for one in _BUTTONS]
        self._buttons[0].clicked.connect(lambda: self.zoomed.emit(1 / ZOOM))
        self._buttons[1].clicked.connect(lambda: self.zoomed.emit(ZOOM))
        self._buttons[2].clicked.connect(self.whole_wanted)

    def _button(self, sign: str, name: str, keys: str) -> QPushButton:
        button = QPushButton(sign, self)
        button.setObjectName("quiet")
        button.setStyleSheet("padding: 0; min-height: 0;")
        button.setFixedSize(_BUTTON, _HEIGHT)
        button.setAccessibleName(tr("{name} on the time axis", name=tr(name)))
        button.setToolTip(tr("{name} ({keys})", name=tr(name), keys=tr(keys)))
        return button

    def show_range(self, words: str, *, zoomed: bool) -> None:
        """Say what is shown; what can't be done is not offered."""
        self._range.setText(words)
        self._buttons[0].setEnabled(zoomed)
        self._buttons[2].setEnabled(zoomed)
        self.show()

    def place(self, width: int, rows: Rows) -> None:
        """Take the row above the lanes; where there is none, the margin at the right, between them, for the buttons alone."""
        low = rows.head < _HEIGHT
        self._range.setVisible(not low)
        self._legend.setVisible(not low)
        across = len(self._buttons) * _BUTTON
        if low:
            self.setGeometry(
                width - RIGHT + (RIGHT - across) // 2, rows.head + rows.lane + (rows.gap - _HEIGHT) // 2, across, _HEIGHT
            )
            left = 0
        else:
            self.setGeometry(0, 0, width, _HEIGHT)
            left = width - across
            said = QFontMetricsF(font(SMALL)).horizontalAdvance(self._range.text())
            at = left - round(said) - 14
            self._range.setGeometry(at, 0, left - at - 6, _HEIGHT)
            room = at - LEFT - 12
            self._legend.setGeometry(LEFT, 0, max(0, room), _HEIGHT)
        for number, button in enumerate(self._buttons):
            button.move(left + number * _BUTTON, 0)


class Legend(QWidget):
    """What the blocks of the lanes are; what has no room is left out, the last first."""

    NAMES = (
        message("connection"),
        message("path (one round trip)"),
        message("endpoint"),
        message("event"),
        message("several events in one chunk"),
    )

    heard_as = "text"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Legend: {names}", names=tr(", ").join(map(tr, self.NAMES))))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(100, _HEIGHT)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), QFontMetricsF(font(SMALL))
        painter.setFont(font(SMALL))
        x = 0.0
        for number, name in enumerate(map(tr, self.NAMES)):
            sample = (18, 18, 18, 8, 12)[number]
            width = sample + 6 + metrics.horizontalAdvance(name)
            if x + width > self.width():
                return
            self._paint_sample(painter, number, QRectF(x, (self.height() - 10) / 2, sample, 10))
            painter.setPen(colors().color("muted"))
            painter.drawText(QRectF(x + sample + 6, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
            x += width + 18

    def _paint_sample(self, painter: QPainter, number: int, area: QRectF) -> None:
        """Half of it in A's colours, half in B's."""
        theme, half = colors(), area.width() / 2
        for place, side in enumerate(("a", "b")):
            part = QRectF(area.left() + place * half, area.top(), half, area.height())
            match number:
                case 0:
                    fill(painter, part, theme.color(f"{side}_connect"))
                case 1:
                    fill(painter, part, theme.color(f"{side}_wait"))
                    self._hatch(painter, part, side)
                case 2:
                    fill(painter, part, theme.color(f"{side}_wait"))
                case 3:
                    fill(painter, QRectF(part.left(), part.top(), 2, part.height()), theme.color(side))
                case _:
                    fill(painter, QRectF(part.left(), part.top(), 5, part.height()), theme.color(side))

    @staticmethod
    def _hatch(painter: QPainter, area: QRectF, side: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area)
        painter.setPen(QPen(colors().color(side), 2))
        for step in range(-2, 4):
            at = area.left() + step * 5
            painter.drawLine(QLineF(at, area.bottom(), at + area.height(), area.top()))
        painter.restore()
