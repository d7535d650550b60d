"""Find in the tabs that are one text: a line above it that comes with Ctrl+F and goes with Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.compare.pane.find_box import FindBox
from ui.widgets.text_finding import TextFinding

if TYPE_CHECKING:
    from ui.widgets.reading_view import ReadingView
    from ui.widgets.text_view import TextView


class FindBar(QWidget):
    """The box, previous and next, and close.

    Signals:
        typed: the user typed other words.
        closed: the user closed it.
    """

    typed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = FindBox(tr("Find in this text"))
        self.finding = TextFinding(self)
        self.finding.told.connect(lambda place, count: self.box.tell(place, count) if self.box.text() else None)
        self.box.typed.connect(self.finding.look_for)
        self.box.typed.connect(self.typed)
        self.box.stepped.connect(self.finding.step)
        self.box.left.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(2)
        row.addWidget(self.box, 1)
        for sign, name, forward in (("↑", tr("Previous place"), False), ("↓", tr("Next place"), True)):
            button = self._button(sign, name)
            button.clicked.connect(lambda _=False, way=forward: self.finding.step(way))
            row.addWidget(button)
        close = self._button("✕", tr("Close the search"))
        close.clicked.connect(self.closed)
        row.addWidget(close)

    @staticmethod
    def _button(sign: str, name: str) -> QPushButton:
        button = QPushButton(sign)
        button.setObjectName("quiet")
        button.setFixedWidth(28)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def begin(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def set_words(self, words: str) -> None:
        """Look for the same as the other side, without saying that the user did."""
        self.box.set_words(words)
        self.finding.look_for(words, go=bool(words))

    def set_view(self, view: ReadingView | TextView | None) -> None:
        """Look in another text."""
        self.finding.set_view(view)
