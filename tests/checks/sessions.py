"""Sessions of made-up checks, whose requests are answered here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from app.checks import registry
from app.checks.asker import Asker, Endpoint, Step
from app.checks.budget import Prices
from app.checks.check import Check, Control, Cost, Group
from app.checks.judgement import Judged
from app.checks.judging import Plan
from app.checks.seen import Steps, each
from app.checks.session import Session
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.recording.recording import Recording
from app.recording.records import Envelope, Headers, ProfileNote, Request, SideName
from tests.builders import JSON
from tests.builders import recording as made

MESSAGES = "anthropic-messages"
Answer = tuple[int, Headers, dict[str, object]]


def answer(text: str = "yes", output_tokens: int = 5) -> Answer:
    usage = {"input_tokens": 20, "output_tokens": output_tokens}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn"}
    return 200, JSON, {**message, "stop_sequence": None, "content": [{"type": "text", "text": text}], "usage": usage}


def refusal(status: int = 400, kind: str = "invalid_request_error", headers: Headers = ()) -> Answer:
    return status, (*JSON, *headers), {"type": "error", "error": {"type": kind, "message": "no"}}


Answers = Callable[[SideName, Step, Request], Answer]


class Sender:
    """Answers what a session sends, and notes it.

    Attributes:
        sent: (side, check, step, n) of each request, in order.
        gate: an answer waits for it where it is set.
    """

    def __init__(self, answers: Answers = lambda _side, _step, _request: answer()) -> None:
        self.answers = answers
        self.sent: list[tuple[SideName, str, str, int]] = []
        self.at_once = self.most_at_once = 0
        self.gate: asyncio.Event | None = None
        self.begun = asyncio.Event()

    async def __call__(self, side: SideName, request: Request, step: Step) -> Exchange:
        self.sent.append((side, step.check, step.name, step.n))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        try:
            await (self.gate.wait() if self.gate is not None else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        return exchange(side, request, step, self.answers(side, step, request))


def exchange(side: SideName, request: Request, step: Step, said: Answer) -> Exchange:
    """One that has ended."""
    return Exchange(recorded(side, request, step, said)).finish()


def recorded(side: SideName, request: Request, step: Step, said: Answer) -> Recording:
    """The same as a file has it, not read."""
    status, headers, body = said
    data = json.dumps(body).encode()
    one = made([(500.0, data)], side=side, status=status, headers=headers, streamed=False)
    note = ProfileNote(side, "http://x", MESSAGES, prices=PER_MILLION)
    told = step.check, step.name, step.attempt
    envelope = Envelope(MESSAGES, note, "checks", "m", side, step.n, False, "", "", *told)
    one.envelope, one.request = envelope, request
    return one


def check(
    name: str,
    *rests_on: str,
    steps: int = 1,
    judge: Callable[[Steps], Judged] | None = None,
    group: Group = Group.MINIMAL,
    control: Control = Control.HELPS,
    reads: tuple[str, ...] = (),
    loss: str = "",
) -> Check:
    """A check that asks `steps` times (or reads what others asked), and passes where all of them completed."""

    async def ask(asker: Asker) -> None:
        for n in range(1, steps + 1):
            await asker.ask("one", "hello", n=n, max_tokens=10)

    return Check(
        id=name, group=group, title=name.capitalize(), proves="It works.", cost=Cost(steps, 20, 10), ask=ask,
        judge=each(judge or passes), control=control, rests_on=rests_on, reads=reads, loss=loss,
    )  # fmt: skip


def passes(steps: Steps) -> Judged:
    if (trouble := steps.hindered("one")) is not None:
        return trouble
    if not steps.completed("one"):
        return Judged(verdict=Verdict.FAIL, reason="refused", sentence="{who} refuses.", evidence=(steps.evidence("one"),))
    return Judged(verdict=Verdict.PASS, reason="works", sentence="{who} works.")


@contextmanager
def known(*checks: Check) -> Iterator[None]:
    """For so long, these are all the checks there are."""
    before = registry._TOPICS
    registry._TOPICS = (checks,)
    _forget()
    try:
        yield
    finally:
        registry._TOPICS = before
        _forget()


def _forget() -> None:
    registry.all_checks.cache_clear()
    registry.by_id.cache_clear()


PER_MILLION = {"input": 1.0, "output": 10.0}


def session(
    checks: tuple[Check, ...],
    send: Sender,
    *,
    sides: tuple[SideName, ...] = ("a", "b"),
    cap_usd: float | None = None,
    cap_tokens: int | None = None,
    slept: list[float] | None = None,
    own: Mapping[str, float] = PER_MILLION,
) -> Session:
    """A session of these checks; `slept` takes the seconds that it would have slept."""
    protocols: dict[SideName, str] = dict.fromkeys(sides, MESSAGES)
    models: dict[SideName, str] = dict.fromkeys(sides, "m")
    plan = Plan(tuple(one.id for one in checks), 7, protocols, models, cap_usd=cap_usd, cap_tokens=cap_tokens)
    target = Target("http://127.0.0.1:1")
    endpoints = {side: Endpoint(side, MESSAGES, "m", target, Prices(MESSAGES, "m", dict(own))) for side in sides}

    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)

    return Session(plan, endpoints, send, sleep=sleep)
