"""`diptych study`: two endpoints compared over many pairs of requests, so that the answer can be trusted and repeated."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path
from random import SystemRandom

from app.asking.history_keeping import journal_in_place
from app.asking.studying import Studying
from app.pricing import PriceTable
from app.recording.records import SideName
from app.report.study_facts import study_report
from app.store.files import why_not_written
from app.store.keys import KeyStore
from app.store.prices import load_prices
from app.store.run_file import save_run
from app.store.settings import SettingsStore
from app.study.estimate import cost_in_words, study_estimate
from app.study.facts import study_facts
from app.study.observed import observed
from app.study.plan import DEFAULT_MAX_TOKENS, DEFAULT_PAIRS, DEFAULT_PROMPT, DEFAULT_WARMUPS, SIDES, StudyPlan
from app.study.result import MEASURES, MeasureResult, StudyResult, study_result
from app.study.session import OnPair, Pair
from app.study.told import level_of, told
from app.terminal.demo_server import demo_endpoints
from app.terminal.endpoint import add_limit_options, add_plain_text_option
from app.terminal.reporting import add_report_option, check_reports, write_reports
from app.terminal.sides import add_side_options, choose_side, wants_demo
from app.terminal.text import argument, complain, say, say_json, table
from app.terminal.usage import UsageError
from app.text import numbers
from app.text.sentences import message, text_in_a_row, tr
from app.wire.client import WireClient

HELP = message(
    "ask two endpoints the same in many pairs, in random order, and say how much slower one is, where, and how sure that is"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    for side in SIDES:
        add_side_options(parser, side)
    plan = parser.add_argument_group(tr("the plan"))
    plan.add_argument("-n", "--pairs", type=int, metavar="N", default=DEFAULT_PAIRS)
    plan.add_argument(
        "--warmup", type=int, metavar="N", default=DEFAULT_WARMUPS, help=tr("pairs that go before and don't count")
    )
    plan.add_argument("--seed", type=int, metavar="S", help=tr("what the order and the prompts are drawn with; else by chance"))
    plan.add_argument("--kept", action="store_true", help=tr("keep connections from request to request"))
    plan.add_argument("--same-prompt", action="store_true", help=tr("ask the same throughout, to see what a cache does"))
    plan.add_argument("--prompt", type=argument, metavar="TEXT", default=DEFAULT_PROMPT)
    plan.add_argument("--max-tokens", type=int, metavar="N", default=DEFAULT_MAX_TOKENS, help=tr("the length of each answer"))
    plan.add_argument("--pause", type=float, metavar="S", default=0.0, help=tr("seconds between two pairs"))
    plan.add_argument("--max-cost", type=float, metavar="USD", help=tr("end it before it costs more"))
    add_limit_options(parser)
    add_plain_text_option(parser)
    add_report_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))
    parser.add_argument("--save", type=Path, metavar="FILE", help=tr("save all runs; the window opens them"))
    parser.set_defaults(request="streaming")


def command(options: argparse.Namespace) -> int:
    """Run it. 0 where pairs could be compared, else 1."""
    for name, least in (("pairs", 1), ("warmup", 0), ("max_tokens", 1), ("pause", 0)):
        if getattr(options, name) < least:
            raise UsageError(tr("{option} must be at least {least}", option=f"--{name.replace('_', '-')}", least=least))
    if options.max_cost is not None and options.max_cost <= 0:
        raise UsageError(tr("--max-cost must be more than 0"))
    if options.save is not None and (why := why_not_written(options.save)):
        raise UsageError(tr("{where}: {why}", where=f"--save {options.save}", why=why))
    check_reports(options.report)
    return asyncio.run(_command(options))


async def _command(options: argparse.Namespace) -> int:
    prices, problem = load_prices()
    if problem:
        complain(f"diptych: {problem}")
    async with demo_endpoints(wants_demo(options, SIDES)) as demos, contextlib.aclosing(WireClient()) as wire:
        keys = KeyStore()
        choices = {side: choice for side in SIDES if (choice := choose_side(options, side, demos, keys)) is not None}
        for side in SIDES:
            if side not in choices:
                raise UsageError(
                    tr(
                        "side {side} is missing: {option} PROFILE, or {option}-url URL and its companions",
                        side=side.upper(),
                        option=f"--{side}",
                    )
                )
        plan = StudyPlan(
            seed=SystemRandom().randrange(1 << 31) if options.seed is None else options.seed,
            protocols={side: one.profile.protocol for side, one in choices.items()},
            models={side: one.model for side, one in choices.items()},
            pairs=options.pairs,
            warmups=options.warmup,
            kept=options.kept,
            same_prompt=options.same_prompt,
            prompt=options.prompt,
            max_tokens=options.max_tokens,
            pause_s=options.pause,
            cap_usd=options.max_cost,
        )
        journal = journal_in_place(SettingsStore().load())
        studying = Studying(wire, plan, choices, _progress(plan), table=prices, journal=journal)
        complain(cost_note(studying))
        try:
            await studying.run()
        except asyncio.CancelledError:  # Ctrl+C: what was seen is judged
            if task := asyncio.current_task():
                task.uncancel()
    if said := studying.finish():
        complain(f"diptych: {said}")
    return _report(studying, options, prices)


def cost_note(studying: Studying) -> str:
    """What will be sent, and what that costs at most, as a sentence."""
    plan = studying.session.plan
    cost = study_estimate(plan, {side: one.prices for side, one in studying.session.endpoints.items()})
    return tr("{cost} Seed {seed}.", cost=cost_in_words(cost), seed=plan.seed)


def _progress(plan: StudyPlan) -> OnPair:
    def on_pair(pair: Pair) -> None:
        if pair.a is not None and pair.b is not None:
            a, b = pair.a.timing.ttft, pair.b.timing.ttft
            complain(tr("{number} of {pairs}: A {a}, B {b}", number=pair.number, pairs=plan.pairs, a=_cell(a), b=_cell(b)))

    return on_pair


def _report(studying: Studying, options: argparse.Namespace, prices: PriceTable) -> int:
    session = studying.session
    result = study_result(session.pairs, level_of(session.plan))
    if options.save is not None:
        save_run(options.save, studying.opened, studying.recordings)
    if options.json:
        say_json(study_facts(session.plan, session.pairs, result))
    else:
        say("\n".join(_lines(session.plan, result)))
        for one in observed(session.pairs, result):
            say(one.words)
    written = True
    if options.report:
        report = study_report(studying.opened, session.plan, session.pairs, session.exchanges, prices)
        written = write_reports(report, options.report)
    return 0 if written and result.pairs else 1


def _lines(plan: StudyPlan, result: StudyResult) -> list[str]:
    rows = [["", "A", "B", "B − A", tr("95 %")]]
    for measure in MEASURES:
        found = result.measures[measure.id]
        if found.a is not None or found.b is not None:
            rows.append([tr(measure.title), *(_median(found, side) for side in SIDES), *_difference(found)])
    a, b = (result.sides[side] for side in SIDES)
    counts = tr(
        "Completed: A {a} of {a_asked}, B {b} of {b_asked}.",
        a=a.completed,
        a_asked=a.asked,
        b=b.completed,
        b_asked=b.asked,
    )
    return [*table(rows), "", counts, "", text_in_a_row(one.words for one in told(plan, result))]


def _median(found: MeasureResult, side: SideName) -> str:
    one = found.of(side)
    return _cell(one.median, found.measure.unit) if one is not None else numbers.DASH


def _difference(found: MeasureResult) -> list[str]:
    one = found.difference
    if one is None:
        return [numbers.DASH, ""]
    interval = one.interval
    between = (
        tr("{low} to {high}", low=_cell(interval.low, ""), high=_cell(interval.high, "")) if interval else tr("too few pairs")
    )
    return [_cell(one.estimate, found.measure.unit), between]


def _cell(value: float | None, unit: str = "ms") -> str:
    return numbers.DASH if value is None else f"{numbers.grouped(value, 1)} {unit}".strip()
