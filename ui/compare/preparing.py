"""Gets both sides ready to be asked: keys are read, demos started, and a key that would travel in clear is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from app.recording.records import Side as SideName
from app.scenarios import Plan
from app.store.keys import KeyStoreUnavailable
from app.store.profiles import Profile
from ui.compare.before_run import notice_before
from ui.shared.services import UNKNOWN, Services
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.asking.runner import SideChoice

Wanted = tuple[Profile | None, str]
"""What a side is set to: its profile, None where none is chosen, and the model's name."""


class Prepared(msgspec.Struct):
    """What is sent to whom, and why nothing can be sent to a side. Both are empty where the user did not want it."""

    choices: dict[SideName, SideChoice] = msgspec.field(default_factory=dict)
    notices: dict[SideName, Notice] = msgspec.field(default_factory=dict)


class Preparation:
    """Remembers for as long as the window lives which keys may travel in clear, and to where."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        """`parent` is the widget that a question stands over."""
        self._services = services
        self._parent = parent
        self._may_send_in_clear: set[tuple[str, str]] = set()

    async def prepare(self, wanted: Mapping[SideName, Wanted], plan: Plan) -> Prepared:
        """Look at each side in turn. Raises DemoError where the demo's endpoints do not start."""
        from app.asking.runner import SideChoice

        prepared = Prepared()
        for name, (profile, model) in wanted.items():
            key, notice = await self._key_or_notice(profile, model, plan)
            if notice is not None:
                prepared.notices[name] = notice
                continue
            assert profile is not None
            if not await self._may_go_out(profile, key):
                return Prepared()
            models = self._services.models(profile)
            prepared.choices[name] = SideChoice(await self._services.ready(profile), model, key, models)
        return prepared

    async def _key_or_notice(self, profile: Profile | None, model: str, plan: Plan) -> tuple[str, Notice | None]:
        state = UNKNOWN
        if profile is not None:
            await self._services.wait_for_key_state(profile)
            state = self._services.key_state(profile)
        notice = notice_before(profile, model, plan, state, offered_keys(self._services, profile))
        if notice is not None or profile is None:
            return "", notice
        try:
            return await self._services.key_for(profile), None
        except KeyStoreUnavailable as error:
            return "", Notice("The key could not be read, so nothing was sent", error.sentence)

    async def _may_go_out(self, profile: Profile, key: str) -> bool:
        """Asks once for each machine that a profile's key would reach unencrypted."""
        from app.asking.cleartext import clear_text_host

        host = clear_text_host(profile, key)
        if not host or (profile.uid, host) in self._may_send_in_clear:
            return True
        from ui.shared.confirm import confirm_in_clear

        if await confirm_in_clear(self._parent, profile.name, host):
            self._may_send_in_clear.add((profile.uid, host))
            return True
        return False


def offered_keys(services: Services, profile: Profile | None) -> tuple[tuple[str, object], ...]:
    """Buttons for the keys that the environment offers to a profile, two at the most."""
    if profile is None:
        return ()
    return tuple((f"Run with {one.variable} ({one.masked})", one) for one in services.key_offers(profile)[:2])
