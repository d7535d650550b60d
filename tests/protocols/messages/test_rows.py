"""Every row of the grammar's table, seen from outside: the smallest stream that takes the step, and what has to be found then.

What is expected stands here, not in the table. That a stream takes its row and no other is tried by changing the row: a rule
that is taken out must be missed, and one that is put where there is none must be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from app.protocols.findings import Finding, Rule, Severity
from app.protocols.messages.grammar import TABLE, Input, State
from app.protocols.messages.reader import MessagesReader
from app.stream.sse import SseParser
from tests.protocols.messages.answers import ERROR, STOP, Event, closed, frame, opened, start, stopped, text, tool

DONE = b"data: [DONE]\n\n"
OPEN = stopped(None)  # a message_delta without a reason
BEGUN = (start(), opened())  # one block is open
TWO_OPEN = (start(), opened(), opened(1))
IDLE = (start(), opened(), closed())  # one block is closed
ENDING = (*IDLE, stopped())
ENDED = (*ENDING, STOP)
FAILED = (start(), ERROR)
LATE = start()
START_, IDLE_, BLOCK_, ENDING_, DONE_, FAILED_ = State

Step = tuple[State, Input, Sequence[Event | bytes], Event | bytes, State, str]
# fmt: off
STEPS: tuple[Step, ...] = (
    # state, input, the events before, the event, the state then, the id of what is found at it ("" for nothing)
    (START_, Input.MESSAGE_START, (), start(), IDLE_, ""),
    (START_, Input.BLOCK_START, (), opened(), BLOCK_, ""),
    (START_, Input.BLOCK_START_WRONG, (), opened(3), BLOCK_, "A4"),
    (START_, Input.DELTA_UNOPENED, (), text("x"), IDLE_, "A3"),
    (START_, Input.BLOCK_STOP_UNOPENED, (), closed(), IDLE_, "A3"),
    (START_, Input.MESSAGE_DELTA, (), stopped(), ENDING_, ""),
    (START_, Input.MESSAGE_DELTA_OPEN, (), OPEN, IDLE_, ""),
    (START_, Input.MESSAGE_STOP, (), STOP, DONE_, ""),
    (START_, Input.ERROR, (), ERROR, FAILED_, ""),
    (START_, Input.DONE_MARK, (), DONE, START_, "A11"),

    (IDLE_, Input.MESSAGE_START, (opened(), closed()), LATE, IDLE_, "A1"),
    (IDLE_, Input.MESSAGE_START_AGAIN, IDLE, start(), IDLE_, "A2"),
    (IDLE_, Input.BLOCK_START, (start(),), opened(), BLOCK_, ""),
    (IDLE_, Input.BLOCK_START_REUSED, IDLE, opened(), BLOCK_, "A4a"),
    (IDLE_, Input.BLOCK_START_WRONG, IDLE, tool(0), BLOCK_, "A4"),
    (IDLE_, Input.DELTA_CLOSED, IDLE, text("x"), IDLE_, "A19"),
    (IDLE_, Input.DELTA_UNOPENED, IDLE, text("x", 1), IDLE_, "A3"),
    (IDLE_, Input.BLOCK_STOP_CLOSED, IDLE, closed(), IDLE_, "A19"),
    (IDLE_, Input.BLOCK_STOP_UNOPENED, IDLE, closed(1), IDLE_, "A3"),
    (IDLE_, Input.MESSAGE_DELTA, IDLE, stopped(), ENDING_, ""),
    (IDLE_, Input.MESSAGE_DELTA_OPEN, IDLE, OPEN, IDLE_, ""),
    (IDLE_, Input.MESSAGE_STOP, IDLE, STOP, DONE_, ""),
    (IDLE_, Input.ERROR, IDLE, ERROR, FAILED_, ""),
    (IDLE_, Input.DONE_MARK, IDLE, DONE, IDLE_, "A11"),

    (BLOCK_, Input.MESSAGE_START, (opened(),), LATE, BLOCK_, "A1a"),
    (BLOCK_, Input.MESSAGE_START_AGAIN, BEGUN, start(), BLOCK_, "A2"),
    (BLOCK_, Input.BLOCK_START, BEGUN, opened(1), BLOCK_, ""),
    (BLOCK_, Input.BLOCK_START_REUSED, TWO_OPEN, opened(), BLOCK_, "A4a"),
    (BLOCK_, Input.BLOCK_START_AGAIN, BEGUN, opened(), BLOCK_, ""),
    (BLOCK_, Input.BLOCK_START_WRONG, BEGUN, opened(2), BLOCK_, "A4"),
    (BLOCK_, Input.DELTA, BEGUN, text("x"), BLOCK_, ""),
    (BLOCK_, Input.DELTA_OLDER, TWO_OPEN, text("x"), BLOCK_, "A24"),
    (BLOCK_, Input.DELTA_CLOSED, (*IDLE, opened(1)), text("x"), BLOCK_, "A19"),
    (BLOCK_, Input.DELTA_UNOPENED, BEGUN, text("x", 1), BLOCK_, "A3"),
    (BLOCK_, Input.DELTA_RISING, (*BEGUN, text("x")), text("y", 1), BLOCK_, "A4c"),
    (BLOCK_, Input.BLOCK_STOP, BEGUN, closed(), IDLE_, ""),
    (BLOCK_, Input.BLOCK_STOP_INNER, TWO_OPEN, closed(1), BLOCK_, ""),
    (BLOCK_, Input.BLOCK_STOP_OLDER, TWO_OPEN, closed(), BLOCK_, "A24"),
    (BLOCK_, Input.BLOCK_STOP_CLOSED, (*IDLE, opened(1)), closed(), BLOCK_, "A19"),
    (BLOCK_, Input.BLOCK_STOP_UNOPENED, BEGUN, closed(1), BLOCK_, "A3"),
    (BLOCK_, Input.MESSAGE_DELTA, BEGUN, stopped(), ENDING_, ""),
    (BLOCK_, Input.MESSAGE_DELTA_OPEN, BEGUN, OPEN, BLOCK_, ""),
    (BLOCK_, Input.MESSAGE_STOP, BEGUN, STOP, DONE_, ""),
    (BLOCK_, Input.ERROR, BEGUN, ERROR, FAILED_, ""),
    (BLOCK_, Input.DONE_MARK, BEGUN, DONE, BLOCK_, "A11"),

    (ENDING_, Input.MESSAGE_START, (opened(), closed(), stopped()), LATE, ENDING_, "A1"),
    (ENDING_, Input.MESSAGE_START_AGAIN, ENDING, start(), IDLE_, "A2"),
    (ENDING_, Input.BLOCK_START, ENDING, opened(1), BLOCK_, "A32"),
    (ENDING_, Input.BLOCK_START_REUSED, ENDING, opened(), BLOCK_, "A32"),
    (ENDING_, Input.BLOCK_START_WRONG, ENDING, opened(2), BLOCK_, "A32"),
    (ENDING_, Input.DELTA, (*BEGUN, stopped()), text("x"), ENDING_, "A32"),
    (ENDING_, Input.DELTA_OLDER, (*TWO_OPEN, stopped()), text("x"), ENDING_, "A32"),
    (ENDING_, Input.DELTA_CLOSED, ENDING, text("x"), ENDING_, "A32"),
    (ENDING_, Input.DELTA_UNOPENED, ENDING, text("x", 1), ENDING_, "A32"),
    (ENDING_, Input.BLOCK_STOP, (*BEGUN, stopped()), closed(), ENDING_, "A24"),
    (ENDING_, Input.BLOCK_STOP_INNER, (*TWO_OPEN, stopped()), closed(1), ENDING_, "A24"),
    (ENDING_, Input.BLOCK_STOP_OLDER, (*TWO_OPEN, stopped()), closed(), ENDING_, "A24"),
    (ENDING_, Input.BLOCK_STOP_CLOSED, ENDING, closed(), ENDING_, "A19"),
    (ENDING_, Input.BLOCK_STOP_UNOPENED, ENDING, closed(1), ENDING_, "A3"),
    (ENDING_, Input.MESSAGE_DELTA, ENDING, stopped(), ENDING_, ""),
    (ENDING_, Input.MESSAGE_DELTA_OPEN, ENDING, OPEN, ENDING_, ""),
    (ENDING_, Input.MESSAGE_STOP, ENDING, STOP, DONE_, ""),
    (ENDING_, Input.ERROR, ENDING, ERROR, FAILED_, ""),
    (ENDING_, Input.DONE_MARK, ENDING, DONE, ENDING_, "A11"),

    (DONE_, Input.MORE, ENDED, text("x"), DONE_, "A20"),
    (DONE_, Input.MORE_UNOPENED, ENDED, text("x", 1), DONE_, "A20a"),
    (DONE_, Input.ERROR, ENDED, ERROR, FAILED_, "A20"),
    (DONE_, Input.DONE_MARK, ENDED, DONE, DONE_, "A11"),

    (FAILED_, Input.MORE, FAILED, STOP, FAILED_, ""),
    (FAILED_, Input.MORE_UNOPENED, FAILED, text("x", 7), FAILED_, ""),
    (FAILED_, Input.ERROR, FAILED, ERROR, FAILED_, ""),
    (FAILED_, Input.DONE_MARK, FAILED, DONE, FAILED_, ""),
)
# fmt: on
EACH = pytest.mark.parametrize("step", STEPS, ids=[f"{state.name} {given.name}" for state, given, *_ in STEPS])
PROBE = Rule("X1", Severity.NOTE, "A probe", "It came.", "It came.")


def take(step: Step) -> tuple[State, State, list[str]]:
    """The states before and after the event, and the ids of what is found when it comes."""
    _, _, before, event, _, _ = step
    parser, reader = SseParser(), MessagesReader()
    states: list[State] = []
    for one in (*before, event):
        states.append(reader.state)
        (parsed,) = parser.feed(one if isinstance(one, bytes) else frame(one))
        reader.feed(parsed, len(states))
    return states[-1], reader.state, [one.id for one in at(reader.reading.findings, len(states))]


def at(findings: list[Finding], number: int) -> list[Finding]:
    return [one for one in findings if one.event == number]


@contextmanager
def row_with(step: Step, rule: Rule | None) -> Iterator[None]:
    """While it lasts the table has this rule in the row."""
    state, given, *_ = step
    then, before = TABLE.steps[state, given]
    TABLE.steps[state, given] = then, rule
    try:
        yield
    finally:
        TABLE.steps[state, given] = then, before


def test_every_row_has_a_stream() -> None:
    assert [(row.state, row.input) for row in TABLE.rows] == [(state, given) for state, given, *_ in STEPS]


@EACH
def test_the_step_is_taken_and_what_is_wrong_with_it_is_found(step: Step) -> None:
    state, _, _, _, then, found = step
    assert take(step) == (state, then, found.split())


@EACH
def test_no_row_is_guarded_by_nothing(step: Step) -> None:
    with row_with(step, None if step[5] else PROBE):
        assert take(step)[2] == ([] if step[5] else [PROBE.id])
