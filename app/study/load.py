"""Load: an endpoint asked by more and more at a time, or at a rate, and what becomes of its first tokens.

Closed loop: so many askers, each with its next request when its last answer has ended. Open loop: requests at a fixed rate,
whatever the answers do; how late we were ourselves in sending is measured and told, so that no wait is left out of the figures
only because we waited, too (coordinated omission).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from statistics import median

import msgspec

from app.checks.budget import CapReachedError
from app.checks.statistics import wilson
from app.clock import now_ns
from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import start_ns
from app.exchange.way import sent_ns
from app.protocols.base import Ask, UserTurn
from app.study.result import P95_RUNS, P99_RUNS, kind_of_failure
from app.study.statistics import Percentile, percentile

STEPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
MOST_AT_ONCE = 256
LEAST_REQUESTS, _ROUNDS = 8, 3
_SATURATED_TTFT, _SATURATED_THROUGHPUT = 1.5, 1.1
_GIVE_UP_FAILED = 0.5
_REFUSED = frozenset({429, 503, 529})
_MOST_SAID = 5


class LoadPlan(msgspec.Struct, frozen=True):
    """What is asked of one endpoint.

    Attributes:
        steps: how many at a time, step after step; of an open loop, requests a second.
        open_loop: the steps are rates. seconds: how long a step of an open loop takes.
        limit_ms: what the user calls soon enough for a first token; total_limit_ms: for the whole answer, None for no limit.
            Answers within both are the goodput.
        prompt, max_tokens: the request, each with a number of its own in front.
        cap_usd, cap_tokens: None for no cap. least: so many requests a step of a closed loop has at least.
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
    cap_tokens: int | None = None
    total_limit_ms: float | None = None
    least: int = LEAST_REQUESTS

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
        return max(self.least, _ROUNDS * round(step))


class Run(msgspec.Struct, frozen=True):
    """One request of a step; `late_ms` is how much later than it was due we sent it, `number` its own."""

    exchange: Exchange
    late_ms: float = 0.0
    number: int = 0


class Again(msgspec.Struct, frozen=True):
    """What refusals alike said of when to come back: `seconds` by `source` (a header, a field or "message"), or None and ""."""

    status: int
    seconds: float | None
    source: str
    runs: int


class StepResult(msgspec.Struct, frozen=True):
    """One step.

    Attributes:
        step: how many at a time, or requests a second. runs, completed: how many. failed: by kind. share: of success (Wilson).
        ttft: the median (ms), None without one; p95, p99: None below 20 and 100 completed runs.
        within: the share of all runs that came within the user's limits; good_per_second: as many a second (goodput).
        per_second: completed answers a second; tokens_per_second: output tokens.
        late_ms: the worst lateness of our own sends. again: what refusals said of when to come back.
        samples: the numbers of requests that are worth a look: those nearest to "p50", "p95" and "p99", and one of each kind
            of failure.
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
    again: tuple[Again, ...] = ()
    good_per_second: float = 0.0
    samples: dict[str, int] = {}


AskOne = Callable[[int, int], Awaitable[Exchange]]
"""Asks once: (number of the request, which of those at a time) -> the finished exchange."""
OnStep = Callable[[StepResult], None]


class Load:
    """Runs the steps, until the last, or until one shows that more makes no sense.

    Attributes:
        results: the steps that were run. samples: by number, the exchanges that these name.
        step, done: the step that runs, None for none, and how many of its requests have ended.
        ended: why it stopped before its last step: "saturated", "failing", "stopped", "cap"; "" where it did not.
    """

    def __init__(self, plan: LoadPlan, ask: AskOne, on_step: OnStep | None = None) -> None:
        self.plan = plan
        self.results: list[StepResult] = []
        self.samples: dict[int, Exchange] = {}
        self.ended = ""
        self.step: float | None = None
        self.done = 0
        self._ask, self._on_step = ask, on_step
        self._number = 0

    async def run(self) -> None:
        """All steps. Cancelling keeps those that were whole."""
        for step in self.plan.steps:
            await self.take(step)
            if self.ended:
                return

    async def take(self, step: float) -> None:
        """One more step; `ended` says where it was the last. Cancelling leaves it out."""
        begun_ns, self.step, self.done = now_ns(), step, 0
        try:
            runs = await (self._at_a_rate(step) if self.plan.open_loop else self._at_a_time(round(step)))
        except asyncio.CancelledError:
            self.ended = "stopped"
            raise
        finally:
            self.step = None
        result = step_result(step, runs, (now_ns() - begun_ns) / 1e9, self.plan)
        numbers = set(result.samples.values())
        self.samples |= {run.number: run.exchange for run in runs if run.number in numbers}
        if runs:
            self.results.append(result)
            self.ended = self.ended or why_end(self.results)
            if self._on_step is not None:
                self._on_step(result)

    async def _at_a_time(self, askers: int) -> list[Run]:
        """Each asker's next request is due when its last answer was read."""
        left, runs = iter(range(self.plan.requests_of(askers))), list[Run]()

        async def one(place: int) -> None:
            for _ in left:
                if self.ended:
                    return
                if (run := await self._ask_on(place, now_ns())) is not None:
                    runs.append(run)

        async with asyncio.TaskGroup() as group:
            for place in range(askers):
                group.create_task(one(place))
        return runs

    async def _ask_on(self, place: int, due_ns: int) -> Run | None:
        """One more request, which was due then; None where the cap is reached, which makes the step that runs the last."""
        self._number += 1
        number = self._number
        try:
            exchange = await self._ask(number, place)
        except CapReachedError:
            self.ended = "cap"
            return None
        self.done += 1
        sent = (sent_ns if self.plan.open_loop else start_ns)(exchange.recording)  # as the times that it is added to
        return Run(exchange, max(0.0, (sent - due_ns) / 1e6) if sent is not None else 0.0, number)

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
                run = await self._ask_on(place, due_ns)
            finally:
                free.put_nowait(place)
            if run is not None:
                runs.append(run)

        async with asyncio.TaskGroup() as group:
            for n in range(self.plan.requests_of(rate)):
                due_ns = begun_ns + round(n / rate * 1e9)
                await asyncio.sleep(max(0.0, (due_ns - now_ns()) / 1e9))
                if self.ended:
                    break
                group.create_task(one(due_ns))
        return runs


def step_result(step: float, runs: Sequence[Run], took_s: float, plan: LoadPlan) -> StepResult:
    """What a step says. In an open loop times count from when the request was due: our own lateness is in them."""
    whole = [run for run in runs if run.exchange.outcome is Outcome.COMPLETED]
    firsts = ((_since_due(run.exchange.timing.ttft, run, plan), run.number) for run in whole)
    timed = sorted((ms, number) for ms, number in firsts if ms is not None)
    times = [ms for ms, _ in timed]
    failed = Counter(kind_of_failure(run.exchange) for run in runs if run.exchange.outcome is not Outcome.COMPLETED)
    tokens = [usage.output_tokens for run in whole if (usage := run.exchange.reading.usage) is not None]
    known = [one for one in tokens if one is not None]
    good = sum(_is_good(run, plan) for run in whole)
    per_second = 1 / took_s if took_s > 0 else 0.0
    p95 = percentile(times, 0.95) if len(times) >= P95_RUNS else None
    p99 = percentile(times, 0.99) if len(times) >= P99_RUNS else None
    return StepResult(
        step,
        len(runs),
        len(whole),
        dict(failed.most_common()),
        wilson(len(whole), len(runs)),
        median(times) if times else None,
        p95,
        p99,
        good / len(runs) if runs else 0.0,
        len(whole) * per_second,
        sum(known) * per_second if per_second and len(known) == len(whole) and known else None,
        max((run.late_ms for run in runs), default=0.0),
        _again(run.exchange for run in runs),
        good * per_second,
        _samples(timed, runs, {"p95": p95, "p99": p99}),
    )


def _is_good(run: Run, plan: LoadPlan) -> bool:
    """Whether an answer that completed came within the user's limits."""
    first, total = (_since_due(ms, run, plan) for ms in (run.exchange.timing.ttft, run.exchange.timing.total))
    if first is None or first > plan.limit_ms:
        return False
    return plan.total_limit_ms is None or (total is not None and total <= plan.total_limit_ms)


def _since_due(ms: float | None, run: Run, plan: LoadPlan) -> float | None:
    """A time since the request left; in an open loop since it was due. A closed one has no schedule to be late for."""
    left = since_left(ms, run.exchange)
    return left if left is None or not plan.open_loop else left + run.late_ms


def since_left(ms: float | None, exchange: Exchange) -> float | None:
    """A time of `Timing` counted from when the request left, by the kernel's time where it tells; None without either.

    The connections that a load opens, and our own work when hundreds of requests begin at once, are not in it.
    """
    begun, sent = start_ns(exchange.recording), sent_ns(exchange.recording)
    return None if ms is None or begun is None or sent is None else ms - (sent - begun) / 1e6


def _samples(timed: Sequence[tuple[float, int]], runs: Sequence[Run], shown: Mapping[str, Percentile | None]) -> dict[str, int]:
    """`timed`: first tokens with the numbers of their requests, sorted."""
    found = {"p50": timed[(len(timed) - 1) // 2][1]} if timed else {}
    found |= {name: next(n for ms, n in timed if ms >= one.value) for name, one in shown.items() if one is not None}
    for run in runs:
        if run.exchange.outcome is not Outcome.COMPLETED:
            found.setdefault(kind_of_failure(run.exchange), run.number)
    return found


def _again(exchanges: Iterable[Exchange]) -> tuple[Again, ...]:
    """What refusals for a limit or a full house say, the most frequent first."""
    from app.diagnosis import Context
    from app.diagnosis.facts import Facts  # much to import, and few loads are refused

    said = Counter[tuple[int, float | None, str]]()
    for one in exchanges:
        if one.status in _REFUSED:
            found = Facts(one, Context()).limits.again
            said[(one.status, found.seconds, found.source) if found is not None else (one.status, None, "")] += 1
    return tuple(Again(*key, count) for key, count in said.most_common(_MOST_SAID))


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
