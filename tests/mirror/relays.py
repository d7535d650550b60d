"""Real relays in front of our upstream: installs each, sends every request through it, and writes what is said of them.

    python -m tests.mirror.relays                     # all: about ten minutes on two cores; writes tests/mirror/relays.md
    python -m tests.mirror.relays --route CCR         # prints what is said of one route and writes nothing

Needs node, npm and uv, and the package registries the first time; no part of CI. Nothing leaves this machine: each relay's only
upstream is ours. What they were seen to do by other means (`../shared/RELAYS.md`) is the oracle, as relays_seen.toml has it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import AsyncIterator, Callable
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

HERE = Path(__file__).parent
TOKEN = "relays-behind-each-1"
UPSTREAM_PORT = 38701
KEY, OWN_KEY = "sk-of-the-user-000000000000", "sk-of-the-relay-00000000000"
START_S = 120.0
INSTALL_S = 900
UP = f"http://127.0.0.1:{UPSTREAM_PORT}/{TOKEN}"


@dataclass(frozen=True)
class Relay:
    """One relay: `package` as it is installed, `port` where it listens; `command` and its settings are made in `folder`."""

    name: str
    package: tuple[str, ...]
    port: int
    prepare: Callable[[Path], list[str]]
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def is_python(self) -> bool:
        return "==" in self.package[0]


@dataclass(frozen=True)
class Route:
    """A way through a relay: asked in `protocol`, for `model`; `headers` choose the upstream where no settings do."""

    name: str
    relay: Relay
    protocol: str
    model: str
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def _litellm(folder: Path) -> list[str]:
    def model(name: str, of: str, base: str) -> str:
        parameters = {"model": of, "api_base": base, "api_key": OWN_KEY}
        return f"  - {json.dumps({'model_name': name, 'litellm_params': parameters})}"

    lines = [
        "model_list:",
        model("claude-opus-4-8", "anthropic/claude-opus-4-8", UP),
        model("to-openai", "openai/gpt-5.5", f"{UP}/v1"),
        model("to-chat", "hosted_vllm/some-model", f"{UP}/v1"),
        "litellm_settings: {drop_params: true, telemetry: false}",
    ]
    (folder / "litellm.yaml").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder / "litellm/bin/litellm"), "--config", "litellm.yaml", "--port", "38710", "--host", "127.0.0.1"]


def _ccr(folder: Path) -> list[str]:
    provider = {"name": "up", "api_base_url": f"{UP}/v1/chat/completions", "api_key": OWN_KEY, "models": ["some-model"]}
    settings = {"LOG": False, "NON_INTERACTIVE_MODE": True, "PORT": 38711, "HOST": "127.0.0.1", "API_TIMEOUT_MS": 60_000}
    home = folder / ".claude-code-router"
    home.mkdir(exist_ok=True)
    said = settings | {"Providers": [provider], "Router": {"default": "up,some-model"}}
    (home / "config.json").write_text(json.dumps(said), encoding="utf-8")
    return ["node", str(folder / "38711/node_modules/@musistudio/claude-code-router/dist/cli.js"), "start"]


def _portkey(folder: Path) -> list[str]:
    return ["node", str(folder / "38712/node_modules/@portkey-ai/gateway/build/start-server.js"), "--port=38712", "--headless"]


LITELLM = Relay(
    "LiteLLM proxy 1.108.7",
    ("litellm[proxy]==1.108.7",),
    38710,
    _litellm,
    (("LITELLM_LOCAL_MODEL_COST_MAP", "True"), ("LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY", "true")),
)
CCR = Relay("claude-code-router 2.0.0", ("@musistudio/claude-code-router@2.0.0",), 38711, _ccr)
PORTKEY = Relay(
    "Portkey gateway 1.15.2",
    ("@portkey-ai/gateway@1.15.2", "hono@4.9.7", "@hono/node-server@1.13.8"),
    38712,
    _portkey,
    (("TRUSTED_CUSTOM_HOSTS", "127.0.0.1"),),
)


def _at(provider: str) -> tuple[tuple[str, str], ...]:
    return (("x-portkey-provider", provider), ("x-portkey-custom-host", f"{UP}/v1"))


ROUTES = (
    Route("La", LITELLM, MESSAGES, "claude-opus-4-8"),
    Route("Lr", LITELLM, MESSAGES, "to-openai"),
    Route("Lc", LITELLM, MESSAGES, "to-chat"),
    Route("LcA", LITELLM, CHAT, "claude-opus-4-8", "/v1"),
    Route("LrA", LITELLM, RESPONSES, "claude-opus-4-8", "/v1"),
    Route("CCR", CCR, MESSAGES, "some-model"),
    Route("PKm", PORTKEY, MESSAGES, "some-model", headers=_at("anthropic")),
    Route("PKc", PORTKEY, CHAT, "some-model", "/v1", _at("openai")),
    Route("PKr", PORTKEY, RESPONSES, "some-model", "/v1", _at("openai")),
)


def main() -> int:
    """Play them. 0 when the table was made."""
    parser = argparse.ArgumentParser(prog="python -m tests.mirror.relays", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--route", nargs="+", choices=[one.name for one in ROUTES], metavar="NAME")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "diptych-relays", metavar="FOLDER")
    options = parser.parse_args()
    chosen = [one for one in ROUTES if not options.route or one.name in options.route]
    for relay in dict.fromkeys(one.relay for one in chosen):
        _install(relay, options.cache)
    keep = None if options.route else HERE / "relays.md"
    said = asyncio.run(_play(chosen, options.cache, keep))
    if options.route:
        for name, results in said.items():
            for line in _lines(results):
                sys.stdout.write(f"{name}  {line}\n")
    return 0


def _install(relay: Relay, cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    if relay.is_python:
        if not (cache / "litellm/bin/litellm").exists():
            uv = os.environ.get("UV") or shutil.which("uv") or "uv"
            venv = str(cache / "litellm")
            _run([uv, "venv", "-q", "--python", sys.executable, venv], cache)
            _run([uv, "pip", "install", "-q", "--python", f"{venv}/bin/python", *relay.package], cache)
    elif not (folder := cache / str(relay.port)).exists():
        folder.mkdir()
        pinned = {one.rpartition("@")[0]: one.rpartition("@")[2] for one in relay.package}
        others = dict(list(pinned.items())[1:])  # in the versions that were seen, also where another package brings its own
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": pinned, "overrides": others}))
        _run(["npm", "install", "--silent", "--no-fund", "--no-audit"], folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, check=True, timeout=INSTALL_S, cwd=folder, stdout=subprocess.DEVNULL)


@contextlib.asynccontextmanager
async def _running(relay: Relay, cache: Path) -> AsyncIterator[None]:
    """The relay while it runs, in a process group of its own."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    variables = {**kept, "HOME": str(cache), "NO_PROXY": "*", **dict(relay.variables)}
    with (cache / f"{relay.port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *relay.prepare(cache), cwd=cache, env=variables, stdout=log, stderr=log, start_new_session=True
        )
        try:
            async with asyncio.timeout(START_S):
                while not await _listens(relay.port):  # noqa: ASYNC110 -- nothing tells when it is up
                    await asyncio.sleep(0.2)
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _play(chosen: list[Route], cache: Path, keep: Path | None) -> dict[str, dict[str, Result]]:
    """What is said of each route. The table is written to `keep` after each, so that a broken run leaves what it had."""
    said: dict[str, dict[str, Result]] = {}
    async with aclosing(Listening(port=UPSTREAM_PORT, token=TOKEN, key=KEY, secrets=(OWN_KEY,))) as listening:
        await listening.start()
        for relay in dict.fromkeys(one.relay for one in chosen):
            async with _running(relay, cache), aclosing(WireClient()) as wire:
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
