"""The conversation: each thing that was said is looked for in what arrived, by what it says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import msgspec

from app.mirror.request import TEXT_DATA, Asked, Part, Role, What
from app.mirror.row import Difference, Kind, about
from app.mirror.translations import PARTS, changed_member
from app.protocols.ids import CHAT
from app.text.sentences import message

_LOST = {
    What.TEXT: "text_dropped",
    What.IMAGE: "image_dropped",
    What.DOCUMENT: "document_dropped",
    What.CALL: "call_dropped",
    What.RESULT: "result_dropped",
    What.THINKING: "thinking_dropped",
}
_PART = message(
    "{role:select system=system|user=user|assistant=assistant|tool=tool} "
    "{what:select text=text|image=image|document=document|call=tool call|result=tool result|thinking=thinking}"
)
_MEMBER = message(
    "{member} of the {what:select text=text|image=image|document=document|call=tool call|result=tool result|thinking=thinking}"
)
_FOREIGN = ("signature", "encrypted_content")


class _Found(msgspec.Struct, frozen=True):
    """Where a part arrived: in which one, at which place of its words, and how much it is the same."""

    part: Part
    index: int
    offset: int
    how: str  # "whole", "within" (other text of the same kind), "words" (no longer its kind), "instead" (another value)


def compare_parts(sent: Asked, arrived: Asked) -> Iterator[Difference]:
    """What became of each part, and what nobody said."""
    finder = _Finder(arrived)
    places: list[tuple[Part, _Found | None]] = []
    for part in sent.parts:  # what is there whole is found first, so that nothing else takes its place
        places.append((part, finder.whole(part)))
    places = [(part, found or finder.elsewhere(part)) for part, found in places]
    places = [(part, found or finder.instead(part)) for part, found in places]
    moved = _moved([(part, found) for part, found in places if found is not None])
    for part, found in places:
        if found is None:
            yield _lost(part, sent, arrived)
        else:
            yield _told(part, found, sent, arrived, moved=id(part) in moved)
            yield from _members(part, found, sent, arrived)
    yield from _unanswered([(part, found) for part, found in places if found is not None], sent, arrived)
    for part in finder.left():
        reason = "words_invented" if part.what is What.TEXT else "part_invented"
        yield _row(None, part, Kind.INVENTED, reason, sent, arrived, loud=True)


class _Finder:
    """Finds parts in a request that arrived; each of its parts stands for one that was sent, a text for several."""

    def __init__(self, arrived: Asked) -> None:
        self._parts = arrived.parts
        self._taken: set[int] = set()  # whole
        self._touched: set[int] = set()  # some of it was sent

    def whole(self, part: Part) -> _Found | None:
        fitting = [
            (index, one)
            for index, one in enumerate(self._parts)
            if index not in self._taken and one.what is part.what and one.value == part.value
        ]
        fitting.sort(key=lambda pair: (pair[1].role is not part.role, pair[1].key != part.key, pair[0]))
        return self._take(*fitting[0], 0, "whole") if fitting else None

    def elsewhere(self, part: Part) -> _Found | None:
        """Its words within others'."""
        words = part.words
        if len(words.strip()) < 2:
            return None
        within = [
            (index, one, one.value.find(words))
            for index, one in enumerate(self._parts)
            if isinstance(one.value, str) and one.value.find(words) >= 0
        ]
        within.sort(key=lambda row: (row[1].what is not part.what, row[1].role is not part.role, row[0]))
        if not within:
            return None
        index, one, offset = within[0]
        return self._take(index, one, offset, "within" if one.what is part.what else "words")

    def instead(self, part: Part) -> _Found | None:
        """The only one of its kind and role that nothing else was found in: it stands in its place."""
        fitting = [
            (index, one)
            for index, one in enumerate(self._parts)
            if index not in self._touched
            and one.what is part.what
            and (not part.key or not one.key or part.key == one.key or part.what is What.THINKING)
            and (one.role is part.role or part.what is not What.TEXT)
        ]
        return self._take(*fitting[0], 0, "instead") if fitting else None

    def left(self) -> list[Part]:
        """Those that nobody sent; empty texts are none."""
        untouched = [one for index, one in enumerate(self._parts) if index not in self._touched]
        return [one for one in untouched if one.what is not What.TEXT or (one.value not in ("", None))]

    def _take(self, index: int, part: Part, offset: int, how: str) -> _Found:
        self._touched.add(index)
        if how in ("whole", "instead"):
            self._taken.add(index)
        return _Found(part, index, offset, how)


def _moved(places: list[tuple[Part, _Found]]) -> set[int]:
    """Those that stand out of order: all that are in no longest run of rising places. The system's words stand anywhere."""
    rows = [(part, (found.index, found.offset)) for part, found in places if part.role is not Role.SYSTEM]
    ends: list[tuple[int, int]] = []  # the least place with which a run of each length ends
    lasts: list[int] = []  # whose place that is
    before: list[int | None] = []
    for number, (_, place) in enumerate(rows):
        length = bisect_right(ends, place)
        ends[length : length + 1], lasts[length : length + 1] = [place], [number]
        before.append(lasts[length - 1] if length else None)
    kept: set[int] = set()
    at = lasts[-1] if lasts else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return {id(part) for number, (part, _) in enumerate(rows) if number not in kept}


def _lost(part: Part, sent: Asked, arrived: Asked) -> Difference:
    why = PARTS.get((sent.protocol, arrived.protocol), {}).get(part.what)
    return _row(part, None, Kind.DROPPED, why or _LOST[part.what], sent, arrived, loud=why is None)


def _told(part: Part, found: _Found, sent: Asked, arrived: Asked, *, moved: bool) -> Difference:
    other = found.part
    if found.how == "instead":
        if other.value in ("", None) or str(other.value).endswith(";base64,"):
            return _row(part, other, Kind.CHANGED, "emptied", sent, arrived, loud=part.what is not What.THINKING)
        reason = "arguments_changed" if part.what is What.CALL else "value_changed"
        return _row(part, other, Kind.CHANGED, reason, sent, arrived, loud=True)
    if found.how == "words":
        if other.what in (What.IMAGE, What.DOCUMENT):
            return _row(part, other, Kind.CHANGED, "other_kind", sent, arrived, loud=True)
        if part.what is What.DOCUMENT and str(part.value).startswith(TEXT_DATA) and sent.protocol != arrived.protocol:
            return _row(part, other, Kind.RENAMED, "document_as_words", sent, arrived)
        return _row(part, other, Kind.CHANGED, "as_words", sent, arrived, loud=True)
    if other.role is not part.role:
        if part.role is Role.TOOL and part.what is not What.RESULT:
            loud = arrived.protocol != CHAT  # whose tool messages hold text alone
            return _row(part, other, Kind.CHANGED, "out_of_result", sent, arrived, loud=loud)
        return _row(part, other, Kind.CHANGED, "other_role", sent, arrived, loud=True)
    if moved:
        return _row(part, other, Kind.CHANGED, "moved", sent, arrived, loud=True)
    if found.how == "within":
        return _row(part, other, Kind.RENAMED, "joined", sent, arrived)
    if part.what is What.THINKING and sent.protocol != arrived.protocol and arrived.protocol == CHAT:
        return _row(part, other, Kind.RENAMED, "thinking_field", sent, arrived)
    same = part.path == other.path
    return _row(part, other, Kind.KEPT if same else Kind.RENAMED, "same" if same else "same_elsewhere", sent, arrived)


def _members(part: Part, found: _Found, sent: Asked, arrived: Asked) -> Iterator[Difference]:
    """What else belongs to the part."""
    there, same = found.part.more, sent.protocol == arrived.protocol
    names = about(sent.protocol, arrived.protocol)
    if not same and part.what is What.THINKING:
        for name in _FOREIGN:
            if there.get(name) and arrived.protocol != CHAT:  # no server of Chat Completions verifies one
                yield Difference(
                    path=part.path,
                    what=f"{name} of the thinking",
                    named=_MEMBER,
                    kind=Kind.CHANGED,
                    reason="foreign_signature",
                    arrived_path=f"{found.part.path}.{name}",
                    sent=part.more.get("signature") or part.more.get("encrypted_content"),
                    arrived=there[name],
                    loud=True,
                    fields=names | {"member": name, "what": "thinking"},
                )
        return
    for name, value in part.more.items():
        arrived_value = there.get(name)
        if arrived_value == value:
            yield _member(name, part, found.part, Kind.KEPT, "same", arrived_value, names)
            continue
        if value in (False, "", "auto") and arrived_value is None:
            continue
        kind, reason, loud = changed_member(sent.protocol, arrived.protocol, name, arrived_value)
        yield _member(name, part, found.part, kind, reason, arrived_value, names, loud=loud)
    if same and found.how == "whole":
        for name, value in there.items():
            if name not in part.more and value not in (False, "", "auto", []):
                yield _member(name, part, found.part, Kind.INVENTED, "invented", value, names, loud=True)


def _member(
    name: str,
    part: Part,
    other: Part,
    kind: Kind,
    reason: str,
    arrived: object,
    fields: dict[str, object],
    *,
    loud: bool = False,
) -> Difference:
    return Difference(
        path=f"{part.path}.{name}",
        what=f"{name} of the {part.what}",
        named=_MEMBER,
        kind=kind,
        reason=reason,
        arrived_path=f"{other.path}.{name}" if arrived is not None else "",
        sent=part.more.get(name),
        arrived=arrived,
        loud=loud,
        fields=fields | {"member": name, "what": part.what.name.lower()},
    )


def _unanswered(places: list[tuple[Part, _Found]], sent: Asked, arrived: Asked) -> Iterator[Difference]:
    """Results whose call arrived under an id that they do not name."""
    ids = {part.key: found.part.key for part, found in places if part.what is What.CALL and found.part.what is What.CALL}
    for part, found in places:
        if part.what is What.RESULT and found.part.what is What.RESULT and ids.get(part.key, found.part.key) != found.part.key:
            yield _row(part, found.part, Kind.CHANGED, "call_unanswered", sent, arrived, loud=True)


def _row(
    part: Part | None, found: Part | None, kind: Kind, reason: str, sent: Asked, arrived: Asked, *, loud: bool = False
) -> Difference:
    here = part or found
    assert here is not None
    fields = about(sent.protocol, arrived.protocol) | {
        "what": here.what.name.lower(),
        "role": str(here.role),
        "arrived_what": found.what.name.lower() if found is not None else "",
        "sent_role": str(part.role) if part is not None else "",
        "arrived_role": str(found.role) if found is not None else "",
    }
    return Difference(
        path=here.path,
        what=f"{here.role} {here.what}" if here.what is not What.RESULT else str(here.what),
        named=_PART if here.what is not What.RESULT else message("tool result"),
        kind=kind,
        reason=reason,
        arrived_path=found.path if found is not None else "",
        sent=part.value if part is not None else None,
        arrived=found.value if found is not None else None,
        loud=loud,
        fields=fields,
    )
