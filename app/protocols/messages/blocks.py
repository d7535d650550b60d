"""A content block of a Messages answer: put together from its start and its deltas, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.protocols.findings import NOWHERE, Place
from app.protocols.reading import ToolCall, tool_call
from app.protocols.shared.pieces import Pieces
from app.text.json_text import decode_json, encode_json, mend_surrogates

Json = dict[str, Any]
Complaint = tuple[str, str]  # id of the deviation, detail

TEXT, THINKING, REDACTED, TOOL_USE = "text", "thinking", "redacted_thinking", "tool_use"
_SERVER_TOOL = "server_tool_use"
# What converters write for the API's own kinds of delta and block. Any other unknown kind may be newer than this program.
_MADE_UP_DELTAS = ("", "text", "thinking", "tool_use", "input_json", "json_delta", "reasoning", "reasoning_delta", "content")
_MADE_UP_BLOCKS = ("output_text", "input_text", "reasoning", "refusal", "function", "function_call", "tool_call")
_MIN_REPEATS, _MIN_REPEATED_CHARACTERS = 4, 24  # below that a model may well have written it
_JSON_TYPES = {str: "string", list: "array", bool: "boolean", type(None): "null"}
_USABLE_ID = re.compile(r"[a-zA-Z0-9_-]+")

# delta type -> the field that holds its piece
DELTA_FIELDS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": "partial_json",
    "signature_delta": "signature",
    "citations_delta": "citation",
    "compaction_delta": "content",
}
# kind of block -> the deltas that fit it. A kind that is not listed takes any: it may be newer than this table.
FITTING_DELTAS = {
    TEXT: ("text_delta", "citations_delta"),
    THINKING: ("thinking_delta", "signature_delta"),
    REDACTED: (),
    TOOL_USE: ("input_json_delta",),
}
# delta type -> the kind of block it is for, where the block itself was never opened
_KIND_OF = {"text_delta": TEXT, "thinking_delta": THINKING, "signature_delta": THINKING, "input_json_delta": TOOL_USE}


class Block:
    """One content block.

    Attributes:
        index: its number as the stream said it.
        kind: its type, "" where it has none.
        start: `content_block` as it came (of an unstreamed answer: the block).
        opened: it had a start; where it had none, that it lacks what stands there is no fault of its own.
        whole: it came complete, no deltas are due.
        closed: its content_block_stop was seen.
        place: where it was opened.
        end: where it was closed, else where it was opened.
        signatures: how many signature deltas came.
        call_number: its place among the answer's tool calls, None where it is none. The reader sets it.
    """

    def __init__(self, index: int, start: Json, *, whole: bool = False, place: Place = NOWHERE) -> None:
        self.index = index
        self.start = start
        self.kind = _string(start.get("type"))
        self.whole = self.closed = whole
        self.opened = True
        self.place = self.end = place
        self.signatures = 0
        self.call_number: int | None = None
        self._signature: str | None = None
        self._citations: list[object] = []
        self._pieces: dict[str, Pieces] = {}
        self._replaced: Json = {}

    @classmethod
    def unopened(cls, index: int, delta_type: str, place: Place) -> Block:
        """A block for deltas whose content_block_start is missing."""
        kind = _KIND_OF.get(delta_type, TEXT)
        block = cls(index, {"type": kind} | {name: "" for name in (TEXT, THINKING) if name == kind}, place=place)
        block.opened = False
        return block

    def add(self, delta_type: str, piece: object) -> None:
        """Take in one delta's piece. Pieces of the wrong type are left out; the reader has noted them."""
        if delta_type == "citations_delta":
            self._citations.append(piece)
        elif delta_type == "compaction_delta":
            self._replaced["content"] = piece
        elif not isinstance(piece, str):
            return
        elif delta_type == "signature_delta":
            self.signatures += 1
            self._signature = piece  # set, not appended, as the SDKs do
        else:
            self._add_piece(DELTA_FIELDS[delta_type], piece)

    def _add_piece(self, field: str, piece: str) -> None:
        self._pieces.setdefault(field, Pieces()).add(piece)

    def add_stray_signature(self, signature: str) -> None:
        """A signature that came inside a thinking_delta."""
        self._signature = signature

    # -- what it holds -------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The visible text in it, whatever its kind."""
        return self._joined("text")

    @property
    def thinking(self) -> str:
        return self._joined("thinking")

    @property
    def signature(self) -> str:
        return _string(self.start.get("signature")) if self._signature is None else self._signature

    @property
    def hides_thinking(self) -> bool:
        """Thinking whose words were left out on request (`display: omitted`): only the signature came."""
        return self.kind == THINKING and not self.thinking and bool(self.signature)

    def _joined(self, field: str) -> str:
        begin = _string(self.start.get(field)) if self.kind == field else ""
        return begin + self._streamed(field)

    def _few(self, field: str) -> list[str]:
        return self._pieces[field].few if field in self._pieces else []

    def _streamed(self, field: str) -> str:
        return self._pieces[field].text if field in self._pieces else ""

    @property
    def input_text(self) -> str:
        """A tool's arguments as text: the pieces joined, else the start's own `input`."""
        streamed = self._streamed("partial_json")
        given = self.start.get("input")
        if streamed.strip() or not given:
            return streamed
        return given if isinstance(given, str) else encode_json(given).decode()

    @property
    def _streamed_input(self) -> bool:
        return bool(self._streamed("partial_json").strip())

    def call(self) -> ToolCall:
        """The tool call it is; `parsed` is False while the block is open."""
        call_id, name = (mend_surrogates(_string(self.start.get(key))) for key in ("id", "name"))
        arguments = mend_surrogates(self.input_text)
        return tool_call(call_id, name, arguments) if self.closed else ToolCall(call_id, name, arguments)

    def replay(self) -> Json:
        """The block as it must go back in the next request: as it started, with its deltas put in."""
        out = self.start | self._replaced
        for field in ("text", "thinking"):
            if field in self._pieces and self.kind == field:
                out[field] = self._joined(field)
        if self._signature is not None and self.kind == THINKING:
            out["signature"] = self._signature
        if self._citations and self.kind == TEXT:
            before = out.get("citations")
            out["citations"] = [*(before if isinstance(before, list) else ()), *self._citations]
        if not self.whole and self._input_was_streamed(out):
            out["input"] = self._input_object()
        return out

    def _input_was_streamed(self, out: Json) -> bool:
        if "partial_json" in self._pieces and self.input_text.strip():
            return True
        return self.kind == TOOL_USE and not isinstance(out.get("input"), dict)  # input has to be an object

    def _input_object(self) -> Json:
        try:
            value = decode_json(self.input_text)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    # -- what is wrong with its start ----------------------------------------------------------------------------------

    def start_complaints(self) -> Iterator[Complaint]:
        """Deviations of what it started as (of an unstreamed answer: of the fields that every block must have)."""
        if not self.kind:
            yield "A29", f"type in block {self.index}"
        elif self.kind in _MADE_UP_BLOCKS:
            yield "A41", f"Block {self.index} has the type “{self.kind}”"
        if self.kind not in (TEXT, THINKING):
            return
        words = self.start.get(self.kind)
        if not isinstance(words, str):
            yield ("A29", f"{self.kind} in block {self.index}") if self.whole else ("A28", f"{self.kind} of block {self.index}")
        elif words and not self.whole:
            yield "A38", f"that of block {self.index} begins “{_short(words)}”"

    # -- what is wrong with it -------------------------------------------------------------------------------------------

    def complaints(self, *, may_be_cut: bool) -> Iterator[Complaint]:
        """Deviations of this block. `may_be_cut`: the answer legally broke off in it (max_tokens, refusal)."""
        if self.kind == THINKING and not may_be_cut:
            yield from self._signature_complaints()
        elif self.kind == REDACTED and not _string(self.start.get("data")):
            yield "A17", f"block {self.index}"
        elif self.kind == TOOL_USE:
            yield from self._tool_complaints(may_be_cut)
        elif self.kind == _SERVER_TOOL and not may_be_cut and (reason := self._input_fault()):
            yield "A26", f"The arguments of {self._tool_name} are {reason}"
        elif self.kind == TEXT and (how := self._repeats()):
            yield "A44", how

    def _signature_complaints(self) -> Iterator[Complaint]:
        if not self.signature:
            yield "A12", f"block {self.index} has {'an empty one' if self._has_signature_field() else 'none'}"
        elif self.signatures > 1:
            yield "A12", f"block {self.index} got {self.signatures} pieces where one must hold all of it"
        elif self._signature is not None and not self.signatures:
            yield "A12", f"that of block {self.index} came inside a thinking_delta"

    def _has_signature_field(self) -> bool:
        return "signature" in self.start or self._signature is not None

    def _tool_complaints(self, may_be_cut: bool) -> Iterator[Complaint]:
        name, call_id = self._tool_name, self.start.get("id")
        if self.opened and not _string(self.start.get("name")):
            yield "A40", f"The tool call in block {self.index} names no tool"
        if self.opened and (not isinstance(call_id, str) or not _USABLE_ID.fullmatch(call_id)):
            yield "A30", f"The call of {name} has the id {repr(call_id)[:60]}" if call_id else f"The call of {name} has no id"
        if not may_be_cut and (reason := self._input_fault()):
            yield "A26", f"The arguments of {name} are {reason}"
        if not self.whole and (way := self._unstreamed()):
            yield "A15", way

    @property
    def _tool_name(self) -> str:
        return f"{_string(self.start.get('name')) or 'a tool without a name'} (block {self.index})"

    def _input_fault(self) -> str:
        given, text = self.start.get("input"), self.input_text
        if not isinstance(given, dict) and not self._streamed_input:
            return f"of type {_JSON_TYPES.get(type(given), 'number')} instead of an object" if given is not None else "missing"
        if not text.strip():
            return ""
        try:
            value = decode_json(text)
        except ValueError:
            return f"not JSON: {_short(text)}"
        return "" if isinstance(value, dict) else f"JSON, but no object: {_short(text)}"

    def _unstreamed(self) -> str:
        pieces = self._few("partial_json")
        if self.start.get("input") and not self._streamed_input:
            return f"inside content_block_start of block {self.index}"
        return f"in the only delta of block {self.index}" if len(pieces) == 1 and len(pieces[0]) > 2 else ""

    def _repeats(self) -> str:
        """Whether its pieces are the text so far each, or the last one is all that came before; "" where they are neither."""
        pieces = [piece for piece in self._few("text") if piece]
        if len(pieces) < _MIN_REPEATS or len(pieces[-1]) < _MIN_REPEATED_CHARACTERS:
            return ""
        if all(piece.startswith(before) and len(piece) > len(before) for before, piece in pairwise(pieces)):
            return f"each of the {len(pieces)} pieces of block {self.index} is the text up to there"
        before = "".join(pieces[:-1])
        return f"the last piece of block {self.index} is all its text again" if pieces[-1] == before else ""


def made_up_words(kind: str, delta: object) -> str:
    """What a delta holds that should have come as one of the API's own kinds, "" where it may be newer than this program."""
    if kind not in _MADE_UP_DELTAS or not isinstance(delta, dict):
        return ""
    words = next((one for name, one in delta.items() if name != "type" and isinstance(one, str) and one), "")
    return f"{f'the type “{kind}”' if kind else 'no type'}: “{_short(words)}”" if words else ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _short(text: str) -> str:
    return mend_surrogates(text if len(text) <= 80 else f"{text[:50]} … {text[-25:]}")
