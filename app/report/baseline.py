"""What of a report counts against the endpoint, and what of that is new since an earlier report."""

from __future__ import annotations

from enum import StrEnum

from app.checks.verdict import Verdict
from app.report.schema import CheckPart, Report

_RANK = {Verdict.FAIL: 3, Verdict.DIFFERS: 2, Verdict.INCONCLUSIVE: 1, Verdict.SKIPPED: 1}
_NEEDS_A_CONTROL = "no_control"


class FailOn(StrEnum):
    """From which verdict on a check counts; what is worse counts too."""

    FAIL = "fail"
    DIFFERS = "differs"
    INCONCLUSIVE = "inconclusive"  # one that was not asked tells as little


_FROM = {FailOn.FAIL: 3, FailOn.DIFFERS: 2, FailOn.INCONCLUSIVE: 1}


def rank(check: CheckPart) -> int:
    """How much a verdict counts, 0 for nothing: what passed, is not supported, hurts nobody or is the control's own way."""
    if check.b.verdict in (Verdict.FAIL, Verdict.DIFFERS) and check.harm is None:
        return 0
    if check.b.verdict is Verdict.SKIPPED and check.b.reason_code == _NEEDS_A_CONTROL:
        return 0
    return _RANK.get(check.b.verdict, 0)


def counting(report: Report, level: FailOn, baseline: Report | None = None) -> list[CheckPart]:
    """The checks that count; with a `baseline`, those alone that are worse than they were, or bad for another reason."""
    found = [one for one in report.checks if rank(one) >= _FROM[level]]
    if baseline is None:
        return found
    before = {one.id: (rank(one), one.b.reason_code) for one in baseline.checks}
    return [one for one in found if _is_new(one, before.get(one.id))]


def _is_new(check: CheckPart, before: tuple[int, str] | None) -> bool:
    if before is None:
        return True
    was, reason = before
    return rank(check) > was or (rank(check) == was and check.b.reason_code != reason)
