"""What every client does with a finding, a line each; folded until its button is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.clients.impact import Seen, impacts
from app.clients.table import table
from ui.compare.pane.side_view import SEVERITIES
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from app.protocols.findings import Finding

_SEEN = "As run on {date} with `{command}`."


class ClientsLine(QWidget):
    """The lines.

    Attributes:
        button: unfolds them; stands elsewhere.
    """

    def __init__(self, finding: Finding, seen: Seen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding, self._seen = finding, seen
        self.button = QPushButton("Clients")
        self.button.setObjectName("quiet")
        self.button.setCheckable(True)
        self.button.setAccessibleName(f"What clients do with {finding.title}")
        self.button.toggled.connect(self._on_toggled)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 0)
        self._layout.setSpacing(2)
        self.hide()

    def _on_toggled(self, unfolded: bool) -> None:
        if unfolded and not self._layout.count():
            for one in impacts(self._finding, self._seen):
                shape, role, _ = SEVERITIES[one.severity] if one.severity else ("–", "muted", "")
                self._add(f"{shape}  {one.words}", "text" if role == "muted" else role)
            self._add(_SEEN.format(date=table().date, command=table().command), "muted")
        self.setVisible(unfolded)

    def _add(self, text: str, role: str) -> None:
        self._layout.addWidget(PlainLabel(text, role=role, wrap=True, selectable=True))
