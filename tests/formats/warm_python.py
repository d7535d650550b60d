"""Runs a Python snippet in a fork, in which the official SDKs are imported already: their import takes seconds."""

from __future__ import annotations

import io
import runpy
import traceback
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import anthropic  # noqa: F401 - so that each snippet has it
import openai  # noqa: F401

from tests.forked import in_fork


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def run_python(file: Path, env: Mapping[str, str]) -> Ran:
    """As `python -W ignore FILE` would, with these variables and no others. For POSIX systems."""
    return in_fork(lambda: _ran(file), env)


def _ran(file: Path) -> Ran:
    code, out, err = 0, io.StringIO(), io.StringIO()
    warnings.simplefilter("ignore")
    with redirect_stdout(out), redirect_stderr(err):
        try:
            runpy.run_path(str(file), run_name="__main__")
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
        except BaseException:
            traceback.print_exc()
            code = 1
    return Ran(code, out.getvalue(), err.getvalue())
