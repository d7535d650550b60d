"""A recording played again: its records come anew into a fresh recording, each when its time has come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Marked, MarkName, Record

_ALL = 1 << 63  # later than any stamp
_CONNECTED = (MarkName.TLS_END, MarkName.PROXY_END, MarkName.CONNECT_END)  # the first there is: the connection stood then


class RecordingReplay:
    """Plays one recording again, which must have ended; it is read, never changed.

    Attributes:
        recording: what has come of it so far.

    Stamps and marks stay the original's. Where secrets were masked is known from the beginning on, else one would be shown
    up to the end of its replay. Requests to other paths, which were sent after the end, do not come.
    """

    def __init__(self, whole: Recording) -> None:
        self._whole = whole
        self.recording = Recording(whole.envelope, whole.request)
        self.recording.amended = whole.amended
        for mask in whole.masks:
            self.recording.apply(mask)
        self._timed = sorted(_timed(whole), key=lambda pair: pair[0])
        self._taken = 0

    def advance(self, ns: int) -> None:
        """Take in what had come up to a moment, in nanoseconds of the original's clock; never anything twice."""
        while self._taken < len(self._timed) and self._timed[self._taken][0] <= ns:
            self.recording.apply(self._timed[self._taken][1])
            self._taken += 1
        self._take_chunks(ns)
        if self.recording.end is None and end_ns(self._whole) <= ns:
            self.finish()

    def _take_chunks(self, ns: int) -> None:
        """The chunks up to a moment. Stamps rise, but for what two threads noted at nearly the same time: the first late one
        holds back what stands behind it, as the body's bytes have an order."""
        whole, body = self._whole.body, self.recording.body
        first = len(body)
        last = bisect_right(whole.stamps, ns, first)
        if last > first:
            start, end = len(body.data), whole.ends[last - 1]
            with memoryview(whole.data) as view:
                body.data += view[start:end]
            body.stamps.extend(whole.stamps[first:last])
            body.ends.extend(whole.ends[first:last])
            known = len(body.frame_ends)
            body.frame_ends.extend(whole.frame_ends[known : bisect_right(whole.frame_ends, end, known)])

    def finish(self) -> None:
        """Take in all that is left, with the end."""
        for _, record in self._timed[self._taken :]:
            self.recording.apply(record)
        self._taken = len(self._timed)
        self._take_chunks(_ALL)
        if self._whole.end is not None:
            self.recording.apply(self._whole.end)

    def soon_ns(self, chunks: int) -> int | None:
        """The moment at which so many more chunks have come; None where there are not so many."""
        stamps, place = self._whole.body.stamps, len(self.recording.body) + chunks - 1
        return stamps[place] if place < len(stamps) else None


def has_times(recording: Recording) -> bool:
    """Whether it says when its parts came: a capture of another program's may not."""
    stamps = recording.body.stamps
    return end_ns(recording) != NO_STAMP and (not stamps or min(stamps) != NO_STAMP)


def end_ns(recording: Recording) -> int:
    """When it ended; where that is not told (its program was killed) when the last of it came. NO_STAMP without any time."""
    end = recording.end
    if end is not None and end.ns != NO_STAMP:
        return end.ns
    return max(*recording.marks.values(), *recording.body.stamps[-1:], NO_STAMP, NO_STAMP)


def _timed(whole: Recording) -> Iterator[tuple[int, Record]]:
    """The records but for chunks, masks and the end, each with the moment at which it was known."""
    marks = whole.marks
    for mark, ns in marks.items():
        yield ns, Marked(mark, ns)
    begun = min(marks.values(), default=0)
    sent = marks.get(MarkName.SEND_BEGIN, begun)
    if whole.connection is not None:
        yield next((marks[name] for name in _CONNECTED if name in marks), sent), whole.connection
    if whole.sent is not None:
        yield sent, whole.sent
    if whole.head is not None:
        yield marks.get(MarkName.HEAD_END, marks.get(MarkName.FIRST_BYTE, sent)), whole.head
    for path in whole.paths.values():
        yield marks.get(path.mark, begun), path
    if (gone := whole.departed) is not None:
        yield max(filter(None, (gone.sent_ns, gone.acknowledged_ns)), default=sent), gone
