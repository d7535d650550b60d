"""Gets both sides ready to be asked: keys are read, demos started, and a key that would travel in plain text is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from app.store.keys import KeyStoreUnavailable
from app.store.profiles import Profile
from app.text.sentences import tr
from ui.shared.before_run import notice_before
from ui.shared.key_states import UNKNOWN
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services

Wanted = tuple[Profile | None, str]
"""What a side is set to: its profile, None where none is chosen, and the model's name."""


class Prepared(msgspec.Struct):
    """What is sent to whom; or, where a side lacks something, why nothing is. Both are empty where the user did not want it."""

    choices: dict[SideName, SideChoice] = msgspec.field(default_factory=dict)
    notices: dict[SideName, Notice] = msgspec.field(default_factory=dict)


async def prepare(
    services: Services, wanted: Mapping[SideName, Wanted], over: QWidget, *, needs_model: bool = True
) -> Prepared:
    """Look at all sides, then get each ready; a question stands over `over`, where nothing is missing on any side.

    Raises DemoError where the demo's endpoints do not start.
    """
    from app.asking.runner import SideChoice

    looked_at = {name: await _key_or_notice(services, *one, needs_model) for name, one in wanted.items()}
    prepared = Prepared(notices={name: notice for name, (_, notice) in looked_at.items() if notice is not None})
    if prepared.notices:
        return prepared
    for name, (profile, model) in wanted.items():
        key, _ = looked_at[name]
        assert profile is not None
        if not await services.plain_text.may_send(profile, key, over):
            return Prepared()
        started = await services.demo.started(profile)
        prepared.choices[name] = SideChoice(started, model, key, services.models.of(started))
    return prepared


async def _key_or_notice(
    services: Services, profile: Profile | None, model: str, needs_model: bool
) -> tuple[str, Notice | None]:
    state = UNKNOWN
    if profile is not None:
        await services.keys.wait_for(profile)
        state = services.keys.state(profile)
    notice = notice_before(profile, model, state, offered_keys(services, profile), needs_model=needs_model)
    if notice is not None or profile is None:
        return "", notice
    try:
        return await services.keys.key_for(profile), None
    except KeyStoreUnavailable as error:
        return "", Notice(tr("The key could not be read, so nothing was sent"), error.sentence)


def offered_keys(services: Services, profile: Profile | None) -> tuple[tuple[str, object], ...]:
    """Buttons for the keys that the environment offers to a profile, two at the most."""
    keys = [one for one in services.keys.offers(profile) if one.kind == "key"] if profile is not None else []
    return tuple((tr("Run with {variable} ({masked})", variable=one.variable, masked=one.masked), one) for one in keys[:2])
