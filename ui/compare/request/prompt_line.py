"""The line for the prompt, with a button for the prompts of before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.text.sentences import tr
from ui.shared.dropped_files import local_files

WIDTH = 24


class PromptLine(QLineEdit):
    """A prompt. Down or Up, or the button at its end, asks for the recent ones.

    Attributes:
        recent: the button, hidden while there are none.

    Signals:
        recent_wanted: the recent prompts shall be offered.
    """

    recent_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Prompt"))
        self.setMinimumWidth(120)
        self.recent = QPushButton("▾", self)
        self.recent.setObjectName("quiet")
        self.recent.setStyleSheet("padding: 0;")
        self.recent.setAccessibleName(tr("Recent prompts"))
        self.recent.setToolTip(tr("Recent prompts (Down)"))
        self.recent.setCursor(Qt.CursorShape.ArrowCursor)
        self.recent.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Down does the same from the keyboard
        self.recent.clicked.connect(self.recent_wanted)
        self.recent.hide()

    def offer_recent(self, there_are: bool) -> None:
        """Show the button, or not."""
        self.recent.setVisible(there_are)
        self.setTextMargins(0, 0, WIDTH - 4 if there_are else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.recent.setGeometry(self.width() - WIDTH - 4, 4, WIDTH, self.height() - 8)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are the row's, which takes their request: here their addresses would become the prompt."""
        if local_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.recent_wanted.emit()
        else:
            super().keyPressEvent(event)
