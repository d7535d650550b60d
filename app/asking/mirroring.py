"""Behind a relay: an upstream on this machine that records what arrives, and requests that are sent through the relay to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from random import SystemRandom

import msgspec

from app.asking.caller import Caller, Purpose, secrets_of
from app.exchange.exchange import Exchange
from app.mirror.arrivals import Arrived, Given, holds, masked
from app.mirror.probes.probe import Probe
from app.mirror.result import Result, filled, holds_back, judge, new_word
from app.protocols.base import Target
from app.protocols.registry import info, protocol
from app.secrets.names import header_secrets
from app.simulator.server.upstream import Answered, Arrival, Marked, Told, Upstream
from app.store.profiles import Profile
from app.text.json_text import encode_json
from app.wire.client import WireClient
from app.wire.commands import LineName

SCENARIO = "mirror"
AT_ONCE = 3
_SETTLE_S = 5.0  # how long an answer that is still being written is waited for
_LINES: dict[str, tuple[LineName, ...]] = {
    "direct": ("check-a-1", "check-a-2", "check-a-3"),
    "relay": ("check-b-1", "check-b-2", "check-b-3"),
}

OnArrived = Callable[[Arrived], None]
OnResult = Callable[[Result], None]


class Listening:
    """The upstream while it runs, and what has arrived there.

    Attributes:
        root: its base URL with the token, without /v1; "" while it does not run.
        arrivals, given: in the order in which they came; what was answered, by number. All masked.
        strangers: how many requests came without the token.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, pace: str = "steady", token: str = "",
        on_arrived: OnArrived | None = None, key: str = "", secrets: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """`key` is the one that the relay is sent; `secrets` are masked besides those that arrive."""
        self._upstream = Upstream(self._on_told, host=host, port=port, pace=pace, token=token)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Condition()
        self.on_arrived, self._key, self._secrets = on_arrived, key, secrets
        self.root = ""
        self.arrivals: list[Arrived] = []
        self.given: dict[int, Given] = {}
        self.strangers = 0
        self._marks = self._marked = 0

    async def start(self) -> str:
        """Start it and return its root. Raises SimulatorError."""
        self._loop = asyncio.get_running_loop()
        self.root = await self._upstream.start()
        return self.root

    async def aclose(self) -> None:
        """End it."""
        await self._upstream.aclose()
        self.root = ""

    def expect(self, key: str, profile: Profile) -> None:
        """From now on a relay is sent this key: it is masked, and told from the relay's own."""
        self._key, self._secrets = key, secrets_of(profile, key)

    def order(self, word: str, faults: Sequence[str]) -> None:
        """Answer requests that hold the word with these faults."""
        self._upstream.order(word, faults)

    async def settled(self) -> None:
        """Wait until all that has arrived by now is known here."""
        self._marks += 1
        number = self._marks
        self._upstream.mark(number)
        await self.until(lambda: self._marked >= number, _SETTLE_S)

    async def until(self, ready: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Wait until `ready` holds, which is looked at whenever something came. False where the time was over before."""
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(ready)
        except TimeoutError:
            return ready()
        return True

    def _on_told(self, told: Told) -> None:
        """On the thread that reads from the process."""
        assert self._loop is not None
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._take(told), self._loop)

    async def _take(self, told: Told) -> None:
        match told:
            case Arrival():
                one = masked(to_arrived(told), self._key, self._secrets)
                self.arrivals.append(one)
                if self.on_arrived is not None:
                    self.on_arrived(one)
            case Answered():
                self.given[told.number] = Given(told.status, told.headers, told.body, told.pieces, told.streamed, told.whole)
            case Marked():
                self._marked = max(self._marked, told.number)
            case _:
                self.strangers += 1
        async with self._changed:
            self._changed.notify_all()


def to_arrived(told: Arrival) -> Arrived:
    """An arrival as it is compared; nothing of it is masked yet."""
    path = f"{told.path}?{told.query}" if told.query else told.path
    return Arrived(
        told.number, told.method, path, told.headers, told.body, told.opened_ns, told.whole_ns, told.protocol, told.counting,
        refusal=told.refusal,
    )  # fmt: skip


class Mirroring:
    """Requests through a relay to an upstream that listens.

    Attributes:
        results: by the names of their probes, in the order in which they ended.
    """

    def __init__(
        self, wire: WireClient, listening: Listening, profile: Profile, key: str, model: str, on_result: OnResult | None = None
    ) -> None:
        self._listening, self._model, self._on_result, self._key = listening, model, on_result, key
        self._relay = Caller(wire, profile, key)
        address = base_url(listening.root, profile.protocol)
        at_home = msgspec.structs.replace(profile, base_url=address, proxy="none", verify_tls=True, needs_key=False)
        self._direct = Caller(wire, at_home, "")
        self._random = SystemRandom()
        self.results: dict[str, Result] = {}

    async def run(self, probes: Sequence[Probe]) -> None:
        """Send them: a few at a time; then one by one those whose times are looked at, and those that meet an error, since
        relays remember errors.
        """
        free: asyncio.Queue[int] = asyncio.Queue()
        for number in range(AT_ONCE):
            free.put_nowait(number)

        async def one(probe: Probe) -> None:
            number = await free.get()
            try:
                await self._probe(probe, number)
            finally:
                free.put_nowait(number)

        async with asyncio.TaskGroup() as group:
            for probe in probes:
                if not _alone(probe):
                    group.create_task(one(probe))
        for probe in sorted(filter(_alone, probes), key=lambda probe: bool(probe.faults)):
            await one(probe)

    async def run_body(self, probe: Probe, body: bytes) -> None:
        """Send a body as it stands, alone: all that arrives meanwhile is taken for it."""
        begin = len(self._listening.arrivals)
        relayed = await self._send(self._relay, probe, body, "relay", 0)
        arrivals = await self._arrived(lambda: self._listening.arrivals[begin:])
        self._take(self._judged(probe, relayed, None, arrivals))

    async def _probe(self, probe: Probe, line: int) -> None:
        result = await self._result(probe, line)
        if holds_back(result):  # a relay that was asked for its first stream, or a busy machine, does so once
            again = await self._result(probe, line)
            result = result if holds_back(again) else again
        self._take(result)

    async def _result(self, probe: Probe, line: int) -> Result:
        words = [new_word(self._random) for _ in range(2)]
        bodies = [encode_json(filled(probe.body, word, self._model)) for word in words]
        for word in words if probe.faults else ():
            self._listening.order(word, probe.faults)
        relayed = await self._send(self._relay, probe, bodies[0], "relay", line)
        direct = await self._send(self._direct, probe, bodies[1], "direct", line)
        alone = await self._arrived(lambda: [one for one in self._listening.arrivals if holds(one, words[1])])
        arrivals = await self._arrived(lambda: [one for one in self._listening.arrivals if holds(one, words[0])])
        return self._judged(probe, relayed, direct, arrivals, refused_as_sent=any(one.refusal for one in alone))

    async def _send(self, caller: Caller, probe: Probe, body: bytes, way: str, line: int) -> Exchange:
        target: Target = msgspec.structs.replace(caller.target, headers=_with(caller.target.headers, probe.headers))
        request = protocol(caller.profile.protocol).build_raw(body, target)
        streamed = probe.body.get("stream") is True
        purpose = Purpose(_LINES[way][line], SCENARIO, self._model, streamed=streamed, check=SCENARIO, step=probe.name)
        return await caller.exchange(request, purpose)

    async def _arrived(self, found: Callable[[], list[Arrived]]) -> list[Arrived]:
        """What arrived, once all of it was answered."""
        given = self._listening.given
        await self._listening.settled()
        await self._listening.until(lambda: all(one.number in given for one in found()), _SETTLE_S)
        return found()

    def _judged(
        self,
        probe: Probe,
        relayed: Exchange,
        direct: Exchange | None,
        arrivals: list[Arrived],
        *,
        refused_as_sent: bool = False,
    ) -> Result:
        given = {one.number: self._listening.given[one.number] for one in arrivals if one.number in self._listening.given}
        key_sent = bool(self._key or header_secrets(self._relay.profile.headers))
        return judge(probe, relayed, direct, arrivals, given, key_sent=key_sent, refused_as_sent=refused_as_sent)

    def _take(self, result: Result) -> None:
        self.results[result.probe.name] = result
        if self._on_result is not None:
            self._on_result(result)


def _alone(probe: Probe) -> bool:
    return bool(probe.faults) or probe.body.get("stream") is True


def base_url(root: str, protocol_id: str) -> str:
    """What a client of this protocol takes as the base URL of the upstream."""
    return f"{root}/v1" if info(protocol_id).version_in_base_url else root


def _with(headers: tuple[tuple[str, str], ...], more: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    named = {name.lower() for name, _ in more}
    return (*(one for one in headers if one[0].lower() not in named), *more)
