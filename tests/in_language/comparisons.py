"""Comparisons of tests: as they stand, else by what the words mean in English."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.in_language.notes import in_english, is_foreign, means, packed, read_folder, says_ours

ASKS = ("startswith", "endswith")
SEEKS = ("search", "match", "fullmatch")  # of `re`
LOOKS = (
    "index",
    "count",
    "find",
    "rfind",
    "split",
    "rsplit",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "replace",
)


by_meaning = True
"""Not in a test with the mark `english`: one that speaks several languages tells them apart."""


def compare(op: str, one: Any, other: Any) -> Any:
    """`one == other`, and the like; `op` is its name in Python's grammar."""
    plain, meant, is_alike = COMPARISONS[op]
    result = plain(one, other)
    if result is is_alike or not isinstance(result, bool) or not by_meaning:
        return result
    if _holds_foreign(one) or _holds_foreign(other):
        read_folder()
    return meant(one, other) is is_alike


def chain(ops: str, *values: Any) -> bool:
    """`a == b == c`, and the like."""
    return all(compare(op, *pair) for op, pair in zip(ops.split(), pairwise(values), strict=True))


def method(name: str, owner: Any, /, *args: Any, **options: Any) -> Any:
    """A call of a method of a text or a list that takes words."""
    words = args[0]
    if not by_meaning:
        return getattr(owner, name)(*args, **options)
    if isinstance(owner, str) and is_foreign(owner):
        if name in ASKS and not getattr(owner, name)(*args, **options):
            read_folder()
            some = words if isinstance(words, tuple) else (words,)
            return any(getattr(packed(owner, one), name)(packed(one, owner)) for one in some)
        if name in LOOKS and isinstance(words, str) and words not in owner and words in (english := in_english(owner, words)):
            return getattr(english, name)(*args, **options)
    if isinstance(owner, list) and name == "index" and words not in owner:
        places = [place for place, one in enumerate(owner) if _is_same(one, words)]
        return places[0] if places else owner.index(*args, **options)
    return getattr(owner, name)(*args, **options)


def item(owner: Any, name: Any) -> Any:
    """`owner[name]`."""
    if by_meaning and isinstance(owner, dict) and isinstance(name, str) and name not in owner:
        return owner[next((one for one in owner if _is_same(one, name)), name)]
    return owner[name]


def found(
    pattern: Any, text: Any, flags: Any = 0, *, by: Callable[..., re.Match[str] | None] = re.search
) -> re.Match[Any] | None:
    """`re.search(pattern, text, flags)`, or what else of `re` is meant `by`; bytes are what was sent, not what is said."""
    match = by(pattern, text, flags)
    if match is not None or not isinstance(text, str) or not by_meaning:
        return match
    words = pattern if isinstance(pattern, str) else pattern.pattern
    return by(pattern, in_english(text, words.replace("\\", "")), flags)


def _holds_foreign(value: object) -> bool:
    match value:
        case str():
            return is_foreign(value)
        case bytes():
            return not value.isascii() and is_foreign(value.decode(errors="replace"))
        case dict():
            return any(_holds_foreign(one) for pair in value.items() for one in pair)
        case list() | tuple() | set() | frozenset():
            return any(map(_holds_foreign, value))
        case _ if _fields(value):
            return any(map(_holds_foreign, _fields(value)))
    return False


def _fields(value: object) -> list[object]:
    """Those of a data class, [] of anything else."""
    kind: Any = type(value)
    names = getattr(kind, "__struct_fields__", ()) or getattr(kind, "__dataclass_fields__", ())
    return [getattr(value, name) for name in names]


def _is_same(one: object, other: object) -> bool:
    """Whether both are the same, or mean the same."""
    if isinstance(one, str) and isinstance(other, str):
        if one == other or means(one, other) or means(other, one):
            return True
        return (says_ours(one) or says_ours(other)) and packed(one, other) == packed(other, one)
    if type(one) is not type(other) and not (isinstance(one, tuple) and isinstance(other, tuple)):
        return bool(one == other)
    match one, other:
        case bytes(), bytes():
            return _is_same(one.decode(errors="replace"), other.decode(errors="replace"))
        case dict(), dict():
            return _is_same(list(one), list(other)) and _is_same(list(one.values()), list(other.values()))
        case (list() | tuple(), list() | tuple()):
            return len(one) == len(other) and all(map(_is_same, one, other))
        case (set() | frozenset(), set() | frozenset()):
            return len(one) == len(other) and all(_has(other, each) for each in one)
    fields = _fields(one)
    return bool(one == other) or (bool(fields) and _is_same(fields, _fields(other)))


def _has(owner: Any, one: Any) -> bool:
    if isinstance(owner, str):
        ours = says_ours(one) or says_ours(owner)
        return one in owner or (
            ours and (in_english(one, owner) in in_english(owner, one) or packed(one, owner) in packed(owner, one))
        )
    if isinstance(owner, bytes):
        return _has(owner.decode(errors="replace"), one.decode(errors="replace"))
    return any(_is_same(one, other) for other in owner)


def _is_within(some: Any, others: Any) -> bool:
    return isinstance(some, set | frozenset) and isinstance(others, set | frozenset) and all(_has(others, one) for one in some)


def _has_as_spaced(owner: Any, one: Any) -> bool:
    """What must not be there is looked for with its spaces and capitals: without them it may be in another word, or be one."""
    if isinstance(owner, str):
        return in_english(one, owner) in in_english(owner, one)
    if not isinstance(one, str):
        return _has(owner, one)
    said = [other for other in owner if isinstance(other, str)]
    return any(means(other, one) or in_english(other, one) == in_english(one, other) for other in said)


COMPARISONS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], bool], bool]] = {
    "Eq": (operator.eq, _is_same, True),
    "NotEq": (operator.ne, _is_same, False),
    "LtE": (operator.le, lambda one, others: _is_within(one, others), True),
    "In": (lambda one, owner: one in owner, lambda one, owner: _has(owner, one), True),
    "NotIn": (lambda one, owner: one not in owner, lambda one, owner: _has_as_spaced(owner, one), False),
}
"""As it is, by what is meant, and whether it says that both are alike."""
