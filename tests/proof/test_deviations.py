"""Every deviation is found, as what it is and where it is, and nothing else is found with it."""

from __future__ import annotations

import pytest

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange, Outcome
from app.protocols.findings import Severity
from tests.proof.asking import hurtful
from tests.proof.rows import ROWS, locate

NAMES = [row.name for row in ROWS]


def test_the_rows_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES), sorted(name for name in set(NAMES) if NAMES.count(name) > 1)


def test_a_deviation_is_found_and_nothing_else(asked: dict[str, Exchange], subtests: pytest.Subtests) -> None:
    for row in ROWS:
        with subtests.test(row.name):
            exchange = asked[row.name]
            said = [(one.id, str(one.severity), one.event, one.sentence) for one in exchange.findings]
            expected = {*row.also.split(), *([row.found] if row.severity not in (None, Severity.NOTE) else [])}
            assert {one.id for one in hurtful(exchange, tolerated="" if row.id == "H1" else "H1")} == expected, said
            if row.severity is None:
                diagnosis = diagnose(exchange)
                assert diagnosis is not None
                assert diagnosis.rule == row.rule
                continue
            finding = next((one for one in exchange.findings if one.id == row.found), None)
            assert finding is not None, said
            assert finding.severity is row.severity
            assert finding.event == locate(row.event, bytes(exchange.decoded.data)), said


def test_what_did_not_complete_has_a_cause_and_a_fix(asked: dict[str, Exchange], subtests: pytest.Subtests) -> None:
    for row in ROWS:
        with subtests.test(row.name):
            exchange = asked[row.name]
            diagnosis = diagnose(exchange)
            assert (diagnosis is None) == (exchange.outcome is Outcome.COMPLETED)
            if diagnosis is not None:
                assert diagnosis.cause
                assert diagnosis.fix
