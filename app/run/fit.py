"""Whether code that works elsewhere works with a side's endpoint, as far as one run shows it: the verdict before the figures.

It is made of the findings, as severe as they are for the client that is used, and says nothing of speed or cost. What was not
seen whole is never said to work, with losses or without: an answer cut at its limit, an empty one, a run for tools in which no
tool was called.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.clients.impact import impact_on, severity_of
from app.clients.table import Client
from app.exchange.outcome import Outcome
from app.protocols.any.rules import NOTHING_ANSWERED
from app.protocols.ends import CUT_SHORT, NO_COMPLETION, end_of
from app.protocols.findings import Rule, Severity
from app.run.finding_groups import FindingGroup, above_notes, finding_groups
from app.run.side import Side, seen_in


class Verdict(StrEnum):
    """What a run shows of whether code works there. UNSEEN: nothing speaks against it, but what would show it did not come."""

    DROP_IN = "drop_in"
    LOSSES = "losses"
    BREAKS = "breaks"
    UNSEEN = "unseen"


class Unseen(StrEnum):
    """Why it can't be said of a completed side that it works, although nothing was found that breaks."""

    CUT = "cut"  # an answer was cut short, such as at its token limit: nobody saw how it goes on
    EMPTY = "empty"  # an answer holds nothing
    NO_TOOL = "no_tool"  # a run for tools, and none was called
    HEAD = "head"  # the HTTP head of an answer is not there, as in a capture of a body alone
    END = "end"  # an answer does not say why it ended, or names an error


class Reason(msgspec.Struct, frozen=True):
    """A finding that speaks against a side.

    Attributes:
        rule, severity: of the finding, as severe as it is for the client.
        deed: what the client that was chosen does with such an answer, in the words of an outcome (`app.clients.words.did`);
            "" where none was chosen, or where it did not do so in each of its runs.
    """

    rule: Rule
    severity: Severity
    deed: str = ""


class Fit(msgspec.Struct, frozen=True):
    """The verdict of one side in one run.

    Attributes:
        client: the title of the client that was chosen, "" for the official ones.
        reasons: what speaks against it, what breaks first; none for DROP_IN.
        unseen: why nothing can be said; None but for UNSEEN.
    """

    verdict: Verdict
    client: str
    reasons: tuple[Reason, ...] = ()
    unseen: Unseen | None = None


def fit(side: Side) -> Fit | None:
    """The verdict; None for a side that did not complete (its outcome says more), and for one that no model was asked of."""
    if not _is_judged(side):
        return None
    client = side.my_client
    title = client.title if client is not None else ""
    reasons = tuple(reasons_of(side))
    if reasons and reasons[0].severity is Severity.BREAKS:  # the most hurtful comes first
        return Fit(Verdict.BREAKS, title, reasons)
    if (unseen := unseen_in(side)) is not None:
        return Fit(Verdict.UNSEEN, title, reasons, unseen)
    return Fit(Verdict.LOSSES if reasons else Verdict.DROP_IN, title, reasons)


def reasons_of(side: Side) -> list[Reason]:
    """What speaks against a side, what breaks first, then what my client is known to do; whatever its outcome."""
    client = side.my_client
    reasons = [_reason(one, side, client) for one in above_notes(finding_groups(side))]
    return sorted(reasons, key=lambda one: (list(Severity).index(one.severity), not one.deed))


def _reason(group: FindingGroup, side: Side, client: Client | None) -> Reason:
    """What a finding says against a side, for the client that was chosen."""
    one = group.first
    if client is None:
        return Reason(one.rule, one.severity)
    impact = impact_on(client, one, seen_in(side.rounds[group.seen[0][0] - 1]))
    return Reason(one.rule, one.severity, next((did for did in impact.always if severity_of(did) is one.severity), ""))


def _is_judged(side: Side) -> bool:
    return side.outcome is Outcome.COMPLETED and all(one.generated for one in side.rounds)


def unseen_in(side: Side) -> Unseen | None:
    """Why nobody saw a whole answer, in any of the rounds; None, too, for a side that gets no verdict at all."""
    if not _is_judged(side):
        return None
    ends = {end_of(one.reading) for one in side.rounds}
    if any(one.rule is NOTHING_ANSWERED for _, one in side.findings):
        return Unseen.EMPTY
    if ends & CUT_SHORT:
        return Unseen.CUT
    if any(one.recording.head is None for one in side.rounds):
        return Unseen.HEAD
    if ends & NO_COMPLETION:
        return Unseen.END
    return Unseen.NO_TOOL if side.misses_call else None
