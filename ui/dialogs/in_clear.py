"""Asks before a key travels unencrypted to another machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.store.profiles import Profile


def ask_in_clear(parent: QWidget, profile: Profile) -> bool:
    """Whether the user wants the key to go over plain HTTP."""
    host = urlsplit(profile.base_url.strip()).hostname or profile.base_url
    box = QMessageBox(QMessageBox.Icon.Warning, "Key in clear", "", QMessageBox.StandardButton.Cancel, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Send the key of “{profile.name}” unencrypted?")
    box.setInformativeText(
        f"Its address begins with http://, so anyone on the way to {host} can read the key. "
        "https:// keeps it private; ask whoever runs the endpoint."
    )
    send = box.addButton("Send it in clear", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.exec()
    return box.clickedButton() is send
