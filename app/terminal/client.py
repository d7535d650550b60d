"""`--client NAME`: whose severities the findings have."""

from __future__ import annotations

import argparse

from app.clients.table import Client, table
from app.terminal.usage import UsageError
from app.text.sentences import tr


def add_client_option(parser: argparse.ArgumentParser) -> None:
    """For commands that print findings."""
    parser.add_argument(
        "--client",
        metavar="NAME",
        default="",
        help=tr("the client that you use: findings are as severe as they are for it (the protocol's official Python SDK)"),
    )


def check_client(name: str, *protocols: str) -> None:
    """Raise UsageError for a client that is not known, or was run with none of these protocols; "" is always good."""
    if name and not any(table().client(name, protocol) for protocol in protocols):
        raise UsageError(
            tr(
                "there is no client “{name}” for {protocols:either}; there are {names:commas}",
                name=name,
                protocols=protocols,
                names=_names(*protocols),
            )
        )


def chosen_clients(name: str, protocol: str) -> list[Client]:
    """The client of that name, or all of a protocol where none is named. Raises UsageError."""
    check_client(name, protocol)
    client = table().client(name, protocol) if name else None
    return [client] if client else table().speaking(protocol)


def _names(*protocols: str) -> list[str]:
    return list(dict.fromkeys(one.name for protocol in protocols for one in table().speaking(protocol)))
