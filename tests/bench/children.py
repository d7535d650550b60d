"""Python processes that a benchmark starts: servers, bare clients, stubs. They talk by lines of JSON and end with us."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

_PATIENCE_S = 120.0


class Child:
    """`python -m MODULE ARGUMENTS`, whose standard output is lines of JSON; it has to end when its standard input does.

    `variables` are added to its environment. Python keeps what it compiled there, as it does where nothing is set.
    """

    def __init__(self, module: str, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env={**environment, **(variables or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name=f"lines of {module}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def line(self, patience_s: float = _PATIENCE_S) -> Any:
        """The next line. Raises queue.Empty where none comes, RuntimeError where the process ended instead."""
        line = self._lines.get(timeout=patience_s)
        if not line:
            self._lines.put(b"")
            raise RuntimeError(
                f"a child of the benchmark ended with code {self._process.wait()} before it said what was awaited"
            )
        return json.loads(line)

    def waiting(self) -> list[Any]:
        """The lines that have come, without waiting."""
        found = []
        while not self._lines.empty():
            found.append(self.line())
        return found

    def close(self) -> None:
        """End it and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def tell(**fields: object) -> None:
    """A line to the parent."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def end_with_parent() -> None:
    """Read standard input to its end, then stop at once; run it in a thread."""
    while os.read(0, 4096):
        pass
    os._exit(0)
