"""Streams as steps: however long they are, and how far they are looked into."""

from __future__ import annotations

import json

import pytest

from app.run.diff.event_steps import steps_of
from app.run.diff.facts import EventPlace, EventRow, Kind, Part, Relation, RoundEvents, Sense, Step
from app.run.diff.summary import compare_run
from app.run.diff.tables import table_of
from app.run.diff.words_rows import event_words, step_words
from app.run.side import Side
from tests.builders import event, messages_end, messages_start, messages_text, recording, side


def streamed(*blocks: bytes, name: str = "a", protocol: str = "anthropic-messages") -> Side:
    return side("a" if name == "a" else "b", recording([(600.0, b"".join(blocks))], side="a", protocol=protocol))


def test_many_events_are_a_few_steps() -> None:
    long = streamed(messages_start(), messages_text("word ") * 20_000, messages_end())
    steps = steps_of(long.rounds[0])
    assert [one.sense for one in steps.steps] == [
        Sense.NAMED, Sense.USAGE, Sense.NAMED, Sense.TEXT, Sense.NAMED, Sense.NAMED, Sense.STOP, Sense.USAGE, Sense.NAMED,
    ]  # fmt: skip
    assert (steps.steps[3].first, steps.steps[3].last, steps.steps[3].count) == (3, 20_002, 20_000)
    assert not steps.cut


@pytest.mark.parametrize(("more", "cut"), [(0, False), (1, True)])
def test_three_thousand_events_without_content_are_looked_into(more: int, cut: bool) -> None:
    kinds = [event("unheard_of", at=number) for number in range(2_995 + more)]
    one = steps_of(streamed(messages_start(), *kinds, messages_end()).rounds[0])
    assert one.cut is cut


@pytest.mark.parametrize(("size", "name"), [(1_048_576, "kind"), (1_048_577, "kind no JSON")])
def test_an_event_is_read_up_to_a_mebibyte(size: int, name: str) -> None:
    data = b'{"type":"kind","x":"' + b"y" * (size - 22) + b'"}'
    assert len(data) == size
    one = steps_of(streamed(messages_start(), b"event: kind\ndata: " + data + b"\n\n", messages_end()).rounds[0])
    assert name in [step_words(step) for step in one.steps]


def test_the_name_of_an_event_has_an_end() -> None:
    one = steps_of(streamed(messages_start(), event("k" * 99), messages_end()).rounds[0])
    assert max(len(step.name) for step in one.steps) == 60


def test_so_many_numbers_and_names_are_listed() -> None:
    text = Step(Sense.TEXT, "", 1, 1, 1)
    rows = (EventRow(text, None, Relation.LESS_OFTEN),)
    for count, said in ((6, "1, 2, 3, 4, 5 and 6"), (7, "1, 2, 3, 4, 5, 6 and …")):
        place = EventPlace(Kind.ONLY_A, 0, 1, Relation.LESS_OFTEN, (1,), tuple(range(1, count + 1)))
        assert said in event_words(RoundEvents(1, rows, (place,)), place)
    named = tuple(EventRow(Step(Sense.NAMED, f"k{at}", at, at, 1), None, Relation.NEVER) for at in range(1, 8))
    several = EventPlace(Kind.ONLY_A, 0, 7)
    assert "k6 and …" in event_words(RoundEvents(1, named, (several,)), several)


def test_a_table_of_events_has_an_end_and_other_protocols_raise_nothing() -> None:
    kinds = [event(f"kind_{number}") for number in range(700)]
    a = streamed(messages_start(), *kinds, messages_end())
    b = streamed(messages_start(), messages_end(), name="b")
    table = table_of(compare_run(a, b), Part.EVENTS)
    assert table is not None
    assert len(table.rows) == 500
    chunk = json.dumps({"object": "chat.completion.chunk", "choices": [None, {"delta": None}, 7], "usage": {}}).encode()
    odd = streamed(b"data: " + chunk + b"\n\ndata: [DONE]\n\ndata: []\n\ndata:\n\n", name="b", protocol="openai-chat")
    assert compare_run(a, odd).events.by_meaning
    assert compare_run(odd, a).events.by_meaning


def test_of_the_first_words_that_differ_the_beginning_is_kept() -> None:
    a, b = (streamed(messages_start(), messages_text(f"So {sign * 90}"), messages_end()) for sign in "xy")
    summary = compare_run(a, b).summary.answers
    assert (summary.first_a, summary.first_b) == ("x" * 60, "y" * 60)
