"""A study: pairs in an order that is drawn, prompts of their own, the cap, stopping, and endpoints that fail."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.checks.asker import Step
from app.exchange.exchange import Exchange
from app.exchange.timing import Timing
from app.recording.run_format import dump_run, load_run
from app.study.plan import SIDES, StudyPlan
from app.study.session import Pair, Progress, pairs_of
from tests.study.studies import Answers, answered, plan, played, session


async def test_pairs_come_after_the_warm_ups_one_request_at_a_time() -> None:
    answers = Answers(lambda _side, _n: 400.0)
    one = session(plan(pairs=3, warmups=2), answers)
    await one.run()
    steps = [(step, n) for step, n, _, _ in answers.sent]
    assert steps == [("warmup", 1)] * 2 + [("warmup", 2)] * 2 + [("pair", 1)] * 2 + [("pair", 2)] * 2 + [("pair", 3)] * 2
    assert [pair.number for pair in one.pairs] == [1, 2, 3]
    assert len(one.exchanges) == 10
    assert one.progress is Progress.DONE
    assert one.spent.requests == 10


async def test_the_order_is_drawn_and_can_be_drawn_again() -> None:
    firsts = [plan().order("pair", n)[0] for n in range(1, 101)]
    assert 30 < firsts.count("a") < 70
    assert firsts == [plan().order("pair", n)[0] for n in range(1, 101)]
    answers = Answers(lambda _side, _n: 400.0)
    one = session(plan(pairs=20, warmups=0), answers)
    await one.run()
    assert [side for _, _, side, _ in answers.sent][::2] == firsts[:20] == [pair.first for pair in one.pairs]


async def test_both_of_a_pair_get_a_prompt_of_their_own() -> None:
    answers = Answers(lambda _side, _n: 400.0)
    await session(plan(pairs=5, warmups=1), answers).run()
    bodies = [body for _, _, _, body in answers.sent]
    assert all(one == other for one, other in zip(bodies[::2], bodies[1::2], strict=True))
    assert len(set(bodies)) == 6


async def test_or_the_same_throughout() -> None:
    answers = Answers(lambda _side, _n: 400.0)
    await session(plan(pairs=3, warmups=1, same_prompt=True, prompt="Hi"), answers).run()
    bodies = {body for _, _, _, body in answers.sent}
    assert [json.loads(one)["messages"][0]["content"] for one in bodies] == ["Hi"]


async def test_the_pause_is_between_pairs_alone() -> None:
    slept: list[float] = []
    await session(plan(pairs=3, warmups=1, pause_s=2.5), Answers(lambda _side, _n: 400.0), slept).run()
    assert slept == [2.5, 2.5]


async def test_the_cap_ends_it_and_what_came_is_kept() -> None:
    one = await played(lambda _side, _n: 400.0, cap_usd=0.01)
    assert one.plan.left_out == "cap"
    assert one.spent.usd is not None
    assert 0.005 < one.spent.usd < 0.0112  # these answers are longer than was asked for: one of them may pass it
    assert one.pairs


async def test_stopping_keeps_what_came() -> None:
    answers = Answers(lambda _side, _n: 400.0)
    answers.stop_at = ("pair", 3)
    one = session(plan(), answers)
    task = asyncio.ensure_future(one.run())
    await answers.waits.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert one.plan.left_out == "stopped"
    assert [pair.a is not None and pair.b is not None for pair in one.pairs] == [True, True, False]
    assert one.progress is Progress.DONE


async def test_an_endpoint_that_fails_every_time_is_given_up() -> None:
    one = await played(lambda side, _n: None if side == "b" else 400.0, warmups=2, pairs=20)
    assert one.plan.left_out == "fails"
    assert len(one.pairs) == 1


async def test_one_that_fails_now_and_then_is_not() -> None:
    one = await played(lambda side, n: None if side == "b" and n % 2 else 400.0, warmups=0, pairs=6)
    assert one.plan.left_out == ""
    assert len(one.pairs) == 6


async def test_busy_answers_are_data() -> None:
    one = session(plan(warmups=0, pairs=5), Answers(lambda side, _n: None if side == "b" else 400.0, status=529))
    await one.run()
    assert one.plan.left_out == ""
    assert len(one.pairs) == 5


async def test_each_run_is_told_at_once() -> None:
    told: list[tuple[int, bool, bool]] = []

    def on_pair(pair: Pair) -> None:
        told.append((pair.number, pair.a is not None, pair.b is not None))

    one = session(plan(pairs=2, warmups=1), Answers(lambda _side, _n: 400.0))
    one._on_pair = on_pair
    await one.run()
    assert [number for number, _, _ in told] == [1, 1, 2, 2]
    assert told[1][1:] == told[3][1:] == (True, True)
    assert told[0][1] != told[0][2]


async def test_a_file_gives_the_same_pairs() -> None:
    from app.asking.studying import study_pairs_of, study_plan_of
    from app.recording.records import RunOpened

    one = await played(lambda side, _n: 400.0 if side == "a" else 500.0, pairs=3, warmups=1)
    opened = RunOpened("x", "", "", "study", {"plan": _as_json(one.plan)})
    read, recordings = load_run(dump_run(opened, [each.recording for each in one.exchanges]))
    kept = study_plan_of(read)
    assert kept == one.plan
    assert kept is not None
    pairs = study_pairs_of(kept, recordings)
    assert [(pair.number, pair.first) for pair in pairs] == [(pair.number, pair.first) for pair in one.pairs]
    assert [_timing(pair.of(side)) for pair in pairs for side in SIDES] == [
        _timing(pair.of(side)) for pair in one.pairs for side in SIDES
    ]
    assert study_plan_of(RunOpened("x", "", "", "streaming")) is None
    assert study_plan_of(RunOpened("x", "", "", "study", {"plan": {"pairs": "many"}})) is None


def _timing(one: Exchange | None) -> Timing:
    assert one is not None
    return one.timing


def _as_json(chosen: StudyPlan) -> object:
    import msgspec

    return msgspec.to_builtins(chosen)


def test_pairs_of_a_file_that_was_cut() -> None:
    a = answered(400.0, "a", Step("", "pair", 2), 401)
    warm = answered(400.0, "a", Step("", "warmup", 1), 401)
    pairs = pairs_of(plan(), [warm, a])
    assert [(pair.number, pair.a is a, pair.b) for pair in pairs] == [(2, True, None)]
