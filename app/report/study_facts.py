"""A study and a load as reports: what their `--json` tells, and what a person needs around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app import __version__
from app.checks.budget import Spent
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.records import RunOpened, SideName
from app.report import parts
from app.report.limits import load_limits, study_limits
from app.report.schema import Report, RunPart, SpentPart, Tool
from app.study.facts import study_facts
from app.study.load_facts import load_facts
from app.study.load_told import Loaded
from app.study.plan import StudyPlan
from app.study.result import study_result
from app.study.session import Pair
from app.study.told import level_of
from app.text.sentences import text_in_a_row


def study_report(
    opened: RunOpened, plan: StudyPlan, pairs: Sequence[Pair], exchanges: Sequence[Exchange], table: PriceTable | None = None
) -> Report:
    """The report of a study. `exchanges`: all of them, warm-ups too. `table`: the prices to count by, None for those brought
    along."""
    facts = study_facts(plan, pairs, study_result(pairs, level_of(plan)))
    spent = Spent()
    for one in exchanges:
        spent.add(one, table)
    return parts.hidden(
        Report(
            tool=Tool(version=__version__, recorded_with=opened.app_version),
            run=_run("study", opened, exchanges, plan.seed),
            sentence=_sentence(facts),
            endpoints=[parts.endpoint_part(side, found) for side, found in parts.by_side(exchanges).items()],
            spent=_spent(spent, parts.price_sources(exchanges, table)),
            study=facts,
            limits=study_limits(facts["pairs"], stopped=bool(plan.left_out)),
            recordings=[parts.recording_part(number, one) for number, one in enumerate(exchanges, 1)],
            masks=parts.mask_parts(exchanges),
        )
    )


def load_report(
    opened: RunOpened,
    sides: Mapping[SideName, Loaded],
    spent: Spent,
    samples: Sequence[Exchange],
    table: PriceTable | None = None,
) -> Report:
    """The report of a load. `samples`: the exchanges of it that were kept."""
    facts = load_facts(sides)
    return parts.hidden(
        Report(
            tool=Tool(version=__version__, recorded_with=opened.app_version),
            run=_run("load", opened, samples, None),
            sentence=_sentence(facts),
            endpoints=[parts.endpoint_part(side, found) for side, found in parts.by_side(samples).items()],
            spent=_spent(spent, parts.price_sources(samples, table)),
            load=facts,
            limits=load_limits(),
            recordings=[parts.recording_part(number, one) for number, one in enumerate(samples, 1)],
            masks=parts.mask_parts(samples),
        )
    )


def _sentence(facts: Mapping[str, Any]) -> str:
    return text_in_a_row(one["sentence"].replace("**", "") for one in facts["says"])


def _run(kind: Any, opened: RunOpened, exchanges: Sequence[Exchange], seed: int | None) -> RunPart:
    host = opened.ask.get("host")
    return RunPart(
        id=opened.run_id,
        kind=kind,
        started_utc=opened.started_utc,
        ended_utc=parts.ended_utc(exchanges),
        seed=seed,
        host=host if isinstance(host, str) else None,
        clock=parts.clock_of(exchanges),
    )


def _spent(spent: Spent, prices: list[str]) -> SpentPart:
    counted = spent.tokens + spent.cached_tokens > 0
    return SpentPart(
        requests=spent.requests,
        input_tokens=spent.input_tokens if counted else None,
        cached_tokens=spent.cached_tokens if counted else None,
        output_tokens=spent.output_tokens if counted else None,
        usd=round(spent.usd, 9) if counted and spent.usd is not None else None,
        uncounted=spent.uncounted,
        prices=prices,
    )
