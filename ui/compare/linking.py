"""Makes the two panes turn together, and the time axis with them: tab, round, word or time, and selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.text.sentences import message, tr
from ui.compare.link_mode import Link
from ui.compare.pane.pane import EVENTS, Pane

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.recording.records import SideName
    from app.run.word_links import Missing, WordLinks
    from ui.compare.axis.lane import ContentEvent
    from ui.compare.axis.time_axis import TimeAxis
    from ui.compare.spine.chooser import LinkChooser

READ_EVENTS = 300  # a step of looking for the words: some milliseconds
AT_ONCE_STEPS = 10  # so many are taken in a row when an event is selected before they are known


class PaneLink(QObject):
    """Passes what the user does in one pane on to the other, and to the axis.

    Attributes:
        mode: how the panes are linked.

    Signals:
        changed: how they are linked, what is linked by word, or what is selected or shown of the events.
    """

    changed = Signal()

    def __init__(self, panes: Mapping[SideName, Pane], axis: TimeAxis) -> None:
        super().__init__(axis)
        self.mode = Link.WORD
        self._passing = False
        self._panes, self._axis = panes, axis
        self._words: WordLinks | None = None
        self._choosers: list[LinkChooser] = []
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._take_words)
        a, b = panes.values()
        for pane, other in ((a, b), (b, a)):
            pane.pair(other)
            self._connect(pane, other)
            self.add_chooser(pane.tabs.link)
        axis.event_picked.connect(self._on_picked)

    def _connect(self, pane: Pane, other: Pane) -> None:
        pane.tab_changed.connect(lambda index: self._on_tab(other, index))
        pane.round_changed.connect(lambda number: self._on_round(other, number))
        pane.raw_toggled.connect(lambda raw: self._pass(lambda: other.events.details.set_raw(raw)))
        pane.find_typed.connect(lambda words: self._pass(lambda: other.find_too(words)))
        pane.scrolled_to.connect(lambda event: self._on_scrolled(pane, other, event))
        pane.event_selected.connect(lambda number, event: self._on_event(pane, other, number, event))

    # -- how they are linked ------------------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether the panes turn together."""
        return self.mode is not Link.OFF

    def add_chooser(self, chooser: LinkChooser) -> None:
        """Let a button choose how the panes are linked, and show it."""
        self._choosers.append(chooser)
        chooser.show_link(self.mode)
        chooser.link_chosen.connect(self.set_mode)

    def set_mode(self, mode: Link) -> None:
        """Link the panes in another way, or release them."""
        self.mode = mode
        for chooser in self._choosers:
            chooser.show_link(mode)
        self.prepare()

    @property
    def words(self) -> WordLinks | None:
        """What is linked by word; None where the panes are not, and until both answers were read."""
        found, shown = self._words, tuple(pane.exchange for pane in self._panes.values())
        return found if self.mode is Link.WORD and found is not None and found.exchanges == shown and found.known else None

    def prepare(self) -> None:
        """The exchanges that are shown are others, or have ended: their words are looked for, where they will be needed."""
        a, b = (pane.exchange for pane in self._panes.values())
        if self._words is not None and (self._words.exchanges != (a, b) or not self._words.whole):
            self._words = None
            self._rest.stop()
        if self._words is None and self._wanted(a, b) and a is not None and b is not None:
            from app.run.word_links import WordLinks  # not before there are two answers

            self._words = WordLinks(a, b)
            self._rest.start()
        self.changed.emit()

    def _wanted(self, a: Exchange | None, b: Exchange | None) -> bool:
        seen = any(pane.tab == EVENTS for pane in self._panes.values())
        return self.mode is Link.WORD and seen and all(one is not None and one.finished for one in (a, b))

    def _take_words(self) -> None:
        if self._words is None or not self._words.advance(READ_EVENTS):
            self._rest.stop()
            self.changed.emit()

    def _words_now(self) -> WordLinks | None:
        """What is linked by word, found now where that is quick."""
        self.prepare()
        for _ in range(AT_ONCE_STEPS if self._rest.isActive() else 0):
            self._take_words()
        return self.words

    # -- what the user does -------------------------------------------------------------------------------------------

    def _pass(self, act: Callable[[], object]) -> None:
        if self.on and not self._passing:
            with self._guard():
                act()

    def _on_tab(self, other: Pane, index: int) -> None:
        self._pass(lambda: other.set_tab(index))
        self.prepare()

    def _on_round(self, other: Pane, number: int) -> None:
        self._pass(lambda: other.set_round(number))
        self.prepare()

    def _on_scrolled(self, pane: Pane, other: Pane, event: int) -> None:
        """What is uppermost there comes to the same height here: the first row that has a counterpart, or the time."""
        words = self._words_now()
        if words is None:
            ms = pane.events.model.ms_of(event)
            if ms is not None:
                self._pass(lambda: other.events.scroll_to_ms(ms))
        else:
            self._pass(lambda: self._align(pane, other, words))
        self.changed.emit()

    def _align(self, pane: Pane, other: Pane, words: WordLinks) -> None:
        for event, y in pane.events.table.rows_in_view():
            found = words.counterpart(event, of_a=pane.name == "a").event
            if found is not None:
                other.events.table.follow(False)
                other.events.table.place_event(found, y)
                return

    def _on_event(self, pane: Pane, other: Pane, number: int, event: int) -> None:
        self._pass(lambda: self._select(pane, other, number, event))
        self._mark(pane.name, number, event)
        self.changed.emit()

    def _select(self, pane: Pane, other: Pane, number: int, event: int) -> None:
        other.set_round(number)
        words = self._words_now()
        if words is None:
            ms = pane.events.model.ms_of(event)
            if ms is not None:
                other.go_to_ms(number, ms)
            return
        found, why = words.counterpart(event, of_a=pane.name == "a")
        if found is None:
            other.events.show_nothing(no_counterpart(pane.name, other.name, event, why))
            return
        other.go_to(number, found)
        y = pane.events.table.y_of(event)
        if y is not None:
            other.events.table.place_event(found, y)

    def show_events(self, pane: Pane) -> None:
        """Turn a pane to its events, and the other one where they are linked."""
        for each in self._panes.values() if self.on else [pane]:
            each.set_tab(EVENTS)
        self.prepare()

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
            at = None if ms is None else ms + self._axis.lanes[side].offset_ms(number)
            self._axis.mark(side, at)
            if side == name:
                self._axis.point_at(at)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        self._passing = True
        try:
            yield
        finally:
            self._passing = False


def no_counterpart(name: SideName, other: SideName, event: int, why: Missing | None) -> str:
    """Why nothing is selected on the other side."""
    from app.run.word_links import Missing  # not before there are two answers

    template = (
        message("No counterpart: {other}’s answer says something else than {side}’s event {n:grouped}.")
        if why is Missing.OTHER_WORDS
        else message("No counterpart: {other} has no event like {side}’s event {n:grouped}.")
    )
    return tr(template, side=name.upper(), other=other.upper(), n=event + 1)
