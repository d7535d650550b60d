"""What Chat Completions and Responses have in common."""

from __future__ import annotations

from app.mirror.request import Asked, Json, Setting
from app.text.json_text import decode_json

_SAME = {
    "model": "model",
    "temperature": "temperature",
    "top_p": "top_p",
    "stream": "stream",
    "service_tier": "service tier",
    "user": "user",
    "parallel_tool_calls": "parallel",
    "safety_identifier": "safety identifier",
}


def openai_settings(asked: Asked, body: Json) -> None:
    """The fields that both have, and those that are nobody's, into the settings."""
    put = asked.settings
    choice = body.pop("tool_choice", None)
    if choice is not None:
        put["tool choice"] = Setting("tool_choice", _choice(choice))
    metadata = body.pop("metadata", None)
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        put[f"metadata {name}"] = Setting(f"metadata.{name}", value)
    for name, value in body.items():
        put[_SAME.get(name, f"field {name}")] = Setting(name, value)


def _choice(choice: object) -> object:
    if isinstance(choice, dict):
        function = choice.get("function")
        name = function.get("name") if isinstance(function, dict) else choice.get("name")
        return f"tool {name}" if name else choice
    return "any" if choice == "required" else choice


def arguments(text: object) -> object:
    """A call's arguments, parsed; as they are where they are no JSON."""
    if not isinstance(text, str):
        return text
    try:
        return decode_json(text) if text else {}
    except ValueError:
        return text
