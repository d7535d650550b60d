"""A part in one line: how it stands, its name and what is said of it. Pressed, it opens."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.run.diff.facts import Part, RunDiff, Standing
from app.run.diff.words import SIGNS, TITLES, heading, plus_minus
from app.text.sentences import tr
from app.text.visible import one_line
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

ROLES = {Standing.SAME: "ok", Standing.DIFFERS: "warn", Standing.UNKNOWN: "muted"}
_PADDING, _HEIGHT = 14, 40


class PartLine(QPushButton):
    """A button over the whole line."""

    def __init__(self, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("partLine")
        self.part = part
        self._standing, self._count, self._words = Standing.UNKNOWN, "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        return self._words

    def show_diff(self, diff: RunDiff) -> None:
        one = diff.summary.part(self.part)
        self._standing = one.standing
        listed = self.part is Part.MODELS and one.standing is Standing.DIFFERS
        self._count, self._words = plus_minus(one) if listed else "", one_line(heading(diff, self.part))
        said = " ".join(filter(None, (tr(TITLES[self.part]), self._count, self._words)))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, theme = QPainter(self), colors()
        x, right = float(_PADDING), self.width() - _PADDING - 14.0
        for text, role, bold in (
            (SIGNS[self._standing], ROLES[self._standing], True), (tr(TITLES[self.part]), "text", True),
            (self._count, "text", True), (self._words, "muted", False),
        ):  # fmt: skip
            metrics = QFontMetricsF(font(bold=bold))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, right - x))
            painter.setFont(font(bold=bold))
            painter.setPen(theme.color(role))
            painter.drawText(QRectF(x, 0, max(0.0, right - x), self.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            x += metrics.horizontalAdvance(shown) + (8 if shown else 0)
        painter.setPen(theme.color("muted"))
        painter.drawText(QRectF(right, 0, 14, self.height()), int(Qt.AlignmentFlag.AlignCenter), "▸")
