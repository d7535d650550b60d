"""Limits of time and size: module constants, eight times as large and an eighth, in a copy of the checkout."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutants.mutant import ROOT, tell

_NAME = re.compile(r"_?((MAX|MOST|MIN|LEAST)_.*|[A-Z_]+_(S|MS|NS|BYTES|CHARACTERS|CHARS|LIMIT))")
_COPIED = ("app", "ui", "tests", "resources", "packaging", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md")
# The simulator is what tests are made of; its numbers are other people's.
_LEFT_OUT = ("app/simulator/",)
PATIENCE_S = 300.0


@dataclass(frozen=True)
class Limit:
    """One constant, changed.

    Attributes:
        name: the key of `reasons.REASONS`.
        path: of its module, relative to the root.
        line: the last of its assignment, from 1.
        change: the statement that is put behind it.
        tests: what is run, in this order.
    """

    name: str
    path: str
    line: int
    change: str
    tests: tuple[str, ...]


def mutants() -> Iterator[Limit]:
    """Each limit in both ways."""
    for root in ("app", "ui"):
        for file in sorted((ROOT / root).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not path.startswith(_LEFT_OUT):
                yield from _of_module(path, file.read_text())


def _of_module(path: str, source: str) -> Iterator[Limit]:
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _NAME.fullmatch(name) and _is_number(value):
                times, part = f"{name} *= 8", f"{name} = type({name})({name} / 8) or 1"
                tests = tests_of(path, name)
                is_one = isinstance(value, ast.Constant) and value.value == 1  # whose eighth is 1 again
                for what, change in (("8 times as large", times), ("an eighth", part))[: 1 if is_one else 2]:
                    yield Limit(f"limit {path} {name}: {what}", path, statement.end_lineno or 0, change, tests)


def _is_number(value: ast.expr) -> bool:
    """Whether it is made of numbers alone."""
    allowed = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    return all(isinstance(one, allowed) for one in ast.walk(value)) and not isinstance(getattr(value, "value", 0), str | bytes)


def tests_of(path: str, name: str) -> tuple[str, ...]:
    """The tests that name a module's constant, the file that mirrors the module, and its folder: the likeliest first."""
    module = Path(path)
    folder = Path("tests", *module.parent.parts[module.parts[0] == "app" :])
    own = (folder / f"test_{module.stem}.py").as_posix()
    while not (ROOT / folder).exists():
        folder = folder.parent
    word = re.compile(rf"\b{name}\b")
    found = [file for file, source in _test_files().items() if word.search(source) and f"{module.stem} import" in source]
    found += [own] if (ROOT / own).exists() and own not in found else []
    return tuple(found) if folder == Path("tests") else (*found, folder.as_posix())


@cache
def _test_files() -> dict[str, str]:
    return {file.relative_to(ROOT).as_posix(): file.read_text() for file in sorted((ROOT / "tests").rglob("test_*.py"))}


def unnoticed(limits: Iterable[Limit], jobs: int = 1) -> list[str]:
    """The names of those that their tests do not notice. A run that takes too long has noticed."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies = [_copy(Path(folder, str(number), "checkout")) for number in range(jobs)]
        free = list(copies)

        def is_noticed(limit: Limit) -> bool:
            checkout = free.pop()
            try:
                seen = _is_noticed(checkout, limit)
                tell(limit.name, is_noticed=seen)
                return seen
            finally:
                free.append(checkout)

        several = list(limits)
        noticed = pool.map(is_noticed, several)
        return [limit.name for limit, seen in zip(several, noticed, strict=True) if not seen]


def _copy(checkout: Path) -> Path:
    checkout.mkdir(parents=True)
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, checkout / name)
    if (shared := ROOT.parent / "shared").exists():  # the recordings that tests look for beside the checkout
        (checkout.parent / "shared").symlink_to(shared)
    return checkout


def _is_noticed(checkout: Path, limit: Limit) -> bool:
    file = checkout / limit.path
    source = file.read_text()
    lines = source.splitlines(keepends=True)
    file.write_text("".join([*lines[: limit.line], limit.change + "\n", *lines[limit.line :]]))
    try:
        return any(not _pass(checkout, one) for one in limit.tests)
    finally:
        file.write_text(source)


def _pass(checkout: Path, tests: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", tests]
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    quiet = subprocess.DEVNULL
    try:
        ended = subprocess.run(
            command, cwd=checkout, env=environment, stdout=quiet, stderr=quiet, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode in (0, 5)  # 5: no tests there
