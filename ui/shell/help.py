"""Help: what the words mean, and every key, found as you type."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.text.glossary import WORDS, Word, fitting
from app.text.sentences import message, tr
from ui.shell.palette import keys_of, plain_title
from ui.style.theme import mono_font
from ui.widgets.labels import PlainLabel
from ui.widgets.whole_rows import WholeRows

KEYS = message("Keyboard shortcuts")
SIZE = (820, 560)
LIST_WIDTH = 250
MORE = (
    (message("Next place found"), "Enter"), (message("Previous place found"), "Shift+Enter"),
    (message("Copy the selected event"), "Ctrl+C"), (message("What can be copied or explained here"), message("Menu key")),
    (message("Magnify the time axis, move along, show all"), "+ −  ← →  0"),
    (message("Leave what one is in, close what is in front, then stop"), "Esc"),
)  # fmt: skip
ROOM = 10  # above and below a line of the list
OF_PAGE = message("Those of the window and of the page in view.")
NOTHING = message("No word and no key is called that.")


class HelpDialog(QDialog):
    """A list of words and the keys at its end; the chosen one is explained beside it."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help, Diptych"))
        self.resize(*SIZE)
        self._keys = [
            *((plain_title(one.text()), keys_of(one)) for one in actions if keys_of(one)),
            *((tr(title), tr(keys)) for title, keys in MORE),
        ]
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find a word or a key"))
        self.field.setAccessibleName(tr("Find a word or a key"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Words and keys"))
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        WholeRows(self.list, "window")
        self._title = PlainLabel(bold=True, scale=1.3, wrap=True)
        self._text = PlainLabel(wrap=True, selectable=True, scale=1.1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(32)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 1)
        self._lay_out()
        self.field.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self._fill("")
        self.field.setFocus()

    def _lay_out(self) -> None:
        held = QWidget()
        held.setObjectName("plainPage")
        inside = QVBoxLayout(held)
        inside.setContentsMargins(22, 16, 22, 16)
        inside.setSpacing(12)
        inside.addWidget(self._title)
        inside.addWidget(self._text)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        area = QScrollArea()
        area.setObjectName("plainPage")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(tr("What it means"))
        area.setWidget(held)
        WholeRows(area)
        card = QFrame()
        card.setObjectName("card")
        around = QVBoxLayout(card)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(area)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self.list)
        columns.addWidget(card, 1)
        close = QPushButton(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.field)
        layout.addLayout(columns, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    # -- what is listed and shown -------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[str, str]:
        """The title and the text beside the list; of keys a line each."""
        labels = [item.widget() for at in range(self._grid.count()) if (item := self._grid.itemAt(at)) is not None]
        cells = [one.text() for one in labels if isinstance(one, PlainLabel)]
        rows = [tr("{label}: {value}", label=title, value=keys) for title, keys in zip(cells[::2], cells[1::2], strict=True)]
        return self._title.text(), "\n".join([self._text.text(), *rows]).strip()

    def open_at(self, name: str) -> None:
        """Explain that word (`Word.name`), or show the keys (`KEYS`)."""
        self.field.clear()
        for row in range(self.list.count()):
            item = self.list.item(row)
            word: Word | None = item.data(Qt.ItemDataRole.UserRole)
            if name == (word.name if word is not None else KEYS):
                self.list.setCurrentItem(item)
                self.list.setFocus()

    def _found_keys(self) -> list[tuple[str, str]]:
        words = self.field.text().casefold().split()
        found = [one for one in self._keys if all(word in " ".join(one).casefold() for word in words)]
        return found or (self._keys if not words or all(word in f"{KEYS} {tr(KEYS)}".casefold() for word in words) else [])

    def _fill(self, typed: str) -> None:
        self.list.clear()
        words = typed.casefold().split()
        for word in fitting(words) if words else WORDS:
            item = QListWidgetItem(word.title)
            item.setData(Qt.ItemDataRole.UserRole, word)
            item.setToolTip(f"<qt>{escape(word.title)}</qt>")
            self.list.addItem(item)
        if self._found_keys():
            self.list.addItem(tr(KEYS))
        for row in range(self.list.count()):
            self.list.item(row).setSizeHint(QSize(LIST_WIDTH - 20, self.list.fontMetrics().height() + ROOM))
        self.list.setCurrentRow(0)
        if not self.list.count():
            self._show()

    def _show(self) -> None:
        while (taken := self._grid.takeAt(0)) is not None:
            if (cell := taken.widget()) is not None:
                cell.hide()
                cell.deleteLater()
        item = self.list.currentItem()
        word: Word | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self._title.setText("" if item is None else item.text())
        self._title.setVisible(item is not None)
        self._text.setText(word.plain if word is not None else tr(OF_PAGE if item is not None else NOTHING))
        self._text.setVisible(bool(self._text.text()))
        if item is not None and word is None:
            for line, (title, keys) in enumerate(self._found_keys()):
                self._grid.addWidget(PlainLabel(title, wrap=True), line, 0)
                label = PlainLabel(keys, role="muted")
                label.setFont(mono_font())
                self._grid.addWidget(label, line, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go through the list while one types."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self.field.hasFocus():
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
