"""What real clients made of the simulator's faults, as `python -m tests.clients` saw it: `resources/clients/seen.json`.

A row is one answer that was played to every client of its protocol; a cell is what one client made of it:

    same                    as of an answer without the fault
    FIELD:HOW ...           these fields were wrong: `text:cut`, `calls:none`, `stop:none`, `output:twice`
    error:CLASS             raised, or reported beside the answer
    tries:N                 behind either: it asked that often
    hung, not tried         it crashed or did not end; it was not run with this

A client that iterates a stream's events by itself has a column of its own (`NAME:raw`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import NamedTuple

import msgspec

from app.protocols.registry import info

SAME, HUNG, NOT_TRIED = "same", "hung", "not tried"
RAW = ":raw"
Probe = tuple[int, tuple[float | str, ...], str, int | None]
"""What came of an error: requests, seconds waited before each further one ("after": as the header asks), class, status."""


class Request(msgspec.Struct, frozen=True):
    """How a client asks: how the key is sent, and the path below the root by what stands behind the root in the base URL."""

    auth: str
    paths: dict[str, str]
    headers: dict[str, str] = {}


class Client(msgspec.Struct, frozen=True):
    """One client. `name` is its key in the file; `suffix` what its base URL has behind an endpoint's root, by protocol.
    `requests` and `retries` are by protocol."""

    package: str
    version: str
    language: str
    packages: tuple[str, ...]
    suffix: dict[str, str]
    requests: dict[str, Request]
    retries: dict[str, dict[str, Probe]]
    name: str = ""

    @property
    def title(self) -> str:
        """Package and version, as people know it."""
        told = " (JS)" if self.language == "javascript" and not self.package.startswith("@") else ""
        return f"{self.package}{told} {self.version}"


class Row(NamedTuple):
    """One answer. `found` are the findings (id, variant) that Diptych made in it; `cells` the outcomes, `places` which of them
    is a column's, the same object in all rows of a protocol, as are equal `found` and `cells`."""

    fault: str
    kind: str
    streamed: bool
    found: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]
    places: dict[str, int]

    def outcome(self, column: str) -> str:
        """That of a column; `NOT_TRIED` where the protocol has none of that name."""
        return self.cells[self.places[column]] if column in self.places else NOT_TRIED

    def outcomes(self, client: str) -> Iterator[str]:
        """Those of a client, with that of its raw iteration where there is one."""
        yield from (self.cells[self.places[name]] for name in (client, client + RAW) if name in self.places)


class _File(msgspec.Struct, frozen=True):
    date: str
    command: str
    clients: dict[str, Client]
    columns: dict[str, tuple[str, ...]]
    honest: tuple[tuple[str, ...], ...]
    unchanged: tuple[str, ...]
    outcomes: tuple[str, ...]
    rows: dict[str, tuple[tuple[str, str, int, str, str], ...]]
    left_out: tuple[tuple[str, ...], ...]


class Table:
    """The file, read.

    Attributes:
        date, command: when and how it was made.
        clients: by name, in the file's order.
        unchanged: faults that change no answer to what the clients were made to ask.
        left_out: (column, protocol, fault, kind) of what a client crashed at or did not end with.
        honest: (column, protocol, kind, way, outcome) of what a client gets wrong of answers without a fault.
    """

    def __init__(self, data: bytes) -> None:
        read = msgspec.json.decode(data, type=_File)
        self.date, self.command = read.date, read.command
        self.clients = {name: msgspec.structs.replace(one, name=name) for name, one in read.clients.items()}
        self.unchanged, self.left_out, self.honest = read.unchanged, read.left_out, read.honest
        self._rows: dict[tuple[str, str], list[Row]] = {}
        places = {protocol: {name: at for at, name in enumerate(columns)} for protocol, columns in read.columns.items()}
        cells_in = cache(partial(_cells, read.outcomes))
        found_in = cache(_found)
        self._all = {
            protocol: tuple(
                Row(fault, kind, bool(streamed), found_in(found), cells_in(cells, len(places[protocol])), places[protocol])
                for fault, kind, streamed, found, cells in rows
            )
            for protocol, rows in read.rows.items()
        }

        for protocol, rows in self._all.items():
            for row in rows:
                for name in {name for name, _ in row.found}:
                    self._rows.setdefault((protocol, name), []).append(row)

    def rows(self, protocol: str) -> tuple[Row, ...]:
        """A protocol's rows; none for one that no client was run with."""
        return self._all.get(protocol, ())

    def rows_with(self, protocol: str, finding: str) -> list[Row]:
        """A protocol's rows that raise a finding."""
        return self._rows.get((protocol, finding), [])

    def speaking(self, protocol: str) -> list[Client]:
        """The clients that were run in a protocol."""
        return [one for one in self.clients.values() if protocol in one.suffix]

    def client(self, name: str, protocol: str) -> Client | None:
        """A client by name or package, where it was run in this protocol; "" is the protocol's official Python SDK."""
        wanted = name or official(protocol)
        return next((one for one in self.speaking(protocol) if wanted in (one.name, one.package)), None)


def official(protocol: str) -> str:
    """The name of the protocol's official Python SDK, "" where there is none."""
    sdk = info(protocol).sdk
    return sdk.python if sdk else ""


@cache
def table() -> Table:
    """The table that Diptych brings along."""
    return Table(files("resources").joinpath("clients/seen.json").read_bytes())


def _found(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, variant) for name, _, variant in (one.partition(".") for one in text.split()))


def _cells(outcomes: tuple[str, ...], text: str, columns: int) -> tuple[str, ...]:
    """By the numbers that stand for them. Raises ValueError where there are more or fewer than columns."""
    cells = tuple(outcomes[int(number)] for number in text.split())
    if len(cells) != columns:
        raise ValueError(f"{len(cells)} outcomes of {columns} columns: {text}")
    return cells
