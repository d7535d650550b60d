"""The output items of a Responses answer, put together from fragments and from the wholes that repeat them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from app.protocols.any.repeats import Part, Repeats
from app.protocols.findings import NOWHERE, Finding, Place
from app.protocols.grammar import Machine
from app.protocols.reading import ToolCall, tool_call
from app.protocols.responses import rules
from app.protocols.responses import rules_answer as answer
from app.protocols.responses.grammar import ITEM, PARTS, ItemState, Kind
from app.protocols.shared.arguments import is_json, repeat_in
from app.protocols.shared.pieces import Pieces
from app.text.json_text import encode_json, mend_surrogates
from app.text.sentences import Phrase, message

_MIN_RISING = 2
CALL_TYPES = ("function_call", "custom_tool_call")
# The SDK's stream helper tells these apart by call_id alone, and all others by id as well.
_LABELS = ("type", "call_id", "id")
_ROUTED_TYPES = (*CALL_TYPES, "shell_call", "shell_call_output")
_VISIBLE = (Kind.TEXT, Kind.REFUSAL)
_THOUGHTS = (Kind.SUMMARY, Kind.THOUGHT)
_COMPARED = (*_VISIBLE, *_THOUGHTS, Kind.ARGUMENTS, Kind.INPUT)

Json = dict[str, Any]


class Words:
    """One run of words: what was sent ahead of the fragments, the fragments, and the whole that replaces them.

    Attributes:
        machine: where the part stands in the grammar of its kind.
        repeats: the watcher of its fragments.
        place: where it was met first.
    """

    def __init__(self, kind: Kind) -> None:
        self.machine = Machine(PARTS[kind])
        self._ahead = ""
        self._may_be_repeated = False  # no fragment has come since
        self._fragments = Pieces()
        self._whole = ""
        self.repeats = Repeats()
        self.place = NOWHERE

    @property
    def text(self) -> str:
        """The words so far."""
        return self._whole or self._ahead + self._fragments.text

    @property
    def lone_fragment(self) -> str:
        """The only thing that came for it, where that is one fragment; else ""."""
        return self._fragments.text if self._fragments.count == 1 and not (self._whole or self._ahead) else ""

    @property
    def few(self) -> list[str]:
        """The fragments as they came; none where there were many."""
        return self._fragments.few

    def begin(self, ahead: str) -> None:
        """Words that came with the announcement of the part."""
        if ahead and not self.text:
            self._ahead, self._may_be_repeated = ahead, True

    def add(self, fragment: str) -> bool:
        """Append a fragment; True where it begins to repeat what was sent ahead, which is then dropped."""
        repeats = False
        if self._may_be_repeated and fragment:
            self._may_be_repeated = False
            repeats = self._ahead.startswith(fragment) or fragment.startswith(self._ahead)
            if repeats:
                self._ahead = ""
        self._fragments.add(fragment)
        return repeats

    def settle(self, whole: str) -> Parting | None:
        """The whole was said. Returns where it parts from the words so far, None where it does not.

        An empty whole replaces nothing: the fragments were shown, and it is more likely that a relay forgot them.
        """
        before = self.text
        self._whole = whole or self._whole
        return parting(before, whole) if before and before != whole else None


class Parting(NamedTuple):
    """Where two texts part: behind how many characters, and a sample of each from there on."""

    at: int
    before: str
    after: str


def parting(before: str, after: str) -> Parting | None:
    """Where two texts part; None where only the way their characters were escaped differs."""
    before, after = mend_surrogates(before), mend_surrogates(after)
    if before == after:
        return None
    pairs = zip(before, after, strict=False)
    at = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))
    return Parting(at, repr(before[at : at + 24]), repr(after[at : at + 24]))


class Difference(NamedTuple):
    """What of an item is not as it was streamed: the variant of a rule's sentence, and its fields."""

    variant: str
    fields: dict[str, object]


class Item:
    """One output item.

    Attributes:
        index: its output_index.
        place: where it was met first; of one that was never streamed nowhere.
        type, id, call_id, name: as last said, None where they were not.
        machine: where it stands in the grammar.
        announced: it was added, or stood in response.created.
        appendable: the announcement had a text to which the SDK's helper can add the fragments of arguments.
        parts: how many content parts were added.
        words: by kind and by index inside the item.
        rising: by kind, the index of the words whose fragments had an index each.
        done: the item as `output_item.done` (or, without one, the final response) has it; None before.
        changed: there are words since `refresh`.
        text, reasoning, call: what the words add up to, as of `refresh`.
        summarised: of the reasoning only a summary was shown; refused: it has words of a refusal; both as of `refresh`.
    """

    def __init__(self, index: int, item_type: str | None = None, item_id: str | None = None) -> None:
        self.index = index
        self.place = NOWHERE
        self.type = item_type
        self.id = item_id
        self.call_id: str | None = None
        self.name: str | None = None
        self.machine = Machine(ITEM)
        self.announced = False
        self._told: dict[str, object] = {}  # its labels as they were announced; the SDK tells "" from none
        self.appendable = True
        self.parts = 0
        self.words: dict[tuple[Kind, int], Words] = {}
        self.rising: dict[Kind, int] = {}
        self.done: Json | None = None
        self.changed = True
        self.text = ""
        self.reasoning = ""
        self.summarised = self.refused = False
        self.call: ToolCall | None = None

    @property
    def label(self) -> str:
        """What a finding calls it."""
        which = str(self.id or self.call_id or self.index)
        return f"{self.type} {which}" if self.type else Phrase(message("item {which}"), which=which)

    def part(self, kind: Kind, place: int) -> Words:
        """The words of that kind at that index."""
        words = self.words.get((kind, place))
        if words is None:
            words = self.words[kind, place] = Words(kind)
        return words

    def has(self, whole: object) -> bool:
        """These words came already, or what was sent is none."""
        return not isinstance(whole, str) or not whole or any(words.text == whole for words in self.words.values())

    def join_rising(self, kind: Kind, whole: str) -> list[tuple[int, Words]]:
        """Words of one fragment each, at indexes in a row, that are the whole only together: they are joined at the first of
        them.

        Returns them all with their indexes, [] where there is nothing of the kind.
        """
        found = sorted((key[1], words) for key, words in self.words.items() if key[0] is kind and words.text)
        first = found[0][0] if found else 0
        in_row = [place for place, _ in found] == list(range(first, first + len(found)))
        pieces = [words.lone_fragment for _, words in found]
        if len(found) < _MIN_RISING or not in_row or not all(pieces) or "".join(pieces) != whole:
            return []
        for (place, _), piece in zip(found[1:], pieces[1:], strict=True):
            found[0][1].add(piece)
            del self.words[kind, place]
        self.rising[kind] = first
        self.changed = True
        return found

    def open(self, item: Json) -> Kind | None:
        """The item as it was announced. Returns the kind of the words that came along, None for none."""
        self.name_after(item)
        self.announced = True
        self._told = {name: item.get(name) for name in _LABELS}
        self.parts = len(content) if isinstance(content := item.get("content"), list) else 0
        self.appendable = item.get("type") != "function_call" or isinstance(item.get("arguments"), str)
        first = None
        for kind, place, text in words_of(item):
            self.part(kind, place).begin(text)
            first = first or (kind if text else None)
        self.changed = True
        return first

    def take(self, item: Json) -> tuple[Kind | None, list[Difference]]:
        """The item as a whole. Returns the kind of its first words that are new, and what differs from the words so far."""
        self.name_after(item)
        self.changed = True
        fresh: Kind | None = None
        differences: list[Difference] = []
        sent = {(kind, place): text for kind, place, text in words_of(item)}
        for (kind, place), text in sent.items():
            words = self.part(kind, place)
            if text and not words.text and not self._move(kind, text, sent):
                fresh = fresh or kind
            if differs := words.settle(text):
                differences.append(Difference("", {"kind": kind.value, "index": place, **differs._asdict()}))
        for (kind, place), words in self.words.items():
            if kind in _COMPARED and (kind, place) not in sent and words.text:
                differences.append(Difference("missing", {"kind": kind.value, "index": place}))
        return fresh, differences

    def _move(self, kind: Kind, text: str, sent: dict[tuple[Kind, int], str]) -> bool:
        """The same words may have been streamed at another index; they are dropped there, so that they count once.

        Not where the item as it was sent has them there, too.
        """
        held = [key for key, words in self.words.items() if key[0] is kind and words.text == text]
        same = [key for key in held if sent.get(key) != text]
        for key in same[:1]:
            del self.words[key]
        return bool(same)

    def name_after(self, item: Json) -> None:
        """Take over the labels of an item as it was sent."""
        self.type = _string(item.get("type")) or self.type
        self.id = _string(item.get("id")) or self.id
        self.call_id = _string(item.get("call_id")) or self.call_id
        self.name = _string(item.get("name")) or self.name

    def identity_change(self, item: Json) -> dict[str, object]:
        """The label by which the SDK's stream helper would take this for another item, before and after (PROTOCOLS 1C.8).

        {} where it would not.
        """
        if not self.announced:
            return {}
        for name, before in self._told.items():
            after = item.get(name)
            come_later = before is None and (name == "type" or (name == "id" and item.get("type") in CALL_TYPES))
            if before != after and not come_later:
                return {"field": name, "before": shown(before), "after": shown(after)}
        return {}

    def is_unfinished(self, output: list[Any]) -> bool:
        """Whether the SDK's helper misses this item at the end: it was begun, never done, and is not in the final output."""
        if self.machine.state is not ItemState.OPEN or not self.announced:
            return False
        own = (self.type, self.id, self.call_id)
        return not any(
            own == identity or (self.id is None and self.type in CALL_TYPES and (own[0], own[2]) == (identity[0], identity[2]))
            for identity in (_labels(sent) for sent in output if isinstance(sent, dict))
        )

    def refresh(self) -> None:
        """Bring `text`, `reasoning` and `call` up to date."""
        if not self.changed:
            return
        self.changed = False
        said, summary, whole = self._texts(*_VISIBLE), self._texts(Kind.SUMMARY), self._texts(Kind.THOUGHT)
        thoughts = summary + whole
        self.summarised = any(summary) and not any(whole)
        self.refused = any(self._texts(Kind.REFUSAL))
        if self.type == "reasoning":  # whatever its words are called
            said, thoughts = [], thoughts + said
        self.text = mend_surrogates("".join(said))
        self.reasoning = mend_surrogates("\n\n".join(filter(None, thoughts)))
        self.call = None  # an item that was a call can have become another kind
        if self.type == "function_call":
            text = mend_surrogates("".join(self._texts(Kind.ARGUMENTS)))
            self.call = tool_call(self.call_id or self.id or "", self.name or "", text)
        elif self.type == "custom_tool_call":
            text = mend_surrogates("".join(self._texts(Kind.INPUT)))
            self.call = ToolCall(self.call_id or self.id or "", self.name or "", text, kind="custom")

    def repetitions(self) -> Iterator[Finding]:
        """The answer is over: how the fragments of its words repeat one another."""
        for (kind, _), words in self.words.items():
            if kind in (*_VISIBLE, *_THOUGHTS):
                yield from words.repeats.findings(mend_surrogates(words.text), "text" if kind in _VISIBLE else "reasoning")

    def said(self) -> Part:
        """Its words, to be held against those of its neighbours."""
        kinds = {"message": "text", "reasoning": "reasoning"}
        return Part(kinds.get(self.type or "", ""), self.text or self.reasoning, self.place)

    def _texts(self, *kinds: Kind) -> list[str]:
        keys = [key for key in self.words if key[0] in kinds]
        return [self.words[key].text for key in sorted(keys, key=lambda key: key[1])]


def words_of(item: Json) -> Iterator[tuple[Kind, int, str]]:
    """The words in an item as it was sent; whatever has another shape is left out."""
    match item.get("type"):
        case "message":
            yield from _words_of_parts(item.get("content"), _VISIBLE)
        case "reasoning":
            yield from _words_of_parts(item.get("summary"), (Kind.SUMMARY,))
            yield from _words_of_parts(item.get("content"), (Kind.THOUGHT,))
        case "function_call":
            arguments = item.get("arguments")
            if isinstance(arguments, dict):
                yield Kind.ARGUMENTS, 0, encode_json(arguments).decode()
            elif isinstance(arguments, str):
                yield Kind.ARGUMENTS, 0, arguments
        case "custom_tool_call" if isinstance(item.get("input"), str):
            yield Kind.INPUT, 0, item["input"]


def _words_of_parts(parts: object, kinds: tuple[Kind, ...]) -> Iterator[tuple[Kind, int, str]]:
    if isinstance(parts, str):
        yield kinds[0], 0, parts
    elif isinstance(parts, list):
        for place, part in enumerate(parts):
            if (read := words_of_part(part)) and read[0] in kinds:
                yield read[0], place, read[1]


def words_of_part(part: object) -> tuple[Kind, str] | None:
    """The kind and the words of a content part; None for one of another kind (audio, images)."""
    match part:
        case {"type": "output_text" | "summary_text" | "reasoning_text" as kind, "text": str() as text}:
            return Kind(kind), text
        case {"type": "refusal", "refusal": str() as text}:
            return Kind.REFUSAL, text
        case {"type": "text", "text": str() as text}:  # Chat's and Messages' name for it
            return Kind.TEXT, text
    return None


def check_shape(item: Json, when: Literal["added", "done", "end"], place: Place) -> Iterator[Finding]:
    """What is wrong with the shape of an item: as it was added, as it was done, or in the final response."""
    item_type = item.get("type")
    if not isinstance(item_type, str) or not item_type:
        rule = rules.FIELD_ODD if when == "end" and (item_type is None or place == NOWHERE) else rules.FIELD_WRONG
        yield Finding.of(rule, place, variant="item", value=shown(item_type))
    for name in ("id", "call_id"):
        if isinstance(item.get(name), str | None):
            continue
        if place == NOWHERE:  # of a whole answer the SDKs hand out what stands there; a call without a call_id is told as that
            yield Finding.of(rules.FIELD_STRICT, place, field=name, found=shown(item[name]))
        else:
            fields = {"field": name, "event_type": shown(item_type), "value": shown(item[name])}
            yield Finding.of(rules.FIELD_WRONG, place, variant="value", **fields)
    if when != "end" and item_type not in CALL_TYPES and not item.get("id"):
        yield Finding.of(rules.NO_ITEM_ID, place, variant=when, kind=shown(item_type))
    match item:
        case {"type": "message", "content": [*parts]}:
            if when == "end":
                yield from _check_parts(parts, place)
        case {"type": "message"} if when != "done":
            yield Finding.of(answer.CONTENT_SHAPE, place)
        case {"type": "message", "content": _}:
            yield Finding.of(answer.DONE_CONTENT_SHAPE, place)
        case {"type": "function_call", "arguments": dict() | list()}:
            yield Finding.of(answer.ARGUMENTS_OBJECT, place, name=str(item.get("name")))


def _check_parts(parts: list[Any], place: Place) -> Iterator[Finding]:
    for part in parts:
        if not isinstance(part, dict):
            yield Finding.of(rules.FIELD_WRONG, place, variant="content", value=shown(part))
        elif part.get("type") == "text":
            yield Finding.of(answer.PART_TYPE, place)
        elif part.get("type") == "output_text":
            if not isinstance(part.get("text"), str | None):
                yield Finding.of(rules.FIELD_WRONG, place, variant="text", value=shown(part["text"]))
            if place == NOWHERE and not isinstance(noted := part.get("annotations"), list):  # of a stream nobody checks it
                variant = "" if "annotations" in part else "absent"
                yield Finding.of(rules.FIELD_STRICT, place, variant=variant, field="annotations", found=shown(noted))


def shown(value: object) -> str:
    """A scalar as it is; of anything larger the kind alone."""
    if isinstance(value, dict | list):
        return Phrase(message("an object") if isinstance(value, dict) else message("a list"))
    return repr(value)[:60]


def identity_of(item: Json) -> tuple[str | None, ...] | None:
    """What the SDK's stream helper tells items apart by; None for calls with a call_id, which are looked at as calls."""
    item_type, item_id, call_id = _labels(item)
    if item_type in _ROUTED_TYPES:
        return None if call_id else (item_type, None, None)
    return item_type, item_id, call_id


def _labels(item: Json) -> tuple[str | None, str | None, str | None]:
    return _string(item.get("type")), _string(item.get("id")), _string(item.get("call_id"))


def is_same_call(item_type: str | None, before: str | None, after: str | None) -> bool:
    """Whether two items are one and the same call to the SDK's stream helper, whatever their ids."""
    return item_type in _ROUTED_TYPES and before == after


def pair(streamed: list[Item], output: list[Any]) -> tuple[list[tuple[Json, Item | None]], list[Item]]:
    """Find for each item of a final response the streamed one it repeats: by id, by call_id, else the next of its type.

    Returns the pairs (None: never streamed) and the streamed items that are left over.
    """
    waiting = list(streamed)
    sent = [item for item in output if isinstance(item, dict)]
    matches: dict[int, Item] = {}
    for name in ("id", "call_id", "type"):
        for place, item in enumerate(sent):
            match = None if place in matches else _first(waiting, item, name)
            if match is not None:
                waiting.remove(match)
                matches[place] = match
    return [(item, matches.get(place)) for place, item in enumerate(sent)], waiting


def _first(items: list[Item], sent: Json, name: str) -> Item | None:
    value = _string(sent.get(name))
    return next((item for item in items if value is not None and getattr(item, name) == value), None)


def check_calls(items: list[Item], *, whole: bool) -> Iterator[Finding]:
    """What is wrong with the calls. Arguments are judged where the answer is `whole`: not cut off."""
    seen = set()
    for item in items:
        if item.call is None or item.done is None:
            continue
        name = item.name or item.label
        if item.call_id is None:
            yield Finding.of(answer.CALL_ID_MISSING, name=name)
        elif item.call_id in seen:
            yield Finding.of(answer.CALL_ID_TWICE, call_id=item.call_id)
        seen.add(item.call_id)
        if item.name is None:
            yield Finding.of(answer.CALL_NAMELESS, item=item.label)
        if whole and item.type == "function_call" and not item.call.parsed:
            if how := repeat_in(item.call.arguments_text, item.part(Kind.ARGUMENTS, 0).few):
                yield Finding.of(answer.ARGUMENTS_INVALID, variant="repeated", name=name, how=how)
            else:
                yield Finding.of(answer.ARGUMENTS_INVALID, name=name)
        elif whole and item.type == "function_call" and not item.call.arguments_text.strip():
            yield Finding.of(answer.ARGUMENTS_EMPTY, name=name)
        elif whole and item.type == "function_call" and isinstance(inner := item.call.arguments, str) and is_json(inner):
            yield Finding.of(answer.ARGUMENTS_ENCODED_TWICE, name=name)
        elif whole and item.type == "function_call" and not isinstance(item.call.arguments, dict):
            yield Finding.of(answer.ARGUMENTS_NO_OBJECT, name=name)


def _string(value: object) -> str | None:
    return mend_surrogates(value) if isinstance(value, str) and value else None
