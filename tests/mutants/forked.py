"""Mutants in this process: the tests are collected once, and each mutant gets a fork of it, which runs them until one fails."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.mutants.mutant import ROOT, Mutant, UnsoundTestsError, tell

_QUIET = ("-s", "-n", "0", "-p", "no:cacheprovider")


def unnoticed(mutants: Iterable[Mutant], jobs: int = 1) -> list[str]:
    """The names of the mutants that none of their tests notices."""
    by_tests: dict[tuple[str, ...], list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_tests[mutant.tests].append(mutant)
    found: list[str] = []
    for tests, group in by_tests.items():
        found += _run(tests, group, jobs)
    return found


def _run(tests: tuple[str, ...], mutants: Sequence[Mutant], jobs: int) -> list[str]:
    """As above, for mutants that have their tests in common."""
    loop = _Loop(mutants, jobs)
    with redirect_stdout(io.StringIO()) as said:
        pytest.main([*_QUIET, "--rootdir", str(ROOT), *(str(ROOT / one) for one in tests)], plugins=[loop])
    if not loop.is_sound:
        raise UnsoundTestsError(said.getvalue())
    return loop.unnoticed


class _Loop:
    """A plugin in place of pytest's own loop over the tests.

    Attributes:
        is_sound: the tests pass while nothing is broken.
        unnoticed: the names of mutants with which all tests passed.
    """

    def __init__(self, mutants: Sequence[Mutant], jobs: int) -> None:
        self.is_sound = False
        self.unnoticed: list[str] = []
        self._mutants = mutants
        self._jobs = jobs
        self._running: dict[int, Mutant] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests once as they are, then once a mutant."""
        if session.testsfailed or not session.items:
            return True  # they could not even be collected
        with tempfile.TemporaryDirectory() as folder:
            nothing = Mutant("nothing", (), lambda: None)
            self._start(session, nothing, Path(folder))
            self._wait()
            self.is_sound = self.unnoticed == [nothing.name]
            self.unnoticed.clear()
            for mutant in self._mutants if self.is_sound else ():
                if len(self._running) >= self._jobs:
                    self._wait()
                self._start(session, mutant, Path(folder))
            while self._running:
                self._wait()
        order = [mutant.name for mutant in self._mutants]
        self.unnoticed.sort(key=order.index)
        return True

    def _start(self, session: pytest.Session, mutant: Mutant, folder: Path) -> None:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            self._running[pid] = mutant
            return
        code = 2
        try:
            code = _run_until_one_fails(session, mutant, folder)
        finally:
            os._exit(code)

    def _wait(self) -> None:
        pid, status = os.wait()
        mutant = self._running.pop(pid)
        if status == 0:
            self.unnoticed.append(mutant.name)
        if self.is_sound:
            tell(mutant.name, is_noticed=status != 0)


def _run_until_one_fails(session: pytest.Session, mutant: Mutant, folder: Path) -> int:
    """In a fork: 0 where all tests pass."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    own = Path(tempfile.mkdtemp(dir=folder))
    # Each test makes itself a home: in a folder that all mutants shared, finding the next free number would come to cost most.
    session.config._tmp_path_factory._basetemp = own  # type: ignore[attr-defined]
    mutant.apply()
    items = sorted(session.items, key=lambda item: not any(word in item.nodeid for word in mutant.words))
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            break
    shutil.rmtree(own, ignore_errors=True)
    return 1 if session.testsfailed else 0
