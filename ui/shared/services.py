"""What the pages share: profiles, keys, settings, the wire, the demo; and the signals that tell of changes in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from app.secrets.key_text import clean_key
from app.store.files import StoreError
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.presets import demo_profiles, is_demo
from app.store.profiles import Profile, ProfileStore
from app.store.settings import Settings, SettingsStore

if TYPE_CHECKING:
    from app.asking.environment import Offer
    from app.asking.runner import Runner
    from app.simulator.server.client import Simulator
    from app.store.journal import Journal
    from app.wire.client import WireClient

NO_ADDRESS = "http://127.0.0.1:0"

KeyKind = Literal["saved", "memory", "environment", "not needed", "missing", "unavailable", "unknown"]


class KeyState(msgspec.Struct, frozen=True):
    """Where a profile's key comes from; `words` say it on screen, `detail` more."""

    kind: KeyKind
    words: str
    detail: str = ""

    @property
    def usable(self) -> bool:
        """Whether a request can be sent with it."""
        return self.kind in ("saved", "memory", "environment", "not needed", "unknown")


UNKNOWN = KeyState("unknown", "looking for the key…")
_STATES = {"saved": KeyState("saved", "key saved"), "memory": KeyState("memory", "key in memory")}


class DemoError(Exception):
    """The demo endpoints do not run; the text is a sentence for the user."""


class Services(QObject):
    """The shared parts. Built once, by `ui.shell.application`.

    Attributes:
        profile_store, settings_store, keys: the core's own.
        settings: as they are now; change them through `save_settings`.
        open_key_dialog: asks for the key of a profile; set by whoever brings the dialog.
        open_profile_editor: shows a profile (or None: all) on the Endpoints page.

    Signals:
        profiles_changed: profiles were added, changed or removed.
        key_changed: the key state of the profile with this uid is another one.
        models_changed: the model list of the profile with this uid came.
        side_chosen: (uid, side): this endpoint is wanted as side "a" or "b" of a comparison.
    """

    profiles_changed = Signal()
    key_changed = Signal(str)
    models_changed = Signal(str)
    side_chosen = Signal(str, str)

    def __init__(
        self, profile_store: ProfileStore, settings_store: SettingsStore, keys: KeyStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.profile_store, self.settings_store = profile_store, settings_store
        self.keys = keys
        self.settings: Settings = settings_store.load()
        profile_store.load()
        self.open_key_dialog: Callable[[Profile], None] | None = None
        self.open_profile_editor: Callable[[Profile | None], None] | None = None
        self._demo_root = ""
        self._simulator: Simulator | None = None
        self._starting: asyncio.Task[str] | None = None
        self._states: dict[str, KeyState] = {}
        self._chosen_offers: dict[str, Offer] = {}
        self._models: dict[str, tuple[str, ...]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine on the window's loop and keep hold of it; a fault in it reaches the loop's handler."""
        task = asyncio.get_event_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "a task of the window failed", "exception": error, "task": task})

    @cached_property
    def wire(self) -> WireClient:
        """The wire's end in this process, made when it is first needed."""
        from app.wire.client import WireClient

        return WireClient()

    def start_wire(self) -> None:
        """Start the wire process ahead of the first run. One that can't be started is told of by the run."""
        with suppress(OSError):
            self.wire.start()

    # -- profiles ------------------------------------------------------------------------------------------------------

    @property
    def demos(self) -> tuple[Profile, ...]:
        """The demo's endpoints; their address is one that answers only after `ready`."""
        return demo_profiles(self._demo_root or NO_ADDRESS)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The saved profiles, then those of the demo."""
        return (*self.profile_store.profiles, *self.demos)

    def profile(self, uid: str) -> Profile | None:
        """The profile of that uid, None where there is none."""
        return next((one for one in self.profiles if one.uid == uid), None)

    def save_profile(self, profile: Profile) -> None:
        """Save a profile and tell of it. Raises StoreError (a sentence)."""
        self.profile_store.save(profile)
        self._models.pop(profile.uid, None)
        self._profiles_are_others()

    def profiles_saved(self) -> None:
        """Profiles were changed in the store elsewhere: tell of it."""
        self._models.clear()
        self._profiles_are_others()

    def _profiles_are_others(self) -> None:
        """Tell of it; no kept connection outlives the settings that it was opened with."""
        if "wire" in self.__dict__:
            self.wire.drop_connections()
        self.profiles_changed.emit()

    async def ready(self, profile: Profile) -> Profile:
        """The profile with an address that answers: for a demo endpoint its simulator is started where it does not run.

        Raises DemoError.
        """
        if not is_demo(profile):
            return profile
        root = await self._start_demo()
        return next(one for one in demo_profiles(root) if one.uid == profile.uid)

    async def _start_demo(self) -> str:
        from app.simulator.server.client import Simulator, SimulatorError

        if self._simulator is None:
            self._simulator = Simulator()
        if self._starting is None or (self._starting.done() and not self._simulator.alive):
            self._starting = asyncio.ensure_future(self._simulator.start())
        try:
            self._demo_root = await asyncio.shield(self._starting)
        except (SimulatorError, OSError) as error:
            self._starting = None
            raise DemoError(f"The demo endpoints could not be started: {error}") from error
        return self._demo_root

    # -- keys ----------------------------------------------------------------------------------------------------------

    def key_state(self, profile: Profile) -> KeyState:
        """Where the key comes from, as far as is known now; what is not known is looked up, and `key_changed` tells."""
        if not profile.needs_key:
            return KeyState("not needed", "no key needed")
        if profile.uid in self._chosen_offers:
            variable = self._chosen_offers[profile.uid].variable
            return KeyState("environment", f"key from {variable}")
        if profile.uid not in self._states:
            self._states[profile.uid] = UNKNOWN
            self.look_up_key(profile.uid)
        return self._states[profile.uid]

    def look_up_key(self, uid: str) -> None:
        """Ask the keyring again; `key_changed` tells the answer."""
        self.spawn(self._look_up(uid))

    async def _look_up(self, uid: str) -> None:
        try:
            status = await self.keys.astatus(uid)
        except KeyStoreUnavailable as error:
            state = KeyState("unavailable", "no key", error.sentence)
        else:
            state = _STATES.get(status, KeyState("missing", "no key"))
        if self._states.get(uid) != state:
            self._states[uid] = state
            self.key_changed.emit(uid)

    async def wait_for_key_state(self, profile: Profile) -> None:
        """Until it is known where the key is."""
        if self.key_state(profile).kind == "unknown":
            await self._look_up(profile.uid)

    def key_saved(self, uid: str) -> None:
        """A key was saved or removed elsewhere: forget what was known of it."""
        self._chosen_offers.pop(uid, None)
        self._models.pop(uid, None)
        self._states[uid] = UNKNOWN
        self.look_up_key(uid)
        self.key_changed.emit(uid)

    def key_offers(self, profile: Profile) -> list[Offer]:
        """Keys that the environment or `.env` offers for a profile. Nothing is taken from there unasked."""
        from app.asking.environment import offers

        return [one for one in offers() if one.kind == "key" and one.suits(profile.protocol)]

    def use_offer(self, profile: Profile, offer: Offer) -> None:
        """Take the key from the environment until Diptych closes; chosen by the user."""
        self._chosen_offers[profile.uid] = offer
        self.key_changed.emit(profile.uid)

    async def key_for(self, profile: Profile) -> str:
        """The key to send now, "" where there is none. Raises KeyStoreUnavailable."""
        if not profile.needs_key:
            return ""
        if (offer := self._chosen_offers.get(profile.uid)) is not None:
            from app.asking.environment import value_of

            return clean_key(value_of(offer) or "").key
        return await self.keys.aget(profile.uid) or ""

    # -- models --------------------------------------------------------------------------------------------------------

    def models(self, profile: Profile) -> tuple[str, ...] | None:
        """The endpoint's model list where it was fetched, None where it was not or where there is none."""
        return self._models.get(profile.uid)

    def keep_models(self, uid: str, models: tuple[str, ...]) -> None:
        """Keep a model list that was fetched; `models_changed` tells of it."""
        self._models[uid] = models
        self.models_changed.emit(uid)

    # -- settings and the end --------------------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        """Where runs are written while they go on, by the settings of now."""
        from app.store.journal import journal_in_place

        return journal_in_place(self.settings)

    @property
    def runner(self) -> Runner:
        """What plays a run, by the settings of now."""
        from app.asking.runner import Runner

        return Runner(self.wire, self.journal, self.settings.body_bytes, asks_other_paths=self.settings.ask_other_paths)

    def save_settings(self, **changes: object) -> str:
        """Change settings and write them; a sentence where they could not be written, "" where they were."""
        self.settings = msgspec.structs.replace(self.settings, **changes)
        try:
            self.settings_store.save(self.settings)
        except StoreError as error:
            return str(error)
        return ""

    async def aclose(self) -> None:
        """End what runs: tasks, the wire process, the demo."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.wire.aclose()
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._simulator is not None:
            await self._simulator.aclose()
