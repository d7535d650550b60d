"""Nothing of the catalogue is forgotten: every id, every deviation and every knob is proved, or said where it will be."""

from __future__ import annotations

import re

import pytest

from app.simulator.faults import FAULTS
from tests.proof import coverage
from tests.proof.rows import ROWS
from tests.proof.wild import WILD
from tests.protocols.any import test_end_findings
from tests.protocols.catalogues import catalogues, rules
from tests.protocols.chat import test_findings as chat
from tests.protocols.messages import test_findings as messages
from tests.protocols.responses import test_findings as responses

COMMON = tuple(name for name in catalogues() if name.startswith("app.exchange.") or name == "app.protocols.any.rules")
HERE = {one.id for one in ROWS} | {found for one in WILD.values() for found in (*one.found.split(), *one.notes.split())}
HERE |= {one.found for one in ROWS} | {also for one in ROWS for also in one.also.split()}
# Where the protocols' own tests provoke a deviation, by the smallest answer that has it.
ELSEWHERE = {
    "tests/protocols/any/test_end_findings.py": set(test_end_findings.EXAMPLES),
    "tests/protocols/messages/test_findings.py": {one for _, ids in messages.BROKEN.values() for one in ids},
    "tests/protocols/chat/test_findings.py": {
        *(one for ids, _ in [*chat.STREAM_CASES, *chat.WHOLE_CASES] for one in ids.split()),
        *(one for ids, _, _ in chat.ASKED_CASES for one in ids.split()),
    },
    "tests/protocols/responses/test_findings.py": {
        *(one for _, ids, _, _ in responses.CASES.values() for one in ids),
        *(one for _, ids, _, _ in responses.RAW.values() for one in ids),
        *(one for _, ids in responses.WHOLE.values() for one in ids),
    },
}


@pytest.mark.parametrize("deviation_id", coverage.CATALOGUED)
def test_a_catalogued_id_is_proved_or_left_to_a_named_check(deviation_id: str) -> None:
    proved = any(re.fullmatch(f"{deviation_id}[a-z]?", one) for one in HERE)
    assert proved or deviation_id in coverage.LATER
    if deviation_id in coverage.LATER:
        why, check = coverage.LATER[deviation_id]
        assert why.endswith(".")
        assert re.match(r"\d+: ", check)


def test_the_table_of_later_checks_holds_only_what_is_catalogued() -> None:
    assert set(coverage.LATER) <= set(coverage.CATALOGUED)


def ids_of(name: str) -> set[str]:
    return {rule.id for rule in catalogues()[name].values()}


@pytest.mark.parametrize("name", catalogues())
def test_every_rule_has_a_row(name: str) -> None:
    assert ids_of(name) - HERE.union(*ELSEWHERE.values()) == set()


def test_rules_of_the_transport_and_of_any_answer_are_proved_over_sockets() -> None:
    assert {one for name in COMMON for one in ids_of(name)} - HERE == set()


def test_rows_name_only_known_rules() -> None:
    assert HERE - set(rules()) <= set(coverage.CATALOGUED) | {""}


def test_every_knob_is_proved_legal_failing_or_left_to_a_named_check() -> None:
    proved = {knob.partition("=")[0] for one in ROWS for knob in one.knobs.split("+")}
    plain = {knob.partition("=")[0] for knob in (*coverage.LEGAL_KNOBS, *coverage.FAILING_KNOBS, *coverage.HEAVY_KNOBS)}
    refusals = {name for name, fault in FAULTS.items() if fault.group in ("errors", coverage.LIST_KNOBS)}
    told = proved | plain | refusals | set(coverage.UNSEEN_KNOBS)
    assert set(FAULTS) - told == set()
    assert (plain | set(coverage.UNSEEN_KNOBS)) - set(FAULTS) == set()
