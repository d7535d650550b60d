"""Drives the `openai` package, Chat Completions and Responses: plain, by its stream() helpers, and by raw iteration."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.clients.drivers.common import ABOUT, KEY, MODELS, QUESTION, SCHEMA, Job, Seen, get, note_waits, seen, serve

note_waits()
openai: Any = import_module("openai")


def play(job: Job) -> Seen:
    with openai.OpenAI(api_key=KEY, base_url=job["root"] + job["suffix"]) as client:
        return (chat if job["protocol"] == "openai-chat" else responses)(client, job)


def chat(client: Any, job: Job) -> Seen:
    ask: dict[str, Any] = {"model": MODELS[job["protocol"]], "messages": [{"role": "user", "content": QUESTION}]}
    if job["kind"] == "tools":
        function: dict[str, Any] = {"name": "get_weather", "description": ABOUT, "parameters": SCHEMA}
        ask["tools"] = [{"type": "function", "function": function}]
    completions = client.chat.completions
    if job["way"] == "whole":
        return of_completion(completions.create(**ask))
    ask["stream_options"] = {"include_usage": True}
    if job["way"] == "raw":
        return of_chunks(completions.create(stream=True, **ask))
    with completions.stream(**ask) as stream:
        for _ in stream:
            pass
        return of_completion(stream.get_final_completion())


def of_completion(answer: Any) -> Seen:
    choice = answer.choices[0]
    calls = [(one.id, one.function.name, one.function.arguments) for one in choice.message.tool_calls or []]
    counts = get(answer, "usage", "prompt_tokens"), get(answer, "usage", "completion_tokens")
    return seen(choice.message.content or "", calls, choice.finish_reason, *counts, model=answer.model)


def of_chunks(chunks: Any) -> Seen:
    text, stop, counts, model = "", None, (None, None), None
    for chunk in chunks:
        model = model or chunk.model
        for choice in chunk.choices[:1]:
            text += choice.delta.content or ""
            stop = choice.finish_reason or stop
        if chunk.usage:
            counts = get(chunk, "usage", "prompt_tokens"), get(chunk, "usage", "completion_tokens")
    return seen(text, None, stop, *counts, model=model)


def responses(client: Any, job: Job) -> Seen:
    ask: dict[str, Any] = {"model": MODELS[job["protocol"]], "input": QUESTION}
    if job["kind"] == "tools":
        ask["tools"] = [
            {"type": "function", "name": "get_weather", "description": ABOUT, "parameters": SCHEMA, "strict": False}
        ]
    if job["way"] == "whole":
        return of_response(client.responses.create(**ask))
    if job["way"] == "raw":
        return of_events(client.responses.create(stream=True, **ask))
    with client.responses.stream(**ask) as stream:
        for _ in stream:
            pass
        return of_response(stream.get_final_response())


def of_response(answer: Any) -> Seen:
    calls = [(one.call_id, one.name, one.arguments) for one in answer.output if one.type == "function_call"]
    counts = get(answer, "usage", "input_tokens"), get(answer, "usage", "output_tokens")
    return seen(answer.output_text, calls, answer.status, *counts, model=answer.model)


def of_events(events: Any) -> Seen:
    text, last = "", None
    for event in events:
        if event.type == "response.output_text.delta":
            text += event.delta
        elif event.type in ("response.completed", "response.incomplete", "response.failed"):
            last = event.response
    counts = get(last, "usage", "input_tokens"), get(last, "usage", "output_tokens")
    return seen(text, None, get(last, "status"), *counts, model=get(last, "model"))


serve(play)
