"""Asks for an endpoint's key and has it kept: in the keyring, or in memory where the user wants that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.diagnosis import key_oddity, key_shape
from app.diagnosis.address import Address
from app.secrets.key_text import clean_key
from app.secrets.shapes import vendor_of_shape
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.text.sentences import message, text_in_a_row, tr
from ui.shared.tasks import Tasks
from ui.style.look import set_look
from ui.widgets.fields import WrapLabel, fit_height
from ui.widgets.labels import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from app.store.profiles import Profile

_ODDITIES = {
    "placeholder": message("This is a placeholder out of an example, not a key."),
    "characters": message("It holds characters that no key has: was it copied whole?"),
}


def remarks(typed: str, profile: Profile) -> str:
    """What there is to say of a typed key, without quoting it; "" for nothing."""
    cleaned = clean_key(typed)
    said = [cleaned.warning] if cleaned.warning else []
    if oddity := _ODDITIES.get(key_oddity(cleaned.key)):
        said.append(tr(oddity))
    address = Address(profile.base_url, "", profile.protocol)
    vendor = vendor_of_shape(key_shape(cleaned.key))
    if vendor and address.vendor and vendor != address.vendor and not address.passes_on:
        said.append(tr("It looks like a key of {vendor}, and the address is {other}'s.", vendor=vendor, other=address.vendor))
    return text_in_a_row(said)


class KeyDialog(QDialog):
    """Takes a key. What is typed is dots unless the user asks to see it, and is forgotten when the dialog closes.

    Signals:
        saved: the key of the profile with this uid is kept now.
    """

    saved = Signal(str)

    def __init__(
        self, profile: Profile, keys: KeyStore, *, prefilled: str = "", why: str = "", parent: QWidget | None = None
    ) -> None:
        """`prefilled` is a key that came with a paste, `why` a sentence on where from."""
        super().__init__(parent)
        self._profile, self._keys = profile, keys
        self._tasks = Tasks(self._on_fault)
        self.setWindowTitle(tr("Key"))
        self.setAccessibleName(tr("Set the key"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit(prefilled)
        self._remark = WrapLabel(role="warn")
        self._fault = WrapLabel(role="bad")
        self.save_button, self.memory_button = (
            QPushButton(tr("Save in the keyring")),
            QPushButton(tr("Keep in memory until Diptych closes")),
        )
        self._where = WrapLabel(role="muted")
        self._build(why)
        self.setMinimumWidth(max(500, self.sizeHint().width()))
        self.field.textChanged.connect(self._on_typed)
        self._on_typed(prefilled)
        if not keys.in_memory:
            self._tasks.start(self._look_for_keyring())

    def _build(self, why: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 16)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(tr("Key"), bold=True, scale=1.1))
        whose = ElidedLabel()
        whose.set_text(
            tr(
                "of “{name}”, {host:or without an address yet}",
                name=self._profile.name,
                host=Address(self._profile.base_url, "", "").host,
            ),
            "muted",
        )
        layout.addWidget(whose)
        layout.addWidget(WrapLabel(why))
        layout.addLayout(self._field_line())
        layout.addWidget(self._remark)
        layout.addWidget(self._fault)
        where = tr("It is kept by the system's keyring, never in a file, and read when a request is sent.")
        self._where.show_text(tr("It is kept in memory until Diptych closes.") if self._keys.in_memory else where)
        layout.addWidget(self._where)
        layout.addSpacing(4)
        layout.addLayout(self._buttons())

    def _field_line(self) -> QHBoxLayout:
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Key"))
        self.field.setPlaceholderText(tr("paste the key here"))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        show = QPushButton(tr("Show"))
        show.setCheckable(True)
        show.setAutoDefault(False)
        show.setAccessibleName(tr("Show the key while it is typed"))
        echo = QLineEdit.EchoMode
        show.toggled.connect(lambda on: self.field.setEchoMode(echo.Normal if on else echo.Password))
        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(show)
        return line

    def _buttons(self) -> QHBoxLayout:
        self.save_button.setObjectName("strong")
        self.save_button.setDefault(True)
        self.memory_button.setAutoDefault(False)
        if self._keys.in_memory:
            self.save_button.setText(tr("Keep in memory"))
            self.memory_button.hide()
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save)
        self.memory_button.clicked.connect(self._on_keep)
        line = QHBoxLayout()
        line.addWidget(self.memory_button)
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self.save_button)
        return line

    def _on_typed(self, typed: str) -> None:
        self._remark.show_text(remarks(typed, self._profile) if typed else "")
        self._fault.show_text(self._keys.why_too_long(clean_key(typed).key))
        self._set_busy(False)
        fit_height(self)

    def _on_keep(self) -> None:
        self._keys.keep(self._profile.uid, clean_key(self.field.text()).key)
        self._end()

    def _on_save(self) -> None:
        self._set_busy(True)
        self._tasks.start(self._save(clean_key(self.field.text()).key))

    async def _save(self, key: str) -> None:
        try:
            await self._keys.aset(self._profile.uid, key)
        except KeyStoreUnavailable as error:
            self._set_busy(False)
            self._fault.show_text(error.sentence)
            fit_height(self)
            self.memory_button.setFocus()
            return
        self._end()

    async def _look_for_keyring(self) -> None:
        """Where the machine has none, offer memory only: what can't work is no choice."""
        try:
            await self._keys.alook(self._profile.uid)
        except KeyStoreUnavailable as error:
            if error.reason in ("none", "plain"):
                self._offer_memory(error.sentence)

    def _offer_memory(self, why: str) -> None:
        self._where.show_text(why, "warn")
        self.save_button.hide()
        set_look(self.memory_button, "objectName", "strong")
        self.memory_button.setDefault(True)
        fit_height(self)

    def _end(self) -> None:
        self.saved.emit(self._profile.uid)
        self.accept()

    def _set_busy(self, busy: bool) -> None:
        there = bool(clean_key(self.field.text()).key) and not busy
        self.save_button.setEnabled(there)
        self.memory_button.setEnabled(there)
        self.field.setEnabled(not busy)

    def _on_fault(self, sentence: str) -> None:
        self._set_busy(False)
        self._fault.show_text(sentence)

    def done(self, result: int) -> None:
        self._tasks.cancel()
        self.field.clear()
        super().done(result)
