"""The field for a base URL: a curl command or a key that is pasted into it goes elsewhere, and never stays in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from app.asking.advice import looks_like_key
from app.formats.curl import is_curl
from app.secrets.names import key_in_query, public_url
from app.text.sentences import tr


class UrlField(QLineEdit):
    """A line for an address.

    Signals:
        curl_pasted: a curl command came; its text.
        key_pasted: a key came; the key.
        url_edited: the user changed the address.
    """

    curl_pasted = Signal(str)
    key_pasted = Signal(str)
    url_edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Base URL"))
        self._before = ""
        self._typing = False
        self.textEdited.connect(self._on_edited)

    def take(self, text: str) -> None:
        """Take a pasted text: an address replaces what is selected, anything else is handed on."""
        if is_curl(text):
            self.curl_pasted.emit(text)
        elif looks_like_key(text):
            self.key_pasted.emit(text.strip())
        elif key := key_in_query(text.strip()):
            self._keep_public(text, key)
        else:
            self.insert(text.strip())
            self._on_edited(self.text())

    def show_url(self, url: str) -> None:
        """Show an address. Forgets what was typed before, undo included."""
        if self.text().strip() != url:
            self.setText(url)
            self.setCursorPosition(0)
        self._before = self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            # The clipboard's own text: the field would turn its line breaks into blanks.
            self.take(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _is_elsewhere(self.text()):
            self._hand_on(self.text())
        else:
            self._typing = True
            super().keyPressEvent(event)
            self._typing = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if _is_elsewhere(self.text()):
            self._hand_on(self.text())

    def _on_edited(self, text: str) -> None:
        """Typed, dropped, or pasted from the menu. A curl command or a key that is being typed waits for Enter: who knows where
        it ends?"""
        if _is_elsewhere(text):
            if not self._typing:
                self._hand_on(text)
            return
        if not self._typing and (key := key_in_query(text)):
            self._keep_public(text, key)
            return
        self._before = text
        self.url_edited.emit()

    def _keep_public(self, text: str, key: str) -> None:
        """The address stays without its key, which is handed on."""
        self.show_url(public_url(text.strip()))
        self.url_edited.emit()
        self.key_pasted.emit(key)

    def _hand_on(self, text: str) -> None:
        """The text is no address: take it out of the field, and hand it on."""
        began = bool(self._before) and text.startswith(self._before)  # its first letters were taken for an address
        if began:
            self._before = ""
        self.setText(self._before)  # this also empties the undo list, which would bring a key back
        if began:
            self.url_edited.emit()
        self.take(text)


def _is_elsewhere(text: str) -> bool:
    """Whether a text is no address, and belongs elsewhere."""
    return is_curl(text) or looks_like_key(text)
