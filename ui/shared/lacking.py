"""What sides lack before they can be asked: told in one notice, and no longer once they have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from app.text.sentences import text_in_a_row, tr
from ui.shared.before_run import notice_before
from ui.shared.preparing import offered_keys
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.recording.records import SideName
    from ui.shared.remedies import Remedies
    from ui.shared.services import Services
    from ui.shared.sides import Place, Sides
    from ui.widgets.notice import NoticeCard


class _OfSide(NamedTuple):
    """What a button stands for, and for which side."""

    name: SideName
    meaning: object


class Lacking:
    """Shows what the sides lack in one notice, and looks again whenever an endpoint, a model or a key is another."""

    def __init__(
        self, services: Services, sides: Sides, places: Mapping[SideName, Place], view: NoticeCard, remedies: Remedies
    ) -> None:
        self._services, self._sides, self._places, self._view = services, sides, places, view
        self._remedies = remedies
        self._notices: dict[SideName, Notice] = {}
        view.chosen.connect(self._on_chosen)

    def show(self, notices: Mapping[SideName, Notice]) -> None:
        """Say what these sides lack; none: nothing is lacking any more."""
        self._notices = {**notices}
        self._view.show_notice(_as_one(notices) if notices else None)

    def _on_chosen(self, chosen: object) -> None:
        if isinstance(chosen, _OfSide):
            self._remedies.apply(*chosen)

    def look_again(self) -> None:
        """Another endpoint, model or key: whether the sides that could not be asked still can't."""
        if not self._notices:
            return
        found = {name: self._notice_of(name, before) for name, before in self._notices.items()}
        self.show({name: notice for name, notice in found.items() if notice is not None})

    def _notice_of(self, name: SideName, before: Notice) -> Notice | None:
        """What a side lacks now; what it lacked before, while that is not known."""
        if self._sides.is_none(name):
            return None
        profile = self._sides.profile(name)
        if profile is None:
            return before
        state = self._services.keys.state(profile)
        if state.kind == "unknown":
            return before
        return notice_before(profile, self._places[name].row.model, state, offered_keys(self._services, profile))


def _as_one(notices: Mapping[SideName, Notice]) -> Notice:
    """The notice of one side, or those of both as one: each side's words begin with its letter, and so do its buttons."""
    sides = {name: _of_side(name, notice, alone=len(notices) == 1) for name, notice in notices.items()}
    if len(sides) == 1:
        return next(iter(sides.values()))
    a, b = (text_in_a_row((tr("{title}.", title=one.title), one.cause, one.fix)) for one in sides.values())
    actions = tuple(action for one in sides.values() for action in one.actions)
    return Notice(tr("Nothing was sent: neither side can be asked yet"), a, b, actions=actions)


def _of_side(name: SideName, notice: Notice, *, alone: bool) -> Notice:
    actions = tuple(
        (label if alone else tr("{side}: {title}", side=name.upper(), title=label), _OfSide(name, meaning))
        for label, meaning in notice.actions
    )
    title = tr("{side}: {title}", side=name.upper(), title=notice.title)
    return msgspec.structs.replace(notice, title=title, actions=actions)
