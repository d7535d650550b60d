"""Runs tests in forks of a process that has imported what is slow to import, and nothing of ours.

A script, run by its path: a package `tests` imported here would be the one in every fork. Each line of stdin is a JSON
object with `checkout`, `files` (of tests, in order), `tests` (ids; those alone run, and all of the files without one) and
`patience_s`, and `said`, the file for what pytest says; each line of stdout answers one with pytest's exit code (negative:
the signal that ended it), or null where it took too long.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import traceback
from typing import Any

import pytest

# Not pyqtgraph, keyring and httpx, which look at the environment when they are imported.
_SLOW = (
    "PySide6.QtCore",
    "PySide6.QtGui",
    "PySide6.QtWidgets",
    "PySide6.QtTest",
    "PySide6.QtSvg",
    "numpy",
    "asyncio",
    "msgspec.json",
    "tomlkit",
    "jinja2",
    "psutil",
    "sqlite3",
)


class _Chosen:
    """Leaves of the collected tests only those that were asked for: these, and all of those files and folders.

    A test counts with all its parameters, which may be made of the limit that is broken.
    """

    def __init__(self, tests: set[str], files: set[str]) -> None:
        self._tests, self._files = {_without_parameters(test) for test in tests}, files

    def pytest_configure(self, config: pytest.Config) -> None:
        config.option.workers = 0  # not by `-n 0`, which is known only where the checkout's tests/conftest.py is

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if self._is_asked_for(one.nodeid)]

    def _is_asked_for(self, test: str) -> bool:
        return _without_parameters(test) in self._tests or self._is_of_whole(test.partition("::")[0])

    def _is_of_whole(self, file: str) -> bool:
        return any(file == place or file.startswith(f"{place}/") for place in self._files)


def _without_parameters(test: str) -> str:
    return test.partition("[")[0]


def main() -> None:
    """Until stdin ends."""
    sys.path.pop(0)  # this script's folder
    for name in _SLOW:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), file=answers, flush=True)


def _run(asked: dict[str, Any]) -> int | None:
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)  # here too: it may be ended before it has come to do so itself
        return _wait(pid, asked["patience_s"])
    code: int = pytest.ExitCode.INTERNAL_ERROR
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for number in (1, 2):
            os.dup2(said, number)
        os.chdir(asked["checkout"])
        os.environ["PYTHONPATH"] = asked["checkout"]
        sys.path.insert(0, asked["checkout"])
        files = asked["files"]
        whole = {file for file in files if not any(test.startswith(f"{file}::") for test in asked["tests"])}
        options = ("-x", "-q", "-p", "no:cacheprovider", "--rootdir", asked["checkout"])
        code = pytest.main([*options, *files], plugins=[_Chosen(set(asked["tests"]), whole)])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code))


def _wait(pid: int, patience_s: float) -> int | None:
    watched = os.pidfd_open(pid)
    is_over = bool(select.select([watched], [], [], patience_s)[0])
    os.close(watched)
    if not is_over:
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if is_over else None


if __name__ == "__main__":
    main()
