"""`diptych simulate`: the demo endpoints in the foreground, with faults where they are asked for."""

from __future__ import annotations

import argparse


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    parser = commands.add_parser("simulate", help="run the demo endpoints on this machine until Ctrl+C")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="the port to listen on (any free one)")
    parser.add_argument("--fault", nargs="+", default=[], metavar="NAME", help="rehearse these faults on every endpoint")
    parser.add_argument("--list-faults", action="store_true", help="what can be rehearsed")
    parser.set_defaults(command=command)


def command(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    raise NotImplementedError
