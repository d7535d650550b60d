"""The floors of the house: an import only ever points down. The test names the line that does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the ground up; a room is a folder, or one of the few loose modules. A module may import its floor and those below.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("app", "app.child_process", "app.clock", "app.display", "app.licences", "app.releases", "app.text"),
    ("app.recording", "app.stream"),
    ("app.secrets",),
    ("app.protocols", "app.model_names"),
    ("app.exchange", "app.pricing"),
    ("app.clients", "app.diagnosis", "app.scenarios"),
    ("app.request_fields",),
    ("app.run", "app.formats"),
    ("app.checks", "app.mirror"),
    ("app.study",),
    ("app.wire", "app.simulator", "app.store"),
    ("app.report", "app.transfer", "app.trend"),
    ("app.asking",),
    ("app.terminal",),
    ("app.__main__",),
    ("ui", "ui.style"),
    ("ui.widgets",),
    ("ui.shared",),
    ("ui.checks", "ui.compare", "ui.endpoints", "ui.history", "ui.mirror", "ui.study"),
    ("ui.present",),
    ("ui.shell",),
)

# The wings know of the lower floors only these, and each other only where said.
WINGS: dict[str, tuple[str, ...]] = {
    "app.wire": ("app.child_process", "app.clock", "app.recording", "app.secrets", "app.stream"),
    # The simulated model reads pictures by the letters with which the checks draw them.
    "app.simulator": ("app.child_process", "app.text.bitmap_font", "app.text.sentences"),
    "app.store": ("app.text", "app.recording", "app.secrets", "app.protocols", "app.pricing"),
}

ONLY_THERE = {
    "httpx": ("app.wire",),
    "httpcore": ("app.wire",),
    "keyring": ("app.store.keys", "app.store.backends"),
    "starlette": ("app.simulator",),
    "uvicorn": ("app.simulator",),
    "jinja2": ("app.report",),
    "PySide6": ("ui",),
    "qasync": ("ui",),
    "pyqtgraph": ("ui.study.pictures",),
    "numpy": ("ui.study.pictures",),
}

# Files that may import upwards, each with its reason; one that no longer does fails.
UPWARD = {
    "app/__main__.py": "opens the window: it is a composition root and imports ui.shell.application late",
}


@cache
def sources() -> list[Path]:
    return sorted(path for folder in ("app", "ui") for path in (ROOT / folder).rglob("*.py"))


@cache
def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def imports_of(path: Path) -> list[tuple[int, str]]:
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full if is_module(full) else node.module


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All of them, and no expressions: those are most of a tree, and none imports."""
    left = [tree]
    while left:
        node = left.pop()
        yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            if isinstance(inside := getattr(node, name, None), list):
                left += inside


@cache
def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def floor_of(module: str) -> int:
    matches = [
        (len(name), number)
        for number, floor in enumerate(FLOORS)
        for name in floor
        if module == name or (module.startswith(name + ".") and name not in ("app", "ui"))
    ]
    assert matches, f"{module} stands on no floor: add it to FLOORS"
    return max(matches)[1]


@cache
def room_of(module: str) -> str:
    """The room that a module stands in: of those that FLOORS names, the longest that holds it."""
    return max((name for floor in FLOORS for name in floor if within(module, (name,))), key=len)


def within(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or (module.startswith(place + ".") and place != "app") for place in places)


def test_imports_point_down() -> None:
    up = {}
    for path in sources():
        for line, target in imports_of(path):
            if target.split(".")[0] in ("app", "ui") and floor_of(target) > floor_of(module_of(path)):
                up[f"{path.relative_to(ROOT)}:{line}"] = target
    unexpected = {place: target for place, target in up.items() if place.rpartition(":")[0] not in UPWARD}
    assert not unexpected
    stale = set(UPWARD) - {place.rpartition(":")[0] for place in up}
    assert not stale, f"exemptions that are no longer needed: {stale}"


def arrows(name_of: Callable[[str], str]) -> dict[str, set[str]]:
    """Who imports whom, for modules or for rooms, imports for types alone included."""
    graph: dict[str, set[str]] = {}
    for path in sources():
        start = name_of(module_of(path))
        targets = {name_of(target) for _, target in imports_of(path) if target.split(".")[0] in ("app", "ui")}
        graph.setdefault(start, set()).update(targets - {start})
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The names that reach themselves, each group once."""
    reached = {name: _reach(graph, name) for name in graph}
    groups = {tuple(sorted(other for other in reached[name] if name in reached.get(other, ()))) for name in graph}
    return [list(group) for group in sorted(groups) if group]


def _reach(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for name in graph.get(todo.pop(), set()) - seen:
            seen.add(name)
            todo.append(name)
    return seen


def test_no_circle_of_modules() -> None:
    assert not circles(arrows(lambda module: module))


def test_no_circle_of_rooms() -> None:
    assert not circles(arrows(room_of))


def test_a_circle_would_be_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]


def test_the_floors_are_those_of_the_guide() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith(("| `app/", "| `ui/"))]
    named = {
        name.removesuffix("/").removesuffix(".py").replace("/", ".") for row in rows for name in re.findall("`(.+?)`", row)
    }
    assert named == {name for floor in FLOORS for name in floor} - {"app", "ui"}


@pytest.mark.parametrize("wing", sorted(WINGS))
def test_wings_know_little(wing: str) -> None:
    known = {target for path in sources() if within(module_of(path), (wing,)) for _, target in imports_of(path)}
    stale = [place for place in WINGS[wing] if not any(within(target, (place,)) for target in known)]
    assert not stale, f"allowances that are no longer needed: {stale}"
    strangers = [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for path in sources()
        if within(module_of(path), (wing,))
        for line, target in imports_of(path)
        if target.split(".")[0] in ("app", "ui") and not within(target, (wing, *WINGS[wing]))
    ]
    assert not strangers


def test_pages_know_nothing_of_each_other() -> None:
    graph = arrows(room_of)
    pages = set(next(floor for floor in FLOORS if "ui.compare" in floor))
    assert {page: graph[page] & pages for page in pages} == {page: set() for page in pages}


def test_protocols_know_nothing_of_each_other_and_only_the_registry_knows_all() -> None:
    of_one = ("app.protocols.chat", "app.protocols.messages", "app.protocols.responses")
    for path in sources():
        module = module_of(path)
        if not within(module, ("app.protocols",)) or module == "app.protocols.registry":
            continue
        own = tuple(room for room in of_one if within(module, (room,)))
        strangers = [target for _, target in imports_of(path) if within(target, of_one) and not within(target, own)]
        assert not strangers, f"{module} imports {strangers}"


@pytest.mark.parametrize("package", sorted(ONLY_THERE))
def test_packages_stay_where_they_belong(package: str) -> None:
    users = {module_of(path) for path in sources() for _, target in imports_of(path) if target.split(".")[0] == package}
    unused = [place for place in ONLY_THERE[package] if not any(within(user, (place,)) for user in users)]
    assert not unused, f"{package} is no longer used in {unused}"
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for path in sources()
        for line, target in imports_of(path)
        if target.split(".")[0] == package and not within(module_of(path), ONLY_THERE[package])
    ]
    assert not elsewhere
