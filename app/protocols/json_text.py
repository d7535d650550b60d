"""JSON as endpoints write it: strict in its grammar, patient with the characters inside strings."""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec


def decode_json(data: bytes | str) -> Any:
    """Decode one JSON value; ValueError for anything that is not JSON (NaN, trailing text, nesting without end).

    Bytes that are not UTF-8 become U+FFFD. A lone surrogate escape is kept, as `json.loads` keeps it: some endpoints
    split a pair over two events; `mend_surrogates` joins what belongs together.
    """
    if not data:
        raise ValueError("nothing is no JSON")  # at once: a stream may have millions of empty events
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    import json  # msgspec does nearly all of it

    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


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
    """A JSON value with the texts in it mended, names included."""
    match value:
        case str():
            return mend_surrogates(value)
        case list():
            return [mend_value(one) for one in value]
        case dict():
            return {mend_surrogates(name): mend_value(one) for name, one in value.items()}
    return value


def mend_surrogates(text: str) -> str:
    """Text that can be shown and stored: surrogate pairs become their character, lone ones U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
