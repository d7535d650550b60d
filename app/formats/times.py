"""The times of a captured answer, as the program told them that captured it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.recording.records import EndKind, MarkName


@dataclass(frozen=True)
class Times:
    """What a recorder tells of when an answer came, in nanoseconds since the request began.

    `chunks` are (stamp, bytes) and add up to the body. `end_kind` is None where the file does not say how it ended.
    """

    marks: Mapping[MarkName, int]
    chunks: Sequence[tuple[int, int]]
    end_ns: int
    started_utc: str = ""
    end_kind: EndKind | None = None
    end_code: str = ""
    reused: bool = False
