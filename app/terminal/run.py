"""`diptych run`: one run of one or two endpoints, as a table or as JSON."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from app.asking.runner import Run, Runner, SideChoice
from app.exchange.exchange import Outcome
from app.exchange.timing_words import start_in_words, why_unmeasured
from app.protocols.findings import Severity
from app.recording.recording import Recording
from app.recording.records import Side as SideName
from app.run.compare import compare
from app.run.json_report import run_facts
from app.run.side import Side
from app.scenarios import (
    DEFAULT_PROMPT,
    DEFAULT_SYSTEM,
    DEFAULT_TOOL_RESULT,
    DEFAULT_TOOLS_PROMPT,
    DEFAULT_TURNS,
    Plan,
    Scenario,
)
from app.simulator.server.client import Simulator
from app.store.files import StoreError
from app.store.journal import journal_in_place
from app.store.keys import KeyStore
from app.store.presets import demo_profiles
from app.store.prices import load_prices
from app.store.profiles import Profile
from app.store.run_file import save_run
from app.store.settings import SettingsStore
from app.terminal.sides import UsageError, add_clear_option, add_limit_options, add_side_options, choose_side, wants_demo
from app.terminal.text import argument, complain, say, say_json, table
from app.text import numbers
from app.wire.client import WireClient

SIDES: tuple[SideName, SideName] = ("a", "b")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser("run", help="send one request to one or two endpoints and compare the answers")
    for side in SIDES:
        add_side_options(parser, side)
    request = parser.add_argument_group("the request")
    request.add_argument("--request", choices=[str(one) for one in Scenario], default="streaming")
    request.add_argument("--stream", action=argparse.BooleanOptionalAction, default=None)
    request.add_argument("--prompt", type=argument, metavar="TEXT", help="of a conversation, the first turn")
    request.add_argument("--system", type=argument, metavar="TEXT", help='a conversation has one by default; "" for none')
    request.add_argument("--max-tokens", type=int, metavar="N", default=1024)
    result = request.add_mutually_exclusive_group()
    result.add_argument("--tool-result", type=argument, metavar="TEXT", help="what every tool call gets as its result")
    result.add_argument("--tool-error", type=argument, metavar="TEXT", help="the same, as an error")
    request.add_argument("--body", type=Path, metavar="FILE", help="the JSON body of a custom request")
    add_limit_options(parser)
    add_clear_option(parser)
    parser.add_argument(
        "--no-probe",
        action="store_true",
        help="where nothing answers, do not ask other paths of the same address (by empty requests, which cost nothing)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object (schema 1)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="save the run; the window opens it")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Run it. 0 when all sides completed, 1 when one did not."""
    plan = plan_of(options)
    if options.save is not None and not options.save.absolute().parent.is_dir():
        raise UsageError(f"--save: there is no folder {options.save.absolute().parent}")  # said before anything is paid for
    return asyncio.run(_command(options, plan))


def plan_of(options: argparse.Namespace) -> Plan:
    """The plan that the options describe. Raises UsageError."""
    scenario = Scenario(options.request)
    if (options.body is not None) != (scenario is Scenario.CUSTOM):
        raise UsageError("--body FILE and --request custom belong together")
    if options.max_tokens < 0:
        raise UsageError("--max-tokens can't be negative")
    # What was typed counts, an empty text too.
    prompt = _typed(options.prompt, DEFAULT_TOOLS_PROMPT if scenario is Scenario.TOOLS else DEFAULT_PROMPT)
    system = _typed(options.system, DEFAULT_SYSTEM if scenario is Scenario.CONVERSATION else "")
    return Plan(
        scenario=scenario,
        prompt=prompt,
        system=system or None,
        max_tokens=options.max_tokens,
        stream=options.stream,
        turns=(_typed(options.prompt, DEFAULT_TURNS[0]), *DEFAULT_TURNS[1:]),
        tool_result=_typed(options.tool_error, _typed(options.tool_result, DEFAULT_TOOL_RESULT)),
        tool_is_error=options.tool_error is not None,
        body=_read_body(options.body) if options.body else b"",
    )


def _typed(text: str | None, default: str) -> str:
    return default if text is None else text


def _read_body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error


async def _command(options: argparse.Namespace, plan: Plan) -> int:
    async with demo_endpoints(wants_demo(options, SIDES)) as demos:
        keys = KeyStore()
        chosen = {side: choose_side(options, side, demos, keys) for side in SIDES}
        if chosen["a"] is None:
            raise UsageError("side A is missing: --a PROFILE, or --a-url URL with --a-protocol and --a-model")
        choices = {side: choice for side, choice in chosen.items() if choice is not None}
        run = await play_run(plan, choices, asks_other_paths=not options.no_probe)
    return report(run, as_json=options.json, save=options.save)


@contextlib.asynccontextmanager
async def demo_endpoints(wanted: bool) -> AsyncIterator[tuple[Profile, ...]]:
    """The demo's profiles while its endpoints run; none where they are not wanted."""
    if not wanted:
        yield ()
        return
    simulator = Simulator()
    try:
        yield demo_profiles(await simulator.start())
    finally:
        await simulator.aclose()


async def play_run(plan: Plan, choices: Mapping[SideName, SideChoice], *, asks_other_paths: bool = True) -> Run:
    """Play it over a wire process of its own. Ctrl+C cancels both sides and keeps what had come.

    `asks_other_paths`: other paths of an address may be asked, where the settings allow it too.
    """
    table, problem = load_prices()
    store = SettingsStore()
    settings = store.load()
    run = Run(plan, choices, table)
    wire = WireClient()
    try:
        asks = asks_other_paths and settings.ask_other_paths
        await Runner(wire, journal_in_place(settings), settings.body_bytes, asks_other_paths=asks).play(run, choices)
    except asyncio.CancelledError:
        if task := asyncio.current_task():
            task.uncancel()
    finally:
        await wire.aclose()
    for said in filter(None, (problem, store.problem, run.journal_problem)):
        complain(f"diptych: {said}")
    for side in run.sides.values():
        for one in side.rounds:
            one.finish()
    return run


def report(run: Run, *, as_json: bool = False, save: Path | None = None) -> int:
    """Print the run, save it where asked; the exit code."""
    sides = list(run.sides.values())
    if as_json:
        say_json(run_facts(sides[0], sides[1] if len(sides) > 1 else None))
    else:
        print_run(sides)
    if save is not None:
        try:
            save_run(save, run.opened, run.recordings)
        except (OSError, StoreError) as error:
            complain(f"diptych: the run could not be saved: {error}")
            return 1
    return 0 if all(side.outcome is Outcome.COMPLETED for side in sides) else 1


# -- the table ---------------------------------------------------------------------------------------------------------


def print_run(sides: list[Side]) -> None:
    """The answers, the figures beside each other, the findings, and the sentence."""
    for side in sides:
        _print_answer(side)
    rows = [["", *(side.name.upper() for side in sides)], *(_row(name, figure, sides) for name, figure in _FIGURES.items())]
    for line in table([row for row in rows if any(cell not in ("", numbers.DASH) for cell in row[1:])]):
        say(line)
    say()
    for side in sides:
        _print_findings(side)
    say(compare(sides[0], sides[1] if len(sides) > 1 else None).sentence)


def _print_answer(side: Side) -> None:
    last = side.last
    name = last.recording.envelope.profile.name if last else ""
    model = last.recording.envelope.model if last else ""
    say(f"{side.name.upper()}  {' · '.join(filter(None, (name, model)))}")
    for call in side.tool_calls:
        say(f"   → {call.name}({call.arguments_text})")
    if last and last.reading.text:
        say("   " + last.reading.text.replace("\n", "\n   "))
    if diagnosis := side.diagnosis:
        for sentence in filter(None, (diagnosis.cause, diagnosis.told, diagnosis.fix)):
            say(f"   {sentence}")
    say()


def _print_findings(side: Side) -> None:
    marks = {Severity.BREAKS: "✕", Severity.LOSES: "!", Severity.NOTE: "·"}
    for number, finding in side.findings:
        at = f" (event {finding.event})" if finding.event else ""
        at = f" (round {number}{', event ' + str(finding.event) if finding.event else ''})" if len(side.rounds) > 1 else at
        say(f"{side.name.upper()} {marks[finding.severity]} {finding.id}  {finding.sentence}{at}")
    if side.findings:
        say()


def _outcome(side: Side) -> str:
    last = side.last
    said = [str(side.outcome)]
    if last and last.status:
        said.append(str(last.status))
    if last and last.reading.stop_reason:
        said.append(last.reading.stop_reason)
    return " · ".join(said)


def _connection(side: Side) -> str:
    if side.first is None or side.first.recording.connection is None:
        return numbers.DASH
    head = side.first.recording.head
    return " · ".join(
        filter(None, [head.http_version if head else "", start_in_words(side.timing.start), _unverified(side.first.recording)])
    )


def _unverified(recording: Recording) -> str:
    """What has to be said of a connection whose certificate was not looked at."""
    way = recording.connection
    return "TLS NOT VERIFIED" if way and way.tls_version and not recording.envelope.profile.verify_tls else ""


def _rate(side: Side) -> str:
    rate = side.timing.output_rate
    return (
        f"{numbers.rate(rate)} tok/s" if rate is not None else f"{numbers.DASH} {why_unmeasured(side.timing.no_rate)}".rstrip()
    )


def _tokens(side: Side) -> str:
    usage = side.usage
    return f"{numbers.count(side.total_input_tokens)} / {numbers.count(usage.output_tokens)}" if usage else numbers.DASH


def _cost(side: Side) -> str:
    return f"{numbers.usd(side.cost.usd)} ({side.cost.source})" if side.cost else numbers.DASH


_FIGURES = {
    "outcome": _outcome,
    "connection": _connection,
    "name resolution": lambda side: numbers.milliseconds(side.timing.dns),
    "connect": lambda side: numbers.milliseconds(side.timing.connect),
    "proxy": lambda side: numbers.milliseconds(side.timing.proxy),
    "TLS": lambda side: numbers.milliseconds(side.timing.tls),
    "wait": lambda side: numbers.milliseconds(side.timing.wait),
    "first byte": lambda side: numbers.milliseconds(side.timing.ttfb),
    "first token": lambda side: numbers.milliseconds(side.timing.ttft),
    "total": lambda side: numbers.seconds(side.timing.total),
    "output rate": _rate,
    "tokens in / out": _tokens,
    "cost": _cost,
    "events": lambda side: numbers.count(side.events) if side.events else numbers.DASH,
    "rounds": lambda side: f"{len(side.rounds)}, times but the total are the first's" if len(side.rounds) > 1 else "",
}


def _row(name: str, figure: object, sides: list[Side]) -> list[str]:
    assert callable(figure)
    return [name, *(figure(side) for side in sides)]
