"""What Diptych is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from app import __version__
from ui.style.icons import icon
from ui.widgets.labels import PlainLabel


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Diptych")
        picture = QLabel()
        picture.setPixmap(icon("diptych", "#000000", 64).pixmap(64, 64))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = PlainLabel(f"Diptych {__version__}", bold=True, scale=1.4)
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = PlainLabel(
            "Two LLM endpoints side by side: the same request, every byte, when it came, and what differs.\n\n"
            "Times are stamped in a process of its own, at the socket. Keys stay in this system's keyring. MIT licence.",
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setMinimumWidth(360)
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 16)
        layout.setSpacing(12)
        for part in (picture, name, text):
            layout.addWidget(part)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
