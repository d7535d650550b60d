"""The table of rules as a table: no row can be lost, and none can change places with the next, without a case that notices."""

from __future__ import annotations

from collections import defaultdict

import pytest

from app.diagnosis import RULES, Rule, diagnose, table
from app.diagnosis.facts import Facts
from tests.diagnosis import said
from tests.diagnosis.cases import CASES, variants
from tests.diagnosis.made import Case
from tests.thorough import THOROUGH

BY_RULE: dict[str, list[Case]] = defaultdict(list)
for _case in CASES:
    BY_RULE[_case.rule].append(_case)


def heard(case: Case) -> object:
    """All that a reader gets to know of a case, without the name of the row."""
    found = diagnose(case.exchange, case.context)
    return found and (found.cause, found.fix, found.change, found.actions)


@pytest.mark.parametrize("rule", RULES[:-1], ids=lambda rule: str(rule.name))
def test_a_row_that_is_missing_is_noticed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [heard(case) for case in BY_RULE[rule.name]]
    monkeypatch.setattr(table, "RULES", tuple(one for one in RULES if one is not rule))
    assert [heard(case) for case in BY_RULE[rule.name]] != before


def test_the_last_row_fits_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "RULES", RULES[:-1])
    with pytest.raises(StopIteration):
        heard(BY_RULE[RULES[-1].name][0])


def test_neighbours_that_fit_one_exchange_have_a_case_that_says_which_comes_first() -> None:
    held = {pair for case in CASES for pair in neighbours(Facts(case.exchange, case.context))}
    unheld = {
        pair: case.rule
        for case in (CASES if THOROUGH else CASES[::8])
        for exchange, context in variants(case)
        if exchange.outcome not in ("completed", "running")
        for pair in neighbours(Facts(exchange, context)) - held
    }
    assert not unheld, "add a case to neighbour_cases.py"


def neighbours(facts: Facts) -> set[tuple[str, str]]:
    """The row that speaks and the one behind it, where that fits as well; else nothing."""
    first = next(number for number, rule in enumerate(RULES) if rule.when(facts))
    pair = RULES[first : first + 2]
    return {(pair[0].name, pair[1].name)} if len(pair) == 2 and pair[1].when(facts) else set()


def test_what_is_said_is_what_was_read() -> None:
    expected = said.FILE.read_text(encoding="utf-8")
    assert "\n".join(said.lines()) == expected, "read what changed, then: python -m tests.diagnosis.said"
