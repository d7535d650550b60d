"""Real relays in front of our upstream: installs each, sends every request through it, and writes what is said of them.

    python -m tests.mirror.relays                     # all: about ten minutes on two cores; writes tests/mirror/relays.md
    python -m tests.mirror.relays --route CCR         # prints what is said of one route and writes nothing

No part of CI (see `tests.real_relays`). What they were seen to do by other means (`../shared/RELAYS.md`) is the oracle, as
relays_seen.toml has it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tomllib
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from app.asking.mirroring import Listening, Mirroring
from app.mirror.probes import probes
from app.mirror.result import Result, told_before
from app.mirror.row import Difference, Kind
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.store.profiles import Profile, ProfileLimits
from app.wire.client import WireClient
from tests.real_relays import CACHE, CCR, LITELLM, OWN_KEY, PORTKEY, Relay, install, portkey_to, running

HERE = Path(__file__).parent
TOKEN = "relays-behind-each-1"
UPSTREAM_PORT = 38701
KEY = "sk-of-the-user-000000000000"
UP = f"http://127.0.0.1:{UPSTREAM_PORT}/{TOKEN}"


@dataclass(frozen=True)
class Route:
    """A way through a relay: asked in `protocol`, for `model`; `headers` choose the upstream where no settings do."""

    name: str
    relay: Relay
    protocol: str
    model: str
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()


ROUTES = (
    Route("La", LITELLM, MESSAGES, "claude-opus-4-8"),
    Route("Lr", LITELLM, MESSAGES, "to-openai"),
    Route("Lc", LITELLM, MESSAGES, "to-chat"),
    Route("LcA", LITELLM, CHAT, "claude-opus-4-8", "/v1"),
    Route("LrA", LITELLM, RESPONSES, "claude-opus-4-8", "/v1"),
    Route("CCR", CCR, MESSAGES, "some-model"),
    Route("PKm", PORTKEY, MESSAGES, "some-model", headers=portkey_to("anthropic", UP)),
    Route("PKc", PORTKEY, CHAT, "some-model", "/v1", portkey_to("openai", UP)),
    Route("PKr", PORTKEY, RESPONSES, "some-model", "/v1", portkey_to("openai", UP)),
)


def main() -> int:
    """Play them. 0 when the table was made."""
    parser = argparse.ArgumentParser(prog="python -m tests.mirror.relays", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--route", nargs="+", choices=[one.name for one in ROUTES], metavar="NAME")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="FOLDER")
    options = parser.parse_args()
    chosen = [one for one in ROUTES if not options.route or one.name in options.route]
    for relay in dict.fromkeys(one.relay for one in chosen):
        install(relay, options.cache)
    keep = None if options.route else HERE / "relays.md"
    said = asyncio.run(_play(chosen, options.cache, keep))
    if options.route:
        for name, results in said.items():
            for line in _lines(results):
                sys.stdout.write(f"{name}  {line}\n")
    return 0


async def _play(chosen: list[Route], cache: Path, keep: Path | None) -> dict[str, dict[str, Result]]:
    """What is said of each route. The table is written to `keep` after each, so that a broken run leaves what it had."""
    said: dict[str, dict[str, Result]] = {}
    async with aclosing(Listening(port=UPSTREAM_PORT, token=TOKEN, key=KEY, secrets=(OWN_KEY,))) as listening:
        await listening.start()
        for relay in dict.fromkeys(one.relay for one in chosen):
            async with running(relay, cache, UP), aclosing(WireClient()) as wire:
                for route in (one for one in chosen if one.relay is relay):
                    address = f"http://127.0.0.1:{relay.port}{route.path}"
                    limits = ProfileLimits(silence_s=90)
                    profile = Profile(
                        route.name, route.protocol, address, auth="x-api-key" if route.protocol == MESSAGES else "bearer",
                        model=route.model, headers=route.headers, proxy="none", http2=False, limits=limits,
                    )  # fmt: skip
                    mirroring = Mirroring(wire, listening, profile, KEY, route.model)
                    await mirroring.run(probes(route.protocol))
                    said[route.name] = {one.name: mirroring.results[one.name] for one in probes(route.protocol)}
                    if keep is not None:
                        keep.write_text(_document(said), encoding="utf-8")  # noqa: ASYNC240 -- nothing else runs
                    sys.stderr.write(f"{route.name} done\n")
    return said


def _lines(results: dict[str, Result]) -> list[str]:
    """What is said of each request that did not arrive as it was sent, but for what the plainest one has too."""
    out = []
    for name, one in results.items():
        before = told_before(one, results.get("plain"))
        rows = [row for row in (*one.rows, *one.answer) if not _as_it_should(row) and row not in before]
        said = "; ".join(dict.fromkeys(_said(row) for row in rows))
        out.append(f"{name}: {said or 'kept'}")
    return out


def _as_it_should(row: Difference) -> bool:
    return row.kind is Kind.KEPT or row.reason in ("same_elsewhere", "answer_id")


def _said(row: Difference) -> str:
    mark = "**" if row.loud else ""
    return f"{mark}{row.what} {row.kind}{mark} ({row.reason})"


def _document(said: dict[str, dict[str, Result]]) -> str:
    """The table: the rows of the oracle, each with what it says and what is said here; then all that is said."""
    seen = tomllib.loads((HERE / "relays_seen.toml").read_text(encoding="utf-8"))
    lines = ["# What is said of real relays", "", "Made by `python -m tests.mirror.relays`.", ""]
    lines += ["| route | relay | asked in | what the upstream is asked |", "| --- | --- | --- | --- |"]
    for route in (one for one in ROUTES if one.name in said):
        lines.append(f"| {route.name} | {route.relay.name} | {route.protocol} | {_asked(said[route.name])} |")
    lines += ["", "## The rows that were seen by other means", ""]
    for row in seen["row"]:
        lines += [f"**{row['part']}**: {row['seen']}", ""]
        for name, results in said.items():
            found = _lines({key: results[key] for key in ("plain", *row["probes"]) if key in results})
            lines += [f"- {name} {line}" for line in found if not line.startswith("plain:") or "plain" in row["probes"]]
        if note := row.get("note"):
            lines += ["", note]
        lines.append("")
    for name, results in said.items():
        lines += [f"## {name}", "", *(f"- {line}" for line in _lines(results)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _asked(results: dict[str, Result]) -> str:
    paths = {one.path.partition("?")[0] for result in results.values() for one in result.arrivals if one.protocol}
    return ", ".join(sorted(paths))


if __name__ == "__main__":
    sys.exit(main())
