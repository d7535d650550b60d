"""`diptych simulate`: the demo endpoints in the foreground, with faults where they are asked for."""

from __future__ import annotations

import argparse
import contextlib
import socket

from app.protocols.registry import protocol_ids
from app.simulator.server.urls import OFFICIAL, RELAY, base_url, fault_endpoint
from app.terminal.text import complain, say, table
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words

HOST = "127.0.0.1"
CANT_LISTEN = message("port {port} can't be listened on: {why}")

HELP = message("run the demo endpoints on this machine until Ctrl+C")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=0, metavar="N", help=tr("the port to listen on (any free one)"))
    parser.add_argument(
        "--fault", nargs="+", action="extend", default=[], metavar="NAME", help=tr("rehearse faults everywhere")
    )
    parser.add_argument("--list-faults", action="store_true", help=tr("what can be rehearsed"))


def port(text: str) -> int:
    """A port as it was typed."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(tr("{text} is no port: one lies between 0 (any free one) and 65535", text=repr(text)))
    return int(text)


def command(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    # starlette and uvicorn are loaded here: the other commands don't pay for them.
    from app.simulator.faults import UnknownFaultError, parse_faults
    from app.simulator.server.process import faults_table, serve

    if options.list_faults:
        say(faults_table().rstrip())
        return 0
    try:
        chosen = parse_faults(options.fault)
    except UnknownFaultError as error:
        raise UsageError(tr("{why} (`diptych simulate --list-faults` shows those there are)", why=error)) from error
    try:
        listener = socket.create_server((HOST, options.port))
    except OSError as error:
        complain(f"diptych: {tr(CANT_LISTEN, port=options.port, why=system_words(error))}")
        return 1
    with listener, contextlib.suppress(KeyboardInterrupt):
        serve(listener, chosen, stay=True, announce=announce)
    return 0


def announce(root: str) -> None:
    """Say where the endpoints are, as the official SDKs take it."""
    say(tr("Diptych's demo endpoints run on {address} (Ctrl+C ends them). Any key is good. Base URLs:", address=root))
    for line in table(
        [["", *protocol_ids()], *([name, *(base_url(root, name, one) for one in protocol_ids())] for name in (OFFICIAL, RELAY))]
    ):
        say(line)
    example = base_url(root, fault_endpoint("no_stop"), protocol_ids()[0])
    say(tr("A fault, for example: {address} (see --list-faults)", address=example))
