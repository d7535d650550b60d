"""How a question about an endpoint was answered."""

from __future__ import annotations

from enum import StrEnum

from app.text.sentences import message


class Verdict(StrEnum):
    """How a question was answered; there is no score."""

    PASS = "pass"
    FAIL = "fail"
    DIFFERS = "differs"  # it works, but not as the protocol, the endpoint's own list or the endpoint beside it has it
    UNSUPPORTED = "unsupported"  # the endpoint does not have it, and needs not to
    INCONCLUSIVE = "inconclusive"  # it was asked, and what came does not tell
    SKIPPED = "skipped"  # it was not asked


NAMES = {
    Verdict.PASS: message("pass"),
    Verdict.FAIL: message("fail"),
    Verdict.DIFFERS: message("differs"),
    Verdict.UNSUPPORTED: message("unsupported"),
    Verdict.INCONCLUSIVE: message("inconclusive"),
    Verdict.SKIPPED: message("skipped"),
}
"""What each is called, to be said by `tr`; reports for programs have the values themselves."""
