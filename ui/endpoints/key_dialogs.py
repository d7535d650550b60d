"""The dialogs of the Endpoints page that bring a key: the one to type it into, and the one of what the environment offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.asking import environment
from app.asking.drafts import Drafts
from app.asking.environment import Offer
from app.store.profiles import Profile
from ui.endpoints.import_offers import ImportOffersDialog
from ui.endpoints.key_desk import KeyDesk
from ui.shared.key_dialog import KeyDialog


@dataclass(frozen=True)
class Environment:
    """Where keys and addresses are offered from; a value is fetched only when it is chosen."""

    offers: Callable[[], list[Offer]] = environment.offers
    value_of: Callable[[Offer], str | None] = environment.value_of


class KeyDialogs(QObject):
    """Opens them for a profile; a key goes to the desk, nothing of it stays here.

    Signals:
        profile_changed: what was chosen needs another profile than the one that was asked for (a `Profile`).
        offer_gone: (the variable's name) it was chosen and holds nothing any more.
    """

    profile_changed = Signal(object)
    offer_gone = Signal(str)

    def __init__(self, drafts: Drafts, desk: KeyDesk, offered: Environment, parent: QWidget) -> None:
        super().__init__(parent)
        self._drafts, self._desk, self._environment, self._over = drafts, desk, offered, parent

    def ask(self, uid: str, key: str = "", why: str = "") -> None:
        """Ask for the key; `key` is what was pasted elsewhere, `why` says so. A demo endpoint has none."""
        if (profile := self._drafts.get(uid)) is not None:
            dialog = KeyDialog(profile, self._desk.store, prefilled=key, why=why, parent=self._over)
            dialog.saved.connect(self._desk.tell)
            # A keyring that was slow may have taken the key although the dialog was closed meanwhile.
            dialog.rejected.connect(lambda: self._desk.look_up([profile]))
            dialog.open()

    def offers(self, profile: Profile) -> list[Offer]:
        """What the environment has for endpoints of this protocol."""
        return [one for one in self._environment.offers() if one.suits(profile.protocol)]

    def show_offers(self, uid: str) -> None:
        """Let the user choose among them."""
        if (profile := self._drafts.get(uid)) is not None:
            dialog = ImportOffersDialog(self.offers(profile), self._over)
            dialog.session_chosen.connect(lambda offer: self._take(uid, offer, self._desk.keep))
            dialog.keyring_chosen.connect(lambda offer: self._take(uid, offer, self._desk.save))
            dialog.address_chosen.connect(lambda offer: self._take(uid, offer, self._take_address))
            dialog.open()

    def _take(self, uid: str, offer: Offer, take: Callable[[str, str], None]) -> None:
        value, profile = self._environment.value_of(offer), self._drafts.get(uid)
        if not value or profile is None:
            self.offer_gone.emit(offer.variable)
            return
        if offer.auth and offer.auth != profile.auth:
            self.profile_changed.emit(msgspec.structs.replace(profile, auth=offer.auth))
        take(uid, value)

    def _take_address(self, uid: str, url: str) -> None:
        if (profile := self._drafts.get(uid)) is not None:
            self.profile_changed.emit(msgspec.structs.replace(profile, base_url=url.strip()))
