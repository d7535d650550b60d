"""`diptych simulate`: the demo endpoints in the foreground, with faults where they are asked for."""

from __future__ import annotations

import argparse
import contextlib
import socket

from app.protocols.registry import protocol_ids
from app.simulator.server.urls import OFFICIAL, RELAY, base_url, fault_endpoint
from app.terminal.text import complain, say, table
from app.terminal.usage import UsageError

HOST = "127.0.0.1"


HELP = "run the demo endpoints on this machine until Ctrl+C"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=0, metavar="N", help="the port to listen on (any free one)")
    parser.add_argument("--fault", nargs="+", action="extend", default=[], metavar="NAME", help="rehearse faults everywhere")
    parser.add_argument("--list-faults", action="store_true", help="what can be rehearsed")


def port(text: str) -> int:
    """A port as it was typed."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: one lies between 0 (any free one) and 65535")
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
        raise UsageError(f"{error} (`diptych simulate --list-faults` shows those there are)") from error
    try:
        listener = socket.create_server((HOST, options.port))
    except OSError as error:
        complain(f"diptych: port {options.port} can't be listened on: {error.strerror or error}")
        return 1
    with listener, contextlib.suppress(KeyboardInterrupt):
        serve(listener, chosen, stay=True, announce=announce)
    return 0


def announce(root: str) -> None:
    """Say where the endpoints are, as the official SDKs take it."""
    say(f"Diptych's demo endpoints run on {root} (Ctrl+C ends them). Any key is good. Base URLs:")
    for line in table(
        [["", *protocol_ids()], *([name, *(base_url(root, name, one) for one in protocol_ids())] for name in (OFFICIAL, RELAY))]
    ):
        say(line)
    say(f"A fault, for example: {base_url(root, fault_endpoint('no_stop'), protocol_ids()[0])} (see --list-faults)")
