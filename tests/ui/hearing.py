"""What a screen reader is given of the window: the tree of accessible things, as Qt makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from ui.widgets.accessible import install

Role, _Text = QAccessible.Role, QAccessible.Text
_ITEMS_APART = (Role.Table, Role.Tree)  # their cells are not walked: there may be a million


class Heard(msgspec.Struct, frozen=True):
    """One thing of the tree: what it is, what it is called, and how deep it stands.

    `focusable`: the keyboard or the mouse can come to it. `chosen`: it is the one of its row that is taken.
    """

    depth: int
    role: QAccessible.Role
    name: str
    value: str
    about: str
    focusable: bool
    chosen: bool
    thing: QObject | None

    @property
    def line(self) -> str:
        """To be read by people."""
        more = "".join(f" {word}={text[:200]!r}" for word, text in (("value", self.value), ("about", self.about)) if text)
        kind = type(self.thing).__name__ if self.thing is not None else "-"
        mark = ("*" if self.focusable else "·") + ("+" if self.chosen else "")
        return f"{'  ' * self.depth}{mark} {self.role.name} {self.name[:160]!r}{more} ({kind})"


def heard(widget: QWidget) -> list[Heard]:
    """All that is shown of a widget, in the order of the tree."""
    install()
    return list(_walk(QAccessible.queryAccessibleInterface(widget), 0))


def _walk(one: QAccessibleInterface | None, depth: int) -> Iterator[Heard]:
    if one is None or not one.isValid():
        return
    state = one.state()
    if state.invisible:
        return
    name, value, about = (one.text(which) for which in (_Text.Name, _Text.Value, _Text.Description))
    chosen = bool(state.selected or state.checked)
    yield Heard(depth, one.role(), name, value, about, bool(state.focusable), chosen, one.object())
    if one.role() in _ITEMS_APART or (one.role() is Role.List and not isinstance(one.object(), QWidget)):
        return
    for index in range(one.childCount()):
        yield from _walk(one.child(index), depth + 1)


def faults(tree: Sequence[Heard]) -> list[str]:
    """What would be wrong for whoever hears it: no name, a name twice, markup, a toggle or a tab taken for something else."""
    used = [one for one in tree if one.focusable and one.role is not Role.StaticText]  # texts are selected by the mouse
    found = [f"no name: {one.line.strip()}" for one in used if not one.name]
    found += [f"markup: {one.line.strip()}" for one in tree if "<qt>" in one.about or "<qt>" in one.name]
    names = Counter((one.role, one.name) for one in used if one.role is not Role.ListItem)
    found += [f"twice: {role.name} {name!r}" for (role, name), count in names.items() if count > 1]
    painted = (Role.Client, Role.NoRole)
    return found + [f"no role: {one.line.strip()}" for one in tree if one.role in painted and (one.focusable or one.name)]
