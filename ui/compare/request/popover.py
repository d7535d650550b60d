"""Edits one field of the request, in a small window below its chip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.request_fields import MAX_FILE_BYTES, FieldError, attachment, parsed, typed
from app.text import numbers
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.shared.ask_file import ask_which_several
from ui.style.theme import mono_font
from ui.widgets.fields import WrapLabel
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.text_field import TextField

if TYPE_CHECKING:
    from app.protocols.base import Attachment
    from ui.compare.request.chip import Chip

WIDTH = 330
FILES = message("Pictures and PDFs (*.png *.jpg *.jpeg *.gif *.webp *.pdf)")
HINTS = {
    "number": message("such as 0.7"),
    "whole": message("a whole number"),
    "choice": message("one of these, or another word"),
    "lines": message("one a line"),
    "json": '{{"type": "object", …}}',
}


class FieldPopover(QFrame):
    """One field at a time: a line or a text, the values that are offered, and what is wrong with what was typed.

    Attributes:
        line, area: where it is typed, by the field's kind. said: what is wrong.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setFixedWidth(WIDTH)
        self._chip: Chip | None = None
        self._place: QWidget = parent
        self._files: tuple[Attachment, ...] = ()
        self.title = PlainLabel("", bold=True)
        self.tip = WrapLabel(role="muted", scale=0.92)
        self.line, self.area = QLineEdit(), TextField()
        self.area.setFixedHeight(120)
        self.said = WrapLabel(role="bad", scale=0.92)
        self.choices, self.files = Flow(spacing=4), QWidget()
        self._files_box = QVBoxLayout(self.files)
        self._files_box.setContentsMargins(0, 0, 0, 0)
        self._files_box.setSpacing(4)
        self.set_button, self.unset_button = QPushButton(tr("Set")), QPushButton(tr("Leave out"))
        self.add_button = QPushButton(tr("Choose files…"))
        self._lay_out()
        self.line.returnPressed.connect(self.accept)
        self.set_button.clicked.connect(self.accept)
        self.unset_button.clicked.connect(self._leave_out)
        self.add_button.clicked.connect(self._choose_files)
        self.area.installEventFilter(self)

    def _lay_out(self) -> None:
        self.set_button.setObjectName("strong")
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.unset_button)
        foot.addWidget(self.set_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        for part in (self.title, self.tip, self.line, self.area, self.choices, self.files, self.said):
            layout.addWidget(part)
        layout.addLayout(foot)

    # -- opening ------------------------------------------------------------------------------------------------------

    def open_for(self, chip: Chip, place: QWidget) -> None:
        """Edit this chip's field, below that widget."""
        self._place = place
        self._chip, field, value = chip, chip.field, chip.value()
        self.title.setText(field.title)
        self.setAccessibleName(field.title)
        self.tip.show_text(tr("{tip}.{lack:if  {lack}.}", tip=field.about, lack=chip.lack))
        is_text, is_files, is_switch = field.kind in ("lines", "json"), field.kind == "files", field.kind == "switch"
        self.line.setVisible(not is_text and not is_files and not is_switch)
        self.set_button.setVisible(not is_switch)  # a press of one of its choices is all
        self.area.setVisible(is_text)
        self.files.setVisible(is_files)
        self.add_button.setVisible(is_files)
        self.said.show_text("")
        self.line.setText(typed(field, value) if not is_files else "")
        hint = tr(HINTS.get(field.kind, ""))
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(field.title)
        self.area.setPlainText(typed(field, value) if is_text else "")
        self.area.setPlaceholderText(hint)
        self.area.setAccessibleName(field.title)
        self.area.setFont(mono_font() if field.kind == "json" else self.font())
        self._offer(field.choices)
        self._show_files(value if isinstance(value, tuple) and is_files else ())
        self.unset_button.setVisible(chip.is_set)
        self._stand_below()
        self.show()
        first = self.choices.parts[0] if is_switch else None
        (first or (self.area if is_text else self.add_button if is_files else self.line)).setFocus()
        self.line.selectAll()

    def _stand_below(self) -> None:
        chip = self._place
        layout = self.layout()
        assert layout is not None
        layout.activate()
        high = layout.totalHeightForWidth(WIDTH) if layout.hasHeightForWidth() else layout.sizeHint().height()
        self.resize(WIDTH, high)
        place = chip.mapToGlobal(QPoint(0, chip.height() + 4))
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            place.setX(max(area.left(), min(place.x(), area.right() - WIDTH)))
            if place.y() + high > area.bottom():
                place.setY(chip.mapToGlobal(QPoint(0, 0)).y() - 4 - high)
        self.move(place)

    def _offer(self, choices: tuple[str, ...]) -> None:
        self.choices.clear()
        for word in choices:
            button = QPushButton(word)
            button.setObjectName("quiet")
            button.clicked.connect(lambda _=False, word=word: self._take(word))
            self.choices.add(button)
        self.choices.setVisible(bool(choices))

    # -- taking -------------------------------------------------------------------------------------------------------

    def _take(self, word: str) -> None:
        self.line.setText(word)
        self.accept()

    def accept(self) -> None:
        """Set the field to what was typed; where that is no value of it, say why and stay."""
        assert self._chip is not None
        field = self._chip.field
        text = self.area.text if field.kind in ("lines", "json") else self.line.text()
        try:
            value = (self._files or None) if field.kind == "files" else parsed(field, text)
        except FieldError as error:
            self._complain(str(error))
            return
        self._close(value)

    def _leave_out(self) -> None:
        self._close(None)

    def _close(self, value: object) -> None:
        chip = self._chip
        self.hide()
        if chip is not None:
            chip.setValue(value)
            chip.setFocus()

    def _complain(self, sentence: str) -> None:
        self.said.show_text(sentence)
        self._stand_below()

    # -- files --------------------------------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        self.add_files(ask_which_several(self.parentWidget(), tr("Attach pictures or PDFs"), tr(FILES)))
        if not self.isVisible() and self._chip is not None:  # a dialog of the system closes what pops up
            self.show()

    def add_files(self, paths: list[Path]) -> None:
        """Attach these files besides those that are."""
        taken = list(self._files)
        for path in paths:
            try:
                with path.open("rb") as file:
                    taken.append(attachment(path.name, file.read(MAX_FILE_BYTES + 1)))
            except FieldError as error:
                self._complain(str(error))
            except OSError as error:
                self._complain(tr("{path} can't be read: {why}.", path=path, why=system_words(error)))
        self._show_files(tuple(taken))
        self._stand_below()

    def _show_files(self, files: tuple[Attachment, ...]) -> None:
        self._files = files
        while (item := self._files_box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, one in enumerate(files):
            row = QWidget(self.files)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            name = ElidedLabel()
            name.set_text(f"{one.name} · {numbers.byte_size(len(one.data))}")
            remove = QPushButton(tr("Remove"))
            remove.setObjectName("quiet")
            remove.setAccessibleName(tr("Remove {name}", name=one.name))
            remove.clicked.connect(lambda _=False, number=number: self._remove(number))
            line.addWidget(name, 1)
            line.addWidget(remove)
            self._files_box.addWidget(row)
            row.show()

    def _remove(self, number: int) -> None:
        self._show_files((*self._files[:number], *self._files[number + 1 :]))
        self._stand_below()

    # -- keys ---------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a text of several lines Ctrl+Enter sets it."""
        if watched is self.area and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.accept()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            if self._chip is not None:
                self._chip.setFocus()
        else:
            super().keyPressEvent(event)
