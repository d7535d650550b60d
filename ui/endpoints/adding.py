"""New endpoints: from a preset, an address or a curl command, which is also taken over into an endpoint that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.asking.drafts import offered, taken_over, with_pasted
from app.formats.curl import Pasted, is_curl, read_curl
from app.formats.endpoint_files import Found, endpoints_in
from app.store.files import StoreError
from app.store.presets import Preset, load_presets
from app.text.sentences import message, text_in_a_row, tr
from app.transfer.settings_files import SettingsRead, why_unread
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.endpoints.found_dialog import FoundDialog
from ui.widgets.notice import Notice
from ui.widgets.toast import toast

if TYPE_CHECKING:
    from ui.endpoints.key_dialogs import KeyDialogs
    from ui.endpoints.selection import Selection
    from ui.endpoints.view import EndpointsView
    from ui.shared.services import Services

MAX_BODY_BYTES = 200_000  # a field for text is slow with longer lines
_HELD = message(
    "{held:select curl=The curl command holds|variables=The variables hold|paste=What was pasted holds|file={file} holds} "
    "this key. It was not stored anywhere yet."
)
_PASTED_BEFORE = message("This key was pasted before its endpoint was chosen. It was not stored anywhere yet.")
_LONG_BODY = message("Its body is too long to be edited here: `diptych run --request custom --body FILE` sends it from a file.")


class Adding:
    """What is begun here is written when the user saves it. A pasted key goes to the dialog for keys, a body to the request."""

    def __init__(self, services: Services, selection: Selection, view: EndpointsView, keys: KeyDialogs) -> None:
        self._services, self._selection, self._view, self._keys = services, selection, view, keys
        self._body = ""  # of the command that was taken over last, until it is used or another endpoint is turned to
        selection.turned.connect(self._forget_body)
        services.keys.key_changed.connect(lambda _: self._offer_body())  # which clears what stands above the form
        view.add_asked.connect(self.ask)
        view.form.curl_pasted.connect(self.paste)

    def begin(self, what: object) -> None:
        """Begin an endpoint with a preset, a text that was pasted, what files say, or (None) with a choice among all."""
        if isinstance(what, Preset):
            self.add_preset(what)
            self._keys.ask_first()
        elif isinstance(what, SettingsRead):
            self.add_read(what)
        elif isinstance(what, str):
            self.add_text(what)
        else:
            self.ask()

    def add_read(self, read: SettingsRead) -> None:
        """Begin with what files say: one alone in the form, several as a list, with the files that say nothing."""
        if len(read.found) == 1 and not read.unread and not read.found[0].why_not:
            self._begin_found(read.found[0])
        elif read.found:
            self._choose(list(read.found), read.unread)
        else:
            said = [why_unread(name, why) for name, why in read.unread]
            self._view.complain(tr("No endpoint was found"), "\n".join(said), role="warn")

    def add_text(self, text: str) -> None:
        """Begin one with whatever was pasted: a curl command, settings, an address.

        Several, or one that can't be taken, are shown as a list first.
        """
        found = [] if is_curl(text) else endpoints_in(text)
        if is_curl(text):
            self.add_curl(text)
        elif len(found) == 1 and not found[0].why_not:
            self._begin_found(found[0])
        elif found:
            self._choose(found)
        else:
            self._selection.begin(self._selection.drafts.add_url(text.strip()))

    def _begin_found(self, one: Found) -> None:
        self._selection.begin(self._selection.drafts.add_named(one.name, one.pasted))
        held = "file" if one.file else "variables" if one.of_variables else "paste"
        of = one.file or (tr("the variables") if one.of_variables else one.origin)
        self._take_rest_of(one.pasted, of=of, held=held, file=one.file)

    def _choose(self, found: list[Found], unread: Sequence[tuple[str, str]] = ()) -> None:
        rows = offered(found, self._selection.drafts.profiles)
        dialog = FoundDialog(rows, unread, in_memory=self._services.key_store.in_memory, parent=self._view)
        dialog.wanted.connect(self.save_found)
        dialog.open()

    def save_found(self, found: list[Found], with_keys: bool) -> None:
        """Save them, their keys too where that is wanted, and turn to the first. What can't be saved is said."""
        saved = []
        for one in offered(found, self._selection.drafts.profiles):
            try:
                self._services.profile_store.save(one.profile)
            except StoreError as error:
                self._view.complain(tr("“{name}” was not saved", name=one.profile.name), str(error))
                break
            saved.append(one)
        if not saved:
            return
        self._services.notify_profiles_changed()
        self._selection.refresh()
        self._selection.select(saved[0].profile.uid)
        for one in saved if with_keys else ():
            if one.found.pasted.key:
                self._services.keys.save(one.profile.uid, one.found.pasted.key)
        toast(self._view, tr("{n:plural endpoint is|endpoints are} saved.", n=len(saved)))

    def ask(self) -> None:
        dialog = AddEndpointDialog(load_presets(), self._view)
        dialog.preset_chosen.connect(self.add_preset)
        dialog.url_chosen.connect(lambda url: self._selection.begin(self._selection.drafts.add_url(url)))
        dialog.curl_pasted.connect(self.add_curl)
        dialog.block_pasted.connect(self.add_text)
        dialog.files_read.connect(self.add_read)
        before = self._selection.uid
        dialog.accepted.connect(lambda: self._ask_key(dialog.key) if self._selection.uid != before else None)
        dialog.open()

    def _ask_key(self, key: str) -> None:
        if key:
            self._keys.ask(key, tr(_PASTED_BEFORE))

    def add_preset(self, preset: Preset) -> None:
        self._selection.begin(self._selection.drafts.add_preset(preset))
        self._view.form.note.show_text(tr(preset.note))

    def add_curl(self, text: str) -> None:
        if (pasted := read_curl(text)) is not None:
            self._selection.begin(self._selection.drafts.add_pasted(pasted))
            self._take_rest_of(pasted)
        else:
            self._complain()

    def paste(self, text: str) -> None:
        """Take a curl command over into the selected endpoint."""
        profile, pasted = self._selection.own, read_curl(text)
        if profile is None or pasted is None:
            self._complain()
            return
        self._selection.take(with_pasted(profile, pasted))
        self._take_rest_of(pasted)

    def _complain(self) -> None:
        self._view.complain(tr("That is not a whole curl command"), tr("No address was found in it."), role="warn")

    def _take_rest_of(self, pasted: Pasted, of: str = "", held: str = "curl", file: str = "") -> None:
        """`of`: what it was taken from, "" for a curl command. `held`: what held a key, one of those that `_HELD` names."""
        is_long = len(pasted.body) > MAX_BODY_BYTES
        self._view.form.note.show_text(
            text_in_a_row((taken_over(pasted, of or tr("the curl command")), tr(_LONG_BODY) if is_long else ""))
        )
        self._body = "" if is_long else pasted.body.decode()
        self._offer_body()
        if pasted.key:
            self._keys.ask(pasted.key, tr(_HELD, held=held, file=file))

    def _offer_body(self) -> None:
        if self._body:
            action = (tr("Use it as the custom request"), self._use_body)
            cause = tr("Both sides of a comparison can be sent this body, each with its own endpoint and key.")
            self._view.notice.show_notice(Notice(tr("The command sends a body"), cause, role="text", actions=(action,)))

    def _use_body(self) -> None:
        body = self._body
        self._forget_body()
        self._view.notice.show_notice(None)
        self._services.body_wanted.emit(body)

    def _forget_body(self) -> None:
        self._body = ""
