"""A load: how many at a time, at which rate, when it ends, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.checks.asker import Step
from app.checks.budget import CapReachedError
from app.exchange.exchange import Exchange
from app.study.load import Load, LoadPlan, Run, StepResult, load_told, step_result, why_end
from app.text.sentences import fields_of
from tests.study.studies import answered

MESSAGES = "anthropic-messages"


class Asked:
    """Answers each request, and counts how many are asked at a time."""

    def __init__(self, ms: Callable[[int], float | None] = lambda _at_once: 300.0) -> None:
        self.ms = ms
        self.now = self.most = self.count = 0
        self.places: set[int] = set()
        self.cap_at = 0

    async def __call__(self, number: int, place: int) -> Exchange:
        if self.cap_at and number > self.cap_at:
            raise CapReachedError
        self.count += 1
        self.places.add(place)
        self.now += 1
        self.most = max(self.most, self.now)
        at_once = self.now
        await asyncio.sleep(0)
        self.now -= 1
        return answered(self.ms(at_once), "b", Step("", "load", number), 429)


def plan(*steps: float, **more: object) -> LoadPlan:
    return LoadPlan(MESSAGES, "m", steps or (1, 2, 4), **more)  # type: ignore[arg-type]


async def run(asked: Asked, *steps: float, **more: object) -> Load:
    one = Load(plan(*steps, **more), asked)
    await one.run()
    return one


async def test_each_step_asks_so_many_at_a_time() -> None:
    for step in (1, 4, 16):
        asked = Asked()
        one = await run(asked, step)
        assert asked.most == step == len(asked.places)
        assert one.results[0].runs == asked.count == max(8, 3 * step)


async def test_a_rate_is_kept_whatever_the_answers_do() -> None:
    asked = Asked()
    one = await run(asked, 200.0, open_loop=True, seconds=0.1)
    assert one.results[0].runs == asked.count == 20
    assert one.results[0].late_ms >= 0


async def test_it_ends_where_half_of_the_requests_fail() -> None:
    one = await run(Asked(lambda at_once: None if at_once > 2 else 300.0), 1, 2, 8, 16)
    assert one.ended == "failing"
    assert [result.step for result in one.results] == [1, 2, 8]
    assert set(one.results[-1].failed) == {"429"}


async def test_the_cap_makes_the_step_that_runs_the_last() -> None:
    asked = Asked()
    asked.cap_at = 12
    one = await run(asked, 1, 2, 4)
    assert one.ended == "cap"
    assert [result.runs for result in one.results] == [8, 4]


async def test_stopping_keeps_the_steps_that_were_whole() -> None:
    asked, told = Asked(), asyncio.Event()
    one = Load(plan(1, 2, 4), asked, lambda _result: told.set())
    task = asyncio.ensure_future(one.run())
    await told.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert one.ended == "stopped"
    assert one.results[0].step == 1


def result(step: float, ttft: float | None, per_second: float, completed: int = 10, within: float = 1.0) -> StepResult:
    return StepResult(step, 10, completed, {}, (0.0, 1.0), ttft, None, None, within, per_second, None, 0.0)


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ([result(1, 300.0, 1.0)], ""),
        ([result(1, 300.0, 1.0), result(2, 310.0, 2.0)], ""),
        ([result(1, 300.0, 1.0), result(2, 600.0, 1.05)], "saturated"),
        ([result(1, 300.0, 1.0), result(2, 600.0, 1.9)], ""),  # later, but more a second
        ([result(1, 300.0, 1.0), result(2, 310.0, 1.0)], ""),  # no more a second, but no later
        ([result(1, 300.0, 1.0), result(2, None, 0.0, completed=4)], "failing"),
    ],
)
def test_when_more_makes_no_sense(results: list[StepResult], why: str) -> None:
    assert why_end(results) == why


def test_our_own_lateness_is_in_the_times() -> None:
    runs = [Run(answered(300.0, "b", Step("", "load", n), 429), late_ms=50.0 * (n % 2)) for n in range(20)]
    found = step_result(20, runs, 2.0, 320.0)
    assert found.ttft == 325.0
    assert found.within == 0.5
    assert found.late_ms == 50.0
    assert found.per_second == 10.0
    assert found.p95 is not None
    assert found.p99 is None
    assert found.tokens_per_second == 20 * 98 / 2


def test_what_refusals_said_is_kept() -> None:
    one = answered(None, "b", Step("", "load", 1), 429)
    assert step_result(1, [Run(one)], 1.0, 1000.0).again == ("429: no time",)


def test_what_is_said() -> None:
    results = [result(1, 300.0, 1.0), result(2, 310.0, 2.0), result(4, 900.0, 2.1, within=0.8), result(8, 950.0, 3.0)]
    told = load_told(plan(1, 2, 4, 8), results, "saturated")
    assert [one.kind for one in told] == ["within", "best", "saturated"]
    assert told[0].words == "Up to 2 at a time, at least 95 % of first tokens came within 1 000 ms."  # not 8: 4 was not
    assert all(fields_of(one.template) <= set(one.fields) for one in told)
    assert load_told(plan(1), [], "stopped")[0].words == "It was stopped."
    bad = load_told(plan(1), [result(1, 5000.0, 1.0, within=0.0)], "")
    assert bad[0].words == "No step had 95 % of its first tokens within 1 000 ms."
