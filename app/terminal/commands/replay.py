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
from app.terminal.commands.simulate import CANT_LISTEN, port
from app.terminal.text import complain, say
from app.terminal.usage import CantBeDoneError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.transfer.replay_server import Answered, ReplayServer

HELP = message("serve a recorded answer on this machine, its bytes at their pace, until Ctrl+C")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=tr("a saved run, or a capture that `read` reads"))
    parser.add_argument("--side", choices=("a", "b"), help=tr("which side of a run (its first)"))
    parser.add_argument("--protocol", help=tr("where a captured answer itself does not tell"))
    parser.add_argument("--port", type=port, default=0, metavar="N", help=tr("the port to listen on (any free one)"))
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="X", help=tr("2 is twice as fast, max without waits (1)"))


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    with contextlib.suppress(ValueError):
        if math.isfinite(speed := float(text)) and speed > 0:
            return speed
    raise argparse.ArgumentTypeError(tr("{text} is no speed: a number above 0, or max", text=repr(text)))


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
        said = tr(
            "{method} {path}: {number:if answer {number} of {count}, status {status:or none}|404, not recorded}",
            method=one.method, path=one.path, number=one.round or None, count=len(rounds), status=one.status or None,
        )  # fmt: skip
        complain(said)

    try:
        async with ReplayServer(rounds, speed, told).running(wanted) as root:
            announce(root, file, rounds, speed)
            await asyncio.Event().wait()
    except OSError as error:
        raise CantBeDoneError(tr(CANT_LISTEN, port=wanted, why=system_words(error))) from error


def announce(root: str, file: str, rounds: list[Recording], speed: float | None) -> None:
    """Say where it is, how to ask, and what comes."""
    timed = speed is not None and all(map(has_times, rounds))
    said = tr(
        "{file} is served on {address} (Ctrl+C ends it): {count:plural answer|answers}, "
        "{pace:select none=without waits|untimed=without waits (it has no times)|own=at its own pace"
        "|other={speed} times as fast as it came}.",
        file=Path(file).name,
        address=root,
        count=len(rounds),
        pace="none" if speed is None else "untimed" if not timed else "own" if speed == 1 else "other",
        speed=f"{speed:g}" if speed is not None else "",
    )
    say(said)
    for protocol_id in dict.fromkeys(one.envelope.protocol for one in rounds):
        known = info(protocol_id)
        base = f"{root}/v1" if known.version_in_base_url else root
        path = next(one for one in known.paths if not one.endswith("/count_tokens"))
        say(tr("{protocol}: base URL {url}, any key and any request, for example", protocol=known.title, url=base))
        say(f"    curl -N {root}/v1{path} -H 'content-type: application/json' -d '{{}}'")
