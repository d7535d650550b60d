"""A mutant: one thing that is broken on purpose, and the tests that ought to notice."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class UnsoundTestsError(Exception):
    """The tests fail although nothing is broken, so that they prove nothing."""


@dataclass(frozen=True)
class Mutant:
    """One break that is made in this process.

    Attributes:
        name: what is broken, unique over all kinds: it is the key of `reasons.REASONS`.
        tests: files or folders, relative to the root.
        apply: breaks it, for good: a process that calls it must end.
        words: tests with one of these in their id are tried first, as they are likely to notice.
    """

    name: str
    tests: tuple[str, ...]
    apply: Callable[[], object]
    words: tuple[str, ...] = ()


def tell(name: str, *, is_noticed: bool) -> None:
    """One more was tried: a dot, or the name of what no test noticed."""
    sys.stderr.write("." if is_noticed else f"\n{name}\n")
    sys.stderr.flush()
