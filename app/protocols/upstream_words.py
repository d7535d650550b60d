"""An upstream's error inside the words of a relay that passes it on: `litellm.X: OpenAIException - {"error": …} LiteLLM: …`."""

from __future__ import annotations

import ast
import json
import re

_READ_CHARACTERS = 16384
_FOREIGN_KEYS = ("message", "msg", "detail")  # of a body without `error`, where nothing but the place tells that it is one
_DECODER = json.JSONDecoder()
# Python's way to show bytes, which programs print where they meant the text.
_BYTES = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
# LiteLLM puts its own exception's name and the vendor's in front, and behind it what it tried besides.
_LITELLM_HEAD = re.compile(
    r"\s*(?:litellm\.\w+: (?:[\w. ]+: )*\w+(?:Exception|Error)|(?:\w+: )*\w+Exception)(?: \w+)* - ",
)
_LITELLM_TAIL = re.compile(
    r"\s*(?:\. Handle with `litellm\.|LiteLLM: model group '|Received Model Group=|LiteLLM Retried: \d|Deployment Info: request"
    r"|model=\S+\. context_window_fallbacks=).*",
    re.DOTALL,
)


def without_tail(message: str) -> str:
    """The message without what LiteLLM writes behind an error: its groups of models, retries and fallbacks."""
    return _LITELLM_TAIL.sub("", message) or message


def upstream_body(message: str) -> object | None:
    """What the server behind said: a JSON value, or its text where there is none; None where the message names no upstream."""
    text = _BYTES.sub(lambda found: _decoded(found.group()), message[:_READ_CHARACTERS])
    value = _json_inside(text)
    if value is not None:
        return value
    head = _LITELLM_HEAD.match(text)
    return without_tail(text[head.end() :]).strip() or None if head else None


def _decoded(literal: str) -> str:
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return literal
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else literal


def _json_inside(text: str) -> object | None:
    """The first JSON object (or list of one) in the text that is an error's body."""
    start = text.find("{")
    if start < 0:
        return None
    start -= text[start - 1 : start] == "["
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except ValueError:
        return None
    body = value[0] if isinstance(value, list) and value else value
    behind_colon = text[:start].rstrip().endswith((":", "-"))
    if not isinstance(body, dict) or not (body.get("error") or (behind_colon and any(key in body for key in _FOREIGN_KEYS))):
        return None
    return body
