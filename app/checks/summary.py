"""The verdict line: what all checks together mean for whoever is about to move there, and the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from app.checks.check import ADMITTED, BREAKING, COMPLETES, REACHED
from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.text.sentences import render

_MUST_BE_KNOWN = (REACHED, ADMITTED, COMPLETES)
_HURTS = {Verdict.FAIL, Verdict.DIFFERS}


class Overall(StrEnum):
    """The three states, and that it can't be told (yet)."""

    WORKS = "works"
    LOSSES = "losses"
    BREAKS = "breaks"
    UNKNOWN = "unknown"


class Reason(msgspec.Struct, frozen=True):
    """A check that counts against the endpoint; the most hurtful come first."""

    check: str
    judged: Judged
    harm: Severity


class Summary(msgspec.Struct, frozen=True):
    """`counts` are verdicts on B by name; `waiting` how many checks are not done yet; `against`: there was a control."""

    overall: Overall
    reasons: tuple[Reason, ...]
    counts: dict[str, int]
    waiting: int
    against: bool
    client: str = ""

    @property
    def undecided(self) -> int:
        """How many checks do not tell."""
        return self.counts.get(Verdict.INCONCLUSIVE, 0) + self.counts.get(Verdict.SKIPPED, 0)

    @property
    def sentence(self) -> str:
        """The line, as plain text."""
        counted = {"undecided": self.undecided or None, "waiting": self.waiting or None}
        return render(_LINES[self.overall], {"client": self.client, "against": self.against, **counted})


_LINES = {
    Overall.WORKS: "{waiting:if So far: works|Works} {against:if as the official one does|as it should}"
    "{client:if , for {client}}{undecided:if  ({undecided:plural check does|checks do} not tell)}.",
    Overall.LOSSES: "{waiting:if So far: works|Works}, with losses{client:if , for {client}}.",
    Overall.BREAKS: "{waiting:if So far: breaks|Breaks}{client:if  {client}}.",
    Overall.UNKNOWN: "Can't tell yet.",
}


def harm_of(check: str, judged: Judged | None) -> Severity | None:
    """How much a verdict hurts; None where it does not, or where the control does the same."""
    if judged is None or judged.verdict not in _HURTS or judged.shared:
        return None
    if judged.harm is not None:
        return judged.harm if judged.harm is not Severity.NOTE else None
    breaks = judged.verdict is Verdict.FAIL and by_id()[check].group in BREAKING
    return Severity.BREAKS if breaks else Severity.LOSES


def summarize(judgements: Mapping[str, Judgement], planned: int, client: str = "", *, against: bool = False) -> Summary:
    """What the checks that are done mean for B; `planned` is how many there are in all."""
    order = list(Severity)
    reasons = [Reason(one, found.b, harm) for one, found in judgements.items() if (harm := harm_of(one, found.b)) is not None]
    reasons.sort(key=lambda one: order.index(one.harm))
    counts: dict[str, int] = {}
    for found in judgements.values():
        counts[found.b.verdict] = counts.get(found.b.verdict, 0) + 1
    return Summary(_overall(judgements, reasons), tuple(reasons), counts, planned - len(judgements), against, client)


def _overall(judgements: Mapping[str, Judgement], reasons: list[Reason]) -> Overall:
    if any(one.harm is Severity.BREAKS for one in reasons):
        return Overall.BREAKS
    known = (judgements[one].b.verdict for one in _MUST_BE_KNOWN if one in judgements)
    if any(one in (Verdict.INCONCLUSIVE, Verdict.SKIPPED) for one in known) or COMPLETES not in judgements:
        return Overall.UNKNOWN
    return Overall.LOSSES if reasons else Overall.WORKS
