"""`diptych load`: an endpoint of your own under more and more requests at a time, or at a rate."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path

from app.asking.history_keeping import journal_in_place
from app.asking.loading import LoadingSides, LocustError, OnSideStep, locust_of
from app.asking.runner import SideChoice
from app.pricing import PriceTable
from app.recording.records import SideName
from app.report.study_facts import load_report
from app.secrets.loopback import is_this_machine
from app.store.files import why_not_written, write_atomically
from app.store.prices import load_prices
from app.store.profiles import Profile
from app.store.run_file import save_run
from app.store.settings import SettingsStore
from app.study.estimate import cost_in_words, load_estimate
from app.study.load import MOST_AT_ONCE, LoadPlan, StepResult
from app.study.load_facts import load_facts
from app.study.load_steps import StepsError, steps_of
from app.study.load_told import Loaded, again_words, load_told, unit_of
from app.study.locust import KEY_VARIABLE
from app.study.plan import DEFAULT_PROMPT
from app.terminal.endpoint import add_limit_options, add_profile_options, chosen_endpoint
from app.terminal.reporting import add_report_option, check_reports, write_reports
from app.terminal.text import argument, complain, say, say_json, table
from app.terminal.usage import UsageError
from app.text import numbers
from app.text.sentences import message, text_in_a_row, tr
from app.text.system_words import system_words
from app.text.urls import split_url
from app.wire.client import WireClient

HELP = message("ask an endpoint of your own more and more at a time, or at a rate, and see what becomes of its first tokens")


def add_options(parser: argparse.ArgumentParser) -> None:
    add_profile_options(parser)
    parser.add_argument("--model", type=argument, metavar="MODEL", help=tr("instead of the profile's model"))
    steps = parser.add_mutually_exclusive_group()
    steps.add_argument(
        "--steps", metavar="N,N", default="1,2,4,8,16", help=tr("how many at a time, up to {most}", most=MOST_AT_ONCE)
    )
    steps.add_argument("--rates", metavar="R,R", help=tr("requests a second instead, sent whether answers came or not"))
    parser.add_argument("--seconds", type=float, metavar="S", default=10.0, help=tr("how long each rate is kept"))
    parser.add_argument(
        "--limit", type=float, metavar="MS", default=1000.0, help=tr("what counts as soon enough for a first token")
    )
    parser.add_argument("--total-limit", type=float, metavar="MS", help=tr("the same for the whole answer"))
    parser.add_argument("--prompt", type=argument, metavar="TEXT", default=DEFAULT_PROMPT)
    parser.add_argument("--max-tokens", type=int, metavar="N", default=32)
    parser.add_argument("--max-cost", type=float, metavar="USD", help=tr("end it before it costs more"))
    parser.add_argument(
        "--mine", action="store_true", help=tr("the endpoint is mine to put under load (needed for other machines)")
    )
    add_limit_options(parser)
    parser.add_argument(
        "--export", nargs=2, metavar=("locust", "FILE"), help=tr("write the same load as a Locust file; send nothing")
    )
    add_report_option(parser)
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help=tr("save the steps and some exchanges; the window opens them")
    )
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))


def command(options: argparse.Namespace) -> int:
    """Run it. 0 where at least one step was answered, else 1."""
    try:
        steps = steps_of(options.rates or options.steps, open_loop=bool(options.rates))
    except StepsError as error:
        option = "--rates" if options.rates else "--steps"
        raise UsageError(tr("{option} {fault}", option=option, fault=error)) from None
    if options.export and options.export[0] != "locust":
        raise UsageError(tr("--export takes locust and the name of a file"))
    if options.max_tokens < 1 or options.seconds <= 0 or options.limit <= 0:
        raise UsageError(tr("--max-tokens, --seconds and --limit must be more than 0"))
    if options.total_limit is not None and options.total_limit <= 0:
        raise UsageError(tr("--total-limit must be more than 0"))
    if options.max_cost is not None and options.max_cost <= 0:
        raise UsageError(tr("--max-cost must be more than 0"))
    if options.save is not None and (why := why_not_written(options.save)):
        raise UsageError(tr("{where}: {why}", where=f"--save {options.save}", why=why))
    check_reports(options.report)
    return asyncio.run(_command(options, steps))


async def _command(options: argparse.Namespace, steps: tuple[float, ...]) -> int:
    prices, problem = load_prices()
    if problem:
        complain(f"diptych: {problem}")
    async with chosen_endpoint(options) as (profile, key), contextlib.aclosing(WireClient()) as wire:
        model = options.model or profile.model
        host = split_url(profile.base_url).hostname or ""
        if not model:
            raise UsageError(tr("a model is needed: --model MODEL"))
        if not is_this_machine(host) and not (options.mine and options.max_cost):
            raise UsageError(
                tr(
                    "{host} is another machine: put only what is yours under load, say so with --mine, "
                    "and cap it with --max-cost",
                    host=host,
                )
            )
        plan = LoadPlan(
            profile.protocol,
            model,
            steps,
            open_loop=bool(options.rates),
            seconds=options.seconds,
            limit_ms=options.limit,
            prompt=options.prompt,
            max_tokens=options.max_tokens,
            cap_usd=options.max_cost,
            total_limit_ms=options.total_limit,
        )
        if options.export:
            return _export(options.export[1], plan, profile)
        journal = journal_in_place(SettingsStore().load())
        loading = LoadingSides(
            wire, {"b": plan}, {"b": SideChoice(profile, model, key)}, _progress(plan), prices, journal=journal
        )
        complain(cost_in_words(load_estimate({"b": plan}, {"b": loading.sides["b"].prices})))
        try:
            await loading.run()
        except asyncio.CancelledError:  # Ctrl+C: the steps that were whole are shown
            if task := asyncio.current_task():
                task.uncancel()
    if said := loading.finish():
        complain(f"diptych: {said}")
    found = loading.loaded["b"]
    if options.json:
        say_json(load_facts(loading.loaded))
    else:
        _print(found)
    written = _write(loading, options, prices)
    return 0 if written and any(one.completed for one in found.results) else 1


def _export(name: str, plan: LoadPlan, profile: Profile) -> int:
    """Write the Locust file."""
    try:
        write_atomically(Path(name), [locust_of(plan, profile).encode()])
    except LocustError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(tr("{file} can't be written: {why}", file=name, why=system_words(error))) from error
    said = tr(
        "Written to {file}. The key is read from {variable}: locust -f {file} --headless -u 16 -r 16 -t 30s",
        file=name,
        variable=KEY_VARIABLE,
    )
    say(said)
    return 0


def _progress(plan: LoadPlan) -> OnSideStep:
    def on_step(_side: SideName, one: StepResult) -> None:
        said = tr(
            "{step:grouped} {unit}: {completed} of {runs} answered, first token {first}",
            step=one.step, unit=unit_of(plan), completed=one.completed, runs=one.runs, first=_ms(one.ttft),
        )  # fmt: skip
        complain(said)

    return on_step


def _write(loading: LoadingSides, options: argparse.Namespace, prices: PriceTable) -> bool:
    """The file and the reports; whether all of them could be written."""
    if options.save is not None:
        save_run(options.save, loading.opened, [one.recording for one in loading.exchanges])
    if not options.report:
        return True
    report = load_report(loading.opened, loading.loaded, loading.spent, loading.exchanges, prices)
    return write_reports(report, options.report)


def _print(found: Loaded) -> None:
    plan = found.plan
    head = [
        unit_of(plan),
        tr("answered"),
        tr("first token"),
        "p95",
        "p99",
        tr("in time"),
        tr("a second"),
    ]
    told = load_told({"b": found})
    say("\n".join([*table([head, *map(_row, found.results)]), "", text_in_a_row(one.words for one in told)]))
    if again := [again_words(said) for one in found.results for said in one.again]:
        say(tr("Refusals said: {said:commas}.", said=dict.fromkeys(again[:5])))


def _row(one: StepResult) -> list[str]:
    p95, p99 = (_ms(part.value) if part is not None else numbers.DASH for part in (one.p95, one.p99))
    answered, share = tr("{completed} of {runs}", completed=one.completed, runs=one.runs), numbers.percent(100 * one.within)
    return [numbers.grouped(one.step), answered, _ms(one.ttft), p95, p99, share, numbers.grouped(one.per_second, 1)]


def _ms(ms: float | None) -> str:
    return numbers.DASH if ms is None else f"{numbers.grouped(ms, 0)} ms"
