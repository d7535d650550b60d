"""The one strong action: Run, a word that it is got ready, and Stop while a run goes on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font

MARGIN = 16


class RunButton(QPushButton):
    """A button with its shortcut beside its word, which is Stop while something runs."""

    def __init__(self, word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = word or tr("Run both")
        self._running = self._quiet = self._preparing = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._fit()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_running(False)

    def set_quiet(self, quiet: bool) -> None:
        """Look like any other button, without the keys: the strong action is another one now, which says them."""
        self._quiet = quiet
        self._renew()

    @property
    def running(self) -> bool:
        return self._running

    def set_running(self, running: bool) -> None:
        """Say Stop instead of Run."""
        self._running = running
        self._renew()

    def set_preparing(self, preparing: bool) -> None:
        """Say that Run was pressed, where keys are read and the like before anything is sent."""
        self._preparing = preparing
        self._renew()

    def _renew(self) -> None:
        word, shortcut = self._words()
        self.setText(word)
        self.setAccessibleName(tr("{word} ({keys})", word=word, keys=shortcut) if shortcut else word)
        self.update()

    def _fit(self) -> None:
        self.setMinimumWidth(round(QFontMetricsF(font(bold=True)).horizontalAdvance(self._word)) + 2 * MARGIN)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        bold, small = QFontMetricsF(font(bold=True)), QFontMetricsF(font(0.85))
        width = bold.horizontalAdvance(self._word) + small.horizontalAdvance("Ctrl+Enter") + 8 + 2 * MARGIN
        return QSize(round(width), max(32, round(bold.height()) + 14))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._quiet or self._preparing:
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.setBrush(theme.color("hover" if self.underMouse() else "surface"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        else:
            fill = theme.color("bad" if self._running else "ink")
            fill.setAlphaF(0.85 if self.isDown() or self.underMouse() else 1.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        word, shortcut = self._words()
        bold, small = font(bold=True), font(0.85)
        width = QFontMetricsF(bold).horizontalAdvance(word) + 8 + QFontMetricsF(small).horizontalAdvance(shortcut)
        if width > self.width() - 8:  # too narrow: the word alone
            word, shortcut, width = word, "", QFontMetricsF(bold).horizontalAdvance(word)
        left = (self.width() - width) / 2
        ink = colors().color("text" if self._quiet or self._preparing else "on_ink")
        painter.setPen(ink)
        painter.setFont(bold)
        area = QRectF(left, 0, width + 2, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)
        ink.setAlphaF(0.86)  # quieter, and still 4.5 : 1 on Stop's red
        painter.setPen(ink)
        painter.setFont(small)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shortcut)

    def _words(self) -> tuple[str, str]:
        if self._preparing:
            return tr("starting"), ""
        if self._running:
            return tr("Stop"), "Esc"
        return self._word, "" if self._quiet else "Ctrl+Enter"
