"""Load: an endpoint asked by more and more at a time, or at a rate, and what becomes of its first tokens.

Closed loop: so many askers, each with its next request when its last answer has ended. Open loop: requests at a fixed rate,
whatever the answers do; how late we were ourselves in sending is measured and told, so that no wait is left out of the figures
only because we waited, too (coordinated omission).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from statistics import median

import msgspec

from app.checks.budget import CapReachedError
from app.checks.statistics import wilson
from app.clock import now_ns
from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import start_ns
from app.protocols.base import Ask, UserTurn
from app.recording.records import find_header
from app.study.result import P95_RUNS, P99_RUNS, kind_of_failure
from app.study.statistics import Percentile, percentile
from app.study.told import Telling

STEPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
MOST_AT_ONCE = 256
_LEAST_REQUESTS, _ROUNDS = 8, 3
_SATURATED_TTFT, _SATURATED_THROUGHPUT = 1.5, 1.1
_GIVE_UP_FAILED = 0.5


class LoadPlan(msgspec.Struct, frozen=True):
    """What is asked of one endpoint.

    Attributes:
        steps: how many at a time, step after step; of an open loop, requests a second.
        open_loop: the steps are rates. seconds: how long a step of an open loop takes.
        limit_ms: what the user calls soon enough for a first token; the share within it is the goodput.
        prompt, max_tokens: the request, each with a number of its own in front.
    """

    protocol: str
    model: str
    steps: tuple[float, ...] = STEPS
    open_loop: bool = False
    seconds: float = 10.0
    limit_ms: float = 1000.0
    prompt: str = ""
    max_tokens: int = 32
    cap_usd: float | None = None

    def ask(self, number: int) -> Ask:
        """One request; its number stands first, since caches go by the beginning."""
        return self.asking(f"Request {number:06d}. ")

    def asking(self, begins: str) -> Ask:
        """A request whose prompt begins so."""
        return Ask(self.model, (UserTurn(begins + self.prompt),), self.max_tokens, stream=True)

    def requests_of(self, step: float) -> int:
        """How many requests a step has."""
        if self.open_loop:
            return max(1, round(step * self.seconds))
        return max(_LEAST_REQUESTS, _ROUNDS * round(step))


class Run(msgspec.Struct, frozen=True):
    """One request of a step; `late_ms` is how much later than planned we sent it (0 in a closed loop)."""

    exchange: Exchange
    late_ms: float = 0.0


class StepResult(msgspec.Struct, frozen=True):
    """One step.

    Attributes:
        step: how many at a time, or requests a second. runs, completed: how many. failed: by kind. share: of success (Wilson).
        ttft: the median (ms), None without one; p95, p99: None below 20 and 100 completed runs.
        within: the share of all runs whose first token came within the limit (goodput).
        per_second: completed answers a second; tokens_per_second: output tokens.
        late_ms: the worst lateness of our own sends. again: what refusals said of when to come back.
    """

    step: float
    runs: int
    completed: int
    failed: dict[str, int]
    share: tuple[float, float]
    ttft: float | None
    p95: Percentile | None
    p99: Percentile | None
    within: float
    per_second: float
    tokens_per_second: float | None
    late_ms: float
    again: tuple[str, ...] = ()


AskOne = Callable[[int, int], Awaitable[Exchange]]
"""Asks once: (number of the request, which of those at a time) -> the finished exchange."""
OnStep = Callable[[StepResult], None]


class Load:
    """Runs the steps, until the last, or until one shows that more makes no sense.

    Attributes:
        results: the steps that were run.
        ended: why it stopped before its last step: "saturated", "failing", "stopped", "cap"; "" where it did not.
    """

    def __init__(self, plan: LoadPlan, ask: AskOne, on_step: OnStep | None = None) -> None:
        self.plan = plan
        self.results: list[StepResult] = []
        self.ended = ""
        self._ask, self._on_step = ask, on_step
        self._number = 0

    async def run(self) -> None:
        """All steps. Cancelling keeps those that were whole."""
        try:
            for step in self.plan.steps:
                begun_ns = now_ns()
                runs = await (self._at_a_rate(step) if self.plan.open_loop else self._at_a_time(round(step)))
                result = step_result(step, runs, (now_ns() - begun_ns) / 1e9, self.plan.limit_ms)
                self.results.append(result)
                if self._on_step is not None:
                    self._on_step(result)
                self.ended = self.ended or why_end(self.results)
                if self.ended:
                    return
        except asyncio.CancelledError:
            self.ended = "stopped"
            raise

    async def _at_a_time(self, askers: int) -> list[Run]:
        left, runs = iter(range(self.plan.requests_of(askers))), list[Run]()

        async def one(place: int) -> None:
            for _ in left:
                if self.ended:
                    return
                if (exchange := await self._ask_on(place)) is not None:
                    runs.append(Run(exchange))

        async with asyncio.TaskGroup() as group:
            for place in range(askers):
                group.create_task(one(place))
        return runs

    async def _ask_on(self, place: int) -> Exchange | None:
        """One more request; None where the cap is reached, which makes the step that runs the last."""
        self._number += 1
        try:
            return await self._ask(self._number, place)
        except CapReachedError:
            self.ended = "cap"
            return None

    async def _at_a_rate(self, rate: float) -> list[Run]:
        """Each request at its time, whoever is still being answered; no more than `MOST_AT_ONCE` at a time."""
        free = asyncio.Queue[int]()
        for place in range(MOST_AT_ONCE):
            free.put_nowait(place)
        begun_ns = now_ns()
        runs: list[Run] = []

        async def one(due_ns: int) -> None:
            place = await free.get()
            try:
                exchange = await self._ask_on(place)
            finally:
                free.put_nowait(place)
            if exchange is not None:
                sent = start_ns(exchange.recording)
                runs.append(Run(exchange, max(0.0, (sent - due_ns) / 1e6) if sent is not None else 0.0))

        async with asyncio.TaskGroup() as group:
            for n in range(self.plan.requests_of(rate)):
                due_ns = begun_ns + round(n / rate * 1e9)
                await asyncio.sleep(max(0.0, (due_ns - now_ns()) / 1e9))
                if self.ended:
                    break
                group.create_task(one(due_ns))
        return runs


def step_result(step: float, runs: Sequence[Run], took_s: float, limit_ms: float) -> StepResult:
    """What a step says. A first token counts from when the request was due: our own lateness is in it."""
    whole = [run for run in runs if run.exchange.outcome is Outcome.COMPLETED]
    times = [run.exchange.timing.ttft + run.late_ms for run in whole if run.exchange.timing.ttft is not None]
    failed = Counter(kind_of_failure(run.exchange) for run in runs if run.exchange.outcome is not Outcome.COMPLETED)
    tokens = [usage.output_tokens for run in whole if (usage := run.exchange.reading.usage) is not None]
    known = [one for one in tokens if one is not None]
    return StepResult(
        step,
        len(runs),
        len(whole),
        dict(failed.most_common()),
        wilson(len(whole), len(runs)),
        median(times) if times else None,
        percentile(times, 0.95) if len(times) >= P95_RUNS else None,
        percentile(times, 0.99) if len(times) >= P99_RUNS else None,
        sum(one <= limit_ms for one in times) / len(runs) if runs else 0.0,
        len(whole) / took_s if took_s > 0 else 0.0,
        sum(known) / took_s if took_s > 0 and len(known) == len(whole) and known else None,
        max((run.late_ms for run in runs), default=0.0),
        tuple(dict.fromkeys(_again(run.exchange for run in runs))),
    )


def _again(exchanges: Iterable[Exchange]) -> Iterator[str]:
    for one in exchanges:
        head = one.recording.head
        if head is not None and head.status in (429, 503, 529):
            said = find_header(head.headers, "retry-after")
            yield f"{head.status}: retry-after {said}" if said else f"{head.status}: no time"


def why_end(results: Sequence[StepResult]) -> str:
    """Why no further step makes sense; "" where one does.

    Saturated: against the step before, the first token took half as long again and no more answers came a second. Failing:
    half of the requests of the last step failed.
    """
    last = results[-1]
    if last.runs and last.completed / last.runs < _GIVE_UP_FAILED:
        return "failing"
    if len(results) < 2 or last.ttft is None or results[-2].ttft is None:
        return ""
    before = results[-2]
    climbs = last.ttft > _SATURATED_TTFT * before.ttft if before.ttft else False
    return "saturated" if climbs and last.per_second < _SATURATED_THROUGHPUT * before.per_second else ""


_WITHIN = {
    False: "Up to **{step:grouped} at a time**, at least 95 % of first tokens came within {limit:milliseconds}.",
    True: "Up to **{step:grouped} requests a second**, at least 95 % of first tokens came within {limit:milliseconds}.",
}
_NONE_WITHIN = "No step had 95 % of its first tokens within {limit:milliseconds}."
_BEST = "Most answers came with {step:grouped} {unit}: {rate:grouped} a second."
_ENDED = {
    "saturated": "It ended with {step:grouped} {unit}: first tokens came later, and no more answers a second.",
    "failing": "It ended with {step:grouped} {unit}: {failed} of {runs} requests failed ({kinds:list}).",
    "stopped": "It was stopped.",
    "cap": "The cost cap ended it.",
}
_LATE = "We sent up to {late:milliseconds} later than planned; that is in the times."
_LATE_MS = 5.0


def load_told(plan: LoadPlan, results: Sequence[StepResult], ended: str) -> list[Telling]:
    """What a load says, in sentences."""
    return list(_told(plan, results, ended))


def _told(plan: LoadPlan, results: Sequence[StepResult], ended: str) -> Iterator[Telling]:
    unit = {"unit": "requests a second" if plan.open_loop else "at a time"}
    good = list(takewhile(lambda one: one.within >= 0.95, results))
    if good:
        yield Telling("within", _WITHIN[plan.open_loop], {"step": good[-1].step, "limit": plan.limit_ms})
    elif results:
        yield Telling("none_within", _NONE_WITHIN, {"limit": plan.limit_ms})
    if len(results) > 1:
        best = max(results, key=lambda one: one.per_second)
        yield Telling("best", _BEST, {**unit, "step": best.step, "rate": best.per_second})
    if ended in _ENDED:
        yield Telling(ended, _ENDED[ended], {**unit, **_last(results)})
    late = max((one.late_ms for one in results), default=0.0)
    if plan.open_loop and late >= _LATE_MS:
        yield Telling("late", _LATE, {"late": late})


def _last(results: Sequence[StepResult]) -> Mapping[str, object]:
    if not results:
        return {"step": 0, "failed": 0, "runs": 0, "kinds": []}
    last = results[-1]
    return {"step": last.step, "failed": last.runs - last.completed, "runs": last.runs, "kinds": list(last.failed)}
