"""A run of checks as a report: the facts alone, a pure function of its recordings and of what was judged."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app import __version__
from app.checks.budget import Prices, Spent
from app.checks.check import Check, Group
from app.checks.checklists import CHECKLISTS, tick
from app.checks.estimate import estimate
from app.checks.judgement import NAMES, Evidence, Judged, Judgement
from app.checks.judging import Book, Plan
from app.checks.registry import all_checks, by_id, step_words
from app.checks.summary import Reason, Summary, harm_of, summarize
from app.clients.table import table as client_table
from app.pricing import PriceTable
from app.recording.records import RunOpened, SideName
from app.report import parts
from app.report.limits import Known, limits
from app.report.parts import Labels
from app.report.schema import (
    ChecklistPart,
    CheckPart,
    EndpointPart,
    EvidencePart,
    LinePart,
    MeasuredPart,
    PlanPart,
    ReasonPart,
    Report,
    RunPart,
    SidePart,
    SpentPart,
    Tool,
    VerdictPart,
)
from app.text.sentences import render, said

_OWN_FAULTS = ("fault", "own_fault")


def check_report(
    opened: RunOpened, plan: Plan, book: Book, judgements: Mapping[str, Judgement], table: PriceTable | None = None
) -> Report:
    """The report of a session, live or from its file. `table`: the prices to count by, None for those brought along."""
    exchanges = [one for one in book.exchanges if one.finished]
    endpoints = [_endpoint(side, plan, book) for side in parts.SIDES if side in plan.protocols]
    # Alone, an endpoint is called by its name: "B" would ask who A is.
    who: Labels = NAMES if len(endpoints) > 1 else {"b": endpoints[-1].label, "a": ""}
    summary = summarize(judgements, len(plan.checks), client_title(plan), against="a" in plan.protocols)
    spent = Spent()
    for one in exchanges:
        spent.add(one, table)
    prices = _prices(plan, book, table)
    known = Known(
        exchanges=sum((one.recording.envelope.side or "b") == "b" for one in exchanges),
        control="a" in plan.protocols,
        not_asked=_not_asked(plan),
        uncounted=spent.uncounted,
        unpriced=any(one.usd(1, 1) is None for one in prices.values()),
        stopped="stopped" in plan.left_out.values() or "cap" in plan.left_out.values(),
    )
    return parts.hidden(
        Report(
            tool=Tool(version=__version__, recorded_with=opened.app_version),
            run=_run(opened, plan, book),
            sentence=summary.foot_text(who["b"]),
            endpoints=endpoints,
            plan=_plan(plan, prices),
            spent=_spent(spent, book, table),
            verdict=_verdict(summary, who["b"]),
            checks=[_check(by_id()[one], found, book, plan, who) for one, found in judgements.items()],
            checklists=_checklists(judgements, plan),
            latency=parts.latency_parts(exchanges),
            limits=limits(known),
            recordings=[parts.recording_part(number, one) for number, one in enumerate(book.exchanges, 1) if one.finished],
            masks=parts.mask_parts(exchanges),
        )
    )


def client_title(plan: Plan) -> str:
    """Package and version of the client that it is judged for; "" where none was chosen."""
    client = client_table().client(plan.client, plan.protocols["b"]) if plan.client else None
    return client.title if client is not None else plan.client


def _run(opened: RunOpened, plan: Plan, book: Book) -> RunPart:
    host = opened.ask.get("host")
    return RunPart(
        id=opened.run_id,
        kind="checks",
        started_utc=opened.started_utc,
        ended_utc=parts.ended_utc(book.exchanges),
        seed=plan.seed,
        host=host if isinstance(host, str) else None,
        clock=parts.clock_of(book.exchanges),
        client=client_title(plan) or None,
    )


def _endpoint(side: SideName, plan: Plan, book: Book) -> EndpointPart:
    found = parts.by_side(book.exchanges).get(side)
    if not found:  # nothing was sent to it
        return EndpointPart(
            side=side, label=NAMES[side], base_url=None, protocol=plan.protocols[side], model_asked=plan.models[side]
        )
    return msgspec.structs.replace(parts.endpoint_part(side, found), model_asked=plan.models[side])


def _prices(plan: Plan, book: Book, table: PriceTable | None) -> dict[SideName, Prices]:
    prices = {side: Prices(plan.protocols[side], plan.models[side], table=table) for side in plan.protocols}
    for side, found in parts.by_side(book.exchanges).items():
        profile = found[0].recording.envelope.profile
        prices[side] = msgspec.structs.replace(prices[side], own=profile.prices, free=bool(profile.demo))
    return prices


def _plan(plan: Plan, prices: Mapping[SideName, Prices]) -> PlanPart:
    checks = [by_id()[one] for one in plan.checks if one in by_id()]
    at_most = estimate(checks, prices)
    return PlanPart(
        groups=list(dict.fromkeys(str(one.group) for one in checks)),
        checks=len(plan.checks),
        requests=at_most.requests,
        tokens=at_most.tokens,
        usd=_usd(at_most.usd),
        cap_usd=plan.cap_usd,
        cap_tokens=plan.cap_tokens,
    )


def _spent(spent: Spent, book: Book, table: PriceTable | None) -> SpentPart:
    counted = spent.requests > 0 and spent.tokens + spent.cached_tokens > 0
    return SpentPart(
        requests=spent.requests,
        input_tokens=spent.input_tokens if counted else None,
        cached_tokens=spent.cached_tokens if counted else None,
        output_tokens=spent.output_tokens if counted else None,
        usd=_usd(spent.usd) if counted else None,
        least_usd=_usd(spent.least_usd) if counted else None,
        uncounted=spent.uncounted,
        prices=parts.price_sources(book.exchanges, table),
    )


def _usd(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 9)


def _verdict(summary: Summary, who: str) -> VerdictPart:
    return VerdictPart(
        overall=str(summary.overall),
        sentence=summary.sentence,
        foot=summary.foot_text(who),
        reasons=[ReasonPart(check=one.check, harm=str(one.harm), brief=one.brief(who)) for one in summary.reasons],
        counts={str(name): count for name, count in summary.counts.items()},
        waiting=summary.waiting,
        undecided=summary.undecided,
    )


def _check(check: Check, found: Judgement, book: Book, plan: Plan, who: Labels) -> CheckPart:
    harm = harm_of(check.id, found.b)
    asked = book.of(check.id, "b") if not check.reads else []
    times = [one.timing.total for one in asked if one.timing.total is not None]
    return CheckPart(
        id=check.id,
        group=str(check.group),
        title=render(check.title, {}),
        proves=render(check.proves, {}),
        b=_side(found.b, check, book, who["b"]),
        a=_side(found.a, check, book, who["a"]) if found.a is not None and "a" in plan.protocols else None,
        relation=_relation(found),
        harm=str(harm) if harm is not None else None,
        brief=Reason(check.id, found.b, harm).brief(who["b"]) if harm is not None else None,
        shared=found.b.shared,
        own_fault=found.b.reason in _OWN_FAULTS,
        rests_on=list(check.foundation),
        requests=len(asked) + (len(book.of(check.id, "a")) if "a" in plan.protocols and not check.reads else 0),
        time_ms=round(sum(times), 3) if times else None,
    )


def _relation(found: Judgement) -> str | None:
    if found.a is None:
        return None
    return "same" if (found.a.verdict, found.a.reason) == (found.b.verdict, found.b.reason) else "differs"


def _side(judged: Judged, check: Check, book: Book, who: str) -> SidePart:
    return SidePart(
        verdict=judged.verdict,
        reason_code=judged.reason,
        sentence=judged.words(who),
        short=judged.measured_words(who) or None,
        measured=[
            MeasuredPart(
                name=str(one.name),
                title=one.title,
                value=str(one.value) if isinstance(one.value, str) else one.value,
                unit=one.unit or None,
                n=one.n,
                formula=one.formula or None,
                interval=one.interval,
                level=one.level,
            )
            for one in judged.measured
        ],
        evidence=[_evidence(one, check, book) for one in judged.evidence],
        advice=judged.advice_words(who) or None,
        said=judged.said or None,
        rests_on=judged.rests_on or None,
    )


def _evidence(evidence: Evidence, check: Check, book: Book) -> EvidencePart:
    one = book.find(check.id, evidence.side, evidence.step, evidence.n)
    meant = parts.bytes_of(one, evidence.event, evidence.span) if one is not None else None
    return EvidencePart(
        side=evidence.side,
        recording=book.number(one) if one is not None else None,
        step=evidence.step,
        title=step_words(one.recording.envelope.check if one is not None else check.id, evidence.step),
        n=evidence.n,
        event=evidence.event,
        byte_range=meant.span if meant is not None else evidence.span,
        sha256=parts.digest(meant.data) if meant is not None else None,
        status=(one.status or None) if one is not None else None,
        note=said(evidence.note) or None,
        excerpt=parts.excerpt(meant.data) if meant is not None else None,
    )


def _checklists(judgements: Mapping[str, Judgement], plan: Plan) -> list[ChecklistPart]:
    return [
        ChecklistPart(
            id=one.checklist.id,
            title=render(one.checklist.title, {}),
            sentence=one.sentence,
            lines=[
                LinePart(
                    id=line.item.id,
                    text=render(line.item.text, {}),
                    tick=str(line.tick),
                    checks=list(line.checks),
                    yours=render(line.item.yours, {}) or None,
                )
                for line in one.lines
            ],
        )
        for one in (tick(each, judgements, plan.checks) for each in CHECKLISTS)
    ]


def _not_asked(plan: Plan) -> tuple[str, ...]:
    """The titles of the checks that cost more and were left out, where their groups were asked."""
    groups: set[Group] = {by_id()[one].group for one in plan.checks if one in by_id()}
    speaks = [one for one in all_checks() if all(one.speaks(each) for each in plan.protocols.values())]
    return tuple(
        f"“{render(one.title, {})}”" for one in speaks if one.opt_in and one.id not in plan.checks and one.group in groups
    )
