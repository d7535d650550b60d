"""Checks on an answer that need the request or the whole text, whatever the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.protocols.any import rules as found
from app.protocols.base import Protocol
from app.protocols.errors.as_text import looks_like_error
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.protocols.registry import info
from app.text.json_text import decode_json

_THINK_TAG = re.compile(r"\s*<(think|thinking|reasoning|thought)>", re.IGNORECASE)
# Templates that open the tag themselves: only its end is the model's own, on a line for itself.
_THINK_END = re.compile(r"\n</(think|thinking)>[^\S\n]*\n", re.IGNORECASE)
_CALL = re.compile(
    r"<tool_calls?>|<function_calls?>|<function=\w|<invoke name=|<\|tool_calls?(?:_section)?_begin\|>|<｜tool▁calls?▁begin｜>"
    r"|\[TOOL_CALLS\]|<\|python_tag\|>|<\|tool_call\|>|<\|action_start\|>"
)
_JSON_CALL = re.compile(r"(?:```(?:json)?\s*)?(\{.*\})(?:\s*```)?", re.DOTALL)
_CONTROL_START = re.compile(r"\s*(<\|(?:channel|im_start|start_header_id|start|assistant)\|>)")
_CONTROL_END = re.compile(
    r"(<\|(?:im_end|eot_id|endoftext|end|eom_id|end_of_text|return|call|end_of_turn|user|observation)\|>|</s>"
    r"|<｜end▁of▁sentence｜>|<end_of_turn>|<eos>|\[e~\[)\s*\Z"
)
_MAX_MOJIBAKE_CHARACTERS = 200_000
_CP1252 = {  # what Windows' Latin-1 makes of the bytes 0x80 to 0x9F, back to the byte
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Where an answer may well be empty: it was cut, refused, or goes on elsewhere.
_EMPTY_IS_FINE = ("max_tokens", "length", "incomplete", "content_filter", "refusal", "pause_turn")
# The names of the limit, the one that counts first.
_LIMITS = ("max_output_tokens", "max_completion_tokens", "max_tokens")
_MIN_LIMIT_TOKENS = 16  # below it, whole answers of just that length are no rarity
_PLAIN = {"text", "message", "reasoning", "thinking", "redacted_thinking"}
_CONTAINERS = ("function", "custom")


def findings_of_answer(protocol: Protocol, reading: Reading, request_body: bytes) -> Iterator[Finding]:
    """All such findings of an answer without an error; of one that did not end legally only that its text looks like an error.

    `request_body` may be empty (a capture).
    """
    if reading.error is not None:
        return
    if not reading.tool_calls and looks_like_error(reading.text):
        yield Finding.of(found.ERROR_AS_TEXT, text=reading.text[:200])
    if not reading.ended:
        return
    request = _request(request_body)
    yield from _of_text(reading.text)
    if not info(protocol.id).model_required and reading.model is None:
        yield Finding.of(found.MODEL_UNSAID)  # in Messages the reader says it (A29)
    if _is_empty(reading):
        yield Finding.of(found.NOTHING_ANSWERED, variant="" if reading.stop_reason else "unsaid", reason=reading.stop_reason)
    if limit := _limit_unsaid(protocol.id, reading, request):
        yield Finding.of(found.LIMIT_UNSAID, limit=limit, reason=repr(reading.stop_reason))
    yield from _of_tools(reading, request)
    yield from protocol.checks_against_request(reading, request)


def _of_text(text: str) -> Iterator[Finding]:
    if tag := _THINK_TAG.match(text):
        yield Finding.of(found.REASONING_IN_TEXT, tag=tag[1])
    elif "\n</think" in text and (tag := _THINK_END.search(text)) and "<think" not in text[: tag.start()].lower():
        yield Finding.of(found.REASONING_IN_TEXT, variant="unopened", tag=tag[1])
    if mark := _CONTROL_START.match(text) or _CONTROL_END.search(text[-80:]):
        yield Finding.of(found.CONTROL_TOKENS, mark=mark[1])
    if garbled := _mojibake(text):
        seen, meant = garbled
        yield Finding.of(found.MOJIBAKE, seen=seen, meant=meant)


def _mojibake(text: str) -> tuple[str, str] | None:
    """A sample of text that was encoded twice, as it came and as it was meant; None where it was not."""
    if text.isascii() or len(text) > _MAX_MOJIBAKE_CHARACTERS:
        return None
    try:
        right = text.translate(_CP1252).encode("latin-1").decode()
    except UnicodeError:
        return None
    at = next((place for place, pair in enumerate(zip(text, right, strict=False)) if pair[0] != pair[1]), 0)
    return text[max(0, at - 10) : at + 20], right[max(0, at - 10) : at + 10]


def _limit_unsaid(protocol_id: str, reading: Reading, request: dict[str, Any]) -> int:
    """The limit in tokens that an answer reached to the token and does not give as its reason; 0 where it did not."""
    limit = next((request[name] for name in _LIMITS if isinstance(request.get(name), int)), 0)
    if limit < _MIN_LIMIT_TOKENS or reading.tool_calls or reading.stop_reason != info(protocol_id).ended_by_itself:
        return 0
    one_choice = request.get("n") in (None, 1)  # the choices are counted together
    counted = reading.usage.output_tokens if reading.usage else None
    return limit if one_choice and counted == limit else 0


def _is_empty(reading: Reading) -> bool:
    said = reading.text or reading.reasoning or reading.hidden_reasoning or reading.tool_calls
    if said or reading.stop_reason in _EMPTY_IS_FINE:
        return False
    return all(_is_plain(part.get("type")) and "audio" not in part for part in reading.replay)


def _is_plain(kind: object) -> bool:
    return kind is None or (isinstance(kind, str) and kind in _PLAIN)


def _of_tools(reading: Reading, request: dict[str, Any]) -> Iterator[Finding]:
    offered = _offered(request)
    if offered is None:
        return
    if offered and not reading.tool_calls and (sample := _call_in_text(reading.text, offered)):
        yield Finding.of(found.CALL_AS_TEXT, sample=sample)
    names = ", ".join(sorted(offered))[:100]
    for name in dict.fromkeys(call.name for call in reading.tool_calls if call.name and call.name not in offered):
        yield Finding.of(found.TOOL_NOT_OFFERED, variant="" if offered else "none", name=repr(name[:80]), offered=names)


def _call_in_text(text: str, offered: set[str]) -> str:
    """How a call in the text begins, "" where there is none: a template's mark, or JSON that names a tool and its arguments."""
    if mark := _CALL.search(text):
        return text[mark.start() : mark.start() + 60]
    whole = _JSON_CALL.fullmatch(text.strip()) if len(text) < 20_000 else None
    try:
        call = decode_json(whole[1]) if whole else None
    except ValueError:
        return ""
    if not isinstance(call, dict) or not {"arguments", "parameters", "input"} & call.keys():
        return ""
    return text.strip()[:60] if call.get("name") in offered else ""


def _request(request_body: bytes) -> dict[str, Any]:
    try:
        asked = decode_json(request_body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _offered(asked: dict[str, Any]) -> set[str] | None:
    """The names of the request's tools; None where they can't be known (no request, a stored prompt, tools without names)."""
    if not {"messages", "input"} & asked.keys() or asked.get("prompt"):
        return None
    tools = [*_objects(asked.get("tools")), *_objects(asked.get("functions"))]
    names = {_name(tool) for tool in tools}
    return None if "" in names else names


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(tool: dict[str, Any]) -> str:
    inner = next((tool[key] for key in _CONTAINERS if isinstance(tool.get(key), dict)), tool)
    name = inner.get("name")
    return name if isinstance(name, str) and not tool.get("tools") else ""
