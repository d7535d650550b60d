"""The same word in both answers: which event of one side brought what an event of the other did, and how much later.

Events are linked by where their words stand in the answer's text, so it does not matter how the endpoints cut it. Where the
answers differ, the parts that are the same are linked, and of the others it is said that they have no counterpart.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.protocols.reading import Meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exchange.exchange import Exchange

SLICE_EVENTS = 2_000
Span = tuple[int, int]
Place = tuple[Span, Span]
"""Characters of A and of B that differ: from, to."""


class Missing(StrEnum):
    """Why an event has no counterpart."""

    OTHER_WORDS = "other_words"  # the other answer says something else there
    NO_WORDS = "no_words"  # it brings none of the answer's words, and the other side has no such event
    NOT_KNOWN = "not_known"  # where the words stand is not known: it runs, or the events' words are not the answer


class Counterpart(NamedTuple):
    """An event of the other side, None with the reason."""

    event: int | None
    why: Missing | None = None


class WordPlaces:
    """Where the words of each event of an exchange stand in its answer; taken in slices, once the exchange is finished.

    Attributes:
        events: those that bring words, in order. begins: for each, the character of the text that its words begin at.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.events = array("I")
        self.begins = array("Q")
        self._length = 0
        self._taken = 0
        self._others: dict[str, array[int]] = {}  # events without words, by what they are called
        self._other_text = False

    def advance(self, budget: int = SLICE_EVENTS) -> bool:
        """Take in some more events; True while there are more."""
        one = self._exchange
        if not one.finished or self._other_text:
            return False
        text, end = self.text, min(one.events_read, self._taken + budget)
        for index in range(self._taken, end):
            self._take(index, text)
        self._taken = end
        return end < one.events_read

    def _take(self, index: int, text: str) -> None:
        one = self._exchange
        if one.events.meanings[index] == Meaning.TEXT:
            words = one.protocol.words(one.events.event(index))
            self._other_text |= not text.startswith(words, self._length)
            if words:
                self.events.append(index)
                self.begins.append(self._length)
                self._length += len(words)
        elif one.events.meanings[index] == Meaning.NOTHING:
            self._others.setdefault(self._name(index), array("I")).append(index)

    def _name(self, index: int) -> str:
        one = self._exchange
        return one.events.type_name(index) or one.protocol.label(one.events.event(index))

    @property
    def known(self) -> bool:
        """Whether the places are right: the whole answer was taken in, and the events' words in a row are its text."""
        all_taken = self._exchange.finished and self._taken == self._exchange.events_read
        return all_taken and not self._other_text and 0 < self._length == len(self.text)

    @property
    def text(self) -> str:
        return self._exchange.reading.text

    def span(self, event: int) -> Span | None:
        """The characters that an event brought; None where it brought none."""
        at = bisect_right(self.events, event) - 1
        if at < 0 or self.events[at] != event:
            return None
        return self.begins[at], self.begins[at + 1] if at + 1 < len(self.begins) else self._length

    def event_at(self, character: int) -> int:
        """The event that brought a character of the text."""
        return self.events[bisect_right(self.begins, character) - 1]

    def number(self, event: int) -> tuple[str, int] | None:
        """Which one it is of those without words that are called as it is; None for one with content."""
        if event >= self._taken or self._exchange.events.meanings[event] != Meaning.NOTHING:
            return None
        name = self._name(event)
        return name, bisect_right(self._others[name], event) - 1

    def numbered(self, name: str, number: int) -> int | None:
        """The event that is so called and numbered."""
        events = self._others.get(name)
        return events[number] if events is not None and number < len(events) else None


class WordLinks:
    """Both sides of one round.

    Attributes:
        a, b: the places of each side's words.
    """

    def __init__(self, a: Exchange, b: Exchange) -> None:
        self.exchanges = a, b
        self.a, self.b = WordPlaces(a), WordPlaces(b)
        self._differing: dict[bool, Sequence[Place]] | None = None

    def advance(self, budget: int = SLICE_EVENTS) -> bool:
        """Take in some more events of each side; True while there are more."""
        return any([self.a.advance(budget), self.b.advance(budget)])

    @property
    def whole(self) -> bool:
        """Whether both were finished when they were taken in."""
        return all(one.finished for one in self.exchanges)

    @property
    def known(self) -> bool:
        """Whether words are linked at all; where not, only the time is left."""
        return self.a.known and self.b.known

    def counterpart(self, event: int, *, of_a: bool) -> Counterpart:
        """The event of the other side that brought the same word as this one: the first word of it that both have."""
        mine, other = (self.a, self.b) if of_a else (self.b, self.a)
        if not self.known:
            return Counterpart(None, Missing.NOT_KNOWN)
        span = mine.span(event)
        if span is None:
            number = mine.number(event)
            found = other.numbered(*number) if number is not None else None
            return Counterpart(found, None if found is not None else Missing.NO_WORDS)
        at = self._across(mine.text, span, of_a)
        return Counterpart(other.event_at(at)) if at is not None else Counterpart(None, Missing.OTHER_WORDS)

    def later_ms(self, event: int) -> float | None:
        """How much later B brought the word that an event of A brought; None where it did not, or without times."""
        found = self.counterpart(event, of_a=True).event
        if found is None:
            return None
        ours, theirs = (
            one.since_start_ms(one.events.stamp_ns(at)) for one, at in zip(self.exchanges, (event, found), strict=True)
        )
        return None if ours is None or theirs is None else theirs - ours

    def _across(self, text: str, span: Span, of_a: bool) -> int | None:
        """Where the first of these characters that both have stands in the other text; white space counts where it is alone."""
        places, (begin, end) = self._places()[of_a], span
        alone = text[begin:end].isspace()
        while begin < end:
            if text[begin].isspace() and not alone:
                begin += 1
                continue
            number = bisect_right(places, begin, key=lambda place: place[0][0]) - 1
            mine, other = places[number] if number >= 0 else ((0, 0), (0, 0))
            if begin >= mine[1]:
                return other[1] + begin - mine[1]
            begin = mine[1]
        return None

    def _places(self) -> dict[bool, Sequence[Place]]:
        """Where the answers differ: by whether the first span of each is A's."""
        if self._differing is None:
            places = differing(self.a.text, self.b.text)
            self._differing = {True: places, False: [(b, a) for a, b in places]}
        return self._differing


def differing(a: str, b: str) -> Sequence[Place]:
    """Where two texts differ, in order; what lies between two places is the same in both."""
    if a == b:
        return []
    from app.run.diff.texts import compare_texts  # not before a word is looked for

    return [(place.a, place.b) for place in compare_texts(a, b).places]
