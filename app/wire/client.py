"""The window's and the terminal's end of the wire: `await client.exchange(...)` gives a recording."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import msgspec

from app.recording.recording import Recording
from app.recording.records import EndDetail, Ended, EndKind, Envelope, Opened, Record, Request
from app.secrets.masking import Masker, request_secrets
from app.wire.child import Frames, WireChild
from app.wire.commands import Cancel, DropConnections, Limits, LineName, Network, Start
from app.wire.guard import RecordGuard, mask_envelope, mask_request


class Call(msgspec.Struct, frozen=True):
    """What is known of an exchange before it begins. `secrets` are masked in addition to the keys in the request."""

    envelope: Envelope
    request: Request
    line: LineName
    limits: Limits = Limits()
    network: Network = Network()
    secrets: tuple[str, ...] = ()


OnRecords = Callable[[Recording, list[Record]], None]
Journal = Callable[[int, Record], None]

_CANCEL_S = 2.0
_CLOSE_S = 5.0


class WireClient:
    """Runs exchanges in a wire process, which is started when it is first needed, and again if it died.

    Attributes:
        pid: the process id of the running wire process; None where there is none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: WireChild | None = None
        self._open: dict[int, OpenExchange] = {}
        self._number = 0

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None and child.alive else None

    def start(self) -> None:
        """Start the process ahead of the first exchange, which then does not have to wait for it. Raises OSError."""
        with self._lock:
            self._running_child()

    async def exchange(self, call: Call, on_records: OnRecords | None = None, journal: Journal | None = None) -> Recording:
        """One exchange, from request to its last record. A second one on the same line waits for the first.

        The recording holds no secret: neither those of the call nor the keys in its request's headers and
        address. `on_records` is called on this loop after each batch of records that reached the recording, `journal` with
        (number, record) for each record, `Opened` first; the number tells this client's exchanges apart and is never 0. What
        goes wrong on the wire is in the recording's `end`, not raised. Cancelling closes the socket, and the recording ends as
        cancelled before CancelledError goes on. An exception of `on_records` or `journal` ends the exchange and is raised.
        """
        masker = Masker.shared((*call.secrets, *request_secrets(call.request)))
        recording = Recording(mask_envelope(masker, call.envelope), mask_request(masker, call.request))
        start = Start(0, call.line, call.request, call.limits, call.network)
        one = OpenExchange(start, recording, RecordGuard(masker, call.limits.body_bytes), on_records, journal)
        self._begin(one, start)
        try:
            await asyncio.shield(one.done)
        except asyncio.CancelledError:
            await self._give_up(one)
            raise
        finally:
            with self._lock:
                self._open.pop(one.number, None)
        return recording

    def _begin(self, one: OpenExchange, start: Start) -> None:
        with self._lock:
            self._number += 1
            one.number = self._number
            one.opened()
            try:
                one.child = self._running_child()
            except OSError as error:
                one.push([_interrupted(f"the wire process can't be started: {error}")])
                return
            self._open[one.number] = one
            one.child.send(Start(one.number, start.line, start.request, start.limits, start.network))

    def _running_child(self) -> WireChild:
        if self._child is None or not self._child.alive:
            self._child = WireChild(self._take, self._on_ended)
        return self._child

    async def _give_up(self, one: OpenExchange) -> None:
        """Cancel and wait for the last record, but not for a wire process that does not answer, nor after a second cancel."""
        one.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([one.done], timeout=_CANCEL_S)
        if not one.done.done():
            one.push([Ended(EndKind.CANCELLED)])
            one.deliver()

    def cancel(self, line: LineName) -> None:
        """Cancel what runs on a line; its `exchange` returns a recording that ended as cancelled."""
        with self._lock:
            running = [one for one in self._open.values() if one.line == line]
        for one in running:
            one.cancel()

    def drop_connections(self) -> None:
        """Close all idle connections."""
        with self._lock:
            if self._child is not None and self._child.alive:
                self._child.send(DropConnections())

    async def aclose(self) -> None:
        """End the process and whatever it runs. Leaves no thread, process or pipe behind."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        child.close(lambda: loop.call_soon_threadsafe(gone.set))
        try:
            await asyncio.wait_for(gone.wait(), _CLOSE_S)
        except TimeoutError:
            child.kill()
        child.join()

    # -- called from the child's thread

    def _take(self, frames: Frames) -> None:
        by_exchange: dict[int, list[Record]] = {}
        for number, record in frames:
            by_exchange.setdefault(number, []).append(record)
        for number, records in by_exchange.items():
            with self._lock:
                one = self._open.get(number)
            if one is not None:
                one.push(records)

    def _on_ended(self, child: WireChild, why: str) -> None:
        with self._lock:
            lost = [one for one in self._open.values() if one.child is child]
        for one in lost:
            one.push([_interrupted(why)])


class OpenExchange:
    """An exchange that runs: takes records from the child's thread, hands them over on its loop.

    Attributes:
        number: in the client, 0 before it begins.
        done: set on the loop when the recording has ended.
    """

    def __init__(
        self, start: Start, recording: Recording, guard: RecordGuard, on_records: OnRecords | None, journal: Journal | None
    ) -> None:
        self.line = start.line
        self.number = 0
        self.child: WireChild | None = None
        self._recording = recording
        self._guard = guard
        self._on_records = on_records
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self._loop.create_future()
        self._lock = threading.Lock()
        self._inbox: list[Record] = []
        self._scheduled = False

    def opened(self) -> None:
        """The first record of the journal."""
        if self._journal is not None:
            self._journal(self.number, Opened(self._recording.envelope, self._recording.request))

    def cancel(self) -> None:
        """Ask the wire to close the socket."""
        if self.child is not None:
            self.child.send(Cancel(self.number))

    def push(self, records: list[Record]) -> None:
        """Mask the records and pass them to the loop; one call for all that gather until the loop gets to it."""
        with self._lock:
            was_ended_by_us = self._guard.ended_by_us
            self._inbox += [masked for record in records for masked in self._guard.take(record)]
            if self._guard.ended_by_us and not was_ended_by_us:
                self.cancel()
            if not self._inbox or self._scheduled:
                return
            self._scheduled = True
        with suppress(RuntimeError):  # the loop is closed: nobody waits for this exchange any more
            self._loop.call_soon_threadsafe(self.deliver)

    def deliver(self) -> None:
        """On the loop: apply what came."""
        with self._lock:
            records, self._inbox = self._inbox, []
            self._scheduled = False
        if self.done.done():
            return
        try:
            self._apply(records)
        except Exception as error:  # a fault of a callback belongs to whoever awaits the exchange, not to the loop
            self.cancel()
            self.done.set_exception(error)
            return
        if self._recording.end is not None:
            self.done.set_result(None)

    def _apply(self, records: list[Record]) -> None:
        for record in records:
            if self._recording.end is None:
                self._recording.apply(record)
                if self._journal is not None:
                    self._journal(self.number, record)
        if self._on_records is not None and records:
            self._on_records(self._recording, records)


def _interrupted(why: str) -> Ended:
    """The end of an exchange whose wire process is gone."""
    return Ended(EndKind.INTERRUPTED, message=why, detail=EndDetail())
