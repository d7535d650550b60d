"""What each client makes of a finding, as far as the runs tell: nothing, something lost, broken, or why that is not known.

A cell of the findings table is made of this. It is never harsher than what the finding is judged to be for that client
(`severity_for`): where the runs were worse than that, something else was wrong with what was played in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from app.clients.impact import Impact, Seen, fared_alike, impacts, severity_for
from app.clients.table import Table, table
from app.protocols.findings import Finding, Severity
from app.text.sentences import render, text_in_a_row

_ORDER = list(Severity)


class Standing(StrEnum):
    """The worst first."""

    BREAKS = "breaks"
    LOSES = "loses"
    SAME = "same"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why it is not known what a client makes of a finding."""

    NOT_TRIED = "not tried"  # no answer with this finding, and nothing worse, was played to it
    ALIKE = "alike"  # all clients fared alike, and worse than the finding explains
    PROTOCOL = "protocol"  # it was not run in the protocol


_OF = {Severity.BREAKS: Standing.BREAKS, Severity.LOSES: Standing.LOSES, Severity.NOTE: Standing.SAME}
_WHY = {
    Why.NOT_TRIED: "No answer in which this is the worst finding was played to {client}.",
    Why.ALIKE: (
        "All clients fared alike with the answers that have this finding, and worse than it explains: what {client} makes of "
        "this alone is not known."
    ),
    Why.PROTOCOL: "{client} was not run with {protocol}.",
}
_NOT_ALONE = "{client} fared better with another answer that has this finding, so it alone does not do that."
_IN_THE_ANSWER = "What is wrong is in the answer or in how it came, and {client} hands that on."


class Made(msgspec.Struct, frozen=True):
    """What one client makes of a finding.

    Attributes:
        why: why it is not known; None where it is.
        judged: how severe the finding is for this client.
    """

    impact: Impact
    standing: Standing
    why: Why | None
    judged: Severity

    @property
    def words(self) -> str:
        """Sentences."""
        fields = {"client": self.impact.client.title}
        if self.why is not None:
            return render(_WHY[self.why], fields)
        more = ""
        if _harsher(self.impact.severity, self.judged):
            more = _NOT_ALONE
        elif self.standing is Standing.SAME and self.judged is not Severity.NOTE:
            more = _IN_THE_ANSWER
        return text_in_a_row((self.impact.words, render(more, fields)))


def not_run_with(client: str, protocol: str) -> str:
    """Why nothing is known of a client (its title) in a protocol (its title)."""
    return render(_WHY[Why.PROTOCOL], {"client": client, "protocol": protocol})


def made_of(finding: Finding, seen: Seen, known: Table | None = None) -> dict[str, Made]:
    """What each client of the protocol makes of it, by the client's name."""
    known = known or table()
    alike = fared_alike(finding, seen, known)
    return {
        one.client.name: _made(one, severity_for(one.client, finding, seen, known), alike)
        for one in impacts(finding, seen, known)
    }


def _made(impact: Impact, judged: Severity, alike: bool) -> Made:
    if impact.severity is None:
        return Made(impact, Standing.UNKNOWN, Why.NOT_TRIED, judged)
    if not _harsher(impact.severity, judged):
        return Made(impact, _OF[impact.severity], None, judged)
    return Made(impact, Standing.UNKNOWN, Why.ALIKE, judged) if alike else Made(impact, _OF[judged], None, judged)


def worst(standings: Iterable[Standing]) -> Standing:
    """The worst of several; UNKNOWN where there is no other."""
    return min(standings, key=list(Standing).index, default=Standing.UNKNOWN)


def _harsher(seen: Severity | None, judged: Severity) -> bool:
    return seen is not None and _ORDER.index(seen) < _ORDER.index(judged)
