"""Asks what shall become of changes that are not saved, before the window closes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.shared.confirm import ConfirmDialog
from ui.widgets.fields import short_middle

SHOWN_NAMES = 3


class UnsavedDialog(ConfirmDialog):
    """Save, close without saving, or stay; Esc stays.

    Attributes:
        saves: Save was pressed (the dialog is accepted then, as it is for closing without saving).
    """

    def __init__(self, title: str, names: Sequence[str], parent: QWidget | None = None) -> None:
        """`title` is the page's, `names` are of what has changes."""
        super().__init__(tr("Save your changes?"), _text(title, names), tr("Close without saving"), parent)
        self.saves = False
        self.save = QPushButton(tr("Save and close"))
        self.save.setObjectName("strong")
        self.save.clicked.connect(self._on_save)
        layout = self.layout()
        assert layout is not None
        buttons = layout.itemAt(layout.count() - 1)
        assert isinstance(buttons, QHBoxLayout)
        buttons.addWidget(self.save)
        self.no.setDefault(False)
        self.save.setDefault(True)
        self.save.setFocus()

    def _on_save(self) -> None:
        self.saves = True
        self.accept()


def _text(title: str, names: Sequence[str]) -> str:
    shown = [tr("“{name}”", name=short_middle(name or tr("no name"), 40)) for name in names[:SHOWN_NAMES]]
    if more := len(names) - SHOWN_NAMES > 0 and len(names) - SHOWN_NAMES:
        shown.append(tr("{n:grouped} more", n=more))
    return tr("What you changed on the {title} page is not saved: {names:list}.", title=title, names=shown)
