"""In a card of the first screen: the endpoint that a side has by now, in place of how to get one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.widgets.labels import ElidedLabel, PlainLabel


class ChosenBox(QWidget):
    """The endpoint's name and host.

    Attributes:
        edit: changes it. beside: runs it beside the demo's, where one has no other.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._host = ElidedLabel(scale=1.15), ElidedLabel()
        self.edit, self.beside = QPushButton(tr("Edit the endpoint…")), QPushButton(tr("Run it beside the demo"))
        line = QHBoxLayout()
        line.setSpacing(14)
        for button in (self.edit, self.beside):
            button.setObjectName("link")
            line.addWidget(button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(6)
        layout.addWidget(self._name)
        layout.addWidget(self._host)
        layout.addSpacing(4)
        layout.addWidget(PlainLabel(tr("Now the other side: choose what it is compared with."), role="muted", wrap=True))
        layout.addLayout(line)

    def show_endpoint(self, name: str, host: str) -> None:
        self._name.set_text(f"✓ {name}", "text", bold=True)
        self._host.set_text(host, "muted")
        self._host.setVisible(host not in ("", name))
