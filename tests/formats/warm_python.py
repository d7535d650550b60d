"""Runs Python snippets in a process each, in which the official SDKs are imported already: their import takes seconds.

`python -m tests.formats.warm_python` reads a line of JSON for each snippet, `{"file": path, "env": {...}}`, and answers with
`{"code": exit code, "out": text, "err": text}`. Each snippet runs in a fork, with that environment and no other.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NamedTuple, Self


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class WarmPython:
    """The process that forks. For POSIX systems."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-W", "ignore", "-m", "tests.formats.warm_python"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self, file: Path, env: dict[str, str]) -> Ran:
        """Run a snippet to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"file": str(file), "env": env}) + "\n")
        self._process.stdin.flush()
        return Ran(**json.loads(self._process.stdout.readline()))


def _serve() -> None:
    import anthropic  # noqa: F401 - so that each snippet has it
    import openai  # noqa: F401

    for line in sys.stdin:
        job = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                _run(job["file"], job["env"], out.fileno(), err.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = [file.read() for file in (out, err) if not file.seek(0)]
        sys.stdout.write(json.dumps({"code": code, "out": texts[0], "err": texts[1]}) + "\n")
        sys.stdout.flush()


def _run(file: str, env: dict[str, str], out: int, err: int) -> None:
    """In the fork: as `python FILE` would, and never back."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(env)
    code = 0
    try:
        runpy.run_path(file, run_name="__main__")
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
