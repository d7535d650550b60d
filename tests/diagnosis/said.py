"""What is said of each case, as text. `python -m tests.diagnosis.said` writes `said.txt`, to be read before it is committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.diagnosis import Diagnosis
from tests.diagnosis.cases import CASES, diagnosed

FILE = Path(__file__).with_name("said.txt")


def lines() -> Iterator[str]:
    """A heading for each case, cause and fix, and what helps; then an empty line."""
    for case, found in zip(CASES, diagnosed(), strict=True):
        yield from (f"[{case.rule}]", *_said(found), "")


def _said(found: Diagnosis | None) -> Iterator[str]:
    assert found is not None
    yield found.cause
    yield found.fix
    yield from found.asked_lines
    offered = [found.change.label] if found.change else []
    offered += [f"({action})" for action in found.actions]
    if found.again_s is not None:
        offered.append(f"after {found.again_s:g} s")
    if offered:
        yield "-> " + ", ".join(offered)


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()), encoding="utf-8", newline="\n")
