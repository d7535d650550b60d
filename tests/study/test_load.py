"""A load: how many at a time, at which rate, when it ends, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from app.checks.asker import Step
from app.checks.budget import CapReachedError
from app.exchange.exchange import Exchange
from app.exchange.timing import start_ns
from app.recording.records import MarkName, SideName
from app.study.load import Again, Load, LoadPlan, Run, StepResult, since_left, step_result, why_end
from app.study.load_sides import LoadSides
from app.study.load_told import Loaded, again_words, load_told
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


def result(
    step: float, ttft: float | None, per_second: float, completed: int = 10, within: float = 1.0, **more: object
) -> StepResult:
    one = StepResult(step, 10, completed, {}, (0.0, 1.0), ttft, None, None, within, per_second, None, 0.6)
    return msgspec.structs.replace(one, **{"good_per_second": within * per_second, **more})


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


def test_our_own_lateness_is_in_the_times_of_an_open_loop() -> None:
    runs = [Run(answered(300.0, "b", Step("", "load", n), 429), late_ms=50.0 * (n % 2), number=n) for n in range(20)]
    found = step_result(20, runs, 2.0, plan(open_loop=True, limit_ms=220.0))
    assert found.ttft == 224.0  # each left 101 ms after it was begun
    assert found.within == 0.5
    assert found.late_ms == 50.0
    assert (found.per_second, found.good_per_second) == (10.0, 5.0)
    assert found.p95 is not None
    assert found.p99 is None
    assert found.tokens_per_second == 20 * 98 / 2
    assert found.samples == {"p50": 18, "p95": 1}
    closed = step_result(20, runs, 2.0, plan(limit_ms=220.0))
    assert (closed.ttft, closed.within, closed.late_ms) == (199.0, 1.0, 50.0)


def test_goodput_needs_both_limits() -> None:
    runs = [Run(answered(300.0 + n, "b", Step("", "load", n), 429), number=n) for n in range(10)]
    total = runs[4].exchange.timing.total
    assert total is not None
    total -= 101  # each left so many ms after it was begun
    assert step_result(1, runs, 1.0, plan(total_limit_ms=total)).within == 0.5
    assert step_result(1, runs, 1.0, plan(total_limit_ms=total, limit_ms=201.0)).within == 0.3


def test_times_of_a_load_count_from_when_the_request_left() -> None:
    one = answered(300.0, "b", Step("", "load", 1), 429)
    begun, marks = start_ns(one.recording), one.recording.marks
    assert begun is not None
    marks[MarkName.SEND_END] = begun + 40_000_000
    assert since_left(one.timing.ttft, one) == 260.0
    assert since_left(None, one) is None
    del marks[MarkName.SEND_END]
    assert since_left(300.0, one) is None  # the request was never out


def test_what_refusals_said_is_kept() -> None:
    one = answered(None, "b", Step("", "load", 1), 429)
    found = step_result(1, [Run(one, number=7)], 1.0, plan())
    assert found.again == (Again(429, None, "", 1),)
    assert found.samples == {"429": 7}
    assert again_words(found.again[0]) == "429: no word of when again"
    assert again_words(Again(429, 8.0, "retry-after", 3)) == "429: again in 8 s (retry-after)"
    assert one.recording.head is not None
    one.recording.head = msgspec.structs.replace(one.recording.head, headers=(("retry-after", "8"),))
    assert step_result(1, [Run(one)], 1.0, plan()).again == (Again(429, 8.0, "retry-after", 1),)


@pytest.mark.parametrize("count", [5, 6])
def test_the_five_most_frequent_words_of_when_to_come_back_are_kept(count: int) -> None:
    def refused(seconds: int) -> Run:
        one = answered(None, "b", Step("", "load", seconds), 429)
        assert one.recording.head is not None
        one.recording.head = msgspec.structs.replace(one.recording.head, headers=(("retry-after", str(seconds)),))
        return Run(one)

    runs = [refused(seconds) for seconds in range(1, count + 1) for _ in range(seconds)]
    said = step_result(1, runs, 1.0, plan()).again
    assert [one.seconds for one in said] == [float(seconds) for seconds in range(count, count - 5, -1)]


def told(sides: dict[str, Loaded]) -> list[tuple[str, str]]:
    said = load_told(sides)  # type: ignore[arg-type]
    assert all(fields_of(one.template) <= set(one.fields) for one in said)
    return [(one.kind, one.words) for one in said]


def test_what_is_said() -> None:
    results = (result(1, 300.0, 1.0), result(2, 310.0, 2.0), result(4, 900.0, 2.1, within=0.8), result(8, 950.0, 3.0))
    said = told({"b": Loaded(plan(1, 2, 4, 8), results, "saturated")})
    assert [kind for kind, _ in said] == ["within", "best", "saturated", "late"]
    assert said[0][1] == (  # not 8: 4 was not
        "Within your limit (first token within 1 000 ms for 95 of 100) it serves up to 2 at once."
    )
    assert said[1][1] == "Goodput was best with 8 at once: 3.0 answers within the limit a second."
    assert said[3][1] == "Our own sends were at most 0.6 ms late."
    stopped = told({"a": Loaded(plan(1), results[:1], "stopped"), "b": Loaded(plan(1), (), "stopped")})
    assert stopped[0][1].endswith(" A serves up to 1 at once.")
    assert told({"b": Loaded(plan(1), (), "stopped")}) == [("stopped", "It was stopped.")]
    bad = told({"b": Loaded(plan(1), (result(1, 5000.0, 1.0, within=0.0),))})
    assert bad[0][1] == "No step was within your limit (first token within 1 000 ms for 95 of 100)."


def test_what_is_said_of_two() -> None:
    good, bad = result(1, 300.0, 1.0), result(2, 2000.0, 2.0, within=0.0)
    refused = result(2, 310.0, 2.0, completed=8, within=0.8, failed={"429": 2}, again=(Again(429, 8.0, "retry-after", 2),))
    open_loop = plan(1, 2, open_loop=True, total_limit_ms=3000.0)
    said = told({"a": Loaded(open_loop, (good, result(2, 305.0, 2.0))), "b": Loaded(open_loop, (good, refused))})
    assert "best" not in [kind for kind, _ in said]
    assert said[0][1].endswith(", whole answer within 3 000 ms for 95 of 100) A serves 2 requests a second, B 1.")
    assert ("refused", "With 2 requests a second B refused 2 of 10 (429) and asks for 8 s.") in said
    assert said[-1][1] == "Our own sends were at most 0.6 ms late, which is in the times."
    sides = {"a": Loaded(plan(1, 2), (bad,)), "b": Loaded(plan(1, 2), (good,))}
    assert "B serves 1 at once; A is within it at no step." in told(sides)[0][1]
    assert told({"a": sides["b"], "b": sides["a"]})[0][1].endswith("A serves 1 at once; B is within it at no step.")
    assert told({"a": sides["a"], "b": sides["a"]})[0][1].startswith("No step of either was within your limit")


def test_a_busy_machine_of_ours_is_told() -> None:
    late = result(64, 300.0, 20.0, late_ms=1500.0)
    assert told({"b": Loaded(plan(64), (late,))})[-1][1] == (
        "Our own sends were at most 1 500 ms late: this machine was busy, and its own work may be in the times."
    )


@pytest.mark.parametrize(("late_ms", "is_busy"), [(49.9, False), (50.0, True)])
def test_from_fifty_milliseconds_on_a_late_send_tells_of_a_busy_machine(late_ms: float, is_busy: bool) -> None:
    said = told({"b": Loaded(plan(64), (result(64, 300.0, 20.0, late_ms=late_ms),))})[-1][1]
    assert ("this machine was busy" in said) is is_busy


async def test_two_are_asked_in_turn_and_one_may_end_before_the_other() -> None:
    order: list[tuple[str, float]] = []
    failing = Asked(lambda at_once: None if at_once > 1 else 300.0)
    loads: dict[SideName, Load] = {
        "a": Load(plan(1, 2, 4), Asked(), lambda one: order.append(("a", one.step))),
        "b": Load(plan(1, 2, 4), failing, lambda one: order.append(("b", one.step))),
    }
    await LoadSides(loads).run()
    assert order == [("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 4)]
    assert (loads["a"].ended, loads["b"].ended) == ("", "failing")
    number = loads["b"].results[-1].samples["429"]
    assert loads["b"].samples[number].status == 429


async def test_a_cap_ends_both() -> None:
    capped = Asked()
    capped.cap_at = 10
    loads: dict[SideName, Load] = {"a": Load(plan(1, 2, 4), Asked()), "b": Load(plan(1, 2, 4), capped)}
    await LoadSides(loads).run()
    assert {one.ended for one in loads.values()} == {"cap"}
    assert [one.step for one in loads["a"].results] == [1]
