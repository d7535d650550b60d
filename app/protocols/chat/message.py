"""One choice of a Chat Completions answer: its text, reasoning and calls, from deltas or from a whole message.

OpenAI sends `content`, `refusal` and `tool_calls`. Reasoning is an extra of others: `reasoning_content` (DeepSeek, Z.ai),
`reasoning` (OpenRouter, Groq, Cerebras), `reasoning_details` (OpenRouter, Snowflake), `content` as a list with thinking parts
(Mistral). All of them are read, and all are kept for the next request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.any.repeats import Repeats
from app.protocols.chat import rules_words
from app.protocols.chat.calls import ToolCalls
from app.protocols.findings import NOWHERE, Finding, FindingLog, Place
from app.protocols.reading import Meaning
from app.protocols.shared.pieces import Pieces
from app.text.json_text import mend_surrogates

_REASONING_TEXT = ("reasoning_content", "reasoning", "reasoning_text", "thinking")
_REASONING_LISTS = ("reasoning_details", "thinking_blocks")
# Read above, or of no use to the endpoint when it is sent back: places, padding, server-side tool logs, source notes.
_NOT_EXTRA = {
    "role", "content", "refusal", "tool_calls", "function_call", "audio", "index", "token_id",
    "annotations", "executed_tools", "obfuscation", "channel", *_REASONING_TEXT, *_REASONING_LISTS,
}  # fmt: skip


class Joined(Pieces):
    """Pieces as text that can be shown."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """All of them, joined, no half of a character left alone."""
        return mend_surrogates(super().text)


class Message:
    """The assistant's message of one choice, as far as it came.

    Attributes:
        calls: its tool calls.
        hidden_reasoning: there was reasoning in a form that can't be read (encrypted).
    """

    def __init__(self, log: FindingLog) -> None:
        self.calls = ToolCalls(log)
        self.hidden_reasoning = False
        self._log = log
        self._place = NOWHERE
        self._repeats = (Repeats(), Repeats())  # of the text, of the reasoning
        self._lists: dict[str, bool] = {}  # delta's lists: may another one follow?
        self._visible = Joined()
        self._reasoning = Joined()
        self._content = _Content()
        self._refusal = Joined()
        self._reasoning_fields: dict[str, Joined] = {}
        self._details = {name: _Details() for name in _REASONING_LISTS}
        self._audio_id = ""
        self._extras: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """All that is meant to be seen: content and refusal."""
        return self._visible.text

    @property
    def refused(self) -> bool:
        """Whether there are words of a refusal."""
        return bool(self._refusal)

    @property
    def reasoning(self) -> str:
        return self._reasoning.text

    def add(self, delta: dict[str, Any], place: Place = NOWHERE, *, whole: bool = False) -> tuple[Meaning, bool]:
        """Take in the delta of an event, or a whole message: what it means, and whether it brought anything at all."""
        self._place = place
        reasoned = self._add_reasoning(delta)
        if delta.get("content") == [] and not whole and "content" not in self._lists:
            self._log.note(rules_words.CONTENT_PARTS, variant="empty")  # the Python helper adds no text to a list
        saw_text, saw_thinking = self._add_content(delta.get("content"))
        saw_text |= self._add_refusal(delta.get("refusal"))
        fragments = delta.get("tool_calls")
        called = self._add_calls(fragments, whole)
        called |= self.calls.add_legacy(delta.get("function_call"))
        self._add_extras(delta)
        if not whole:
            self._check_lists(delta)
        if saw_text:
            return Meaning.TEXT, True
        if called:
            return Meaning.TOOL_ARGUMENTS, True
        return (Meaning.REASONING, True) if reasoned or saw_thinking else (Meaning.NOTHING, bool(fragments))

    def replay(self) -> dict[str, Any]:
        """The message for the next request (see `OpenAIChat`): what the endpoint sent, without nulls and places."""
        calls = self.calls.replay()
        content = self._content.replay()
        out: dict[str, Any] = {"role": "assistant", "content": content or (None if calls or self._refusal else "")}
        if self._refusal:
            out["refusal"] = self._refusal.text
        kept = (name for name in self._reasoning_fields if calls or name != "reasoning_content")
        out |= {name: self._reasoning_fields[name].text for name in kept}
        out |= {name: details for name, one in self._details.items() if (details := one.replay())}
        if self._audio_id:
            out["audio"] = {"id": self._audio_id}
        return out | self._extras | calls

    def _add_reasoning(self, delta: dict[str, Any]) -> bool:
        shown = ""
        for name in _REASONING_TEXT:
            piece = delta.get(name)
            if isinstance(piece, str) and piece:
                self._reasoning_fields.setdefault(name, Joined()).add(piece)
                shown = shown or piece
            elif piece and name in _REASONING_TEXT[:2]:  # the others may be switches of a request that is repeated
                self._log.note(rules_words.FIELD_STRICT, field=name, found=repr(piece)[:60])
        for name, known in self._details.items():
            if isinstance(entries := delta.get(name), list):
                said = known.add(entries)
                shown = shown or said
                self.hidden_reasoning |= known.encrypted
        if shown:
            self._say(self._reasoning, shown)
        return bool(shown)

    def _say(self, where: Joined, piece: str) -> None:
        where.add(piece)
        if rule := self._repeats[where is self._reasoning].add(piece, self._place):
            self._log.note(rule, piece=ascii(piece[:40]))

    def repetitions(self) -> Iterator[Finding]:
        """The answer is over: what of it was sent more than once, each where that began."""
        for name, joined, repeats in zip(("text", "reasoning"), (self._visible, self._reasoning), self._repeats, strict=True):
            yield from repeats.findings(joined.text, name)

    def _add_content(self, content: Any) -> tuple[bool, bool]:
        """(was there text, was there thinking)."""
        if isinstance(content, str):
            if content:
                self._content.add_text(content)
                self._say(self._visible, content)
            self._lists.setdefault("content", True)  # lists behind a text are dropped, not joined
            return bool(content), False
        if not isinstance(content, list):
            if content is not None:
                self._log.note(rules_words.SHAPE_UNKNOWN, field="content", type=type(content).__name__)
            return False, False
        text, thinking = self._content.add_parts(content)
        if content:
            types = sorted({str(part.get("type")) for part in content if isinstance(part, dict)})
            self._log.note(rules_words.CONTENT_PARTS, variant="" if types else "no_objects", types=", ".join(types)[:200])
        for joined, piece in ((self._visible, text), (self._reasoning, thinking)):
            if piece:
                self._say(joined, piece)
        return bool(text), bool(thinking)

    def _add_refusal(self, refusal: Any) -> bool:
        if not isinstance(refusal, str) or not refusal:
            return False
        self._refusal.add(refusal)
        self._say(self._visible, refusal)
        return True

    def _add_calls(self, fragments: Any, whole: bool) -> bool:
        if not isinstance(fragments, list):
            if fragments:
                self._log.note(rules_words.SHAPE_UNKNOWN, field="tool_calls", type=type(fragments).__name__)
            return False
        if any(not isinstance(fragment, dict) for fragment in fragments):
            self._log.note(rules_words.SHAPE_UNKNOWN, variant="no_objects")
        brought = [self.calls.add(fragment, place if whole else None) for place, fragment in enumerate(fragments)]
        return any(brought)

    def _check_lists(self, delta: dict[str, Any]) -> None:
        """The Python helper joins lists by their entries' `index`, and raises at a second list that has none."""
        for key, value in delta.items():
            if not isinstance(value, list) or not value or key == "tool_calls":
                continue
            numbered = all(isinstance(one, dict) and type(one.get("index")) is int for one in value)
            if key in self._lists and not (self._lists[key] or numbered):
                self._log.note(rules_words.LIST_WITHOUT_INDEX, field=key[:40])
            self._lists.setdefault(key, not isinstance(value[0], dict))

    def _add_extras(self, delta: dict[str, Any]) -> None:
        audio = delta.get("audio")
        if isinstance(audio, dict) and isinstance(audio.get("id"), str):
            self._audio_id = audio["id"] or self._audio_id
        for key, value in delta.items():
            if key not in _NOT_EXTRA and value is not None:
                _merge_extra(self._extras, key, value)


class _Content:
    """`content` for the next request: text while only text came, else the list of parts."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, Joined, dict[str, Any]]] = []
        self._listed = False

    def add_text(self, piece: str) -> None:
        self._part("text").add(piece)

    def add_parts(self, parts: list[Any]) -> tuple[str, str]:
        """Take in a list of parts; its text and its thinking."""
        self._listed = True
        text, thinking = "", ""
        for part in parts:
            if not isinstance(part, dict):
                continue
            kind, said = _read_part(part)
            if kind == "other":
                self._parts.append((kind, Joined(), part))
                continue
            self._part(kind, {key: value for key, value in part.items() if key not in ("type", "text", "thinking")}).add(said)
            text += said if kind == "text" else ""
            thinking += said if kind == "thinking" else ""
        return text, thinking

    def replay(self) -> str | list[dict[str, Any]]:
        if not self._listed:
            return self._parts[0][1].text if self._parts else ""
        return [_write_part(*part) for part in self._parts]

    def _part(self, kind: str, extras: dict[str, Any] | None = None) -> Joined:
        """The text to write on: the last part where it is of this kind, else a new one."""
        if not self._parts or self._parts[-1][0] != kind:
            self._parts.append((kind, Joined(), {}))
        self._parts[-1][2].update(extras or {})
        return self._parts[-1][1]


def _read_part(part: dict[str, Any]) -> tuple[str, str]:
    """A content part as (text, thinking or other; its words). Mistral's thinking is a list of text parts."""
    match part:
        case {"type": "text" | "output_text", "text": str() as text}:
            return "text", text
        case {"type": "thinking", "thinking": str() as text}:
            return "thinking", text
        case {"type": "thinking", "thinking": list() as inner}:
            texts = (piece.get("text") for piece in inner if isinstance(piece, dict))
            return "thinking", "".join(text for text in texts if isinstance(text, str))
    return "other", ""


def _write_part(kind: str, words: Joined, extras: dict[str, Any]) -> dict[str, Any]:
    if kind == "other":
        return extras
    if kind == "text":
        return {"type": "text", "text": words.text} | extras
    return {"type": "thinking", "thinking": [{"type": "text", "text": words.text}]} | extras


class _Details:
    """`reasoning_details` (OpenRouter) or `thinking_blocks` (LiteLLM): entries that grow by fragments of the same index and
    type. LiteLLM's have no index: one is whole when its signature or its opaque data came.

    Attributes:
        encrypted: some reasoning came as opaque data.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[dict[str, Any], dict[str, Joined]]] = []
        self.encrypted = False

    def add(self, details: list[Any]) -> str:
        """Take in fragments; their readable words."""
        words = ""
        for fragment in details:
            if isinstance(fragment, dict):
                self.encrypted |= bool(fragment.get("data"))
                words += self._merge(fragment)
        return words

    def replay(self) -> list[dict[str, Any]]:
        return [fields | {key: said.text for key, said in words.items()} for fields, words in self._entries]

    def _merge(self, fragment: dict[str, Any]) -> str:
        if not self._entries or _is_another(self._entries[-1][0], fragment):
            self._entries.append(({}, {}))
        fields, words = self._entries[-1]
        said = {key: text for key in ("text", "summary", "thinking") if isinstance(text := fragment.get(key), str)}
        for key, text in said.items():
            words.setdefault(key, Joined()).add(text)
        fields.update(
            (key, value) for key, value in fragment.items() if key not in said and (value is not None or key not in fields)
        )
        return "".join(said.values())


def _is_another(entry: dict[str, Any], fragment: dict[str, Any]) -> bool:
    """Whether a fragment begins another entry than the last one."""
    if any(entry.get(key) != fragment.get(key) for key in ("index", "type")):
        return True
    return "index" not in fragment and bool(entry.get("signature") or entry.get("data"))


def _merge_extra(extras: dict[str, Any], key: str, value: Any) -> None:
    """One more value of an extra field: lists grow, objects take over what is new, of the rest the later counts."""
    before = extras.get(key)
    if isinstance(before, list) and isinstance(value, list):
        before += value
    elif isinstance(before, dict) and isinstance(value, dict):
        before.update(value)
    else:
        extras[key] = value.copy() if isinstance(value, list | dict) else value
