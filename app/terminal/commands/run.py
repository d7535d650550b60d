"""`diptych run`: one run of one or two endpoints, as a table or as JSON."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from app.formats.capture import CaptureError
from app.recording.records import RunFileError, SideName
from app.scenarios import (
    DEFAULT_PROMPT,
    DEFAULT_SYSTEM,
    DEFAULT_TOOL_RESULT,
    DEFAULT_TOOLS_PROMPT,
    DEFAULT_TURNS,
    Plan,
    Scenario,
)
from app.store.files import why_not_written
from app.store.keys import KeyStore
from app.terminal.client import add_client_option, check_client
from app.terminal.demo_server import demo_endpoints
from app.terminal.endpoint import add_limit_options, add_no_probe_option, add_plain_text_option
from app.terminal.playing import play_run, report
from app.terminal.reporting import add_report_option, check_reports
from app.terminal.request_options import add_request_options, say_what_is_left_out, with_fields
from app.terminal.sides import add_side_options, choose_side, wants_demo, with_client
from app.terminal.text import argument
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words

SIDES: tuple[SideName, SideName] = ("a", "b")
MOST_TOKENS = (1 << 31) - 1  # as much as the window's field holds
MAX_BODY_BYTES = 1 << 28


HELP = message("send one request to one or two endpoints and compare the answers")


def add_options(parser: argparse.ArgumentParser) -> None:
    for side in SIDES:
        add_side_options(parser, side)
    request = parser.add_argument_group(tr("the request"))
    request.add_argument("--request", choices=[str(one) for one in Scenario], default="streaming")
    request.add_argument("--stream", action=argparse.BooleanOptionalAction, default=None)
    request.add_argument("--prompt", type=argument, metavar="TEXT", help=tr("of a conversation, the first turn"))
    request.add_argument("--system", type=argument, metavar="TEXT", help=tr('a conversation has one by default; "" for none'))
    request.add_argument("--max-tokens", type=int, metavar="N", default=1024)
    result = request.add_mutually_exclusive_group()
    result.add_argument("--tool-result", type=argument, metavar="TEXT", help=tr("what every tool call gets as its result"))
    result.add_argument("--tool-error", type=argument, metavar="TEXT", help=tr("the same, as an error"))
    body = request.add_mutually_exclusive_group()
    body.add_argument("--body", type=Path, metavar="FILE", help=tr("the JSON body of a custom request"))
    body.add_argument(
        "--body-from", metavar="FILE[#N]",
        help=tr(
            "send the body of the (Nth) request in a curl command, a HAR file, a saved run or another capture, "
            "each side's own model in it"
        ),
    )  # fmt: skip
    add_request_options(parser)
    add_limit_options(parser)
    add_plain_text_option(parser)
    add_no_probe_option(parser)
    add_client_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))
    parser.add_argument("--save", type=Path, metavar="FILE", help=tr("save the run; the window opens it"))
    add_report_option(parser)


def command(options: argparse.Namespace) -> int:
    """Run it. 0 when all sides completed, 1 when one did not."""
    plan = plan_of(options)
    if options.save is not None and (why := why_not_written(options.save)):  # said before anything is paid for
        raise UsageError(tr("{where}: {why}", where=f"--save {options.save}", why=why))
    check_reports(options.report)
    return asyncio.run(_command(options, plan))


def plan_of(options: argparse.Namespace) -> Plan:
    """The plan that the options describe. Raises UsageError."""
    scenario = Scenario.CUSTOM if options.body_from is not None else Scenario(options.request)
    if options.body_from is None and (options.body is not None) != (scenario is Scenario.CUSTOM):
        raise UsageError(tr("--body FILE and --request custom belong together"))
    if options.body_from is not None and options.request not in (Scenario.STREAMING, Scenario.CUSTOM):
        raise UsageError(tr("--body-from FILE sends a custom request"))
    if options.max_tokens < 0:
        raise UsageError(tr("--max-tokens can't be negative"))
    if options.max_tokens > MOST_TOKENS:
        raise UsageError(tr("--max-tokens is at most {most:grouped}", most=MOST_TOKENS))
    # What was typed counts, an empty text too.
    prompt = _typed(options.prompt, DEFAULT_TOOLS_PROMPT if scenario is Scenario.TOOLS else DEFAULT_PROMPT)
    system = _typed(options.system, DEFAULT_SYSTEM if scenario is Scenario.CONVERSATION else "")
    plan = Plan(
        scenario=scenario,
        prompt=prompt,
        system=system or None,
        max_tokens=options.max_tokens,
        stream=options.stream,
        turns=(_typed(options.prompt, DEFAULT_TURNS[0]), *DEFAULT_TURNS[1:]),
        tool_result=_typed(options.tool_error, _typed(options.tool_result, DEFAULT_TOOL_RESULT)),
        tool_is_error=options.tool_error is not None,
        body=_read_body(options.body)
        if options.body
        else _body_from(options.body_from)
        if options.body_from is not None
        else b"",
    )
    return with_fields(plan, options)


def _typed(text: str | None, default: str) -> str:
    return default if text is None else text


def _body_from(given: str) -> bytes:
    from app.transfer.request_files import body_of

    name, _, number = given.rpartition("#")
    numbered = bool(name) and number.isdecimal() and not Path(given).exists()
    try:
        return body_of(Path(name if numbered else given), int(number) if numbered else 1).encode()
    except (CaptureError, RunFileError) as error:
        raise UsageError(tr("{where}: {why}", where=given, why=error)) from error
    except OSError as error:
        raise UsageError(tr("{file} can't be read: {why}", file=given, why=system_words(error))) from error


def _read_body(path: Path) -> bytes:
    """What the file holds, a pipe too (`<(...)`); a device has no end, hence the limit."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BODY_BYTES + 1)
    except OSError as error:
        raise UsageError(tr("{file} can't be read: {why}", file=path, why=system_words(error))) from error
    if len(body) > MAX_BODY_BYTES:
        raise UsageError(
            tr("{file} is longer than {most:grouped} bytes: no endpoint takes such a body", file=path, most=MAX_BODY_BYTES)
        )
    return body


async def _command(options: argparse.Namespace, plan: Plan) -> int:
    async with demo_endpoints(wants_demo(options, SIDES)) as demos:
        keys = KeyStore()
        chosen = {side: choose_side(options, side, demos, keys) for side in SIDES}
        if chosen["a"] is None:
            raise UsageError(tr("side A is missing: --a PROFILE, or --a-url URL with --a-protocol and --a-model"))
        choices = {side: with_client(choice, options.client) for side, choice in chosen.items() if choice is not None}
        check_client(options.client, *(choice.profile.protocol for choice in choices.values()))
        say_what_is_left_out(plan, choices)
        run = await play_run(plan, choices, asks_other_paths=not options.no_probe)
    return report(run, as_json=options.json, save=options.save, reports=options.report)
