"""Which tests read a limit: each use in the source tells so, in a copy of the checkout in which the tests of a room run once.

A test that does not read a limit can't notice that it is another, so that a mutant needs no others. Child processes tell too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.mutants.checkout import copy_to, environment
from tests.mutants.mutant import UnsoundTestsError

_NOTES = """
import os

_SEEN = set()
_PATH = {path!r}


def noted(keys, value=None):
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if (keys, test) not in _SEEN:
        _SEEN.add((keys, test))
        line = f"{{os.environ.get('DIPTYCH_NOTING') == str(os.getpid())}}\\t{{keys}}\\t{{test}}\\n"
        file = os.open(_PATH, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, line.encode())
        os.close(file)
    return value
"""
_PLUGIN = """
import os


def pytest_runtest_logstart():  # in the process that runs the test
    os.environ["DIPTYCH_NOTING"] = str(os.getpid())


def pytest_runtest_logreport(report):
    if report.failed:
        with open({failed!r}, "a") as file:
            print(report.nodeid, file=file)
"""
_IMPORT = "from app._notes import noted as _noted"
Key = str  # `path NAME`


@dataclass
class Readers:
    """Of one limit.

    Attributes:
        tests: ids of tests that read it themselves.
        files: of tests where a fixture or a child process read it: it may serve any test of the file.
        is_anywhere: it is read when a module is imported, so that any test may depend on it.
    """

    tests: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    is_anywhere: bool = False

    def __bool__(self) -> bool:
        return self.is_anywhere or bool(self.tests or self.files)


def readers_in(folders: Iterable[str], limits: Set[Key], place: Path, jobs: int) -> dict[Key, Readers]:
    """Of each limit, those under these folders (or files) of tests.

    Args:
        place: an empty folder for the copy.
        jobs: how many processes run the tests.

    A test that fails there may not have come to all that it reads: it counts as one that reads every limit.

    Raises:
        UnsoundTestsError: they could not be run to the end.
    """
    checkout = copy_to(place / "checkout")
    notes = place / "notes"
    failed = place / "failed"
    for file in (notes, failed):
        file.touch()
    found: dict[Key, Readers] = defaultdict(Readers)
    for key in instrument(checkout, limits):
        found[key].is_anywhere = True
    (checkout / "app/_notes.py").write_text(_NOTES.format(path=str(notes)))
    (checkout / "noting.py").write_text(_PLUGIN.format(failed=str(failed)))
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(jobs), "-p", "no:cacheprovider", "-p", "noting", *folders]
    ran = subprocess.run(
        command, cwd=checkout, env=environment(checkout), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if ran.returncode not in (0, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise UnsoundTestsError(ran.stdout)
    for line in notes.read_text().splitlines():
        is_runner, keys, test = line.split("\t")
        for key in keys.split("|"):
            _note(found[key], test, is_runner=is_runner == "True")
    for test in failed.read_text().splitlines():
        for key in limits:
            found[key].tests.add(test)
    return dict(found)


def _note(readers: Readers, test: str, *, is_runner: bool) -> None:
    name, _, phase = test.rpartition(" ")
    if not name:
        readers.is_anywhere = True
    elif is_runner and phase == "(call)":
        readers.tests.add(name)
    else:
        readers.files.add(name.partition("::")[0])


def instrument(checkout: Path, limits: Set[Key]) -> set[Key]:
    """Let each use in the copy's source tell. Returned are those that a class uses when it is made: any test may."""
    modules = {
        file.relative_to(checkout).as_posix(): _Module.of(file.read_text())
        for root in ("app", "ui")
        for file in (checkout / root).rglob("*.py")
    }
    carriers = _carriers(modules, limits)
    at_import: set[Key] = set()
    for path, module in modules.items():
        if not (names := _names_in(path, module, carriers)):
            continue
        tree = module.tree
        change = _Noting(names)
        change.visit(tree)
        at_import |= change.at_import
        body = tree.body
        first = next((n for n, one in enumerate(body) if not _is_head(one)), len(body))
        body[first:first] = ast.parse(_IMPORT).body
        (checkout / path).write_text(ast.unparse(ast.fix_missing_locations(tree)))
    return at_import


@dataclass(frozen=True)
class _Module:
    """What is looked up again and again in one.

    Attributes:
        imported: its name here, the file that it may come from, its name there.
        attributes: names in capitals of what is read of something else.
        made: at import, with what is read for it.
    """

    tree: ast.Module
    imported: list[tuple[str, str, str]]
    attributes: set[str]
    made: list[tuple[str, set[str]]]

    @classmethod
    def of(cls, source: str) -> _Module:
        tree = ast.parse(source)
        imported: list[tuple[str, str, str]] = []
        attributes: set[str] = set()
        for node in ast.walk(tree):
            match node:
                case ast.ImportFrom(module=str(module), names=names):
                    owner = module.replace(".", "/")
                    for one in names:
                        imported += [(one.asname or one.name, owner + end, one.name) for end in (".py", "/__init__.py")]
                case ast.Attribute(attr=attr) if attr.isupper():
                    attributes.add(attr)
        made: list[tuple[str, set[str]]] = []
        for statement in tree.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
                ):
                    made += [(name, set(_read_in(value)))] if value is not None else []
        return cls(tree, imported, attributes, made)


def _is_head(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.ImportFrom(module="__future__"):
            return True
    return False


def _carriers(modules: Mapping[str, _Module], limits: Set[Key]) -> dict[tuple[str, str], frozenset[Key]]:
    """Module and name of all that holds a limit or was made of one when its module was imported."""
    found: dict[tuple[str, str], frozenset[Key]] = {}
    for key in limits:
        path, name = key.split()
        found[path, name] = frozenset({key})
    while True:
        before = dict(found)
        for path, module in modules.items():
            names = _names_in(path, module, before)
            for name, read in module.made if names else ():
                if keys := frozenset[Key]().union(*(names.get(one, frozenset()) for one in read)):
                    found[path, name] = found.get((path, name), frozenset()) | keys
        if before == found:
            return found


def _read_in(value: ast.expr) -> Iterator[str]:
    """Names that are read there and then, not when a function that is made there runs."""
    stack: list[ast.AST] = [value]
    while stack:
        match stack.pop():
            case ast.Lambda():
                pass
            case ast.Name(id=name):
                yield name
            case ast.Attribute(attr=name, value=inner):
                yield f".{name}"
                stack.append(inner)
            case other:
                stack.extend(ast.iter_child_nodes(other))


def _names_in(path: str, module: _Module, carriers: Mapping[tuple[str, str], frozenset[Key]]) -> dict[str, frozenset[Key]]:
    """What they are called in one module; `.NAME` where it is an attribute of another."""
    found: dict[str, frozenset[Key]] = {}
    for (owner, name), keys in carriers.items():
        if owner == path:
            found[name] = keys
        if name in module.attributes:
            found[f".{name}"] = found.get(f".{name}", frozenset()) | keys
    for here, owner, name in module.imported:
        if keys := carriers.get((owner, name), frozenset()):
            found[here] = keys
    return found


class _Noting(ast.NodeTransformer):
    """Wraps each use in a call that tells."""

    def __init__(self, names: Mapping[str, frozenset[Key]]) -> None:
        self.at_import: set[Key] = set()
        self._names = names
        self._is_in_function = False
        self._is_in_class = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        defaults = [one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None]
        keys = frozenset[Key]().union(*(self._names.get(name, frozenset()) for one in defaults for name in _read_in(one)))
        before, self._is_in_function = self._is_in_function, True
        node.body = [self.visit(one) for one in node.body]
        self._is_in_function = before
        if keys:
            first = 1 if _is_head(node.body[0]) else 0
            node.body.insert(first, ast.Expr(value=self._call(keys)))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        before, self._is_in_function = self._is_in_function, True
        node.body = self.visit(node.body)
        self._is_in_function = before
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        before, self._is_in_class = self._is_in_class, True
        self.generic_visit(node)
        self._is_in_class = before
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        node.guard = self.visit(node.guard) if node.guard else None
        node.body = [self.visit(one) for one in node.body]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._read(node, node.id) if isinstance(node.ctx, ast.Load) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return self._read(node, f".{node.attr}") if isinstance(node.ctx, ast.Load) else node

    def _read(self, node: ast.expr, name: str) -> ast.AST:
        keys = self._names.get(name)
        if not keys:
            return node
        if self._is_in_function:
            return self._call(keys, node)
        if self._is_in_class:
            self.at_import |= keys
        return node

    def _call(self, keys: frozenset[Key], value: ast.expr | None = None) -> ast.expr:
        told = ast.Constant(value="|".join(sorted(keys)))
        return ast.Call(func=ast.Name(id="_noted", ctx=ast.Load()), args=[told, *([value] if value else [])], keywords=[])
