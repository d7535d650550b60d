"""What else the runs of a study show: other stacks, drift, two groups of times, late runs, lost packets, what gateways say.

Evidence to be read, no verdicts. Times are told of only where chance would show the same in about one study in a hundred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist, median
from typing import NamedTuple

from app.exchange.exchange import Exchange, Outcome
from app.exchange.way import overtaken, sent_again
from app.pricing import total_input
from app.recording.records import SideName, find_header
from app.run.marks import form_of
from app.study.plan import SIDES
from app.study.result import TTFT, StudyResult, value_of
from app.study.session import Pair
from app.study.statistics import spread
from app.study.told import Telling
from app.text.sentences import message

LEVEL = 0.01
_FEWEST_FOR_STACKS, _FEWEST_FOR_DRIFT, _FEWEST_FOR_GROUPS = 6, 10, 12
_LEAST_GROUP, _LEAST_SHARE, _APART_SPREADS = 4, 0.2, 4.0
_LEAST_DRIFT_MS, _LEAST_APART_MS = 20.0, 30.0
_LEAST_LATE_MS, _LATE_SPREADS = 50.0, 8.0

_STACKS = message("**{few} of {side}'s {n} answers came from another stack**: {other} where the rest has {usual}.")
_OFFSETS = message(
    "{few} of {side}'s {n} answers count {more:grouped} input tokens {kind:select more=more|fewer=fewer} than the rest"
    " for requests alike."
)
_DRIFT = {
    True: message(
        "{side}'s first tokens came later and later: {ms:milliseconds} more in the last third of its runs than in the first."
    ),
    False: message(
        "{side}'s first tokens came sooner and sooner: {ms:milliseconds} less in its last third of runs than in the first."
    ),
}
_GROUPS = message(
    "{side}'s first tokens come in two groups: {fast} of {n} after about {low:milliseconds} and"
    " {slow} after about {high:milliseconds}."
)
_LATE = message(
    "{side} was late in {count} of {n} runs: the first token came up to {ms:milliseconds} behind its median."
    " {count:word It is|They are} counted."
)
_LOST = message(
    "In {lost} of {runs} runs the network lost packets, or some overtook others: segments were sent again or came out of order."
)
_NONE_LOST = message("No packet was lost in {runs:plural run|runs}.")
_STATED = message(
    "{side}'s gateway states {ms:milliseconds} of its own in each answer ({header}, the median of {n});"
    " what was measured is B − A {difference:milliseconds}."
)


Runs = Sequence[tuple[int, Exchange]]
"""Answers of one side that completed, each with the number of its pair."""


def observed(pairs: Sequence[Pair], result: StudyResult) -> list[Telling]:
    """All of it, for both sides, and of the network between."""
    return [*(one for side in SIDES for one in _of_side(side, pairs, result)), *_lost(pairs)]


def other_stack(pairs: Sequence[Pair], side: SideName) -> frozenset[int]:
    """The numbers of the pairs in which a side's answer came from another stack than most of its answers did."""
    return frozenset(number for one in _stacks(side, _runs(side, pairs)) for number in one.pairs)


def _runs(side: SideName, pairs: Sequence[Pair]) -> Runs:
    found = ((pair.number, pair.of(side)) for pair in pairs)
    return [(number, one) for number, one in found if one is not None and one.outcome is Outcome.COMPLETED]


def _of_side(side: SideName, pairs: Sequence[Pair], result: StudyResult) -> Iterator[Telling]:
    runs = _runs(side, pairs)
    timed = [(number, value) for number, one in runs if (value := value_of(TTFT, one)) is not None]
    times = [value for _, value in timed]
    yield from _stacks(side, runs)
    yield from _offsets(side, pairs)
    yield from _drift(side, times)
    groups = list(_groups(side, times))
    yield from groups
    if not groups:
        yield from _late(side, timed)
    yield from _stated(side, [one for _, one in runs], result)


def _stacks(side: SideName, runs: Runs) -> Iterator[Telling]:
    """Marks that differ within one side: ids of another form, another model's name, another server."""
    marks = [(number, said) for number, one in runs if (said := _marks(one))]
    seen = Counter(said for _, said in marks)
    if len(seen) < 2 or len(runs) < _FEWEST_FOR_STACKS:
        return
    (usual, count), (other, _), *_ = seen.most_common()
    fields = {"few": seen.total() - count, "n": seen.total(), "usual": usual, "other": other}
    few = tuple(number for number, said in marks if said != usual)
    yield Telling("stacks", _STACKS, {"side": side.upper(), **fields}, few)


def _marks(one: Exchange) -> str:
    head, reading = one.recording.head, one.reading
    server = (find_header(head.headers, "server") if head is not None else None) or ""
    return ", ".join(filter(None, (form_of(reading.response_id or ""), (reading.model or "")[:60], server[:40])))


def _offsets(side: SideName, pairs: Sequence[Pair]) -> Iterator[Telling]:
    """Input counts that differ within one side by more than its prompts do, held against the other side of each pair."""
    found: dict[int, int] = {}
    for pair in pairs:
        mine, other = (_input(pair.of(name)) for name in (side, "b" if side == "a" else "a"))
        if mine is not None and other is not None:
            found[pair.number] = mine - other
    counts = Counter(found.values())
    if side == "a" or len(counts) != 2 or counts.total() < _FEWEST_FOR_STACKS:
        return  # told of B alone: whose count moves can't be told, and A is what is compared with
    (usual, _), (other_count, few) = counts.most_common()
    kind = "more" if other_count > usual else "fewer"
    fields = {"few": few, "n": counts.total(), "more": abs(other_count - usual), "kind": kind}
    others = tuple(number for number, count in found.items() if count == other_count)
    yield Telling("offsets", _OFFSETS, {"side": side.upper(), **fields}, others)


def _input(one: Exchange | None) -> int | None:
    usage = one.reading.usage if one is not None and one.outcome is Outcome.COMPLETED else None
    return total_input(usage, one.protocol.id) if usage is not None and one is not None else None


def _drift(side: SideName, times: Sequence[float]) -> Iterator[Telling]:
    """Mann and Kendall's test of a trend; and how much it is."""
    n = len(times)
    if n < _FEWEST_FOR_DRIFT:
        return
    score = sum((later > one) - (later < one) for at, one in enumerate(times) for later in times[at + 1 :])
    deviation = sqrt(n * (n - 1) * (2 * n + 5) / 18)
    p = 2 * (1 - NormalDist().cdf((abs(score) - 1) / deviation)) if score else 1.0
    third = n // 3
    ms = median(times[-third:]) - median(times[:third])
    if p < LEVEL / 2 and abs(ms) >= _LEAST_DRIFT_MS:
        yield Telling("drift", _DRIFT[ms > 0], {"side": side.upper(), "ms": abs(ms)})


def _groups(side: SideName, times: Sequence[float]) -> Iterator[Telling]:
    """Two groups with a gap between them that is far wider than either is; one late request in twenty is none."""
    ordered, n = sorted(times), len(times)
    if n < _FEWEST_FOR_GROUPS:
        return
    least = max(_LEAST_GROUP, round(_LEAST_SHARE * n))
    cuts = range(least, n - least + 1)
    cut = max(cuts, key=lambda at: ordered[at] - ordered[at - 1])
    fast, slow = ordered[:cut], ordered[cut:]
    apart, wide = slow[0] - fast[-1], max(spread(fast), spread(slow))
    if apart >= max(_LEAST_APART_MS, _APART_SPREADS * wide):
        fields = {"fast": len(fast), "slow": len(slow), "n": n, "low": median(fast), "high": median(slow)}
        yield Telling("groups", _GROUPS, {"side": side.upper(), **fields})


def _late(side: SideName, timed: Sequence[tuple[int, float]]) -> Iterator[Telling]:
    """Single runs far behind the others of their side: named, and never dropped."""
    if len(timed) < _FEWEST_FOR_STACKS:
        return
    times = [value for _, value in timed]
    middle = median(times)
    limit = middle + max(_LEAST_LATE_MS, _LATE_SPREADS * spread(times))
    late = {number: value for number, value in timed if value > limit}
    if late:
        fields = {"count": len(late), "n": len(times), "ms": max(late.values()) - middle}
        yield Telling("late", _LATE, {"side": side.upper(), **fields}, tuple(late))


def _lost(pairs: Sequence[Pair]) -> Iterator[Telling]:
    """What the kernel says of segments, where it says it of every run: that all came as they were sent is said too."""
    known: list[tuple[int, bool]] = []
    for pair in pairs:
        for one in (pair.a, pair.b):
            if one is None or one.outcome is not Outcome.COMPLETED:
                continue
            again, out = sent_again(one.recording), overtaken(one.recording)
            if again is None or out is None:
                return
            known.append((pair.number, bool(again or out)))
    lost = [number for number, found in known if found]
    if lost:
        yield Telling("lost", _LOST, {"lost": len(lost), "runs": len(known)}, tuple(dict.fromkeys(lost)))
    elif known:
        yield Telling("none_lost", _NONE_LOST, {"runs": len(known)})


class _Stated(NamedTuple):
    """A header in which a gateway tells its own time; `factor` makes milliseconds of it."""

    header: str
    factor: float = 1.0


# What a gateway spends itself. LiteLLM 1.108.7 sends the first (seen); Kong documents the second.
_OVERHEAD = (_Stated("x-litellm-overhead-duration-ms"), _Stated("x-kong-proxy-latency"))
_SERVER_TIMING = re.compile(r"\b(gateway|proxy|overhead)\b[^,]*?;\s*dur=([\d.]+)", re.IGNORECASE)


def _stated(side: SideName, answers: Sequence[Exchange], result: StudyResult) -> Iterator[Telling]:
    difference = result.ttft.difference
    if difference is None:
        return
    for header, values in _overheads(answers):
        if len(values) >= _FEWEST_FOR_STACKS:
            fields = {"ms": median(values), "header": header, "n": len(values), "difference": difference.estimate}
            yield Telling("stated", _STATED, {"side": side.upper(), **fields})


def _overheads(answers: Sequence[Exchange]) -> Iterator[tuple[str, list[float]]]:
    heads = [one.recording.head.headers for one in answers if one.recording.head is not None]
    for stated in _OVERHEAD:
        told = (find_header(headers, stated.header) for headers in heads)
        yield stated.header, [value * stated.factor for one in told if (value := _number(one)) is not None]
    timings = (_SERVER_TIMING.search(find_header(headers, "server-timing") or "") for headers in heads)
    yield "server-timing", [value for one in timings if one is not None and (value := _number(one[2])) is not None]


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e7 else None
