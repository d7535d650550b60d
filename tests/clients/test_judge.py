"""How an answer is held against the truth, in the words of the table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.driving import Played
from tests.clients.inputs import Input
from tests.clients.judge import outcome

BASE: dict[str, Any] = {
    "text": "Hello world",
    "calls": [["call_1", "add", '{"a":1,"b":2}']],
    "stop": "stop",
    "input": 25,
    "output": 12,
    "reasoning": "Hm.",
}
FAULTY = Input("no_stop", "openai-chat", "tools", True, {}, ids=frozenset(("call_1", "call_2")))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "same"),
        ({"text": "Hello"}, "text:cut"),
        ({"text": None}, "text:none"),
        ({"text": "Hello worldHello world"}, "text:twice"),
        ({"text": "Hello world!"}, "text:more"),
        ({"text": "Bye"}, "text:other"),
        ({"reasoning": ""}, "reasoning:none"),
        ({"calls": []}, "calls:none"),
        ({"calls": BASE["calls"] * 2}, "calls:more"),
        ({"calls": [["call_1", "addadd", '{"a":1,"b":2}']]}, "calls:name"),
        ({"calls": [["call_1", "add", '{"a":1,']]}, "calls:invalid"),
        ({"calls": [["call_1", "add", "{}"]]}, "calls:emptied"),
        ({"calls": [["call_1", "add", '{"a":1}']]}, "calls:arguments"),
        ({"calls": [["call_1call_1", "add", '{"b":2,"a":1}']]}, "ids:other"),
        ({"calls": None, "reasoning": "Hm."}, "same"),
        ({"stop": None}, "stop:none"),
        ({"stop": "other"}, "stop:other"),
        ({"input": None, "output": 24}, "input:none output:twice"),
        ({"input": 0, "output": 13}, "input:zero output:more"),
        ({"input": "25", "output": 1}, "input:no-number output:less"),
        ({"error": {"class": "X"}}, "error:X"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], said: str) -> None:
    assert outcome(Played({**BASE, **changed}, [b""]), FAULTY, BASE) == said


def test_an_exception_alone_and_how_often_it_asked() -> None:
    assert outcome(Played({"error": {"class": "openai.APIError"}}, [b""] * 3), FAULTY, BASE) == "error:openai.APIError tries:3"
    assert outcome(Played(None, []), FAULTY, BASE) == "hung"


def test_javascript_leaves_out_what_is_undefined() -> None:
    assert outcome(Played({"text": "Hello world"}, [b""]), FAULTY, {"text": "Hello world"}) == "same"


def test_a_case_is_held_against_our_own_reading() -> None:
    read = {"text": "Hi", "calls": [], "stop": "end_turn", "input": 9, "output": 4}
    case = Input("messages-x.http", "anthropic-messages", "text", True, {}, read=read, is_case=True)
    assert outcome(Played({**read, "stop": "stop"}, [b""]), case, None) == "same"
    assert outcome(Played({**read, "stop": "other", "input": 18}, [b""]), case, None) == "stop:other input:twice"


def test_arguments_in_another_form_than_usual_are_no_arguments() -> None:
    objects = {**BASE, "calls": [["call_1", "add", {"a": 1, "b": 2}]]}
    as_text = {**objects, "calls": [["call_1", "add", '{"a":1,"b":2}']]}
    assert outcome(Played(as_text, [b""]), FAULTY, objects) == "calls:invalid"
    assert outcome(Played(objects, [b""]), FAULTY, as_text) == "calls:invalid"
