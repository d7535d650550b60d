"""A side's findings as people count them: what is off at several events, or in every round, is one finding."""

from __future__ import annotations

import msgspec

from app.exchange.burst_rules import BUFFERED
from app.protocols.findings import Finding, Severity
from app.run.side import Side


class FindingGroup(msgspec.Struct, frozen=True):
    """One finding and where it was seen: (round from 1, the finding there), in the order of the rounds."""

    seen: tuple[tuple[int, Finding], ...]

    @property
    def first(self) -> Finding:
        return self.seen[0][1]

    @property
    def rounds(self) -> set[int]:
        return {number for number, _ in self.seen}


def finding_groups(side: Side) -> list[FindingGroup]:
    """The findings of a side, the most hurtful first; those with one id are one, as they are in the sentence.

    Words that only come late are told behind what is lost for good.
    """
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for number, one in side.findings:
        groups.setdefault(one.id, []).append((number, one))
    return sorted((FindingGroup(tuple(sorted(seen, key=lambda pair: pair[0]))) for seen in groups.values()), key=rank)


def rank(group: FindingGroup) -> tuple[int, bool]:
    """By which several are ordered."""
    return list(Severity).index(group.first.severity), group.first.rule is BUFFERED


def above_notes(groups: list[FindingGroup]) -> list[FindingGroup]:
    """Those that hurt."""
    return [one for one in groups if one.first.severity is not Severity.NOTE]
