"""Whole studies over a wire process and through real sockets, against a server that holds back its first tokens for so long."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from app.asking.runner import SideChoice
from app.asking.studying import Studying
from app.recording.records import SideName
from app.simulator.server.urls import base_url, fault_endpoint
from app.store.profiles import Profile
from app.study.plan import StudyPlan
from app.study.result import study_result
from app.study.statistics import Interval
from app.wire.client import WireClient
from tests.bench.frame import Row, least_times, most
from tests.terminal.program import simulating

STUDIES, PAIRS, FIRST_MS, LATER_MS = 20, 20, 20, 20
SLEEP_MS = 1.0  # by how much the server's own sleep may differ from what it was told
MESSAGES, MODEL = "anthropic-messages", "claude-sonnet-4-6"


async def rows(*, short: bool) -> list[Row]:
    """So many studies of a known difference, and as many of a server against itself."""
    studies, pairs = (1, 6) if short else (STUDIES, PAIRS)
    with simulating() as root:
        async with contextlib.aclosing(WireClient()) as wire:
            later = [await _played(wire, root, LATER_MS, pairs, seed) for seed in range(studies)]
            same = [await _played(wire, root, 0, pairs, studies + seed) for seed in range(studies)]
    told = f"{studies} studies of {pairs} pairs through real sockets"
    found, alarms = (100 * sum(not one.holds(0.0) for one in every) / studies for every in (later, same))
    return [
        Row(f"{LATER_MS} ms found, {told}", found, "%", "of", 95.0, least_times(1)),
        Row(f"95 % intervals that miss {LATER_MS} ms by more than {SLEEP_MS:g} ms, {told}", _missed(later), "%", must=most(20)),
        Row(f"A against itself called different, {told}", alarms, "%", must=most(20)),
    ]


def _missed(intervals: Sequence[Interval]) -> float:
    """Percent of them."""
    beyond = sum(not one.low - SLEEP_MS <= LATER_MS <= one.high + SLEEP_MS for one in intervals)
    return 100 * beyond / len(intervals)


async def _played(wire: WireClient, root: str, later_ms: int, pairs: int, seed: int) -> Interval:
    """The interval of a study whose B is so much later; both sides wait a moment besides."""
    waits: dict[SideName, int] = {"a": FIRST_MS, "b": FIRST_MS + later_ms}
    choices = {side: _choice(root, ms) for side, ms in waits.items()}
    plan = StudyPlan(seed, dict.fromkeys(waits, MESSAGES), dict.fromkeys(waits, MODEL), pairs, 1, max_tokens=4)
    studying = Studying(wire, plan, choices)
    await studying.run()
    difference = study_result(studying.session.pairs).ttft.difference
    assert difference is not None
    assert difference.interval is not None
    return difference.interval


def _choice(root: str, first_ms: int) -> SideChoice:
    url = base_url(root, fault_endpoint(f"delay_first_ms={first_ms}"), MESSAGES)
    return SideChoice(Profile("server", MESSAGES, url, model=MODEL, needs_key=False, proxy="none"), MODEL, "sk-of-nobody")
