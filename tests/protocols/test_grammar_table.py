"""The form of a grammar: rows, a machine that follows them, and the shortest way to each state."""

from __future__ import annotations

import pytest

from app.protocols.findings import Rule, Severity
from app.protocols.grammar import Machine, Table

LATE = Rule("X1", Severity.NOTE, "Late", "Late.", "Late.")
TABLE: Table[str, str] = Table(
    "start",
    (
        ("start", "open", "open", None),
        ("start", "word", "open", LATE),
        ("open", "word", "open", None),
        ("open", "stop", "done", None),
        ("done", "word", "done", LATE),
        ("lost", "stop", "done", None),
    ),
)


def test_a_machine_follows_the_table() -> None:
    machine = Machine(TABLE)
    assert [machine.take(one) for one in ("open", "word", "stop", "word")] == [None, None, None, LATE]
    assert machine.state == "done"


def test_an_input_without_a_row_is_an_error() -> None:
    with pytest.raises(KeyError):
        Machine(TABLE).take("stop")


def test_the_shortest_way_to_a_state() -> None:
    assert TABLE.path("start") == []
    assert TABLE.path("done") == ["open", "stop"]
    assert TABLE.path("lost") is None


def test_two_rows_for_one_step_are_refused() -> None:
    with pytest.raises(AssertionError):
        Table("a", (("a", "x", "a", None), ("a", "x", "b", None)))
