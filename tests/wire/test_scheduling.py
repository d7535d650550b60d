"""The wire process asks for short turns, and gets them where the system knows them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# In a process of its own, since it changes the process it runs in. sched_getattr's number follows that of sched_setattr.
ASK_AND_LOOK = """
import ctypes, os
from app.wire import scheduling
asked = scheduling.ask_for_short_turns()
found = scheduling._SchedAttr()
ctypes.CDLL(None).syscall(scheduling._SYSCALLS[os.uname().machine] + 1, 0, ctypes.byref(found), ctypes.sizeof(found), 0)
print(asked, found.policy, found.nice, found.runtime)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has turns to ask for")
def test_short_turns_are_asked_for_and_nothing_else_changes() -> None:
    version = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if os.uname().machine not in ("x86_64", "aarch64") or version < (6, 12):
        pytest.skip("this Linux has no turns of a wished length")
    done = subprocess.run([sys.executable, "-c", ASK_AND_LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0", str(os.nice(0)), "100000"]
