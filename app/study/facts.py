"""A study as plain data, for `--json` and reports: schema 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.study.observed import observed
from app.study.plan import SIDES, StudyPlan
from app.study.result import MEASURES, Distribution, MeasureResult, StudyResult, kind_of_failure, value_of
from app.study.session import Pair
from app.study.statistics import Interval, Percentile
from app.study.told import Telling, told

SCHEMA = 1


def study_facts(plan: StudyPlan, pairs: Sequence[Pair], result: StudyResult) -> dict[str, Any]:
    """The object that `diptych study --json` prints. What was not said or can't be measured is null."""
    return {
        "schema": SCHEMA,
        "plan": msgspec.to_builtins(plan),
        "says": [_telling(one) for one in told(plan, result)],
        "observed": [_telling(one) for one in observed(pairs, result)],
        "pairs": result.pairs,
        "sides": {side: msgspec.to_builtins(result.sides[side]) for side in SIDES},
        "measures": {name: _measure(found) for name, found in result.measures.items()},
        "runs": [_pair(pair) for pair in pairs],
    }


def _telling(one: Telling) -> dict[str, Any]:
    return {"kind": one.kind, "sentence": one.words, "fields": msgspec.to_builtins(one.fields), "pairs": list(one.pairs)}


def _measure(found: MeasureResult) -> dict[str, Any]:
    one = found.difference
    difference = None
    if one is not None:
        difference = {"pairs": one.pairs, "estimate": _rounded(one.estimate), "interval": _interval(one.interval), "p": one.p}
    return {
        "unit": found.measure.unit,
        **{side: _distribution(found.of(side)) for side in SIDES},
        "difference": difference,
    }


def _distribution(one: Distribution | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "runs": one.runs, "median": _rounded(one.median), "spread": _rounded(one.spread), "p95": _percentile(one.p95),
        "p99": _percentile(one.p99),
    }  # fmt: skip


def _percentile(one: Percentile | None) -> dict[str, Any] | None:
    return {"value": _rounded(one.value), "interval": _interval(one.interval)} if one is not None else None


def _interval(one: Interval | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"low": _rounded(one.low), "high": _rounded(one.high), "level": one.level, "achieved": one.achieved}


def _pair(pair: Pair) -> dict[str, Any]:
    runs: dict[str, Any] = {"pair": pair.number, "first": pair.first}
    for side in SIDES:
        one = pair.of(side)
        values = {measure.id: _rounded(value_of(measure, one)) for measure in MEASURES}
        failed = kind_of_failure(one) if one is not None and values["total"] is None else None
        runs[side] = None if one is None else {"failed": failed, **values}
    return runs


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
