"""Where a number begins to count, and how much of the answer a finding quotes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocols.chat.streams import (
    CALLS,
    COUNT,
    DONE,
    ROLE,
    STOP,
    TEXT,
    Chunk,
    answer,
    begin,
    call,
    chunk,
    ids,
    more,
    read,
    read_whole,
    usage,
)

LONG = "x" * 1000


@pytest.mark.parametrize(
    ("created", "odd"), [(0, False), (99_999_999_999, False), (100_000_000_000, True), (-1, True), (True, True), ("1", True)]
)
def test_created_is_in_seconds(created: Any, odd: bool) -> None:
    assert ids(read(ROLE, TEXT | {"created": created}, STOP, COUNT, DONE)) == ["C49"] * odd


@pytest.mark.parametrize(("times", "found"), [(1, []), (2, []), (3, ["C3b"])])
def test_usage_is_expected_once_and_borne_twice(times: int, found: list[str]) -> None:
    assert ids(read(ROLE, TEXT, STOP, *[COUNT] * times, DONE)) == found


def said(*pieces: str) -> list[str]:
    return ids(read(ROLE, *(chunk({"content": piece}) for piece in pieces), STOP, COUNT, DONE))


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (["a", "ab", "abc", "abcd" * 5], ["C44"]),  # grown three times, to 20 characters
        (["a", "ab", "abc", "abcd" * 5 + "e"], ["C44"]),
        (["a", "ab", "abc", "abcd" * 4 + "efg"], []),  # 19 characters
        (["a", "ab", "abcd" * 5], []),  # grown twice
        (["a", "a", "b", "b", "c", "c", "d", "d"], ["C45"]),  # four pairs
        (["a", "a", "b", "b", "c", "c"], []),
        (["a", "a", "b", "b", "c", "c", "d", "d", "e"], []),
        (["The river ", "runs past.", "The river runs past."], ["C46"]),  # 20 characters
        (["The river ", "runs past", "The river runs past"], []),
        (["The river runs past.", "The river runs past."], []),  # two pieces alone
    ],
)
def test_a_repetition_is_longer_than_one_of_the_model(pieces: list[str], found: list[str]) -> None:
    assert said(*pieces) == found


@pytest.mark.parametrize(
    ("chunks", "end"),
    [
        ([ROLE, LONG, TEXT, STOP], f": {'x' * 80}"),
        ([ROLE, {"type": LONG}, TEXT, STOP], f": {'x' * 200}"),
        ([ROLE, {"error": {"message": LONG}}], f": {'x' * 200}"),
        (
            [ROLE, TEXT, chunk({}, LONG)],
            f" '{'x' * 199}; known are stop, length, tool_calls, content_filter and function_call.",
        ),
        ([ROLE, TEXT, chunk({}, LONG), chunk({}, "stop")], f"({'x' * 200})."),
        ([ROLE, TEXT, *(chunk({}, reason) for reason in "abc")], "(a, b)."),
        ([ROLE | {"id": LONG}, TEXT, STOP], f"({'x' * 100}, c)."),
        ([ROLE, TEXT | {"id": LONG}, STOP], f"(c, {'x' * 100})."),
        ([ROLE | {"model": LONG}, TEXT, STOP], f"({'x' * 100}, m)."),
        ([ROLE, TEXT | {"model": LONG}, STOP], f"(m, {'x' * 100})."),
        ([ROLE, TEXT | {"object": LONG}, STOP], f" '{'x' * 199}; it must be `chat.completion.chunk`."),
        ([ROLE, TEXT | {"choices": {LONG: 1}}, STOP], f"(found: {{'{'x' * 198}); it must be there, if need be empty."),
        ([ROLE, TEXT | {"created": LONG}, STOP], f" '{'x' * 39}; it must be a whole number of seconds since 1970."),
        ([chunk({"role": LONG}), TEXT, STOP], f" '{'x' * 39}; it must be `assistant`."),
        ([ROLE, chunk(choices=[LONG]), STOP], f" '{'x' * 39} where the protocol has an object. It was not read."),
        (
            [ROLE, chunk({"content": "a\ud83d" + "a" * 100}), STOP],
            f"('a\\ud83d{'a' * 38}'), an escaped surrogate without its other half.",
        ),
        (
            [ROLE, *(chunk({LONG: [{}]}) for _ in (1, 2)), TEXT, STOP],
            f"`delta.{'x' * 40}` is a list that came in more than one chunk, and its entries have no `index`.",
        ),
        (
            [ROLE, chunk({"content": [{"type": LONG}]}), TEXT, STOP],
            f"({'x' * 200}); the protocol answers with a string.",
        ),
        ([ROLE, call(begin(0, "a", LONG, "{x}")), CALLS], f"The arguments of {'x' * 80} are not valid JSON."),
        (
            [ROLE, call(begin(0, LONG, "f", "{}")), call(more(0, "", id=LONG)), CALLS],
            f"(id {'x' * 90}).",
        ),
        (
            [ROLE, call(begin(0, "a", "f", "{}")), call(more(0, "", id=LONG)), CALLS],
            f"(id a, then {'x' * 90}).",
        ),
        (
            [ROLE, call(begin(0, "a", LONG, "{")), call(begin(0, None, LONG, "}")), CALLS],
            f"(name {'x' * 190}).",
        ),
        (
            [ROLE, call(begin(0, "a", LONG)), call(begin(0, None, LONG + "y", "{}")), CALLS],
            f"({'x' * 90}, then {'x' * 90}). The pieces were joined.",
        ),
        (
            [ROLE, *(call(begin(index, LONG, "f", "{}")) for index in (0, 1)), CALLS],
            f"Two tool calls have the same id ({'x' * 200}).",
        ),
        (
            [ROLE, TEXT, STOP, COUNT | {"usage": dict.fromkeys([LONG, "total_tokens"], 1)}],
            f"(it has {'x' * 80}).",
        ),
        (
            [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt=LONG)}],
            f"(prompt_tokens: '{'x' * 39}).",
        ),
    ],
)
def test_a_finding_quotes_so_much(chunks: list[Chunk], end: str) -> None:
    assert [one.sentence for one in read(*chunks, DONE).findings if one.sentence.endswith(end)]


def test_a_body_without_an_answer_is_named_by_its_first_keys() -> None:
    assert "(the body has a, b, c, d, e)" in read_whole(dict.fromkeys("abcdef", 1)).findings[0].sentence
    assert f"(the body has {'x' * 180})" in read_whole({LONG: 1}).findings[0].sentence
    assert f"is '{'x' * 39}; it" in read_whole(answer({"role": LONG, "content": "Hi"})).findings[0].sentence
