"""Rewrites a TOML file so that what a person wrote into it stays: comments, order, blank lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from tomlkit.items import AoT, Table

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def rewritten(old: str, table: Mapping[str, object], heading: str) -> str:
    """The text that holds `table`: `old` with what differs changed in place; a new text under `heading` where that can't be.

    What was written here and nobody changed is written anew: tomlkit takes ten times as long for it.
    """
    if old and old != _as_written(old, heading):
        text = _changed_in_place(old, table)
        if text is not None:
            return text
    return heading + plain(table)


def _as_written(old: str, heading: str) -> str:
    """What we would write for what a text says; "" where it is no TOML."""
    try:
        return heading + plain(tomllib.loads(old))
    except ValueError:
        return ""


# -- written anew ----------------------------------------------------------------------------------------------------------


def plain(table: Mapping[str, object]) -> str:
    """The table as TOML, as short as it can be said. Raises TypeError where something in it is no value of TOML."""
    return "\n".join(_lines(table, "")).removeprefix("\n") + "\n" if table else ""


def _lines(table: Mapping[str, object], path: str) -> Iterator[str]:
    """First its values, since they would belong to a table that came before them."""
    for name, value in table.items():
        if not _has_head(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in table.items():
        below = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            if not value or not all(map(_has_head, value.values())):
                yield f"\n[{below}]"
            yield from _lines(value, below)
        elif _are_tables(value):
            for row in value:
                yield f"\n[[{below}]]"
                yield from _lines(row, below)


def _has_head(value: object) -> bool:
    """Whether it stands under a head of its own, `[table]` or `[[tables]]`, not behind its name."""
    return isinstance(value, Mapping) or _are_tables(value)


def _are_tables(value: object) -> TypeGuard[Sequence[Mapping[str, object]]]:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(value)


# -- changed in place ------------------------------------------------------------------------------------------------------


def _changed_in_place(old: str, table: Mapping[str, object]) -> str | None:
    """None where tomlkit can't: what the text says is more than its comments."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(old)
        _update(document, table)
        text = tomlkit.dumps(document)
        return text if tomllib.loads(text) == table else None
    except (TOMLKitError, ValueError, TypeError, KeyError, IndexError):
        return None


def _update(container: Any, table: Mapping[str, object]) -> None:
    """Make a document, a table or an inline table hold what `table` does."""
    import tomlkit
    from tomlkit.items import AoT

    for name in [name for name in container if name not in table]:
        del container[name]
    for name, value in table.items():
        held = container.get(name)
        if isinstance(value, dict) and hasattr(held, "keys"):
            _update(held, value)
        elif isinstance(held, AoT) and isinstance(value, list) and all(isinstance(one, dict) for one in value):
            _update_rows(container, name, held, value)
        elif held is None or tomlkit.item(held).unwrap() != value:
            container[name] = value


def _update_rows(container: Any, name: str, rows: AoT, wanted: list[dict[str, object]]) -> None:
    """The tables of an array (`[[profiles]]`), each with what stood in the one of the same uid or name."""
    import tomlkit

    left = list(rows)
    chosen = [_taken_out(left, "uid", one) or _taken_out(left, "name", one) or tomlkit.table() for one in wanted]
    same = len(chosen) == len(rows) and all(one is row for one, row in zip(chosen, rows, strict=True))
    for row, value in zip(chosen, wanted, strict=True):
        _update(row, value)
    if not same:
        anew = tomlkit.aot()
        for row in chosen:
            anew.append(row)
        container[name] = anew


def _taken_out(rows: list[Table], key: str, wanted: Mapping[str, object]) -> Table | None:
    """Remove and return the first row that has the same value for a key as the wanted one."""
    found = next((row for row in rows if key in wanted and row.get(key) == wanted[key]), None)
    if found is not None:
        rows[:] = [row for row in rows if row is not found]
    return found
