"""How a question about an endpoint was answered."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """How a question was answered; there is no score."""

    PASS = "pass"
    FAIL = "fail"
    DIFFERS = "differs"  # it works, but not as the protocol, the endpoint's own list or the endpoint beside it has it
    UNSUPPORTED = "unsupported"  # the endpoint does not have it, and needs not to
    INCONCLUSIVE = "inconclusive"  # it was asked, and what came does not tell
    SKIPPED = "skipped"  # it was not asked
