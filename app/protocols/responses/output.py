"""The output of a Responses answer: its items, followed event by event and compared with the final response."""

from __future__ import annotations

from typing import Any

from app.protocols.reading import Meaning
from app.protocols.responses import rules as found
from app.protocols.responses import rules_answer as answer
from app.protocols.responses.grammar import (
    ACCUMULATED,
    ITEM,
    ITEM_TYPES,
    MEANINGS,
    PARTS,
    EventType,
    Kind,
    Signal,
    Stage,
)
from app.protocols.responses.items import (
    CALL_TYPES,
    Item,
    Json,
    Words,
    identity_of,
    is_same_call,
    pair,
    shape_faults,
    words_of_part,
)
from app.protocols.responses.notes import Notes, shown
from app.text.json_text import encode_json

_ANSWER_TYPES = ("message", "reasoning", *CALL_TYPES)


class Output:
    """The items of one answer.

    What is said later counts: the fragments, then `.done`, then `output_item.done`, then the final response; each is compared
    with what came before it. An empty whole never wipes out words that were streamed.

    Attributes:
        items: in the order in which they were met; after the final response, in its order.
    """

    def __init__(self, notes: Notes) -> None:
        self.items: list[Item] = []
        self._notes = notes
        self._at: dict[int, Item] = {}  # by output_index, the latest one added there
        self._done_at: dict[tuple[str | None, ...], int] = {}  # by what the SDK's helper tells items apart by
        self._unfinished: list[Item] = []

    def ordered(self) -> list[Item]:
        """The items by their index."""
        return sorted(self.items, key=lambda item: item.index)

    def begin(self, output: object) -> None:
        """Items that stand in response.created already: the SDK's helper takes them for added."""
        for sent in output if isinstance(output, list) else []:
            if isinstance(sent, dict):
                self._notes.note_all(shape_faults(sent, Signal.ADDED))
                item = self._new_item(len(self.items))
                item.open(sent)
                item.stage = Stage.OPEN

    # -- events of an item --------------------------------------------------------------------------------------------

    def feed_item(self, rule: EventType, value: Json, event_type: str) -> Meaning:
        """`output_item.added` or `.done`."""
        sent = value.get("item")
        adding = rule.signal is Signal.ADDED
        if sent is None and adding:
            return Meaning.NOTHING  # some endpoints send an empty announcement; the SDK's helper skips it too
        if not isinstance(sent, dict):
            self._notes.note(found.FIELD_WRONG, f"`item` of {event_type}")
            return Meaning.NOTHING
        self._notes.note_all(shape_faults(sent, rule.signal))
        item = self._item_at(value, event_type, sent.get("id"), adding=adding)
        stage, deviation = ITEM[item.stage, rule.signal]
        if deviation is not None:
            self._notes.note(deviation, f"{item.label} at {item.index}")
        elif adding and item.index != len(self.items) - 1:
            self._notes.note(found.INDEX_ORDER, f"{item.index} came where {len(self.items) - 1} was due")
        if deviation is found.INDEX_TWICE and sent.get("id") != item.id:
            item = self._new_item(item.index)
        kind = item.open(sent) if adding else self._close(item, sent)
        item.stage = stage
        return MEANINGS[kind] if kind else Meaning.NOTHING

    def _close(self, item: Item, sent: Json) -> Kind | None:
        if change := item.identity_change(sent):
            self._notes.note(found.ITEM_CHANGED, change)
        identity = identity_of(sent)
        if identity is not None and self._done_at.setdefault(identity, item.index) != item.index:
            self._notes.note(found.IDENTITY_TWICE, f"{shown(sent.get('type'))} with id {shown(sent.get('id'))}")
        kind, differences = item.take(sent)
        for text in differences:
            self._notes.note(found.ITEM_DIFFERS, text)
        if any(_is_unclosed(key[0], words) for key, words in item.words.items()):
            self._notes.note(found.CLOSING_SKIPPED, f"output_item.done of {item.label}")
        item.done = sent
        return kind

    def _item_at(self, value: Json, event_type: str, item_id: object, *, adding: bool = False) -> Item:
        """The item an event is about; a new one (stage ABSENT) where there is none."""
        index = value.get("output_index")
        known = None if adding else self._named(item_id)
        if not isinstance(index, int) or isinstance(index, bool) or index < 0:
            self._notes.note(found.FIELD_WRONG, f"`output_index` of {event_type}")
            latest = None if adding or not self.items else self.items[-1]
            return known or latest or self._new_item(len(self.items))
        if known is not None and index not in self._at:
            self._notes.note(found.INDEX_WRONG, f"{index} of {event_type}, {known.label} is at {known.index}")
            return known
        return self._at.get(index) or self._new_item(index)

    def _named(self, item_id: object) -> Item | None:
        return next((item for item in self.items if item_id and item.announced and item.id == item_id), None)

    def _new_item(self, index: int) -> Item:
        item = self._at[index] = Item(index)
        self.items.append(item)
        return item

    # -- events of a part ---------------------------------------------------------------------------------------------

    def feed_part(self, rule: EventType, value: Json, event_type: str) -> Meaning:
        """Whatever happens inside an item."""
        kind, words_sent = self._words_sent(rule, value)
        item_id = value.get("item_id")
        item = self._item_at(value, event_type, item_id)
        item.stage, deviation = ITEM[item.stage, Signal.BODY]
        if deviation is not None:
            self._notes.note(deviation, event_type)
        if not isinstance(item_id, str) or not item_id:
            self._notes.note(found.NO_ITEM_ID, event_type)
        if rule.signal is Signal.ADDED and rule.kind is None:
            self._add_part(item, value)
        if kind is None:
            return Meaning.NOTHING  # a part of a kind that is not assembled
        self._check_place(item, kind, item_id, event_type)
        part = item.part(kind, self._place(rule, value, kind, event_type))
        part.stage, deviation = PARTS[kind][part.stage, rule.signal]
        if deviation is not None:
            self._notes.note(deviation, event_type)
        if not item.appendable and kind is Kind.ARGUMENTS and rule.signal is Signal.DELTA:
            self._notes.note(found.FIELD_WRONG, "`arguments` of the item that was added")
            item.appendable = True
        item.changed = True
        return self._apply(rule, part, kind, words_sent, event_type)

    def _add_part(self, item: Item, value: Json) -> None:
        """A content part was added: the SDK's helper appends it to the item's list."""
        place, part = value.get("content_index"), value.get("part")
        if isinstance(place, int) and place > item.parts and item.type == "message":
            self._notes.note(found.PART_ORDER, f"{place} came where {item.parts} was due")
        if isinstance(part, dict) and part.get("type") == "text":
            self._notes.note(found.FIELD_WRONG, "`type` of the part is 'text' in response.content_part.added")
        item.parts += 1

    def _words_sent(self, rule: EventType, value: Json) -> tuple[Kind | None, object]:
        sent = value.get(rule.words)
        if rule.kind is Kind.ARGUMENTS and isinstance(sent, dict):
            self._notes.note(answer.ARGUMENTS_OBJECT, str(value.get("item_id")))
            return rule.kind, encode_json(sent).decode()
        if rule.words != "part":
            return rule.kind, sent
        if not isinstance(sent, dict):
            return rule.kind or Kind.TEXT, None
        if rule.signal is Signal.ADDED and sent.get("type") == "output_text" and not isinstance(sent.get("text"), str):
            return Kind.TEXT, sent.get("text")
        return words_of_part(sent) or (rule.kind, "")

    def _place(self, rule: EventType, value: Json, kind: Kind, event_type: str) -> int:
        if not rule.place:
            return 0
        place = value.get(rule.place)
        if isinstance(place, int) and not isinstance(place, bool):
            return place
        self._notes.note(found.FIELD_WRONG if kind in ACCUMULATED else found.FIELD_ODD, f"`{rule.place}` of {event_type}")
        return 0

    def _check_place(self, item: Item, kind: Kind, item_id: object, event_type: str) -> None:
        if item.type is None:
            item.type = ITEM_TYPES[kind]
            item.id = item_id if isinstance(item_id, str) else None
        elif item.type != ITEM_TYPES[kind]:
            self._notes.note(found.WRONG_ITEM, f"{event_type} for an item of type {item.type}")
        if isinstance(item_id, str) and item_id and item.id is not None and item_id != item.id:
            self._notes.note(found.ITEM_ID_WRONG, f"{item_id} in place of {item.id}")

    def _apply(self, rule: EventType, part: Words, kind: Kind, words: object, event_type: str) -> Meaning:
        if not isinstance(words, str):
            needed = kind in ACCUMULATED and rule.signal in (Signal.DELTA, Signal.ADDED)
            deviation = found.FIELD_WRONG if needed else found.FIELD_ODD
            self._notes.note(deviation, f"the words of {event_type} are {shown(words)}")
            return Meaning.NOTHING
        match rule.signal:
            case Signal.ADDED:
                part.begin(words)
            case Signal.DELTA:
                if part.add(words):
                    self._notes.note(found.TEXT_BEFORE_DELTAS, event_type)
            case _:
                fresh = not part.text
                if differs := part.settle(words):
                    self._notes.note(found.DELTAS_DIFFER, f"{event_type}: {differs}")
                words = words if fresh else ""
        return MEANINGS[kind] if words else Meaning.NOTHING

    # -- the end ------------------------------------------------------------------------------------------------------

    def check_finished(self, output: list[Any]) -> None:
        """Items that were begun and then neither done nor repeated in the `output` of response.completed."""
        self._unfinished = [item for item in self.items if item.is_unfinished(output)]
        for item in self._unfinished:
            self._notes.note(found.ITEM_UNFINISHED, item.label)

    def take_final(self, output: list[Any], *, streamed: bool) -> Meaning:
        """Items of a whole response; each is compared with the streamed one that it repeats."""
        pairs, lost = pair(self.ordered(), output)
        self.items = []
        first: Kind | None = None
        for sent, item in pairs:
            self._notes.note_all(shape_faults(sent, Signal.END))
            if item is None and streamed:
                self._notes.note(answer.ITEM_ONLY_AT_END, f"{shown(sent.get('type'))} {shown(sent.get('id'))}")
            item = item or Item(0)
            first = self._compare(item, sent) or first
            self._append(item)
        if len(pairs) < len(output):
            self._notes.note(found.FIELD_WRONG, "`output` holds what is no object")
        for item in lost:
            self._notes.note(answer.ITEM_LOST_AT_END, item.label)
            self._append(item)
        return MEANINGS[first] if first else Meaning.NOTHING

    def _append(self, item: Item) -> None:
        item.index = len(self.items)
        self.items.append(item)

    def _compare(self, item: Item, sent: Json) -> Kind | None:
        item_id, call_id, name = item.id, item.call_id, item.name
        kind, differences = item.take(sent)
        for what, said in (("call_id", call_id), ("name", name)):
            if sent.get("type") in CALL_TYPES and said not in (None, sent.get(what)):
                differences.append(f"{what} {said!r} became {shown(sent.get(what))}")
        if item_id not in (None, sent.get("id")):
            changed = is_same_call(item.type, call_id, item.call_id)
            deviation = found.ITEM_CHANGED if changed else found.ITEM_ID_CHANGED_AT_END
            self._notes.note(deviation, f"id {item_id!r} became {shown(sent.get('id'))}")
        for text in differences:
            self._notes.note(answer.END_DIFFERS, text)
        item.done = item.done or sent
        return kind

    def note_not_done(self) -> None:
        """Items of an answer that has ended, for which output_item.done never came."""
        for item in self.items:
            if item.stage is Stage.OPEN and item.type in _ANSWER_TYPES and item not in self._unfinished:
                self._notes.note(found.ITEM_NOT_DONE, item.label)


def _is_unclosed(kind: Kind, words: Words) -> bool:
    """The words were begun, and the event that closes them (the part's, where it has one) never came."""
    return words.stage is Stage.OPEN or (words.stage is Stage.WHOLE and ITEM_TYPES[kind] == "message")
