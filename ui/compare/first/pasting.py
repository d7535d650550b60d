"""The field that takes whatever a relay's page gives: it says what it takes it for, and shows no key."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.text.sentences import message, tr
from ui.style.theme import mono_font
from ui.widgets.text_field import TextField

_ADDRESS = re.compile(r"\s*(?:https?://\S+|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?|localhost(?::\d+)?(?:/\S*)?)\s*\Z")
NOTHING = message("shown before anything is saved or sent")
NOT_KNOWN = message("! Diptych can’t read this. Paste an address, a curl command, an env block or a client’s settings.")


class PasteField(TextField):
    """A text that stands for an endpoint. Keys in it are masked as soon as they are there, and kept apart.

    Attributes:
        what: what it is taken for, "" for nothing. is_known: whether it is taken for something, or is too short to tell.
        whole: the text with its keys.

    Signals:
        wanted: Ctrl+Enter was pressed, or Enter behind an address.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._keys: dict[str, str] = {}  # by what stands in the text for them
        self.what, self.is_known, self._is_address = "", True, False
        super().__init__("", parent)
        self.setFont(mono_font())
        self.text_changed.connect(self._on_text)
        self._hiding = False

    @property
    def whole(self) -> str:
        whole = self.text
        for mask in sorted(self._keys, key=len, reverse=True):  # one may begin with another
            whole = whole.replace(mask, self._keys[mask])
        return whole

    def _on_text(self) -> None:
        if self._hiding:
            return
        text = self.text
        if not text.strip():
            self._keys, self.what, self.is_known, self._is_address = {}, "", True, False
            return
        from app.formats.curl import is_curl
        from app.formats.endpoint_files import endpoints_in, is_settings

        whole = self.whole
        self._hide_keys(text, whole)
        self._is_address = False
        found = endpoints_in(whole) if is_settings(whole) else []
        if is_curl(whole):
            self.what = tr("a curl command")
        elif len(found) > 1:
            self.what = tr("{n:grouped} endpoints", n=len(found))
        elif found:
            self.what = tr("a block of variables") if found[0].of_variables else found[0].origin
        else:
            self._is_address = _ADDRESS.match(whole) is not None
            self.what = tr("an address") if self._is_address else ""
        self.is_known = bool(self.what) or len(text) <= 12

    def _hide_keys(self, text: str, whole: str) -> None:
        from app.formats.endpoint_files import keys_in
        from app.secrets.key_text import mask_key

        shown = text
        for key in sorted(keys_in(whole), key=len, reverse=True):
            if key in shown:
                mask = mask_key(key)
                while self._keys.get(mask, key) != key:  # short keys look alike
                    mask += "•"
                self._keys[mask] = key
                shown = shown.replace(key, mask)
        if shown != text:
            self._hiding = True
            self.setPlainText(shown)
            self._hiding = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.what and (self._is_address or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)
