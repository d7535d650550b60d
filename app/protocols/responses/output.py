"""The output of a Responses answer: its items, followed event by event and compared with the final response."""

from __future__ import annotations

from typing import Any

from app.protocols.findings import NOWHERE, Finding, FindingLog
from app.protocols.reading import Meaning
from app.protocols.responses import rules
from app.protocols.responses import rules_answer as answer
from app.protocols.responses.grammar import (
    ACCUMULATED,
    ITEM,
    ITEM_TYPES,
    MEANINGS,
    EventType,
    ItemInput,
    ItemState,
    Kind,
    PartInput,
    PartState,
)
from app.protocols.responses.items import (
    CALL_TYPES,
    Difference,
    Item,
    Json,
    Words,
    check_shape,
    identity_of,
    is_same_call,
    pair,
    shown,
    words_of,
    words_of_part,
)
from app.text.json_text import encode_json

_ONCE = "once"
_WATCHED = (Kind.TEXT, Kind.REFUSAL, Kind.SUMMARY, Kind.THOUGHT)
_INDEXED = {kind: "summary_index" if kind is Kind.SUMMARY else "content_index" for kind in _WATCHED}
_ANSWER_TYPES = ("message", "reasoning", *CALL_TYPES)


class Output:
    """The items of one answer.

    What is said later counts: the fragments, then `.done`, then `output_item.done`, then the final response; each is compared
    with what came before it. An empty whole never wipes out words that were streamed.

    Attributes:
        items: in the order in which they were met; after the final response, in its order.
        oddly_sent: fragments came in a form that the protocol does not have, which is told.
    """

    def __init__(self, log: FindingLog) -> None:
        self.items: list[Item] = []
        self.oddly_sent = False
        self._log = log
        self._note = log.note
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
                self._log.add_all(check_shape(sent, "added", self._log.place))
                item = self._new_item(len(self.items))
                item.open(sent)
                item.machine.take(ItemInput.ADDED)

    # -- events of an item --------------------------------------------------------------------------------------------

    def feed_item(self, meant: ItemInput, value: Json, event_type: str) -> Meaning:
        """`output_item.added` or `.done`."""
        sent = value.get("item")
        adding = meant is ItemInput.ADDED
        if sent is None and adding:
            return Meaning.NOTHING  # some endpoints send an empty announcement; the SDK's helper skips it too
        if not isinstance(sent, dict):
            self._note(rules.FIELD_WRONG, field="item", event_type=event_type)
            return Meaning.NOTHING
        self._log.add_all(check_shape(sent, "added" if adding else "done", self._log.place))
        item = self._item_at(value, event_type, sent.get("id"), adding=adding)
        _, rule = ITEM.step(item.machine.state, meant)
        if rule is not None:
            variant = "item" if rule is rules.DONE_TWICE else ""
            self._note(rule, variant=variant, item=item.label, index=item.index)
        elif adding and item.index != len(self.items) - 1:
            self._note(rules.INDEX_ORDER, index=item.index, expected=len(self.items) - 1)
        if rule is rules.INDEX_TWICE and sent.get("id") != item.id:
            item = self._new_item(item.index)  # the one before stays as it is
        kind = item.open(sent) if adding else self._close(item, sent)
        if kind is Kind.TEXT and not adding and item.announced and not self.oddly_sent:
            self._note(answer.TEXT_AT_ONCE, event_type=event_type)
        item.machine.take(meant)
        return MEANINGS[kind] if kind else Meaning.NOTHING

    def _close(self, item: Item, sent: Json) -> Kind | None:
        if change := item.identity_change(sent):
            self._log.add(Finding(rules.ITEM_CHANGED, change, *self._log.place))
        identity = identity_of(sent)
        if identity is not None and self._done_at.setdefault(identity, item.index) != item.index:
            self._note(rules.IDENTITY_TWICE, kind=shown(sent.get("type")), value=shown(sent.get("id")))
        if any(_shares_id(item, other, sent) for other in self.items):
            self._note(rules.ID_SHARED, key=_ONCE, value=shown(sent.get("id")))
        for words_kind, _, whole in words_of(sent):
            self._join_rising(item, words_kind, whole)
        kind, differences = item.take(sent)
        for one in differences:
            self._log.add(Finding(rules.ITEM_DIFFERS, one.fields, *self._log.place, one.variant))
        if any(_is_unclosed(key[0], words) for key, words in item.words.items()):
            self._note(rules.CLOSING_SKIPPED, variant="item", item=item.label)
        item.done = sent
        return kind

    def _item_at(self, value: Json, event_type: str, item_id: object, *, adding: bool = False) -> Item:
        """The item an event is about; a new one (state ABSENT) where there is none."""
        index = value.get("output_index")
        known = None if adding else self._named(item_id)
        if not isinstance(index, int) or isinstance(index, bool) or index < 0:
            self._note(rules.FIELD_WRONG, field="output_index", event_type=event_type)
            latest = None if adding or not self.items else self.items[-1]
            return known or latest or self._new_item(len(self.items))
        if known is not None and index not in self._at:
            self._note(rules.INDEX_WRONG, given=index, event_type=event_type, item=known.label, index=known.index)
            return known
        return self._at.get(index) or self._new_item(index)

    def _named(self, item_id: object) -> Item | None:
        return next((item for item in self.items if item_id and item.announced and item.id == item_id), None)

    def _new_item(self, index: int) -> Item:
        item = self._at[index] = Item(index)
        item.place = self._log.place
        self.items.append(item)
        return item

    # -- events of a part ---------------------------------------------------------------------------------------------

    def feed_part(self, about: EventType, meant: PartInput, value: Json, event_type: str) -> Meaning:
        """Whatever happens inside an item."""
        kind, words_sent = self._words_sent(about, value)
        item_id = value.get("item_id")
        item = self._item_at(value, event_type, item_id)
        closes = meant in (PartInput.WHOLE, PartInput.DONE) and item.has(words_sent)
        self._note(item.machine.take(ItemInput.CLOSING if closes else ItemInput.BODY), event_type=event_type)
        if not isinstance(item_id, str) or not item_id:
            self._note(rules.NO_ITEM_ID, event_type=event_type)
        if meant is PartInput.ADDED and about.kind is None:
            self._add_part(item, value)
        if kind is None:
            return Meaning.NOTHING  # a part of a kind that is not assembled
        self._check_place(item, kind, item_id, event_type)
        if meant in (PartInput.WHOLE, PartInput.DONE) and isinstance(words_sent, str):
            self._join_rising(item, kind, words_sent)
        place = self._place(about, value, kind, event_type)
        part = item.part(kind, item.rising.get(kind, place))
        if part.place == NOWHERE:
            part.place = self._log.place
        self._note(part.machine.take(meant), event_type=event_type)
        if not item.appendable and kind is Kind.ARGUMENTS and meant is PartInput.DELTA:
            self._note(rules.FIELD_WRONG, variant="announced")
            item.appendable = True
        item.changed = True
        return self._apply(meant, part, kind, words_sent, event_type)

    def _join_rising(self, item: Item, kind: Kind, whole: str) -> None:
        """Where each delta had an index of its own, the words are whole only together. That parts were missing is no news
        then.
        """
        if kind not in _INDEXED:
            return
        if joined := item.join_rising(kind, whole):
            events = {words.place.event for _, words in joined[1:]}
            self._log.withdraw((rules.PART_NOT_ADDED, rules.REASONING_PART_NOT_ADDED), events)
            rule = rules.INDEX_PER_DELTA if MEANINGS[kind] is Meaning.TEXT else rules.REASONING_INDEX_PER_DELTA
            place = joined[1][1].place
            self._note(rule, place=place, field=_INDEXED[kind], first=joined[0][0], last=joined[-1][0])

    def _add_part(self, item: Item, value: Json) -> None:
        """A content part was added: the SDK's helper appends it to the item's list."""
        place, part = value.get("content_index"), value.get("part")
        if isinstance(place, int) and place > item.parts and item.type == "message":
            self._note(rules.PART_ORDER, index=place, expected=item.parts)
        if isinstance(part, dict) and part.get("type") == "text":
            self._note(rules.FIELD_WRONG, variant="part")
        item.parts += 1

    def _words_sent(self, about: EventType, value: Json) -> tuple[Kind | None, object]:
        sent = value.get(about.words)
        if about.kind is Kind.ARGUMENTS and isinstance(sent, dict):
            self._note(answer.ARGUMENTS_OBJECT, name=str(value.get("item_id")))
            return about.kind, encode_json(sent).decode()
        if about.words != "part":
            return about.kind, sent
        if not isinstance(sent, dict):
            return about.kind or Kind.TEXT, None
        if about.input is PartInput.ADDED and sent.get("type") == "output_text" and not isinstance(sent.get("text"), str):
            return Kind.TEXT, sent.get("text")
        return words_of_part(sent) or (about.kind, "")

    def _place(self, about: EventType, value: Json, kind: Kind, event_type: str) -> int:
        if not about.place:
            return 0
        place = value.get(about.place)
        if isinstance(place, int) and not isinstance(place, bool):
            return place
        rule = rules.FIELD_WRONG if kind in ACCUMULATED else rules.FIELD_ODD
        self._note(rule, field=about.place, event_type=event_type)
        return 0

    def _check_place(self, item: Item, kind: Kind, item_id: object, event_type: str) -> None:
        if item.type is None:
            item.type = ITEM_TYPES[kind]
            item.id = item_id if isinstance(item_id, str) else None
        elif item.type != ITEM_TYPES[kind]:
            self._note(rules.WRONG_ITEM, event_type=event_type, kind=item.type)
        if isinstance(item_id, str) and item_id and item.id is not None and item_id != item.id:
            self._note(rules.ITEM_ID_WRONG, given=item_id, expected=item.id)

    def _apply(self, meant: PartInput, part: Words, kind: Kind, words: object, event_type: str) -> Meaning:
        if not isinstance(words, str):
            needed = kind in ACCUMULATED and meant in (PartInput.DELTA, PartInput.ADDED)
            self.oddly_sent |= meant is PartInput.DELTA
            rule = rules.FIELD_WRONG if needed else rules.FIELD_ODD
            self._note(rule, variant="words", event_type=event_type, value=shown(words))
            return Meaning.NOTHING
        match meant:
            case PartInput.ADDED:
                part.begin(words)
            case PartInput.DELTA:
                if kind in _WATCHED and words and (torn := part.repeats.add(words, self._log.place)):
                    self._note(torn, key=_ONCE, piece=ascii(words[:40]))
                if part.add(words):
                    self._note(rules.TEXT_BEFORE_DELTAS, event_type=event_type)
            case _:
                fresh = not part.text
                if differs := part.settle(words):
                    self._note(rules.DELTAS_DIFFER, event_type=event_type, **differs._asdict())
                words = words if fresh else ""
                if words and kind is Kind.TEXT and not self.oddly_sent:
                    self._note(answer.TEXT_AT_ONCE, event_type=event_type)
        return MEANINGS[kind] if words else Meaning.NOTHING

    # -- the end ------------------------------------------------------------------------------------------------------

    def check_finished(self, output: list[Any]) -> None:
        """Items that were begun and then neither done nor repeated in the `output` of response.completed."""
        self._unfinished = [item for item in self.items if item.is_unfinished(output)]
        for item in self._unfinished:
            self._note(rules.ITEM_UNFINISHED, item=item.label)

    def take_final(self, output: list[Any], *, streamed: bool) -> Meaning:
        """Items of a whole response; each is compared with the streamed one that it repeats."""
        pairs, lost = pair(self.ordered(), output)
        self.items = []
        first: Kind | None = None
        for sent, item in pairs:
            self._log.add_all(check_shape(sent, "end", self._log.place))
            if item is None and streamed:
                again = any(other.id is not None and other.id == sent.get("id") for other in self.items)
                kind, value = shown(sent.get("type")), shown(sent.get("id"))
                self._note(answer.ITEM_ONLY_AT_END, variant="again" if again else "", kind=kind, value=value)
            item = item or Item(0)
            first = self._compare(item, sent) or first
            self._append(item)
        if len(pairs) < len(output):
            self._note(rules.FIELD_WRONG, variant="entry")
        for item in lost:
            self._note(answer.ITEM_LOST_AT_END, item=item.label)
            self._append(item)
        return MEANINGS[first] if first else Meaning.NOTHING

    def _append(self, item: Item) -> None:
        item.index = len(self.items)
        self.items.append(item)

    def _compare(self, item: Item, sent: Json) -> Kind | None:
        item_id, call_id, name = item.id, item.call_id, item.name
        for words_kind, _, whole in words_of(sent):
            self._join_rising(item, words_kind, whole)
        kind, differences = item.take(sent)
        for what, said in (("call_id", call_id), ("name", name)):
            if sent.get("type") in CALL_TYPES and said not in (None, sent.get(what)):
                fields: dict[str, object] = {"field": what, "before": repr(said), "after": shown(sent.get(what))}
                differences.append(Difference("label", fields))
        if item_id not in (None, sent.get("id")):
            changed = is_same_call(item.type, call_id, item.call_id)
            rule = rules.ITEM_CHANGED if changed else rules.ITEM_ID_CHANGED_AT_END
            self._note(rule, field="id", before=repr(item_id), after=shown(sent.get("id")))
        for one in differences:
            self._log.add(Finding(answer.END_DIFFERS, one.fields, *self._log.place, one.variant))
        item.done = item.done or sent
        return kind

    def done_late(self, value: Json) -> None:
        """`output_item.done` came behind the end, which was told: its item's did come."""
        self._unfinished += [item for item in self.items if item.index == value.get("output_index")]

    def note_not_done(self) -> None:
        """Items of an answer that has ended, for which output_item.done never came."""
        for item in self.items:
            if item.machine.state is ItemState.OPEN and item.type in _ANSWER_TYPES and item not in self._unfinished:
                self._note(rules.ITEM_NOT_DONE, item=item.label)


def _shares_id(item: Item, other: Item, sent: Json) -> bool:
    """Whether an item has the id of another, which was done before, and both are calls with call_ids of their own."""
    same = other is not item and other.done is not None and other.id is not None and other.id == sent.get("id")
    return same and bool(other.call_id and sent.get("call_id")) and other.call_id != sent.get("call_id")


def _is_unclosed(kind: Kind, words: Words) -> bool:
    """The words were begun, and the event that closes them (the part's, where it has one) never came."""
    return words.machine.state is PartState.OPEN or (words.machine.state is PartState.WHOLE and ITEM_TYPES[kind] == "message")
