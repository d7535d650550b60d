"""Extra headers: a row for each, name and value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.secrets.key_text import holds_key
from app.text.sentences import tr
from ui.widgets.fields import WrapLabel, mark_wrong, without_middle
from ui.widgets.toast import Toast, toast

if TYPE_CHECKING:
    from app.recording.records import Headers


class HeaderRows(QWidget):
    """The extra headers of a profile.

    Signals:
        edited: the user changed one.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self._warning = WrapLabel(role="bad")
        self._warning.setAccessibleName(tr("Remark on the headers"))
        self.add_button = QPushButton(tr("Add header"))
        self.add_button.setObjectName("quiet")
        self.add_button.clicked.connect(self._on_add)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        layout.addLayout(self._rows)
        layout.addWidget(self._warning)
        layout.addLayout(foot)
        self._lines: list[tuple[QWidget, QLineEdit, QLineEdit]] = []
        self._removed: Toast | None = None

    @property
    def headers(self) -> Headers:
        """Those with a name."""
        return tuple((name.text().strip(), value.text().strip()) for _, name, value in self._lines if name.text().strip())

    def show_headers(self, headers: Headers) -> None:
        """Show others; nothing happens where they are the same, so that a row being typed stays."""
        if headers == self.headers:
            return
        self._forget_removed()
        while self._lines:
            self._drop(self._lines[-1][0])
        for name, value in headers:
            self._add(name, value)
        self._judge()

    def _on_add(self) -> None:
        self._add("", "").setFocus()

    def _add(self, name: str, value: str) -> QLineEdit:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        fields = QLineEdit(name), QLineEdit(value)
        for field, what, stretch in zip(fields, (tr("Name"), tr("Value")), (2, 3), strict=True):
            field.setPlaceholderText(what)
            field.setAccessibleName(tr("Header {n}: {what}", n=len(self._lines) + 1, what=what.lower()))
            field.setCursorPosition(0)
            field.textEdited.connect(self._on_edited)
            line.addWidget(field, stretch)
        remove = QPushButton(tr("Remove"))
        remove.setObjectName("quiet")
        remove.setAccessibleName(tr("Remove header {n}", n=len(self._lines) + 1))
        remove.clicked.connect(lambda: self._on_remove(row))
        line.addWidget(remove)
        self._rows.addWidget(row)
        self._lines.append((row, *fields))
        return fields[0]

    def _on_edited(self) -> None:
        self._judge()
        self.edited.emit()

    def _on_remove(self, row: QWidget) -> None:
        place = next(number for number, line in enumerate(self._lines) if line[0] is row)
        _, name, value = self._lines[place]
        said = name.text().strip(), value.text()
        self._drop(row)
        self._on_edited()
        self.add_button.setFocus()
        if any(said):
            undo = partial(self._put_back, place, *said)
            title = without_middle(said[0] or tr("without a name"), 60)
            self._forget_removed()
            self._removed = toast(self, tr("The header {name} is removed.", name=title), role="text", button=(tr("Undo"), undo))

    def _put_back(self, place: int, name: str, value: str) -> None:
        """Have a header that was removed where it stood."""
        kept = [(one.text(), other.text()) for _, one, other in self._lines]
        kept.insert(place, (name, value))
        while self._lines:
            self._drop(self._lines[-1][0])
        for header in kept:
            self._add(*header)
        self._on_edited()

    def _forget_removed(self) -> None:
        """Other headers are shown: what was removed of those before does not come back among them."""
        if self._removed is not None and isValid(self._removed):
            self._removed.drop()
        self._removed = None

    def _drop(self, row: QWidget) -> None:
        self._lines = [line for line in self._lines if line[0] is not row]
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _judge(self) -> None:
        secret = [name.text() for _, name, value in self._lines if holds_key(name.text(), value.text())]
        for _, name, value in self._lines:
            mark_wrong(value, holds_key(name.text(), value.text()))
        said = (
            tr("{name} holds a key: set it as the key above. Keys are never written to a file.", name=secret[0])
            if secret
            else ""
        )
        self._warning.show_text(said)
