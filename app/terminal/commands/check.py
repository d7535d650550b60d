"""`diptych check`: will my code work there? Asks one endpoint, or two side by side, and reports."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from app.asking.checking import Checking, book_of, plan_of
from app.asking.history_keeping import journal_in_place
from app.asking.prices import prices_by_side
from app.asking.runner import SideChoice
from app.checks.check import COMPLETES, Check, Group
from app.checks.estimate import Estimate, estimate
from app.checks.judging import Plan, judge_all
from app.checks.registry import all_checks, by_id, checks_for
from app.checks.summary import Overall
from app.pricing import PriceTable
from app.recording.records import RunFileError, SideName
from app.report.baseline import FailOn, counting
from app.report.facts import check_report
from app.report.schema import Report, ReportError, load
from app.store.files import StoreError, read_regular, why_not_written
from app.store.keys import KeyStore
from app.store.prices import load_prices
from app.store.profiles import Profile
from app.store.run_file import SUFFIX, open_run, save_run
from app.store.settings import SettingsStore
from app.terminal.check_table import Progress, cost_in_words, print_list, print_report
from app.terminal.client import add_client_option, check_client
from app.terminal.demo_server import demo_endpoints
from app.terminal.endpoint import (
    NAME_ONE,
    add_endpoint_options,
    add_limit_options,
    add_plain_text_option,
    demo_names,
    is_demo_name,
)
from app.terminal.reporting import add_report_option, check_reports, write_reports
from app.terminal.sides import Called, chosen, with_client
from app.terminal.text import argument, complain, say_json
from app.terminal.usage import CantBeDoneError, UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.wire.client import WireClient

HELP = message("will your code work there? Ask an endpoint, the official one beside it, and report")
MAX_BASELINE_BYTES = 64 << 20
_ENDPOINT = ("url", "protocol", "key_env", "auth", "header", "model")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "profile",
        nargs="?",
        metavar="PROFILE",
        help=tr(
            "a saved profile, one of {names:commas}, or a saved check ({file}), which is judged again",
            names=demo_names(),
            file=f"FILE{SUFFIX}",
        ),
    )
    checked = parser.add_argument_group(tr("the endpoint that is checked"))
    add_endpoint_options(checked, "")
    checked.add_argument("--model", type=argument, metavar="MODEL", help=tr("instead of the profile's model, on both sides"))
    control = parser.add_argument_group(tr("the official endpoint beside it"))
    control.add_argument("--against", metavar="PROFILE", help=tr("a saved profile, or one of the demo's"))
    add_endpoint_options(control, "against-")
    control.add_argument("--against-model", type=argument, metavar="MODEL", help=tr("where the model has another name there"))
    _add_choice(parser)
    _add_cost(parser)
    result = parser.add_argument_group(tr("the result"))
    result.add_argument(
        "--fail-on",
        choices=[str(one) for one in FailOn],
        default="fail",
        help=tr("from which verdict on the exit code is 1 (fail)"),
    )
    result.add_argument("--strict", action="store_true", help=tr("what differs counts as failed, in a JUnit report too"))
    earlier = tr("an earlier JSON report: only what is new since then counts")
    result.add_argument("--baseline", type=Path, metavar="FILE", help=earlier)
    result.add_argument("--json", action="store_true", help=tr("print the report as one JSON object"))
    result.add_argument("--save", type=Path, metavar="FILE", help=tr("save all exchanges; the window opens it"))
    add_report_option(parser)
    add_client_option(parser)
    add_limit_options(parser)
    add_plain_text_option(parser)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(tr("what is asked"))
    names = [str(one) for one in Group]
    alone = tr("these alone: {names:commas}", names=names)
    group.add_argument("--group", choices=names, action="extend", nargs="+", default=[], metavar="G", help=alone)
    group.add_argument("--check", action="extend", nargs="+", default=[], metavar="ID", help=tr("these checks alone"))
    group.add_argument(
        "--with",
        dest="opt_in",
        action="extend",
        nargs="+",
        default=[],
        metavar="ID",
        help=tr("checks too that are off since they cost much, or “all” of them"),
    )
    group.add_argument("--seed", type=int, metavar="N", help=tr("what prompts and order are drawn with; the report names it"))
    group.add_argument("--list", action="store_true", help=tr("list the checks and what they cost, and send nothing"))


def _add_cost(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(tr("what it may cost"))
    most = tr("it ends before it costs more (twice what it should cost)")
    group.add_argument("--max-cost", type=_usd, metavar="USD", help=most)
    group.add_argument("--max-tokens-total", type=_tokens, metavar="N", help=tr("the same in tokens, of both sides"))
    group.add_argument("--dry-run", action="store_true", help=tr("tell what it would cost, and send nothing"))


def _usd(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text} is no amount of money", text=repr(text))) from None
    if not 0 <= value < 1_000_000:
        raise argparse.ArgumentTypeError(tr("it must lie between 0 and a million dollars"))
    return value


def _tokens(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text} is no number of tokens", text=repr(text))) from None
    if value < 0:
        raise argparse.ArgumentTypeError(tr("it can't be negative"))
    return value


def command(options: argparse.Namespace) -> int:
    """Check it. 0 where nothing counts by `--fail-on`, 1 where something does, or where it can't be told how it works."""
    _refuse_unknown(options)
    check_reports(options.report)
    if options.save is not None and (why := why_not_written(options.save)):
        raise UsageError(tr("{where}: {why}", where=f"--save {options.save}", why=why))
    baseline = _baseline(options.baseline) if options.baseline is not None else None
    if options.list:
        print_list(_listed(options))
        return 0
    table, problem = load_prices()
    if problem:
        complain(f"diptych: {problem}")
    if options.profile is not None and options.profile.lower().endswith(SUFFIX):
        report = _judged_again(options, table)
    else:
        live = asyncio.run(_asked(options, table))
        if live is None:
            return 0
        report = live
    return _told(options, report, baseline)


def _told(options: argparse.Namespace, report: Report, baseline: Report | None) -> int:
    level = FailOn.DIFFERS if options.strict and options.fail_on == FailOn.FAIL else FailOn(options.fail_on)
    found = counting(report, level, baseline)
    if options.json:
        say_json(msgspec.to_builtins(report))
    else:
        print_report(report, found, newly=baseline is not None)
    written = write_reports(report, options.report, strict=options.strict, summary=True)
    return 1 if found or _untold(report) or not written else 0


def _untold(report: Report) -> bool:
    """Whether it was asked for an answer, and can't be told whether one comes: an address that is wrong must not pass."""
    unknown = report.verdict is not None and report.verdict.overall == Overall.UNKNOWN
    return unknown and any(one.id == COMPLETES for one in report.checks)


def _refuse_unknown(options: argparse.Namespace) -> None:
    strangers = [one for one in (*options.check, *options.opt_in) if one not in by_id() and one != "all"]
    if strangers or "all" in options.check:
        raise UsageError(tr("there is no check “{id}”; `diptych check --list` names all", id=(strangers or ["all"])[0]))
    cheap = [one for one in options.opt_in if one != "all" and not by_id()[one].opt_in]
    if cheap:
        raise UsageError(tr("“{id}” is on anyway: --with is for checks that are off until they are asked for", id=cheap[0]))


def _baseline(path: Path) -> Report:
    try:
        return load(read_regular(path, MAX_BASELINE_BYTES))
    except ReportError as error:
        raise UsageError(tr("{where}: {why}", where=f"--baseline {path}", why=error)) from error
    except OSError as error:
        why = system_words(error)
        raise UsageError(tr("{file} can't be read: {why}", file=f"--baseline {path}", why=why)) from error


def _listed(options: argparse.Namespace) -> Iterable[Check]:
    if not (options.group or options.check):
        return [one for one in all_checks() if not options.protocol or one.speaks(options.protocol)]
    return checks_for([options.protocol] if options.protocol else [], options.group, opt_in=["all"], only=options.check)


# -- a saved check -----------------------------------------------------------------------------------------------------


def _judged_again(options: argparse.Namespace, table: PriceTable) -> Report:
    """The report of a saved check, judged by the rules of now. Nothing is sent. Raises UsageError."""
    given = (*_ENDPOINT, "against", "against_url", "group", "check", "opt_in", "seed", "save", "max_cost", "max_tokens_total")
    if wrong := next((one for one in given if getattr(options, one)), ""):
        name = {"opt_in": "with"}.get(wrong, wrong).replace("_", "-")
        raise UsageError(
            tr(
                "{file} is a saved check, which is only judged again: {option} has no meaning there",
                file=options.profile,
                option=f"--{name}",
            )
        )
    try:
        opened, recordings = open_run(Path(options.profile))
    except RunFileError as error:
        raise UsageError(str(error)) from error
    plan = plan_of(opened)
    if plan is None:
        raise UsageError(tr("{file} holds no checks: `diptych {file}` shows what it is", file=options.profile))
    if options.client:
        check_client(options.client, plan.protocols["b"])
        plan = msgspec.structs.replace(plan, client=options.client)
    book = book_of(recordings)
    return check_report(opened, plan, book, judge_all(book, plan), table)


# -- asking ------------------------------------------------------------------------------------------------------------


async def _asked(options: argparse.Namespace, table: PriceTable) -> Report | None:
    """Ask, and report; None where nothing was to be sent. Ctrl+C keeps what came. Raises UsageError, CantBeDoneError."""
    wanted = any(is_demo_name(one) for one in (options.profile, options.against))
    async with demo_endpoints(wanted) as demos:
        choices = _choices(options, demos)
        plan, checks, at_most = _planned(options, choices, table)
        complain(f"{_who(choices)}\n{cost_in_words(checks, at_most, plan.cap_usd, plan.cap_tokens)}")
        if options.dry_run:
            return None
        checking, problem = await _played(plan, choices, table)
    if problem:
        complain(f"diptych: {problem}")
    session = checking.session
    for check, error in session.faults.items():
        told = tr("a fault in the check {id}: {error}", id=check, error=f"{type(error).__name__}: {error}")
        complain(f"diptych: {told}")
    if options.save is not None:
        try:
            save_run(options.save, checking.opened, checking.recordings)
        except (OSError, StoreError) as error:
            raise CantBeDoneError(tr("the check could not be saved: {why}", why=error)) from error
    return check_report(checking.opened, session.plan, session.book, session.judgements, table)


def _choices(options: argparse.Namespace, demos: Sequence[Profile]) -> dict[SideName, SideChoice]:
    """Both sides as they were chosen, "b" the one that is checked. Raises UsageError."""
    keys = KeyStore()
    given = {name: getattr(options, name) for name in _ENDPOINT}
    checked, control = (
        Called(tr("the endpoint that is checked"), "", "--"),
        Called(tr("the control"), "--against", "--against-"),
    )
    b = chosen(options, options.profile, given, checked, demos, keys)
    if b is None:
        raise UsageError(tr(NAME_ONE))
    beside = {name: getattr(options, f"against_{name}") for name in _ENDPOINT}
    named = options.against is not None or beside["url"] is not None
    if named and not beside["model"]:  # the same model is meant, unless the control's own profile names its own
        beside["model"] = options.model
    a = chosen(options, options.against, beside, control, demos, keys, needs_model=False)
    if a is not None and not a.model:
        a = msgspec.structs.replace(a, model=b.model)
    check_client(options.client, b.profile.protocol)
    sides: dict[SideName, SideChoice | None] = {"a": a, "b": b}
    return {side: with_client(one, options.client) for side, one in sides.items() if one is not None}


def _planned(
    options: argparse.Namespace, choices: Mapping[SideName, SideChoice], table: PriceTable
) -> tuple[Plan, tuple[Check, ...], Estimate]:
    protocols: dict[SideName, str] = {side: one.profile.protocol for side, one in choices.items()}
    models: dict[SideName, str] = {side: one.model for side, one in choices.items()}
    checks = checks_for(dict.fromkeys(protocols.values()), options.group, opt_in=options.opt_in, only=options.check)
    if not checks:
        raise UsageError(tr("no check is left: those that were named are for another protocol"))
    at_most = estimate(checks, prices_by_side({side: (one.profile, one.model) for side, one in choices.items()}, table))
    if options.max_cost is not None and at_most.unpriced:
        raise UsageError(
            tr(
                "--max-cost can't be held: no price is known for {names:list}. Use --max-tokens-total N, or set its prices.",
                names=[f"“{choices[side].profile.name}”" for side in at_most.unpriced],
            )
        )
    neither = options.max_cost is None and options.max_tokens_total is None and not at_most.free
    plan = Plan(
        tuple(one.id for one in checks),
        options.seed if options.seed is not None else secrets.randbelow(1 << 31),
        protocols,
        models,
        client=options.client or choices["b"].profile.client,
        cap_usd=at_most.fitting_cap_usd if neither else options.max_cost,
        cap_tokens=at_most.fitting_cap_tokens if neither and at_most.usd is None else options.max_tokens_total,
    )
    return plan, checks, at_most


async def _played(plan: Plan, choices: Mapping[SideName, SideChoice], table: PriceTable) -> tuple[Checking, str]:
    """The session, ended or stopped; and why it could not be kept in the journal, "" where it was."""
    settings = SettingsStore().load()
    progress = Progress()
    async with contextlib.aclosing(WireClient()) as wire:
        checking = Checking(wire, plan, choices, progress, table=table, journal=journal_in_place(settings))
        progress.session = checking.session
        try:
            await checking.run()
        except asyncio.CancelledError:
            if task := asyncio.current_task():
                task.uncancel()
        finally:
            progress.end()
    return checking, checking.finish()


def _who(choices: Mapping[SideName, SideChoice]) -> str:
    b, a = choices["b"], choices.get("a")
    said = f"{b.profile.name} · {b.model}"
    return tr("B {b}, beside A {a}", b=said, a=f"{a.profile.name} · {a.model}") if a is not None else said
