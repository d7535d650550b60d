"""Reads a Responses request."""

from __future__ import annotations

from app.mirror.readers.shared import arguments, openai_settings
from app.mirror.request import Asked, Json, Part, Role, Setting, Tool, What, objects, rest, text_of
from app.protocols.ids import RESPONSES

_ROLES = {"system": Role.SYSTEM, "developer": Role.SYSTEM, "assistant": Role.ASSISTANT}
_APART = ("input", "instructions", "tools", "max_output_tokens", "reasoning", "text", "top_k", "stop")


def read(body: Json) -> Asked:
    """The request in the terms of no protocol."""
    asked = Asked(RESPONSES)
    if isinstance(said := body.get("instructions"), str) and said:
        asked.parts.append(Part(What.TEXT, Role.SYSTEM, said, "instructions"))
    if isinstance(said := body.get("input"), str):
        asked.parts.append(Part(What.TEXT, Role.USER, said, "input"))
    for number, item in objects(body.get("input")):
        _item(asked, item, f"input[{number}]")
    for number, tool in objects(body.get("tools")):
        asked.tools.append(_tool(tool, f"tools[{number}]"))
    _settings(asked, body)
    return asked


def _item(asked: Asked, item: Json, path: str) -> None:
    match item.get("type", "message"):
        case "message":
            role = _ROLES.get(str(item.get("role")), Role.USER)
            _content(asked, role, item.get("content"), f"{path}.content", rest(item, "type", "role", "content", "id", "status"))
        case "function_call":
            value = {"name": item.get("name"), "arguments": arguments(item.get("arguments"))}
            more = rest(item, "type", "id", "call_id", "name", "arguments", "status")
            asked.parts.append(Part(What.CALL, Role.ASSISTANT, value, path, str(item.get("call_id") or ""), more))
        case "function_call_output":
            output, key = item.get("output"), str(item.get("call_id") or "")
            more = rest(item, "type", "id", "call_id", "output", "status")
            asked.parts.append(Part(What.RESULT, Role.TOOL, text_of(output), f"{path}.output", key, more))
            others = [one for _, one in objects(output) if "text" not in one]
            _content(asked, Role.TOOL, others, f"{path}.output", {})
        case "reasoning":
            said = text_of(item.get("summary")) or text_of(item.get("content"))
            more = rest(item, "type", "id", "summary", "content", "status")
            asked.parts.append(Part(What.THINKING, Role.ASSISTANT, said, path, str(item.get("id") or ""), more))
        case _:
            asked.parts.append(Part(What.TEXT, Role.USER, item, path))


def _content(asked: Asked, role: Role, content: object, path: str, more: Json) -> None:
    if isinstance(content, str):
        asked.parts.append(Part(What.TEXT, role, content, path, more=more))
    for number, part in objects(content):
        where, kind = f"{path}[{number}]", str(part.get("type"))
        others = more | rest(part, "type", "text", "refusal", "image_url", "file_data", "file_url", "file_id", "annotations")
        if kind == "input_image":
            asked.parts.append(Part(What.IMAGE, role, part.get("image_url") or part.get("file_id"), where, more=others))
        elif kind == "input_file":
            value = part.get("file_data") or part.get("file_url") or part.get("file_id")
            asked.parts.append(Part(What.DOCUMENT, role, value, where, more=others))
        else:
            asked.parts.append(Part(What.TEXT, role, part.get("text", part.get("refusal")), where, more=others))


def _tool(tool: Json, path: str) -> Tool:
    kind = str(tool.get("type") or "")
    if kind != "function":
        return Tool(str(tool.get("name") or kind), path, kind, more=rest(tool, "type", "name"))
    more = rest(tool, "type", "name", "description", "parameters")
    return Tool(str(tool.get("name") or ""), path, "", text_of(tool.get("description")), tool.get("parameters"), more)


def _settings(asked: Asked, body: Json) -> None:
    put = asked.settings
    for field, name in (("max_output_tokens", "limit"), ("top_k", "top_k"), ("stop", "stop")):
        if body.get(field) is not None:
            put[name] = Setting(field, body[field])
    reasoning = body.get("reasoning")
    for name, value in reasoning.items() if isinstance(reasoning, dict) else ():
        put["effort" if name == "effort" else f"reasoning {name}"] = Setting(f"reasoning.{name}", value)
    text = body.get("text")
    style = text.get("format") if isinstance(text, dict) else None
    for name, value in style.items() if isinstance(style, dict) else ():
        put["format" if name == "type" else f"format {name}"] = Setting(f"text.format.{name}", value)
    for name, value in rest(text, "format").items() if isinstance(text, dict) else ():
        put[f"text {name}"] = Setting(f"text.{name}", value)
    openai_settings(asked, rest(body, *_APART))
