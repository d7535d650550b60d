"""The row of an endpoint's form that shows where its key is, masked, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.shared.key_dot import paint_key_dot
from ui.shared.key_states import UNKNOWN, KeyKind, KeyState
from ui.style.painting import painted
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import ElidedLabel


def words_of(state: KeyState) -> str:
    """The state in a line of a form, with how the key looks."""
    match state.kind:
        case "saved":
            return tr("{masked}  in the keyring", masked=state.masked)
        case "memory":
            return tr("{masked}  in memory until Diptych closes", masked=state.masked)
        case "environment":
            return tr("{masked}  from {variable} until Diptych closes", masked=state.masked, variable=state.variable)
        case "not needed":
            return tr("none is sent")
        case "unavailable":
            return tr("no key can be read")
        case "unknown":
            return tr("looking…")
    return tr("no key")


class KeyDot(QWidget):
    """The state of the key, beside its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: KeyKind = "unknown"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_kind(self, kind: KeyKind) -> None:
        """Say where the key is."""
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(12, 16)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_key_dot(painter, QRectF(0.8, self.height() / 2 - 5.2, 10.4, 10.4), self._kind)


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
        self.needed = QCheckBox(tr("This endpoint wants a key"))
        self.set_button, self.remove_button = QPushButton(tr("Set key…")), QPushButton(tr("Remove"))
        self.offers_button = QPushButton(tr("From the environment…"))
        self._dot, self._state = KeyDot(), ElidedLabel()
        self._trouble = WrapLabel(role="warn")
        self._known = UNKNOWN
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
    def state(self) -> KeyState:
        return self._known

    def show_state(self, state: KeyState) -> None:
        self._known = state
        needed = self.needed.isChecked()
        self._dot.show_kind(state.kind)
        self._dot.setVisible(needed)
        self._state.set_text(words_of(state) if needed else tr("none is sent"), "text" if needed and state.masked else "muted")
        self._trouble.show_text(state.trouble if needed else "")
        self.set_button.setText(tr("Change key…") if state.masked else tr("Set key…"))
        self.set_button.setVisible(needed)
        self.remove_button.setVisible(needed and bool(state.masked))
        self.offers_button.setVisible(needed)

    def _on_needed(self) -> None:
        self.show_state(self._known)
        self.needed_changed.emit()
