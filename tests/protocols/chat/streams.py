"""The chunks and answers that the tests of Chat Completions are made of, and how they are read."""

from __future__ import annotations

import json
from typing import Any

from app.protocols.chat.protocol import OpenAIChat
from app.protocols.reading import Reading
from app.stream.sse import SseParser

CHAT = OpenAIChat()
Chunk = dict[str, Any] | str


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **other: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return {**head, "choices": [choice], **other}


def call(*fragments: dict[str, Any]) -> dict[str, Any]:
    return chunk({"tool_calls": list(fragments)})


def begin(index: int | None, call_id: str | None, name: str | None, arguments: Any = "") -> dict[str, Any]:
    fragment = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return fragment if index is None else {"index": index, **fragment}


def more(index: int, arguments: str, **other: Any) -> dict[str, Any]:
    return {"index": index, "function": {"arguments": arguments}, **other}


def usage(prompt: Any = 7, completion: Any = 3, total: Any = 10, **other: Any) -> dict[str, Any]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total, **other}


ROLE = chunk({"role": "assistant", "content": ""})
TEXT = chunk({"content": "Hi"})
STOP = chunk({}, "stop")
CALLS = chunk({}, "tool_calls")
COUNT = chunk(choices=[], usage=usage())
DONE = "[DONE]"
F = begin(0, "a", "f", "{}")
LINE = "The river runs past the old mill and goes on to the sea."
AZURE_FIRST = {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []}
AZURE_NOTE = {
    "choices": [{"index": 0, "finish_reason": None, "content_filter_results": {}, "content_filter_offsets": {}}],
    "created": 0,
    "id": "",
    "model": "",
    "object": "",
}


def without(source: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != key}


def read(*chunks: Chunk, asked_usage: bool = True) -> Reading:
    lines = (one if isinstance(one, str) else json.dumps(one) for one in chunks)
    reader = CHAT.reader(streamed=True, asked_usage=asked_usage)
    for number, event in enumerate(SseParser().feed("".join(f"data: {line}\n\n" for line in lines).encode()), 1):
        reader.feed(event, number)
    return reader.finish()


def read_whole(value: Any, status: int = 200) -> Reading:
    reader = CHAT.reader(streamed=False)
    reader.read_whole(json.dumps(value).encode(), status)
    return reader.finish()


def answer(message: dict[str, Any], finish: str | None = "stop", **other: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion", "model": "m", "choices": [choice], "usage": usage(), **other}


def ids(reading: Reading) -> list[str]:
    return sorted(finding.id for finding in reading.findings)
