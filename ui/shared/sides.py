"""Which endpoint and model each side has: the lists, the keys' states, the warning of a model that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from app.asking.before_run import model_warning
from app.store.keys import KeyStoreUnavailable
from app.store.presets import is_demo
from app.store.profiles import label_words
from app.store.settings import SavedSide
from app.text.sentences import text_in_a_row, tr
from ui.shared.demo import DemoError
from ui.shared.endpoint_row import NONE
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import Envelope, SideName
    from app.store.profiles import Profile
    from ui.shared.endpoint_row import EndpointRow
    from ui.shared.services import Services
    from ui.widgets.bar import Bar

NAMES: tuple[SideName, SideName] = ("a", "b")
COMPARED: Mapping[SideName, tuple[str, ...]] = {"a": ("side_a",), "b": ("side_b",)}


class Place(Protocol):
    """Where a side stands on a page: its endpoint and model, and a line for what is said of them."""

    @property
    def row(self) -> EndpointRow: ...

    @property
    def hint(self) -> Bar: ...


class Sides(QObject):
    """Keeps the rows of the two sides in step with the profiles, keys and model lists.

    Attributes:
        frozen: the rows show the endpoints of an opened file, and nothing is changed in them.

    Signals:
        frozen_changed: the rows show a file's endpoints, or one's own again.
        choice_changed: (side) another endpoint, model or profile is set there, or more is known of its key.
        begun_saved: an endpoint that was begun for a side is saved, and it is that side now; a sentence that says so.
    """

    choice_changed = Signal(str)
    begun_saved = Signal(str)
    frozen_changed = Signal(bool)

    def __init__(
        self,
        services: Services,
        panes: Mapping[SideName, Place],
        parent: QObject | None = None,
        *,
        saved_in: Mapping[SideName, tuple[str, ...]] = COMPARED,
        nones: Mapping[SideName, str] | None = None,
    ) -> None:
        """`saved_in`: the fields of the settings that remember a side, the first that names a profile; the first of all is
        written. `nones`: the sides that may ask nobody, and what that is called."""
        super().__init__(parent)
        self.services = services
        self.frozen = False
        self._saved_in, self._nones = saved_in, dict(nones or {})
        self._panes = panes
        self._chosen: dict[SideName, str] = {}
        self._overrides: dict[str, Profile] = {}
        self._begun: SideName | None = None
        self._known = {one.uid for one in services.profiles}
        services.profiles_changed.connect(self._on_profiles_changed)
        services.keys.state_changed.connect(self._on_key_state)
        services.models.changed.connect(self._on_models)
        for name, pane in panes.items():
            pane.row.profile_chosen.connect(partial(self.choose, name))
            pane.row.add_wanted.connect(partial(self.begin_endpoint, name))
            pane.row.key_kind = lambda profile: services.keys.state(profile).kind
            pane.row.model_edited.connect(lambda _, name=name: self.check_model(name))
            pane.row.models_wanted.connect(partial(self._on_models_wanted, name))
        self._restore()

    # -- what is chosen -----------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        """The endpoints and models of the last time; at the first start those of the demo."""
        demo = [one for one in self.services.profiles if is_demo(one)]
        for name, first in zip(NAMES, demo, strict=False):
            saved = self._saved(name).profile
            profile = self.services.profile(saved) or first
            self._chosen[name] = NONE if saved == NONE and name in self._nones else profile.uid
        self.show()

    def _saved(self, name: SideName) -> SavedSide:
        saved = [getattr(self.services.settings, field) for field in self._saved_in[name]]
        found: SavedSide = next((one for one in saved if one.profile), saved[0])
        return found

    @property
    def saved_choices(self) -> dict[str, SavedSide]:
        """What the settings shall remember, by the settings' field."""
        return {self._saved_in[name][0]: SavedSide(uid, self._panes[name].row.model) for name, uid in self._chosen.items()}

    def profile(self, name: SideName) -> Profile | None:
        """The profile that is chosen for a side, with the changes that were applied to it here; None for none."""
        uid = self._chosen.get(name, "")
        return self._overrides.get(uid) or self.services.profile(uid)

    def choose(self, name: SideName, uid: str) -> None:
        """Choose another profile for a side; its last model comes with it."""
        self._chosen[name] = uid
        self._begun = None if self._begun == name else self._begun
        profile = self.profile(name)
        if profile is None and not self.is_none(name):
            return
        self._panes[name].row.set_model(profile.model if profile is not None else "")
        self._show_side(name)
        self._note(name)
        if profile is not None and not is_demo(profile):
            self.fetch_models(name)

    def _note(self, name: SideName) -> None:
        """What was chosen is chosen at the next start, whether anything is sent or not."""
        uid, model = self._chosen[name], self._panes[name].row.model
        self.services.chosen_sides[self._saved_in[name][0]] = SavedSide(uid, model)

    def swap(self) -> None:
        """A gets B's endpoint and model, and B gets A's."""
        if self.frozen or any(self.is_none(name) for name in NAMES):
            return
        models = {name: self._panes[name].row.model for name in NAMES}
        self._chosen["a"], self._chosen["b"] = self._chosen["b"], self._chosen["a"]
        for name, other in (NAMES, NAMES[::-1]):
            self._panes[name].row.set_model(models[other])
        for name in NAMES:
            self._show_side(name)
            self._note(name)

    def is_none(self, name: SideName) -> bool:
        """Whether a side shall ask nobody."""
        return self._chosen.get(name) == NONE

    def override(self, profile: Profile) -> None:
        """Use a changed profile until Diptych closes, without saving it."""
        self._overrides[profile.uid] = profile

    def begin_endpoint(self, name: SideName, what: object = None) -> None:
        """Begin an endpoint (`Services.endpoint_wanted`) that is this side's as soon as it is saved."""
        self._begun = name
        self.services.endpoint_wanted.emit(what)

    def _take_begun(self) -> None:
        """New endpoints were saved: the first is for the side that one was begun for last."""
        new = [one.uid for one in self.services.profiles if one.uid not in self._known]
        self._known = {one.uid for one in self.services.profiles}
        if new and self._begun is not None:
            name, self._begun = self._begun, None
            self.choose(name, new[0])
            if (profile := self.profile(name)) is not None:
                self.begun_saved.emit(tr("“{name}” is saved, and is side {side} now.", name=profile.name, side=name.upper()))

    def forget_demo_changes(self) -> None:
        """The demo's endpoints are others now: what was changed of them here counts no more."""
        self._overrides = {uid: one for uid, one in self._overrides.items() if not is_demo(one)}

    # -- the rows -----------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show one's own endpoints and models."""
        self.frozen = False
        self.frozen_changed.emit(False)
        for name, pane in self._panes.items():
            pane.row.set_enabled(True)
            profile, saved = self.profile(name), self._saved(name)
            own = profile.model if profile else ""
            pane.row.set_model(saved.model if profile and saved.profile == profile.uid and saved.model else own)
            self._show_side(name)

    def show_envelopes(self, envelopes: Mapping[SideName, Envelope]) -> None:
        """Show the endpoints of a file: they can be read, not changed."""
        self.frozen = True
        self.frozen_changed.emit(True)
        for name, pane in self._panes.items():
            envelope = envelopes.get(name)
            note = envelope.profile if envelope else None
            label = f"{note.name} · {label_words(note.label)}" if note and note.label else note.name if note else "–"
            pane.row.show_note(label, envelope.model if envelope else "")
            pane.hint.say()

    def _on_profiles_changed(self) -> None:
        self._overrides = {uid: one for uid, one in self._overrides.items() if is_demo(one)}
        if not self.frozen:
            self._take_begun()
            for name in NAMES:
                self._show_side(name)

    def _show_side(self, name: SideName) -> None:
        row, profile = self._panes[name].row, self.profile(name)
        row.set_profiles(
            self.services.profiles, profile.uid if profile else self._chosen.get(name, ""), self._nones.get(name, "")
        )
        row.key.setVisible(profile is not None and not self.frozen)
        row.set_models(self.services.models.of(profile) or tuple(filter(None, [profile.model])) if profile else ())
        self._show_keys()
        self.check_model(name)

    def _on_key_state(self, uid: str) -> None:
        self._show_keys()
        for name in NAMES:
            profile = self.profile(name)
            if profile is not None and profile.uid == uid and not self.frozen:
                self.choice_changed.emit(name)

    def _show_keys(self) -> None:
        for name, pane in self._panes.items():
            profile = self.profile(name)
            if profile is None or self.frozen:
                continue
            pane.row.show_key(self.services.keys.state(profile))

    # -- models -------------------------------------------------------------------------------------------------------

    def check_model(self, name: SideName) -> None:
        """Warn of a model that the endpoint does not list, with the nearest names, before it is sent."""
        pane, profile = self._panes[name], self.profile(name)
        if profile is None or self.frozen:
            pane.hint.say()
            return self.choice_changed.emit(name) if profile is None and not self.frozen else None
        found = model_warning(profile, pane.row.model, self.services.models.of(profile))
        pane.row.warn_of_model(found.sentence)
        names = (found.counterpart,) if found.counterpart else found.nearest[:1]
        actions = tuple((tr("Use {name}", name=one), partial(self.use_model, name, one)) for one in names if one)
        pane.hint.say(*((Segment("! " + found.sentence, "warn"),) if found.sentence else ()), actions=actions)
        return self.choice_changed.emit(name)

    def use_model(self, name: SideName, model: str) -> None:
        self._panes[name].row.set_model(model)
        self.check_model(name)
        self._note(name)

    def fetch_models(self, name: SideName) -> None:
        """Ask a side's endpoint for its list where it is not known; `Services.models_changed` tells when it came.

        Nothing is asked at the start: only for an endpoint that the user chooses, whose list is opened, or whose run failed for
        want of the model.
        """
        profile = self.profile(name)
        if profile is not None and not self.frozen and self.services.models.of(profile) is None:
            self.services.tasks.start(self._list_models(profile))

    def _on_models_wanted(self, name: SideName) -> None:
        """The user opened the list: where it is not known it is asked for, and the pane says how that goes."""
        profile = self.profile(name)
        if profile is not None and not self.frozen and self.services.models.of(profile) is None:
            self._panes[name].hint.say(Segment(tr("Asking for the list of models…")))
            self.services.tasks.start(self._list_models_for(name, profile))

    async def _list_models_for(self, name: SideName, profile: Profile) -> None:
        problem, pane, now = await self._list_models(profile), self._panes[name], self.profile(name)
        if now is None or now.uid != profile.uid or self.frozen:
            return
        if problem:
            pane.hint.say(Segment(problem))
        elif pane.row.models.hasFocus():
            pane.row.open_models()

    async def _list_models(self, profile: Profile) -> str:
        """Fetch the endpoint's list; "" where it came. An endpoint without one leaves free typing, and the answer says why."""
        from app.asking.caller import Caller

        services = self.services
        try:
            key = await services.keys.key_for(profile)
            if profile.needs_key and not key:
                return tr("The list of models needs the key; a model's name can be typed.")
            if host := services.plain_text.host_to_ask_about(profile, key):
                return tr("The list is not asked for unencrypted from {host}; a model's name can be typed.", host=host)
            caller = Caller(services.wire, await services.demo.started(profile), key)
        except (KeyStoreUnavailable, DemoError):
            return tr("The list of models could not be asked for; a run says why.")
        problem = await services.models.fetch(caller)
        if services.models.of(caller.profile):
            return ""
        if not problem:
            return tr("No list of models came from there; a model's name can be typed.")
        return text_in_a_row((problem, tr("A model’s name can be typed.")))

    def _on_models(self, uid: str) -> None:
        for name in NAMES:
            profile = self.profile(name)
            if profile is not None and profile.uid == uid and not self.frozen:
                self._panes[name].row.set_models(self.services.models.of(profile) or ())
                self.check_model(name)
