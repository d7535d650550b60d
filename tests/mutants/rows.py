"""Rows of the grammars: each without its rule, with one where it has none, and with another next state."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.protocols.findings import Rule, Severity
from app.protocols.grammar import Row, Table
from tests.mutants.mutant import Mutant
from tests.protocols.catalogues import tables

_PROBE = Rule("X1", Severity.NOTE, "A probe", "It came.", "It came.", "None.", "None needed.")


def mutants() -> Iterator[Mutant]:
    """A mutant for each thing that a row says."""
    for name, table in tables().items():
        tests = (f"tests/protocols/{name.split()[0]}/test_rows.py",)
        for row in table.rows:
            words = tuple(f"{row.state.name}{between}{row.input.name}" for between in "- ")
            for what, then, rule in _others(row):
                full_name = f"row {name} {row.state.name} {row.input.name}: {what}"
                yield Mutant(full_name, tests, partial(_replace, table, row, then, rule), words)


def _others(row: Row[Any, Any]) -> Iterator[tuple[str, Any, Rule | None]]:
    if row.rule:
        yield "no rule", row.then, None
    else:
        yield "a rule", row.then, _PROBE
    kind: Any = type(row.then)
    states = list(kind)
    other = states[states.index(row.then) - 1]
    yield f"to {other.name}", other, row.rule


def _replace(table: Table[Any, Any], row: Row[Any, Any], then: Any, rule: Rule | None) -> None:
    table.steps[row.state, row.input] = then, rule
