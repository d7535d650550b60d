"""The keys, on one page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from ui.shell.palette import plain_title
from ui.style.theme import mono_font
from ui.widgets.labels import PlainLabel

MORE = (
    ("Next place found", "Enter"),
    ("Previous place found", "Shift+Enter"),
    ("Copy the selected event", "Ctrl+C"),
)


class ShortcutsDialog(QDialog):
    """Every action that has a key."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(7)
        native = QKeySequence.SequenceFormat.NativeText
        rows = [(plain_title(one), one.shortcut().toString(native)) for one in actions if not one.shortcut().isEmpty()]
        for line, (title, keys) in enumerate([*rows, *MORE]):
            grid.addWidget(PlainLabel(title), line, 0)
            label = PlainLabel(keys, role="muted")
            label.setFont(mono_font())
            grid.addWidget(label, line, 1)
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(PlainLabel("Keyboard shortcuts", bold=True, scale=1.15))
        layout.addLayout(grid)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
