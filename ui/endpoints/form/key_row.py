"""The row of an endpoint's form that shows where its key is, masked, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.endpoints.list import paint_key_dot
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import ElidedLabel


@dataclass(frozen=True)
class KeyView:
    """What is shown. `where` the key is: saved, memory, missing or unknown; `masked` how it looks; `trouble` a sentence."""

    where: str = "unknown"
    masked: str = ""
    trouble: str = ""

    @property
    def words(self) -> str:
        """The state in words."""
        match self.where:
            case "saved":
                return f"{self.masked}  in the keyring"
            case "memory":
                return f"{self.masked}  in memory until Diptych closes"
            case "missing":
                return "no key"
        return "no key can be read" if self.trouble else "looking…"


class KeyDot(QWidget):
    """The state of a key as a dot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where = "unknown"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_where(self, where: str) -> None:
        """Show a state."""
        self._where = where
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(12, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_key_dot(painter, QRectF(1.5, self.height() / 2 - 4.5, 9, 9), self._where)


class KeyRow(QWidget):
    """The key's state and buttons.

    Signals:
        set_asked, remove_asked, offers_asked: a button was pressed.
        needed_changed: whether the endpoint wants a key at all.
    """

    set_asked = Signal()
    remove_asked = Signal()
    offers_asked = Signal()
    needed_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.needed = QCheckBox("This endpoint wants a key")
        self.set_button, self.remove_button = QPushButton("Set key…"), QPushButton("Remove")
        self.offers_button = QPushButton("From the environment…")
        self._dot, self._state = KeyDot(), ElidedLabel()
        self._trouble = WrapLabel(role="warn")
        self._view = KeyView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._line())
        layout.addWidget(self._trouble)
        layout.addWidget(self.needed)
        layout.addWidget(self.offers_button, 0, Qt.AlignmentFlag.AlignLeft)  # beside it, a narrow window would cut it off
        self.set_button.clicked.connect(self.set_asked)
        self.remove_button.clicked.connect(self.remove_asked)
        self.offers_button.clicked.connect(self.offers_asked)
        self.needed.clicked.connect(self._on_needed)

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._dot)
        line.addWidget(self._state, 1)
        for button in (self.set_button, self.remove_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    @property
    def view(self) -> KeyView:
        return self._view

    def show_view(self, view: KeyView, *, offers: int = 0) -> None:
        """Show a state; `offers` is how many variables could be taken."""
        self._view = view
        needed = self.needed.isChecked()
        self._dot.show_where(view.where)
        self._dot.setVisible(needed)
        self._state.set_text(view.words if needed else "none is sent", "text" if needed and view.masked else "muted")
        self._trouble.show_text(view.trouble if needed else "")
        self.set_button.setText("Change key…" if view.masked else "Set key…")
        self.set_button.setVisible(needed)
        self.remove_button.setVisible(needed and bool(view.masked))
        self.offers_button.setVisible(needed and offers > 0)

    def _on_needed(self) -> None:
        self.show_view(self._view)
        self.needed_changed.emit()
