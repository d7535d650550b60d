"""The upstream of this window while it listens, and the requests that are sent through a relay to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking.mirroring import Listening, Mirroring, base_url
from app.mirror.probes import probes
from app.protocols.registry import protocol_ids
from app.simulator.server.client import SimulatorError
from app.text.sentences import tr
from ui.shared.tasks import Tasks

if TYPE_CHECKING:
    from app.mirror.result import Result
    from app.store.profiles import Profile
    from app.wire.client import WireClient


class MirrorRun(QObject):
    """Holds what listens and what was seen.

    Attributes:
        results: by the names of their requests. plain: that of the plainest.
        protocol: the protocol of the last run, "" before it.

    Signals:
        changed: it listens or no longer, something arrived, a request has ended, the run has.
        failed: something could not be done; a sentence.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self.failed.emit)
        self._listening: Listening | None = None
        self._starting = False
        self._task: asyncio.Task[None] | None = None
        self.results: dict[str, Result] = {}
        self.protocol = ""

    @property
    def running(self) -> bool:
        """Whether requests are being sent."""
        return self._task is not None and not self._task.done()

    @property
    def listens(self) -> bool:
        return self._listening is not None and bool(self._listening.root)

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """The base URLs for a relay, by protocol; [] while nothing listens."""
        root = self._listening.root if self._listening is not None else ""
        return [(one, base_url(root, one)) for one in protocol_ids() if probes(one)] if root else []

    @property
    def arrived(self) -> int:
        """How many requests have come."""
        return len(self._listening.arrivals) if self._listening is not None else 0

    @property
    def strangers(self) -> int:
        """How many came without the word in the address."""
        return self._listening.strangers if self._listening is not None else 0

    @property
    def plain(self) -> Result | None:
        found = probes(self.protocol)
        return self.results.get(found[0].name) if found else None

    def listen(self) -> None:
        """Begin to listen, or end it."""
        if self._starting or self.running:
            return
        if self._listening is not None:
            listening, self._listening = self._listening, None
            self._tasks.start(listening.aclose())
            self.changed.emit()
        else:
            self._tasks.start(self._listen())

    async def _listen(self) -> None:
        self._starting = True
        listening = Listening(on_arrived=lambda _: self.changed.emit())
        try:
            await listening.start()
        except SimulatorError as error:
            self.failed.emit(tr("Nothing listens: {error}", error=error))
            return
        finally:
            self._starting = False
        self._listening = listening
        self.changed.emit()

    def start(self, wire: WireClient, profile: Profile, key: str, model: str) -> None:
        """Send all requests through the relay; where the first does not arrive, no other is sent."""
        if self._listening is None or self.running:
            return
        self.results, self.protocol = {}, profile.protocol
        self._task = self._tasks.start(self._run(self._listening, wire, profile, key, model))
        self.changed.emit()

    async def _run(self, listening: Listening, wire: WireClient, profile: Profile, key: str, model: str) -> None:
        def on_result(result: Result) -> None:
            self.results[result.probe.name] = result
            self.changed.emit()

        listening.expect(key, profile)
        mirroring = Mirroring(wire, listening, profile, key, model, on_result)
        plain, *others = probes(profile.protocol)
        try:
            await mirroring.run([plain])
            if self.results[plain.name].times:
                await mirroring.run(others)
            else:
                self.failed.emit(tr("The first request did not arrive here, so no other was sent: does the relay point here?"))
        finally:
            self._task = None
            self.changed.emit()

    def take_over(self, before: MirrorRun) -> None:
        """Listen where another window listened, and show what was seen there. Nothing may run."""
        assert not before.running
        self._listening, before._listening = before._listening, None
        if self._listening is not None:
            self._listening.on_arrived = lambda _: self.changed.emit()
        self.results, self.protocol = dict(before.results), before.protocol
        self.changed.emit()

    def stop(self) -> None:
        """End the run; what was seen stays."""
        if self._task is not None:
            self._task.cancel()

    async def aclose(self) -> None:
        """End it all."""
        await self._tasks.aclose()
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.aclose()
