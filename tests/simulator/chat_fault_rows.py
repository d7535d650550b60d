"""Rows for the faults in the chunks of Chat Completions, as in `fault_rows`."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from tests.simulator.fault_rows import C, Row, fragments, streamed, whole
from tests.simulator.raw import Raw


def chunks(raw: Raw) -> list[dict[str, Any]]:
    """The chunks of a stream."""
    return [data for _, data in raw.events if isinstance(data, dict)]


def choices(raw: Raw) -> list[Any]:
    """The choices of all chunks."""
    return [choice for chunk in chunks(raw) for choice in chunk["choices"]]


def texts(raw: Raw, key: str = "content") -> list[str]:
    """The pieces of text, or of another field of the deltas."""
    return [choice["delta"][key] for choice in choices(raw) if choice["delta"].get(key)]


def message(raw: Raw) -> dict[str, Any]:
    """The message of a whole answer."""
    found: dict[str, Any] = raw.json["choices"][0]["message"]
    return found


def arguments(raw: Raw) -> list[str]:
    """The arguments of a whole answer's calls."""
    return [call["function"]["arguments"] for call in message(raw)["tool_calls"]]


CHAT_ROWS: dict[str, Row] = {
    # order
    "choice_null": streamed(C, lambda r: chunks(r)[1]["choices"] == [None]),
    "choice_no_index": streamed(C, lambda r: not any("index" in choice for choice in choices(r))),
    "object_wrong": streamed(C, lambda r: {chunk["object"] for chunk in chunks(r)} == {"text_completion"}),
    "id_empty": whole(C, lambda r: r.json["id"] == ""),
    "role_of_gemini": streamed(C, lambda r: texts(r, "role") == ["model"]),
    "role_missing": whole(C, lambda r: "role" not in message(r)),
    "created_ms": whole(C, lambda r: r.json["created"] > 10**12),
    "message_beside_delta": streamed(C, lambda r: choices(r)[-1]["message"]["content"] == "".join(texts(r))),
    "lists_in_chunks": streamed(C, lambda r: len(texts(r, "annotations")) == 2),
    # tools
    "index_from_one": streamed(C, lambda r: {call["index"] for call in fragments(r)} == {1, 2}, tools=True),
    "name_in_pieces": streamed(C, lambda r: fragments(r)[1]["function"]["name"] == "eather", tools=True),
    "no_type": streamed(C, lambda r: not any("type" in call for call in fragments(r)), tools=True),
    "type_emptied": streamed(C, lambda r: [call["type"] for call in fragments(r)][:2] == ["function", ""], tools=True),
    "hollow_fragment": streamed(C, lambda r: fragments(r)[-1] == {"index": 1}, tools=True),
    "empty_args": whole(C, lambda r: set(arguments(r)) == {""}, tools=True),
    "list_args": whole(C, lambda r: all(isinstance(json.loads(one), list) for one in arguments(r)), tools=True),
    "cumulative_args": streamed(
        C,
        lambda r: all(
            second["function"]["arguments"].startswith(first["function"]["arguments"])
            for first, second in pairwise(call for call in fragments(r) if call["index"] == 0)
        ),
        tools=True,
    ),
    "args_behind_empty": streamed(C, lambda r: fragments(r)[0]["function"]["arguments"] == "{}", tools=True),
    "old_function_call": whole(C, lambda r: message(r)["function_call"] and "tool_calls" not in message(r), tools=True),
    # usage
    "usage_messages_names": streamed(C, lambda r: set(chunks(r)[-1]["usage"]) == {"input_tokens", "output_tokens"}),
    "usage_shrinks": streamed(C, lambda r: chunks(r)[-1]["usage"]["completion_tokens"] == 1),
    # behaviour
    "text_as_reasoning": streamed(C, lambda r: texts(r, "reasoning_content") and not texts(r)),
    "cumulative_chunks": streamed(C, lambda r: all(two.startswith(one) for one, two in pairwise(texts(r)))),
    "doubled_chunks": streamed(C, lambda r: texts(r)[::2] == texts(r)[1::2]),
    "text_repeated": streamed(C, lambda r: texts(r)[-1] == "".join(texts(r)[:-1])),
    "stop_token": whole(C, lambda r: message(r)["content"].endswith("<|im_end|>")),
    "call_as_text": whole(C, lambda r: message(r)["content"].startswith("<tool_call>"), tools=True),
    "mojibake": whole(C, lambda r: message(r)["content"].startswith("TrÃ¨s")),
    # framing and HTTP
    "call_in_other_choice": streamed(
        C, lambda r: {one["index"] for one in choices(r) if "tool_calls" in one["delta"]} == {1}, tools=True
    ),
    "other_choice_unfinished": streamed(C, lambda r: sum(one["index"] == 1 for one in choices(r)) == 1),
    "half_character": streamed(C, lambda r: b'"content":"\\ud83d' in r.body),
    "done_unfinished": streamed(C, lambda r: r.body.endswith(b"data: [DONE]")),
    "bare_done": streamed(C, lambda r: r.body.endswith(b"\n\n[DONE]\n\n")),
    "blanks_between": streamed(C, lambda r: b"\n   \n\n" in r.body),
    "encoding_unknown": whole(C, lambda r: r.headers["content-encoding"] == "utf-8"),
}
