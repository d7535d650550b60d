"""Drives pydantic-ai's models by its direct requests, which are what an agent makes in each of its steps."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from tests.clients.drivers.common import ABOUT, KEY, MODELS, QUESTION, SCHEMA, Job, Seen, get, note_waits, seen, serve

note_waits()
direct: Any = import_module("pydantic_ai.direct")
messages: Any = import_module("pydantic_ai.messages")
models: Any = import_module("pydantic_ai.models")
tools: Any = import_module("pydantic_ai.tools")


def model_of(job: Job) -> Any:
    base_url, name = job["root"] + job["suffix"], MODELS[job["protocol"]]
    if job["protocol"] == "anthropic-messages":
        provider = import_module("pydantic_ai.providers.anthropic").AnthropicProvider(
            anthropic_client=import_module("anthropic").AsyncAnthropic(api_key=KEY, base_url=base_url)
        )
        return import_module("pydantic_ai.models.anthropic").AnthropicModel(name, provider=provider)
    provider = import_module("pydantic_ai.providers.openai").OpenAIProvider(base_url=base_url, api_key=KEY)
    module = import_module("pydantic_ai.models.openai")
    kind = module.OpenAIChatModel if job["protocol"] == "openai-chat" else module.OpenAIResponsesModel
    return kind(name, provider=provider)


def play(job: Job) -> Seen:
    return asyncio.run(ask(job))


async def ask(job: Job) -> Seen:
    turns = [messages.ModelRequest.user_text_prompt(QUESTION)]
    more: dict[str, Any] = {}
    if job["kind"] == "tools":
        tool = tools.ToolDefinition(name="get_weather", description=ABOUT, parameters_json_schema=SCHEMA)
        more["model_request_parameters"] = models.ModelRequestParameters(function_tools=[tool], allow_text_output=True)
    if job["protocol"] == "anthropic-messages":
        settings: dict[str, Any] = {"max_tokens": 4096}
        if job["kind"] == "thinking":
            settings["anthropic_thinking"] = {"type": "enabled", "budget_tokens": 1024}
        more["model_settings"] = settings
    if job["way"] == "whole":
        return of_response(await direct.model_request(model_of(job), turns, **more))
    async with direct.model_request_stream(model_of(job), turns, **more) as stream:
        async for _ in stream:
            pass
        return of_response(stream.get() if hasattr(stream, "get") else stream.response)


def of_response(answer: Any) -> Seen:
    text, reasoning, calls = "", "", []
    for part in answer.parts:
        if part.part_kind == "text":
            text += part.content
        elif part.part_kind == "thinking":
            reasoning += part.content or ""
        elif part.part_kind == "tool-call":
            calls.append((part.tool_call_id, part.tool_name, part.args))
    counts = get(answer, "usage", "input_tokens"), get(answer, "usage", "output_tokens")
    return seen(text, calls, answer.finish_reason, *counts, model=answer.model_name, reasoning=reasoning)


serve(play)
