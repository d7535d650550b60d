"""The findings of one Responses answer, none so often that it buries the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.protocols.findings import Finding, Rule
from app.text.json_text import mend_surrogates

MAX_FINDINGS_A_KIND = 3
MAX_DETAIL_CHARACTERS = 300


class Notes:
    """Findings in the order in which they were made.

    Attributes:
        findings: what was found (the reading's own list).
        number, offset: the event that is being read, and where it begins; None for none.
    """

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.number: int | None = None
        self.offset: int | None = None
        self._counts: Counter[str] = Counter()

    def note(self, deviation: Rule, detail: str = "", *, once: bool = False) -> None:
        """Keep a finding at the event that is being read."""
        self._counts[deviation.id] += 1
        if self._counts[deviation.id] <= (1 if once else MAX_FINDINGS_A_KIND):
            shown = mend_surrogates(detail)[:MAX_DETAIL_CHARACTERS]
            self.findings.append(Finding(deviation, {"detail": shown}, self.number, self.offset))

    def note_all(self, faults: Iterable[tuple[Rule, str]]) -> None:
        """Keep several, as (deviation, detail)."""
        for deviation, detail in faults:
            self.note(deviation, detail)

    def has(self, deviation: Rule) -> bool:
        """Whether it was found."""
        return self._counts[deviation.id] > 0


def shown(value: object) -> str:
    """A scalar as it is; of anything larger the kind alone."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value)[:60]
