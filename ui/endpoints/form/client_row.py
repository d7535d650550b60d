"""The client that an endpoint is for: whose severities its findings have, and the settings it needs, to copy."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.clients.settings import settings_for, tool_settings
from app.clients.table import table
from app.store.profiles import Profile
from app.text.sentences import message, tr
from ui.widgets.fields import FormCombo

USUAL = message("The official Python SDK")
COPY = message("Copy settings")
COPIED = message("Copied")


class ClientRow(QWidget):
    """A combo box of the clients that were run in the profile's protocol, and a button that copies the settings for one.

    Signals:
        edited: another client was chosen.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = Profile(name="")
        self._protocol = ""
        self.choice, self.copy_button = FormCombo(tr("My client")), QPushButton(tr(COPY))
        self.copy_button.setToolTip(
            tr("Base URL, environment variables and the key's header as this client wants them, without the key.")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.choice, 1)
        layout.addWidget(self.copy_button)
        self.choice.activated.connect(self._on_chosen)
        self.copy_button.clicked.connect(self.copy)

    @property
    def client(self) -> str:
        """The client's name, "" for the usual one."""
        return str(self.choice.currentData() or "")

    def show_profile(self, profile: Profile, *, read_only: bool = False) -> None:
        """Offer the clients of its protocol, and choose its own."""
        self._profile = profile
        if profile.protocol != self._protocol:
            self._protocol = profile.protocol
            self.choice.clear()
            self.choice.addItem(tr(USUAL), "")
            for one in table().speaking(profile.protocol):
                self.choice.addItem(one.title, one.name)
        self.choice.choose(profile.client)
        if self.choice.currentIndex() < 0:  # one that speaks another protocol, or is not known here
            self.choice.setCurrentIndex(0)
        self.choice.setEnabled(not read_only)
        self.copy_button.setEnabled(bool(profile.base_url))
        self.copy_button.setText(tr(COPY))

    def copy(self) -> str:
        """Put the settings on the clipboard: the chosen client's, and those of the tools of the command line. Returns them."""
        profile = self._profile
        client = table().client(self.client, profile.protocol)
        found = [settings_for(client, profile.protocol, profile.base_url, profile.auth)] if client else []
        found += tool_settings(profile.protocol, profile.base_url, profile.auth, profile.model)
        text = "\n\n".join(one.text() for one in found)
        QGuiApplication.clipboard().setText(text)
        self.copy_button.setText(tr(COPIED))
        return text

    def _on_chosen(self) -> None:
        self.copy_button.setText(tr(COPY))
        self.edited.emit()
