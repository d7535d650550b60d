"""How long a command takes to its window's first painted frame, for two of them in turn, and what it imports until then.

Nothing is built into the program for it: Qt says itself, by its logging, when it hands a frame to the screen.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from statistics import median
from time import perf_counter

ROUNDS = 11
_SAYS_PAINTED = "qt.widgets.painting: Flushing"


def compared(built: Sequence[str], checkout: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Medians in ms of both, and that of the rounds' ratios; in each they follow each other; the first does not count."""
    rounds = [(first_frame_ms(built, environment), first_frame_ms(checkout, environment)) for _ in range(ROUNDS + 1)][1:]
    return median(a for a, _ in rounds), median(b for _, b in rounds), median(a / b for a, b in rounds)


def imported_until_then(command: Sequence[str], environment: dict[str, str]) -> list[str]:
    """The modules in the order in which they were there, by Python's own list."""
    lines = _until_first_frame(command, environment | {"PYTHONPROFILEIMPORTTIME": "1"})[1]
    return [line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")]


def first_frame_ms(command: Sequence[str], environment: dict[str, str]) -> float:
    """Of a first start: with an empty home. Raises RuntimeError where it ends without a frame."""
    return _until_first_frame(command, environment)[0]


def _until_first_frame(command: Sequence[str], environment: dict[str, str]) -> tuple[float, list[str]]:
    """The milliseconds, and the lines that it said until then."""
    said = []
    with tempfile.TemporaryDirectory(prefix="diptych-home-") as home:
        logs = {"QT_LOGGING_RULES": "qt.widgets.painting=true", "QT_LOGGING_TO_CONSOLE": "1"}
        begin = perf_counter()
        process = subprocess.Popen(command, env=environment | logs | {"HOME": home}, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if line.startswith(_SAYS_PAINTED):
                    return (perf_counter() - begin) * 1000, said
                said.append(line)
        finally:
            process.terminate()
            process.communicate()
    raise RuntimeError(f"{command[0]} ended before it painted: {''.join(said[-1:])}")
