"""What a study says in a sentence or two: facts first, then the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from app.recording.records import SideName
from app.study.plan import SIDES, StudyPlan
from app.study.result import PARTS_OF_TTFT, PARTS_UNSPLIT, PATH, StudyResult, failure_words
from app.study.statistics import Difference, fewest_pairs, level_at_any_look, pairs_to_see
from app.text.sentences import Span, message, spans, tr

MOST_OF_IT, ABOUT = 0.8, 0.5  # of the whole difference


class Telling(msgspec.Struct, frozen=True):
    """One thing that is said: a template and its fields. `pairs`: the numbers of those that it is about, () for all."""

    kind: str
    template: str
    fields: Mapping[str, object] = {}
    pairs: tuple[int, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        return spans(self.template, self.fields)

    @property
    def words(self) -> str:
        return "".join(span.text for span in self.spans)


_LATER = {
    1: message(
        "B is **{ms:milliseconds} later** to the first token ({level}: {low:milliseconds} to {high:milliseconds} later)."
    ),
    -1: message(
        "B is **{ms:milliseconds} earlier** to the first token ({level}: {low:milliseconds} to {high:milliseconds} earlier)."
    ),
}
_SAME = message(
    "**No difference can be seen** in the time to the first token: any difference is under {bound:milliseconds} ({level}), and"
    " with {pairs:plural pair|pairs} like these one under {unseen:milliseconds} would often go unnoticed."
)
_MORE_PAIRS = message("About {more:plural pair|pairs} would show one of {ms:milliseconds}.")
_FEW = message("{pairs:plural pair|pairs} are too few to judge by: {needed} are needed at least.")
_NOTHING = message("Nothing can be compared: no pair was answered whole by both sides.")
_PART = {
    "most": message("Most of it is {part}: {ms:milliseconds} ({level}: {low:milliseconds} to {high:milliseconds})."),
    "about": message(
        "About {share:grouped} % of it is {part}: {ms:milliseconds} ({level}: {low:milliseconds} to {high:milliseconds})."
    ),
}
_PART_NAMES = {
    "connection": message("connecting"), "own": message("Diptych's own work"), "send": message("sending the request"),
    "path": message("the way there and back"),
    "wait": message("waiting for its first byte"),
    "endpoint": message("what the endpoint takes until its first byte"),
    "head_to_token": message("the time from its first byte to its first token"),
}  # fmt: skip
_FAILED = message(
    "{side} failed in **{failed} of {asked}** runs ({said:list}); between {low:grouped} % and {high:grouped} % of such runs"
    " would fail (95 %)."
)
_LEFT_OUT = {
    "stopped": message(
        "It was stopped after {pairs} of {planned:plural pair|pairs}; since whoever stops has looked, the intervals hold"
        " {level} at every look (Bonferroni over the {planned} looks), and are wider for that."
    ),
    "cap": message("The cost cap ended it after {pairs} of {planned:plural pair|pairs}."),
    "fails": message("It was given up: every request to {side} failed ({said:list})."),
}


def level_of(plan: StudyPlan) -> float:
    """The level of each interval: higher where the study was stopped by someone who had looked."""
    return level_at_any_look(0.95, plan.pairs) if plan.left_out == "stopped" else 0.95


def told(plan: StudyPlan, result: StudyResult) -> list[Telling]:
    """What the study says, the most important first."""
    return list(_told(plan, result))


def _told(plan: StudyPlan, result: StudyResult) -> Iterator[Telling]:
    difference = result.ttft.difference
    if plan.left_out != "fails":
        if difference is None:
            yield Telling("nothing", _NOTHING)
        else:
            yield from _of_difference(difference, result, fewest_pairs(level_of(plan)))
    yield from _failures(result)
    yield from _left_out(plan, result)


def _of_difference(difference: Difference, result: StudyResult, needed: int) -> Iterator[Telling]:
    interval = difference.interval
    if interval is None:
        yield Telling("few_pairs", _FEW, {"pairs": difference.pairs, "needed": needed})
        return
    fields: dict[str, object] = {"level": tr("95 %"), "pairs": difference.pairs}
    if interval.holds(0.0):
        bound = max(abs(interval.low), abs(interval.high))
        yield Telling("same", _SAME, {**fields, "bound": bound, "unseen": interval.half_width})
        half = interval.half_width / 2
        if half > 0:
            more = {"more": pairs_to_see(half, interval, difference.pairs), "ms": half}
            yield Telling("more_pairs", _MORE_PAIRS, more)
        return
    sign: Literal[1, -1] = 1 if difference.estimate > 0 else -1
    low, high = sorted((abs(interval.low), abs(interval.high)))
    fields |= {"ms": abs(difference.estimate), "low": low, "high": high}
    yield Telling("later" if sign > 0 else "earlier", _LATER[sign], fields)
    yield from _largest_part(difference, result, sign)


def _largest_part(whole: Difference, result: StudyResult, sign: int) -> Iterator[Telling]:
    """The part of the first token that differs most, where it holds at least half and its own interval leaves zero out.

    Parts are estimated one by one and do not add up exactly.
    """
    split = result.measures[PATH.id].difference
    named = PARTS_OF_TTFT if split is not None and split.pairs == whole.pairs else PARTS_UNSPLIT
    parts = [(one, found) for one in named if (found := result.measures[one.id].difference) is not None]
    if not parts:
        return
    part, found = max(parts, key=lambda one: one[1].estimate * sign)
    share = found.estimate / whole.estimate
    if share < ABOUT or found.interval is None or found.interval.holds(0.0):
        return
    low, high = sorted((abs(found.interval.low), abs(found.interval.high)))
    fields = {"part": tr(_PART_NAMES[part.id]), "ms": abs(found.estimate), "low": low, "high": high, "level": tr("95 %")}
    kind = "most" if share >= MOST_OF_IT else "about"
    yield Telling(f"part_{kind}", _PART[kind], {**fields, "share": min(100, round(100 * share))})


def _failures(result: StudyResult) -> Iterator[Telling]:
    for name in SIDES:
        side = result.sides[name]
        if side.failed:
            failed = {"failed": side.asked - side.completed, "asked": side.asked, "kinds": list(side.failed)}
            low, high = (100 * (1 - share) for share in reversed(side.share))
            more = {"said": [failure_words(*one) for one in side.failed.items()], "low": low, "high": high}
            yield Telling("failed", _FAILED, {"side": name.upper(), **failed, **more})


def _left_out(plan: StudyPlan, result: StudyResult) -> Iterator[Telling]:
    if not plan.left_out:
        return
    fields: dict[str, object] = {"pairs": result.pairs, "planned": plan.pairs, "level": tr("95 %")}
    if plan.left_out == "fails":
        side: SideName = next((one for one in SIDES if not result.sides[one].completed), "b")
        kinds = list(result.sides[side].failed)
        fields |= {"side": side.upper(), "kinds": kinds, "said": [failure_words(kind, 1) for kind in kinds]}
    yield Telling(f"left_out_{plan.left_out}", _LEFT_OUT[plan.left_out], fields)
