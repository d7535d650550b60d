"""The one clock that stamps are taken from, and a watch that goes by it."""

from __future__ import annotations

import time
from typing import Self

# perf_counter is CLOCK_MONOTONIC on Linux, mach_absolute_time on macOS and QueryPerformanceCounter on Windows,
# where time.monotonic_ns would step by 15 ms.
now_ns = time.perf_counter_ns


class Stopwatch:
    """Measures what runs inside its `with`, each time from 0."""

    def __init__(self) -> None:
        self._began_ns: int | None = None
        self._took_ns = 0

    def __enter__(self) -> Self:
        self._began_ns = now_ns()
        return self

    def __exit__(self, *_: object) -> None:
        self._took_ns, self._began_ns = self._since_ns(), None

    @property
    def took_s(self) -> float:
        """So far, where it goes; else of the last time, 0 before the first."""
        return self._since_ns() / 1e9

    def _since_ns(self) -> int:
        return self._took_ns if self._began_ns is None else now_ns() - self._began_ns
