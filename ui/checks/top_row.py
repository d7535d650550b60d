"""The top row: whom to check, beside whom, which model, for which client; Report, and Run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.shared.side_place import side_places
from ui.style.theme import text_scale
from ui.widgets.labels import PlainLabel, plain_tip
from ui.widgets.run_button import RunButton

NARROW = 1080
SAME_TIP = message("Both sides are asked for the same model. Press to choose one for each side.")
APART_TIP = message("Each side has a model of its own. Press to ask both for that of B.")


class TopRow(QWidget):
    """The row, and below it what is said of the models.

    Attributes:
        a, b, places: both sides. clients: for which client it is judged. same: whether both are asked for one model.
        report: opens the menu of reports. run: Run, and Stop.

    Signals:
        client_chosen: another client, by name.
        same_toggled: one model for both, or one for each.
    """

    client_chosen = Signal(str)
    same_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places = side_places()
        self.a, self.b = self.places["a"], self.places["b"]
        self.same = QPushButton("=")
        self.same.setObjectName("quiet")
        self.same.setCheckable(True)
        self.same.setChecked(True)
        self.same.setFixedWidth(30)
        self.clients = QComboBox()
        self.clients.setAccessibleName(tr("My client"))
        self.clients.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.clients.setMinimumContentsLength(13)
        self.clients.setMaxVisibleItems(20)
        self._client_label = PlainLabel(tr("my client"), role="muted")
        self.report, self.run = QPushButton(tr("Report")), RunButton(tr("Run"))
        self.report.setMenu(QMenu(self))
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._ends: tuple[QWidget, ...] = (self._client_label, self.clients, self.report, self.run)
        self._lay_out()
        self.clients.activated.connect(lambda index: self.client_chosen.emit(str(self.clients.itemData(index))))
        self.same.toggled.connect(self._on_same)
        self._on_same(True)

    def _lay_out(self) -> None:
        for line in (self._first, self._second):
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
        self.a.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.b.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._first.addWidget(self.a.row, 5)
        self._first.addWidget(self.same)
        self._first.addWidget(self.b.row, 9)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._first)
        layout.addLayout(self._second)
        for place in self.places.values():
            layout.addWidget(place.hint)
        self._second.addStretch(1)
        self._place_ends(narrow=False)

    def _place_ends(self, *, narrow: bool) -> None:
        """Client, Report and Run stand at the end of the line, or on one of their own."""
        for widget in self._ends:
            self._first.removeWidget(widget)
            self._second.removeWidget(widget)
        for number, widget in enumerate(self._ends):
            if narrow:
                self._second.insertWidget(number if number < 2 else number + 1, widget)
            else:
                self._first.addWidget(widget)
        self._narrow = narrow

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * text_scale()
        if narrow is not self._narrow:
            self._place_ends(narrow=narrow)

    def _on_same(self, same: bool) -> None:
        self.same.setText("=" if same else "≠")
        tip = tr(SAME_TIP if same else APART_TIP)
        self.same.setToolTip(plain_tip(tip))
        self.same.setAccessibleName(tip)
        self.a.row.models.setVisible(not same)
        self._first.setStretch(0, 5 if same else 8)
        self.same_toggled.emit(same)

    def show_clients(self, clients: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer these clients (name, title), this one chosen."""
        self.clients.clear()
        for name, title in clients:
            self.clients.addItem(title, name)
        self.clients.setCurrentIndex(max(0, self.clients.findData(chosen)))

    @property
    def client(self) -> str:
        """The chosen client's name, "" for none."""
        return str(self.clients.currentData() or "")

    @property
    def client_title(self) -> str:
        return self.clients.currentText()

    def set_running(self, running: bool) -> None:
        """While checks run nothing of what is asked can be changed."""
        self.run.set_running(running)

    def set_enabled(self, enabled: bool) -> None:
        """Let endpoints, model and client be changed, or not."""
        for place in self.places.values():
            place.row.set_enabled(enabled)
        self.same.setEnabled(enabled)
        self.clients.setEnabled(enabled)
