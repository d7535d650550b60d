"""A Compare run as a report: what `diptych run --json` tells, and what a person needs around it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app import __version__
from app.checks.budget import Spent
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.records import RunOpened
from app.report import parts
from app.report.difference_parts import difference_parts
from app.report.limits import run_limits
from app.report.schema import FindingPart, Report, RunPart, SpentPart, Tool
from app.run.compare import compare
from app.run.diff.sentence import sentence
from app.run.diff.summary import compare_run
from app.run.json_report import run_facts
from app.run.side import Side


def run_report(opened: RunOpened, sides: Sequence[Side], table: PriceTable | None = None) -> Report:
    """The report of a run of one or two sides. `table`: the prices to count by, None for those brought along."""
    a, b = sides[0], sides[1] if len(sides) > 1 else None
    exchanges = [one for side in sides for one in side.rounds]
    spent = Spent()
    for one in exchanges:
        spent.add(one, table)
    counted = spent.tokens + spent.cached_tokens > 0
    host = opened.ask.get("host")
    diff = compare_run(a, b) if b is not None else None
    return parts.hidden(
        Report(
            tool=Tool(version=__version__, recorded_with=opened.app_version),
            run=RunPart(
                id=opened.run_id,
                kind="compare",
                started_utc=opened.started_utc,
                ended_utc=parts.ended_utc(exchanges),
                host=host if isinstance(host, str) else None,
                clock=parts.clock_of(exchanges),
                client=a.my_client.title if a.my_client is not None else None,
            ),
            sentence=compare(a, b).sentence,
            endpoints=[parts.endpoint_part(side, found) for side, found in parts.by_side(exchanges).items()],
            spent=SpentPart(
                requests=spent.requests,
                input_tokens=spent.input_tokens if counted else None,
                cached_tokens=spent.cached_tokens if counted else None,
                output_tokens=spent.output_tokens if counted else None,
                usd=round(spent.usd, 9) if counted and spent.usd is not None else None,
                uncounted=spent.uncounted,
                prices=parts.price_sources(exchanges, table),
            ),
            latency=parts.latency_parts(exchanges),
            findings=[part for side in sides for part in _findings(side)],
            compare=msgspec.to_builtins(run_facts(a, b)),
            difference=sentence(diff) if diff is not None else None,
            differences=difference_parts(diff) if diff is not None else [],
            limits=run_limits(max((len(side.rounds) for side in sides), default=0)),
            recordings=[parts.recording_part(number, one) for number, one in enumerate(exchanges, 1)],
            masks=parts.mask_parts(exchanges),
        )
    )


def _findings(side: Side) -> list[FindingPart]:
    return [
        FindingPart(
            side=side.name,
            id=one.id,
            severity=str(one.severity),
            sentence=one.sentence,
            plain=one.plain,
            remedy=one.remedy or None,
            round=number,
            event=one.event,
            excerpt=_excerpt(side.rounds[number - 1], one.event),
        )
        for number, one in side.findings
    ]


def _excerpt(exchange: Exchange, event: int | None) -> str | None:
    return parts.excerpt(parts.bytes_of(exchange, event, None).data) if event is not None else None
