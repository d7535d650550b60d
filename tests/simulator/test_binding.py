"""Replayed thinking: whether it was changed, whose it is, by which model and behind which conversation it was made."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from app.simulator.model.seals import Origin, seal, unseal
from tests.simulator.inside import CONTROLS, MESSAGES, RESPONSES, Inside, request, usage_of
from tests.simulator.raw import SCHEMA

SYSTEM = "You help the harbour of Bavo."
ENFORCING, ON_REQUEST, RECORDING, OTHER = "claude-fable-5-1", "claude-opus-5-5", "claude-mythos-5-1", "claude-opus-4-8"
TIED, ALONE = "claude-sonnet-5-5", "claude-haiku-5-5"
DROPPED, ALLOWED = "thinking_dropped", "thinking_mismatch_allowed"
PLACE = "messages.1.content.0"


def asked(model: str, **more: Any) -> dict[str, Any]:
    thinking: dict[str, Any] = {"type": "adaptive", **more.pop("thinking", {})}
    return request(MESSAGES, tools=True, prompt="Weather in Oslo?", model=model, system=SYSTEM, thinking=thinking, **more)


def replay(body: dict[str, Any], content: list[dict[str, Any]]) -> dict[str, Any]:
    """The second turn: the answer as it came, and the results of its calls."""
    results = [
        {"type": "tool_result", "tool_use_id": one["id"], "content": "4 °C"} for one in content if one["type"] == "tool_use"
    ]
    turns = [*body["messages"], {"role": "assistant", "content": content}, {"role": "user", "content": results}]
    return body | {"messages": turns}


def minted(inside: Inside, model: str, faults: str = "", **more: Any) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = inside.ask(faults, MESSAGES, asked(model), **more)["content"]
    assert content[0]["type"] == "thinking"
    return content


def tampered(content: list[dict[str, Any]]) -> list[dict[str, Any]]:
    signature = bytearray(content[0]["signature"], "ascii")
    middle = len(signature) // 2
    signature[middle : middle + 4] = b"AAAA" if signature[middle : middle + 4] != b"AAAA" else b"BBBB"
    return [content[0] | {"signature": signature.decode()}, *content[1:]]


def told(inside: Inside, body: dict[str, Any], **more: Any) -> Any:
    """What became of the blocks, or the refusal's words."""
    answer = inside.ask(more.pop("faults", ""), MESSAGES, body, headers=CONTROLS, **more)
    if "error" in answer:
        return answer["error"]["message"]
    return [(one["type"], one["path"], one["reason"]) for one in answer["input_transformations"]]


def test_a_seal_tells_what_it_was_made_with_and_bears_no_change() -> None:
    origin = Origin("claude-opus-5-5", "account", "prefix", 31)
    value = seal("I think", origin)
    assert unseal(value, "I think") == origin
    assert unseal(value, "I thunk") is None
    raw = base64.b64decode(value)
    for place in (0, 13, 40, len(raw) - 1):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert unseal(base64.b64encode(changed).decode(), "I think") is None
    assert unseal("no base64", "I think") is None
    assert b"claude" not in raw
    assert seal("I think", origin) != value


@pytest.mark.parametrize("model", [ENFORCING, ON_REQUEST, RECORDING, OTHER, TIED, ALONE])
def test_a_block_that_comes_back_unchanged_reaches_the_model(model: str) -> None:
    inside = Inside()
    content = minted(inside, model)
    body = replay(asked(model), content)
    assert told(inside, body) == []
    whole, stripped = (
        usage_of(inside.ask("", MESSAGES, body))[0],
        usage_of(inside.ask("", MESSAGES, replay(asked(model), content[1:])))[0],
    )
    thought = inside.ask("", MESSAGES, asked(model))["usage"]["output_tokens_details"]["thinking_tokens"]
    assert whole - stripped == thought > 10


def test_a_changed_signature_or_text_is_refused() -> None:
    inside = Inside()
    content = minted(inside, "claude-sonnet-4-6")
    body = asked("claude-sonnet-4-6")
    assert told(inside, replay(body, tampered(content))) == f"{PLACE}: Invalid `signature` in `thinking` block"
    changed = [content[0] | {"thinking": content[0]["thinking"] + "!"}, *content[1:]]
    assert told(inside, replay(body, changed)) == f"{PLACE}: Invalid `signature` in `thinking` block"


@pytest.mark.parametrize(
    "change",
    [
        {"system": SYSTEM + " Always."},
        {"messages": [{"role": "user", "content": "Weather in Rome?"}]},
        {"tools": [{"name": "get_weather", "description": "Looks outside.", "input_schema": SCHEMA}]},
    ],
    ids=["system", "messages", "tools"],
)
def test_another_conversation_is_noticed_by_the_models_that_look(change: dict[str, Any]) -> None:
    inside = Inside()
    said = {}
    for model in (ENFORCING, ON_REQUEST, RECORDING, OTHER, TIED):
        said[model] = told(inside, replay(asked(model) | change, minted(inside, model)))
    assert (
        said[ENFORCING] == f"{PLACE}: Invalid `signature` in `thinking` block: the block is bound to a different conversation"
    )
    assert said[ON_REQUEST] == said[RECORDING] == [(ALLOWED, PLACE, "prefix_binding_mismatch")]
    assert said[OTHER] == said[TIED] == []


def test_what_says_nothing_to_the_model_is_no_other_conversation() -> None:
    inside = Inside()
    content = minted(inside, ENFORCING)
    marked = [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}]
    body = replay(asked(ENFORCING) | {"system": marked}, content)
    body["messages"][0] = {"role": "user", "content": [{"type": "text", "text": "Weather in Oslo?"}]}
    assert told(inside, body) == []


def test_earlier_thinking_may_be_left_out_and_so_may_what_the_sdks_leave_out() -> None:
    inside = Inside()
    first = minted(inside, ENFORCING)
    body = replay(asked(ENFORCING), first)
    second = inside.ask("", MESSAGES, body)["content"]
    assert second[0]["type"] == "thinking"
    said = [{name: value for name, value in block.items() if name != "caller"} for block in first[1:]]
    turns = [body["messages"][0], {"role": "assistant", "content": said}, body["messages"][2]]
    turns += [{"role": "assistant", "content": second}, {"role": "user", "content": "Thanks!"}]
    assert told(inside, body | {"messages": turns}) == []
    turns[2] = turns[2] | {"content": [turns[2]["content"][0] | {"content": "5 °C"}]}
    assert "bound to a different conversation" in told(inside, body | {"messages": turns})


def test_the_request_may_ask_for_an_error_or_a_drop() -> None:
    inside = Inside()
    other = {"system": "Another."}
    for model in (ENFORCING, ON_REQUEST):
        content = minted(inside, model)
        said = [
            told(inside, replay(asked(model, thinking={"block_binding": {"prefix_mismatch_behavior": one}}) | other, content))
            for one in ("error", "drop_block")
        ]
        assert "bound to a different conversation" in said[0]
        assert said[1] == [(DROPPED, PLACE, "prefix_binding_mismatch")]


@pytest.mark.parametrize(("model", "headers"), [(ENFORCING, {}), (OTHER, CONTROLS)])
def test_the_control_is_refused_where_it_is_not_known(model: str, headers: dict[str, str]) -> None:
    body = asked(model, thinking={"block_binding": {}})
    answer = Inside().ask("", MESSAGES, body, headers=headers)
    assert answer["error"]["message"] == "thinking.adaptive.block_binding: Extra inputs are not permitted"


@pytest.mark.parametrize(
    ("made_by", "read_by", "reason"),
    [
        (OTHER, OTHER, ""),
        ("claude-opus-4-7", OTHER, ""),
        (OTHER, ON_REQUEST, "model_binding_mismatch"),
        (ON_REQUEST, ALONE, "model_binding_mismatch"),
    ],
)
def test_a_model_reads_its_own_generation(made_by: str, read_by: str, reason: str) -> None:
    inside = Inside()
    body = replay(asked(read_by), minted(inside, made_by))
    assert told(inside, body) == ([(DROPPED, PLACE, reason)] if reason else [])


def test_some_blocks_are_tied_to_their_account() -> None:
    inside = Inside()
    for model, expected in ((TIED, [(DROPPED, PLACE, "organization_binding_mismatch")]), (OTHER, []), (ENFORCING, [])):
        content = minted(inside, model, key="sk-one")
        assert told(inside, replay(asked(model), content), key="sk-two") == expected
        assert told(inside, replay(asked(model), content), key="sk-one") == []


def test_the_account_comes_before_the_model() -> None:
    inside = Inside()
    content = minted(inside, TIED, key="sk-one")
    assert told(inside, replay(asked(ALONE), content), key="sk-two") == [(DROPPED, PLACE, "organization_binding_mismatch")]


def test_a_drop_is_silent_without_the_header_and_not_counted() -> None:
    inside = Inside()
    content = minted(inside, TIED, key="sk-one")
    body = replay(asked(TIED), content)
    answer = inside.ask("", MESSAGES, body, key="sk-two")
    assert "input_transformations" not in answer
    assert usage_of(answer)[0] == usage_of(inside.ask("", MESSAGES, replay(asked(TIED), content[1:])))[0]


def test_the_stream_tells_it_at_its_start() -> None:
    inside = Inside()
    body = replay(asked(ALONE), minted(inside, TIED)) | {"stream": True}
    frames = inside.reply("", MESSAGES, body, headers=CONTROLS).body.split(b"\n\n")
    assert b'"input_transformations":[{"type":"thinking_dropped","path":"messages.1.content.0"' in frames[0]
    assert b"input_transformations" not in b"".join(frames[1:])


# -- what relays do ----------------------------------------------------------------------------------------------------


def test_a_hidden_prompt_is_another_conversation_to_the_official_endpoint() -> None:
    """The prefix witness: the block was made behind what the relay sent, not behind what was asked."""
    inside = Inside()
    content = minted(inside, ENFORCING, "hidden_prompt=40")
    assert told(inside, replay(asked(ENFORCING), content), faults="hidden_prompt=40") == []
    assert "bound to a different conversation" in told(inside, replay(asked(ENFORCING), content))
    assert told(inside, replay(asked(ENFORCING), minted(inside, ENFORCING, "other_account"))) == []


@pytest.mark.parametrize("faults", ["strip_thinking", "retry_without_thinking"])
def test_stripped_blocks_show_in_the_input_alone(faults: str) -> None:
    inside = Inside()
    content = minted(inside, OTHER)
    whole, changed, bare = (
        inside.ask(faults, MESSAGES, replay(asked(OTHER), one)) for one in (content, tampered(content), content[1:])
    )
    assert usage_of(changed)[0] == usage_of(bare)[0]
    assert (usage_of(whole)[0] > usage_of(bare)[0]) == (faults == "retry_without_thinking")


def test_signatures_that_nobody_checks_count_all_the_same() -> None:
    inside = Inside()
    content = minted(inside, "claude-sonnet-4-6")
    whole, changed = (
        inside.ask("signature_unchecked", MESSAGES, replay(asked("claude-sonnet-4-6"), one))
        for one in (content, tampered(content))
    )
    assert usage_of(whole)[0] == usage_of(changed)[0]


def test_a_swallowed_header_leaves_the_control_unknown() -> None:
    inside = Inside()
    body = asked(ENFORCING, thinking={"block_binding": {}})
    assert "Extra inputs" in inside.ask("beta_swallowed", MESSAGES, body, headers=CONTROLS)["error"]["message"]


def test_thinking_that_is_not_shown_counts_all_the_same() -> None:
    inside = Inside()
    shown, hidden = (minted(inside, ENFORCING, faults) for faults in ("", "thinking_empty"))
    assert hidden[0]["thinking"] == ""
    totals = [usage_of(inside.ask("", MESSAGES, replay(asked(ENFORCING), content)))[0] for content in (shown, hidden)]
    assert totals[0] == totals[1]


def test_only_a_refusal_for_thinking_is_tried_again() -> None:
    assert "error" in Inside().ask("retry_without_thinking", MESSAGES, request(MESSAGES, max_tokens=-1))


# -- encrypted reasoning -----------------------------------------------------------------------------------------------


def reasoned(inside: Inside, **more: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    body = request(RESPONSES, tools=True, prompt="Weather in Oslo?")
    return body, inside.ask("", RESPONSES, body, **more)["output"]


def continued(body: dict[str, Any], output: list[dict[str, Any]]) -> dict[str, Any]:
    results = [
        {"type": "function_call_output", "call_id": one["call_id"], "output": "4 °C"}
        for one in output
        if one["type"] == "function_call"
    ]
    return body | {"input": [{"role": "user", "content": "Weather in Oslo?"}, *output, *results]}


def test_encrypted_reasoning_counts_where_it_reaches_the_model() -> None:
    inside = Inside()
    body, output = reasoned(inside)
    whole, stripped = (usage_of(inside.ask(one, RESPONSES, continued(body, output)))[0] for one in ("", "strip_thinking"))
    assert whole - stripped == 64


def test_encrypted_reasoning_is_the_accounts_own_and_unchanged() -> None:
    inside = Inside()
    body, output = reasoned(inside, key="sk-one")
    refused = inside.ask("", RESPONSES, continued(body, output), key="sk-two")["error"]
    assert refused["code"] == "invalid_encrypted_content"
    assert "did not match the target organization" in refused["message"]
    sealed = output[0]["encrypted_content"]
    output[0]["encrypted_content"] = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    assert inside.ask("", RESPONSES, continued(body, output))["error"]["code"] == "invalid_encrypted_content"
    assert "output" in inside.ask("retry_without_thinking", RESPONSES, continued(body, output))
