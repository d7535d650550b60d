"""The lines of the settings: a title, a field, what it does, and a button that sets it as it was at first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.widgets.fields import WrapLabel
from ui.widgets.form_grid import FormGrid
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from ui.shell.settings_table import Setting


class SettingRows(FormGrid):
    """Lines in groups; those of one setting are shown and hidden together.

    Signals:
        reset_wanted: this setting's name.
    """

    reset_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalSpacing(4)
        self._parts: dict[str, list[QWidget]] = {}
        self._group_of: dict[str, str] = {}
        self._heads: dict[str, QWidget] = {}
        self.resets: dict[str, QPushButton] = {}
        self._changed: set[str] = set()

    def add_setting(
        self, setting: Setting, field: QWidget, unit: str = "", *, used: QWidget | None = None, can_reset: bool = True
    ) -> None:
        """A line with the field, a unit behind it, and below what it does. `used`: what in the field has the keyboard."""
        if setting.group not in self._heads:
            head = self._heads[setting.group] = PlainLabel(tr(setting.group), bold=True)
            head.setContentsMargins(0, 10 if len(self._heads) > 1 else 0, 0, 0)
            self.addWidget(head, self.rowCount(), 0, 1, 3)
        about = WrapLabel(tr(setting.about), role="muted", scale=0.92)
        about.setContentsMargins(0, 0, 0, 6)
        (used or field).setAccessibleDescription(tr(setting.about))
        line, shown = QHBoxLayout(), [field, *([PlainLabel(unit, role="muted")] if unit else [])]
        line.setSpacing(8)
        for one in shown:
            line.addWidget(one, 0 if used is None else 1)
        if used is None:
            line.addStretch(1)
        label = self.add(tr(setting.title), line, used or field)
        if can_reset:
            shown.append(self._reset_button(setting, field))
        self.addWidget(about, self.rowCount(), 1, 1, 2)
        self._parts[setting.name] = [label, *shown, about]
        self._group_of[setting.name] = setting.group

    def _reset_button(self, setting: Setting, field: QWidget) -> QPushButton:
        button = self.resets[setting.name] = QPushButton(tr("Reset"))
        button.setObjectName("quiet")
        button.setAutoDefault(False)
        button.setAccessibleName(tr("Reset: {title}", title=tr(setting.title)))
        button.setToolTip(tr("As it was at first"))
        button.clicked.connect(lambda: self.reset_wanted.emit(setting.name))
        self.setColumnMinimumWidth(2, max(self.columnMinimumWidth(2), button.sizeHint().width()))
        button.setMaximumHeight(field.sizeHint().height())  # the line is as high without it
        self.addWidget(button, self.rowCount() - 1, 2, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        button.hide()
        return button

    def show_changed(self, names: Iterable[str]) -> None:
        """These are not as they were at first."""
        self._changed = set(names)
        for name, button in self.resets.items():
            button.setVisible(name in self._changed and not self._parts[name][0].isHidden())

    def show_only(self, names: set[str]) -> None:
        """These settings alone, with the heads of their groups."""
        for name, parts in self._parts.items():
            for part in parts:
                part.setVisible(name in names and (part is not self.resets.get(name) or name in self._changed))
        groups = {self._group_of[name] for name in names if name in self._group_of}
        for group, head in self._heads.items():
            head.setVisible(group in groups)
