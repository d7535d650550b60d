"""The order in which a Responses stream may come, as tables: what each event does, and which steps are legal."""

from __future__ import annotations

from enum import auto

import msgspec

from app.protocols.findings import Rule
from app.protocols.grammar import Symbol, Table
from app.protocols.reading import Meaning
from app.protocols.responses import rules


class Kind(Symbol):
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


class ResponseState(Symbol):
    """Where a response stands."""

    ABSENT = auto()
    OPEN = auto()
    FAILED = auto()
    ENDED = auto()


class ResponseInput(Symbol):
    """What an event is to the response, or how the stream ends."""

    CREATED = auto()
    PROGRESS = auto()
    END = auto()
    FAILURE = auto()
    ERROR = auto()
    BODY = auto()  # any event of an item or a part
    STREAM_END = auto()
    STREAM_END_UNFED = auto()  # without an event of this protocol


class MarkState(Symbol):
    """Whether `[DONE]` has come, which belongs to another protocol."""

    UNMARKED = auto()
    MARKED = auto()


class MarkInput(Symbol):
    """What an event is to that."""

    MARK = auto()
    EVENT = auto()


class ItemState(Symbol):
    """Where an output item stands."""

    ABSENT = auto()
    OPEN = auto()
    ENDED = auto()


class ItemInput(Symbol):
    """What an event is to its item."""

    ADDED = auto()
    BODY = auto()  # any event of a part
    CLOSING = auto()  # one that closes a part whose words have come
    DONE = auto()


class PartState(Symbol):
    """Where a run of words stands."""

    ABSENT = auto()
    OPEN = auto()
    WHOLE = auto()
    ENDED = auto()


class PartInput(Symbol):
    """What an event is to its run of words."""

    ADDED = auto()
    DELTA = auto()
    WHOLE = auto()  # `.done` with all the words
    DONE = auto()


class EventType(msgspec.Struct, frozen=True):
    """What one event type means, to the response, an item or a part.

    `words` names the field with the words, `place` the field with the part's index.
    """

    input: ResponseInput | ItemInput | PartInput
    kind: Kind | None = None
    words: str = ""
    place: str = ""


def _words(kind: Kind, whole: str, place: str = "") -> tuple[EventType, EventType]:
    return (
        EventType(PartInput.DELTA, kind, "delta", place),
        EventType(PartInput.WHOLE, kind, whole, place),
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
    "response.created": EventType(ResponseInput.CREATED),
    "response.queued": EventType(ResponseInput.PROGRESS),
    "response.in_progress": EventType(ResponseInput.PROGRESS),
    "response.completed": EventType(ResponseInput.END),
    "response.incomplete": EventType(ResponseInput.END),
    "response.failed": EventType(ResponseInput.FAILURE),
    "response.cancelled": EventType(ResponseInput.FAILURE),  # not published, but the status is
    "error": EventType(ResponseInput.ERROR),
    "response.output_item.added": EventType(ItemInput.ADDED),
    "response.output_item.done": EventType(ItemInput.DONE),
    "response.content_part.added": EventType(PartInput.ADDED, None, "part", "content_index"),
    "response.content_part.done": EventType(PartInput.DONE, None, "part", "content_index"),
    "response.reasoning_summary_part.added": EventType(PartInput.ADDED, Kind.SUMMARY, "part", "summary_index"),
    "response.reasoning_summary_part.done": EventType(PartInput.DONE, Kind.SUMMARY, "part", "summary_index"),
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


_R, _RI, _I, _II, _P, _PI = ResponseState, ResponseInput, ItemState, ItemInput, PartState, PartInput

# fmt: off
RESPONSE = Table(_R.ABSENT, (
    (_R.ABSENT,  _RI.CREATED,          _R.OPEN,    None),
    (_R.ABSENT,  _RI.PROGRESS,         _R.OPEN,    rules.NOT_CREATED_FIRST),
    (_R.ABSENT,  _RI.BODY,             _R.OPEN,    rules.NOT_CREATED_FIRST),
    (_R.ABSENT,  _RI.END,              _R.ENDED,   rules.NOT_CREATED_FIRST),
    (_R.ABSENT,  _RI.FAILURE,          _R.FAILED,  rules.NOT_CREATED_FIRST),
    (_R.ABSENT,  _RI.ERROR,            _R.FAILED,  None),
    (_R.OPEN,    _RI.CREATED,          _R.OPEN,    rules.CREATED_AGAIN),
    (_R.OPEN,    _RI.PROGRESS,         _R.OPEN,    None),
    (_R.OPEN,    _RI.BODY,             _R.OPEN,    None),
    (_R.OPEN,    _RI.END,              _R.ENDED,   None),
    (_R.OPEN,    _RI.FAILURE,          _R.FAILED,  None),
    (_R.OPEN,    _RI.ERROR,            _R.FAILED,  None),
    # An `error` event is followed by `response.failed`, or by nothing.
    (_R.FAILED,  _RI.FAILURE,          _R.FAILED,  None),
    (_R.FAILED,  _RI.ERROR,            _R.FAILED,  None),
    (_R.FAILED,  _RI.CREATED,          _R.FAILED,  rules.AFTER_END),
    (_R.FAILED,  _RI.PROGRESS,         _R.FAILED,  rules.AFTER_END),
    (_R.FAILED,  _RI.BODY,             _R.FAILED,  rules.AFTER_END),
    (_R.FAILED,  _RI.END,              _R.FAILED,  rules.AFTER_END),
    (_R.ENDED,   _RI.CREATED,          _R.ENDED,   rules.SECOND_RESPONSE),
    (_R.ENDED,   _RI.PROGRESS,         _R.ENDED,   rules.AFTER_END),
    (_R.ENDED,   _RI.BODY,             _R.ENDED,   rules.AFTER_END),
    (_R.ENDED,   _RI.END,              _R.ENDED,   rules.END_AGAIN),
    (_R.ENDED,   _RI.FAILURE,          _R.ENDED,   rules.AFTER_END),
    (_R.ENDED,   _RI.ERROR,            _R.ENDED,   rules.AFTER_END),
    (_R.ABSENT, _RI.STREAM_END,       _R.ABSENT, rules.NO_TERMINAL),
    (_R.ABSENT, _RI.STREAM_END_UNFED, _R.ABSENT, None),
    (_R.OPEN,   _RI.STREAM_END,       _R.OPEN,   rules.NO_TERMINAL),
    (_R.FAILED, _RI.STREAM_END,       _R.FAILED, None),
    (_R.ENDED,  _RI.STREAM_END,       _R.ENDED,  None),
))
MARK = Table(MarkState.UNMARKED, (
    (MarkState.UNMARKED, MarkInput.EVENT, MarkState.UNMARKED, None),
    (MarkState.UNMARKED, MarkInput.MARK,  MarkState.MARKED,   rules.DONE_MARK),
    (MarkState.MARKED,   MarkInput.EVENT, MarkState.MARKED,   rules.AFTER_END),
    (MarkState.MARKED,   MarkInput.MARK,  MarkState.MARKED,   None),
))
ITEM = Table(_I.ABSENT, (
    (_I.ABSENT,  _II.ADDED,            _I.OPEN,    None),
    (_I.ABSENT,  _II.BODY,             _I.OPEN,    rules.ITEM_NOT_ADDED),
    (_I.ABSENT,  _II.CLOSING,          _I.OPEN,    rules.ITEM_NOT_ADDED),
    (_I.ABSENT,  _II.DONE,             _I.ENDED,   rules.ITEM_ONLY_DONE),
    (_I.OPEN,    _II.ADDED,            _I.OPEN,    rules.INDEX_TWICE),
    (_I.OPEN,    _II.BODY,             _I.OPEN,    None),
    (_I.OPEN,    _II.CLOSING,          _I.OPEN,    None),
    (_I.OPEN,    _II.DONE,             _I.ENDED,   None),
    (_I.ENDED,   _II.ADDED,            _I.OPEN,    rules.INDEX_TWICE),
    (_I.ENDED,   _II.BODY,             _I.ENDED,   rules.AFTER_DONE),
    (_I.ENDED,   _II.CLOSING,          _I.ENDED,   rules.DONE_LATE),
    (_I.ENDED,   _II.DONE,             _I.ENDED,   rules.DONE_TWICE),
))
# Words that the helper keeps in a part of a message: the part has to be opened first.
FRAMED = Table(_P.ABSENT, (
    (_P.ABSENT,  _PI.ADDED,            _P.OPEN,    None),
    (_P.ABSENT,  _PI.DELTA,            _P.OPEN,    rules.PART_NOT_ADDED),
    (_P.ABSENT,  _PI.WHOLE,            _P.WHOLE,   rules.PART_NOT_ADDED),
    (_P.ABSENT,  _PI.DONE,             _P.ENDED,   rules.PART_NOT_ADDED),
    (_P.OPEN,    _PI.ADDED,            _P.OPEN,    rules.PART_TWICE),
    (_P.OPEN,    _PI.DELTA,            _P.OPEN,    None),
    (_P.OPEN,    _PI.WHOLE,            _P.WHOLE,   None),
    (_P.OPEN,    _PI.DONE,             _P.ENDED,   rules.CLOSING_SKIPPED),
    (_P.WHOLE,   _PI.ADDED,            _P.OPEN,    rules.PART_TWICE),
    (_P.WHOLE,   _PI.DELTA,            _P.WHOLE,   rules.AFTER_DONE),
    (_P.WHOLE,   _PI.WHOLE,            _P.WHOLE,   rules.DONE_TWICE),
    (_P.WHOLE,   _PI.DONE,             _P.ENDED,   None),
    (_P.ENDED,   _PI.ADDED,            _P.OPEN,    rules.PART_TWICE),
    (_P.ENDED,   _PI.DELTA,            _P.ENDED,   rules.AFTER_DONE),
    (_P.ENDED,   _PI.WHOLE,            _P.ENDED,   rules.DONE_LATE),
    (_P.ENDED,   _PI.DONE,             _P.ENDED,   rules.DONE_TWICE),
))
# Words of tools have no part that could be added or done.
LOOSE = Table(_P.ABSENT, (
    (_P.ABSENT,  _PI.DELTA,            _P.OPEN,    None),
    (_P.ABSENT,  _PI.WHOLE,            _P.WHOLE,   None),
    (_P.OPEN,    _PI.DELTA,            _P.OPEN,    None),
    (_P.OPEN,    _PI.WHOLE,            _P.WHOLE,   None),
    (_P.WHOLE,   _PI.DELTA,            _P.WHOLE,   rules.AFTER_DONE),
    (_P.WHOLE,   _PI.WHOLE,            _P.WHOLE,   rules.DONE_TWICE),
))
# fmt: on


def _with_rule(table: Table[PartState, PartInput], rule: Rule) -> Table[PartState, PartInput]:
    """The same table, but a part that was not added is another finding."""
    absent = (PartInput.DELTA, PartInput.WHOLE, PartInput.DONE)
    return Table(
        table.start,
        tuple((*row[:3], rule if row.state is PartState.ABSENT and row.input in absent else row.rule) for row in table.rows),
    )


# Reasoning has parts, but only Node's helper asks for them.
SPOKEN = _with_rule(FRAMED, rules.REASONING_PART_NOT_ADDED)
_TABLES = {"message": FRAMED, "reasoning": SPOKEN}
PARTS = {kind: _TABLES.get(ITEM_TYPES[kind], LOOSE) for kind in Kind}
