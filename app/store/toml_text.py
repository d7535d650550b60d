"""Rewrites a TOML file so that what a person wrote into it stays: comments, order, blank lines."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table


def rewritten(old: str, table: Mapping[str, object], heading: str) -> str:
    """The text that holds `table`: `old` with what differs changed in place; a new text under `heading` where that can't be."""
    if old:
        try:
            document = tomlkit.parse(old)
            _update(document, table)
            text = tomlkit.dumps(document)
            if tomllib.loads(text) == table:
                return text
        except (TOMLKitError, ValueError, TypeError, KeyError, IndexError):
            pass  # a form that tomlkit can't change in place: what it says is more than its comments
    return heading + tomlkit.dumps(table)


def _update(container: Any, table: Mapping[str, object]) -> None:
    """Make a document, a table or an inline table hold what `table` does."""
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
