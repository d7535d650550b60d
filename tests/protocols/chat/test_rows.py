"""Each row of the grammar by the smallest stream that takes its step: the state it leads to, and what is found there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from app.protocols.chat.grammar import CHOICE, LABELS, STREAM
from app.protocols.chat.protocol import OpenAIChat
from app.protocols.findings import Rule, Severity
from app.protocols.grammar import Machine, Row, Table
from app.stream.sse import SseParser
from tests.protocols.chat.streams import COUNT, DONE, ROLE, STOP, TEXT, Chunk, chunk, usage

BARE = chunk(choices=[], moderation={})
NULL = chunk(choices=[], usage=None)
COUNTED = TEXT | {"usage": usage()}
ERROR = {"error": {"message": "overloaded"}}
ERROR_COUNTED = ERROR | {"choices": [], "usage": usage()}
NOISE = ": keep-alive"
EMPTY = chunk()
WRONG = TEXT | {"object": "x"}
YO = chunk(choices=[{"index": 1, "delta": {"content": "Yo"}}])
END = "the end"

# In which state comes what, the state it leads to, what is found there; the stream, whose last part takes the step.
STREAM_ROWS: list[tuple[str, str, str, str, list[Chunk]]] = [
    ("START", "CHUNK", "ANSWERING", "", [ROLE]),
    ("START", "COUNTED_CHUNK", "COUNTED", "", [COUNTED]),
    ("START", "BARE", "START", "", [BARE]),
    ("START", "USAGE_NULL", "START", "", [NULL]),
    ("START", "USAGE", "COUNTED", "", [COUNT]),
    ("START", "ERROR", "FAILED", "C25", [ERROR]),
    ("START", "DONE", "CLOSED", "", [DONE]),
    ("START", "NOISE", "START", "", [NOISE]),
    ("START", "END_UNANSWERED", "OVER", "C23", [BARE, END]),
    ("START", "END_UNFED", "OVER", "", [END]),
    ("ANSWERING", "CHUNK", "ANSWERING", "", [ROLE, TEXT]),
    ("ANSWERING", "COUNTED_CHUNK", "COUNTED", "", [ROLE, COUNTED]),
    ("ANSWERING", "BARE", "ANSWERING", "", [ROLE, BARE]),
    ("ANSWERING", "USAGE_NULL", "ANSWERING", "", [ROLE, NULL]),
    ("ANSWERING", "USAGE", "COUNTED", "", [ROLE, COUNT]),
    ("ANSWERING", "ERROR", "FAILED", "C25", [ROLE, ERROR]),
    ("ANSWERING", "DONE", "CLOSED", "", [ROLE, DONE]),
    ("ANSWERING", "NOISE", "ANSWERING", "", [ROLE, NOISE]),
    ("ANSWERING", "END", "OVER", "C1", [ROLE, STOP, END]),
    ("ANSWERING", "END_OTHER_UNFINISHED", "OVER", "C8d", [ROLE, YO, STOP, END]),
    ("ANSWERING", "END_UNFINISHED", "OVER", "C8a", [ROLE, END]),
    ("COUNTED", "CHUNK", "OVERTAKEN", "", [ROLE, COUNT, TEXT]),
    ("COUNTED", "COUNTED_CHUNK", "COUNTED", "", [ROLE, COUNT, COUNTED]),
    ("COUNTED", "BARE", "COUNTED", "", [ROLE, COUNT, BARE]),
    ("COUNTED", "USAGE_NULL", "OVERTAKEN", "", [ROLE, COUNT, NULL]),
    ("COUNTED", "USAGE", "COUNTED", "", [ROLE, COUNT, COUNT]),
    ("COUNTED", "ERROR", "FAILED", "C25", [ROLE, COUNT, ERROR]),
    ("COUNTED", "DONE", "CLOSED", "", [ROLE, COUNT, DONE]),
    ("COUNTED", "NOISE", "COUNTED", "", [ROLE, COUNT, NOISE]),
    ("COUNTED", "END", "OVER", "C1", [ROLE, STOP, COUNT, END]),
    ("COUNTED", "END_OTHER_UNFINISHED", "OVER", "C8d", [ROLE, YO, STOP, COUNT, END]),
    ("COUNTED", "END_UNFINISHED", "OVER", "C8a", [ROLE, COUNT, END]),
    ("COUNTED", "END_UNANSWERED", "OVER", "C23", [COUNT, END]),
    ("OVERTAKEN", "CHUNK", "OVERTAKEN", "", [ROLE, COUNT, TEXT, TEXT]),
    ("OVERTAKEN", "COUNTED_CHUNK", "COUNTED", "", [ROLE, COUNT, TEXT, COUNTED]),
    ("OVERTAKEN", "BARE", "OVERTAKEN", "", [ROLE, COUNT, TEXT, BARE]),
    ("OVERTAKEN", "USAGE_NULL", "OVERTAKEN", "", [ROLE, COUNT, TEXT, NULL]),
    ("OVERTAKEN", "USAGE", "COUNTED", "", [ROLE, COUNT, TEXT, COUNT]),
    ("OVERTAKEN", "ERROR", "FAILED", "C25", [ROLE, COUNT, TEXT, ERROR]),
    ("OVERTAKEN", "DONE", "CLOSED", "C3a", [ROLE, COUNT, TEXT, DONE]),
    ("OVERTAKEN", "NOISE", "OVERTAKEN", "", [ROLE, COUNT, TEXT, NOISE]),
    ("OVERTAKEN", "END", "OVER", "C3a", [ROLE, COUNT, STOP, END]),
    ("OVERTAKEN", "END_OTHER_UNFINISHED", "OVER", "C8d", [ROLE, YO, COUNT, STOP, END]),
    ("OVERTAKEN", "END_UNFINISHED", "OVER", "C8a", [ROLE, COUNT, TEXT, END]),
    ("OVERTAKEN", "END_UNANSWERED", "OVER", "C23", [COUNT, NULL, END]),
    ("FAILED", "CHUNK", "FAILED", "C34", [ROLE, ERROR, TEXT]),
    ("FAILED", "COUNTED_CHUNK", "FAILED", "C34", [ROLE, ERROR, COUNTED]),
    ("FAILED", "BARE", "FAILED", "", [ROLE, ERROR, BARE]),
    ("FAILED", "USAGE_NULL", "FAILED", "", [ROLE, ERROR, NULL]),
    ("FAILED", "USAGE", "FAILED", "", [ROLE, ERROR, COUNT]),
    ("FAILED", "ERROR", "FAILED", "", [ROLE, ERROR, ERROR_COUNTED]),
    ("FAILED", "DONE", "FAILED_CLOSED", "", [ROLE, ERROR, DONE]),
    ("FAILED", "NOISE", "FAILED", "", [ROLE, ERROR, NOISE]),
    ("FAILED", "END", "OVER", "", [ROLE, STOP, ERROR, END]),
    ("FAILED", "END_OTHER_UNFINISHED", "OVER", "", [ROLE, YO, STOP, ERROR, END]),
    ("FAILED", "END_UNFINISHED", "OVER", "", [ROLE, ERROR, END]),
    ("FAILED", "END_UNANSWERED", "OVER", "", [ERROR, END]),
    ("CLOSED", "DONE", "CLOSED", "C24a", [ROLE, DONE, DONE]),
    ("CLOSED", "MORE", "CLOSED", "C24", [ROLE, DONE, ERROR]),
    ("CLOSED", "END", "OVER", "", [ROLE, STOP, DONE, END]),
    ("CLOSED", "END_OTHER_UNFINISHED", "OVER", "C8d", [ROLE, YO, STOP, DONE, END]),
    ("CLOSED", "END_UNFINISHED", "OVER", "C8a", [ROLE, DONE, END]),
    ("CLOSED", "END_UNANSWERED", "OVER", "C23", [DONE, END]),
    ("FAILED_CLOSED", "DONE", "FAILED_CLOSED", "C24a", [ROLE, ERROR, DONE, DONE]),
    ("FAILED_CLOSED", "MORE", "FAILED_CLOSED", "C24", [ROLE, ERROR, DONE, TEXT]),
    ("FAILED_CLOSED", "END", "OVER", "", [ROLE, STOP, ERROR, DONE, END]),
    ("FAILED_CLOSED", "END_OTHER_UNFINISHED", "OVER", "", [ROLE, YO, STOP, ERROR, DONE, END]),
    ("FAILED_CLOSED", "END_UNFINISHED", "OVER", "", [ROLE, ERROR, DONE, END]),
    ("FAILED_CLOSED", "END_UNANSWERED", "OVER", "", [ERROR, DONE, END]),
]
CHOICE_ROWS: list[tuple[str, str, str, str, list[Chunk]]] = [
    ("AWAITED", "ROLE", "OPEN", "", [EMPTY, ROLE]),
    ("AWAITED", "CONTENT", "UNNAMED", "", [EMPTY, TEXT]),
    ("AWAITED", "FINISH", "FINISHED", "", [EMPTY, STOP]),
    ("UNNAMED", "ROLE", "OPEN", "C27c", [TEXT, ROLE]),
    ("UNNAMED", "CONTENT", "UNNAMED", "", [TEXT, TEXT]),
    ("UNNAMED", "FINISH", "FINISHED", "C27", [TEXT, STOP]),
    ("OPEN", "ROLE", "OPEN", "C16", [ROLE, ROLE]),
    ("OPEN", "CONTENT", "OPEN", "", [ROLE, TEXT]),
    ("OPEN", "FINISH", "FINISHED", "", [ROLE, STOP]),
    ("FINISHED", "ROLE", "FINISHED", "C16", [ROLE, STOP, ROLE]),
    ("FINISHED", "CONTENT", "FINISHED", "C18", [ROLE, STOP, TEXT]),
    ("FINISHED", "FINISH", "FINISHED", "C28", [ROLE, STOP, STOP]),
]
LABEL_ROWS: list[tuple[str, str, str, str, list[Chunk]]] = [
    ("UNSEEN", "RIGHT", "RIGHT", "", [ROLE]),
    ("UNSEEN", "WRONG", "WRONG", "", [WRONG]),
    ("UNSEEN", "END", "OVER", "", [DONE, END]),
    ("RIGHT", "RIGHT", "RIGHT", "", [ROLE, TEXT]),
    ("RIGHT", "WRONG", "MIXED", "C17", [ROLE, WRONG]),
    ("RIGHT", "END", "OVER", "", [ROLE, END]),
    ("WRONG", "RIGHT", "MIXED", "C17", [WRONG, TEXT]),
    ("WRONG", "WRONG", "WRONG", "", [WRONG, WRONG]),
    ("WRONG", "END", "OVER", "C17a", [WRONG, END]),
    ("MIXED", "RIGHT", "MIXED", "", [ROLE, WRONG, TEXT]),
    ("MIXED", "WRONG", "MIXED", "", [ROLE, WRONG, WRONG]),
    ("MIXED", "END", "OVER", "", [ROLE, WRONG, END]),
]
ROWS: list[tuple[Table[Any, Any], str, str, str, str, list[Chunk]]] = [
    *((STREAM, *row) for row in STREAM_ROWS),
    *((CHOICE, *row) for row in CHOICE_ROWS),
    *((LABELS, *row) for row in LABEL_ROWS),
]
PROBE = Rule("X1", Severity.NOTE, "A probe", "It came.", "It came.")
RULES = {id(table): {row.rule.id for row in table.rows if row.rule} | {PROBE.id} for table in (STREAM, CHOICE, LABELS)}
CHAT = OpenAIChat()


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

    def last_step(self, table: Table[Any, Any], chunks: list[Chunk]) -> tuple[str, str, str, str]:
        """The step of a table that the last part of a stream takes, and the ids of the table's rules that are found there."""
        reader = CHAT.reader(streamed=True, asked_usage=False)
        lines = [one if isinstance(one, str) else json.dumps(one) for one in chunks if one != END]
        events = SseParser().feed("".join(f"data: {line}\n\n" for line in lines).encode())
        parts: list[Callable[[], object]] = [partial(reader.feed, event, number) for number, event in enumerate(events, 1)]
        for part in [*parts, reader.finish] if chunks[-1] == END else parts:
            found = len(reader.reading.findings)
            self.steps.clear()
            part()
        ((_, before, came, then),) = (step for step in self.steps if step[0] is table)
        ids = {one.id for one in reader.reading.findings[found:]} & RULES[id(table)]
        return before, came, then, " ".join(sorted(ids))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)


def names(row: Row[Any, Any]) -> tuple[str, str]:
    return row.state.name, row.input.name


@pytest.mark.parametrize("table", [STREAM, CHOICE, LABELS], ids=["stream", "choice", "labels"])
def test_each_row_has_a_stream(table: Table[Any, Any]) -> None:
    assert {names(row) for row in table.rows} == {(state, given) for other, state, given, *_ in ROWS if other is table}
    assert all(table.path(row.state, legal=False) is not None for row in table.rows)


@pytest.mark.parametrize(
    ("table", "state", "given", "then", "found", "chunks"), ROWS, ids=[f"{n}-{row[1]}-{row[2]}" for n, row in enumerate(ROWS)]
)
def test_a_row_takes_its_step(
    recorder: Recorder, table: Table[Any, Any], state: str, given: str, then: str, found: str, chunks: list[Chunk]
) -> None:
    assert recorder.last_step(table, chunks) == (state, given, then, found)


def changed(row: Row[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """What else a row could say: no finding or another, or any other state."""
    yield row.then, None if row.rule else PROBE
    yield from ((state, row.rule) for state in type(row.then) if state is not row.then)


def test_no_row_is_guarded_by_nothing(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = {(id(table), state, given): (then, found, chunks) for table, state, given, then, found, chunks in ROWS}
    for table in (STREAM, CHOICE, LABELS):
        for row in table.rows:
            then, found, chunks = streams[id(table), *names(row)]
            steps: dict[Any, Any] = table.steps
            for other in changed(row):
                with monkeypatch.context() as patched:
                    patched.setitem(steps, (row.state, row.input), other)
                    assert recorder.last_step(table, chunks) != (*names(row), then, found), row
