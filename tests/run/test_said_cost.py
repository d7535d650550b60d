"""What an endpoint says that its answer cost, as OpenRouter, LiteLLM and Perplexity write it, in each protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.exchange.exchange import Exchange
from app.formats.captures import from_body
from app.protocols.reading import Usage
from app.run.json_report import side_facts
from app.run.said_cost import SaidCost, said_cost
from app.run.side import Side

BYOK: dict[str, Any] = {"cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.002}}


ODD: tuple[Any, ...] = (None, "0.01", True, -1, float("nan"), float("inf"), 1_000_001, [], {}, {"total_cost": "x"})


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"cost": 0.00095}, SaidCost(0.00095)),
        ({"cost": 0}, SaidCost(0.0)),
        ({"cost": 1e6}, SaidCost(1e6)),
        ({"cost": 0.5, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.5}}, SaidCost(0.5)),
        ({"cost": 0.5, "cost_details": {"upstream_inference_cost": None}, "is_byok": True}, SaidCost(0.5)),
        (BYOK, SaidCost(0.0001, 0.002)),
        ({"cost": {"input_tokens_cost": 0.001, "request_cost": 0.005, "total_cost": 0.006}}, SaidCost(0.006)),
        *(({"cost": odd}, None) for odd in ODD),
        ({}, None),
    ],
)
def test_the_endpoint_s_own_word(raw: dict[str, Any], said: SaidCost | None) -> None:
    assert said_cost([Usage(raw=raw)]) == said


def test_rounds_add_up_where_each_says_it() -> None:
    assert said_cost([Usage(raw={"cost": 0.25}), Usage(raw=BYOK)]) == SaidCost(0.2501, 0.002)
    assert said_cost([Usage(raw={"cost": 0.25}), Usage()]) is None
    assert said_cost([Usage(raw={"cost": 0.25}), None]) is None
    assert said_cost([]) is None


CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-5.5"}
CHAT = [
    CHUNK | {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}]},
    CHUNK | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    CHUNK | {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12, "cost": 0.0042}},
]
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "stop_reason": "end_turn",
           "stop_sequence": None, "content": [{"type": "text", "text": "Hi"}],
           "usage": {"input_tokens": 10, "output_tokens": 2, "cost": 0.0042}}  # fmt: skip
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "gpt-5.5", "error": None,
            "output": [{"id": "m", "type": "message", "status": "completed", "role": "assistant",
                        "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}],
            "usage": {"input_tokens": 10, "output_tokens": 2, "total_tokens": 12, "cost": 0.0042}}  # fmt: skip
BODIES = {
    "openai-chat": "".join(f"data: {json.dumps(one)}\n\n" for one in CHAT) + "data: [DONE]\n\n",
    "anthropic-messages": json.dumps(MESSAGE),
    "openai-responses": json.dumps(RESPONSE),
}


@pytest.mark.parametrize("protocol_id", BODIES)
def test_it_stands_beside_the_price_list_s_and_is_not_mixed_with_it(protocol_id: str) -> None:
    facts = side_facts(_side(BODIES[protocol_id], protocol_id))
    other = side_facts(_side(BODIES[protocol_id].replace("0.0042", "9.5"), protocol_id))
    assert (facts["cost_said_usd"], other["cost_said_usd"]) == (0.0042, 9.5)
    assert facts["cost_usd"] == other["cost_usd"] is not None
    assert side_facts(_side(BODIES[protocol_id].replace('"cost"', '"price"'), protocol_id))["cost_said_usd"] is None


def _side(body: str, protocol_id: str) -> Side:
    return Side("a", [Exchange(from_body(body.encode(), protocol_id, "x")).finish()])
