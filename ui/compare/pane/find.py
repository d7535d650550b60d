"""Search in the raw bytes of a stream: case-sensitive, from place to place, without an index."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange


class Finder:
    """Finds bytes in an exchange's decoded body and says which event they are in.

    Attributes:
        needle: what is looked for.
        place: the number of the current place from 1, 0 for none.
        places: how many there are (not overlapping).
    """

    def __init__(self, exchange: Exchange, text: str) -> None:
        self._exchange = exchange
        self.needle = text.encode()
        self._at = -1
        self.place = 0
        self.places = exchange.decoded.data.count(self.needle) if self.needle else 0

    def start_at(self, event: int) -> None:
        """Go on from the start of an event."""
        if 0 <= event < len(self._exchange.events):
            self._at = self._exchange.events.starts[event] - 1

    def step(self, forward: bool = True) -> int | None:
        """Go to the next or previous place, around the end; the index of its event, None where there is none."""
        if not self.places:
            return None
        data = self._exchange.decoded.data
        if forward:
            found = data.find(self.needle, self._at + 1)
            found = found if found >= 0 else data.find(self.needle)
        else:
            found = data.rfind(self.needle, 0, max(self._at + len(self.needle) - 1, 0)) if self._at > 0 else -1
            found = found if found >= 0 else data.rfind(self.needle)
        self._at = found
        self.place = data.count(self.needle, 0, found + len(self.needle))
        return self._event_of(found)

    def _event_of(self, offset: int) -> int | None:
        events = self._exchange.events
        if not len(events):
            return None
        return min(bisect_right(events.ends, offset), len(events) - 1)
