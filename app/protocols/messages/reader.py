"""Reads an answer of the Messages API: a stream event by event, or one whole body."""

from __future__ import annotations

from app.protocols.findings import FindingLog, Place
from app.protocols.messages.answer import Answer
from app.protocols.messages.events import EventDecoder
from app.protocols.messages.grammar import State
from app.protocols.messages.stream import StreamReader
from app.protocols.messages.verdicts import verdicts
from app.protocols.messages.whole import WholeReader
from app.protocols.reading import Meaning, Reading
from app.stream.sse import SseEvent

MOST_OF_A_KIND = 20


class MessagesReader:
    """A fold over one answer; see `app.protocols.base.Reader`.

    What is wrong with a single event is found when it comes; what shows only at the end (an unclosed block, counts that do
    not fit, no message_stop) is found by `finish`. An answer that the user cancelled must not be blamed for having no end:
    take its `snapshot` instead.
    """

    def __init__(self) -> None:
        self.reading = Reading()
        self._log = FindingLog(self.reading.findings, MOST_OF_A_KIND, distinct=True)
        self._answer = Answer(self.reading)
        self._stream = StreamReader(self._answer, self._log)
        self._events = EventDecoder(self._answer, self._log, self._stream)
        self._finished = False

    @property
    def state(self) -> State:
        """Where the stream stands."""
        return self._answer.grammar.state

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1. Never raises, whatever the bytes."""
        self._answer.events = number
        self._log.place = self._answer.last = Place(number, event.start)
        decoded = self._events.decode(event)
        return Meaning.NOTHING if decoded is None else self._stream.read(*decoded)

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape. Never raises."""
        WholeReader(self._answer, self._log).read(body, status)

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now."""
        self._answer.assembly.update()
        return self.reading

    def finish(self) -> Reading:
        """The answer is over: text by blocks, the turn to replay, and the findings that only the end shows."""
        if not self._finished:
            self._finished = True
            self._answer.assembly.finish()
            self._log.add_all(verdicts(self._answer))
            self.reading.ended &= not self._answer.bytes_wrapped
        return self.snapshot()
