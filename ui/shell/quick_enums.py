"""Makes Qt's enumerations as `enum` would, in a fifth of the time. Used before Qt is imported."""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

_BASES: tuple[Any, ...] = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
_TAKEN = frozenset({"mro", ""}.union(*(vars(one) for base in _BASES for one in base.__mro__)))
_thorough: Any = enum.EnumType._create_  # type: ignore[attr-defined]  # what is behind `Enum("Name", names)`


def make_enums_quickly() -> None:
    """From now on enumerations of plain names and whole numbers are made the quick way, all others as before.

    WORKAROUND: PySide6 6.11.3 makes an enumeration of Python's for each of a class's once that is used, all 93 of `Qt` at once.
    Python takes 45 ms for the 215 before the first picture, most of it to look at each member for what these never have.
    It knows what `enum` keeps of a class, so that it leaves alone the Pythons that it was not compared with; and with PySide6
    6.11.3 on 3.12.1 and 3.13.0 any other `_create_` ends the process while QtCore is imported.
    """
    if sys.version_info >= (3, 12):
        return
    enum.EnumType._create_ = _create  # type: ignore[attr-defined]


def _create(base: Any, name: str, names: Any, *, module: str | None = None, qualname: str | None = None, **options: Any) -> Any:
    module = module or sys._getframe(2).f_globals.get("__name__")  # as `enum` finds it
    if base in _BASES and module and options.get("type") is None and _are_plain(base, names):
        return quickly(base, name, names, module, qualname, options.get("boundary"))
    return _thorough(base, name, names, module=module, qualname=qualname, **options)


def _are_plain(base: Any, names: Any) -> bool:
    """Whether they are pairs of a name of which nothing else knows, each another, and a whole number."""
    if not isinstance(names, list | tuple) or not all(type(one) is tuple and len(one) == 2 for one in names):
        return False
    if not all(type(name) is str and name[:1] != "_" and type(value) is int for name, value in names):
        return False
    found = {name for name, _ in names}
    return (
        len(found) == len(names)
        and _TAKEN.isdisjoint(found)
        and (not issubclass(base, enum.Flag) or all(value >= 0 for _, value in names))
    )


def quickly(base: Any, name: str, names: Any, module: str, qualname: str | None = None, boundary: Any = None) -> Any:
    """The enumeration of these plain pairs: an empty one of `enum`'s, into which the members are put as `enum` puts them."""
    made = type.__new__(type(base), name, (base,), {**_fresh(_empty(base)), "__module__": module})
    if qualname is not None:
        made.__qualname__ = qualname
    listed, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    new, values, flags = made._new_member_, made._member_type_ is int, issubclass(base, enum.Flag)
    for member_name, value in names:
        member = by_value.get(value)
        if member is None:
            member = by_value[value] = new(made, value) if values else new(made)
            member._value_, member._name_, member.__objclass__ = value, member_name, made
            member._sort_order_ = len(listed)
            if not flags or value.bit_count() == 1:
                listed.append(member_name)
        by_name[member_name] = member
        type.__setattr__(made, member_name, member)
    if flags:
        _finish_flags(made, boundary)
    return made


def _finish_flags(made: Any, boundary: Any) -> None:
    if boundary is not None:
        made._boundary_ = boundary
    for value in made._value2member_map_:
        made._flag_mask_ |= value
        made._singles_mask_ |= value if value.bit_count() == 1 else 0
    made._all_bits_ = 2 ** made._flag_mask_.bit_length() - 1
    singles = [made._member_map_[name]._value_ for name in made._member_names_]
    if singles != sorted(singles):
        made._iter_member_ = made._iter_member_by_def_


@cache
def _empty(base: Any) -> Mapping[str, Any]:
    return dict(vars(_thorough(base, "Empty", (), module=__name__)))


def _fresh(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """With containers of its own."""
    return {name: type(one)() if isinstance(one, list | dict) else one for name, one in namespace.items()}
