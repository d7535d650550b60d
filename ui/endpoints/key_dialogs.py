"""The key of the selected endpoint: asked for, removed, taken from the environment; and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from app.text.sentences import tr
from ui.endpoints.import_offers import ImportOffersDialog
from ui.shared.ask_file import ask_which
from ui.shared.key_dialog import KeyDialog

if TYPE_CHECKING:
    from pathlib import Path

    from app.asking.environment import Offer
    from ui.endpoints.selection import Selection
    from ui.endpoints.view import EndpointsView
    from ui.shared.services import Services


class KeyDialogs:
    """Opens the dialogs that bring a key; it goes to the services, and nothing of it stays here."""

    def __init__(self, services: Services, selection: Selection, view: EndpointsView) -> None:
        self._services, self._selection, self._view = services, selection, view
        row = view.form.key_row
        view.form.key_pasted.connect(lambda key: self.ask(key, tr("A key was pasted where the address belongs.")))
        row.set_asked.connect(lambda: self.ask())
        row.remove_asked.connect(lambda: services.keys.remove(selection.uid))
        row.offers_asked.connect(lambda: self._show_offers())
        services.keys.state_changed.connect(self._on_state_changed)
        services.keys.key_changed.connect(lambda _: view.notice.show_notice(None))
        services.keys.failed.connect(self._on_failed)

    def show(self) -> None:
        """Say where the selected endpoint's key is."""
        if (profile := self._selection.profile) is not None:
            keys = self._services.keys
            self._view.form.key_row.show_state(keys.state(profile))

    def ask(self, key: str = "", why: str = "") -> None:
        """Ask for the key; `key` is what was pasted elsewhere, `why` says so. A demo endpoint has none."""
        if (profile := self._selection.own) is not None:
            dialog = KeyDialog(profile, self._services.key_store, prefilled=key, why=why, parent=self._view)
            dialog.saved.connect(self._services.keys.renew)
            # A keyring that was slow may have taken the key although the dialog was closed meanwhile.
            dialog.rejected.connect(lambda: self._services.keys.look_up([profile]))
            dialog.open()

    def ask_first(self) -> None:
        """Ask for the key of an endpoint that was begun this moment, where it needs one and the environment has none for it."""
        if (profile := self._selection.own) is not None and profile.needs_key:
            if any(one.kind != "base_url" for one in self._services.keys.offers(profile)):
                self._show_offers()
            else:
                self.ask()

    def complain(self, title: str, sentence: str, *, about_key: bool) -> None:
        """Say what did not work, with a button for the key where that may help."""
        self._view.complain(title, sentence, *(((tr("Set the key…"), self.ask),) if about_key else ()))

    def _on_state_changed(self, uid: str) -> None:
        self._selection.listed.emit()
        if uid == self._selection.uid:
            self.show()

    def _on_failed(self, uid: str, sentence: str) -> None:
        self.complain(tr("The keyring"), sentence, about_key=uid == self._selection.uid)

    # -- what the environment offers ----------------------------------------------------------------------------------

    def _show_offers(self, file: Path | None = None) -> None:
        """`file`: what that file of variables offers, not the environment."""
        uid, keys = self._selection.uid, self._services.keys
        if (profile := self._selection.own) is not None:
            dialog = ImportOffersDialog(keys.offers(profile, file), self._view)
            dialog.file_wanted.connect(lambda: self._ask_file(dialog))
            dialog.session_chosen.connect(lambda offer: self._take(uid, offer, keys.keep))
            dialog.keyring_chosen.connect(lambda offer: self._take(uid, offer, keys.save))
            dialog.address_chosen.connect(lambda offer: self._take(uid, offer, self._take_address))
            dialog.open()

    def _ask_file(self, dialog: ImportOffersDialog) -> None:
        kinds = tr("Variables (.env *.env .env.*);;All files (*)")
        if (path := ask_which(dialog, tr("Variables of another folder"), kinds)) is not None:
            dialog.accept()
            self._show_offers(path)

    def _take(self, uid: str, offer: Offer, take: Callable[[str, str], None]) -> None:
        value, profile = self._services.keys.value_of(offer), self._selection.drafts.get(uid)
        if not value or profile is None:
            self._view.complain(
                tr("The variable is gone"), tr("{variable} holds nothing any more.", variable=offer.variable), role="warn"
            )
            return
        if offer.auth and offer.auth != profile.auth:
            self._selection.take(msgspec.structs.replace(profile, auth=offer.auth))
        take(uid, value)

    def _take_address(self, uid: str, url: str) -> None:
        if (profile := self._selection.drafts.get(uid)) is not None:
            self._selection.take(msgspec.structs.replace(profile, base_url=url.strip()))
