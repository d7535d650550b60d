"""Asks which of several shall be taken, without waiting for it; of many the list is searched as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.text.sentences import tr
from app.text.visible import one_line, visible
from ui.widgets.labels import PlainLabel

MOST_CHARS, FEW, ROWS_SHOWN = 110, 8, 14
WIDTH = 560


class ChoiceDialog(QDialog):
    """A question and its choices.

    Attributes:
        question: what is asked. list: the choices, numbered. search: finds among them, hidden where they are few.

    Signals:
        chosen: the index of a choice.
    """

    chosen = Signal(int)

    def __init__(self, title: str, question: str, choices: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.question, self.search, self.list = PlainLabel(visible(question), wrap=True), QLineEdit(), QListWidget()
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search"))
        self.search.setVisible(len(choices) > FEW)
        self.list.setAccessibleName(visible(question))
        self.list.setUniformItemSizes(True)
        self.list.addItems([f"{number}. {one_line(visible(said), MOST_CHARS)}" for number, said in enumerate(choices, start=1)])
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._take = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._take.setObjectName("strong")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (self.question, self.search, self.list, buttons):
            layout.addWidget(widget)
        self._take.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.search.textChanged.connect(self._filter)
        self.list.itemActivated.connect(lambda _: self.accept())
        (self.search if len(choices) > FEW else self.list).setFocus()
        high = self.list.sizeHintForRow(0)
        self.list.setMinimumHeight(min(len(choices), FEW) * high + 2 * self.list.frameWidth() + 8)
        if len(choices) <= FEW:
            self.list.setMaximumHeight(self.list.minimumHeight())
        self.resize(WIDTH, self.sizeHint().height() + (ROWS_SHOWN - FEW) * high * (len(choices) > FEW))

    @property
    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    @property
    def titles(self) -> list[str]:
        """Of the choices that are listed now."""
        return [one.text() for one in self._items if not one.isHidden()]

    def _filter(self, typed: str) -> None:
        """List what has all the words; Enter takes the first of it."""
        words = typed.lower().split()
        for one in self._items:
            one.setHidden(not all(word in one.text().lower() for word in words))
        first = next((one for one in self._items if not one.isHidden()), None)
        if first is not None and ((current := self.list.currentItem()) is None or current.isHidden()):
            self.list.setCurrentItem(first)
        self._take.setEnabled(first is not None)

    def accept(self) -> None:
        if (current := self.list.currentItem()) is None or current.isHidden():
            return
        row = self.list.currentRow()
        super().accept()
        self.chosen.emit(row)


def choose(parent: QWidget, title: str, question: str, choices: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Each choice is what it is called, and what is done with it."""
    dialog = ChoiceDialog(title, question, [said for said, _ in choices], parent)
    dialog.chosen.connect(lambda row: choices[row][1]())
    dialog.open()
