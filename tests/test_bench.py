"""Each benchmark once in its short form: it runs, nothing is lost, the counts are right. Times are looked at by nobody here."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from app.text.patterns import LATE
from tests.bench.__main__ import NAMES, own_home, run_apart, run_here
from tests.bench.frame import Kind, Row, as_json, as_table, exactly, least_times, most, most_times, percentile
from tests.bench.ttft import errors, held_rows
from tests.bench.ttft_peers import PEERS
from tests.forked import can_fork, in_fork
from ui.shell.pages import PAGES
from ui.shell.warm_up import MODULES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the benchmarks use POSIX signals and /proc")

FIGURES = {
    "clock": 6,
    "phases": 20,
    "path": 0,
    "cancel": 6,
    "window": 14,
    "events": 15,
    "replay": 5,
    "extremes": 16,
    "parser": 12,
    "start": 3,
    "memory": 5,
    "soak": 14,
    "study": 25,
    "history": 14,
}
"""How many rows each has at least."""


APART = "replay"
"""It waits for a process that has just begun; and it shows that each finds its own, as it is called."""


@pytest.fixture(scope="module")
def _imported() -> None:
    """Once, for all forks, also what each of their windows would import and compile as it warms up."""
    for name in (*(f"tests.bench.{name}" for name in NAMES), *MODULES, *(name for page in PAGES for name in page.soon)):
        import_module(name)
    for pattern in tuple(LATE):
        pattern()


def _rows(name: str) -> list[Row]:
    if name == APART or not can_fork():
        return run_apart(name, short=True)
    with own_home() as environment:
        return in_fork(lambda: run_here(name, short=True), environment)


@pytest.mark.usefixtures("_imported")
@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_and_loses_nothing(name: str) -> None:
    rows = _rows(name)
    if name == "path" and not rows:
        pytest.skip("no network of one's own here")
    assert len(rows) >= FIGURES[name]
    assert all(row.value == row.value for row in rows), "a figure is missing"
    counts = [row for row in rows if row.must is not None and row.must.kind is Kind.EQUAL]
    assert not [row for row in counts if not row.reached]
    assert counts or name in ("clock", "phases", "cancel", "parser", "study")


@pytest.mark.skipif(sys.platform != "linux", reason="its server asks the kernel for times, as Linux tells them")
def test_first_tokens_are_held_against_what_the_server_did() -> None:
    rows = {row.figure: row.value for row in held_rows(4, 20)}
    assert rows["4 streams of 50 events a second: events lost"] == 0
    assert "4 streams of 50 events a second: stamp after sending, worst of 80" in rows
    log = [
        {"asked": 1, "kept": False, "request_id": "a", "came_ns": 0, "sent_ns": [100_000_000]},
        {"asked": 2, "kept": True, "request_id": "b", "came_ns": 0, "sent_ns": [100_000_000]},
        {"asked": 3, "kept": True, "request_id": "c", "came_ns": 0, "sent_ns": [100_000_000]},
    ]
    assert errors(log, {"1": 150.0, "2": 101.0}, None) == ([1.0], 1)  # the first opened its connection
    assert errors(log[:1], {"a": 99.5}, PEERS[1]) == ([-0.5], 0)  # all of them did


def test_what_a_row_must_reach() -> None:
    assert Row("x", 10, "ms", must=most(10)).reached
    assert not Row("x", 10.1, "ms", must=most(10)).reached
    assert Row("x", 20, "ms", "floor", 10, most_times(2)).reached
    assert not Row("x", 21, "ms", "floor", 10, most_times(2)).reached
    assert Row("x", 20, "1/s", "peer", 10, least_times(2)).reached
    assert not Row("x", 19, "1/s", "peer", 10, least_times(2)).reached
    assert not Row("x", 10, "ms", "floor", 10, most_times(2), paired_ratio=2.5).reached
    assert not Row("x", 20, "ms", must=most_times(2)).reached, "without a floor nothing is reached"
    assert not Row("x", 3, "", must=exactly(4)).reached
    assert not Row("x", float("nan"), "ms", must=most(10)).reached


def test_rows_as_table_and_objects() -> None:
    results = [("one", [Row("a", 2.5, "ms", "bare", 2.0, most_times(1.2)), Row("b", 20_010, "", must=exactly(20_010))])]
    head, _, first, second = as_table(results).splitlines()
    assert [cell.strip() for cell in first.strip("|").split("|")] == [
        *("one", "a", "2.50 ms", "bare", "2 ms", "1.25", "<= 1.20 x", "NOT REACHED")
    ]
    assert "20 010" in second
    assert len({len(line) for line in (head, first, second)}) == 1
    objects = as_json(results)
    assert (objects[0]["ratio"], objects[0]["reached"], objects[1]["reached"]) == (1.25, False, True)


def test_percentiles_are_by_nearest_rank() -> None:
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5], 0.5) == 5
    assert percentile([], 0.5) != percentile([], 0.5)
