"""Each row of the grammars by the smallest stream that takes its step: the state it leads to, and what is found there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from app.protocols.findings import Rule, Severity
from app.protocols.grammar import Machine, Row, Table
from app.protocols.responses.grammar import FRAMED, ITEM, LOOSE, MARK, RESPONSE, SPOKEN
from app.protocols.responses.reader import ResponsesReader
from app.stream.sse import SseParser
from tests.protocols.responses.streams import Event, call, framed, message, response, stream, thought

Given = Event | str
DONE = "[DONE]"
FINISH = "the end"  # of the stream

CREATED, PROGRESS, ADDED, PART, DELTA, WHOLE, PART_DONE, ITEM_DONE, COMPLETED = stream(message("Hi"))
PING = {"type": "ping"}
FAILED = {"type": "response.failed", "response": response(status="failed", error={"message": "boom"})}
ERROR = {"type": "error", "message": "boom"}
SECOND_PART = PART | {"content_index": 1}
_, _, THOUGHT, SUMMARY, THINKING, THOUGHT_WHOLE, SUMMARY_DONE, _, _ = stream(thought("Hm."))
_, _, CALL, ARGUMENTS, CALLED, _, _ = stream(call("{}"))

# In which state comes what, the state it leads to, what is found there; the stream, whose last part takes the step.
Expected = tuple[str, str, str, str, list[Given]]
RESPONSE_ROWS: list[Expected] = [
    ("ABSENT", "CREATED", "OPEN", "", [CREATED]),
    ("ABSENT", "PROGRESS", "OPEN", "R7", [PROGRESS]),
    ("ABSENT", "BODY", "OPEN", "R7", [ADDED]),
    ("ABSENT", "END", "ENDED", "R7", [COMPLETED]),
    ("ABSENT", "FAILURE", "FAILED", "R7", [FAILED]),
    ("ABSENT", "ERROR", "FAILED", "", [ERROR]),
    ("ABSENT", "STREAM_END", "ABSENT", "R2", [PING, FINISH]),
    ("ABSENT", "STREAM_END_UNFED", "ABSENT", "", [FINISH]),
    ("OPEN", "CREATED", "OPEN", "R7a", [CREATED, CREATED]),
    ("OPEN", "PROGRESS", "OPEN", "", [CREATED, PROGRESS]),
    ("OPEN", "BODY", "OPEN", "", [CREATED, ADDED]),
    ("OPEN", "END", "ENDED", "", [CREATED, COMPLETED]),
    ("OPEN", "FAILURE", "FAILED", "", [CREATED, FAILED]),
    ("OPEN", "ERROR", "FAILED", "", [CREATED, ERROR]),
    ("OPEN", "STREAM_END", "OPEN", "R2", [CREATED, FINISH]),
    ("FAILED", "CREATED", "FAILED", "R8", [ERROR, CREATED]),
    ("FAILED", "PROGRESS", "FAILED", "R8", [ERROR, PROGRESS]),
    ("FAILED", "BODY", "FAILED", "R8", [ERROR, DELTA]),
    ("FAILED", "END", "FAILED", "R8", [ERROR, COMPLETED]),
    ("FAILED", "FAILURE", "FAILED", "", [ERROR, FAILED]),
    ("FAILED", "ERROR", "FAILED", "", [ERROR, ERROR]),
    ("FAILED", "STREAM_END", "FAILED", "", [ERROR, FINISH]),
    ("ENDED", "CREATED", "ENDED", "R8a", [CREATED, COMPLETED, CREATED]),
    ("ENDED", "PROGRESS", "ENDED", "R8", [CREATED, COMPLETED, PROGRESS]),
    ("ENDED", "BODY", "ENDED", "R8", [CREATED, COMPLETED, DELTA]),
    ("ENDED", "END", "ENDED", "R8b", [CREATED, COMPLETED, COMPLETED]),
    ("ENDED", "FAILURE", "ENDED", "R8", [CREATED, COMPLETED, FAILED]),
    ("ENDED", "ERROR", "ENDED", "R8", [CREATED, COMPLETED, ERROR]),
    ("ENDED", "STREAM_END", "ENDED", "", [CREATED, COMPLETED, FINISH]),
]
MARK_ROWS: list[Expected] = [
    ("UNMARKED", "EVENT", "UNMARKED", "", [CREATED]),
    ("UNMARKED", "MARK", "MARKED", "R26", [DONE]),
    ("MARKED", "EVENT", "MARKED", "R8", [DONE, CREATED]),
    ("MARKED", "MARK", "MARKED", "", [DONE, DONE]),
]
ITEM_ROWS: list[Expected] = [
    ("ABSENT", "ADDED", "OPEN", "", [CREATED, ADDED]),
    ("ABSENT", "BODY", "OPEN", "R3", [CREATED, PART]),
    ("ABSENT", "CLOSING", "OPEN", "R3", [CREATED, PART_DONE | {"part": PART["part"]}]),
    ("ABSENT", "DONE", "ENDED", "R3d", [CREATED, ITEM_DONE]),
    ("OPEN", "ADDED", "OPEN", "R20", [CREATED, ADDED, ADDED]),
    ("OPEN", "BODY", "OPEN", "", [CREATED, ADDED, PART]),
    ("OPEN", "CLOSING", "OPEN", "", [CREATED, ADDED, PART, DELTA, WHOLE]),
    ("OPEN", "DONE", "ENDED", "", [CREATED, ADDED, ITEM_DONE]),
    ("ENDED", "ADDED", "OPEN", "R20", [CREATED, ADDED, ITEM_DONE, ADDED]),
    ("ENDED", "BODY", "ENDED", "R20b", [CREATED, ADDED, ITEM_DONE, SECOND_PART]),
    ("ENDED", "CLOSING", "ENDED", "R20g", [CREATED, ADDED, PART, DELTA, WHOLE, ITEM_DONE, PART_DONE]),
    ("ENDED", "DONE", "ENDED", "R20c", [CREATED, ADDED, ITEM_DONE, ITEM_DONE]),
]


def of_part(unannounced: str, part: Event, words: Event, whole: Event, done: Event) -> list[Expected]:
    """The rows of a part that has to be added; what is found where it was not differs."""
    return [
        ("ABSENT", "ADDED", "OPEN", "", [part]),
        ("ABSENT", "DELTA", "OPEN", unannounced, [words]),
        ("ABSENT", "WHOLE", "WHOLE", unannounced, [whole]),
        ("ABSENT", "DONE", "ENDED", unannounced, [done]),
        ("OPEN", "ADDED", "OPEN", "R20a", [part, part]),
        ("OPEN", "DELTA", "OPEN", "", [part, words]),
        ("OPEN", "WHOLE", "WHOLE", "", [part, whole]),
        ("OPEN", "DONE", "ENDED", "R3e", [part, done]),
        ("WHOLE", "ADDED", "OPEN", "R20a", [part, whole, part]),
        ("WHOLE", "DELTA", "WHOLE", "R20b", [part, whole, words]),
        ("WHOLE", "WHOLE", "WHOLE", "R20c", [part, whole, whole]),
        ("WHOLE", "DONE", "ENDED", "", [part, whole, done]),
        ("ENDED", "ADDED", "OPEN", "R20a", [part, whole, done, part]),
        ("ENDED", "DELTA", "ENDED", "R20b", [part, whole, done, words]),
        ("ENDED", "WHOLE", "ENDED", "R20g", [part, whole, done, whole]),
        ("ENDED", "DONE", "ENDED", "R20c", [part, whole, done, done]),
    ]


# Words of tools have no part that could be added or done.
LOOSE_ROWS: list[Expected] = [
    ("ABSENT", "DELTA", "OPEN", "", [ARGUMENTS]),
    ("ABSENT", "WHOLE", "WHOLE", "", [CALLED]),
    ("OPEN", "DELTA", "OPEN", "", [ARGUMENTS, ARGUMENTS]),
    ("OPEN", "WHOLE", "WHOLE", "", [ARGUMENTS, CALLED]),
    ("WHOLE", "DELTA", "WHOLE", "R20b", [ARGUMENTS, CALLED, ARGUMENTS]),
    ("WHOLE", "WHOLE", "WHOLE", "R20c", [ARGUMENTS, CALLED, CALLED]),
]


def behind(first: Event, rows: list[Expected]) -> list[Expected]:
    """The rows of an item's part: before each stream the response and the item begin."""
    return [(state, given, then, found, [CREATED, first, *events]) for state, given, then, found, events in rows]


TABLES: dict[str, tuple[Table[Any, Any], list[Expected]]] = {
    "response": (RESPONSE, RESPONSE_ROWS),
    "mark": (MARK, MARK_ROWS),
    "item": (ITEM, ITEM_ROWS),
    "framed": (FRAMED, behind(ADDED, of_part("R3a", PART, DELTA, WHOLE, PART_DONE))),
    "spoken": (SPOKEN, behind(THOUGHT, of_part("R3i", SUMMARY, THINKING, THOUGHT_WHOLE, SUMMARY_DONE))),
    "loose": (LOOSE, behind(CALL, LOOSE_ROWS)),
}
ROWS = [(name, row) for name, (_, rows) in TABLES.items() for row in rows]
IDS = [f"{name} {state} {given}" for name, (state, given, *_) in ROWS]
PROBE = Rule("X1", Severity.NOTE, "A probe", "It came.", "It came.")


class Recorder:
    """Notes each step that a machine takes.

    Attributes:
        steps: (table, state, input, next state), in order.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[Table[Any, Any], str, str, str]] = []
        take = Machine.take

        def noted(machine: Machine[Any, Any], given: Any) -> Any:
            before = machine.state
            rule = take(machine, given)
            self.steps.append((machine._table, before.name, given.name, machine.state.name))
            return rule

        monkeypatch.setattr(Machine, "take", noted)

    def last_step(self, table: Table[Any, Any], given: list[Given]) -> tuple[str, str, str, str]:
        """The step of a table that the last part of a stream takes, and the ids of the table's rules that are found there."""
        reader = ResponsesReader()
        events = SseParser().feed(framed([one for one in given if one != FINISH]))
        parts: list[Callable[[], object]] = [partial(reader.feed, event, number) for number, event in enumerate(events, 1)]
        for part in [*parts, reader.finish] if given[-1] == FINISH else parts:
            found = len(reader.reading.findings)
            self.steps.clear()
            part()
        ((_, before, came, then),) = (step for step in self.steps if step[0] is table)
        rules = {row.rule.id for row in table.rows if row.rule} | {PROBE.id}
        ids = {one.id for one in reader.reading.findings[found:]} & rules
        return before, came, then, " ".join(sorted(ids))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)


@pytest.mark.parametrize("name", TABLES)
def test_each_row_has_a_stream(name: str) -> None:
    table, rows = TABLES[name]
    assert {(row.state.name, row.input.name) for row in table.rows} == {(state, given) for state, given, *_ in rows}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=IDS)
def test_a_row_takes_its_step(recorder: Recorder, name: str, row: Expected) -> None:
    *expected, events = row
    assert recorder.last_step(TABLES[name][0], events) == tuple(expected)


def changed(row: Row[Any, Any]) -> Iterator[tuple[Any, Rule | None]]:
    """What else a row could say: another finding or none, or any other state."""
    yield row.then, None if row.rule else PROBE
    yield from ((state, row.rule) for state in type(row.then) if state is not row.then)


@pytest.mark.parametrize("name", TABLES)
def test_no_row_is_guarded_by_nothing(recorder: Recorder, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    table, rows = TABLES[name]
    expected = {(state, given): one for one in rows for state, given in [one[:2]]}
    steps: dict[Any, Any] = table.steps
    for row in table.rows:
        *said, events = expected[row.state.name, row.input.name]
        for other in changed(row):
            with monkeypatch.context() as patched:
                patched.setitem(steps, (row.state, row.input), other)
                assert recorder.last_step(table, events) != tuple(said), row
