"""The field that takes whatever a relay's page gives: it says what it takes it for, and shows no key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.text.sentences import message, tr
from ui.style.theme import mono_font
from ui.widgets.text_field import TextField

_ADDRESS = re.compile(r"\s*(?:https?://\S+|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?|localhost(?::\d+)?(?:/\S*)?)\s*\Z")
# The first letters of a key that is being typed are in many words; in a link one may stand behind an escape.
LONG, _BEGINS = 12, r"(?:(?<![\w-])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
_BROKEN = re.compile(r"[^\s=:\"']*•[^\s\"']*")  # what is left of a mask of which a part was deleted: no part of a key
MORE = "••"  # one of a mask's dots can be deleted, and it is no other's mask then
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
        self._keys: dict[str, str] = {}  # by what stands in the text for them, or stood: what is cut can come back
        self.what, self.is_known, self._is_address = "", True, False
        super().__init__("", parent)
        self.setFont(mono_font())
        self.text_changed.connect(self._on_text)
        self._hiding = False

    @property
    def whole(self) -> str:
        return self._unmasked(self.text)

    def _unmasked(self, whole: str) -> str:
        if "•" not in whole:
            return whole
        masks = sorted(self._keys, key=len, reverse=True)  # one may begin with another, and what is left of one end with it
        if masks:
            places = (f"{_BEGINS if mask[0] == '•' else ''}{re.escape(mask)}" for mask in masks)
            whole = re.sub("|".join(places), lambda match: self._keys[match[0]], whole)
        return _BROKEN.sub("", whole)

    def setPlainText(self, text: str) -> None:
        if not text:
            self._keys = {}  # nothing comes back of what stood here
        super().setPlainText(text)

    def _on_text(self) -> None:
        if self._hiding:
            return
        text = self.text
        if not text.strip():
            self.what, self.is_known, self._is_address = "", True, False
            return
        from app.formats.curl import is_curl
        from app.formats.endpoint_files import endpoints_in, is_settings, keys_in

        whole = self.whole
        every = endpoints_in(whole)
        shown = self._masked(whole, keys_in(whole, every))
        if shown != text:
            self._show_hidden(shown)
        self._is_address = False
        found = every if is_settings(whole) else []
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

    def _masked(self, whole: str, written: Iterable[str]) -> str:
        """The text with a mask for each key that is written there; what they stand for is known from now on."""
        from app.secrets.key_text import mask_key

        keys: dict[str, str] = {}
        masks: dict[str, str] = {}
        for key in sorted(written, key=len, reverse=True):
            mask = mask_key(key)
            while mask in keys:  # short keys look alike
                mask += MORE
            keys[mask], masks[key] = key, mask
        self._keys |= keys
        if masks:
            apart = (f"{_BEGINS}{re.escape(key)}(?![\\w-])" if len(key) < LONG else re.escape(key) for key in masks)
            return re.sub("|".join(apart), lambda match: masks[match[0]], whole)
        return whole

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self._take_hidden(source.text()):
            super().insertFromMimeData(source)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self._take_hidden(event.commitString()):
            event.setCommitString("")
        super().inputMethodEvent(event)

    def _take_hidden(self, text: str) -> bool:
        """Whether a text that comes as one brings keys; then it stands here with its masks, and never stood here without: a
        screen reader says what comes into a field before the field can take it away again.
        """
        from app.formats.endpoint_files import endpoints_in, keys_in

        if not text or self.isReadOnly():
            return False
        after = self.text_with(text.replace("\r\n", "\n").replace("\r", "\n"))
        whole = self._unmasked(after)
        shown = self._masked(whole, keys_in(whole, endpoints_in(whole)))
        if shown == after:
            return False
        self._show(shown, self.document().characterCount() - self.textCursor().selectionEnd())
        return True

    def _show_hidden(self, shown: str) -> None:
        """Show the text with its keys masked; what is typed next goes where it would have gone."""
        self._hiding = True
        self._show(shown, self.document().characterCount() - self.textCursor().position())
        self._hiding = False

    def _show(self, text: str, behind: int) -> None:
        """`behind`: how much stands behind the cursor, and will."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(max(0, self.document().characterCount() - behind))
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()  # Ctrl+Enter takes what stands here, and does not run the demo
            return True
        return bool(super().event(event))

    def _takes(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return enter and bool(self.what) and (self._is_address or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._takes(event):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)
