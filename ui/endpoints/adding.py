"""New endpoints: from a preset, an address or a curl command, which is also taken over into an endpoint that there is."""

from __future__ import annotations

from app.asking.drafts import taken_over, with_pasted
from app.formats.curl import Pasted, read_curl
from app.store.presets import Preset, load_presets
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.endpoints.key_dialogs import KeyDialogs
from ui.endpoints.selection import Selection
from ui.endpoints.view import EndpointsView


class Adding:
    """What is begun here is written when the user saves it. A pasted key goes to the dialog for keys."""

    def __init__(self, selection: Selection, view: EndpointsView, keys: KeyDialogs) -> None:
        self._selection, self._view, self._keys = selection, view, keys
        view.add_asked.connect(self.ask)
        view.form.curl_pasted.connect(self.paste)

    def ask(self) -> None:
        dialog = AddEndpointDialog(load_presets(), self._view)
        dialog.preset_chosen.connect(self.add_preset)
        dialog.url_chosen.connect(lambda url: self._selection.begin(self._selection.drafts.add_url(url)))
        dialog.curl_pasted.connect(self.add_curl)
        dialog.open()

    def add_preset(self, preset: Preset) -> None:
        self._selection.begin(self._selection.drafts.add_preset(preset))
        self._view.form.note.show_text(preset.note)

    def add_curl(self, text: str) -> None:
        if (pasted := read_curl(text)) is not None:
            self._selection.begin(self._selection.drafts.add_pasted(pasted))
            self._take_key_of(pasted)
        else:
            self._complain()

    def paste(self, text: str) -> None:
        """Take a curl command over into the selected endpoint."""
        profile, pasted = self._selection.own, read_curl(text)
        if profile is None or pasted is None:
            self._complain()
            return
        self._selection.take(with_pasted(profile, pasted))
        self._take_key_of(pasted)

    def _complain(self) -> None:
        self._view.complain("That is not a whole curl command", "No address was found in it.", role="warn")

    def _take_key_of(self, pasted: Pasted) -> None:
        self._view.form.note.show_text(taken_over(pasted))
        if pasted.key:
            self._keys.ask(pasted.key, "The curl command holds this key. It was not stored anywhere yet.")
