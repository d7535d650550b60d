"""`diptych settings`: an endpoint's base URL and variables as each client wants them."""

from __future__ import annotations

import argparse

from app.clients.settings import Settings, settings_for, tool_settings
from app.terminal.client import chosen_clients
from app.terminal.endpoint import add_profile_options, described_endpoint
from app.terminal.text import say, say_json
from app.text.sentences import message, tr

HELP = message("print an endpoint's settings for the clients that use it: base URL, environment variables, header of the key")


def add_options(parser: argparse.ArgumentParser) -> None:
    add_profile_options(parser)
    parser.add_argument("--client", metavar="NAME", default="", help=tr("for this client alone (all of the protocol)"))
    parser.add_argument("--with-key", action="store_true", help=tr("with the key itself, which anyone who sees it can use"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))


def command(options: argparse.Namespace) -> int:
    """Print them."""
    profile, key = described_endpoint(options, with_key=options.with_key)
    clients = chosen_clients(options.client, profile.protocol)
    found = [settings_for(one, profile.protocol, profile.base_url, profile.auth) for one in clients]
    if not options.client:
        found += tool_settings(profile.protocol, profile.base_url, profile.auth, profile.model)
    if options.json:
        say_json({"schema": 1, "settings": [_facts(one, key) for one in found]})
    else:
        say("\n\n".join(one.text(key) for one in found))
    return 0


def _facts(one: Settings, key: str) -> dict[str, object]:
    variables = {name: value.replace("{key}", key) if key else value.replace("{key}", "") for name, value in one.variables}
    return {"client": one.title, "base_url": one.base_url, "variables": variables, "auth": one.style, "note": one.note}
