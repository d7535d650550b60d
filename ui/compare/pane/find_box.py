"""Where the words to find are typed: how many there are is said in the box."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.text import numbers
from app.text.sentences import tr
from ui.widgets.labels import PlainLabel


class FindBox(QLineEdit):
    """A line to type in.

    Signals:
        typed: the user typed other words.
        stepped: Enter (True) or Shift+Enter (False).
        left: Esc in the empty box.
    """

    typed = Signal(str)
    stepped = Signal(bool)
    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("Find"))
        self.setAccessibleName(name)
        self.setToolTip(tr("{name}, in any case. Enter: next, Shift+Enter: previous, Esc: empty", name=name))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(90)
        self._said = PlainLabel("", self, role="muted", scale=0.88)
        self._wrong = False
        self._said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textEdited.connect(self.typed)
        self.textChanged.connect(self._on_changed)

    @property
    def said(self) -> str:
        """What is said of how many there are."""
        return self._said.text()

    def set_words(self, words: str) -> None:
        """Show other words, without saying that the user typed them."""
        if words != self.text():
            self.setText(words)

    def tell(self, place: int, count: int, *, more: bool = False) -> None:
        """Say which of how many is shown, 0 for none; `more`: it is still looked for."""
        found = f"{numbers.grouped(count)}{'…' if more else ''}"
        self._say(
            found if not place else tr("{place:grouped} of {found}", place=place, found=found), wrong=not count and not more
        )

    def _on_changed(self, text: str) -> None:
        if not text:
            self._say("")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        if text == self.said and wrong == self._wrong:
            return
        self._wrong = wrong
        self._said.setText(text)
        self._said.set_role("warn" if wrong else "muted")
        self._said.adjustSize()
        self.setTextMargins(0, 0, self._said.width() + 2 if text else 0, 0)
        self._said.move(self.width() - self._said.width() - 28, (self.height() - self._said.height()) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._said.move(self.width() - self._said.width() - 28, (self.height() - self._said.height()) // 2)

    def event(self, event: QEvent) -> bool:
        wanted = (
            event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        )
        if wanted:
            event.accept()  # Esc empties the box, or leaves it, before it stops a run
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() == Qt.Key.Key_Escape and not self.text():
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.typed.emit("")
        else:
            super().keyPressEvent(event)
