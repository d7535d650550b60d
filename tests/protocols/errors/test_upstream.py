"""What the server behind a relay said: without stacks of calls, without a router's tail, said once."""

from __future__ import annotations

import pytest

from app.protocols.errors.upstream import python_object, without_stack, without_tail

STACK = "\n    at Server.answer (/app/server.js:12:34)\n    at node:internal/process:95:5"


@pytest.mark.parametrize(("length", "said_once"), [(1_996, True), (1_997, False)])
def test_a_message_that_is_said_twice_before_its_stack(length: int, said_once: bool) -> None:
    message = "y" * length
    twice = f"{message} Error: {message}"
    assert len(twice) == 2 * length + 8
    assert without_stack(twice + STACK) == (message if said_once else twice)


def test_a_message_without_a_stack_stays() -> None:
    assert without_stack("no Error: no") == "no Error: no"
    assert without_stack(f"no{STACK}") == "no"
    assert without_stack("look at me\nat noon") == "look at me\nat noon"


def test_a_tail_that_is_all_stays() -> None:
    assert without_tail("") == ""
    assert without_tail("no") == "no"


@pytest.mark.parametrize(("spaces", "read"), [(16_384 - 8, True), (16_384 - 7, False)])
def test_a_dictionary_of_python_up_to_a_length(spaces: int, read: bool) -> None:
    text = "{'a': 1}" + " " * spaces
    assert (python_object(text) == {"a": 1}) is read
    assert python_object("['a']") is None
    assert python_object("{'a': __import__('os')}") is None
    assert python_object("{" * 5_000) is None
