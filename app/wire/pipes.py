"""Writing to a pipe without ever waiting for its reader: a queue in memory and a thread that empties it."""

from __future__ import annotations

import asyncio
import os
import threading
from array import array
from collections.abc import Callable, Sequence

from app.recording.body import pack_columns
from app.recording.records import Ended, Record
from app.recording.run_format import pack_frame

_BATCH_BYTES = 1 << 20
_BATCH_CHUNKS = 1 << 16
_WRITE_BYTES = 1 << 17
_GATHER_S = 0.005
# With more streams than so many: how long what is no chunk waits, and how long chunks wait at most.
_FEW, _GATHER_MANY_S, _CHUNKS_S = 4, 0.02, 0.2


class PipeWriter:
    """Owns the write end of a pipe. `broken` is called from the thread when the reader has gone."""

    def __init__(self, fd: int, name: str, broken: Callable[[], None] = lambda: None) -> None:
        self._fd = fd
        self._broken = broken
        self._items: list[bytes | ChunkBatch] = []
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Queue bytes."""
        with self._changed:
            self._append(data)
            self._changed.notify()

    def _append(self, item: bytes | ChunkBatch) -> None:
        if not self._closing:
            self._items.append(item)

    def close(self) -> None:
        """Write what is queued, then close the pipe. Does not wait."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def join(self, timeout_s: float) -> None:
        """Wait until the pipe is closed."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while items := self._take():
                self._write_all(items)
        except OSError:
            self._abandon()
        finally:
            os.close(self._fd)

    def _take(self) -> list[bytes | ChunkBatch]:
        with self._changed:
            while not self._is_due() and not self._closing:
                self._changed.wait()
            items, self._items = self._items, []
            self._items_taken()
        return items

    def _is_due(self) -> bool:
        """Whether what is queued is to be written now; called with the lock held."""
        return bool(self._items)

    def _items_taken(self) -> None:
        """The queue was taken over for writing; called with the lock held."""

    def _write_all(self, items: list[bytes | ChunkBatch]) -> None:
        """Write the items, small ones together, and free each at once: with a slow reader there may be many."""
        items.reverse()
        while items:
            group = bytearray()
            while items and len(group) < _WRITE_BYTES:
                item = items.pop()
                group += item if isinstance(item, bytes) else item.pack()
            self._write(group)

    def _write(self, data: bytearray) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def _abandon(self) -> None:
        """The reader has gone: drop what is queued."""
        with self._changed:
            self._closing = True
            self._items.clear()
        self._broken()


class ChunkBatch:
    """Chunks of one exchange that wait to be written as one record: as columns, since there may be millions."""

    def __init__(self, exchange: int) -> None:
        self.exchange = exchange
        self._stamps = array("q")
        self._sizes = array("I")
        self._frame_ends = array("Q")
        self._data = bytearray()

    @property
    def is_full(self) -> bool:
        return len(self._data) >= _BATCH_BYTES or len(self._sizes) >= _BATCH_CHUNKS

    def add(self, ns: int, data: bytes, frame_ends: Sequence[int]) -> None:
        self._data += data
        self._stamps.append(ns)
        self._sizes.append(len(data))
        self._frame_ends.extend(frame_ends)

    def pack(self) -> bytes:
        return pack_frame(self.exchange, pack_columns(self._stamps, self._sizes, bytes(self._data), self._frame_ends))


class FrameWriter(PipeWriter):
    """The sink of the wire process: writes records as frames, and chunks that wait packed together. Called on the loop alone.

    All but an exchange's end waits a few milliseconds for more: with a frame for each chunk this thread and the window's
    process would do little but wake up, on the cores that read the sockets; and while this thread is awake, the loop waits for
    it whenever it comes back from the kernel, between the marks that it takes. What waits has its stamps, and no screen shows
    it sooner. Of many streams none is looked at by itself: the more of them, the longer their chunks wait.
    """

    def __init__(self, fd: int, name: str, broken: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
        self._batches: dict[int, ChunkBatch] = {}  # those that wait, behind no record of their exchange
        self._streams = 0  # how many waited the last time
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._chunks_timer: asyncio.TimerHandle | None = None
        self._due = False
        super().__init__(fd, name, broken)

    def record(self, exchange: int, record: Record) -> None:
        """Queue a record behind all chunks of its exchange."""
        frame = pack_frame(exchange, record)
        with self._changed:
            if (batch := self._batches.pop(exchange, None)) is not None:
                self._append(batch)
            self._append(frame)
        many = self._streams > _FEW
        if isinstance(record, Ended) and not many:
            self._write_soon()
        elif self._timer is None:
            self._timer = self._loop.call_later(_GATHER_MANY_S if many else _GATHER_S, self._write_soon)

    def chunk(self, exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        """Queue a chunk, in the record that is still waiting if there is one."""
        with self._changed:
            batch = self._batches.get(exchange)
            if batch is not None and batch.is_full:
                self._append(batch)
                batch = None
            if batch is None:
                batch = self._batches[exchange] = ChunkBatch(exchange)
            batch.add(ns, data, frame_ends)
        if self._chunks_timer is None:
            wait_s = min(_CHUNKS_S, max(1, self._streams // _FEW) * _GATHER_S)
            self._chunks_timer = self._loop.call_later(wait_s, self._write_chunks)

    def close(self) -> None:
        """Write what is queued, then close the pipe. Does not wait."""
        self._queue_chunks()
        super().close()

    def _write_chunks(self) -> None:
        self._chunks_timer = None
        self._streams = len(self._batches)
        self._queue_chunks()
        self._write_soon()

    def _queue_chunks(self) -> None:
        with self._changed:
            for batch in self._batches.values():
                self._append(batch)
            self._batches.clear()

    def _write_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        with self._changed:
            self._due = True
            self._changed.notify()

    def _is_due(self) -> bool:
        return self._due and bool(self._items)

    def _items_taken(self) -> None:
        self._due = False
