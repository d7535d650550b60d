"""Cache reads that a request can't hold: told once they are above its bytes, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.run.cache_reads import ALLOWANCE, unexplained_read
from app.run.compare import compare
from app.run.side import Side
from tests.builders import JSON, recording, side

PLAIN: dict[str, Any] = {"model": "claude-opus-4-8", "max_tokens": 100, "messages": [{"role": "user", "content": "Hello"}]}
TOOL = {"name": "f", "description": "d", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}


def size(asked: dict[str, Any]) -> int:
    made = recording([], asked=asked)
    return len(made.request.body)


def reading(name: str, read: int | None, asked: dict[str, Any] = PLAIN) -> Side:
    body = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_reason": "end_turn"}
    counts = {"input_tokens": 9, "output_tokens": 3} | ({} if read is None else {"cache_read_input_tokens": read})
    whole = {**body, "stop_sequence": None, "content": [{"type": "text", "text": "Hi"}], "usage": counts}
    data = json.dumps(whole).encode()
    made = recording([(700.0, data)], side=name, headers=JSON, streamed=False, asked=asked)  # type: ignore[arg-type]
    return side(name, made)  # type: ignore[arg-type]


MOST = size(PLAIN) + ALLOWANCE


@pytest.mark.parametrize(
    ("b", "a", "found"),
    [
        (None, None, False),
        (0, 0, False),
        (MOST, 0, False),  # all of it, and the words of a template
        (MOST + 1, 0, True),
        (MOST + 1, None, True),
        (MOST + 1, MOST + 1, False),  # the other side does it too
        (MOST + 1, 80, True),
    ],
)
def test_more_than_the_body_holds(b: int | None, a: int | None, found: bool) -> None:
    sides = reading("b", b), reading("a", a)
    assert unexplained_read(*sides) == ((b, size(PLAIN)) if found else None)
    assert unexplained_read(*reversed(sides)) is None


@pytest.mark.parametrize(
    "asked",
    [
        PLAIN | {"previous_response_id": "resp_1"},
        PLAIN | {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        PLAIN | {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "x"}}]}]},
        PLAIN | {"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]}]},
    ],
)
def test_what_counts_without_being_in_the_body_explains_it(asked: dict[str, Any]) -> None:
    assert unexplained_read(reading("b", 9000, asked), reading("a", 0, asked)) is None


@pytest.mark.parametrize("more", [{"tools": [TOOL]}, {"thinking": {"type": "adaptive"}}, {"tool_choice": {"type": "any"}}])
def test_functions_and_settings_do_not(more: dict[str, Any]) -> None:
    asked = PLAIN | more
    assert unexplained_read(reading("b", 9000, asked), reading("a", 0, asked)) == (9000, size(asked))


def test_the_sentence_tells_it() -> None:
    sentence = compare(reading("a", 0), reading("b", 1500)).sentence
    assert f"B says that it read 1 500 tokens from a cache for a request of {size(PLAIN)} bytes" in sentence.replace(
        "\u202f", " "
    )
    assert "from a cache" not in compare(reading("a", 1500), reading("b", 1500)).sentence
