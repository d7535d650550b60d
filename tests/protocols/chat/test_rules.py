"""The catalogue of Chat Completions: whole, and every sentence of it a template that can be shown."""

from __future__ import annotations

import pytest

from app.protocols.chat import rules, rules_calls, rules_usage
from app.protocols.findings import Rule
from app.text.sentences import STRONG, fields_of

ROWS = [row for catalogue in (rules, rules_calls, rules_usage) for row in vars(catalogue).values() if isinstance(row, Rule)]


@pytest.mark.parametrize("rule", ROWS, ids=[row.id for row in ROWS])
def test_what_a_rule_says_beside_its_sentences_has_no_fields(rule: Rule) -> None:
    for template in (rule.title, rule.hurts, rule.remedy):
        assert fields_of(template) == set()
        assert STRONG not in template
