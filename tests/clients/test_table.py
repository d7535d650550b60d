"""The table that comes along: small enough, whole, and told of where it says something else than the rules."""

from __future__ import annotations

from importlib.resources import files

from app.clients.impact import severity_of
from app.clients.table import RAW, table
from app.protocols.registry import protocol_ids
from app.simulator.faults import FAULTS
from tests.clients.differs import FILE, lines
from tests.clients.install import clients
from tests.clients.table import MOST_BYTES
from tests.protocols.catalogues import rules


def test_it_is_small_enough_to_ship() -> None:
    assert len(files("resources").joinpath("clients/seen.json").read_bytes()) <= MOST_BYTES


def test_its_clients_are_those_of_the_list() -> None:
    listed = {one.name: (one.package, one.version, set(one.suffix)) for one in clients()}
    assert {name: (one.package, one.version, set(one.suffix)) for name, one in table().clients.items()} == listed
    for protocol in protocol_ids():
        assert table().client("", protocol) is not None
        for one in table().speaking(protocol):
            assert one.retries[protocol]["429"][0] >= 1
            assert one.requests[protocol].auth in ("bearer", "x-api-key")


def test_every_row_is_whole() -> None:
    for protocol in protocol_ids():
        rows = table().rows(protocol)
        assert len(rows) > 300
        for row in rows:
            assert row.fault in FAULTS or "." in row.fault, row.fault
            assert {name.removesuffix(RAW) for name in row.places} == {one.name for one in table().speaking(protocol)}
            for outcome in row.cells:
                severity_of(outcome)


def test_most_of_what_is_found_was_run() -> None:
    found = {name for protocol in protocol_ids() for row in table().rows(protocol) for name, _ in row.found}
    assert len(found & set(rules())) > 150


def test_where_the_rules_say_something_else_is_written_down() -> None:
    """`python -m tests.clients.differs` writes the file anew; read it before you commit it."""
    assert FILE.read_text(encoding="utf-8").splitlines() == list(lines())
