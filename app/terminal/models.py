"""`diptych models`: an endpoint's model list."""

from __future__ import annotations

import argparse
import asyncio

from app.asking.caller import Caller
from app.asking.model_list import list_models
from app.store.keys import KeyStore
from app.terminal.run import demo_endpoints
from app.terminal.sides import (
    DEMO_NAMES,
    UsageError,
    add_clear_option,
    add_endpoint_options,
    choose_profile,
    key_for,
    refuse_in_clear,
)
from app.terminal.text import complain, say, say_json, table
from app.wire.client import WireClient


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser("models", help="list an endpoint's models")
    parser.add_argument("profile", nargs="?", metavar="PROFILE")
    add_endpoint_options(parser, "")
    add_clear_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """List them. 0 where there is a list, 1 where there is none."""
    if (options.profile is None) == (options.url is None):
        raise UsageError("name a PROFILE, or give --url and --protocol")
    return asyncio.run(_command(options))


async def _command(options: argparse.Namespace) -> int:
    async with demo_endpoints(options.profile in DEMO_NAMES) as demos:
        profile = choose_profile(options.profile, vars(options), demos)
        key = key_for(profile, options.key_env, KeyStore())
        refuse_in_clear(profile, key, allowed=options.allow_insecure)
        wire = WireClient()
        try:
            found = await list_models(Caller(wire, profile, key))
        finally:
            await wire.aclose()
    if options.json:
        models = [{"id": model.id, "title": model.title} for model in found.models]
        say_json({"schema": 1, "models": models, "problem": found.problem or None})
    else:
        for line in table([[model.id, model.title] for model in found.models] or [[""]]):
            say(line)
        if found.problem:
            complain(f"diptych: {found.problem}")
    return 1 if found.problem else 0
