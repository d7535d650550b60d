"""The times of a captured answer, as the program told them that captured it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.recording.records import Departed, EndKind, MarkName, PathNoted


@dataclass(frozen=True)
class Times:
    """What a recorder tells of when an answer came, in nanoseconds since the request began.

    `chunks` are (stamp, bytes) and add up to the body. `end_kind` is None where the file does not say how it ended. `path`:
    what the kernel told of the request's last byte and of the connection's path. `frame_ends` as in `app.recording.body.Body`.
    """

    marks: Mapping[MarkName, int]
    chunks: Sequence[tuple[int, int]]
    end_ns: int
    started_utc: str = ""
    end_kind: EndKind | None = None
    end_code: str = ""
    reused: bool = False
    path: Sequence[Departed | PathNoted] = ()
    frame_ends: Sequence[int] = ()


_LAST_S = 1e11  # far beyond what a clock says, and within what a date can be


def epoch_s(value: object) -> float | None:
    """A moment as ISO 8601, or in seconds since 1970, as the latter; None for what is none that a program can have recorded."""
    try:
        if isinstance(value, str):
            value = (datetime.fromisoformat(value) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    except (TypeError, ValueError, OverflowError):
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _LAST_S else None


def iso_utc(epoch: float) -> str:
    """A moment in seconds since 1970 as ISO 8601, to the millisecond."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
