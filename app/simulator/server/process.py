"""The simulator's process: serves on loopback, tells its parent the port in one line of JSON, and ends with its parent.

`--list-faults` prints the table of faults. With `--stay` it runs in the foreground and does not watch its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence

import uvicorn

from app.simulator.faults import UnknownFaultError, list_faults, parse_faults
from app.simulator.server.application import build_application
from app.simulator.server.wire import WireProtocol

_HOST = "127.0.0.1"


def main(argv: Sequence[str] | None = None) -> int:
    """Run until standard input closes (or until interrupted, with `--stay`). Returns the exit code: 2 for wrong use."""
    options = _parse(argv)
    if options.list_faults:
        sys.stdout.write(faults_table())
        return 0
    try:
        chosen = parse_faults(options.fault)
    except UnknownFaultError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        listener = socket.create_server((_HOST, options.port))
    except OSError as error:
        sys.stderr.write(f"port {options.port} can't be listened on: {error.strerror}\n")
        return 1
    with listener, contextlib.suppress(KeyboardInterrupt):
        serve(listener, chosen, stay=options.stay)
    return 0


def faults_table() -> str:
    """The faults as text: by group, a line each with its name, the number it takes, and what it does."""
    lines: list[str] = []
    group = ""
    for row in list_faults():
        if row.group != group:
            group = row.group
            lines.append(f"\n{group}" if lines else group)
        name = row.name if row.default is None else f"{row.name}={row.default}"
        lines.append(f"  {name:<26} {row.line}")
    return "\n".join(lines) + "\n"


def announce_json(root: str) -> None:
    """Tell a parent process where we are, in one line of JSON."""
    # The descriptor, not sys.stdout: a windowed build has None there.
    with contextlib.suppress(BrokenPipeError):  # the parent was killed meanwhile: standard input ends, and with it this
        os.write(1, json.dumps({"root": root, "port": int(root.rpartition(":")[2])}).encode() + b"\n")


def serve(
    listener: socket.socket, chosen: dict[str, int], *, stay: bool, announce: Callable[[str], None] = announce_json
) -> None:
    """Serve on a listening socket; `announce` is told the root URL once connections are taken."""
    config = uvicorn.Config(
        build_application(chosen),
        http=WireProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=0,  # an interrupt waits for no open stream: some never end
        h11_max_incomplete_event_size=1 << 20,
    )
    asyncio.run(_serve(uvicorn.Server(config), listener, stay, announce))


async def _serve(server: uvicorn.Server, listener: socket.socket, stay: bool, announce: Callable[[str], None]) -> None:
    if not stay:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    # The socket listens already: a client that connects now waits in its queue until uvicorn takes it.
    announce(f"http://{_HOST}:{listener.getsockname()[1]}")
    await server.serve(sockets=[listener])


def _end_with_parent() -> None:
    """Read standard input to its end; then stop at once: nothing is kept here, and open streams would only be answered."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="diptych-simulator", description="Endpoints on this machine, to rehearse with.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--fault", nargs="+", action="extend", default=[], metavar="NAME", help="in force everywhere")
    parser.add_argument("--list-faults", action="store_true")
    parser.add_argument("--stay", action="store_true", help="run in the foreground; don't end with standard input")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
