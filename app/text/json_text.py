"""JSON as endpoints write it: strict about the grammar, lenient about the characters inside strings."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NoReturn

import msgspec

_TOO_DEEP = "nested too deeply"
MAX_DEPTH = 256  # a value nested deeper can be read, but not written out again by everything that looks at it


def decode_json(data: bytes | str) -> Any:
    """Decode one JSON value; ValueError for anything that is not JSON (NaN, trailing text), or nested beyond `MAX_DEPTH`.

    Bytes that are not UTF-8 become U+FFFD. A lone surrogate escape is kept, as `json.loads` keeps it: some endpoints
    split a pair over two events; `mend_surrogates` joins what belongs together.
    """
    if not data:
        raise ValueError("nothing is no JSON")  # at once: a stream may have millions of empty events
    try:
        value = _decode(data)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    if len(data) > 2 * MAX_DEPTH and is_too_deep(value):
        raise ValueError(_TOO_DEEP)
    return value


def value_or_none(data: bytes | str) -> Any:
    """What `decode_json` decodes; None for what is no JSON, as for null."""
    try:
        return decode_json(data)
    except ValueError:
        return None


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects in a list; [] where it is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def is_object(data: bytes) -> bool:
    """Whether it is one JSON object, as `decode_json` decodes it."""
    return isinstance(value_or_none(data), dict)


def _decode(data: bytes | str) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    # WORKAROUND: msgspec 0.23.0 refuses the escape of a lone surrogate, which is JSON; it does nearly all the rest.
    import json

    return json.loads(text, parse_constant=_refuse_constant)


def decode_leniently(data: bytes) -> tuple[Any, str] | None:
    """What is no JSON, but Python's parser takes: the value, and the first of NaN and Infinity in it. None for all else."""
    import json

    taken: list[str] = []
    try:
        value = json.loads(data.decode("utf-8", "replace"), parse_constant=taken.append)
    except (ValueError, RecursionError):
        return None
    return (value, taken[0]) if taken else None


def is_too_deep(value: object) -> bool:
    """Whether a JSON value is nested beyond `MAX_DEPTH`. Goes level by level, without recursion, so that any depth is safe."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        if not (level := [one for each in level for one in _contents(each) if isinstance(one, dict | list)]):
            return False
    return True


def _contents(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def encode_json(value: object) -> bytes:
    """Compact JSON in UTF-8; where a string holds a lone surrogate, everything outside ASCII is escaped."""
    import json

    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def mend_value(value: Any) -> Any:
    """A JSON value that any encoder can write: strings and names without lone surrogates, null for infinities and NaN."""
    match value:
        case str():
            return mend_surrogates(value)
        case list():
            return [mend_value(one) for one in value]
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {mend_surrogates(name): mend_value(one) for name, one in value.items()}
    return value


def mend_surrogates(text: str) -> str:
    """Text that can be encoded as UTF-8: surrogate pairs become their character, lone surrogates U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
