"""The differences of two sides in figures: what the spine between the panes shows, quick enough for the end of each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from app.exchange.outcome import Outcome
from app.recording.records import SideName
from app.run.diff.facts import Part, PartSummary, Standing, Summary, Why
from app.run.side import Side

ModelLists = Mapping[SideName, Sequence[str] | None]
"""Each side's list of models; None, or missing, where it was not asked for."""


def summarise(a: Side | None, b: Side | None, models: ModelLists | None = None) -> Summary:
    """What differs. While a side runs nothing is compared."""
    if a is None or b is None:
        return _all_unknown(Why.ALONE)
    if Outcome.RUNNING in (a.outcome, b.outcome):
        return _all_unknown(Why.RUNNING)
    return Summary(
        _answers(a, b),
        _unknown(Part.HEADERS, Why.NO_HEAD),
        _unknown(Part.MODELS, Why.NOT_FETCHED),
        _unknown(Part.EVENTS, Why.NOT_STREAMED),
        _unknown(Part.REQUESTS, Why.NOTHING_SENT),
    )


def _answers(a: Side, b: Side) -> PartSummary:
    texts = [[one.reading.text for one in side.rounds] for side in (a, b)]
    ours, theirs = ("\n".join(one) for one in texts)
    if not ours or not theirs:
        return _unknown(Part.ANSWERS, Why.NO_ANSWER, None if not ours and not theirs else "a" if not ours else "b")
    if ours == theirs:
        return PartSummary(Part.ANSWERS, Standing.SAME, a_length=len(ours), b_length=len(theirs))
    words = zip_longest(ours.split(), theirs.split(), fillvalue="")
    first_a, first_b = next((pair for pair in words if pair[0] != pair[1]), ("", ""))
    return PartSummary(
        Part.ANSWERS, Standing.DIFFERS, places=1,
        a_length=len(ours), b_length=len(theirs), first_a=first_a, first_b=first_b,
    )  # fmt: skip


def _all_unknown(why: Why) -> Summary:
    return Summary(*(_unknown(part, why) for part in Part))


def _unknown(part: Part, why: Why, side: SideName | None = None) -> PartSummary:
    return PartSummary(part, Standing.UNKNOWN, why, side)
