"""Looks after keys for the Endpoints page: asks the store off the window's thread, and keeps only what may be shown."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.secrets.key_text import clean_key, mask_key
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.profiles import Profile
from ui.endpoints.form.key_row import KeyView
from ui.shared.tasks import Tasks


class KeyDesk(QObject):
    """The state of the keys by uid. No key stays here, only its mask.

    Signals:
        looked_up: the state of this uid's key is known, or another one than it was.
        key_changed: the key of this uid was saved or removed.
        failed: (uid, sentence): something that was asked for could not be done.
    """

    looked_up = Signal(str)
    key_changed = Signal(str)
    failed = Signal(str, str)

    def __init__(self, keys: KeyStore, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = keys
        self._tasks = tasks
        self._views: dict[str, KeyView] = {}

    def view(self, uid: str) -> KeyView:
        """What is known of a key now."""
        return self._views.get(uid, KeyView())

    def look_up(self, profiles: Iterable[Profile]) -> None:
        """Ask for these; those that need no key are left alone."""
        self._tasks.start(self._look_up([one.uid for one in profiles if one.needs_key]))

    def forget(self, uid: str) -> None:
        """The profile is gone."""
        self._views.pop(uid, None)

    async def _look_up(self, uids: list[str]) -> None:
        for uid in uids:
            await self._look_up_one(uid)

    async def _look_up_one(self, uid: str) -> None:
        try:
            key = await self.store.aget(uid)
            view = KeyView(await self.store.astatus(uid), mask_key(key)) if key else KeyView("missing")
        except KeyStoreUnavailable as error:
            view = KeyView("unknown", trouble=error.sentence)
        if view != self._views.get(uid):
            self._views[uid] = view
            self.looked_up.emit(uid)

    def keep(self, uid: str, key: str) -> None:
        """Keep a key until Diptych closes."""
        self.store.keep(uid, clean_key(key).key)
        self.tell(uid)

    def save(self, uid: str, key: str) -> None:
        """Have a key saved; `failed` says where that did not work."""
        self._tasks.start(self._save(uid, clean_key(key).key))

    async def _save(self, uid: str, key: str) -> None:
        try:
            await self.store.aset(uid, key)
        except KeyStoreUnavailable as error:
            self.failed.emit(uid, error.sentence)
            return
        self.tell(uid)

    def remove(self, uid: str) -> None:
        """Have a key deleted; `failed` says where that did not work."""
        self._tasks.start(self.delete(uid))

    async def delete(self, uid: str) -> None:
        """Delete a key. A machine without a keyring has nothing to delete there."""
        try:
            await self.store.adelete(uid)
        except KeyStoreUnavailable as error:
            if error.reason not in ("none", "plain"):
                self.failed.emit(uid, f"The key could not be removed. {error.sentence}")
                return
        self.tell(uid)

    def tell(self, uid: str) -> None:
        """The key is another one now: tell, and look it up anew."""
        self.key_changed.emit(uid)
        self._tasks.start(self._look_up([uid]))
