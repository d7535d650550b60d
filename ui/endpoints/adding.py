"""New endpoints: from a preset, an address or a curl command, which is also taken over into an endpoint that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.asking.drafts import taken_over, with_pasted
from app.formats.curl import Pasted, is_curl, read_curl
from app.formats.env_block import read_env
from app.store.presets import Preset, load_presets
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from ui.endpoints.key_dialogs import KeyDialogs
    from ui.endpoints.selection import Selection
    from ui.endpoints.view import EndpointsView
    from ui.shared.services import Services

MAX_BODY_BYTES = 200_000  # a field for text is slow with longer lines
_LONG_BODY = " Its body is too long to be edited here: `diptych run --request custom --body FILE` sends it from a file."


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
        """Begin an endpoint with a preset, with a text that was pasted, or (None) with a choice among all."""
        if isinstance(what, Preset):
            self.add_preset(what)
        elif isinstance(what, str):
            self.add_text(what)
        else:
            self.ask()

    def add_text(self, text: str, origin: str = "") -> None:
        """Begin one with whatever was pasted: a curl command, a block of variables (`origin`: its file's name), an address."""
        if is_curl(text):
            self.add_curl(text)
        elif (pasted := read_env(text)) is not None:
            self._selection.begin(self._selection.drafts.add_pasted(pasted))
            held = f"{origin} holds" if origin else "The variables hold"
            self._take_rest_of(pasted, of=origin or "the variables", held=held)
        else:
            self._selection.begin(self._selection.drafts.add_url(text.strip()))

    def ask(self) -> None:
        dialog = AddEndpointDialog(load_presets(), self._view)
        dialog.preset_chosen.connect(self.add_preset)
        dialog.url_chosen.connect(lambda url: self._selection.begin(self._selection.drafts.add_url(url)))
        dialog.curl_pasted.connect(self.add_curl)
        dialog.block_pasted.connect(self.add_text)
        dialog.open()

    def add_preset(self, preset: Preset) -> None:
        self._selection.begin(self._selection.drafts.add_preset(preset))
        self._view.form.note.show_text(preset.note)

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
        self._view.complain("That is not a whole curl command", "No address was found in it.", role="warn")

    def _take_rest_of(self, pasted: Pasted, of: str = "the curl command", held: str = "The curl command holds") -> None:
        is_long = len(pasted.body) > MAX_BODY_BYTES
        self._view.form.note.show_text(taken_over(pasted, of) + (_LONG_BODY if is_long else ""))
        self._body = "" if is_long else pasted.body.decode()
        self._offer_body()
        if pasted.key:
            self._keys.ask(pasted.key, f"{held} this key. It was not stored anywhere yet.")

    def _offer_body(self) -> None:
        if self._body:
            action = ("Use it as the custom request", self._use_body)
            cause = "Both sides of a comparison can be sent this body, each with its own endpoint and key."
            self._view.notice.show_notice(Notice("The command sends a body", cause, role="text", actions=(action,)))

    def _use_body(self) -> None:
        body = self._body
        self._forget_body()
        self._view.notice.show_notice(None)
        self._services.body_wanted.emit(body)

    def _forget_body(self) -> None:
        self._body = ""
