"""The one clock that stamps are taken from."""

import time

# perf_counter is CLOCK_MONOTONIC on Linux, mach_absolute_time on macOS and QueryPerformanceCounter on Windows,
# where time.monotonic_ns would step by 15 ms.
now_ns = time.perf_counter_ns
