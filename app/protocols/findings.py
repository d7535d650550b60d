"""Keeps the findings of one answer: each once a place, and none so often that it buries the others."""

from __future__ import annotations

from collections.abc import Mapping

from app.protocols.reading import Deviation, Finding

MAX_FINDINGS_A_KIND = 20
Place = tuple[int | None, int | None]  # number of an event, offset of its first byte
NOWHERE: Place = (None, None)


class FindingLog:
    """Findings by the id of their deviation.

    Attributes:
        findings: what was found, in order.
        place: where a finding is put that names no place of its own.
    """

    def __init__(self, catalogue: Mapping[str, Deviation], findings: list[Finding]) -> None:
        self.findings = findings
        self.place = NOWHERE
        self._catalogue = catalogue
        self._seen: set[tuple[str, str]] = set()
        self._counts: dict[str, int] = {}

    def note(self, deviation_id: str | None, detail: str, key: str | None = None, place: Place | None = None) -> None:
        """Keep a finding, each (deviation, key) once; the key is the detail where none is given. None is no finding."""
        if deviation_id is None:
            return
        identity = (deviation_id, detail if key is None else key)
        count = self._counts.get(deviation_id, 0)
        if count >= MAX_FINDINGS_A_KIND or identity in self._seen:
            return
        self._seen.add(identity)
        self._counts[deviation_id] = count + 1
        event, offset = self.place if place is None else place
        self.findings.append(Finding(self._catalogue[deviation_id], detail, event, offset))
