"""Token counts: the same things are counts in every protocol, and none that figures can't be made with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.registry import protocol
from app.protocols.shared.counts import as_count
from app.text import numbers

COUNTS = [(0, 0), (17, 17), (17.0, 17), (9_007_199_254_740_991, 9_007_199_254_740_991)]
NO_COUNTS = [-1, 0.5, True, "5", [], 1e300, float("inf"), 9_007_199_254_740_992, 10**400]


@pytest.mark.parametrize(("value", "count"), [*COUNTS, *((value, None) for value in (*NO_COUNTS, None, float("nan")))])
def test_what_is_a_count(value: object, count: int | None) -> None:
    assert as_count(value) == count
    assert numbers.count(as_count(value))


def answers(count: object) -> dict[str, tuple[dict[str, Any], str]]:
    """By protocol: a whole answer that counts so many tokens each, and the finding of a count that is none."""
    message = {"type": "message", "id": "m", "role": "assistant", "model": "m"}
    chat = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    item = message | {"status": "completed", "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}
    new = {"input_tokens": count, "output_tokens": count}
    old = {"prompt_tokens": count, "completion_tokens": count}
    return {
        "anthropic-messages": (message | {"content": [], "stop_reason": "end_turn", "usage": new}, "A31"),
        "openai-chat": ({"id": "c", "model": "m", "choices": [chat], "usage": old}, "C37"),
        "openai-responses": (
            {"id": "r", "status": "completed", "model": "m", "output": [item], "usage": new | {"total_tokens": count}},
            "R27a",
        ),
    }


@pytest.mark.parametrize("protocol_id", answers(0))
@pytest.mark.parametrize(
    ("value", "count"), [(1, 1), (17.0, 17), *((value, None) for value in NO_COUNTS if value != float("inf"))]
)
def test_all_protocols_count_alike(protocol_id: str, value: object, count: int | None) -> None:
    document, finding = answers(value)[protocol_id]
    reader = protocol(protocol_id).reader(streamed=False)
    reader.read_whole(json.dumps(document).encode(), 200)
    reading = reader.finish()
    assert reading.usage is not None
    assert (reading.usage.input_tokens, reading.usage.output_tokens) == (count, count)
    assert (finding in {one.id for one in reading.findings}) == (count is None)
