"""Every row of every grammar can be come to, and says what it says there: each table is walked by its shortest ways.

What a row must find is told from outside by each room's own `test_rows.py`, by bytes through its reader.
"""

from __future__ import annotations

from typing import Any

import pytest

from app.protocols.grammar import Machine, Row, Table
from tests.protocols.catalogues import tables

ROWS = [(name, row) for name, table in tables().items() for row in table.rows]
IDS = [f"{name} {row.state.name} {row.input.name}" for name, row in ROWS]


@pytest.mark.parametrize(("name", "row"), ROWS, ids=IDS)
def test_a_row_is_come_to_and_followed(name: str, row: Row[Any, Any]) -> None:
    table: Table[Any, Any] = tables()[name]
    way = table.path(row.state)
    if way is None:
        way = table.path(row.state, legal=False)
    assert way is not None, "no input leads to this state"
    machine = Machine(table)
    for given in way:
        machine.take(given)
    assert machine.state is row.state
    assert machine.take(row.input) is row.rule
    assert machine.state is row.then


def test_states_and_inputs_are_all_used() -> None:
    used = {one for table in tables().values() for row in table.rows for one in (row.state, row.input, row.then)}
    kinds: set[Any] = {type(one) for one in used}
    for kind in kinds:
        assert {one for one in used if isinstance(one, kind)} == set(kind)
