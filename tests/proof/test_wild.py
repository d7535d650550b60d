"""Whatever a relay thinks of, something is said: a finding, or a failure with its cause."""

from __future__ import annotations

import pytest

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange, Outcome
from tests.proof.asking import hurtful
from tests.proof.wild import HARMLESS, WILD


@pytest.mark.parametrize("name", WILD)
def test_it_is_said(name: str, met: dict[str, Exchange]) -> None:
    row, exchange = WILD[name], met[name]
    said = [(one.id, str(one.severity), one.event, one.sentence) for one in exchange.findings]
    assert exchange.outcome is row.outcome, said
    assert {one.id for one in hurtful(exchange)} == set(row.found.split()), said
    assert {one.id for one in exchange.findings} >= set(row.notes.split()), said
    diagnosis = diagnose(exchange)
    assert (diagnosis is not None) == (row.outcome is Outcome.FAILED)
    if diagnosis is not None:
        assert diagnosis.cause
        assert diagnosis.fix
        assert not row.rule or diagnosis.rule == row.rule, diagnosis
    assert name in HARMLESS or row.outcome is Outcome.FAILED or said
