"""The two lists: what ticks a line, what keeps it from being ticked, and what only a person can tick."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.checks.check import COMPLETES, REACHED, Group
from app.checks.checklists import CHECKLISTS, MIGRATION, Line, Tick, tick
from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from tests.checks.sessions import check, known

CHECKS = (
    check(REACHED, group=Group.REACH),
    check(COMPLETES, group=Group.MINIMAL),
    check("stop", group=Group.PARAMETERS),
    check("seed", group=Group.PARAMETERS),
)


@pytest.fixture(autouse=True)
def _checks() -> Iterator[None]:
    with known(*CHECKS):
        yield


def lines(**verdicts: str | Judged) -> dict[str, Line]:
    found = {
        name: Judgement(one if isinstance(one, Judged) else Judged(verdict=Verdict(one), reason="x", sentence="."))
        for name, one in verdicts.items()
    }
    return {one.item.id: one for one in tick(MIGRATION, found, [one.id for one in CHECKS]).lines}


def test_a_line_is_ticked_when_all_that_it_rests_on_passed() -> None:
    assert lines()["base_url"].tick is Tick.OPEN
    assert lines(**{REACHED: "pass"})["base_url"] == Line(MIGRATION.items[0], Tick.OPEN, (COMPLETES,))
    assert lines(**{REACHED: "pass", COMPLETES: "pass"})["base_url"] == Line(MIGRATION.items[0], Tick.TICKED)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("fail", Tick.FAILED),
        ("differs", Tick.FAILED),
        ("inconclusive", Tick.OPEN),
        ("skipped", Tick.OPEN),
        ("unsupported", Tick.TICKED),
    ],
)
def test_one_verdict_of_two(verdict: str, expected: Tick) -> None:
    line = lines(stop="pass", seed=verdict)["parameters"]
    assert (line.tick, line.checks) == (expected, ("seed",) if expected is not Tick.TICKED else ())


def test_what_needs_a_control_keeps_no_tick_back() -> None:
    alone = Judged(verdict=Verdict.SKIPPED, reason="no_control", sentence=".")
    assert lines(stop="pass", seed=alone)["parameters"].tick is Tick.TICKED
    assert lines(stop=alone, seed=alone)["parameters"].tick is Tick.OPEN


def test_what_the_control_does_too_is_not_wrong() -> None:
    both = Judged(verdict=Verdict.FAIL, reason="x", sentence=".", shared=True)
    assert lines(stop="pass", seed=both)["parameters"].tick is Tick.TICKED


def test_what_was_not_planned_stays_open() -> None:
    assert lines()["tools"] == Line(next(one for one in MIGRATION.items if one.id == "tools"), Tick.OPEN)


def test_what_only_a_person_sees() -> None:
    assert lines()["function_call"].tick is Tick.YOURS
    for checklist in CHECKLISTS:
        assert len({one.id for one in checklist.items}) == len(checklist.items)
        for item in checklist.items:
            assert item.groups or item.checks or item.yours


def test_how_far_it_is() -> None:
    found = {one: Judgement(Judged(verdict=Verdict.PASS, reason="x", sentence=".")) for one in (REACHED, COMPLETES, "stop")}
    found["seed"] = Judgement(Judged(verdict=Verdict.FAIL, reason="x", sentence="."))
    ticked = tick(MIGRATION, found, list(found))
    assert ticked.sentence == "2 of 10 ticked by these checks, 1 not right, 5 to come, 2 only you can tick"


def test_the_checks_that_are_named_exist() -> None:
    by_id.cache_clear()
    named = {name for one in CHECKLISTS for item in one.items for name in item.checks}
    assert named <= set(by_id())
