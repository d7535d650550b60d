"""Input widgets that behave in a form: a wheel that scrolls past them, numbers with a range, labels that break long words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QDialog, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from app.text.sentences import tr
from ui.style.look import set_look
from ui.widgets.labels import PlainLabel, plain_tip

LONG_WORD = 40
_LONG_WORD = re.compile(rf"\S{{{LONG_WORD + 1},}}")
SHOWN_CHARACTERS = 900


def breakable(text: str) -> str:
    """The text with places where its long words may break, so that none can widen what it stands in."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(re.findall(f".{{1,{LONG_WORD}}}", found.group())), text)


class WrapLabel(PlainLabel):
    """A wrapping label for outside text of any length. What is too long for a form is whole in the tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "text", scale: float = 1.0) -> None:
        super().__init__(parent=parent, role=role, wrap=True, selectable=True, scale=scale)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._take(text)
        if not text:
            self.hide()  # and not shown otherwise: without a parent yet it would be a window of its own

    def show_text(self, text: str, role: str = "") -> None:
        """Show a text, or nothing at all where it is empty."""
        if role:
            self.set_role(role)
        self._take(text)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:
        # QLabel's own is its height at a narrow width; layouts ask heightForWidth for the true one.
        return QSize(40, self.fontMetrics().height())

    def _take(self, text: str) -> None:
        short = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
        self.setText(breakable(short))
        self.setToolTip(plain_tip(text) if short != text else "")


class FormCombo(QComboBox):
    """A combo box that leaves the wheel to the page unless it has the focus. Entries are (text, what it stands for)."""

    def __init__(self, name: str, entries: Sequence[tuple[str, object]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, meaning in entries:
            self.addItem(text, meaning)

    def choose(self, meaning: object) -> None:
        """Choose the entry that stands for this; none where there is none."""
        self.setCurrentIndex(self.findData(meaning))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NameCombo(FormCombo):
    """An editable combo box: any text, with known names to choose from; typing finds them anywhere in the name."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these names; what is typed stays."""
        typed, blocked = self.currentText(), self.blockSignals(True)
        self.clear()
        self.addItems(list(names))
        if self.hasFocus():
            self.setEditText(typed)  # where it is typed the caret stays at its end
        else:
            self.set_text(typed)
        self.blockSignals(blocked)

    def set_text(self, text: str) -> None:
        """Put a text in, its beginning in view."""
        self.setEditText(text)
        if (edit := self.lineEdit()) is not None:
            edit.setCursorPosition(0)


class NumberField(QLineEdit):
    """A number within a range, or nothing where `empty` says what nothing means."""

    def __init__(
        self, name: str, low: float, high: float, *, empty: str = "", above: bool = False, parent: QWidget | None = None
    ) -> None:
        """`above`: the number must be above `low`, not equal to it."""
        super().__init__(parent)
        self._name, self._low, self._high, self._above, self._empty = name, low, high, above, empty
        self.setAccessibleName(name)
        self.setPlaceholderText(empty)
        self.setMaximumWidth(110)
        self.setMinimumWidth(64)
        self.textChanged.connect(lambda _: mark_wrong(self, bool(self.fault)))

    @property
    def fault(self) -> str:
        """What is wrong, as a clause; "" for nothing."""
        if not self.text().strip():
            return "" if self._empty else tr("{name} is empty", name=self._name)
        value = self._parsed()
        if value is None:
            return tr("{name} is not a number", name=self._name)
        if not (self._low < value if self._above else self._low <= value) or value > self._high:
            return tr(
                "{name} must be {above:if more than|at least} {low:g} and at most {high:g}",
                name=self._name,
                above=self._above,
                low=self._low,
                high=self._high,
            )
        return ""

    def value(self) -> float | None:
        """The number; None where it is empty or wrong."""
        return None if self.fault else self._parsed()

    def set_value(self, value: float | None) -> None:
        """Show a number; None empties the field."""
        self.setText("" if value is None else f"{value:g}" if float(f"{value:g}") == value else repr(value))

    def _parsed(self) -> float | None:
        try:
            value = float(self.text().strip().replace(",", "."))
        except ValueError:
            return None
        return value if value == value and abs(value) != float("inf") else None


class ButtonLine(QWidget):
    """A sentence with buttons behind it.

    Signals:
        chosen: a button was pressed; what it stands for.
    """

    chosen = Signal(object)

    def __init__(
        self, sentence: str, role: str, buttons: Sequence[tuple[str, object]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(WrapLabel(sentence, role=role), 1)
        for text, meaning in buttons:
            button = QPushButton(short_middle(text))
            button.setAccessibleName(text)
            button.setToolTip(plain_tip(text) if len(text) > SHOWN_BUTTON else "")
            button.clicked.connect(lambda _=False, chosen=meaning: self.chosen.emit(chosen))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


SHOWN_BUTTON = 40


def short_middle(text: str, limit: int = SHOWN_BUTTON) -> str:
    """A text for a button: its middle left out where it is long, ampersands as they are."""
    return without_middle(text, limit).replace("&", "&&")


def without_middle(text: str, limit: int = SHOWN_BUTTON) -> str:
    """A text, its middle left out where it is long."""
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[-(limit // 2 - 1) :]}"


def fit_height(dialog: QDialog) -> None:
    """Make a dialog as high as its wrapping texts need at its width, and no higher."""
    layout = dialog.layout()
    width = max(dialog.width(), dialog.minimumWidth())
    if layout is not None and layout.hasHeightForWidth():
        dialog.resize(width, layout.totalHeightForWidth(width))


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    set_look(widget, "wrong", wrong)
