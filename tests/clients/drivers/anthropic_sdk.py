"""Drives the `anthropic` package: plain, by its stream() helper, and by raw iteration."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.clients.drivers.common import ABOUT, KEY, MODELS, QUESTION, SCHEMA, Job, Seen, get, note_waits, seen, serve

note_waits()
anthropic: Any = import_module("anthropic")


def play(job: Job) -> Seen:
    ask: dict[str, Any] = {
        "model": MODELS[job["protocol"]],
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": QUESTION}],
    }
    if job["kind"] == "tools":
        ask["tools"] = [{"name": "get_weather", "description": ABOUT, "input_schema": SCHEMA}]
    if job["kind"] == "thinking":
        ask["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    with anthropic.Anthropic(api_key=KEY, base_url=job["root"] + job["suffix"]) as client:
        if job["way"] == "whole":
            return of_message(client.messages.create(**ask))
        if job["way"] == "raw":
            return of_events(client.messages.create(stream=True, **ask))
        with client.messages.stream(**ask) as stream:
            return of_message(stream.get_final_message())


def of_message(message: Any) -> Seen:
    text, reasoning, calls = "", "", []
    for block in message.content:
        if block.type == "text":
            text += block.text
        elif block.type == "thinking":
            reasoning += block.thinking
        elif block.type == "tool_use":
            calls.append((block.id, block.name, block.input))
    counts = get(message, "usage", "input_tokens"), get(message, "usage", "output_tokens")
    return seen(text, calls, message.stop_reason, *counts, model=message.model, reasoning=reasoning)


def of_events(events: Any) -> Seen:
    text, stop, counts, model = "", None, [None, None], None
    for event in events:
        if event.type == "message_start":
            counts = [get(event, "message", "usage", name) for name in ("input_tokens", "output_tokens")]
            model = get(event, "message", "model")
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            text += event.delta.text
        elif event.type == "message_delta":
            stop = event.delta.stop_reason
            counts[1] = get(event, "usage", "output_tokens")
    return seen(text, None, stop, *counts, model=model)


serve(play)
