"""The field that takes whatever a relay's page gives: it says what it takes it for, and shows no key."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.style.theme import mono_font
from ui.widgets.text_field import TextField

_ADDRESS = re.compile(r"\s*(?:https?://\S+|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?|localhost(?::\d+)?(?:/\S*)?)\s*\Z")
NOTHING = "it is shown before anything is saved or sent"
NOT_KNOWN = "! That is no address, no curl command and no block of variables."


class PasteField(TextField):
    """A text that stands for an endpoint. A key in it is masked as soon as it is there, and kept apart.

    Attributes:
        what: what it is taken for, "" for nothing. why_not: what to say then. whole: the text with its key.

    Signals:
        wanted: Ctrl+Enter was pressed, or Enter behind an address.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._key = ""
        self.what, self.why_not = "", NOTHING
        super().__init__("", parent)
        self.setFont(mono_font())
        self.text_changed.connect(self._on_text)
        self._hiding = False

    @property
    def whole(self) -> str:
        from app.secrets.key_text import mask_key

        return self.text.replace(mask_key(self._key), self._key) if self._key else self.text

    def _on_text(self) -> None:
        if self._hiding:
            return
        text = self.text
        if not text.strip():
            self._key, self.what, self.why_not = "", "", NOTHING
            return
        from app.formats.curl import is_curl
        from app.formats.env_block import hide_key, is_env

        hidden = hide_key(text)
        if hidden.key:
            self._key = hidden.key
            self._hiding = True
            self.setPlainText(hidden.shown)
            self._hiding = False
        whole = self.whole
        if is_curl(whole):
            self.what = "a curl command"
        elif is_env(whole):
            self.what = "a block of variables"
        else:
            self.what = "an address" if _ADDRESS.match(whole) else ""
        self.why_not = "" if self.what else NOT_KNOWN if len(text) > 12 else NOTHING

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.what and (self.what == "an address" or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)
