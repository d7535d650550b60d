"""Whether a value fits a JSON Schema, for the keywords that the checks' own schemas use.

Not the whole of JSON Schema, and no package for it: the schemas are ours, so a keyword that is missing here is a mistake in a
check, which `mismatch` says by raising KeyError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from app.text.json_text import encode_json

Schema = Mapping[str, Any]


class Mismatch(msgspec.Struct, frozen=True):
    """Where and how a value does not fit.

    `path` is where, as `places[0].name`, "" for the value itself; `keyword` the schema's keyword that it breaks; `wanted` what
    that keyword says, `found` what is there, both as JSON (`found` "" where there is nothing).
    """

    path: str
    keyword: str
    wanted: str
    found: str = ""


def mismatch(value: object, schema: Schema) -> Mismatch | None:
    """The first place at which the value does not fit; None where it fits. Raises KeyError for a keyword that is not known."""
    return next(_mismatches(value, schema, ""), None)


def _mismatches(value: object, schema: Schema, path: str) -> Iterator[Mismatch]:
    for keyword, wanted in schema.items():
        if keyword not in _IGNORED:
            yield from _KEYWORDS[keyword](value, wanted, schema, path)


_IGNORED = frozenset({"description", "title", "default"})
_Test = Callable[[object], bool]
_TYPES: dict[str, _Test] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: _number(value) is not None,
    "integer": lambda value: (number := _number(value)) is not None and number.is_integer(),
}


def _shown(value: object, limit: int = 60) -> str:
    text = encode_json(value).decode("utf-8", "replace")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _off(path: str, keyword: str, wanted: object, value: object) -> Mismatch:
    return Mismatch(path, keyword, _shown(wanted), _shown(value))


def _type(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    names = [wanted] if isinstance(wanted, str) else wanted
    if not any(_TYPES[name](value) for name in names):
        yield _off(path, "type", wanted, value)


def _same(one: object, other: object) -> bool:
    """As JSON has it: `1` is `1.0`, and neither is `true`."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _enum(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    if not any(_same(value, one) for one in wanted):
        yield _off(path, "enum", wanted, value)


def _const(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    if not _same(value, wanted):
        yield _off(path, "const", wanted, value)


def _required(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    if isinstance(value, dict):
        yield from (Mismatch(_below(path, name), "required", _shown(name)) for name in wanted if name not in value)


def _properties(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    if isinstance(value, dict):
        for name, schema in wanted.items():
            if name in value:
                yield from _mismatches(value[name], schema, _below(path, name))


def _additional(value: object, wanted: Any, schema: Schema, path: str) -> Iterator[Mismatch]:
    if isinstance(value, dict) and wanted is False:
        more = [name for name in value if name not in schema.get("properties", {})]
        yield from (_off(_below(path, name), "additionalProperties", wanted, value[name]) for name in more)


def _items(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _mismatches(one, wanted, f"{path}[{number}]")


def _bound(keyword: str, size: Callable[[object], float | None], fits: Callable[[float, float], bool]) -> Any:
    def test(value: object, wanted: Any, _schema: Schema, path: str) -> Iterator[Mismatch]:
        found = size(value)
        if found is not None and not fits(found, wanted):
            yield _off(path, keyword, wanted, value)

    return test


def _number(value: object) -> float | None:
    """As a float: what is too large for one is infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _length(value: object) -> float | None:
    return len(value) if isinstance(value, list) else None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_KEYWORDS: dict[str, Callable[[object, Any, Schema, str], Iterator[Mismatch]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "minimum": _bound("minimum", _number, lambda found, wanted: found >= wanted),
    "maximum": _bound("maximum", _number, lambda found, wanted: found <= wanted),
    "minItems": _bound("minItems", _length, lambda found, wanted: found >= wanted),
    "maxItems": _bound("maxItems", _length, lambda found, wanted: found <= wanted),
}
