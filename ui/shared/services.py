"""What the pages share: profiles, keys, model lists, settings, the wire, the demo; and what one page wants of another."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from app.store.files import StoreError
from ui.shared.demo import Demo, DemoError
from ui.shared.key_states import Environment, KeyStates
from ui.shared.model_lists import ModelLists
from ui.shared.plain_text import PlainTextLeave
from ui.shared.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.asking.runner import Runner
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.journal import Journal
    from app.store.keys import KeyStore
    from app.store.profiles import Profile, ProfileStore
    from app.store.settings import SavedSide, Settings, SettingsStore
    from app.wire.client import WireClient


class ShownExchange(msgspec.Struct, frozen=True):
    """An exchange that another page has, to be looked at beside the other side's of the same question.

    Attributes:
        title: says what it is, in the language of now; holds nothing of a page, which may go before. opened: the first record
            of the file that it would be of. recordings: of one side or both.
        side: whose it is. as_bytes: its bytes are what is wanted. event: its event (from 1), None for the whole.
        diff: what differs between its sides is what is wanted.
    """

    title: Callable[[], str]
    opened: RunOpened
    recordings: tuple[Recording, ...]
    side: SideName
    as_bytes: bool = False
    event: int | None = None
    diff: bool = False


class GoesOn(QObject):
    """A child of the services that goes on with those of another window."""

    def renewed(self, services: Services) -> None:
        """Go on with these."""


class _Writing:
    """Settings that are written once: by a thread, or by who needs them written before that has begun.

    Attributes:
        problem: a sentence where they could not be written, else "".
    """

    def __init__(self, change: Callable[[], Settings]) -> None:
        self._change: Callable[[], Settings] | None = change
        self._written: Settings | None = None
        self._one_at_a_time = Lock()
        self.problem = ""

    def write(self) -> Settings | None:
        """As they were written, None where they could not be; who comes while another writes waits for that."""
        with self._one_at_a_time:
            change, self._change = self._change, None
            if change is not None:
                try:
                    self._written = change()
                except StoreError as error:
                    self.problem = str(error)
            return self._written


class Services(QObject):
    """The shared parts. Built once, by `ui.shell.application`; a page needs nothing else.

    Attributes:
        profile_store, settings_store, key_store: the core's own.
        settings: as they are now; change them through `save_settings`.
        chosen_sides: by the settings' field, endpoints and models that were chosen since those fields were saved.
        tasks: what runs until it ends, whatever page is closed.
        keys: where each profile's key is. models: the lists that were fetched. demo: the demo's endpoints.
        plain_text: the leave to send a key unencrypted.
        busy: whether something that the user began goes on; the window says it.

    Signals:
        profiles_changed: profiles were saved, added, removed or moved.
        profile_wanted: show this profile (or None: all) where it can be edited.
        endpoint_wanted: begin an endpoint: with a `Preset`, a text that was pasted, what files say
            (`SettingsRead`), or (None) with a choice among all.
        key_wanted: ask for the key of this profile.
        side_wanted: (uid, side): have this profile as side "a" or "b" of a comparison.
        body_wanted: have this text as the body of the custom request.
        exchange_wanted: show this `ShownExchange` where exchanges are looked at.
        history_wanted: show what was kept.
        watch_found: (sentences) the drift sentinel has newly seen these, or has stopped for this.
        run_read: (path, `RunOpened`, recordings) this file (None: of the history) is another page's, and read already.
    """

    profiles_changed = Signal()
    profile_wanted = Signal(object)
    endpoint_wanted = Signal(object)
    key_wanted = Signal(object)
    side_wanted = Signal(str, str)
    body_wanted = Signal(str)
    exchange_wanted = Signal(object)
    history_wanted = Signal()
    watch_found = Signal(object)
    run_read = Signal(object, object, object)

    def __init__(
        self,
        profile_store: ProfileStore,
        settings_store: SettingsStore,
        key_store: KeyStore,
        *,
        demo: Demo | None = None,
        environment: Environment | None = None,
        before: Services | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`before`: those of the window before this one, whose state is gone on with (`renewed`)."""
        super().__init__(parent)
        self.profile_store, self.settings_store, self.key_store = profile_store, settings_store, key_store
        self.settings: Settings = before.settings if before is not None else settings_store.load()
        if before is None:
            profile_store.load()
        self._writing: _Writing | None = None
        self.chosen_sides: dict[str, SavedSide] = {}
        self.tasks = Tasks()
        self.demo = demo or Demo()
        self.keys = KeyStates(key_store, self.tasks, environment, self)
        self.models = ModelLists(self)
        self.plain_text: PlainTextLeave = before.plain_text if before is not None else PlainTextLeave()
        self.busy: Callable[[], bool] = lambda: False
        self.keys.key_changed.connect(self.models.forget)
        if before is not None:
            self.keys.take_over(before.keys)
            self.models.take_over(before.models)
            if "wire" in before.__dict__:
                self.__dict__["wire"] = before.wire
            for one in before.findChildren(GoesOn):
                one.renewed(self)

    def renewed(self) -> Services:
        """The same for another window: stores, state and processes go on, without what is connected, and without the tasks.

        These are used no more, and not closed: what they share goes on.
        """
        return Services(self.profile_store, self.settings_store, self.key_store, demo=self.demo, before=self)

    # -- profiles -----------------------------------------------------------------------------------------------------

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The saved profiles, then those of the demo."""
        return (*self.profile_store.profiles, *self.demo.profiles)

    def profile(self, uid: str) -> Profile | None:
        """The profile of that uid, None where there is none."""
        return next((one for one in self.profiles if one.uid == uid), None)

    def show_address(self, profile: Profile, show: Callable[[], object]) -> bool:
        """Whether a profile's address can be shown now. One of the demo's has none before that runs: it is started, then `show`
        is called; where it can't be, whoever asks it is told why, and it is not tried again before that."""
        if not self.demo.lacks_address(profile):
            return True
        if not self.demo.failed:
            self.tasks.start(self._start_demo(profile, show))
        return False

    async def _start_demo(self, profile: Profile, show: Callable[[], object]) -> None:
        with suppress(DemoError):
            await self.demo.started(profile)
            show()

    def save_profile(self, profile: Profile) -> None:
        """Save a profile and tell of it. Raises StoreError (a sentence)."""
        self.profile_store.save(profile)
        self.notify_profiles_changed()

    def notify_profiles_changed(self) -> None:
        """The store was changed; no idle connection outlives the settings that it was opened with."""
        if "wire" in self.__dict__:
            self.wire.drop_connections()
        self.profiles_changed.emit()

    # -- asking -------------------------------------------------------------------------------------------------------

    @cached_property
    def wire(self) -> WireClient:
        """The wire's end in this process, made when it is first needed."""
        from app.wire.client import WireClient

        return WireClient()

    def start_wire(self) -> None:
        """Start the wire process ahead of the first run. One that can't be started is told of by the run."""
        with suppress(OSError):
            self.wire.start()

    @property
    def journal(self) -> Journal:
        """Where runs are written while they go on, by the settings of now."""
        from app.asking.history_keeping import journal_in_place

        return journal_in_place(self.settings)

    def load_prices(self) -> tuple[PriceTable, str]:
        """The prices in use, the user's own over Diptych's, and a sentence where the user's file can't be used."""
        from app.store.prices import load_prices

        return load_prices()

    @property
    def runner(self) -> Runner:
        """What plays a run, by the settings of now."""
        from app.asking.runner import Runner

        return Runner(self.wire, self.journal, self.settings.body_bytes, asks_other_paths=self.settings.ask_other_paths)

    def reread_settings(self) -> None:
        """Have what another window has changed of them."""
        self._end_writing()
        with suppress(StoreError):
            self.settings = self.settings_store.change(self.settings)

    # -- settings and the end -----------------------------------------------------------------------------------------

    def save_settings(self, **changes: object) -> str:
        """Change settings and write them; a sentence where they could not be written, "" where they were."""
        self._end_writing()
        self._forget_chosen(changes)
        try:
            self.settings = self.settings_store.change(self.settings, **changes)
        except StoreError as error:
            self.settings = msgspec.structs.replace(self.settings, **changes)
            return str(error)
        return ""

    def _forget_chosen(self, saved: Iterable[str]) -> None:
        for field in saved:
            self.chosen_sides.pop(field, None)

    async def save_beside(self, **changes: object) -> str:
        """The same, written by a thread while the window answers: `settings` has the changes at once."""
        self._end_writing()
        self._forget_chosen(changes)
        writing = self._writing = _Writing(partial(self.settings_store.change, self.settings, **changes))
        self.settings = msgspec.structs.replace(self.settings, **changes)
        await asyncio.to_thread(writing.write)
        if self._writing is writing:
            self._end_writing()
        return writing.problem

    def _end_writing(self) -> None:
        """Settings are written one after the other: the next write builds on what the one before has written."""
        writing, self._writing = self._writing, None
        if writing is not None and (written := writing.write()) is not None:
            self.settings = written

    async def aclose(self) -> None:
        """End what runs: tasks, the wire process, the demo; what is still to be written is."""
        self._end_writing()
        await self.tasks.aclose()
        await self.wire.aclose()
        await self.demo.aclose()
