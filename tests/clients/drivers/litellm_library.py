"""Drives the `litellm` package: completion() for Messages and Chat Completions, responses() for Responses."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from tests.clients.drivers.common import ABOUT, KEY, MODELS, QUESTION, SCHEMA, Job, Seen, get, note_waits, seen, serve

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network for it
note_waits()
litellm: Any = import_module("litellm")
litellm.suppress_debug_info = True
FUNCTION: dict[str, Any] = {"name": "get_weather", "description": ABOUT, "parameters": SCHEMA}


def play(job: Job) -> Seen:
    return responses(job) if job["protocol"] == "openai-responses" else completion(job)


def completion(job: Job) -> Seen:
    provider = "anthropic" if job["protocol"] == "anthropic-messages" else "openai"
    ask: dict[str, Any] = {
        "model": f"{provider}/{MODELS[job['protocol']]}",
        "messages": [{"role": "user", "content": QUESTION}],
        "api_base": job["root"] + job["suffix"],
        "api_key": KEY,
        "max_tokens": 4096,
    }
    if job["kind"] == "tools":
        ask["tools"] = [{"type": "function", "function": FUNCTION}]
    if job["kind"] == "thinking":
        ask["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    if job["way"] == "whole":
        return of_completion(litellm.completion(**ask))
    chunks = list(litellm.completion(stream=True, stream_options={"include_usage": True}, **ask))
    return of_completion(litellm.stream_chunk_builder(chunks))


def of_completion(answer: Any) -> Seen:
    choice = answer.choices[0]
    calls = [(one.id, one.function.name, one.function.arguments) for one in choice.message.tool_calls or []]
    counts = get(answer, "usage", "prompt_tokens"), get(answer, "usage", "completion_tokens")
    reasoning = get(choice, "message", "reasoning_content")
    return seen(choice.message.content or "", calls, choice.finish_reason, *counts, model=answer.model, reasoning=reasoning)


def responses(job: Job) -> Seen:
    ask: dict[str, Any] = {
        "model": f"openai/{MODELS[job['protocol']]}",
        "input": QUESTION,
        "api_base": job["root"] + job["suffix"],
        "api_key": KEY,
    }
    if job["kind"] == "tools":
        ask["tools"] = [{"type": "function", **FUNCTION}]
    if job["way"] == "whole":
        return of_response(litellm.responses(**ask))
    text, last = "", None
    for event in litellm.responses(stream=True, **ask):
        kind = str(get(event, "type")).rpartition("ResponsesAPIStreamEvents.")[2].lower().replace("_", ".")
        if kind.endswith("output.text.delta"):
            text += event.delta
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            last = event.response
    if last is None:
        return seen(text, None, None, None, None)
    return {**of_response(last), "text": text}


def of_response(answer: Any) -> Seen:
    text, calls = "", []
    for item in answer.output:
        if get(item, "type") == "function_call":
            calls.append((get(item, "call_id"), get(item, "name"), get(item, "arguments")))
        elif get(item, "type") == "message":
            text += "".join(get(part, "text") or "" for part in get(item, "content") or [])
    counts = get(answer, "usage", "input_tokens"), get(answer, "usage", "output_tokens")
    return seen(text, calls, get(answer, "status"), *counts, model=get(answer, "model"))


serve(play)
