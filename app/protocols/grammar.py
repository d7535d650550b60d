"""The form in which every protocol's grammar is written: a table of rows, and a machine that follows one stream by it.

Everything that decides what may come next stands in a table, so that a test can walk it: each row is driven to by the shortest
way (`Table.path`). Which input an event is the reader decides before; what it keeps of the event it decides after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from app.protocols.findings import Rule

S = TypeVar("S", bound=Hashable)
I = TypeVar("I", bound=Hashable)  # noqa: E741 -- an input


class Symbol(Enum):
    """A state or an input. Hashed by what it is, as it is compared: `Enum` hashes its name, by a function in Python that each
    event would call ten times.
    """

    __hash__ = object.__hash__


class Row(NamedTuple, Generic[S, I]):
    """In `state` comes `input`: then the state is `then`, and `rule` says what is wrong with that; None where it is legal."""

    state: S
    input: I
    then: S
    rule: Rule | None


class Table(Generic[S, I]):
    """A grammar. An input that has no row in a state can't come there: the reader makes none.

    Attributes:
        start: the state of a stream before its first event.
        rows: as they were written.
        steps: the next state, and what is wrong with the step, by state and input.
    """

    def __init__(self, start: S, rows: tuple[tuple[S, I, S, Rule | None], ...]) -> None:
        self.start = start
        self.rows = tuple(Row(*row) for row in rows)
        self.steps = {(row.state, row.input): (row.then, row.rule) for row in self.rows}
        assert len(self.steps) == len(self.rows), "a state and an input have two rows"

    def step(self, state: S, given: I) -> tuple[S, Rule | None]:
        """The next state, and what is wrong with the step. Raises KeyError where there is no row."""
        return self.steps[state, given]

    def path(self, to: S, *, legal: bool = True) -> list[I] | None:
        """The fewest inputs that lead from the start to a state, by legal steps alone if so; None where there is no way."""
        ways: deque[tuple[S, list[I]]] = deque([(self.start, [])])
        seen = {self.start}
        while ways:
            state, way = ways.popleft()
            if state == to:
                return way
            for row in self.rows:
                if row.state == state and row.then not in seen and not (legal and row.rule):
                    seen.add(row.then)
                    ways.append((row.then, [*way, row.input]))
        return None


class Machine(Generic[S, I]):
    """Where one stream, choice, item or part stands.

    Attributes:
        state: now.
    """

    def __init__(self, table: Table[S, I]) -> None:
        self.state = table.start
        self._table = table

    def take(self, given: I) -> Rule | None:
        """Move on by one input; what is wrong with it, None where it is legal."""
        self.state, rule = self._table.step(self.state, given)
        return rule
