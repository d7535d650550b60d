"""JSON that a prompt asks for in words, or that must be JSON whatever the prompt asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from app.simulator.model.tool_calls import fill

_ASKED = re.compile(
    r"\b(?:as|in|with|return|respond|reply|answer|output|give|produce|only|valid|send|write|print)\b"
    r"(?:(?!\b(?:about|no|not|without|never)\b)[^.?!\n]){0,60}?\bjson\b",
    re.I,
)
_NOT_WANTED = re.compile(
    r"\b(?:no|not|without|never|don['’]t)\b[^.?!\n]{0,30}\bjson\b|\bplain (?:text|prose)\b|\bin prose\b", re.I
)
_CORRECTED = re.compile(r"\b(?:corrected|fixed|repaired)\b", re.I)
_KEYS = re.compile(r"\b(?:keys?|fields?|propert(?:y|ies)|members?)\b(?P<rest>[^.\n]*)", re.I)
_NAMED = re.compile(
    r"[\"“`'‘](?P<name>[\w-]+)[\"”`'’]\s*(?:\((?P<kind>[^)]*)\))?"
    r"(?:,?\s*(?:(?:with|has|of) (?:the )?value|whose value is|set to|=|is)\s*[\"“`]?(?P<value>[\w.+-]+))?"
)
_PLACEHOLDER = re.compile(r"\.\.\.|…|<.*>|string|text|")
_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"integer|number|digits", {"type": "integer"}),
    (r"bool|true|false", {"type": "boolean"}),
    (r"list|array", {"type": "array", "items": {"type": "string"}}),
)


def json_asked_for(prompt: str, earlier: Sequence[str] = ()) -> str | None:
    """JSON where a prompt asks for it in words, None where it does not. Corrected, it is that of the prompt before."""
    if not _ASKED.search(prompt) or _NOT_WANTED.search(prompt):
        return None
    before = (json_asked_for(one) for one in reversed(earlier)) if _CORRECTED.search(prompt) else ()
    return next((one for one in before if one is not None), None) or json_about(prompt)


def json_about(prompt: str) -> str:
    """A JSON object for a prompt: the one that stands in it, else with the keys that it names, else with a single answer."""
    if (example := _example(prompt)) is not None:
        return json.dumps(_filled(example, prompt), ensure_ascii=False)
    listed = _KEYS.search(prompt)
    named = list(_NAMED.finditer(listed["rest"])) if listed else []
    if not named:
        return json.dumps({"answer": prompt}, ensure_ascii=False)
    return json.dumps({found["name"]: _value(found, prompt) for found in named}, ensure_ascii=False)


def _example(prompt: str) -> Any:
    """The first JSON object with something in it that stands in the prompt, None where there is none."""
    decoder = json.JSONDecoder()
    for found in re.finditer(r"\{", prompt):
        try:
            value, _ = decoder.raw_decode(prompt, found.start())
        except (ValueError, RecursionError):
            continue
        if value:
            return value
    return None


def _filled(example: Any, prompt: str, name: str = "") -> Any:
    """The example with something in the place of what only stands for something."""
    if isinstance(example, dict):
        return {key: _filled(value, prompt, key) for key, value in example.items()}
    if isinstance(example, list):
        return [_filled(value, prompt, name) for value in example]
    return fill({}, prompt, name) if isinstance(example, str) and _PLACEHOLDER.fullmatch(example) else example


def _value(found: re.Match[str], prompt: str) -> Any:
    kind = next((schema for pattern, schema in _KINDS if re.search(pattern, found["kind"] or "", re.I)), {})
    if found["value"] is None:
        return fill(kind, prompt, found["name"])
    try:
        return json.loads(found["value"]) if kind else found["value"]
    except ValueError:
        return found["value"]
