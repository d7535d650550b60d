"""Real relays, checked beside the simulator's official endpoint, which is their upstream too: what is said of each.

    python -m tests.checks.relays                                  # all; prints a table, and keeps the checks in the cache
    python -m tests.checks.relays --route La --group tools context # one route, some groups
    python -m tests.checks.relays --again                          # those that were kept, judged again: nothing is sent
    python -m tests.checks.relays --again --write                  # and relays.md is made of them

No part of CI (see `tests.real_relays`). What was found when the verdicts were read through by hand, beside the recordings and
what is known of the relays (`../shared/RELAYS.md`), is in relays_read.toml; `relays.md` has both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from app.checks.verdict import Verdict
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.registry import info
from app.report.schema import Report, load
from app.simulator.server.client import Simulator
from app.simulator.server.urls import base_url, fault_endpoint
from tests.checks.play import HONEST
from tests.checks.play import KEY as VENDOR_KEY
from tests.real_relays import ANT2OAI, CACHE, CCR, LITELLM, OPENAI2ANTHROPIC, PORTKEY, Relay, install, portkey_to, running

HERE = Path(__file__).parent
PORT = 28702
ROOT = f"http://127.0.0.1:{PORT}"
UP = f"{ROOT}/{fault_endpoint(*HONEST)}"
CLAUDE, GPT = "claude-sonnet-4-6", "gpt-5.4-mini"
CHECK_S = 1200


@dataclass(frozen=True)
class Route:
    """A way through a relay: asked in `protocol` for `model`; the official endpoint beside it for `official`.

    `behind` is what stands behind the relay, in words. `headers` choose the upstream where no settings do. `auth`: how the
    relay is given the key, "" for the protocol's usual way. `faults`: of the simulator behind the relay alone.
    """

    name: str
    relay: Relay
    protocol: str
    model: str
    official: str
    behind: str
    headers: tuple[tuple[str, str], ...] = ()
    auth: str = ""
    faults: tuple[str, ...] = ()

    @property
    def up(self) -> str:
        return f"{ROOT}/{fault_endpoint(*HONEST, *self.faults)}"


ROUTES = (
    Route("La", LITELLM, MESSAGES, CLAUDE, CLAUDE, "the same, in Messages"),
    Route("Lo", LITELLM, CHAT, GPT, GPT, "the same, in Chat"),
    Route("LcA", LITELLM, CHAT, CLAUDE, GPT, "claude-sonnet-4-6, in Messages"),
    Route("PKm", PORTKEY, MESSAGES, CLAUDE, CLAUDE, "the same, in Messages", portkey_to("anthropic", UP)),
    Route("PKc", PORTKEY, CHAT, GPT, GPT, "the same, in Chat", portkey_to("openai", UP)),
    Route("CCR", CCR, MESSAGES, f"up,{GPT}", CLAUDE, "gpt-5.4-mini, in Chat"),
    Route("A2Ox", ANT2OAI, MESSAGES, GPT, CLAUDE, "gpt-5.4-mini, in Chat; the key as x-api-key"),
    Route("A2O", ANT2OAI, MESSAGES, GPT, CLAUDE, "gpt-5.4-mini, in Chat; the key as Bearer", auth="bearer"),
    Route("OAs", OPENAI2ANTHROPIC, MESSAGES, GPT, CLAUDE, "gpt-5.4-mini, in Chat"),
    Route("OA", OPENAI2ANTHROPIC, MESSAGES, GPT, CLAUDE, "a lenient gpt-5.4-mini, in Chat", faults=("lenient",)),
)


def main() -> int:
    """Check them. 0 where each was checked."""
    parser = argparse.ArgumentParser(prog="python -m tests.checks.relays", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--route", nargs="+", choices=[one.name for one in ROUTES], metavar="NAME")
    parser.add_argument("--group", nargs="+", default=[], metavar="G")
    parser.add_argument("--check", nargs="+", default=[], metavar="ID")
    parser.add_argument("--again", action="store_true", help="judge the kept ones by the rules of now")
    parser.add_argument("--cache", type=Path, default=CACHE, metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="write relays.md, of those that were kept")
    options = parser.parse_args()
    chosen = [one for one in ROUTES if not options.route or one.name in options.route]
    if options.again:
        kept = [one for one in chosen if _kept(options.cache, one).exists()]
        reports = {one.name: _checked([str(_kept(options.cache, one))], options.cache) for one in kept}
        for route in kept:
            _print(route, reports[route.name])
        if options.write:
            (HERE / "relays.md").write_text(_document(kept, reports), encoding="utf-8")
        return 0
    for relay in dict.fromkeys(one.relay for one in chosen):
        install(relay, options.cache)
    asyncio.run(_play(chosen, options))
    return 0


async def _play(chosen: list[Route], options: argparse.Namespace) -> None:
    async with aclosing(Simulator(port=PORT)) as simulator:
        await simulator.start()
        for relay, up in dict.fromkeys((one.relay, one.up) for one in chosen):
            async with running(relay, options.cache, up):
                for route in (one for one in chosen if (one.relay, one.up) == (relay, up)):
                    arguments = [*_sides(route), *_asked(options), "--save", str(_kept(options.cache, route))]
                    _kept(options.cache, route).unlink(missing_ok=True)
                    _print(route, await asyncio.to_thread(_checked, arguments, options.cache))


def _sides(route: Route) -> list[str]:
    address = f"http://127.0.0.1:{route.relay.port}{'' if route.protocol == MESSAGES else '/v1'}"
    auth = info(route.protocol).default_auth
    b = ["--url", address, "--protocol", route.protocol, "--key-env", "KEY", "--auth", route.auth or auth]
    b += ["--model", route.model]
    a = ["--against-url", base_url(ROOT, fault_endpoint(*HONEST), route.protocol), "--against-protocol", route.protocol]
    a += ["--against-key-env", "KEY", "--against-auth", auth, "--against-model", route.official]
    return [*b, *(f"--header={name}={value}" for name, value in route.headers), *a]


def _asked(options: argparse.Namespace) -> list[str]:
    groups = ["--group", *options.group] if options.group else []
    checks = ["--check", *options.check] if options.check else []
    return [*groups, *checks, "--with", "prompt_cache", "--seed", "1", "--max-tokens-total", "10000000"]


def _kept(cache: Path, route: Route) -> Path:
    return cache / f"{route.name}.diptych"


def _checked(arguments: list[str], cache: Path) -> Report:
    """The report of `diptych check` with these arguments. Raises where there is none."""
    home = cache / "home"
    home.mkdir(exist_ok=True)
    places = {f"XDG_{one}_HOME": str(home) for one in ("CONFIG", "DATA", "STATE", "CACHE")}
    variables = {**os.environ, **places, "HOME": str(home), "KEY": VENDOR_KEY, "NO_PROXY": "*"}
    command = [sys.executable, "-m", "app", "check", *arguments, "--json"]
    done = subprocess.run(command, env=variables, capture_output=True, timeout=CHECK_S, check=False)
    sys.stderr.buffer.write(done.stderr)
    return load(done.stdout)


def _print(route: Route, report: Report) -> None:
    sys.stdout.write(f"\n{route.name}: {route.relay.name}, {route.protocol}; behind it {route.behind}\n{report.sentence}\n")
    for line in _rows(report):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _rows(report: Report) -> Iterator[str]:
    for one in report.checks:
        control = f" [A {one.a.verdict}: {one.a.reason_code}]" if one.a is not None and one.a.verdict != Verdict.PASS else ""
        yield f"| {one.id} | {one.b.verdict} | {one.b.reason_code} | {one.b.sentence}{control} |"


_MARKS = {
    Verdict.PASS: "✓", Verdict.FAIL: "✕", Verdict.DIFFERS: "≠", Verdict.UNSUPPORTED: "–",
    Verdict.INCONCLUSIVE: "?", Verdict.SKIPPED: "·",
}  # fmt: skip


def _document(routes: list[Route], reports: dict[str, Report]) -> str:
    """The table of all, the verdicts that are no pass with their reasons, and what was found when they were read."""
    read = tomllib.loads((HERE / "relays_read.toml").read_text(encoding="utf-8"))
    lines = ["# What is said of real relays, and whether it is so", "", read["about"].strip(), ""]
    lines += ["| route | relay | asked in | behind it | the verdict line |", "| --- | --- | --- | --- | --- |"]
    for one in routes:
        lines.append(f"| {one.name} | {one.relay.name} | {one.protocol} | {one.behind} | {reports[one.name].sentence} |")
    lines += ["", "✓ pass, ✕ fails, ≠ differs, – unsupported, ? inconclusive, · skipped; nothing: not for this protocol.", ""]
    lines += [f"| check | {' | '.join(one.name for one in routes)} |", f"| --- |{' --- |' * len(routes)}"]
    marks = {one.name: {check.id: _MARKS[check.b.verdict] for check in reports[one.name].checks} for one in routes}
    for check in dict.fromkeys(check for of in marks.values() for check in of):
        lines.append(f"| {check} | {' | '.join(marks[one.name].get(check, '') for one in routes)} |")
    lines += ["", "## Read by hand", ""]
    lines += [f"- **{one['checks']}** ({one['routes']}): {' '.join(one['found'].split())}" for one in read["read"]]
    for route in routes:
        lines += ["", f"## {route.name}: {route.relay.name}", ""]
        told = [one for one in reports[route.name].checks if one.b.verdict not in (Verdict.PASS, Verdict.SKIPPED)]
        lines += [f"- {one.id}, {one.b.verdict} ({one.b.reason_code}): {_plain(one.b.sentence)}" for one in told]
    return "\n".join(lines) + "\n"


def _plain(sentence: str) -> str:
    """Without the folder that relays were installed in, which is of no matter."""
    return re.sub(r"(?:/[\w.@-]+)+/node_modules/", ".../node_modules/", sentence)


if __name__ == "__main__":
    sys.exit(main())
