"""What is wrong with a play: a check that fails the honest simulator, one that a fault does not make fail, or another that
it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.checks.judgement import Judged
from app.checks.verdict import Verdict
from tests.checks.knob_rows import Row
from tests.checks.play import REASONING, Stage

_BAD = (Verdict.FAIL, Verdict.DIFFERS)
# Verdicts that the honest simulator may get: some of what is asked it does not have (a certificate, a field of a protocol).
_GOOD = (Verdict.PASS, Verdict.UNSUPPORTED)
# Checks that the honest simulator can't decide, by id: why.
UNDECIDED: dict[str, str] = {
    "pace": "a machine that halts for a moment sends in bursts",
    "cancel": "the unpaced simulator has said all before it can be cancelled",
    "effort": "the usual models do not reason for it, or do not count it",
    "prefix_witness": "the usual model keeps no record of what stood before its thinking",
}


def fault_of_honest(
    stage: Stage, protocol: str, *, seed: int = 1, model: str = "", checks: Iterable[str] = (), a: str | None = ""
) -> Iterator[str]:
    """A sentence for each check that does not pass the honest simulator beside itself."""
    for name, found in stage.play(protocol, a=a, checks=checks, seed=seed, model=model).items():
        for side, one in (("A", found.a), ("B", found.b)):
            if one is None or one.verdict in _GOOD:
                continue
            if one.verdict in _BAD or name not in UNDECIDED:
                yield f"{name} {_said(one, side)}"


def fault_of_lawful(stage: Stage, protocol: str, faults: str, *, checks: Iterable[str] = ()) -> Iterator[str]:
    """A sentence for each check that fails an endpoint which does lawfully what the control does otherwise."""
    for name, found in stage.play(protocol, faults, checks=checks).items():
        if found.b.verdict in _BAD:
            yield f"{name} {_said(found.b, 'B')}"


def fault_of_row(stage: Stage, row: Row, protocol: str, *, alone: bool = False) -> Iterator[str]:
    """A sentence for each check that is not as the row says; `alone`: no other check is played."""
    model = REASONING[protocol] if row.model == "reasoning" else row.model
    if alone or row.alone:
        played = {row.check: stage.played(row.check, protocol, row.faults, model=model)}
    else:
        played = stage.play(protocol, row.faults, model=model)
    found = played[row.check].b
    if not _is_as(row, found):
        yield f"is {_said(found, 'B')}"
    if row.spoils:
        return
    for name, other in played.items():
        if name != row.check and name not in row.also and other.b.verdict in _BAD:
            yield f"{name} too: {_said(other.b, 'B')}"


def _is_as(row: Row, found: Judged) -> bool:
    """With a reason named, the verdict is the check's own matter; else it must be a bad one."""
    return found.reason == row.reason if row.reason else found.verdict in _BAD


def _said(one: Judged, side: str) -> str:
    return f"{one.verdict} ({one.reason}): {one.words(side)} [{one.measured_words(side)}]"
