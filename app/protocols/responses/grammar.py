"""The order in which a Responses stream may come, as tables: what each event does, and which steps are legal."""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from app.protocols.findings import Rule
from app.protocols.reading import Meaning
from app.protocols.responses import rules as found


class Kind(Enum):
    """A run of words inside an output item. Its value is the `type` of the part, where there is a part."""

    TEXT = "output_text"
    REFUSAL = "refusal"
    SUMMARY = "summary_text"
    THOUGHT = "reasoning_text"
    ARGUMENTS = "arguments"
    INPUT = "input"
    CODE = "code"
    MCP = "mcp_arguments"


MEANINGS = {
    Kind.TEXT: Meaning.TEXT,
    Kind.REFUSAL: Meaning.TEXT,
    Kind.SUMMARY: Meaning.REASONING,
    Kind.THOUGHT: Meaning.REASONING,
    Kind.ARGUMENTS: Meaning.TOOL_ARGUMENTS,
    Kind.INPUT: Meaning.TOOL_ARGUMENTS,
    Kind.CODE: Meaning.TOOL_ARGUMENTS,
    Kind.MCP: Meaning.TOOL_ARGUMENTS,
}
# The item that words of a kind belong to.
ITEM_TYPES = {
    Kind.TEXT: "message",
    Kind.REFUSAL: "message",
    Kind.SUMMARY: "reasoning",
    Kind.THOUGHT: "reasoning",
    Kind.ARGUMENTS: "function_call",
    Kind.INPUT: "custom_tool_call",
    Kind.CODE: "code_interpreter_call",
    Kind.MCP: "mcp_call",
}
# The SDK's stream helper reads these and fails where their place is not known; it passes the others through.
ACCUMULATED = (Kind.TEXT, Kind.ARGUMENTS)


class Scope(Enum):
    """What an event is about."""

    RESPONSE = auto()
    ITEM = auto()
    PART = auto()


class Signal(Enum):
    """What an event does to its scope. BODY is what every item and part event does to the response or the item."""

    CREATED = auto()
    PROGRESS = auto()
    END = auto()
    FAILURE = auto()
    ERROR = auto()
    BODY = auto()
    ADDED = auto()
    DELTA = auto()
    WHOLE = auto()  # `.done` with all the words
    DONE = auto()


class EventType(msgspec.Struct, frozen=True):
    """What one event type means: `words` names the field with the words, `place` the field with the part's index."""

    scope: Scope
    signal: Signal
    kind: Kind | None = None
    words: str = ""
    place: str = ""


def _words(kind: Kind, whole: str, place: str = "") -> tuple[EventType, EventType]:
    return (
        EventType(Scope.PART, Signal.DELTA, kind, "delta", place),
        EventType(Scope.PART, Signal.WHOLE, kind, whole, place),
    )


_text, _text_done = _words(Kind.TEXT, "text", "content_index")
_refusal, _refusal_done = _words(Kind.REFUSAL, "refusal", "content_index")
_thought, _thought_done = _words(Kind.THOUGHT, "text", "content_index")
_summary, _summary_done = _words(Kind.SUMMARY, "text", "summary_index")
_arguments, _arguments_done = _words(Kind.ARGUMENTS, "arguments")
_input, _input_done = _words(Kind.INPUT, "input")
_code, _code_done = _words(Kind.CODE, "code")
_mcp, _mcp_done = _words(Kind.MCP, "arguments")

# Event types that are not here carry nothing that is assembled.
EVENTS = {
    "response.created": EventType(Scope.RESPONSE, Signal.CREATED),
    "response.queued": EventType(Scope.RESPONSE, Signal.PROGRESS),
    "response.in_progress": EventType(Scope.RESPONSE, Signal.PROGRESS),
    "response.completed": EventType(Scope.RESPONSE, Signal.END),
    "response.incomplete": EventType(Scope.RESPONSE, Signal.END),
    "response.failed": EventType(Scope.RESPONSE, Signal.FAILURE),
    "error": EventType(Scope.RESPONSE, Signal.ERROR),
    "response.output_item.added": EventType(Scope.ITEM, Signal.ADDED),
    "response.output_item.done": EventType(Scope.ITEM, Signal.DONE),
    "response.content_part.added": EventType(Scope.PART, Signal.ADDED, None, "part", "content_index"),
    "response.content_part.done": EventType(Scope.PART, Signal.DONE, None, "part", "content_index"),
    "response.reasoning_summary_part.added": EventType(Scope.PART, Signal.ADDED, Kind.SUMMARY, "part", "summary_index"),
    "response.reasoning_summary_part.done": EventType(Scope.PART, Signal.DONE, Kind.SUMMARY, "part", "summary_index"),
    "response.output_text.delta": _text,
    "response.output_text.done": _text_done,
    "response.refusal.delta": _refusal,
    "response.refusal.done": _refusal_done,
    "response.reasoning_text.delta": _thought,
    "response.reasoning_text.done": _thought_done,
    "response.reasoning_summary_text.delta": _summary,
    "response.reasoning_summary_text.done": _summary_done,
    "response.function_call_arguments.delta": _arguments,
    "response.function_call_arguments.done": _arguments_done,
    "response.custom_tool_call_input.delta": _input,
    "response.custom_tool_call_input.done": _input_done,
    "response.code_interpreter_call_code.delta": _code,
    "response.code_interpreter_call_code.done": _code_done,
    "response.mcp_call_arguments.delta": _mcp,
    "response.mcp_call_arguments.done": _mcp_done,
}
# Published events that carry nothing that is assembled (openai for Python 3.57.0; `keepalive` is openai-node's, 7.55.0).
PASSED_OVER = frozenset(
    {
        *("keepalive", "response.output_text.annotation.added", "response.compaction.compacting"),
        *("response.steer.accepted", "response.steer.failed", "response.steer.pending"),
        *(f"response.audio.{step}" for step in ("delta", "done", "transcript.delta", "transcript.done")),
        *(f"response.shell_call_command.{step}" for step in ("added", "delta", "done")),
        *(f"response.shell_call_output_content.{step}" for step in ("delta", "done")),
        *(f"response.web_search_call.{step}" for step in ("in_progress", "searching", "completed")),
        *(f"response.file_search_call.{step}" for step in ("in_progress", "searching", "completed")),
        *(f"response.code_interpreter_call.{step}" for step in ("in_progress", "interpreting", "completed")),
        *(f"response.image_generation_call.{s}" for s in ("in_progress", "generating", "partial_image", "completed")),
        *(f"response.mcp_call.{step}" for step in ("in_progress", "completed", "failed")),
        *(f"response.mcp_list_tools.{step}" for step in ("in_progress", "completed", "failed")),
    }
)
# What events with words are called where their names are made up.
WORDY = ("text.delta", "reasoning.delta", "reasoning_content.delta", "content.delta", "message.delta", "arguments.delta")
# First words of the other protocols, met where an endpoint or a converter fell back to them.
FOREIGN_TYPES = frozenset({"message_start", "content_block_start", "content_block_delta", "message_delta"})


class Stage(Enum):
    """Where a response, an item or a part stands."""

    ABSENT = auto()
    OPEN = auto()
    WHOLE = auto()
    FAILED = auto()
    ENDED = auto()


Table = dict[tuple[Stage, Signal], tuple[Stage, Rule | None]]

_A, _O, _W, _F, _E = Stage.ABSENT, Stage.OPEN, Stage.WHOLE, Stage.FAILED, Stage.ENDED

# fmt: off
RESPONSE: Table = {
    (_A, Signal.CREATED):  (_O, None),
    (_A, Signal.PROGRESS): (_O, found.NOT_CREATED_FIRST),
    (_A, Signal.BODY):     (_O, found.NOT_CREATED_FIRST),
    (_A, Signal.END):      (_E, found.NOT_CREATED_FIRST),
    (_A, Signal.FAILURE):  (_F, found.NOT_CREATED_FIRST),
    (_A, Signal.ERROR):    (_F, None),
    (_O, Signal.CREATED):  (_O, found.CREATED_AGAIN),
    (_O, Signal.PROGRESS): (_O, None),
    (_O, Signal.BODY):     (_O, None),
    (_O, Signal.END):      (_E, None),
    (_O, Signal.FAILURE):  (_F, None),
    (_O, Signal.ERROR):    (_F, None),
    # An `error` event is followed by `response.failed`, or by nothing.
    (_F, Signal.FAILURE):  (_F, None),
    (_F, Signal.ERROR):    (_F, None),
    (_F, Signal.CREATED):  (_F, found.AFTER_END),
    (_F, Signal.PROGRESS): (_F, found.AFTER_END),
    (_F, Signal.BODY):     (_F, found.AFTER_END),
    (_F, Signal.END):      (_F, found.AFTER_END),
    (_E, Signal.CREATED):  (_E, found.SECOND_RESPONSE),
    (_E, Signal.PROGRESS): (_E, found.AFTER_END),
    (_E, Signal.BODY):     (_E, found.AFTER_END),
    (_E, Signal.END):      (_E, found.AFTER_END),
    (_E, Signal.FAILURE):  (_E, found.AFTER_END),
    (_E, Signal.ERROR):    (_E, found.AFTER_END),
}
ITEM: Table = {
    (_A, Signal.ADDED): (_O, None),
    (_A, Signal.BODY):  (_O, found.ITEM_NOT_ADDED),
    (_A, Signal.DONE):  (_E, found.ITEM_ONLY_DONE),
    (_O, Signal.ADDED): (_O, found.INDEX_TWICE),
    (_O, Signal.BODY):  (_O, None),
    (_O, Signal.DONE):  (_E, None),
    (_E, Signal.ADDED): (_O, found.INDEX_TWICE),
    (_E, Signal.BODY):  (_E, found.AFTER_DONE),
    (_E, Signal.DONE):  (_E, found.DONE_TWICE),
}
# Words that the helper keeps in a part of a message: the part has to be opened first.
FRAMED: Table = {
    (_A, Signal.ADDED): (_O, None),
    (_A, Signal.DELTA): (_O, found.PART_NOT_ADDED),
    (_A, Signal.WHOLE): (_W, found.PART_NOT_ADDED),
    (_A, Signal.DONE):  (_E, found.PART_NOT_ADDED),
    (_O, Signal.ADDED): (_O, found.PART_TWICE),
    (_O, Signal.DELTA): (_O, None),
    (_O, Signal.WHOLE): (_W, None),
    (_O, Signal.DONE):  (_E, found.CLOSING_SKIPPED),
    (_W, Signal.ADDED): (_O, found.PART_TWICE),
    (_W, Signal.DELTA): (_W, found.AFTER_DONE),
    (_W, Signal.WHOLE): (_W, found.DONE_TWICE),
    (_W, Signal.DONE):  (_E, None),
    (_E, Signal.ADDED): (_O, found.PART_TWICE),
    (_E, Signal.DELTA): (_E, found.AFTER_DONE),
    (_E, Signal.WHOLE): (_E, found.AFTER_DONE),
    (_E, Signal.DONE):  (_E, found.DONE_TWICE),
}
# Reasoning has parts, but only Node's helper asks for them.
SPOKEN: Table = FRAMED | {
    (_A, Signal.DELTA): (_O, found.REASONING_PART_NOT_ADDED),
    (_A, Signal.WHOLE): (_W, found.REASONING_PART_NOT_ADDED),
    (_A, Signal.DONE):  (_E, found.REASONING_PART_NOT_ADDED),
}
# Words of tools have no part at all.
LOOSE: Table = FRAMED | {
    (_A, Signal.DELTA): (_O, None),
    (_A, Signal.WHOLE): (_W, None),
    (_A, Signal.DONE):  (_E, None),
}
# fmt: on
_TABLES = {"message": FRAMED, "reasoning": SPOKEN}
PARTS = {kind: _TABLES.get(ITEM_TYPES[kind], LOOSE) for kind in Kind}
