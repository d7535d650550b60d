"""The calls of an answer, held against the tools that were offered, against one another, and against its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from app.protocols.any import rules as found
from app.protocols.findings import Finding
from app.protocols.reading import Reading, ToolCall
from app.text.json_text import decode_json, encode_json, objects_in
from app.text.patterns import late
from app.text.visible import one_line

# How templates begin a call. Behind the mark stands the tool's name, with whatever the template puts around it.
_MARKS = (
    r"<tool_calls?>|<toolcall>|<tool_use>|<function_calls?>|<function=|<invoke name=|<(?:minimax|seed):tool_call>"
    r"|<\|tool_calls?(?:_section)?_(?:begin|start)\|>|<[|｜]tool▁calls?▁begin[|｜]>|<[|｜]DSML[|｜](?:function_calls|invoke)"
    r"|\[TOOL_CALLS\]|\[TOOL_REQUEST\]|<\|python_tag\|>|<\|tool_call\|>|<\|action_start\|>|<\|START_ACTION\|>"
    r"|<\|channel\|>commentary to=functions\.|\bfunctools\[|```tool_(?:code|call)\b"
)
_MARK = late(_MARKS, re.IGNORECASE)
_BARE_MARK = late(rf"\s*(?:{_MARKS})\s*(?=[{{\[<\"=]|\Z)", re.IGNORECASE)
_MAX_MARKS = 50  # what comes more often is no call
_NAME_WITHIN_CHARACTERS = 200
_JSON_CALL = late(r"(?:```(?:json|tool_call)?\s*)?([{\[].*[}\]])(?:\s*```)?", re.DOTALL)
_FENCED_END = late(r"```(?:json|tool_call|xml)?\s*\n((?:(?!```).)*)\n?```\s*\Z", re.DOTALL)
_MAX_JSON_CHARACTERS = 20_000
_ARGUMENTS = {"arguments", "parameters", "input", "args"}
_CONTAINERS = ("function", "custom")
_SAMPLE_CHARACTERS = 60


def findings_of_calls(reading: Reading, request: dict[str, Any]) -> Iterator[Finding]:
    """All such findings. `request` may be empty (a capture): then only what the answer itself shows is told."""
    calls = reading.tool_calls
    kinds = _offered(request)
    yield from _of_text(reading, None if kinds is None else {name for name, _ in kinds})
    yield from _of_repeats(calls)
    yield from _of_kinds(calls, request)
    if kinds is None:
        return
    offered = {name for name, _ in kinds}
    names = ", ".join(sorted(offered))[:100]
    for name in dict.fromkeys(call.name for call in calls if call.name and call.name not in offered):
        yield Finding.of(found.TOOL_NOT_OFFERED, variant="" if offered else "none", name=repr(name[:80]), offered=names)


# -- a call in the text ------------------------------------------------------------------------------------------------


def _of_text(reading: Reading, offered: set[str] | None) -> Iterator[Finding]:
    called = {call.name for call in reading.tool_calls if call.name}
    if called:
        names = called | (offered or set())
        if seen := _call_in_text(reading.text, names):
            name, sample = seen
            variant = "" if name in called else "other"
            yield Finding.of(found.CALL_ALSO_AS_TEXT, variant=variant, name=repr(min(called))[:80], sample=one_line(sample))
    elif reading.tool_calls:
        return  # calls without names have findings of their own
    elif offered:
        if seen := _call_in_text(reading.text, offered):
            yield Finding.of(found.CALL_AS_TEXT, sample=one_line(seen[1]))
        elif not reading.text.strip() and (seen := _call_in_text(reading.reasoning[-_MAX_JSON_CHARACTERS:], offered)):
            yield Finding.of(found.CALL_AS_TEXT, variant="reasoning", sample=one_line(seen[1]))
    elif offered is None and (sample := _is_all_call(reading.text)):
        yield Finding.of(found.CALL_AS_TEXT, variant="unasked", sample=one_line(sample))


def _call_in_text(text: str, names: Collection[str]) -> tuple[str, str] | None:
    """The tool that a call in the text names, and how the call begins; None where there is none.

    A mark counts at the very beginning, with nothing behind it that is prose, or with the name of a tool close behind it,
    outside of code: an answer may well talk about marks. JSON counts where it is all of the text, or a block of code at its
    very end.
    """
    if begin := _BARE_MARK().match(text):
        return _named_in(text[: begin.end() + _NAME_WITHIN_CHARACTERS], names), text.strip()[:_SAMPLE_CHARACTERS]
    for mark in islice(_MARK().finditer(text), _MAX_MARKS):
        behind = text[mark.start() : mark.end() + _NAME_WITHIN_CHARACTERS]
        if (name := _named_in(behind, names)) and not _is_in_code(text, mark.start()):
            return name, text[mark.start() : mark.start() + _SAMPLE_CHARACTERS]
    if len(text) > _MAX_JSON_CHARACTERS:
        return None
    fenced = _FENCED_END().search(text)
    whole = _JSON_CALL().fullmatch(text.strip())
    for at, inner in (
        (text.find(whole[0]), whole[1]) if whole else (0, ""),
        (fenced.start(), fenced[1]) if fenced else (0, ""),
    ):
        if (name := _json_call(inner, names)) or (inner and _MARK().match(inner.strip()) and (name := _named_in(inner, names))):
            return name, text[at : at + _SAMPLE_CHARACTERS].strip()
    return None


def _named_in(text: str, names: Collection[str]) -> str:
    """The first tool whose name stands in it as a word; "" for none."""
    return next((name for name in sorted(names) if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)), "")


def _is_in_code(text: str, at: int) -> bool:
    """Whether a place is inside of a block of code or of code in a line (Markdown)."""
    before = text[:at]
    if before.count("```") % 2:
        return True
    line = before[before.rfind("\n") + 1 :].replace("```", "")
    return line.count("`") % 2 == 1


def _json_call(text: str, names: Collection[str] | None) -> str:
    """The tool that a JSON call, or the first of a list of them, names; "" for none. Any name counts where `names` is None."""
    try:
        value = decode_json(text) if text else None
    except ValueError:
        return ""
    call = value[0] if isinstance(value, list) and value else value
    if isinstance(call, dict) and isinstance(inner := call.get("function"), dict):
        call = inner
    if not isinstance(call, dict) or not _ARGUMENTS & call.keys():
        return ""
    name = call.get("name")
    return name if isinstance(name, str) and (names is None or name in names) else ""


_WRAPPED_CALL = late(r"<(tool_call|function_call|toolcall)>\s*(\{.*\})\s*</\1>", re.DOTALL)


def _is_all_call(text: str) -> str:
    """How a text begins that is nothing but one call in a template's own marks; "" for any other. For where no tool is
    known.
    """
    stripped = text.strip()
    whole = _WRAPPED_CALL().fullmatch(stripped) if len(stripped) < _MAX_JSON_CHARACTERS else None
    return stripped[:_SAMPLE_CHARACTERS] if whole and _json_call(whole[2], None) else ""


# -- calls held against one another and against the tools --------------------------------------------------------------


def _of_repeats(calls: list[ToolCall]) -> Iterator[Finding]:
    """Calls that are equal but for their ids. Where the ids are equal too, the readers say that."""
    same: dict[tuple[str, bytes], set[str]] = {}
    for call in calls:
        if call.parsed and call.name and call.id:
            same.setdefault((call.name, encode_json(call.arguments)), set()).add(call.id)
    for (name, _), ids in same.items():
        if len(ids) > 1:
            yield Finding.of(found.CALL_TWICE, name=repr(name[:80]), count=len(ids))


def _of_kinds(calls: list[ToolCall], request: dict[str, Any]) -> Iterator[Finding]:
    """Tools that are called as another kind than all tools of that name were offered."""
    kinds: dict[str, set[str]] = {}
    for name, kind in _named_tools(request):
        kinds.setdefault(name, set()).add(kind)
    wrong = {call.name: call.kind for call in calls if call.name in kinds and call.kind not in kinds[call.name]}
    for name, kind in wrong.items():
        yield Finding.of(found.TOOL_OF_OTHER_KIND, name=repr(name[:80]), offered=min(kinds[name]), called=kind)


def _offered(asked: dict[str, Any]) -> set[tuple[str, str]] | None:
    """The request's tools; None where they can't be known (no request, a stored prompt, tools without names)."""
    if not {"messages", "input"} & asked.keys() or asked.get("prompt"):
        return None
    named = set(_named_tools(asked))
    return None if any(not name for name, _ in named) else named


def _named_tools(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each tool of a request: its name ("" where it has none), and "function" or "custom"."""
    for tool in [*objects_in(asked.get("tools")), *objects_in(asked.get("functions"))]:
        inner = next((tool[key] for key in _CONTAINERS if isinstance(tool.get(key), dict)), tool)
        name = inner.get("name")
        kind = "custom" if tool.get("type") == "custom" and "input_schema" not in tool else "function"
        yield (name if isinstance(name, str) and not tool.get("tools") else "", kind)
