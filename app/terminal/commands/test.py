"""`diptych test`: what one endpoint can do, seen by asking it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

import msgspec

from app.asking.caller import Caller
from app.asking.endpoint_test import EndpointTest, cost_note
from app.asking.verdict_facts import endpoint_facts
from app.asking.verdicts import VerdictRow
from app.checks.verdict import NAMES, Verdict
from app.diagnosis.asked import in_lines
from app.run.side import Side
from app.store.prices import load_prices
from app.store.settings import SettingsStore
from app.terminal.endpoint import add_limit_options, add_no_probe_option, add_profile_options, chosen_endpoint
from app.terminal.text import argument, complain, listed, say, say_json, table
from app.text.sentences import message, tr
from app.wire.client import WireClient

HELP = message(
    "ask an endpoint what it can do: is it reached, is the key taken, is there a model list, does it answer, stream?"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    add_profile_options(parser)
    parser.add_argument("--model", type=argument, metavar="MODEL", help=tr("instead of the profile's model"))
    add_limit_options(parser)
    add_no_probe_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))


def command(options: argparse.Namespace) -> int:
    """Test it. 0 where every question was answered and nothing failed, else 1."""
    return asyncio.run(_command(options))


async def _command(options: argparse.Namespace) -> int:
    prices, problem = load_prices()
    store = SettingsStore()
    settings = store.load()
    for said in filter(None, (problem, store.problem)):
        complain(f"diptych: {said}")
    async with chosen_endpoint(options) as (profile, key), contextlib.aclosing(WireClient()) as wire:
        profile = msgspec.structs.replace(profile, model=options.model or profile.model)
        elsewhere = settings.ask_other_paths and not options.no_probe
        note = cost_note(profile, prices, asks_other_paths=elsewhere)
        if options.json:
            complain(note)
        else:
            say(f"{' · '.join(filter(None, (profile.name, profile.model)))}\n{note}\n")
        test = EndpointTest(Caller(wire, profile, key), asks_other_paths=elsewhere)
        try:
            await test.run()
        except asyncio.CancelledError:  # Ctrl+C: what was seen is shown
            if task := asyncio.current_task():
                task.uncancel()
    if options.json:
        say_json(endpoint_facts(test, note, prices))
    else:
        _print(test, Side("a", test.answers, table=prices))
    return 0 if test.works else 1


def _print(test: EndpointTest, answers: Side) -> None:
    heads = table([[row.title, tr(NAMES[row.verdict]) if row.verdict else ""] for row in test.rows])
    first: dict[tuple[str, str], str] = {}  # which row said the same before
    for head, row in zip(heads, test.rows, strict=True):
        say(head)
        said_at = first.setdefault((row.sentence, row.fix), row.title)
        same = said_at != row.title and row.verdict is not Verdict.SKIPPED
        for line in [tr("For the same reason as “{title}”.", title=said_at)] if same else _lines(row):
            say(f"   {line}")
    if (usage := answers.usage) is not None:
        said = tr(
            "Counted by the endpoint: {read:count} tokens in, {written:count} out{usd:if , {usd:usd} ({source})}.",
            read=answers.total_input_tokens,
            written=usage.output_tokens,
            usd=answers.cost.usd if answers.cost else None,
            source=answers.cost.source if answers.cost else "",
        )
        say(f"\n{said}")


def _lines(row: VerdictRow) -> list[str]:
    said = tr("The endpoint said: {said}", said=row.said) if row.said else ""
    return [line for line in (row.sentence, row.fix, said, *listed(in_lines(row.asked))) if line]
