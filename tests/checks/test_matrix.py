"""The honest simulator against all checks, and a few rows of the knobs; all of them: `python -m tests.checks`."""

from __future__ import annotations

import pytest

from app.checks.check import Group
from app.checks.registry import all_checks, by_id, checks_for
from app.checks.verdict import Verdict
from tests.checks.knob_rows import ROWS, WITHOUT_ROW, Row
from tests.checks.matrix import fault_of_honest, fault_of_row
from tests.checks.play import PROTOCOLS, Stage

# The suite's part: rows of what is not left to chance, and each check on one protocol.
_BY_CHANCE = (Group.PARAMETERS, Group.IDENTITY)
SHOWN = [one for one in ROWS if by_id()[one.check].group not in _BY_CHANCE][::8]


def part(protocol: str) -> list[str]:
    """Each check that not all protocols have, or whose turn it is; those of the group CLIENT have tests of their own."""
    turn = PROTOCOLS.index(protocol)
    spoken = [one for one in checks_for([protocol]) if one.group is not Group.CLIENT]
    return [one.id for one in spoken if one.protocols or all_checks().index(one) % len(PROTOCOLS) == turn]


def test_every_check_has_its_turn() -> None:
    played = {name for protocol in PROTOCOLS for name in part(protocol)}
    assert {one.id for one in all_checks() if not one.opt_in and one.group is not Group.CLIENT} == played


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_honest_simulator_fails_no_check(stage: Stage, protocol: str) -> None:
    assert list(fault_of_honest(stage, protocol, checks=part(protocol))) == []


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: f"{row.check}-{row.faults}")
def test_a_fault_makes_its_check_fail(stage: Stage, row: Row) -> None:
    assert list(fault_of_row(stage, row, row.protocols[0], alone=True)) == []


def test_every_row_names_a_check() -> None:
    known = {one.id for one in all_checks()}
    assert {one.check for one in ROWS} | {name for one in ROWS for name in one.also} <= known


def test_every_check_has_a_row_or_a_reason_for_none() -> None:
    assert {one.id for one in all_checks()} - {one.check for one in ROWS} == set(WITHOUT_ROW)


def test_a_host_that_does_not_answer_is_asked_once(stage: Stage) -> None:
    found = stage.play(PROTOCOLS[0], "rst_at_once", a=None)
    assert {name: one.b.verdict for name, one in found.items() if one.b.verdict is not Verdict.SKIPPED} == {
        "reached": Verdict.FAIL
    }
    assert stage.last is not None
    assert len(stage.last.recordings) == 1
