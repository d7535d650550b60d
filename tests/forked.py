"""Runs work in a fork of the test's process: what that has imported is there at once, where a new process takes seconds for it.

For what needs a process of its own, but no start of the interpreter: its environment, its memory and its Qt application are its
own, and it can end as it likes.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import NoReturn, TypeVar

from PySide6.QtCore import QCoreApplication

T = TypeVar("T")


def can_fork() -> bool:
    """Whether the system can, and no Qt application runs here, which a fork would share."""
    return hasattr(os, "fork") and QCoreApplication.instance() is None


def in_fork(work: Callable[[], T], environment: Mapping[str, str]) -> T:
    """What `work` gives in a fork with these variables and no others. Raises AssertionError where it raised or died."""
    here, there = Pipe(duplex=False)
    child = os.fork()
    if not child:
        _work(work, environment, there)
    there.close()
    with here:
        try:
            done, said = here.recv()
        except EOFError:
            done, said = False, "it said nothing"
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert done, said
    assert code == 0, f"the fork ended with {code}"
    result: T = said
    return result


def _work(work: Callable[[], object], environment: Mapping[str, str], line: Connection) -> NoReturn:
    """In the fork: never back into the test that it came from."""
    code = 1
    try:
        gc.freeze()
        os.environ.clear()
        os.environ.update(environment)
        line.send((True, work()))
        code = 0
    except BaseException:
        line.send((False, traceback.format_exc()))
    finally:
        os._exit(code)
