"""`diptych replay`: a recorded answer served again on this machine, at the pace at which it came."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
from pathlib import Path

from app.protocols.registry import info
from app.recording.recording import Recording
from app.recording.replay import has_times
from app.terminal.captured import of_side, recordings_of
from app.terminal.commands.simulate import port
from app.terminal.text import complain, say
from app.terminal.usage import CantBeDoneError
from app.text import numbers
from app.transfer.replay_server import Answered, ReplayServer

HELP = "serve a recorded answer on this machine, its bytes at their pace, until Ctrl+C"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a saved run, or a capture that `read` reads")
    parser.add_argument("--side", choices=("a", "b"), help="which side of a run (its first)")
    parser.add_argument("--protocol", help="where a captured answer itself does not tell")
    parser.add_argument("--port", type=port, default=0, metavar="N", help="the port to listen on (any free one)")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="2 is twice as fast, max without waits (1)")


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    with contextlib.suppress(ValueError):
        if math.isfinite(speed := float(text)) and speed > 0:
            return speed
    raise argparse.ArgumentTypeError(f"{text!r} is no speed: a number above 0, or max")


def command(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    rounds = rounds_of(options.file, options.side, options.protocol)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(options.file, rounds, options.speed, options.port))
    return 0


def rounds_of(file: str, side: str | None, protocol_id: str | None) -> list[Recording]:
    """The rounds of a side of a run, or the answers of a capture. Raises UsageError where there is none."""
    recordings = recordings_of(file, protocol_id)
    return of_side(file, recordings, side or recordings[0].envelope.side)


async def _serve(file: str, rounds: list[Recording], speed: float | None, wanted: int) -> None:
    def told(one: Answered) -> None:
        what = f"answer {one.round} of {len(rounds)}, status {one.status or 'none'}" if one.round else "404, not recorded"
        complain(f"{one.method} {one.path}: {what}")

    try:
        async with ReplayServer(rounds, speed, told).running(wanted) as root:
            announce(root, file, rounds, speed)
            await asyncio.Event().wait()
    except OSError as error:
        raise CantBeDoneError(f"port {wanted} can't be listened on: {error.strerror or error}") from error


def announce(root: str, file: str, rounds: list[Recording], speed: float | None) -> None:
    """Say where it is, how to ask, and what comes."""
    timed = speed is not None and all(map(has_times, rounds))
    pace = "without waits" if not timed else "at its own pace" if speed == 1 else f"{speed:g} times as fast as it came"
    why = "" if timed or speed is None else " (it has no times)"
    say(f"{Path(file).name} is served on {root} (Ctrl+C ends it): {numbers.plural(len(rounds), 'answer')}, {pace}{why}.")
    for protocol_id in dict.fromkeys(one.envelope.protocol for one in rounds):
        known = info(protocol_id)
        base = f"{root}/v1" if known.version_in_base_url else root
        path = next(one for one in known.paths if not one.endswith("/count_tokens"))
        say(f"{known.title}: base URL {base}, any key and any request, for example")
        say(f"    curl -N {root}/v1{path} -H 'content-type: application/json' -d '{{}}'")
