"""Reads a Chat Completions request."""

from __future__ import annotations

from app.mirror.readers.shared import arguments, openai_settings
from app.mirror.request import Asked, Json, Part, Role, Setting, Tool, What, objects, rest, text_of
from app.protocols.ids import CHAT

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_SAME = {
    "max_tokens": "limit",
    "max_completion_tokens": "limit",
    "stop": "stop",
    "reasoning_effort": "effort",
    "top_k": "top_k",
}
_THOUGHT = ("reasoning_content", "reasoning", "thinking")
_APART = ("messages", "tools", "stream_options", "response_format", "reasoning", *_SAME)


def read(body: Json) -> Asked:
    """The request in the terms of no protocol."""
    asked = Asked(CHAT)
    for number, message in objects(body.get("messages")):
        _message(asked, message, f"messages[{number}]")
    for number, tool in objects(body.get("tools")):
        asked.tools.append(_tool(tool, f"tools[{number}]"))
    if (search := body.get("web_search_options")) is not None:
        asked.tools.append(Tool("web_search", "web_search_options", "web_search_options", more={"options": search}))
    _settings(asked, body)
    return asked


def _message(asked: Asked, message: Json, path: str) -> None:
    role = _ROLES.get(str(message.get("role")), Role.USER)
    content = message.get("content")
    for name in _THOUGHT:
        if isinstance(said := message.get(name), str) and said:
            asked.parts.append(Part(What.THINKING, role, said, f"{path}.{name}"))
        elif isinstance(said, dict) and said.get("content"):  # claude-code-router's
            asked.parts.append(Part(What.THINKING, role, said["content"], f"{path}.{name}", more=rest(said, "content")))
    for number, block in objects(message.get("thinking_blocks")):  # LiteLLM's
        more = rest(block, "type", "thinking", "data")
        said = block.get("thinking") or block.get("data")
        asked.parts.append(Part(What.THINKING, role, said, f"{path}.thinking_blocks[{number}]", more=more))
    if role is Role.TOOL:
        key = str(message.get("tool_call_id") or "")
        more = rest(message, "role", "content", "tool_call_id", "name")
        asked.parts.append(Part(What.RESULT, Role.TOOL, text_of(content), f"{path}.content", key, more))
        content = [one for _, one in objects(content) if one.get("type") != "text"]
    more = rest(message, "role", "content", "tool_calls", "tool_call_id", "thinking_blocks", "refusal", *_THOUGHT)
    if isinstance(content, str) and (content or role is not Role.ASSISTANT):
        asked.parts.append(Part(What.TEXT, role, content, f"{path}.content", more=more))
    for number, part in objects(content):
        _part(asked, role, part, f"{path}.content[{number}]", more)
    for number, call in objects(message.get("tool_calls")):
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        value = {"name": function.get("name"), "arguments": arguments(function.get("arguments"))}
        where = f"{path}.tool_calls[{number}]"
        more = rest(call, "id", "type", "function", "index")
        asked.parts.append(Part(What.CALL, role, value, where, str(call.get("id") or ""), more))


def _part(asked: Asked, role: Role, part: Json, path: str, more: Json) -> None:
    kind = part.get("type")
    more = more | rest(part, "type", "text", "image_url", "file", "input_audio")
    if kind in ("text", "refusal"):
        asked.parts.append(Part(What.TEXT, role, part.get("text", part.get("refusal")), path, more=more))
    elif kind == "image_url":
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else image
        more = more | (rest(image, "url") if isinstance(image, dict) else {})
        asked.parts.append(Part(What.IMAGE, role, url, path, more=more))
    elif kind == "file":
        file = part.get("file")
        file = file if isinstance(file, dict) else {}
        value = file.get("file_data") or file.get("file_id")
        asked.parts.append(Part(What.DOCUMENT, role, value, path, more=more | rest(file, "file_data", "file_id")))
    else:
        asked.parts.append(Part(What.TEXT, role, part, path))


def _tool(tool: Json, path: str) -> Tool:
    function = tool.get("function")
    if not isinstance(function, dict):
        kind = str(tool.get("type") or "")
        return Tool(str(tool.get("name") or kind), path, kind, more=rest(tool, "type", "name"))
    more = rest(function, "name", "description", "parameters") | rest(tool, "type", "function")
    name = str(function.get("name") or "")
    return Tool(name, path, "", text_of(function.get("description")), function.get("parameters"), more)


def _settings(asked: Asked, body: Json) -> None:
    put = asked.settings
    for field, name in _SAME.items():
        if body.get(field) is not None:
            put[name] = Setting(field, body[field])
    if "stop" in put and isinstance(put["stop"].value, str):
        put["stop"] = Setting("stop", [put["stop"].value])
    reasoning = body.get("reasoning")
    if isinstance(reasoning, dict):  # OpenRouter's
        if reasoning.get("effort") is not None:
            put["effort"] = Setting("reasoning.effort", reasoning["effort"])
        for name, value in rest(reasoning, "effort").items():
            put[f"reasoning {name}"] = Setting(f"reasoning.{name}", value)
    options = body.get("stream_options")
    for name, value in options.items() if isinstance(options, dict) else ():
        called = "usage in stream" if name == "include_usage" else f"stream option {name}"
        put[called] = Setting(f"stream_options.{name}", value)
    style = body.get("response_format")
    if isinstance(style, dict):
        put["format"] = Setting("response_format", style.get("type"))
        named = style.get("json_schema")
        for name, value in named.items() if isinstance(named, dict) else ():
            put[f"format {name}"] = Setting(f"response_format.json_schema.{name}", value)
    openai_settings(asked, rest(body, "web_search_options", *_APART))
