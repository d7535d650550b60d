"""Which events hold words that are looked for: in their bytes, or in the answer that their words add up to.

A word that two events brought in two pieces stands in neither of them, and one that is escaped (`\\u4ece`) not in its bytes:
both stand in the answer's text, and belong to the event that brought their beginning.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from app.run.word_links import WordPlaces
from app.text.find import InBytes, InText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exchange.exchange import Exchange

SLICE_BYTES = 1 << 16
SLICE_EVENTS = 400
SLICE_CHARACTERS = 1 << 16
FEW = 8  # where one event in so many has a part of the words, to look at these one by one is quicker than at all bytes
MAPPED_CHARACTERS = 1 << 12  # where each word may be found: every one is mapped back to its event


class Finder:
    """Looks through an exchange, a slice at a call.

    Attributes:
        words: what is looked for, in one line.
        events: the events that hold it, in order; more while there is more to look through.
    """

    def __init__(self, exchange: Exchange, words: str, before: Finder | None = None) -> None:
        """`before`: another search of the same exchange, such as for the words with a letter less: what it knows is used."""
        self.words = words
        self.events = array("I")
        self.places: WordPlaces = before.places if before is not None else WordPlaces(exchange)
        self._exchange = exchange
        self._bytes, self._text = InBytes(words), InText(words)
        self._searched = 0
        self._only: Sequence[int] = ()  # before `_only_to` no others can have the words
        self._only_to = 0
        if before is not None and self._bytes.narrows(before._bytes) and FEW * len(before.events) < before._searched:
            self._only, self._only_to = array("I", before.events), before._searched
        self._text_searched = 0  # characters without it; from there on they are mapped back to events
        self._in_text = False
        self._done = False

    def advance(self, size: int = SLICE_BYTES) -> bool:
        """Look on; True while there is more of what has come."""
        if not self.words:
            return False
        if self._search_bytes(size):
            return True
        if self._done or not self._exchange.finished:
            return False
        self._done = not self._search_text()
        return not self._done

    def _search_text(self) -> bool:
        """Look on in the answer's text; True while there is more. Where its words came is looked for only once it has them."""
        text, at = self._exchange.reading.text, self._text_searched
        if self._in_text and self.places.advance(SLICE_EVENTS):
            return True
        if self._in_text and not self.places.known:
            return False
        end = at + (MAPPED_CHARACTERS if self._in_text else SLICE_CHARACTERS)
        places = self._text.places(text, at, end)
        if self._in_text:
            self._add(array("I", map(self.places.event_at, places)))
        elif next(places, None) is not None:
            self._in_text = True
            return True
        self._text_searched = end
        return end < len(text)

    def finish(self) -> Finder:
        """Look through all that has come."""
        while self.advance(1 << 30):
            pass
        return self

    def _search_bytes(self, size: int) -> bool:
        """Whole events only, so that none is looked through in two parts."""
        events, data = self._exchange.events, self._exchange.decoded.data
        if self._searched == len(events):
            return False
        if self._searched < self._only_to:
            return self._search_only(size)
        start = events.starts[self._searched]
        after = max(self._searched + 1, bisect_right(events.ends, start + size))
        prepared = self._bytes.prepared(data[start : events.ends[after - 1]])
        at, event, ends, place, add = 0, self._searched, events.ends, self._bytes.place, self.events.append
        while (at := place(prepared, at)) >= 0:
            if ends[event] <= start + at:
                event = bisect_right(ends, start + at, event + 1, after)
            add(event)
            at = ends[event] - start
            event += 1
        self._searched = after
        return after < len(events)

    def _search_only(self, size: int) -> bool:
        """The same for those events alone that held the beginning of the words."""
        events, data, at = self._exchange.events, self._exchange.decoded.data, bisect_left(self._only, self._searched)
        for event in self._only[at : at + SLICE_EVENTS]:
            start, end = events.starts[event], events.ends[event]
            if self._bytes.place(self._bytes.prepared(data[start:end]), 0) >= 0:
                self.events.append(event)
            self._searched = event + 1
            size -= end - start
            if size <= 0:
                break
        if not self._only or self._searched > self._only[-1]:
            self._searched = self._only_to
        return self._searched < len(events)

    def _add(self, found: array[int]) -> None:
        """Take in events in order, those of a slice at once: one by one each of a million would be moved for each."""
        if found:
            begin, end = bisect_left(self.events, found[0]), bisect_right(self.events, found[-1])
            self.events[begin:end] = array("I", sorted({*self.events[begin:end], *found}))

    def number(self, event: int) -> int:
        """Which of them an event is, from 1; 0 for none."""
        at = bisect_left(self.events, event)
        return at + 1 if at < len(self.events) and self.events[at] == event else 0

    def next(self, event: int | None, *, forward: bool = True) -> int | None:
        """The next of them behind an event (or before it), around the end; the first for None. None where there is none."""
        if not self.events:
            return None
        if event is None:
            return self.events[0 if forward else -1]
        at = bisect_right(self.events, event) if forward else bisect_left(self.events, event) - 1
        return self.events[at % len(self.events)]

    def at_or_behind(self, event: int | None) -> int | None:
        """The one at an event, or the next one behind it, around the end."""
        return self.next(None if not event else event - 1)
