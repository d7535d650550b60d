"""How far checks are, and which of them a filter lists."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING

from app.checks.session import State
from app.checks.summary import is_left_out, with_resting
from app.checks.verdict import Verdict

if TYPE_CHECKING:
    from app.checks.session import Row
    from app.recording.records import SideName

UNTOLD = frozenset({Verdict.INCONCLUSIVE, Verdict.UNSUPPORTED, Verdict.SKIPPED})


class Filter(Enum):
    """Which checks are listed; by the verdict on B."""

    ALL = auto()
    FAIL = auto()
    DIFFERS = auto()
    UNTOLD = auto()
    NOT_DONE = auto()


def not_done(rows: Mapping[str, Row]) -> frozenset[str]:
    """The checks that were not asked to their end: also those that were stopped before, or had no room under the cap, with
    all that rests on them."""
    judgements = {one: row.judgement for one, row in rows.items() if row.judgement is not None}
    left = {
        one for one, row in rows.items() if row.judgement is None or row.state is not State.DONE or is_left_out(row.judgement)
    }
    return with_resting(left, judgements)


def verdict_of(row: Row, side: SideName) -> Verdict | None:
    """The verdict on a side; None where there is none yet, or no such side."""
    found = row.judgement.of(side) if row.judgement is not None else None
    return found.verdict if found is not None else None


def passes(row: Row, chosen: Filter, *, done: bool) -> bool:
    """Whether a check is among those of a filter; `done`: it was asked to its end."""
    verdict = verdict_of(row, "b")
    match chosen:
        case Filter.FAIL:
            return verdict is Verdict.FAIL
        case Filter.DIFFERS:
            return verdict is Verdict.DIFFERS
        case Filter.UNTOLD:
            return verdict in UNTOLD and done
        case Filter.NOT_DONE:
            return not done
    return True


def counts(rows: Mapping[str, Row]) -> dict[Filter, int]:
    """How many checks each filter has."""
    left = not_done(rows)
    return {one: sum(passes(row, one, done=name not in left) for name, row in rows.items()) for one in Filter}
