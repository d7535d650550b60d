"""An answer that comes a second time: by its id and its words, at one address, and not where an id may come by chance."""

from __future__ import annotations

import pytest

from app.recording.recording import Recording
from app.run.compare import compare
from app.run.heard_before import HeardBefore
from app.run.side import Side
from tests.builders import JSON, recording, side

LONG = "msg_01XFDUDYJgAACzvnptvVoYEL"


def answer(name: str = LONG, text: str = "Hello", url: str = "https://relay.example/v1/messages") -> Recording:
    usage = '"usage":{"input_tokens":9,"output_tokens":4}'
    body = (
        f'{{"id":"{name}","type":"message","role":"assistant","model":"m","stop_reason":"end_turn","stop_sequence":null,'
        f'"content":[{{"type":"text","text":"{text}"}}],{usage}}}'
    )
    made = recording([(600.0, body.encode())], headers=JSON, streamed=False, side="b")
    made.request = type(made.request)("POST", url)
    return made


def heard(*answers: Recording) -> list[bool]:
    """Whether each was heard before, in runs one after the other."""
    book, told = HeardBefore(), list[bool]()
    for one in answers:
        found = read(one)
        book.take(found)
        told.append(found.heard_before)
    return told


def read(*answers: Recording) -> Side:
    made = side("b", *answers)
    for one in made.rounds:
        one.finish()
    return made


def test_the_same_id_and_words_a_second_time_are_told() -> None:
    assert heard(answer(), answer(LONG[:-1] + "M"), answer()) == [False, False, True]
    book = HeardBefore()
    book.take(read(answer()))
    found = read(answer())
    book.take(found)
    assert "B gave an answer that came before" in compare(found, None).sentence
    assert "came before" in compare(side("a", answer("msg_other_and_long_enough")), found).sentence
    assert "came before" not in compare(read(answer()), None).sentence


@pytest.mark.parametrize("second", [answer(text="Hello!"), answer(url="https://other.example/v1/messages")])
def test_other_words_or_another_address_are_another_answer(second: Recording) -> None:
    assert heard(answer(), second) == [False, False]


@pytest.mark.parametrize("name", ["chatcmpl-123", "0" * 30])
def test_an_id_that_is_none_of_its_own_tells_nothing(name: str) -> None:
    assert heard(answer(name), answer(name)) == [False, False]


def test_two_rounds_of_one_run_are_not_two_runs() -> None:
    book, both = HeardBefore(), read(answer(), answer())
    book.take(both)
    assert not both.heard_before


def test_both_sides_of_one_run_are_not_two_runs() -> None:
    book, sides = HeardBefore(), (side("a", answer()), read(answer()))
    sides[0].rounds[0].finish()
    book.take(*sides)
    assert [one.heard_before for one in sides] == [False, False]
    book.take(*sides)
    assert [one.heard_before for one in sides] == [True, True]
