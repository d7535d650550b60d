"""How much memory a process has, in megabytes of a million bytes."""

from __future__ import annotations

from pathlib import Path

import psutil

MB = 1_000_000


def resident_mb(pid: int | None = None) -> float:
    """What is resident now; None is this process."""
    return float(psutil.Process(pid).memory_info().rss / MB)


def peak_mb() -> float:
    """The most that was ever resident in this process."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage's figure would include what the process that started us had at that moment
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / MB
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


def give_back_memory() -> None:
    """Have the allocator return what it keeps for later: what stays is in use. Does nothing where the C library can't."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
