"""What the table of a study shows, as data: a row a measure, the parts of the first token below it, and who completed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from app.exchange.outcome import Outcome
from app.exchange.timing import Unmeasured
from app.study.figures import FEW, between_text, difference_text, value_text
from app.study.plan import SIDES
from app.study.result import (
    GAP,
    P95_RUNS,
    PARTS_OF_TTFT,
    PARTS_UNSPLIT,
    PATH,
    RATE,
    TOTAL,
    TTFB,
    TTFO,
    TTFT,
    Distribution,
    Measure,
    MeasureResult,
    StudyResult,
    failure_words,
    kind_of_failure,
)
from app.text import numbers
from app.text.sentences import message, render, tr

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.study.session import Pair
    from app.study.statistics import Difference, Interval, Percentile

CHOOSABLE = (TTFB, TTFT, TTFO, TOTAL, RATE, GAP)
CHOICES = (
    message("First byte"),
    message("First token"),
    message("First output"),
    message("Total"),
    message("Output rate"),
    message("Gaps"),
)
PART_TITLES = {
    "connection": message("connection"), "own": message("Diptych's own work"), "send": message("sending"),
    "path": message("path, one round trip"),
    "endpoint": message("endpoint"), "wait": message("path and endpoint"),
    "head_to_token": message("first byte to first token"),
}  # fmt: skip
_TITLES = {
    TTFT.id: message("First token"), TTFB.id: message("First byte"), TTFO.id: message("First output"),
    TOTAL.id: message("Total"),
    RATE.id: message("Output rate, tokens a second"), GAP.id: message("Gap between tokens, median"), **PART_TITLES,
}  # fmt: skip
_OF_IT = message("of it: {part}")
_LEFT_OVER = message("of it: left over")
_LEFT_OVER_TIP = message(
    "The difference of the first token less those of its parts. Each part's difference is estimated by itself, so that they do"
    " not add up exactly."
)
_COMPLETED = message("Completed")
_SHARE = message("{side}: {low:grouped} % to {high:grouped} % of such runs would (Wilson, 95 %)")
_TIMES = message("{kind} {count} ×")
_KINDS = message("{side}: {kinds:list}")
_NO_INTERVAL = message("p95 {value} without an interval, which needs 72 runs; there are {runs}")
_HAS_INTERVAL = message("p95 {value}, between {low} and {high} (95 %)")
_FEW_RUNS = message("no p95 from {runs:plural run|runs}: it is shown from {needed} on")
_P99 = message("{told}, p99 {value}")
_SIDE_TIP = message("{side}: {runs:plural run|runs}, half within {spread} of the median; {p95}.")
_P_TIP = message("B − A over {pairs:plural pair|pairs}: Hodges-Lehmann, exact signed-rank interval; p = {p:.2g}.")
_WHY = {
    Unmeasured.NO_TIMES: message("without times"), Unmeasured.NO_CONTENT: message("without content"),
    Unmeasured.NO_PIECES: message("not in pieces"), Unmeasured.ONE_PIECE: message("in one piece"),
    Unmeasured.STOPPED: message("cut off"), Unmeasured.BURSTS: message("in bursts"),
    Unmeasured.ONE_BURST: message("in one burst"),
    Unmeasured.NO_COUNT: message("without a count of tokens"),
    Unmeasured.HIDDEN_REASONING: message("with reasoning that is hidden"),
    Unmeasured.FEW_TOKENS: message("with too few tokens"), Unmeasured.FEW_PIECES: message("in too few pieces"),
    Unmeasured.TOO_SHORT: message("within too short a time"),
}  # fmt: skip
_TAIL = message("Slow first tokens: {said}. No verdict rests on these.")
_TAIL_SIDE = message("{side} {told}")
_UNMEASURED = message("{side}: not measurable in {count} of {runs} ({why})")


class Drawn(msgspec.Struct, frozen=True):
    """An interval that is drawn on the table's one scale, in ms."""

    low: float
    middle: float
    high: float


class Row(msgspec.Struct, frozen=True):
    """A line. Texts are as shown, "" for what there is nothing of; `note` stands in place of the interval and its drawing."""

    id: str
    title: str
    a: str = ""
    a_p95: str = ""
    b: str = ""
    b_p95: str = ""
    difference: str = ""
    interval: str = ""
    drawn: Drawn | None = None
    note: str = ""
    tip: str = ""
    part: bool = False
    strong: bool = False

    @property
    def words(self) -> str:
        """The line read aloud."""
        named = (("A", self.a), ("B", self.b), ("B − A", self.difference))
        return ", ".join(
            filter(None, (self.title, *(f"{name} {text}" for name, text in named if text), self.interval, self.note))
        )


def interval_text(interval: Interval | None) -> str:
    """`+151 to +214`; the reason where there is none."""
    return between_text(interval.low, interval.high) if interval is not None else tr(FEW)


def rows_of(result: StudyResult, pairs: Sequence[Pair]) -> list[Row]:
    """The table."""
    return list(_rows(result, pairs))


def parts_of(result: StudyResult) -> tuple[Measure, ...]:
    """The parts of the first token: path and endpoint where they were told apart in all pairs, else the wait."""
    whole, split = result.ttft.difference, result.measures[PATH.id].difference
    told_apart = whole is not None and split is not None and split.pairs == whole.pairs
    return PARTS_OF_TTFT if told_apart else PARTS_UNSPLIT


def _rows(result: StudyResult, pairs: Sequence[Pair]) -> Iterator[Row]:
    parts = parts_of(result)
    largest = _largest(result, parts)
    yield _row(result.ttft, pairs, strong=True)
    for part in parts:
        found = result.measures[part.id]
        if found.a is not None or found.b is not None:
            yield _row(found, pairs, part=True, strong=part is largest)
    yield from _left_over(result, parts)
    for measure in (TTFB, TTFO, TOTAL, RATE, GAP):
        yield _row(result.measures[measure.id], pairs)
    yield _completed(result)


def tail_of(result: StudyResult) -> str:
    """What is known of the slow end of both sides' first tokens, and why no more is; "" before any run completed."""
    found = {side: one for side in SIDES if (one := result.ttft.of(side)) is not None}
    said = [render(_TAIL_SIDE, {"side": side.upper(), "told": _told_p95(one)}) for side, one in found.items()]
    return render(_TAIL, {"said": tr("; ").join(said)}) if said else ""


def _largest(result: StudyResult, parts: Sequence[Measure]) -> Measure | None:
    """The part that most of the difference is, where its interval leaves zero out."""
    whole = result.ttft.difference
    if whole is None or whole.interval is None or whole.interval.holds(0.0):
        return None
    sign = 1 if whole.estimate > 0 else -1
    found = [(one, difference) for one in parts if (difference := result.measures[one.id].difference) is not None]
    if not found:
        return None
    part, difference = max(found, key=lambda one: one[1].estimate * sign)
    return part if difference.interval is not None and not difference.interval.holds(0.0) else None


def _left_over(result: StudyResult, parts: Sequence[Measure]) -> Iterator[Row]:
    whole = result.ttft.difference
    found = [result.measures[one.id].difference for one in parts]
    known = [one for one in found if one is not None]
    if whole is None or not known or any(one.pairs != whole.pairs for one in known):
        return
    left = whole.estimate - sum(one.estimate for one in known)
    yield Row("left_over", tr(_LEFT_OVER), difference=difference_text(left), tip=tr(_LEFT_OVER_TIP), part=True)


def _row(found: MeasureResult, pairs: Sequence[Pair], *, part: bool = False, strong: bool = False) -> Row:
    measure, difference = found.measure, found.difference
    title = tr(_TITLES[measure.id])
    drawn = None
    if difference is not None and difference.interval is not None and measure.unit == "ms":
        drawn = Drawn(difference.interval.low, difference.estimate, difference.interval.high)
    return Row(
        measure.id,
        render(_OF_IT, {"part": title}) if part else title,
        value_text(found.a.median if found.a else None),
        _percentile(found.a),
        value_text(found.b.median if found.b else None),
        _percentile(found.b),
        difference_text(difference.estimate) if difference is not None else numbers.DASH,
        interval_text(difference.interval) if difference is not None else "",
        drawn,
        _unmeasured(measure, pairs) if difference is None else "",
        _tip(found, difference),
        part,
        strong,
    )


def _percentile(one: Distribution | None) -> str:
    return value_text(one.p95.value) if one is not None and one.p95 is not None else ""


def _tip(found: MeasureResult, difference: Difference | None) -> str:
    lines = []
    for side in SIDES:
        one = found.of(side)
        if one is not None:
            fields = {"side": side.upper(), "runs": one.runs, "spread": value_text(one.spread), "p95": _told_p95(one)}
            lines.append(render(_SIDE_TIP, fields))
    if difference is not None:
        lines.append(render(_P_TIP, {"pairs": difference.pairs, "p": difference.p}))
    return "\n".join(lines)


def _told_p95(one: Distribution) -> str:
    if one.p95 is None:
        return render(_FEW_RUNS, {"runs": one.runs, "needed": P95_RUNS})
    said = _told(one.p95, one.runs)
    return render(_P99, {"told": said, "value": value_text(one.p99.value)}) if one.p99 is not None else said


def _told(one: Percentile, runs: int) -> str:
    value = value_text(one.value)
    if one.interval is None:
        return render(_NO_INTERVAL, {"value": value, "runs": runs})
    return render(_HAS_INTERVAL, {"value": value, "low": value_text(one.interval.low), "high": value_text(one.interval.high)})


def _unmeasured(measure: Measure, pairs: Sequence[Pair]) -> str:
    """Why a rate or gaps can't be told; "" for other measures, and before any run completed."""
    said = []
    for side in SIDES:
        runs = [one for pair in pairs if (one := pair.of(side)) is not None and one.outcome is Outcome.COMPLETED]
        if measure is RATE:
            reasons = Counter(one.timing.no_rate for one in runs if one.timing.no_rate is not None)
        elif measure is GAP:
            reasons = Counter(one.timing.no_gaps for one in runs if one.timing.no_gaps is not None)
        else:
            return ""
        if reasons:
            why = tr(", ").join(tr(_WHY[reason]) for reason, _ in reasons.most_common())
            fields = {"side": side.upper(), "count": reasons.total(), "runs": len(runs), "why": why}
            said.append(render(_UNMEASURED, fields))
    return tr("; ").join(said)


def _completed(result: StudyResult) -> Row:
    cells, said, kinds = {}, [], []
    for side in SIDES:
        one = result.sides[side]
        cells[side] = f"{one.completed} / {one.asked}" if one.asked else numbers.DASH
        if one.asked:
            low, high = (round(100 * share) for share in one.share)
            said.append(render(_SHARE, {"side": side.upper(), "low": low, "high": high}))
        if one.failed:
            each = [render(_TIMES, {"kind": kind, "count": count}) for kind, count in one.failed.items()]
            kinds.append(render(_KINDS, {"side": side.upper(), "kinds": each}))
            words = [failure_words(kind, count) for kind, count in one.failed.items()]
            said.append(render(_KINDS, {"side": side.upper(), "kinds": words}))
    note = tr("; ").join(filter(None, (_shares(result), *kinds)))
    return Row("completed", tr(_COMPLETED), cells["a"], "", cells["b"], note=note, tip="\n".join(said))


_BOTH = message("{low:grouped} % to {high:grouped} % each (Wilson)")
_EACH = message("A {a_low:grouped} % to {a_high:grouped} %, B {b_low:grouped} % to {b_high:grouped} % (Wilson)")


def _shares(result: StudyResult) -> str:
    a, b = (tuple(round(100 * one) for one in result.sides[side].share) for side in SIDES)
    if not (result.sides["a"].asked and result.sides["b"].asked):
        return ""
    if a == b:
        return render(_BOTH, {"low": a[0], "high": a[1]})
    return render(_EACH, {"a_low": a[0], "a_high": a[1], "b_low": b[0], "b_high": b[1]})


def failed_text(pair: Pair, side: SideName) -> str:
    """How a run failed; "" where it did not."""
    one = pair.of(side)
    if one is None or not one.finished or one.outcome is Outcome.COMPLETED:
        return ""
    return failure_words(kind_of_failure(one), 1)
