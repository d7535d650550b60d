"""What real clients make of the simulator's faults: installs each client, plays every fault and every case to it over loopback,
and writes what came out to `resources/clients/seen.json`, which the program reads.

    python -m tests.clients                              # all: about twenty minutes on two cores
    python -m tests.clients --client openai --fault no_stop   # prints what is seen and writes nothing

Needs node, npm and uv, and the package registries the first time. No client ever talks to anything but this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app.simulator.faults import FAULTS
from tests.clients.driving import Driver
from tests.clients.inputs import chosen_faults, making
from tests.clients.install import Client, Installed, clients, default_cache
from tests.clients.replay import Replay
from tests.clients.table import Seen, play_client, write
from tests.clients.work import Work, prepare

ROOT = Path(__file__).resolve().parents[2]
DRIVERS = 1  # of each client: most of the time is waiting for one another
TIME_LIMIT_S = 60 * 60


def main() -> int:
    """Play them. 0 when the table was made, 1 when a client could not be installed or the time ran out."""
    options = _parse()
    chosen = [one for one in clients() if not options.client or one.name in options.client]
    cache = options.cache or default_cache()
    for client in chosen:
        _say(f"{client.name} {client.version}")
        Installed(client, cache).install()
    try:
        seen = asyncio.run(asyncio.wait_for(_play(chosen, cache, options.fault), TIME_LIMIT_S))
    except TimeoutError:
        _say(f"not done after {TIME_LIMIT_S // 60} minutes")
        return 1
    if options.client or options.fault:
        for line in seen.lines():
            sys.stdout.write(line + "\n")
    else:
        write(seen, options.out / "seen.json", options.date)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--client", nargs="+", choices=[one.name for one in clients()], metavar="NAME")
    parser.add_argument("--fault", nargs="+", choices=sorted(FAULTS), metavar="NAME")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help=f"where clients are installed ({default_cache()})")
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "resources" / "clients", metavar="FOLDER")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat(), help="the date that the table tells (today)")
    return parser.parse_args()


async def _play(chosen: list[Client], cache: Path, names: list[str] | None) -> Seen:
    async with Replay().serving() as replay:
        async with making(replay) as maker:
            work = await prepare(maker, chosen_faults(names or []), with_cases=not names)
        _say(f"{len(work.inputs)} answers")
        seen = Seen(chosen, work)
        await asyncio.gather(*(_play_one(client, cache, replay, work, seen) for client in chosen))
        return seen


async def _play_one(client: Client, cache: Path, replay: Replay, work: Work, seen: Seen) -> None:
    begun, drivers = time.monotonic(), [Driver(Installed(client, cache), replay) for _ in range(DRIVERS)]
    try:
        await play_client(client, drivers, work, seen)
    finally:
        for driver in drivers:
            await driver.close()
    _say(f"{client.name}: {time.monotonic() - begun:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
