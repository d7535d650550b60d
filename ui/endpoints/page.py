"""The Endpoints page: edits profiles and keys, and tests one; its widgets stand in `endpoints_view`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.asking.advice import origin
from app.asking.changes import apply_change, is_applicable
from app.asking.drafts import Drafts, taken_over, with_pasted
from app.asking.endpoint_test import cost_note
from app.diagnosis import ProfileChange
from app.formats.curl import Pasted, read_curl
from app.pricing import PriceTable, builtin_table
from app.store.files import StoreError
from app.store.keys import KeyStore
from app.store.presets import Preset, is_demo, load_presets
from app.store.profiles import Profile, ProfileStore
from app.wire.client import WireClient
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.endpoints.asker import EndpointAsker
from ui.endpoints.key_desk import KeyDesk
from ui.endpoints.key_dialogs import Environment, KeyDialogs
from ui.endpoints.list import EndpointRow
from ui.endpoints.view import EndpointsView
from ui.shared.confirm import confirm
from ui.shared.page import SAVE_KEYS, STOP_KEYS, Command, Entry, Menu
from ui.shared.tasks import Tasks
from ui.widgets.notice import Notice

SHOWN_WARNINGS = 3
DEMO_NOTE = (
    "A demo endpoint: it runs on this machine, needs no key and costs nothing. It is made anew at each start of Diptych, "
    "so it can be tested and used, but not changed."
)


async def _as_it_is(profile: Profile) -> Profile:
    return profile


class EndpointsPage(EndpointsView):
    """The page.

    Attributes:
        drafts: the profiles as they are on screen.
        tasks: what runs in the background.

    Signals:
        profiles_changed: profiles were saved, added, deleted or moved in the file.
        profile_chosen: (uid, side): use this endpoint as side "a" or "b".
        key_changed: the key of this uid was saved, kept or removed.
        models_listed: (uid, names): a model list came, a tuple.
    """

    profiles_changed = Signal()
    profile_chosen = Signal(str, str)
    key_changed = Signal(str)
    models_listed = Signal(str, object)

    def __init__(
        self,
        store: ProfileStore,
        keys: KeyStore,
        wire: Callable[[], WireClient],
        demos: Callable[[], Sequence[Profile]],
        *,
        ready: Callable[[Profile], Awaitable[Profile]] = _as_it_is,
        prices: PriceTable | None = None,
        offered: Environment | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`demos` gives the demo's profiles, `ready` one with an address that answers (it may start the demo)."""
        super().__init__(parent)
        self._store, self._demos = store, demos
        self._prices = prices or builtin_table()
        self._selected = ""
        self.tasks = Tasks(self._on_fault)
        self.drafts = Drafts(store)
        self.desk = KeyDesk(keys, self.tasks, self)
        self._key_dialogs = KeyDialogs(self.drafts, self.desk, offered or Environment(), self)
        self.asker = EndpointAsker(keys, wire, ready, self.tasks, self)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        self.add_asked.connect(self.add)
        self.list.profile_selected.connect(self.select)
        self.list.move_asked.connect(self._on_move)
        self.list.delete_asked.connect(self._on_delete)
        self.copy_button.clicked.connect(self._on_copy)
        self.delete_button.clicked.connect(self._on_delete)
        self.up_button.clicked.connect(lambda: self._on_move(-1))
        self.down_button.clicked.connect(lambda: self._on_move(1))
        self.use_a.clicked.connect(lambda: self._on_use("a"))
        self.use_b.clicked.connect(lambda: self._on_use("b"))
        self.save_button.clicked.connect(self.save)
        self.revert_button.clicked.connect(self._on_revert)
        self._connect_form()
        self.desk.looked_up.connect(self._on_looked_up)
        self.desk.key_changed.connect(self._on_key_changed)
        self.desk.failed.connect(self._on_key_failed)
        self._key_dialogs.profile_changed.connect(self._take)
        self._key_dialogs.offer_gone.connect(self._on_offer_gone)
        self.asker.rows_changed.connect(self._on_rows_changed)
        self.asker.models_came.connect(self._on_models_came)
        self.asker.fetching_changed.connect(self.form.set_fetching)
        self.asker.troubled.connect(self._on_troubled)

    def _connect_form(self) -> None:
        self.form.edited.connect(self._on_edited)
        self.form.curl_pasted.connect(self._on_curl)
        self.form.key_pasted.connect(lambda key: self._ask_key(key, "A key was pasted where the address belongs."))
        self.form.models_asked.connect(lambda: self._with_selected(self.asker.fetch_models))
        self.form.key_row.set_asked.connect(lambda: self._ask_key())
        self.form.key_row.remove_asked.connect(lambda: self.desk.remove(self._selected))
        self.form.key_row.offers_asked.connect(lambda: self._key_dialogs.show_offers(self._selected))
        self.panel.start_asked.connect(lambda: self._with_selected(self._start_test))
        self.panel.stop_asked.connect(self.asker.stop)
        self.panel.action_chosen.connect(self._on_action)

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        return (Command("&Save endpoint", self.save, SAVE_KEYS, self.save_button.isEnabled),)

    @property
    def menu(self) -> Menu:
        return Menu("En&dpoint", (
            Command("&Add endpoint…", self.add),
            Command("&Duplicate endpoint", self._on_copy, can=self.copy_button.isEnabled),
            Command("D&elete endpoint…", self._on_delete, can=self.delete_button.isEnabled),
            None,
            # No key: whoever is used to Ctrl+Enter from another page shall not pay for it here.
            Command("&Test this endpoint", lambda: self._with_selected(self._start_test), can=lambda: self._can_test),
            Command("S&top the test", self.asker.stop, STOP_KEYS, lambda: self._tests),
            None,
            Command("Use as &A", lambda: self._on_use("a"), can=lambda: self.selected is not None),
            Command("Use as &B", lambda: self._on_use("b"), can=lambda: self.selected is not None),
        ))  # fmt: skip

    @property
    def _can_test(self) -> bool:
        return self.selected is not None and not self._tests

    @property
    def _tests(self) -> bool:
        return self.asker.is_probing(self._selected)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def selected(self) -> Profile | None:
        """The profile in the form, as it is on screen."""
        demo = next((one for one in self._demos() if one.uid == self._selected), None)
        return demo or self.drafts.get(self._selected)

    @property
    def unsaved(self) -> list[str]:
        return [one.name for one in self.drafts.unsaved]

    def refresh(self) -> None:
        """Show the store and the demo as they are now."""
        self._show_bar()
        if self.selected is None:
            own = self.drafts.profiles
            self._selected = own[0].uid if own else ""
        self._show_selected()

    def select(self, uid: str) -> None:
        """Show this profile in the form."""
        if uid != self._selected:
            self._selected = uid
            self.notice.show_notice(None)
            self.show_top()
            self._show_selected()

    def _show_selected(self) -> None:
        profile = self.selected
        self._show_list()
        self.show_editor(profile is not None)
        if profile is None:
            return
        self._show_form(profile)
        self.form.show_models(self.asker.models(profile.uid))
        self._on_rows_changed(profile.uid)
        self._show_key()
        self._show_head()

    def _show_form(self, profile: Profile) -> None:
        demo = is_demo(profile)
        if demo and urlsplit(profile.base_url).port == 0:  # it does not run yet
            profile = msgspec.structs.replace(profile, base_url="")
        self.form.show_profile(profile, read_only=demo, note=DEMO_NOTE if demo else "")

    def _show_list(self) -> None:
        rows = [
            EndpointRow(one, self.desk.view(one.uid).where if one.needs_key else "unneeded", self.drafts.is_unsaved(one.uid))
            for one in self.drafts.profiles
        ]
        if demos := [EndpointRow(one, "unneeded") for one in self._demos()]:
            rows += [EndpointRow(heading="Demo endpoints, on this machine"), *demos]
        self.list.show_rows(rows, self._selected)
        order = [one.uid for one in self._store.profiles]
        saved, own = self._selected in order, self.drafts.get(self._selected) is not None
        self.up_button.setEnabled(saved and order[0] != self._selected)
        self.down_button.setEnabled(saved and order[-1] != self._selected)
        self.copy_button.setEnabled(own)
        self.delete_button.setEnabled(own)
        self.commands_changed.emit()

    def _show_head(self) -> None:
        profile = self.selected
        if profile is None:
            return
        unsaved, new = self.drafts.is_unsaved(profile.uid), self.drafts.saved(profile.uid) is None
        fault = next(iter(self.form.faults), "") or (self.drafts.fault(profile.uid) if unsaved else "")
        self.title.set_text(profile.name or "no name", bold=True)
        if fault:
            self.state.set_text(f"Can't be saved: {fault}.", "bad")
        elif unsaved:
            self.state.set_text("New, not saved yet" if new else "Unsaved changes", "warn", bold=True)
        else:
            self.state.set_text("Demo endpoint" if is_demo(profile) else "Saved", "muted")
        self.save_button.setEnabled(unsaved and not fault)
        self.save_button.setVisible(not is_demo(profile))
        self.revert_button.setText("Discard" if new and unsaved else "Revert")
        self.revert_button.setVisible(unsaved or bool(fault))
        self.panel.set_note(cost_note(profile, self._prices))
        self.panel.set_outdated(self.asker.is_outdated(profile))
        self.commands_changed.emit()

    def _show_key(self) -> None:
        if (profile := self.selected) is not None:
            self.form.key_row.show_view(self.desk.view(profile.uid), offers=len(self._key_dialogs.offers(profile)))

    def _show_bar(self) -> None:
        said = [one for one in (self._store.problem, *self._store.warnings) if one]
        if not said:
            self.bar.show_notice(None)
            return
        title = "Nothing can be saved here" if self._store.read_only else "Something is odd in profiles.toml"
        more = [f"And {len(said) - SHOWN_WARNINGS} more."] if len(said) > SHOWN_WARNINGS else []
        text = "\n".join([*said[:SHOWN_WARNINGS], *more])
        self.bar.show_notice(Notice(title, text, role="bad" if self._store.problem else "warn"))

    def _on_fault(self, sentence: str) -> None:
        self.form.set_fetching(False)
        self.complain("That did not work", sentence)

    def _with_selected(self, work: Callable[[Profile], None]) -> None:
        if (profile := self.selected) is not None:
            work(profile)

    # -- editing ------------------------------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        before = self.drafts.get(self._selected)
        if before is None:
            return
        shown = self.form.profile
        self.drafts.put(shown)
        if (before.base_url, before.protocol) != (shown.base_url, shown.protocol):
            self.asker.forget_models(shown.uid)
            self.form.show_models(())
        if (before.needs_key, before.protocol) != (shown.needs_key, shown.protocol):
            self._show_key()
        self._show_list()
        self._show_head()

    def _take(self, profile: Profile) -> None:
        """Put a changed profile into the form, as if it had been typed."""
        self.drafts.put(profile)
        self._selected = profile.uid
        self._show_selected()

    def save(self) -> bool:
        """Save the chosen profile; False where that is not possible, which is then said."""
        uid = self._selected
        if fault := next(iter(self.form.faults), "") or self.drafts.fault(uid):
            self.complain("This can't be saved yet", f"{fault[:1].upper()}{fault[1:]}.")
            return False
        try:
            self.drafts.save(uid)
        except StoreError as error:
            self.complain("The endpoint was not saved", str(error))
            self._show_bar()
            return False
        self.notice.show_notice(None)
        self._show_bar()
        self._show_selected()
        self.profiles_changed.emit()
        return True

    def save_unsaved(self) -> bool:
        for profile in self.drafts.unsaved:
            self.select(profile.uid)
            if not self.save():
                return False
        return True

    def _on_revert(self) -> None:
        uid, new = self._selected, self.drafts.saved(self._selected) is None
        self.drafts.revert(uid)
        self.notice.show_notice(None)
        if new:
            self._forget(uid)
            self.desk.remove(uid)
        self.refresh()

    def _on_use(self, side: str) -> None:
        if self.drafts.is_unsaved(self._selected) and not self.save():
            return
        self.profile_chosen.emit(self._selected, side)

    def _on_copy(self) -> None:
        if (profile := self.drafts.get(self._selected)) is not None:
            self._begin_new(self.drafts.add_copy(profile))

    def _on_delete(self) -> None:
        if (profile := self.drafts.get(self._selected)) is not None:
            self.tasks.start(self._delete(profile))

    async def _delete(self, profile: Profile) -> None:
        text = "Its key is deleted with it. This can't be taken back."
        if not await confirm(self, f"Delete “{profile.name[:80]}”?", text, "Delete"):
            return
        saved = self.drafts.saved(profile.uid) is not None
        try:
            self.drafts.remove(profile.uid)
        except StoreError as error:
            self.complain("The endpoint was not deleted", str(error))
            return
        self._forget(profile.uid)
        self.refresh()
        if saved:
            self.profiles_changed.emit()
        await self.desk.delete(profile.uid)

    def _forget(self, uid: str) -> None:
        self.asker.forget(uid)
        self.desk.forget(uid)

    def _on_move(self, step: int) -> None:
        try:
            moved = self.drafts.move(self._selected, step)
        except StoreError as error:
            self.complain("The order was not saved", str(error))
            return
        if moved:
            self._show_list()
            self.profiles_changed.emit()

    # -- adding -------------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ask what to add."""
        dialog = AddEndpointDialog(load_presets(), self)
        dialog.preset_chosen.connect(self.add_preset)
        dialog.url_chosen.connect(lambda url: self._begin_new(self.drafts.add_url(url)))
        dialog.curl_pasted.connect(self.add_curl)
        dialog.open()

    def add_preset(self, preset: Preset) -> None:
        """Begin an endpoint from a preset."""
        self._begin_new(self.drafts.add_preset(preset))
        self.form.note.show_text(preset.note)

    def add_curl(self, text: str) -> None:
        """Begin an endpoint from a curl command."""
        if (pasted := read_curl(text)) is not None:
            self._begin_new(self.drafts.add_pasted(pasted))
            self._take_key_of(pasted)
        else:
            self._complain_of_curl()

    def _begin_new(self, profile: Profile) -> None:
        self.desk.look_up([profile])
        self.notice.show_notice(None)
        self._take(profile)
        self.show_top()
        (self.form.name if profile.base_url else self.form.url).setFocus()

    def _on_curl(self, text: str) -> None:
        profile, pasted = self.drafts.get(self._selected), read_curl(text)
        if profile is None or pasted is None:
            self._complain_of_curl()
            return
        self._take(with_pasted(profile, pasted))
        self._take_key_of(pasted)

    def _complain_of_curl(self) -> None:
        self.complain("That is not a whole curl command", "No address was found in it.", role="warn")

    def _take_key_of(self, pasted: Pasted) -> None:
        self.form.note.show_text(taken_over(pasted))
        if pasted.key:
            self._ask_key(pasted.key, "The curl command holds this key. It was not stored anywhere yet.")

    # -- keys ---------------------------------------------------------------------------------------------------------

    def ask_key(self, uid: str) -> None:
        """Show this profile and ask for its key."""
        self.select(uid)
        self._ask_key()

    def _ask_key(self, key: str = "", why: str = "") -> None:
        self._key_dialogs.ask(self._selected, key, why)

    def _on_offer_gone(self, variable: str) -> None:
        self.complain("The variable is gone", f"{variable} holds nothing any more.", role="warn")

    def _on_looked_up(self, uid: str) -> None:
        self._show_list()
        if uid == self._selected:
            self._show_key()

    def _on_key_changed(self, uid: str) -> None:
        self.asker.key_changed(uid)
        self.notice.show_notice(None)
        self.key_changed.emit(uid)

    def _on_key_failed(self, uid: str, sentence: str) -> None:
        self._on_troubled("The keyring", sentence, uid == self._selected)

    # -- asking the endpoint ------------------------------------------------------------------------------------------

    def _start_test(self, profile: Profile) -> None:
        self.notice.show_notice(None)
        self.asker.start(profile)

    def _on_rows_changed(self, uid: str) -> None:
        profile = self.selected
        if profile is not None and uid == profile.uid:
            if is_demo(profile):
                self._show_form(profile)  # the test may have started it: now it has an address
            self.panel.show_rows(self.asker.rows(uid), running=self.asker.is_probing(uid))
            self.panel.set_outdated(self.asker.is_outdated(profile))
            self.arrange()
            self.commands_changed.emit()

    def _on_models_came(self, uid: str, names: tuple[str, ...], problem: str) -> None:
        if uid == self._selected:
            self.form.show_models(names, problem)
        self.models_listed.emit(uid, names)

    def _on_troubled(self, title: str, sentence: str, about_key: bool) -> None:
        self.complain(title, sentence, *((("Set the key…", self._ask_key),) if about_key else ()))

    def _on_action(self, change: ProfileChange) -> None:
        profile = self.drafts.get(self._selected)
        if profile is None:
            self.complain("A demo endpoint can't be changed", DEMO_NOTE, role="warn")
        elif change.field == "key":
            self._ask_key()
        elif is_applicable(change):
            self._apply(profile, change)

    def _apply(self, profile: Profile, change: ProfileChange) -> None:
        """Put the change into the form and test again; where it leads to another host, the user has to press Test."""
        try:
            changed = apply_change(profile, change)
        except msgspec.ValidationError as error:
            self.complain("The change can't be applied", str(error))
            return
        self._take(changed)
        if origin(changed.base_url)[1] == origin(profile.base_url)[1]:
            self._start_test(changed)
        else:
            sentence = "Look at the address before the key goes there, then test again."
            self.complain("The endpoint is on another host now", sentence, role="warn")

    # -- the widget ---------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        # The loop may not run yet when the window is first shown.
        QTimer.singleShot(0, self, lambda: self.desk.look_up(self.drafts.profiles))

    async def aclose(self) -> None:
        """End what runs."""
        await self.tasks.aclose()
