"""A row of choices of which one is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.style.theme import changes_fonts, font
from ui.widgets.tab_order import reach_pressed


class Segmented(QFrame):
    """Buttons in a frame, one of them pressed.

    Signals:
        chosen: the user took another one; its index.
    """

    chosen = Signal(int)
    heard_as = "group"

    def __init__(self, titles: Sequence[str], name: str, parent: QWidget | None = None, *, style: str = "segments") -> None:
        super().__init__(parent)
        self.setObjectName(style)
        self._tight = False
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(1)
        self._group.idClicked.connect(self._on_clicked)
        self.set_titles(titles)

    @property
    def index(self) -> int:
        """The index of the one that is pressed, -1 for none."""
        return self._group.checkedId()

    @property
    def pressed(self) -> QWidget:
        """The button that is pressed; the whole where none is."""
        return self._group.checkedButton() or self

    @property
    def count(self) -> int:
        return len(self._group.buttons())

    def set_index(self, index: int) -> None:
        """Press one without saying `chosen`."""
        if button := self._group.button(index):
            button.setChecked(True)
            reach_pressed(self._group)

    def _on_clicked(self, index: int) -> None:
        reach_pressed(self._group)
        self.chosen.emit(index)

    def set_titles(self, titles: Sequence[str]) -> None:
        """Have as many buttons as titles; those that are there already stay."""
        for index in range(len(titles), self.count):
            button = self._group.button(index)
            self._group.removeButton(button)
            button.deleteLater()
        for index, title in enumerate(titles):
            button = self._group.button(index)
            if button is None:
                button = QPushButton()
                button.setCheckable(True)
                button.setAutoExclusive(True)  # the group sees to that; so it is heard as a radio button
                self._group.addButton(button, index)
                self._layout.addWidget(button)
            button.setText(title)
            button.setMinimumWidth(self._room(title, tight=self._tight))
            button.setAccessibleName(tr("{label}: {value}", label=self.accessibleName(), value=title))
        if titles and self.index < 0:
            self.set_index(0)

    def needed_width(self, *, tight: bool) -> int:
        """How wide it must be with or without much room around its titles, so that none is cut."""
        return sum(self._room(button.text(), tight=tight) + 1 for button in self._group.buttons()) + 4

    def set_tight(self, tight: bool) -> None:
        """Leave less room around the titles."""
        if tight == self._tight:
            return
        self._tight = tight
        for button in self._group.buttons():
            button.setMinimumWidth(self._room(button.text(), tight=tight))
        self.setStyleSheet("QPushButton { padding-left: 3px; padding-right: 3px; }" if tight else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            for button in self._group.buttons():
                button.setMinimumWidth(self._room(button.text(), tight=self._tight))

    def _room(self, title: str, *, tight: bool) -> int:
        """The pressed one is bold: room for that keeps the row from moving, and the text from being cut."""
        around = 10 if tight else 24 if self.objectName() == "segments" else 18
        return QFontMetrics(font(bold=True)).horizontalAdvance(title) + around
