"""A content block of a Messages answer, put together from its start and its deltas."""

from __future__ import annotations

from typing import Any

from app.protocols.any.repeats import Repeats
from app.protocols.findings import NOWHERE, Place
from app.protocols.reading import ToolCall, tool_call
from app.protocols.shared.pieces import Pieces
from app.text.json_text import decode_json, encode_json, mend_surrogates

Json = dict[str, Any]

TEXT, THINKING, REDACTED, TOOL_USE = "text", "thinking", "redacted_thinking", "tool_use"
SERVER_TOOL_USE = "server_tool_use"

_MAX_SIGNATURES = 20

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
        opened: it had a start; where it had none, that its fields are missing is no finding of its own.
        whole: it came complete, no deltas are due.
        closed: its content_block_stop was seen.
        place: where it was opened.
        end: where it was closed, else where it was opened.
        signatures: the first signature deltas that held one.
        signature_came: one came after the start, in deltas of its own or inside a thinking_delta.
        begun_again: where its content_block_start came once more while it was open, None where it did not.
        repeats: the watchers of its text and its thinking, by delta's field.
        call_number: its place among the answer's tool calls, None where it is none. The reader sets it.
    """

    def __init__(self, index: int, start: Json, *, whole: bool = False, place: Place = NOWHERE) -> None:
        self.index = index
        self.start = start
        self.kind = as_text(start.get("type"))
        self.whole = self.closed = whole
        self.opened = True
        self.place = self.end = place
        self.signatures: list[str] = []
        self.begun_again: Place | None = None
        self.repeats: dict[str, Repeats] = {}
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
            if piece and len(self.signatures) < _MAX_SIGNATURES:
                self.signatures.append(piece)
            self._signature = piece  # set, not appended, as the SDKs do
        else:
            self.add_piece(DELTA_FIELDS[delta_type], piece)

    def add_piece(self, field: str, piece: str) -> None:
        """Take in a piece of text for a field."""
        known = self._pieces.get(field)
        if known is None:
            known = self._pieces[field] = Pieces()
        known.add(piece)

    def watch(self, field: str) -> Repeats:
        """The watcher of a field's pieces."""
        if field not in self.repeats:
            self.repeats[field] = Repeats()
        return self.repeats[field]

    def is_begun_by(self, start: Json) -> bool:
        """Whether a start can be this block's own once more: of the same kind, and for a tool with no other id or name."""
        same = as_text(start.get("type")) in ("", self.kind)
        return same and all(start.get(key) in (None, "", self.start.get(key)) for key in ("id", "name"))

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
        return as_text(self.start.get("signature")) if self._signature is None else self._signature

    @property
    def hides_thinking(self) -> bool:
        """Thinking whose words were left out on request (`display: omitted`): only the signature came."""
        return self.kind == THINKING and not self.thinking and bool(self.signature)

    def _joined(self, field: str) -> str:
        begin = as_text(self.start.get(field)) if self.kind == field else ""
        return begin + self._streamed(field)

    @property
    def signature_came(self) -> bool:
        return self._signature is not None

    def few(self, field: str) -> list[str]:
        """The pieces that came for a field, as they came; of many only the first ones."""
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
    def streamed_blank(self) -> bool:
        """Whether its arguments came in deltas, and are nothing but white space."""
        streamed = self._streamed("partial_json")
        return bool(streamed) and not streamed.strip()

    @property
    def streamed_input(self) -> bool:
        """Whether its arguments came in deltas."""
        return bool(self._streamed("partial_json").strip())

    def call(self) -> ToolCall:
        """The tool call it is; `parsed` is False while the block is open."""
        call_id, name = (mend_surrogates(as_text(self.start.get(key))) for key in ("id", "name"))
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


def as_text(value: object) -> str:
    """A text; "" for anything else."""
    return value if isinstance(value, str) else ""
