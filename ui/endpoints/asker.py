"""Asks endpoints for the Endpoints page: the model list and the test, with the user's leave where the key would be readable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.asking.caller import Caller
from app.asking.cleartext import clear_text_host
from app.asking.endpoint_test import EndpointTest
from app.asking.model_list import list_models
from app.asking.verdicts import VerdictRow
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.profiles import Profile
from app.wire.client import WireClient
from ui.shared.confirm import confirm_in_clear
from ui.shared.tasks import Tasks


def _asked(profile: Profile) -> Profile:
    """The profile without what a test does not send."""
    return msgspec.structs.replace(profile, name="", label="", prices=None)


class EndpointAsker(QObject):
    """Model lists and tests by uid, as far as they were asked for since the start; one test at a time.

    Signals:
        rows_changed: a test of this uid began, came on or ended.
        models_came: (uid, names, problem): names is a tuple, problem "" where the list is whole.
        fetching_changed: a model list is being fetched, or no more.
        troubled: (title, sentence, about_key): nothing was asked, and why.
    """

    rows_changed = Signal(str)
    models_came = Signal(str, object, str)
    fetching_changed = Signal(bool)
    troubled = Signal(str, str, bool)

    def __init__(
        self,
        keys: KeyStore,
        wire: Callable[[], WireClient],
        ready: Callable[[Profile], Awaitable[Profile]],
        tasks: Tasks,
        parent: QWidget,
    ) -> None:
        """Questions to the user are asked over `parent`."""
        super().__init__(parent)
        self._keys, self._wire, self._ready, self._tasks, self._window = keys, wire, ready, tasks, parent
        self._rows: dict[str, dict[str, VerdictRow]] = {}
        self._tested: dict[str, Profile] = {}
        self._models: dict[str, tuple[str, ...]] = {}
        self._probing: tuple[str, asyncio.Task[None]] | None = None
        self._allowed_in_clear: set[tuple[str, str]] = set()

    # -- what is known ------------------------------------------------------------------------------------------------

    def rows(self, uid: str) -> tuple[VerdictRow, ...]:
        """The verdicts of the last test, () where there was none."""
        return tuple(self._rows.get(uid, {}).values())

    def is_outdated(self, profile: Profile) -> bool:
        """Whether what the last test asked is no longer what this profile would ask."""
        if not self.rows(profile.uid) or self.is_probing(profile.uid):
            return False
        tested = self._tested.get(profile.uid)
        return tested is None or _asked(tested) != _asked(profile)

    def models(self, uid: str) -> tuple[str, ...]:
        """The model list, () where it was not fetched or there is none."""
        return self._models.get(uid, ())

    def is_probing(self, uid: str) -> bool:
        """Whether its test goes on."""
        return self._probing is not None and self._probing[0] == uid

    def forget_models(self, uid: str) -> None:
        """The address is another one: its list is unknown."""
        self._models.pop(uid, None)

    def key_changed(self, uid: str) -> None:
        """The key is another one: what was tested with the one before is outdated."""
        self._tested.pop(uid, None)

    def forget(self, uid: str) -> None:
        """The profile is gone."""
        if self.is_probing(uid):
            self.stop()
        self._rows.pop(uid, None)
        self._models.pop(uid, None)

    # -- asking -------------------------------------------------------------------------------------------------------

    def fetch_models(self, profile: Profile) -> None:
        """Fetch the model list."""
        self._tasks.start(self._fetch_models(profile))

    async def _fetch_models(self, profile: Profile) -> None:
        self.fetching_changed.emit(True)
        try:
            if (reached := await self._reach(profile)) is None:
                return
            found = await list_models(Caller(self._wire(), *reached))
        finally:
            self.fetching_changed.emit(False)
        self._keep_models(profile.uid, tuple(found.ids), found.problem)

    def _keep_models(self, uid: str, names: tuple[str, ...], problem: str = "") -> None:
        self._models[uid] = names
        self.models_came.emit(uid, names, problem)

    def start(self, profile: Profile) -> None:
        """Test an endpoint; a test that goes on is stopped."""
        self.stop()
        task = self._tasks.start(self._probe(profile))
        self._probing = profile.uid, task
        # Not at the coroutine's own end: one that is stopped at once never begins.
        task.add_done_callback(lambda ended: self._end_probe(profile.uid, ended))
        self.rows_changed.emit(profile.uid)

    def stop(self) -> None:
        """End the test; what was seen stays."""
        if self._probing is not None:
            self._probing[1].cancel()

    async def _probe(self, profile: Profile) -> None:
        uid = profile.uid
        if (reached := await self._reach(profile)) is None:
            return
        rows = self._rows[uid] = {}
        self._tested[uid] = profile

        def on_row(row: VerdictRow) -> None:
            rows[row.question] = row
            self.rows_changed.emit(uid)

        test = EndpointTest(Caller(self._wire(), *reached), on_row)
        await test.run()
        if test.models is not None:
            self._keep_models(uid, test.models)

    def _end_probe(self, uid: str, ended: asyncio.Task[None]) -> None:
        if self._probing is not None and self._probing[1] is ended:  # else another test has begun meanwhile
            self._probing = None
        self.rows_changed.emit(uid)

    async def _reach(self, profile: Profile) -> tuple[Profile, str] | None:
        """The profile with an address that answers, and its key; None where it can't or may not be asked, which is said."""
        if not profile.base_url.strip():
            self.troubled.emit("There is no address to ask", "Fill in the base URL first.", False)
            return None
        try:
            key = await self._keys.aget(profile.uid) or "" if profile.needs_key else ""
            if not await self._may_send(profile, key):
                return None
            return await self._ready(profile), key
        except KeyStoreUnavailable as error:
            self.troubled.emit("The key can't be read", error.sentence, True)
        except OSError as error:
            self.troubled.emit("The demo did not start", str(error), False)
        return None

    async def _may_send(self, profile: Profile, key: str) -> bool:
        """Asks before a key travels unencrypted to another machine, once for each."""
        host = clear_text_host(profile, key)
        where = (profile.uid, host)
        if not host or where in self._allowed_in_clear:
            return True
        if not await confirm_in_clear(self._window, profile.name, host):
            return False
        self._allowed_in_clear.add(where)
        return True
