"""The figures of two sides beside each other: B minus A of each measure, and which differences say anything."""

from __future__ import annotations

from dataclasses import dataclass

from app.exchange.timing import Timing
from app.model_names import same_model
from app.run.side import Side

ABOUT_THE_SAME_MS = 20.0
ABOUT_THE_SAME_SHARE = 0.05


@dataclass(frozen=True)
class Difference:
    """B minus A of one measure, where both are known.

    `less_is_better` is None where neither is, where it is within the noise, and where the two measure different things.
    """

    a: float
    b: float
    less_is_better: bool | None

    @property
    def value(self) -> float:
        return self.b - self.a


def differences(a: Side, b: Side) -> dict[str, Difference]:
    """B minus A by measure (the names are the keys below), where both sides know it."""
    one_each = len(a.rounds) == len(b.rounds) == 1  # later rounds send the answers along: more of them is not worse
    one_tokeniser = counted_alike(a, b)
    one_start = a.timing.start == b.timing.start
    one_kind = one_start and begins_with_thought(a.timing) == begins_with_thought(b.timing)
    rows = {
        "ttfb": (a.timing.ttfb, b.timing.ttfb, _of_times(a.timing.ttfb, b.timing.ttfb, one_start)),
        "ttft": (a.timing.ttft, b.timing.ttft, _of_times(a.timing.ttft, b.timing.ttft, one_kind)),
        "ttfo": (a.timing.ttfo, b.timing.ttfo, _of_times(a.timing.ttfo, b.timing.ttfo, one_start)),
        "total": (a.timing.total, b.timing.total, None),
        "output_rate": (a.timing.output_rate, b.timing.output_rate, False if _other_rate(a, b) and one_tokeniser else None),
        "input": (a.total_input_tokens, b.total_input_tokens, True if one_each and one_tokeniser else None),
        "output": (written(a), written(b), None),
        "cost": (a.cost.usd if a.cost else None, b.cost.usd if b.cost else None, True),
    }
    return {
        name: Difference(first, second, less) for name, (first, second, less) in rows.items()
        if first is not None and second is not None
    }  # fmt: skip


def _of_times(a_ms: float | None, b_ms: float | None, comparable: bool) -> bool | None:
    """Less is better, except where it is noise or where the two times hold different things."""
    unknown = a_ms is None or b_ms is None
    return True if comparable and not unknown and not about_the_same(a_ms or 0.0, b_ms or 0.0) else None


def about_the_same(a_ms: float, b_ms: float) -> bool:
    """Whether two times of one run are too close to call one of them later: 20 ms, or a twentieth."""
    return abs(b_ms - a_ms) <= max(ABOUT_THE_SAME_MS, ABOUT_THE_SAME_SHARE * min(a_ms, b_ms))


def begins_with_thought(timing: Timing) -> bool:
    """Whether the first token is of the reasoning."""
    return timing.begins_with_reasoning


def written(side: Side) -> int | None:
    """The output tokens as the endpoint counted them; None where it did not, or counted 0 for an answer that has content."""
    return side.usage.output_tokens if side.usage and not counts_nothing(side) else None


def counts_nothing(side: Side) -> bool:
    """Whether one of the answers has content for which 0 output tokens were counted: a relay's 0 is no count."""
    readings = (one.reading for one in side.rounds)
    return any(
        one.usage is not None and one.usage.output_tokens == 0 and (one.text or one.reasoning or one.tool_calls)
        for one in readings
    )


def _other_rate(a: Side, b: Side) -> bool:
    ours, theirs = a.timing.output_rate or 0.0, b.timing.output_rate or 0.0
    return abs(theirs - ours) > ABOUT_THE_SAME_SHARE * min(ours, theirs)


def counted_alike(a: Side, b: Side) -> bool:
    """Whether both were asked for one model: another's tokeniser counts the same text otherwise."""
    if a.first is None or b.first is None:
        return False
    return one_model(a.first.recording.envelope.model, b.first.recording.envelope.model)


def one_model(ours: str, theirs: str) -> bool:
    """Whether two names may mean one model."""
    return same_model(ours, theirs) or same_model(theirs, ours)
