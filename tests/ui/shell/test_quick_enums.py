"""Enumerations that are made quickly are those that `enum` makes."""

from __future__ import annotations

import enum
import pickle
import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from ui.shell.quick_enums import _are_plain, _create, _thorough, quickly

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="they are enum's own on this Python")

BASES: tuple[Any, ...] = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
KEPT = "_value_", "_name_", "_sort_order_"


def of_qt() -> list[Any]:
    """All enumerations of three modules of Qt."""
    found: list[Any] = []
    for module in (QtCore, QtGui, QtWidgets):
        for one in (getattr(module, name) for name in dir(module)):
            within = [one, *vars(one).values()] if isinstance(one, type) else []
            found += [inner for inner in within if isinstance(inner, enum.EnumType)]
    return found


def shape(made: Any) -> dict[str, Any]:
    """All that an enumeration has, its members by what each is, whatever its own identity."""

    def plain(value: Any) -> Any:
        if isinstance(value, made):
            return ("member", value._name_, {name: vars(value).get(name) for name in KEPT}, vars(value)["__objclass__"] is made)
        if isinstance(value, dict):
            return [(plain(key), plain(one)) for key, one in value.items()]
        if isinstance(value, list):
            return [plain(one) for one in value]
        return getattr(value, "__func__", value)

    return {name: plain(value) for name, value in vars(made).items()}


def test_each_of_qts_is_as_enum_makes_it() -> None:
    quick = 0
    for one in of_qt():
        base = one.__mro__[1]
        names = [(name, member.value) for name, member in one.__members__.items()]
        boundary = enum.FlagBoundary.KEEP if issubclass(one, enum.Flag) else None
        slow = _thorough(base, "Made", names, module="m", boundary=boundary)
        if not _are_plain(base, names):
            continue
        quick += 1
        assert shape(quickly(base, "Made", names, "m", None, boundary)) == shape(slow), one
    assert quick > 400


def _outcome(asked: Callable[[Any], Any], made: Any) -> Any:
    try:
        return asked(made)
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("base", BASES)
def test_one_behaves_as_enums_own(base: Any) -> None:
    names = (("Two", 2), ("One", 1), ("Also", 1), ("None_", 0), ("Both", 3), ("Far", 64))
    made, own = quickly(base, "Made", names, __name__), _thorough(base, "Made", names, module=__name__)
    asked: tuple[Callable[[Any], Any], ...] = (
        lambda one: (one.__module__, one.__qualname__, repr(one), len(one)),
        lambda one: [repr(member) for member in one],
        lambda one: {name: repr(member) for name, member in one.__members__.items()},
        lambda one: (one["Also"] is one.One is one(1), one.One in one, len({one.One, one.Two, one(2)})),
        lambda one: (str(one.Two), one.Two.name, one.Two.value, f"{one.Both}"),
        lambda one: repr(one.One | one.Two),
        lambda one: repr(one.Both & ~one.One),
        lambda one: [repr(member) for member in one.Both],
        lambda one: repr(one(9)),
        lambda one: repr(one["Gone"]),
        lambda one: setattr(one, "One", 5),
        lambda one: type("More", (one,), {}),
    )
    for number, ask in enumerate(asked):
        assert _outcome(ask, made) == _outcome(ask, own), number


def test_each_has_containers_of_its_own() -> None:
    first, second = (quickly(enum.Enum, "Made", [("One", number)], __name__) for number in (1, 2))
    assert (first.One.value, second.One.value) == (1, 2)
    assert list(first.__members__.values()) == [first.One]


Kept = quickly(enum.Enum, "Kept", [("One", 1)], __name__)


def test_a_member_is_itself_behind_pickle() -> None:
    assert pickle.loads(pickle.dumps(Kept.One)) is Kept.One


@pytest.mark.parametrize(
    ("base", "names"),
    [
        (enum.Enum, "One Two"),
        (enum.Enum, ["One", "Two"]),
        (enum.Enum, [("One", 1), ("name", 2)]),
        (enum.Enum, [("_one", 1)]),
        (enum.Enum, [("One", "text")]),
        (enum.Enum, [("One", True)]),
        (enum.Flag, [("All", -1)]),
        (enum.StrEnum, [("One", "one")]),
    ],
)
def test_what_is_not_plain_is_left_to_enum(base: Any, names: Any) -> None:
    assert not _are_plain(base, names) or base is enum.StrEnum
    made, own = _create(base, "Made", names, module=__name__), _thorough(base, "Made", names, module=__name__)
    assert {name: repr(one) for name, one in made.__members__.items()} == {
        name: repr(one) for name, one in own.__members__.items()
    }


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(TypeError, match="One"):
        _create(enum.Enum, "Made", [("One", 1), ("One", 2)], module=__name__)
