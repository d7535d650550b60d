"""What a study found: the distributions of both sides, and their paired differences. Pure functions of the recordings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus
from statistics import median

import msgspec

from app.checks.statistics import wilson
from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import Timing
from app.recording.records import SideName, WireErrorCode
from app.study.plan import SIDES
from app.study.session import Pair
from app.study.statistics import Difference, Percentile, paired_difference, percentile, spread
from app.text.sentences import message, tr

P95_RUNS, P99_RUNS = 20, 100  # so many completed runs before such a percentile is shown


def _sum(*parts: float | None) -> float | None:
    return None if all(one is None for one in parts) else sum(filter(None, parts))


class Measure(msgspec.Struct, frozen=True):
    """Something measured of each run. `title` is a message. `value` is in `unit`, None where a run does not have it."""

    id: str
    title: str
    value: Callable[[Timing], float | None]
    unit: str = "ms"
    less_is_better: bool = True


CONNECTION = Measure("connection", message("connection"), lambda one: _sum(one.dns, one.connect, one.proxy, one.tls))
SEND = Measure("send", message("send"), lambda one: one.send)
WAIT = Measure("wait", message("wait"), lambda one: one.wait)
PATH = Measure("path", message("path"), lambda one: one.path)
ENDPOINT = Measure("endpoint", message("endpoint"), lambda one: one.endpoint)
OWN = Measure("own", message("Diptych's own work"), lambda one: one.own)
HEAD_TO_TOKEN = Measure("head_to_token", message("first byte to first token"), lambda one: _minus(one.ttft, one.ttfb))
TTFB = Measure("ttfb", message("first byte"), lambda one: one.ttfb)
TTFT = Measure("ttft", message("first token"), lambda one: one.ttft)
TTFO = Measure("ttfo", message("first output"), lambda one: one.ttfo)
TOTAL = Measure("total", message("total"), lambda one: one.total)
RATE = Measure("output_rate", message("output rate"), lambda one: one.output_rate, "tokens/s", less_is_better=False)
GAP = Measure("gap", message("gap, median of each run"), lambda one: one.gaps.p50_ms if one.gaps else None)

MEASURES = (TTFT, CONNECTION, OWN, SEND, PATH, ENDPOINT, WAIT, HEAD_TO_TOKEN, TTFB, TTFO, TOTAL, RATE, GAP)
# The wait stands in for path and endpoint where the system does not tell them apart.
PARTS_OF_TTFT = (CONNECTION, OWN, SEND, PATH, ENDPOINT, HEAD_TO_TOKEN)
PARTS_UNSPLIT = (CONNECTION, OWN, SEND, WAIT, HEAD_TO_TOKEN)


def _minus(later: float | None, earlier: float | None) -> float | None:
    return None if later is None or earlier is None else later - earlier


class Distribution(msgspec.Struct, frozen=True):
    """One side's values of a measure. `spread` is the median distance from the median; `p95`, `p99` None below their runs."""

    runs: int
    median: float
    spread: float
    p95: Percentile | None = None
    p99: Percentile | None = None


class MeasureResult(msgspec.Struct, frozen=True):
    """A measure of both sides; None where there is no value. `difference` is B minus A over the pairs that have both."""

    measure: Measure
    a: Distribution | None
    b: Distribution | None
    difference: Difference | None

    def of(self, side: SideName) -> Distribution | None:
        return self.a if side == "a" else self.b


class SideResult(msgspec.Struct, frozen=True):
    """How one side fared. `failed` counts by kind: a status, or how the connection ended. `share`: of success (Wilson)."""

    asked: int
    completed: int
    failed: dict[str, int]
    share: tuple[float, float]


class StudyResult(msgspec.Struct, frozen=True):
    """All of it. `measures` by id; `sides` by name; `pairs` is how many pairs completed on both sides."""

    pairs: int
    sides: dict[SideName, SideResult]
    measures: dict[str, MeasureResult]

    @property
    def ttft(self) -> MeasureResult:
        return self.measures[TTFT.id]


def study_result(pairs: Sequence[Pair], level: float = 0.95) -> StudyResult:
    """What these pairs say; only answers that completed are measured, and only pairs of two such are compared."""
    whole = [pair for pair in pairs if _completed(pair.a) and _completed(pair.b)]
    return StudyResult(
        len(whole),
        {side: _side([one for pair in pairs if (one := pair.of(side)) is not None and one.finished]) for side in SIDES},
        {measure.id: _measure(measure, pairs, whole, level) for measure in MEASURES},
    )


def _completed(one: Exchange | None) -> bool:
    return one is not None and one.outcome is Outcome.COMPLETED


def _side(exchanges: list[Exchange]) -> SideResult:
    completed = sum(map(_completed, exchanges))
    kinds = Counter(kind_of_failure(one) for one in exchanges if not _completed(one))
    return SideResult(len(exchanges), completed, dict(kinds.most_common()), wilson(completed, len(exchanges)))


_KINDS: dict[str, str] = {
    WireErrorCode.DNS: message("name not resolved"),
    WireErrorCode.REFUSED: message("refused"),
    WireErrorCode.UNREACHABLE: message("unreachable"),
    WireErrorCode.CONNECT_TIMEOUT: message("connect timeout"),
    WireErrorCode.FIRST_BYTE_TIMEOUT: message("first byte timeout"),
    WireErrorCode.SILENCE_TIMEOUT: message("silence timeout"),
    WireErrorCode.TOTAL_TIMEOUT: message("total timeout"),
    WireErrorCode.RESET: message("connection reset"),
    WireErrorCode.CUT: message("cut off"),
    WireErrorCode.NOT_HTTP: message("not HTTP"),
    WireErrorCode.TOO_LARGE: message("too large"),
}
"""The usual ones; of another the code itself is shown."""


def kind_of_failure(one: Exchange) -> str:
    """How an exchange that did not complete ended: its status, else the wire's code, else "cut"."""
    if one.status >= 300:
        return str(one.status)
    end = one.recording.end
    return end.code if end is not None and end.code else "cut"


def failure_words(kind: str, count: int) -> str:
    """A kind of failure in words: `429 Too Many Requests, 2 ×`: HTTP's own phrase, which is not translated."""
    try:
        said = f"{kind} {HTTPStatus(int(kind)).phrase}"
    except ValueError:
        said = tr(_KINDS[kind]) if kind in _KINDS else kind.replace("_", " ")
    return said if count == 1 else tr("{said}, {count} ×", said=said, count=count)


def value_of(measure: Measure, one: Exchange | None) -> float | None:
    """A run's value; None where it did not complete, or does not have it."""
    return measure.value(one.timing) if one is not None and _completed(one) else None


def _measure(measure: Measure, pairs: Sequence[Pair], whole: Sequence[Pair], level: float) -> MeasureResult:
    sides = {side: [value for pair in pairs if (value := value_of(measure, pair.of(side))) is not None] for side in SIDES}
    differences = [
        b - a for pair in whole if (a := value_of(measure, pair.a)) is not None and (b := value_of(measure, pair.b)) is not None
    ]
    difference = paired_difference(differences, level) if differences else None
    return MeasureResult(measure, _distribution(sides["a"], level), _distribution(sides["b"], level), difference)


def _distribution(values: list[float], level: float) -> Distribution | None:
    if not values:
        return None
    p95 = percentile(values, 0.95, level) if len(values) >= P95_RUNS else None
    p99 = percentile(values, 0.99, level) if len(values) >= P99_RUNS else None
    return Distribution(len(values), median(values), spread(values), p95, p99)
