"""Drives LangChain's chat models: `langchain-anthropic` or `langchain-openai`, invoke() and stream()."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.clients.drivers.common import ABOUT, KEY, MODELS, QUESTION, SCHEMA, Job, Seen, get, note_waits, seen, serve

note_waits()
TOOL: dict[str, Any] = {"type": "function", "function": {"name": "get_weather", "description": ABOUT, "parameters": SCHEMA}}


def model_of(job: Job) -> Any:
    common = {"model": MODELS[job["protocol"]], "api_key": KEY, "base_url": job["root"] + job["suffix"]}
    if job["protocol"] == "anthropic-messages":
        thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}} if job["kind"] == "thinking" else {}
        return import_module("langchain_anthropic").ChatAnthropic(max_tokens=4096, **thinking, **common)
    by_responses = job["protocol"] == "openai-responses"
    return import_module("langchain_openai").ChatOpenAI(use_responses_api=by_responses, stream_usage=True, **common)


def play(job: Job) -> Seen:
    model = model_of(job)
    if job["kind"] == "tools":
        model = model.bind_tools([TOOL])
    if job["way"] == "whole":
        return of_message(model.invoke(QUESTION))
    whole: Any = None
    for chunk in model.stream(QUESTION):
        whole = chunk if whole is None else whole + chunk
    return of_message(whole)


def of_message(message: Any) -> Seen:
    valid = [(call["id"], call["name"], call["args"]) for call in get(message, "tool_calls") or []]
    invalid = [(call["id"], call["name"], call["args"]) for call in get(message, "invalid_tool_calls") or []]
    said = get(message, "response_metadata") or {}
    stop = said.get("stop_reason") or said.get("finish_reason") or said.get("status")
    counts = get(message, "usage_metadata", "input_tokens"), get(message, "usage_metadata", "output_tokens")
    model = said.get("model_name") or said.get("model")
    text = message.text if isinstance(message.text, str) else message.text()
    blocks = [one for one in message.content if isinstance(one, dict)] if isinstance(message.content, list) else []
    reasoning = "".join(str(one.get("thinking") or "") for one in blocks)
    return seen(str(text), valid + invalid, stop, *counts, model=model, reasoning=reasoning)


serve(play)
