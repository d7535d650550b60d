"""Reads a Messages request."""

from __future__ import annotations

from app.mirror.request import Asked, Json, Part, Role, Setting, Tool, What, data_url, objects, rest, text_of, text_url
from app.protocols.ids import MESSAGES

_SAME = {
    "model": "model",
    "max_tokens": "limit",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "stop_sequences": "stop",
    "stream": "stream",
    "service_tier": "service tier",
    "cache_control": "cache control",
    "output_format": "format",
}
_APART = ("messages", "system", "tools", "tool_choice", "thinking", "output_config", "metadata", *_SAME)


def read(body: Json) -> Asked:
    """The request in the terms of no protocol."""
    asked = Asked(MESSAGES)
    _content(asked, Role.SYSTEM, body.get("system"), "system")
    for number, message in objects(body.get("messages")):
        role = {"assistant": Role.ASSISTANT, "system": Role.SYSTEM}.get(str(message.get("role")), Role.USER)
        _content(asked, role, message.get("content"), f"messages[{number}].content")
    for number, tool in objects(body.get("tools")):
        asked.tools.append(_tool(tool, f"tools[{number}]"))
    _settings(asked, body)
    return asked


def _content(asked: Asked, role: Role, content: object, path: str) -> None:
    if isinstance(content, str):
        asked.parts.append(Part(What.TEXT, role, content, path))
    for number, block in objects(content):
        _block(asked, role, block, f"{path}[{number}]")


def _block(asked: Asked, role: Role, block: Json, path: str) -> None:
    kind = block.get("type")
    if kind == "text":
        asked.parts.append(Part(What.TEXT, role, block.get("text"), path, more=rest(block, "type", "text")))
    elif kind in ("image", "document"):
        what = What.IMAGE if kind == "image" else What.DOCUMENT
        asked.parts.append(Part(what, role, _source(block.get("source")), path, more=rest(block, "type", "source")))
    elif kind == "tool_use":
        value = {"name": block.get("name"), "arguments": block.get("input")}
        more = rest(block, "type", "id", "name", "input", "caller")
        asked.parts.append(Part(What.CALL, role, value, path, str(block.get("id", "")), more))
    elif kind == "tool_result":
        _result(asked, block, path)
    elif kind in ("thinking", "redacted_thinking"):
        said = block.get("thinking") if kind == "thinking" else block.get("data")
        more = rest(block, "type", "thinking", "data") | ({"redacted": True} if kind == "redacted_thinking" else {})
        asked.parts.append(Part(What.THINKING, role, said, path, more=more))
    else:
        asked.parts.append(Part(What.TEXT, role, block, path))


def _source(source: object) -> object:
    if not isinstance(source, dict):
        return source
    match source.get("type"):
        case "base64":
            return data_url(source.get("media_type"), source.get("data"))
        case "text":
            return text_url(source.get("data"))
        case "url":
            return source.get("url")
    return source


def _result(asked: Asked, block: Json, path: str) -> None:
    content = block.get("content")
    more = rest(block, "type", "tool_use_id", "content")
    asked.parts.append(Part(What.RESULT, Role.TOOL, text_of(content), path, str(block.get("tool_use_id", "")), more))
    for number, one in objects(content):
        if one.get("type") != "text":
            _block(asked, Role.TOOL, one, f"{path}.content[{number}]")


def _tool(tool: Json, path: str) -> Tool:
    kind = str(tool.get("type") or "custom")
    name = str(tool.get("name") or kind)
    more = rest(tool, "type", "name", "description", "input_schema")
    return Tool(name, path, "" if kind == "custom" else kind, text_of(tool.get("description")), tool.get("input_schema"), more)


def _settings(asked: Asked, body: Json) -> None:
    put = asked.settings
    for field, name in _SAME.items():
        if body.get(field) is not None:
            put[name] = Setting(field, body[field])
    config = body.get("output_config")
    if isinstance(config, dict):
        for field, name in (("effort", "effort"), ("format", "format")):
            if config.get(field) is not None:
                put[name] = Setting(f"output_config.{field}", config[field])
    if (one := put.pop("format", None)) is not None:
        _format(asked, one)
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        kind = str(choice.get("type"))
        put["tool choice"] = Setting("tool_choice", f"tool {choice.get('name')}" if kind == "tool" else kind)
        if choice.get("disable_parallel_tool_use") is not None:
            put["parallel"] = Setting("tool_choice.disable_parallel_tool_use", not choice["disable_parallel_tool_use"])
    thinking = body.get("thinking")
    if isinstance(thinking, dict):
        put["thinking"] = Setting("thinking", thinking.get("type"))
        if thinking.get("budget_tokens") is not None:
            put["thinking budget"] = Setting("thinking.budget_tokens", thinking["budget_tokens"])
        for name, value in rest(thinking, "type", "budget_tokens").items():
            put[f"thinking {name}"] = Setting(f"thinking.{name}", value)
    metadata = body.get("metadata")
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        put["user" if name == "user_id" else f"metadata {name}"] = Setting(f"metadata.{name}", value)
    for name, value in rest(body, *_APART).items():
        put[f"field {name}"] = Setting(name, value)


def _format(asked: Asked, one: Setting) -> None:
    value = one.value if isinstance(one.value, dict) else {}
    asked.settings["format"] = Setting(one.path, value.get("type"))
    if value.get("schema") is not None:
        asked.settings["format schema"] = Setting(f"{one.path}.schema", value["schema"])
