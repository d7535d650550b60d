"""A bare Debian in a folder of its own, without Python, where what was built is tried: as root, by mmdebstrap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SUITE = "bookworm"
# Each call in a namespace of its own: what is mounted there, by us or by what we try, is gone with it.
_ENTER = 'mount -t proc proc "$1/proc" && exec chroot "$@"'


def lacking() -> str:
    """Why none can be made here; "" where one can."""
    return "" if not os.getuid() and shutil.which("mmdebstrap") else "that takes root and mmdebstrap"


@contextmanager
def bare_root(*packages: str) -> Iterator[Path]:
    """Debian's smallest system with these packages, and a user `someone`. It is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="diptych-root-") as name:
        root = Path(name)
        included = [f"--include={','.join(packages)}"] if packages else []
        make = ("unshare", "--mount", "mmdebstrap", "--quiet", "--variant=minbase", "--mode=root")
        subprocess.run([*make, *included, SUITE, name], check=True)
        for source in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(source, root / "etc")
        subprocess.run(["chroot", name, "useradd", "--create-home", "someone"], check=True)
        yield root


def goes_well(root: Path, commands: Sequence[Sequence[str]]) -> bool:
    """Run them inside, in turn, up to the first that fails. What those of the user say is shown."""
    for command in commands:
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", _ENTER, "sh", str(root), *command], capture_output=True, text=True, check=False
        )
        shown = done.stdout + done.stderr if done.returncode or command[0] == "su" else ""
        sys.stdout.write(f"{'ok    ' if not done.returncode else 'FAILED'}  {' '.join(command)}\n{shown}")
        sys.stdout.flush()
        if done.returncode:
            return False
    return True


def as_user(said: str) -> tuple[str, ...]:
    """A line of the shell, as the user and in the user's home."""
    return "su", "someone", "-c", f"cd && {said}"
