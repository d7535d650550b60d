"""A line that unfolds to more lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.widgets.fields import breakable
from ui.widgets.labels import PlainLabel

FOLDED, UNFOLDED = "▸", "▾"
BUTTON_MARGINS = 36


class Unfolding(QWidget):
    """Shows the first of its lines, folded; nothing at all where there is none.

    Attributes:
        button: the line, pressed to unfold. more: what it unfolds to, a line each.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = ""
        self.button = QPushButton()
        self.button.setObjectName("quiet")
        self.button.setCheckable(True)
        self.button.setMinimumWidth(1)  # the line is shortened before it widens what it stands in
        self.more = PlainLabel(wrap=True, selectable=True, role="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.more)
        self.button.toggled.connect(self._show)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these, folded: the line, and what it unfolds to."""
        self._line, *more = lines or ("",)
        self.more.setText("\n".join(breakable(one) for one in more))
        self.button.setChecked(False)
        self._show()
        if not lines or self.parentWidget() is not None:  # shown without a parent yet it would be a window of its own
            self.setVisible(bool(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _show(self) -> None:
        unfolded = self.button.isChecked()
        said = tr("{line}, shown" if unfolded else "{line}, hidden", line=self._line) if self._line else ""
        self.button.setAccessibleName(said)
        self.more.setVisible(unfolded and bool(self.more.text()))
        self._shorten()

    def _shorten(self) -> None:
        metrics, arrow = self.button.fontMetrics(), f"  {UNFOLDED if self.button.isChecked() else FOLDED}"
        room = self.width() - BUTTON_MARGINS - metrics.horizontalAdvance(arrow)
        self.button.setText(metrics.elidedText(self._line, Qt.TextElideMode.ElideRight, room) + arrow)
