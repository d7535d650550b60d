"""The sides of runs against the simulator without sockets: its endpoints are called, and the clock is made up."""

from __future__ import annotations

import asyncio
from itertools import accumulate

from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.protocols.registry import info
from app.recording.recording import Recording
from app.recording.records import Connected, Envelope, Headed, MarkName, Opened, ProfileNote, Request, Sent, SideName
from app.scenarios import Plan, play
from app.simulator.faults import parse_faults
from app.simulator.model.memory import Memory
from app.simulator.server.endpoint import Endpoint
from app.simulator.server.urls import split_faults
from app.simulator.shared.events import OFFICIAL_PACE, Reply
from app.text.urls import split_url
from tests.builders import put_together

MODELS = {"anthropic-messages": "claude-sonnet-4-6", "openai-chat": "gpt-5.5", "openai-responses": "gpt-5.5"}
_BEGUN_S = 1_000.0
_STARTED = "2026-11-21T08:30:00.{:03}Z"
_HEAD_MS, _KEY = 400.0, "sk-simulated"


class Simulated:
    """One endpoint with its faults (`a+b`), which remembers what it was asked."""

    def __init__(self, protocol_id: str, faults: str = "") -> None:
        self.protocol_id = protocol_id
        self._endpoint = Endpoint(Memory(clock=lambda: _BEGUN_S), OFFICIAL_PACE, parse_faults(split_faults(faults)))
        version = "/v1" if info(protocol_id).version_in_base_url else ""
        self._target = Target(f"http://127.0.0.1:8001{version}", info(protocol_id).default_auth, _KEY)

    def run(self, plan: Plan, side: SideName = "a") -> list[Recording]:
        """The rounds of a plan, each read to its end."""
        rounds: list[Recording] = []

        async def exchange(request: Request, number: int, streamed: bool) -> Exchange:
            rounds.append(self._recorded(request, plan, side, number, streamed))
            return Exchange(rounds[-1]).finish()

        asyncio.run(play(plan, self.protocol_id, MODELS[self.protocol_id], self._target, exchange))
        return rounds

    def _recorded(self, request: Request, plan: Plan, side: SideName, number: int, streamed: bool) -> Recording:
        path = split_url(request.url).path
        reply = self._endpoint.reply(
            self._endpoint.context(request.method, path, {name.lower(): value for name, value in request.headers}, {}),
            request.body,
        )
        note = ProfileNote(f"Relay {side.upper()}", self._target.base_url, self.protocol_id, self._target.auth)
        shown = tuple((name, value.replace(_KEY, "*" * len(_KEY))) for name, value in request.headers)
        envelope = Envelope(
            self.protocol_id, note, plan.scenario, MODELS[self.protocol_id], side, number, streamed,
            _STARTED.format(number), "1",
        )  # fmt: skip
        return _answered(Opened(envelope, Request(request.method, request.url, shown, request.body)), reply, 1_000 * number)


def _answered(opened: Opened, reply: Reply, begin_ms: int) -> Recording:
    """What the wire would have recorded of a reply."""
    reused = opened.envelope.round > 1
    marks = {} if reused else {MarkName.CONNECT_BEGIN: 0.0, MarkName.CONNECT_END: 1.0}
    marks |= {MarkName.SEND_BEGIN: 2.0, MarkName.SEND_END: 3.0, MarkName.FIRST_BYTE: _HEAD_MS, MarkName.HEAD_END: _HEAD_MS}
    framing = ("transfer-encoding", "chunked") if reply.streamed else ("content-length", str(len(reply.body)))
    came_ms = list(accumulate((frame.wait_ms for frame in reply.frames), initial=_HEAD_MS))
    return put_together(
        opened,
        {name: begin_ms + at_ms for name, at_ms in {**marks, MarkName.BODY_END: came_ms[-1]}.items()},
        Connected(reused, "127.0.0.1:8001", stamped_by="kernel"),
        Headed(reply.status, "", "HTTP/1.1", (*reply.headers, framing)),
        [(begin_ms + at_ms, frame.data) for at_ms, frame in zip(came_ms[1:], reply.frames, strict=True)],
        sent=Sent("HTTP/1.1"),
    )
