"""Locks on files: who holds one is alone with what it stands for, until its handle is closed or its process ends."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 5.0  # a file of ours is written in milliseconds
BETWEEN_S = 0.005
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
_O_BINARY = getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 40  # far behind the end: Windows' locks keep others from reading what they cover

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(handle: int) -> bool:
    """Take the lock of an open file, without waiting; whether it was free."""
    try:
        _lock(handle)
    except OSError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file that exists for nothing else; made where it is not there. Waits for who has it.

    Raises TimeoutError where it is not to be had. Where there can be no such file or the file system knows no locks (some of a
    network), nothing is locked: to save without is better than not to save.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | _O_BINARY, 0o600)
    except OSError:
        yield
        return
    try:
        _wait(handle)
        yield
    finally:
        os.close(handle)


def _wait(handle: int) -> None:
    end = time.monotonic() + WAIT_S
    while True:
        try:
            return _lock(handle)
        except OSError as error:
            if error.errno not in _TAKEN:
                return None
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(BETWEEN_S)
