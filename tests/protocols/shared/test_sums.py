"""Whether the reasoning stands in the output or beside it, by the sums of a usage object."""

from __future__ import annotations

from typing import Any

import pytest

from app.protocols.chat.usage import read_usage as read_chat
from app.protocols.responses.usage import read_usage as read_responses
from app.protocols.shared.sums import MORE_IN_TOTAL, MORE_REASONING


def chat(total: int | None, output: int = 1499, reasoning: int = 2809) -> dict[str, Any]:
    details = {"completion_tokens_details": {"reasoning_tokens": reasoning}}
    return {"prompt_tokens": 10120, "completion_tokens": output, "total_tokens": total, **details}


def responses(total: int | None, output: int = 1499, reasoning: int = 2809) -> dict[str, Any]:
    details = {"output_tokens_details": {"reasoning_tokens": reasoning}}
    return {"input_tokens": 10120, "output_tokens": output, "total_tokens": total, **details}


@pytest.mark.parametrize(
    ("total", "output", "reasoning", "meant", "doubts"),
    [
        (10120 + 1499 + 2809, 1499, 2809, 4308, ()),  # xAI: the total is the sum of all three
        (10120 + 1499, 1499, 2809, 1499, (MORE_REASONING,)),  # who knows which of them is wrong
        (None, 1499, 2809, 1499, (MORE_REASONING,)),
        (10120 + 1499, 1499, 300, 1499, ()),  # as OpenAI counts
        (10120 + 1499 + 40, 1499, 300, 1499, (MORE_IN_TOTAL,)),
        (10120 + 1499 - 40, 1499, 300, 1499, ()),
        (10120 + 1499, 1499, 0, 1499, ()),
    ],
)
def test_the_output_is_read_as_it_is_meant(
    total: int | None, output: int, reasoning: int, meant: int, doubts: tuple[str, ...]
) -> None:
    for usage in (read_chat(chat(total, output, reasoning)), read_responses(responses(total, output, reasoning))):
        assert (usage.output_tokens, usage.reasoning_tokens, usage.doubts) == (meant, reasoning, doubts)
