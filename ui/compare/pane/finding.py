"""Finding in the events of a pane, as the words are typed: a slice at a time, so that a huge stream never stops the window."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.run.finding_words import Finder
    from ui.compare.pane.events_model import EventsModel
    from ui.compare.pane.events_table import EventsTable
    from ui.compare.pane.find_box import FindBox

BUDGET_S = 0.005  # a slice more may take three: together no more than 8 ms


class EventFinding(QObject):
    """Looks for what the box holds in the exchange of a table, and says there how many events have it.

    Signals:
        found: go to this event.
    """

    found = Signal(int)

    def __init__(self, model: EventsModel, table: EventsTable, box: FindBox) -> None:
        super().__init__(table)
        self._model, self._table, self._box = model, table, box
        self._finder: Finder | None = None
        self._from: int | None = None  # the event that was selected when typing began
        self._go = False  # to the first that is found
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._on_rest)

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to show yet of what is looked for."""
        return self._rest.isActive() and self._go

    def restart(self) -> None:
        """Another exchange is shown."""
        self._finder, self._from = None, None
        self.look_for(self._box.text(), go=False)

    def look_for(self, words: str, *, go: bool = True) -> None:
        """Look for other words; `go`: to the first of them behind where typing began."""
        before = self._finder
        if before is None or not before.words:
            self._from = self._table.current_event
        self._rest.stop()
        self._finder, self._go = None, False
        if not words or self._model.exchange is None:
            return
        from app.run.finding_words import Finder  # not before something is looked for

        self._finder = Finder(self._model.exchange, words, before)
        self._go = go
        self._rest.start()

    def step(self, forward: bool) -> None:
        """Go to the next or the previous event that has the words; what has come since is looked through, too."""
        if self._finder is None or self._finder.words != self._box.text():
            return self.look_for(self._box.text())
        self._rest.start()
        event = self._finder.next(self._table.current_event, forward=forward)
        if event is not None:
            self.found.emit(event)
        return self._tell(more=True)

    def _on_rest(self) -> None:
        finder = self._finder
        if finder is None:
            return self._rest.stop()
        end = perf_counter() + BUDGET_S
        while (more := finder.advance()) and perf_counter() < end:
            pass
        if not more:
            self._rest.stop()
        if self._go and finder.events and (not more or finder.events[-1] >= (self._from or 0)):
            self._go = False
            event = finder.at_or_behind(self._from)
            if event is not None:
                self.found.emit(event)
        return self._tell(more=more)

    def _tell(self, *, more: bool = False) -> None:
        finder, current = self._finder, self._table.current_event
        if finder is not None:
            at = finder.number(current) if current is not None else 0
            self._box.tell(at, len(finder.events), more=more)
