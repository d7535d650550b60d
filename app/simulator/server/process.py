"""The simulator's process: serves on loopback, tells its parent the port in one line of JSON, and ends with its parent.

`--list-faults` prints the table of faults. With `--stay` it runs in the foreground and does not watch its standard input. With
`--record` it is an endpoint behind a relay, which tells what arrives (`app.simulator.server.recorder`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

import uvicorn
from starlette.types import ASGIApp

from app.simulator.demo_relay import line_said
from app.simulator.faults import UnknownFaultError, list_faults, parse_faults
from app.simulator.server.application import build_application
from app.simulator.server.recorder import Recorder
from app.simulator.server.urls import PACE_NAMES, TOKEN_VARIABLE
from app.simulator.server.wire import WireProtocol
from app.text.sentences import tr

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
        listener = listen(options.bind, options.port)
    except OSError as error:
        sys.stderr.write(f"port {options.port} can't be listened on: {error.strerror}\n")
        return 1
    with listener, contextlib.suppress(KeyboardInterrupt):
        if options.record:
            record(listener, options.pace)
        else:
            serve(listener, chosen, stay=options.stay)
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket of an address of this machine. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def faults_table() -> str:
    """The faults as text in the language of now: by group, a line each with its name, the number it takes, and what it does."""
    lines: list[str] = []
    group = ""
    for row in list_faults():
        if row.group != group:
            group = row.group
            lines.append(f"\n{tr(group)}" if lines else tr(group))
        name = row.name if row.default is None else f"{row.name}={row.default}"
        lines.append(f"  {name:<26} {line_said(row.line)}")
    return "\n".join(lines) + "\n"


def announce_json(root: str) -> None:
    """Tell a parent process where we are, in one line of JSON."""
    # The descriptor, not sys.stdout: a windowed build has None there.
    with contextlib.suppress(BrokenPipeError):  # the parent was killed meanwhile: standard input ends, and with it this
        port = int(root.split("/")[2].rpartition(":")[2])
        os.write(1, json.dumps({"root": root, "port": port}).encode() + b"\n")


def serve(
    listener: socket.socket, chosen: dict[str, int], *, stay: bool, announce: Callable[[str], None] = announce_json
) -> None:
    """Serve on a listening socket; `announce` is told the root URL once connections are taken."""
    _run(build_application(chosen), listener, None if stay else _end_with_parent, announce)


def record(listener: socket.socket, pace: str) -> None:
    """Serve as an endpoint behind a relay. The token comes from the environment, or is drawn; the root that is told has it."""
    token = os.environ.get(TOKEN_VARIABLE) or secrets.token_urlsafe(12)
    recorder = Recorder(token, _tell, pace)
    _run(recorder, listener, lambda: _end_with_parent(recorder.order), lambda root: announce_json(f"{root}/{token}"))


_telling = threading.Lock()


def _tell(line: Mapping[str, object]) -> None:
    """A line for the parent, whole; it waits while the parent does not read."""
    data = json.dumps(line).encode() + b"\n"
    with _telling, contextlib.suppress(BrokenPipeError):
        while data:
            data = data[os.write(1, data) :]


def _run(
    application: ASGIApp, listener: socket.socket, watch: Callable[[], None] | None, announce: Callable[[str], None]
) -> None:
    config = uvicorn.Config(
        application,
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
    asyncio.run(_serve(uvicorn.Server(config), listener, watch, announce))


async def _serve(
    server: uvicorn.Server, listener: socket.socket, watch: Callable[[], None] | None, announce: Callable[[str], None]
) -> None:
    if watch is not None:
        threading.Thread(target=watch, daemon=True).start()
    # The socket listens already: a client that connects now waits in its queue until uvicorn takes it.
    host, port = listener.getsockname()[:2]
    announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    await server.serve(sockets=[listener])


def _end_with_parent(order: Callable[[bytes], None] | None = None) -> None:
    """Read standard input to its end; then stop at once: nothing is kept here, and open streams would only be answered.

    `order` is given each line of it.
    """
    kept = b""
    while data := os.read(0, 1 << 16):
        *lines, kept = (kept + data).split(b"\n")
        if order is not None:
            for line in lines:
                order(line)
    os._exit(0)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="diptych-simulator", description="Endpoints on this machine, to rehearse with.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--fault", nargs="+", action="extend", default=[], metavar="NAME", help="in force everywhere")
    parser.add_argument("--list-faults", action="store_true")
    parser.add_argument("--bind", default=_HOST, metavar="ADDRESS", help="the address of this machine to listen on")
    parser.add_argument("--record", action="store_true", help="tell what arrives, as an endpoint behind a relay")
    parser.add_argument("--pace", choices=PACE_NAMES, default=PACE_NAMES[0], help="how fast the streams of --record are")
    parser.add_argument("--stay", action="store_true", help="run in the foreground; don't end with standard input")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
