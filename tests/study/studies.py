"""Studies whose requests are answered here, at the times that a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from app.checks.asker import Endpoint, Step
from app.checks.budget import Prices
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.recording.recording import Recording
from app.recording.records import Request, SideName
from app.study.plan import SIDES, StudyPlan
from app.study.session import Pair, StudySession
from tests.builders import recording, stream

MESSAGES = "anthropic-messages"
Ms = Callable[[SideName, int], float | None]


class Answers:
    """Answers with a stream whose first token comes after so many milliseconds; None: refused with `status`.

    Attributes:
        sent: (step, n, side) and the prompt of each request, in order.
    """

    def __init__(self, first_token_ms: Ms, status: int = 401) -> None:
        self.first_token_ms, self.status = first_token_ms, status
        self.sent: list[tuple[str, int, SideName, bytes]] = []
        self.stop_at: tuple[str, int] | None = None
        self.waits = asyncio.Event()

    async def __call__(self, side: SideName, request: Request, step: Step) -> Exchange:
        self.sent.append((step.name, step.n, side, request.body))
        if (step.name, step.n) == self.stop_at:
            self.waits.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return answered(self.first_token_ms(side, step.n), side, step, self.status)


def answered(ms: float | None, side: SideName, step: Step, status: int) -> Exchange:
    return Exchange(recorded(ms, side, step, status)).finish()


def recorded(ms: float | None, side: SideName, step: Step, status: int) -> Recording:
    """The same as a file has it, not read."""
    if ms is None:
        one = recording([(600.0, b'{"type":"error","error":{"type":"x","message":"no"}}')], side=side, status=status)
    else:
        one = stream(ms, side=side, wait_ms=ms - 150)
    note = msgspec.structs.replace(one.envelope.profile, prices={"input": 1.0, "output": 10.0})
    one.envelope = msgspec.structs.replace(one.envelope, scenario="study", step=step.name, round=step.n, profile=note)
    return one


def plan(**more: object) -> StudyPlan:
    sides: dict[SideName, str] = {"a": MESSAGES, "b": MESSAGES}
    return StudyPlan(7, sides, {"a": "claude-opus-4-8", "b": "claude-opus-4-8"}, **more)  # type: ignore[arg-type]


def session(chosen: StudyPlan, answers: Answers, slept: list[float] | None = None, own: bool = True) -> StudySession:
    prices = Prices(MESSAGES, "m", {"input": 1.0, "output": 10.0} if own else None)
    endpoints = {side: Endpoint(side, MESSAGES, "m", Target("http://127.0.0.1:1"), prices) for side in chosen.protocols}

    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)

    return StudySession(chosen, endpoints, answers, sleep=sleep)


async def played(first_token_ms: Ms, **more: object) -> StudySession:
    one = session(plan(**more), Answers(first_token_ms))
    await one.run()
    return one


def made_pairs(first_token_ms: Ms, count: int) -> list[Pair]:
    """Pairs of such answers."""
    pairs = []
    for n in range(1, count + 1):
        a, b = (answered(first_token_ms(side, n), side, Step("", "pair", n), 401) for side in SIDES)
        pairs.append(Pair(n, "a", a, b))
    return pairs
