"""Streams made for measuring: whole answers in the three protocols, and Messages events that carry when they were sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

SENT = re.compile(rb'"text":"(\d+):(\d+) "\}\}\n\n')
"""An event of `stamped_delta`: its number and the nanoseconds at which it was sent."""


def event(name: str, **fields: object) -> bytes:
    """One named event; `type` is the name."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields}, separators=(',', ':'))}\n\n".encode()


def messages_begin() -> bytes:
    """message_start and the start of a text block: two events."""
    usage = {"input_tokens": 21, "output_tokens": 1}
    message: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "bench",
        "content": [],
        "stop_reason": None,
    }
    start = event("message_start", message={**message, "stop_reason": None, "stop_sequence": None, "usage": usage})
    return start + event("content_block_start", index=0, content_block={"type": "text", "text": ""})


def messages_text(text: str) -> bytes:
    """One text delta."""
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def stamped_delta(number: int, sent_ns: int) -> bytes:
    """A text delta that says which one it is and when it was sent; written out, since a server makes a thousand a second."""
    return (
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
        b'"delta":{"type":"text_delta","text":"%d:%d "}}\n\n' % (number, sent_ns)
    )


def messages_end(output_tokens: int) -> bytes:
    """The end of the block and of the message: three events."""
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    usage = {"output_tokens": output_tokens}
    return event("content_block_stop", index=0) + event("message_delta", delta=delta, usage=usage) + event("message_stop")


FRAME_EVENTS = 5
"""How many events `messages_begin` and `messages_end` have together."""

_WORDS = (
    "the",
    "answer",
    "comes",
    "in",
    "pieces",
    "of",
    "about",
    "one",
    "token",
    "each",
    "and",
    "that",
    "is",
    "what",
    "we",
    "count",
)


def texts(count: int) -> Iterator[str]:
    """So many pieces of text, of a word each."""
    return (f"{_WORDS[number % len(_WORDS)]} " for number in range(count))


def messages_stream(count: int) -> bytes:
    """A whole Messages answer with so many text deltas."""
    return messages_begin() + b"".join(map(messages_text, texts(count))) + messages_end(count)


def chat_stream(count: int) -> bytes:
    """A whole Chat Completions answer with so many text deltas."""

    def chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        body = {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "bench", "service_tier": "default",
            "system_fingerprint": "fp_1", "choices": [choice], "usage": None,
        }  # fmt: skip
        return f"data: {json.dumps(body, separators=(',', ':'))}\n\n".encode()

    pieces = [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": text}) for text in texts(count)),
        chunk({}, "stop"),
    ]
    return b"".join(pieces) + b"data: [DONE]\n\n"


def responses_stream(count: int) -> bytes:
    """A whole Responses answer with so many text deltas."""
    where = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    words = list(texts(count))
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": ""}
    whole_part = {**part, "text": "".join(words)}
    item: dict[str, object] = {"id": "msg_1", "type": "message", "status": "in_progress", "content": [], "role": "assistant"}
    whole_item = {**item, "status": "completed", "content": [whole_part]}
    pieces: list[tuple[str, dict[str, object]]] = [
        ("response.created", {"response": _response("in_progress", [])}),
        ("response.in_progress", {"response": _response("in_progress", [])}),
        ("response.output_item.added", {"output_index": 0, "item": item}),
        ("response.content_part.added", {**where, "part": part}),
        *(("response.output_text.delta", {**where, "delta": text, "logprobs": []}) for text in words),
        ("response.output_text.done", {**where, "text": "".join(words), "logprobs": []}),
        ("response.content_part.done", {**where, "part": whole_part}),
        ("response.output_item.done", {"output_index": 0, "item": whole_item}),
        ("response.completed", {"response": _response("completed", [whole_item], count)}),
    ]
    return b"".join(event(name, sequence_number=number, **fields) for number, (name, fields) in enumerate(pieces))


def _response(status: str, output: list[object], output_tokens: int = 0) -> dict[str, object]:
    usage = {
        "input_tokens": 21, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 21 + output_tokens,
    }  # fmt: skip
    return {
        "id": "resp_1", "object": "response", "created_at": 1, "status": status, "error": None, "incomplete_details": None,
        "instructions": None, "max_output_tokens": None, "model": "bench", "output": output, "parallel_tool_calls": True,
        "previous_response_id": None, "temperature": 1.0, "text": {"format": {"type": "text"}}, "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0, "truncation": "disabled", "usage": usage if output_tokens else None, "metadata": {},
    }  # fmt: skip


def in_pieces(data: bytes, size: int) -> Iterable[bytes]:
    """The bytes in reads of a size."""
    return (data[at : at + size] for at in range(0, len(data), size))
