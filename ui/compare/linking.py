"""Makes the two panes turn together: tab, round, time and selection, until the user releases them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from ui.compare.pane.pane import Pane


class PaneLink(QObject):
    """Passes what the user does in one pane on to the other.

    Attributes:
        on: the panes turn together.

    Signals:
        event_selected: the user went to an event: (the pane's name, round from 1, index).
    """

    event_selected = Signal(str, int, int)

    def __init__(self, a: Pane, b: Pane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self._passing = False
        for pane, other in ((a, b), (b, a)):
            self._connect(pane, other)
        self._panes = (a, b)

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
        for pane in self._panes:
            pane.tabs.set_linked(on)

    def _pass(self, act: Callable[[], object]) -> None:
        if self.on and not self._passing:
            with self._guard():
                act()

    def _on_event(self, pane: Pane, other: Pane, number: int, event: int) -> None:
        ms = pane.events.model.ms_of(event)
        if ms is not None:
            self._pass(lambda: other.go_to_ms(number, ms))
        self.event_selected.emit(pane.name, number, event)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        self._passing = True
        try:
            yield
        finally:
            self._passing = False
