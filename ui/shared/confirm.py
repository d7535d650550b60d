"""Asks before something that can't be taken back."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.widgets.fields import WrapLabel, fit_height, short_middle
from ui.widgets.labels import PlainLabel


class ConfirmDialog(QDialog):
    """A question, the button that does it, and Cancel, which is the default."""

    def __init__(self, title: str, text: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Diptych")
        self.setMinimumWidth(440)
        self.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(title, bold=True, scale=1.1, wrap=True))
        layout.addWidget(WrapLabel(text))
        layout.addSpacing(6)
        self.yes, self.no = QPushButton(short_middle(yes)), QPushButton(tr("Cancel"))
        self.no.setDefault(True)
        self.yes.setAutoDefault(False)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout.addLayout(buttons)
        fit_height(self)
        self.no.setFocus()


async def confirm(parent: QWidget, title: str, text: str, yes: str) -> bool:
    """Ask, without stopping the window's loop."""
    dialog = ConfirmDialog(title, text, yes, parent)
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def settle(result: int) -> None:
        if not answer.done():
            answer.set_result(result == QDialog.DialogCode.Accepted)

    dialog.finished.connect(settle)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    try:
        return await answer
    except asyncio.CancelledError:
        dialog.close()
        raise


async def confirm_plain_text(parent: QWidget, name: str, host: str) -> bool:
    """Whether the key of the profile of that name may go to `host` unencrypted."""
    text = tr(
        "The address of “{name}” begins with http://: anyone on the way to {host} can read the key and every word. "
        "https:// keeps them private; ask whoever runs the endpoint.",
        name=name,
        host=host,
    )
    return await confirm(parent, tr("Send the key unencrypted?"), text, tr("Send it in plain text"))
