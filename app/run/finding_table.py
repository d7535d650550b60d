"""The findings of a run as a table: a row each, of both sides together, and a column each client that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from app.clients.standing import Made, Standing, Why, made_of, worst
from app.clients.table import Client, Table, table
from app.protocols.findings import Severity
from app.recording.records import SideName
from app.run.finding_groups import FindingGroup, finding_groups, rank
from app.run.side import Side, seen_in


class Place(msgspec.Struct, frozen=True):
    """An event at which something was seen: `round` counts from 1, `event` is its index there."""

    side: SideName
    round: int
    event: int


class Column(msgspec.Struct, frozen=True):
    """A client.

    Attributes:
        judges: the sides whose findings are as severe as they are for it.
        chosen: the user chose it; else it judges as the official one.
    """

    client: Client
    judges: tuple[SideName, ...] = ()
    chosen: bool = False


class Cell(msgspec.Struct, frozen=True):
    """What a client makes of a finding: the worst of the sides that have it.

    Attributes:
        sides: each side that has the finding, with what is made of it there; None where the client was not run in the
            protocol of that side.
    """

    sides: tuple[tuple[SideName, Made | None], ...]

    @property
    def standing(self) -> Standing:
        return worst(made.standing for _, made in self.sides if made is not None)

    @property
    def why(self) -> Why | None:
        """Why nothing is known; None where something is."""
        if self.standing is not Standing.UNKNOWN:
            return None
        return next((made.why for _, made in self.sides if made is not None), Why.PROTOCOL)

    @property
    def only(self) -> tuple[SideName, ...]:
        """The sides that stand so, where others of those that have the finding don't; none where all do."""
        alike = tuple(side for side, made in self.sides if (made.standing if made else Standing.UNKNOWN) is self.standing)
        return alike if len(alike) < len(self.sides) else ()


class Row(msgspec.Struct, frozen=True):
    """A finding.

    Attributes:
        groups: where it was seen, by side; one or both.
        severity: for the client that judges, the worse of both sides.
        cells: a column each.
    """

    id: str
    title: str
    severity: Severity
    groups: tuple[tuple[SideName, FindingGroup], ...]
    cells: tuple[Cell, ...]

    @property
    def sides(self) -> tuple[SideName, ...]:
        return tuple(side for side, _ in self.groups)

    @property
    def places(self) -> Iterator[Place]:
        """Where it was seen, as far as that was at an event."""
        for side, group in self.groups:
            for number, one in group.seen:
                if one.event is not None:
                    yield Place(side, number, one.event - 1)


class FindingTable(msgspec.Struct, frozen=True):
    """The table.

    Attributes:
        rows: what hurts most first.
        columns: the clients that judge first, then those that speak what both sides speak.
        clean: the sides that were run and have no findings.
        date, command: when and how the clients were run.
    """

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    clean: tuple[SideName, ...]
    date: str
    command: str


def finding_table(sides: Mapping[SideName, Side], known: Table | None = None) -> FindingTable:
    """The table of a run, which may still go on."""
    known = known or table()
    shown = [side for side in sides.values() if side.rounds]
    columns = _columns(shown, known)
    grouped = {side.name: finding_groups(side) for side in shown}
    merged: dict[str, list[tuple[Side, FindingGroup]]] = {}
    for side in shown:
        for group in grouped[side.name]:
            merged.setdefault(group.first.id, []).append((side, group))
    # Sorted is stable: what hurts alike stays in the order of the sides.
    ordered = sorted(merged.values(), key=lambda found: min(rank(group) for _, group in found))
    clean = tuple(name for name, groups in grouped.items() if not groups)
    return FindingTable(tuple(_row(found, columns, known) for found in ordered), columns, clean, known.date, known.command)


def keeping_order(rows: Iterable[Row], before: Iterable[str]) -> tuple[Row, ...]:
    """Rows as they stood before, by their ids, and new ones behind them: none moves while a run goes on."""
    places = {name: number for number, name in enumerate(before)}
    return tuple(sorted(rows, key=lambda row: places.get(row.id, len(places))))


def protocol_of(side: Side) -> str:
    """The id of the protocol that a side was asked in. It has rounds."""
    assert side.last is not None
    return side.last.recording.envelope.protocol


def _columns(sides: list[Side], known: Table) -> tuple[Column, ...]:
    protocols = {protocol_of(side) for side in sides}
    judges: dict[str, list[SideName]] = {}
    for side in sides:
        if (judge := side.judge) is not None:
            judges.setdefault(judge.name, []).append(side.name)
    chosen = {one.name for side in sides if (one := side.my_client) is not None}
    first = [known.clients[name] for name in judges]
    spoken = [one for one in known.clients.values() if protocols & set(one.suffix) and one.name not in judges]
    others = sorted(spoken, key=lambda one: not protocols <= set(one.suffix))
    return tuple(Column(one, tuple(judges.get(one.name, ())), one.name in chosen) for one in (*first, *others))


def _row(found: list[tuple[Side, FindingGroup]], columns: tuple[Column, ...], known: Table) -> Row:
    made = [(side.name, made_of(group.first, seen_in(side.rounds[group.seen[0][0] - 1]), known)) for side, group in found]
    cells = tuple(Cell(tuple((name, by_client.get(column.client.name)) for name, by_client in made)) for column in columns)
    severity = min((group.first.severity for _, group in found), key=list(Severity).index)
    first = found[0][1].first
    return Row(first.id, first.title, severity, tuple((side.name, group) for side, group in found), cells)
