"""Rules of the diagnosis: each is left out of the table, so that a later one speaks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.diagnosis import table
from app.diagnosis.model import Rule
from tests.mutants.mutant import Mutant


def mutants() -> Iterator[Mutant]:
    """A mutant for each rule."""
    for rule in table.RULES:
        yield Mutant(f"diagnosis {rule.name}", ("tests/diagnosis",), partial(_drop, rule), (rule.name,))


def _drop(rule: Rule) -> None:
    table.RULES = tuple(one for one in table.RULES if one is not rule)
