"""What a side lacks before it can be asked: told in a notice, and no longer once it has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.text.sentences import tr
from ui.shared.before_run import notice_before
from ui.shared.preparing import offered_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.recording.records import SideName
    from ui.shared.remedies import Remedies
    from ui.shared.services import Services
    from ui.shared.sides import Place, Sides
    from ui.widgets.notice import Notice, NoticeCard


class Lacking:
    """Shows the notice of one side at a time, and looks again whenever an endpoint, a model or a key is another."""

    def __init__(
        self, services: Services, sides: Sides, places: Mapping[SideName, Place], view: NoticeCard, remedies: Remedies
    ) -> None:
        self._services, self._sides, self._places, self._view = services, sides, places, view
        self._remedies = remedies
        self._name: SideName | None = None  # the side whose notice is shown
        view.chosen.connect(self._on_chosen)

    def show(self, name: SideName | None, notice: Notice | None) -> None:
        """Say what this side lacks; None: nothing is lacking any more."""
        self._name = name
        if name is not None and notice is not None:
            notice = msgspec.structs.replace(notice, title=tr("{side}: {title}", side=name.upper(), title=notice.title))
        self._view.show_notice(notice)

    def _on_chosen(self, chosen: object) -> None:
        if self._name is not None:
            self._remedies.apply(self._name, chosen)

    def look_again(self) -> None:
        """Another endpoint, model or key: whether a side that could not be asked still can't."""
        name = self._name
        if name is None:
            return None
        if self._sides.is_none(name):
            return self.show(None, None)
        profile = self._sides.profile(name)
        if profile is None:
            return None
        state = self._services.keys.state(profile)
        if state.kind == "unknown":
            return None
        notice = notice_before(profile, self._places[name].row.model, state, offered_keys(self._services, profile))
        return self.show(name if notice is not None else None, notice)
