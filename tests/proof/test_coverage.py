"""Nothing of the catalogue is forgotten: every id, every deviation and every knob is proved, or said where it will be."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from app.exchange import transport_rules
from app.protocols.any import rules as any_rules
from app.protocols.chat import rules as chat_rules
from app.protocols.chat import rules_calls, rules_usage, rules_words
from app.protocols.findings import Rule
from app.protocols.messages import rules as messages_rules
from app.protocols.responses import rules as responses_rules
from app.protocols.responses import rules_answer
from app.simulator.faults import FAULTS
from tests.proof import coverage
from tests.proof.rows import ROWS
from tests.proof.wild import WILD
from tests.protocols.chat import test_findings as chat
from tests.protocols.messages import test_grammar as messages
from tests.protocols.responses import test_findings as responses

COMMON = (transport_rules, any_rules)
PROTOCOLS = (
    (messages_rules,),
    (chat_rules, rules_calls, rules_usage, rules_words),
    (responses_rules, rules_answer),
)
HERE = {one.id for one in ROWS} | {found for one in WILD.values() for found in (*one.found.split(), *one.notes.split())}
HERE |= {one.found for one in ROWS} | {also for one in ROWS for also in one.also.split()}
# Where the protocols' own tests provoke a deviation, by the smallest answer that has it.
ELSEWHERE = {
    "tests/protocols/messages/test_grammar.py": {one for _, ids in messages.BROKEN.values() for one in ids},
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


def deviations(module: ModuleType) -> list[Rule]:
    table = getattr(module, "RULES", None)
    return list(table.values()) if table else [one for one in vars(module).values() if isinstance(one, Rule)]


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


@pytest.mark.parametrize("module", [*COMMON, *(module for modules in PROTOCOLS for module in modules)])
def test_every_deviation_has_a_row(module: ModuleType) -> None:
    proved = HERE.union(*ELSEWHERE.values())
    assert {one.id for one in deviations(module)} - proved == set()


def test_transport_and_answer_deviations_are_proved_over_sockets() -> None:
    below = {one.id for module in COMMON for one in deviations(module)}
    assert below - HERE == set()


def test_rows_name_only_known_deviations() -> None:
    known = {one.id for modules in (COMMON, *PROTOCOLS) for module in modules for one in deviations(module)}
    assert HERE - known <= set(coverage.CATALOGUED) | {""}


def test_one_id_is_one_deviation_in_a_protocol() -> None:
    """What one answer can bring has ids of its own: framing and answer beside each of the protocols."""
    common = [one.id for module in COMMON for one in deviations(module)]
    for modules in PROTOCOLS:
        ids = [*common, *(one.id for module in modules for one in deviations(module))]
        assert len(ids) == len(set(ids)), sorted(one for one in set(ids) if ids.count(one) > 1)


def test_every_knob_is_proved_legal_failing_or_left_to_a_named_check() -> None:
    proved = {knob.partition("=")[0] for one in ROWS for knob in one.knobs.split("+")}
    plain = {knob.partition("=")[0] for knob in (*coverage.LEGAL_KNOBS, *coverage.FAILING_KNOBS, *coverage.HEAVY_KNOBS)}
    refusals = {name for name, fault in FAULTS.items() if fault.group in ("errors", coverage.LIST_KNOBS)}
    told = proved | plain | refusals | set(coverage.UNSEEN_KNOBS)
    assert set(FAULTS) - told == set()
    assert (plain | set(coverage.UNSEEN_KNOBS)) - set(FAULTS) == set()
