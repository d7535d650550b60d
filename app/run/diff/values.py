"""Two values of JSON held against each other, by the path at which they differ.

Numbers are the same where they are equal, however they are written; the order of an object's names is no difference, and told
apart. Lists are aligned, so that one element more does not make all behind it differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from app.run.diff.alignment import Match, align
from app.run.diff.facts import Kind, ValueDiff, ValuePlace
from app.text.json_text import encode_json

MOST_PLACES = 200
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w-]*")


def compare_values(a: object, b: object) -> ValueDiff:
    """Where two JSON values differ. They are nested no deeper than `app.text.json_text.decode_json` lets through."""
    order: list[str] = []
    places = list(_compare(a, b, "", order))
    return ValueDiff(
        tuple(places[:MOST_PLACES]), () if places else tuple(order[:MOST_PLACES]), max(0, len(places) - MOST_PLACES)
    )


def _compare(a: object, b: object, path: str, order: list[str]) -> Iterator[ValuePlace]:
    if isinstance(a, dict) and isinstance(b, dict):
        yield from _objects(a, b, path, order)
    elif isinstance(a, list) and isinstance(b, list):
        yield from _lists(a, b, path, order)
    elif not _equal(a, b):
        yield ValuePlace(path, Kind.CHANGED, _json(a), _json(b))


def _objects(a: dict[str, object], b: dict[str, object], path: str, order: list[str]) -> Iterator[ValuePlace]:
    if list(a) != list(b) and a.keys() == b.keys():
        order.append(path)
    for name in [*a, *(name for name in b if name not in a)]:
        at = _joined(path, name)
        if name not in b:
            yield ValuePlace(at, Kind.ONLY_A, _json(a[name]), None)
        elif name not in a:
            yield ValuePlace(at, Kind.ONLY_B, None, _json(b[name]))
        else:
            yield from _compare(a[name], b[name], at, order)


def _lists(a: list[object], b: list[object], path: str, order: list[str]) -> Iterator[ValuePlace]:
    """Elements that are the same are matched; between two matches they are compared in order."""
    found = align([_canonical(one) for one in a], [_canonical(one) for one in b])
    edges = [Match(0, 0, 0), *found.matches, Match(len(a), len(b), 0)]
    for one, then in pairwise(edges):
        for step in range(one.length):
            yield from _compare(a[one.a + step], b[one.b + step], f"{path}[{one.a + step}]", order)  # the order of names
        at_a, at_b = one.a + one.length, one.b + one.length
        both = min(then.a - at_a, then.b - at_b)
        for step in range(both):
            yield from _compare(a[at_a + step], b[at_b + step], f"{path}[{at_a + step}]", order)
        for at in range(at_a + both, then.a):
            yield ValuePlace(f"{path}[{at}]", Kind.ONLY_A, _json(a[at]), None)
        for at in range(at_b + both, then.b):
            yield ValuePlace(f"{path}[{at}]", Kind.ONLY_B, None, _json(b[at]))


def _equal(a: object, b: object) -> bool:
    """Whether two values that are not both objects or both lists are the same. True is no 1 in JSON."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _canonical(value: object) -> str:
    """One text for values that are the same, whatever the order of their names and the writing of their numbers."""
    return msgspec.json.encode(_plain(value), order="deterministic").decode()


def _plain(value: object) -> object:
    match value:
        case dict():
            return {repr(name): _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case str():
            return repr(value)  # lone surrogates too
        case float():
            return repr(int(value)) if value.is_integer() else repr(value)
        case bool() | None:
            return value
        case _:
            return str(value)


def _json(value: object) -> str:
    return encode_json(value).decode()


def _joined(path: str, name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return f"{path}.{name}" if path else name
    return f"{path}[{_json(name)}]"
