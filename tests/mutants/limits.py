"""Limits of time and size: module constants, eight times as large and an eighth, in a copy of the checkout."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.checkout import COPIED, compile_all, copy_to, environment
from tests.mutants.mutant import ROOT, UnsoundTestsError, tell
from tests.mutants.readers import Readers, readers_in

_NAME = re.compile(r"_?((MAX|MOST|MIN|LEAST)_.*|[A-Z_]+_(S|MS|NS|BYTES|CHARACTERS|CHARS|LIMIT))")
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

    @property
    def key(self) -> str:
        """Module and name."""
        return self.name.removeprefix("limit ").partition(":")[0]


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
    found = [file for file, (words, source) in _test_files().items() if name in words and f"{module.stem} import" in source]
    found += [own] if (ROOT / own).exists() and own not in found else []
    return tuple(found) if folder == Path("tests") else (*found, folder.as_posix())


@cache
def _test_files() -> dict[str, tuple[frozenset[str], str]]:
    """The words of each, and its source."""
    sources = {file.relative_to(ROOT).as_posix(): file.read_text() for file in sorted((ROOT / "tests").rglob("test_*.py"))}
    return {file: (frozenset(re.findall(r"\w+", source)), source) for file, source in sources.items()}


def unnoticed(limits: Iterable[Limit], jobs: int = 1) -> list[str]:
    """The names of those that their tests do not notice, or that have tests which fail while nothing is broken.

    A run that takes too long has noticed.
    """
    several = list(limits)
    folders = _without_inner(folder for limit in several for folder in limit.tests)
    if not folders:
        return []
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(jobs) as pool:
        readers = readers_in(folders, {limit.key for limit in several}, Path(place, "noted"), jobs)
        copies: list[_Copy] = [_Copy(Path(place, str(number), "checkout")) for number in range(jobs)]
        free = list(copies)

        def is_noticed(limit: Limit) -> bool:
            copy = free.pop()
            try:
                seen = _is_noticed(copy, limit, readers.get(limit.key, Readers()))
                tell(limit.name, is_noticed=seen)
                return seen
            except UnsoundTestsError as error:  # hours of the others are not thrown away for it
                print(f"\n{limit.name}: its tests fail while nothing is broken:\n{error}", flush=True)
                return False
            finally:
                free.append(copy)

        try:
            noticed = list(pool.map(is_noticed, several))
        finally:
            for copy in copies:
                copy.close()
        return [limit.name for limit, seen in zip(several, noticed, strict=True) if not seen]


def _without_inner(places: Iterable[str]) -> list[str]:
    """Without those that lie in another of them."""
    all_of_them = set(places)
    return sorted(one for one in all_of_them if not any(parent.as_posix() in all_of_them for parent in Path(one).parents))


class Outcome(Enum):
    """How a run of tests ended.

    UNCOLLECTED: none ran, as one of their modules could not be imported. That may be because of the limit, or because
    of how they were run: it is listed, to be looked at.
    """

    PASSED = auto()
    FAILED = auto()
    TOO_LONG = auto()
    UNCOLLECTED = auto()


_OUTCOMES: dict[int | None, Outcome] = {
    pytest.ExitCode.OK: Outcome.PASSED,
    pytest.ExitCode.NO_TESTS_COLLECTED: Outcome.PASSED,
    pytest.ExitCode.TESTS_FAILED: Outcome.FAILED,
    pytest.ExitCode.INTERRUPTED: Outcome.UNCOLLECTED,
    None: Outcome.TOO_LONG,
}


def _outcome(code: int | None, said: Path) -> Outcome:
    """Of what `preloaded.py` answered; `said` is the file of what pytest said."""
    if code not in _OUTCOMES:
        raise UnsoundTestsError(f"pytest ended with {code}:\n{said.read_text(errors='replace')}")
    return _OUTCOMES[code]


class _Copy:
    """A copy of the checkout, and a process that runs tests in it."""

    def __init__(self, checkout: Path, copied: Sequence[str] = COPIED) -> None:
        self.checkout = copy_to(checkout, copied)
        self._said = checkout.parent / "said.txt"
        self.sound: set[str] = set()  # limits whose tests pass while nothing is broken
        compile_all(checkout)
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/mutants/preloaded.py")],
            cwd=checkout,
            env=environment(checkout) | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, files: list[str], tests: list[str]) -> Outcome:
        """These tests, and all those of a file without one among them, until one fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "checkout": str(self.checkout),
            "files": files,
            "tests": tests,
            "patience_s": PATIENCE_S,
            "said": str(self._said),
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return _outcome(json.loads(self._process.stdout.readline()), self._said)

    def said(self) -> str:
        """What pytest said of the last run."""
        return self._said.read_text(errors="replace")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def _is_noticed(copy: _Copy, limit: Limit, readers: Readers) -> bool:
    files, tests = _asked(limit, readers)
    if not files:
        return False
    file = copy.checkout / limit.path
    source, was = file.read_text(), file.stat()
    lines = source.splitlines(keepends=True)
    file.write_text("".join([*lines[: limit.line], limit.change + "\n", *lines[limit.line :]]))
    try:
        outcome = copy.run(files, tests)
    finally:
        file.write_text(source)
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))  # so that what was compiled of it counts again
    if outcome is Outcome.PASSED:
        return False
    if limit.key not in copy.sound:
        if copy.run(files, tests) is not Outcome.PASSED:
            raise UnsoundTestsError(f"{limit.key}\n{copy.said()[-2000:]}")
        copy.sound.add(limit.key)
    return outcome is not Outcome.UNCOLLECTED


def _asked(limit: Limit, readers: Readers) -> tuple[list[str], list[str]]:
    """Files of tests, the likeliest first, and which of their tests: without one among them all of a file."""
    if readers.is_anywhere:
        return list(limit.tests), []
    read = {*readers.files, *(test.partition("::")[0] for test in readers.tests)}
    named = [one for one in limit.tests if one in read]
    others = sorted(read.difference(named))
    files = [*named, *(one for one in others if _is_under(one, limit.tests))] or others
    return files, sorted(test for test in readers.tests if test.partition("::")[0] not in readers.files)


def _is_under(file: str, places: Iterable[str]) -> bool:
    return any(file == place or file.startswith(f"{place}/") for place in places)
