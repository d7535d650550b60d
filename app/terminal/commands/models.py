"""`diptych models`: an endpoint's model list."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from app.asking.caller import Caller
from app.asking.model_list import list_models
from app.terminal.endpoint import add_profile_options, chosen_endpoint
from app.terminal.text import complain, say, say_json, table
from app.text.sentences import message, tr
from app.wire.client import WireClient

HELP = message("list the models of an endpoint")


def add_options(parser: argparse.ArgumentParser) -> None:
    add_profile_options(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object"))


def command(options: argparse.Namespace) -> int:
    """List them. 0 where there is a list, 1 where there is none."""
    return asyncio.run(_command(options))


async def _command(options: argparse.Namespace) -> int:
    async with chosen_endpoint(options) as (profile, key), contextlib.aclosing(WireClient()) as wire:
        found = await list_models(Caller(wire, profile, key))
    if options.json:
        models = [{"id": model.id, "title": model.title} for model in found.models]
        say_json({"schema": 1, "models": models, "problem": found.problem or None})
    else:
        for line in table([[model.id, model.title] for model in found.models] or [[""]]):
            say(line)
        if found.problem:
            complain(f"diptych: {found.problem}")
    return 1 if found.problem else 0
