"""The tool calls of a Chat Completions answer, put together from fragments that follow the rules and from those that don't.

The rules: a fragment names its call by `index`; id and name come once, arguments are text to be joined. Endpoints break each
of them, so a call is also told apart by its id, and by a new name where there is no id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.chat import rules_calls as rules
from app.protocols.chat.rules_words import SHAPE_UNKNOWN
from app.protocols.chat.values import found_at, shown
from app.protocols.findings import Finding, FindingLog, Place, Rule
from app.protocols.reading import ToolCall, tool_call
from app.protocols.shared.arguments import is_json, repeat_in
from app.protocols.shared.pieces import Pieces
from app.text.json_text import encode_json, mend_surrogates

_CHEAP_PIECES = 256
_LONG_CHARACTERS = 1 << 16
_KNOWN_KEYS = {"index", "id", "type", "function", "custom"}


class _Call:
    """One call under construction.

    Attributes:
        kind: "function", "custom" (free text for arguments) or "legacy" (`function_call`, no id).
        pieces: the argument text so far.
        type: its `type` as the fragments say it, "" until one does.
        extras: what else the endpoint sent with it (thought signatures and the like), to be sent back.
    """

    __slots__ = ("_built", "extras", "id", "index", "kind", "name", "pieces", "type")

    def __init__(self, index: int | None, kind: str) -> None:
        self.index = index
        self.kind = kind
        self.id = ""
        self.name = ""
        self.type = ""
        self.pieces = Pieces()
        self.extras: dict[str, Any] = {}
        self._built: tuple[tuple[int, str, str], ToolCall] | None = None

    @property
    def label(self) -> str:
        """What findings call it."""
        return "function_call" if self.kind == "legacy" and not self.name else _label(self.name or self.id, self.index)

    @property
    def text(self) -> str:
        return mend_surrogates(self.pieces.text)

    @property
    def looks_complete(self) -> bool:
        """Are the arguments a whole JSON object? Parsed only where that is likely and cheap."""
        pieces = self.pieces.few[:_CHEAP_PIECES]
        cheap = 0 < self.pieces.count == len(pieces)
        return cheap and pieces[-1].rstrip().endswith("}") and tool_call("", "", self.text).parsed

    def build(self) -> ToolCall:
        """The call as it stands; parsed again only where something was added."""
        state = (self.pieces.count, self.id, self.name)
        if self._built is None or self._built[0] != state:
            self._built = (state, self._assemble())
        return self._built[1]

    def _assemble(self) -> ToolCall:
        call_id, name, text = mend_surrogates(self.id), mend_surrogates(self.name), self.text
        if self.kind == "custom":
            return ToolCall(call_id, name, text, text, parsed=True, kind="custom")
        if len(text) > _LONG_CHARACTERS and not text[-_LONG_CHARACTERS:].rstrip().endswith(("}", "]", '"')):
            return ToolCall(call_id, name, text)  # it goes on: not to be parsed in vain each time it is looked at
        return tool_call(call_id, name, text)

    def replay(self) -> dict[str, Any]:
        """The call as a request takes it back."""
        inner = {"name": self.name, "input" if self.kind == "custom" else "arguments": self.text}
        return {"id": self.id, "type": self.kind, self.kind: inner} | self.extras


class ToolCalls:
    """All calls of one choice. `add` takes the entries of `tool_calls`, of a delta or of a whole message."""

    def __init__(self, log: FindingLog) -> None:
        self._log = log
        self._calls: list[_Call] = []
        self._at_index: dict[int, _Call] = {}
        self._by_id: dict[str, _Call] = {}
        self._last: _Call | None = None  # that of the last fragment, and its index
        self._last_index = 0

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, fragment: Any, place: int | None = None) -> bool:
        """Take in one entry; True where it brought argument text. `place` is its place in a whole answer's list."""
        if not isinstance(fragment, dict):
            return False
        index = place if place is not None else self._index(fragment)
        kind, name, text = self._read_body(fragment, index)
        call = self._find(index, kind, self._id(fragment), name, text)
        if place is None:
            self._check_type(call, fragment)
        call.extras |= {key: value for key, value in fragment.items() if key not in _KNOWN_KEYS and value is not None}
        if text:
            call.pieces.add(text)
        return bool(text)

    def add_legacy(self, function_call: Any) -> bool:
        """Take in a `function_call`; one whose fields are all empty is none (Snowflake sends those).

        Beside `tool_calls` it is the first of them once more (llama-cpp-python sends both), which adds nothing.
        """
        if not isinstance(function_call, dict) or (self._calls and self._calls[0].kind != "legacy"):
            return False
        name, text = _text(function_call.get("name")), self._arguments(function_call.get("arguments"), "function_call")
        if not name and not text:
            return False
        if not self._calls:
            self._log.note(rules.LEGACY_CALL)
            self._calls.append(_Call(0, "legacy"))
        call = self._calls[0]
        call.name += name
        if text:
            call.pieces.add(text)
        return bool(text)

    def build(self) -> list[ToolCall]:
        """The calls as they stand."""
        return [call.build() for call in self._calls]

    def replay(self) -> dict[str, Any]:
        """The fields of an assistant message that hold the calls: `tool_calls`, `function_call`, or none."""
        if self._calls and self._calls[0].kind == "legacy":
            call = self._calls[0]
            return {"function_call": {"name": call.name, "arguments": call.text}}
        return {"tool_calls": [call.replay() for call in self._calls]} if self._calls else {}

    def findings(self, place: Place, *, cut: bool) -> Iterator[Finding]:
        """The answer is over: what is wrong with each call. `cut`: it hit a limit, so that JSON may well be unfinished."""
        ids: set[str] = set()
        for call in self._calls:
            if not call.name:
                yield Finding.of(rules.CALL_NAMELESS, place, call=call.label)
            if call.id in ids:
                yield Finding.of(rules.CALL_ID_TWICE, place, id=call.id[:200])
            elif call.id:
                ids.add(call.id)
            elif call.kind != "legacy":
                yield Finding.of(rules.CALL_ID_MISSING, place, call=call.label)
            rule, variant = (None, "") if call.kind == "custom" else _wrong_with_arguments(call, cut)
            if rule is not None:
                yield Finding.of(rule, place, variant=variant, call=call.label)

    def _check_type(self, call: _Call, fragment: dict[str, Any]) -> None:
        """SDKs find a call's form by its `type`, which the first fragment says and no later one may take back."""
        kind = fragment.get("type")
        if call.type and "type" in fragment and not kind:
            self._log.note(rules.TYPE_EMPTIED, found=shown(kind))
        elif call.type and not _has_body(fragment):
            self._log.note(rules.FRAGMENT_HOLLOW)
        elif not call.type and not kind and call.name:
            self._log.note(rules.TYPE_MISSING, **found_at(fragment, "type"))
        call.type = kind if isinstance(kind, str) and kind else call.type

    def _id(self, fragment: dict[str, Any]) -> str:
        call_id = fragment.get("id")
        if call_id is not None and not isinstance(call_id, str):
            self._log.note(SHAPE_UNKNOWN, variant="call_id", type=type(call_id).__name__)
        return _text(call_id)

    def _index(self, fragment: dict[str, Any]) -> int | None:
        index = fragment.get("index")
        if isinstance(index, int) and not isinstance(index, bool):
            return index
        self._log.note(rules.INDEX_MISSING, found=shown(index))
        return None

    def _read_body(self, fragment: dict[str, Any], index: int | None) -> tuple[str, str, str]:
        """(kind, name, argument text) of an entry. Snowflake sends an empty `custom` beside each `function`."""
        function, custom = fragment.get("function"), fragment.get("custom")
        if isinstance(custom, dict) and fragment.get("type") != "function" and not isinstance(function, dict):
            return "custom", _text(custom.get("name")), _text(custom.get("input"))
        if not isinstance(function, dict):
            return "function", "", ""
        name = _text(function.get("name"))
        return "function", name, self._arguments(function.get("arguments"), _label(name, index))

    def _arguments(self, value: Any, label: str) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        self._log.note(rules.ARGUMENTS_OBJECT, call=label)
        return encode_json(value).decode()

    def _find(self, index: int | None, kind: str, call_id: str, name: str, text: str) -> _Call:
        if (call := self._rising(index, call_id, name, text)) is not None:
            self._log.note(rules.CALL_INDEX_RISES, call=call.label, first=self._last_index, second=index)
            self._last_index = index or 0
            return call
        call = self._current(index, call_id)
        if call is not None and _is_another(call, call_id, name, text):
            if index is not None:
                self._log.note(rules.INDEX_SHARED, index=index)
            call = None
        if call is None:
            call = self._open(index, kind)
            call.id, call.name = call_id, name
        else:
            self._continue(call, call_id, name)
        if call.id:
            self._by_id.setdefault(call.id, call)
        self._last, self._last_index = call, index or 0
        return call

    def _rising(self, index: int | None, call_id: str, name: str, text: str) -> _Call | None:
        """The call whose fragments are numbered one by one, where this is the next of them; None for any other fragment."""
        last = self._last
        if (
            last is None
            or index is None
            or call_id
            or name
            or not text
            or index in self._at_index
            or index != self._last_index + 1
        ):
            return None
        return last if last.kind != "legacy" and not (last.pieces and last.looks_complete) else None

    def _current(self, index: int | None, call_id: str) -> _Call | None:
        known = self._by_id.get(call_id)
        if known is not None and index in (None, known.index):
            return known
        if index is not None:
            return self._at_index.get(index)
        return self._calls[-1] if self._calls else None

    def _open(self, index: int | None, kind: str) -> _Call:
        call = _Call(index, kind)
        self._calls.append(call)
        if index is not None:
            if index not in self._at_index and index != len(self._at_index):
                self._log.note(rules.CALL_INDEX_GAP, index=index, due=len(self._at_index))
            self._at_index[index] = call
        return call

    def _continue(self, call: _Call, call_id: str, name: str) -> None:
        if call_id and call.id:
            variant = "" if call_id == call.id else "other_id"
            self._log.note(rules.CALL_REPEATED, variant=variant, id=call.id[:90], other=call_id[:90])
        elif call_id:
            call.id = call_id
        if name and name == call.name:
            self._log.note(rules.CALL_REPEATED, variant="name", name=name[:190])
        elif name and not (call.pieces and call.name):
            if call.name:
                self._log.note(rules.NAME_IN_PIECES, name=call.name[:90], piece=name[:90])
            call.name += name  # a name in pieces, or behind the first arguments: SDKs join it too


# How arguments that are no JSON repeat themselves, to the rule and its variant.
_REPEATED = {
    "doubled": (rules.ARGUMENTS_DOUBLED, ""),
    "paired": (rules.ARGUMENTS_DOUBLED, "pieces"),
    "behind_empty": (rules.ARGUMENTS_BEHIND_EMPTY, ""),
    "cumulative": (rules.ARGUMENTS_CUMULATIVE, ""),
}


def _wrong_with_arguments(call: _Call, cut: bool) -> tuple[Rule | None, str]:
    """The rule that its arguments break, and the rule's variant."""
    built = call.build()
    text = built.arguments_text
    if not built.parsed:
        return _REPEATED.get(repeat_in(text, call.pieces.few), (None if cut else rules.ARGUMENTS_INVALID, ""))
    if isinstance(built.arguments, str) and is_json(built.arguments):
        return rules.DOUBLE_ENCODED, ""
    if not isinstance(built.arguments, dict):
        return rules.ARGUMENTS_NO_OBJECT, ""
    return (rules.ARGUMENTS_EMPTY if not text.strip() and call.name and not cut else None), ""


def _label(name: str, index: int | None) -> str:
    """A call as findings tell it: by its name or id, or by its place where it has neither."""
    return mend_surrogates(name)[:80] or f"tool_calls[{index or 0}]"


def _is_another(call: _Call, call_id: str, name: str, text: str) -> bool:
    """Does a fragment that came under the call's index (or under none) begin another call?"""
    if call_id and call.id:
        return call_id != call.id and bool(name)
    if not name or not call.name:
        return False
    if name != call.name:
        return bool(call.pieces)
    return text.lstrip().startswith("{") and call.looks_complete


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _has_body(fragment: dict[str, Any]) -> bool:
    return isinstance(fragment.get("function"), dict) or isinstance(fragment.get("custom"), dict)
