"""An upstream's error inside the words of a relay that passes it on: `litellm.X: OpenAIException - {"error": …} LiteLLM: …`,
`Error code: 401 - {'error': …}` (the official Python SDKs' exceptions as text), a message with its stack trace behind it.
"""

from __future__ import annotations

import ast
import json
import re
import warnings

READ_CHARACTERS = 16384  # of a message; less of it is shown
_TWICE_CHARACTERS = 4000
_FOREIGN_KEYS = ("message", "msg", "detail")  # of a body without `error`, where nothing but the place tells that it is one
_DECODER = json.JSONDecoder()
_DICTIONARY = re.compile(r"\{['\"].*\}", re.DOTALL)
# Python's way to show bytes, which programs print where they meant the text.
_BYTES = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
# LiteLLM puts its own exception's name and the vendor's in front, and behind it what it tried besides.
_LITELLM_HEAD = re.compile(
    r"\s*(?:litellm\.\w+: (?:[\w. ]+: )*\w+(?:Exception|Error)|(?:\w+: )*\w+Exception)(?: \w+)* - ",
)
_LITELLM_TAIL = re.compile(
    r"\. Handle with `litellm\.|LiteLLM: model group '|Received Model Group=|LiteLLM Retried: \d|Deployment Info: request"
    r"|model=\S{1,200}\. context_window_fallbacks="
)
# Node's stack of calls behind a message, and the message said twice, as `error.message + error.stack` gives it.
_STACK = re.compile(r"\n[ \t]+at (?:async |new )?(?:[^\n]*\(|node:|file:|/)[^\n]*(?:\n.*)?\Z", re.DOTALL)
_TWICE = re.compile(r"(.+?)\s*\w*Error: \1\s*", re.DOTALL)


def without_stack(message: str) -> str:
    """The message without the stack of calls that an Express or Fastify server sends along."""
    if (found := _STACK.search(message)) is None:
        return message
    words = message[: found.start()]
    twice = _TWICE.fullmatch(words) if len(words) <= _TWICE_CHARACTERS else None
    return twice.group(1) if twice else words


def without_tail(message: str) -> str:
    """The message without what LiteLLM writes behind an error: its groups of models, retries and fallbacks."""
    tail = _LITELLM_TAIL.search(message)
    return (message[: tail.start()].rstrip() if tail else message) or message


def upstream_body(message: str) -> object | None:
    """What the server behind said: a JSON value, or its text where there is none; None where the message names no upstream."""
    text = _BYTES.sub(lambda found: _decoded(found.group()), message[:READ_CHARACTERS])
    value = _json_inside(text)
    if value is not None:
        return value
    head = _LITELLM_HEAD.match(text)
    return without_tail(text[head.end() :]).strip() or None if head else None


def _decoded(literal: str) -> str:
    value = _literal(literal)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else literal


def python_object(text: str) -> object | None:
    """A dictionary as Python prints it, None where the text is none, or too long to be one of an error."""
    value = _literal(text.strip()) if len(text) <= READ_CHARACTERS else None
    return value if isinstance(value, dict) else None


def _literal(text: str) -> object | None:
    """What a literal of Python stands for, None where the text is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python does not know, in words that are not ours
        try:
            value: object = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return value


def _python_inside(text: str) -> object | None:
    """The dictionary that a text ends with, as Python prints it."""
    found = _DICTIONARY.search(text)
    return python_object(found.group()) if found else None


def _json_inside(text: str) -> object | None:
    """The first JSON object (or list of one) in the text that is an error's body, or one that Python printed."""
    start = text.find("{")
    if start < 0:
        return None
    start -= text[start - 1 : start] == "["
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except ValueError:
        value = _python_inside(text)
    body = value[0] if isinstance(value, list) and value else value
    behind_colon = text[:start].rstrip().endswith((":", "-"))
    if not isinstance(body, dict) or not (body.get("error") or (behind_colon and any(key in body for key in _FOREIGN_KEYS))):
        return None
    return body
