"""The tests of endpoints: one at a time, and the verdicts of each endpoint's last one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.asking.endpoint_test import EndpointTest
from ui.endpoints.reaching import NotReached, reach

if TYPE_CHECKING:
    from app.asking.verdicts import VerdictRow
    from app.store.profiles import Profile
    from ui.shared.services import Services
    from ui.shared.tasks import Tasks


def _asked(profile: Profile) -> Profile:
    """The profile without what a test does not send."""
    return msgspec.structs.replace(profile, name="", label="", prices=None)


class EndpointTests(QObject):
    """Starts them, stops them, and keeps by uid what came of them since the window opened.

    Signals:
        changed: the test of this uid began, came on or ended.
        not_reached: nothing was asked; a `NotReached` says why.
    """

    changed = Signal(str)
    not_reached = Signal(object)

    def __init__(self, services: Services, tasks: Tasks, over: QWidget) -> None:
        """Questions to the user stand over `over`."""
        super().__init__(over)
        self._services, self._tasks, self._over = services, tasks, over
        self._rows: dict[str, dict[str, VerdictRow]] = {}
        self._tested: dict[str, Profile] = {}
        self._running: tuple[str, asyncio.Task[None]] | None = None
        # What was tested with the key before is outdated.
        services.keys.key_changed.connect(lambda uid: self._tested.pop(uid, None))

    def take_over(self, before: EndpointTests) -> None:
        """Go on with what came of the tests of another window, where nothing runs any more."""
        self._rows, self._tested = before._rows, before._tested

    def rows(self, uid: str) -> tuple[VerdictRow, ...]:
        """The verdicts of the last test, () where there was none."""
        return tuple(self._rows.get(uid, {}).values())

    def is_running(self, uid: str) -> bool:
        """Whether its test goes on."""
        return self._running is not None and self._running[0] == uid

    def is_outdated(self, profile: Profile) -> bool:
        """Whether what the last test asked is no longer what this profile would ask."""
        if not self.rows(profile.uid) or self.is_running(profile.uid):
            return False
        tested = self._tested.get(profile.uid)
        return tested is None or _asked(tested) != _asked(profile)

    def start(self, profile: Profile) -> None:
        """Test an endpoint; a test that goes on is stopped."""
        self.stop()
        task = self._tasks.start(self._test(profile))
        self._running = profile.uid, task
        # Not at the coroutine's own end: one that is stopped at once never begins.
        task.add_done_callback(lambda ended: self._on_ended(profile.uid, ended))
        self.changed.emit(profile.uid)

    def stop(self) -> None:
        """End the test; what was seen stays."""
        if self._running is not None:
            self._running[1].cancel()

    def forget(self, uid: str) -> None:
        """Keep nothing of an endpoint that was deleted."""
        if self.is_running(uid):
            self.stop()
        self._rows.pop(uid, None)

    async def _test(self, profile: Profile) -> None:
        uid, services = profile.uid, self._services
        try:
            caller = await reach(services, profile, self._over)
        except NotReached as why:
            self.not_reached.emit(why)
            return
        rows = self._rows[uid] = {}
        self._tested[uid] = caller.profile

        def on_row(row: VerdictRow) -> None:
            rows[row.question] = row
            self.changed.emit(uid)

        test = EndpointTest(caller, on_row, asks_other_paths=services.settings.ask_other_paths)
        await test.run()
        if test.models is not None:
            services.models.keep(caller.profile, test.models)

    def _on_ended(self, uid: str, ended: asyncio.Task[None]) -> None:
        if self._running is not None and self._running[1] is ended:  # else another test has begun meanwhile
            self._running = None
        self.changed.emit(uid)
