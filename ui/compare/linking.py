"""Makes the two panes turn together, and the time axis with them: tab, round, time and selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.compare.pane.pane import EVENTS, Pane

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.axis.lane import ContentEvent
    from ui.compare.axis.time_axis import TimeAxis


class PaneLink:
    """Passes what the user does in one pane on to the other, and to the axis.

    Attributes:
        on: the panes turn together, until the user releases them.
    """

    def __init__(self, panes: Mapping[SideName, Pane], axis: TimeAxis) -> None:
        self.on = True
        self._passing = False
        self._panes, self._axis = panes, axis
        a, b = panes.values()
        for pane, other in ((a, b), (b, a)):
            pane.pair(other)
            self._connect(pane, other)
        axis.event_picked.connect(self._on_picked)

    def _connect(self, pane: Pane, other: Pane) -> None:
        pane.tab_changed.connect(lambda index: self._pass(lambda: other.set_tab(index)))
        pane.round_changed.connect(lambda number: self._pass(lambda: other.set_round(number)))
        pane.raw_toggled.connect(lambda raw: self._pass(lambda: other.events.details.set_raw(raw)))
        pane.scrolled_to_ms.connect(lambda ms: self._pass(lambda: other.events.scroll_to_ms(ms)))
        pane.event_selected.connect(lambda number, event: self._on_event(pane, other, number, event))
        pane.link_toggled.connect(self.set_on)

    def set_on(self, on: bool) -> None:
        """Link the panes or release them."""
        self.on = on
        for pane in self._panes.values():
            pane.tabs.set_linked(on)

    def _pass(self, act: Callable[[], object]) -> None:
        if self.on and not self._passing:
            with self._guard():
                act()

    def _on_event(self, pane: Pane, other: Pane, number: int, event: int) -> None:
        ms = pane.events.model.ms_of(event)
        if ms is not None:
            self._pass(lambda: other.go_to_ms(number, ms))
        self._mark(pane.name, number, event)

    def show_events(self, pane: Pane) -> None:
        """Turn a pane to its events, and the other one where they are linked."""
        for each in self._panes.values() if self.on else [pane]:
            each.set_tab(EVENTS)

    def _on_picked(self, name: SideName, place: ContentEvent) -> None:
        """A click on the axis: the event nearest to it, in its pane."""
        pane = self._panes[name]
        self.show_events(pane)
        pane.go_to(place.round, place.event)
        pane.event_selected.emit(place.round, place.event)

    def _mark(self, name: SideName, number: int, event: int) -> None:
        """The axis marks where the selected event is, on both lanes where they are linked."""
        for side, pane in self._panes.items():
            if side != name and not self.on:
                continue
            current = event if side == name else pane.events.table.current_event
            ms = None if current is None else pane.events.model.ms_of(current)
            self._axis.mark(side, None if ms is None else ms + self._axis.lanes[side].offset_ms(number))

    @contextmanager
    def _guard(self) -> Iterator[None]:
        self._passing = True
        try:
            yield
        finally:
            self._passing = False
