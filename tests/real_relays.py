"""Real relays, each in a virtual environment or node folder of its own: installed, and run in front of an upstream of ours.

For `tests.mirror.relays` and `tests.checks.relays`, which are no part of CI: node, npm and uv are needed, and the package
registries the first time. Nothing leaves this machine: each relay's only upstream is ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

OWN_KEY = "sk-of-the-relay-00000000000"
CACHE = Path(tempfile.gettempdir()) / "diptych-relays"
_START_S = 120.0
_INSTALL_S = 900


@dataclass(frozen=True)
class Relay:
    """One relay: `package` as it is installed, `port` where it listens.

    The port lies below those that the system gives to connections. `prepare` writes its settings into a folder, for an upstream
    at this base URL (without `/v1`), and returns its command. `python` is the interpreter that it needs, where ours won't do.
    """

    name: str
    package: tuple[str, ...]
    port: int
    prepare: Callable[[Path, str], list[str]]
    variables: tuple[tuple[str, str], ...] = ()
    python: str = ""

    @property
    def is_python(self) -> bool:
        return "==" in self.package[0]


def _litellm(folder: Path, up: str) -> list[str]:
    def model(name: str, of: str, base: str) -> str:
        parameters = {"model": of, "api_base": base, "api_key": OWN_KEY}
        return f"  - {json.dumps({'model_name': name, 'litellm_params': parameters})}"

    lines = [
        "model_list:",
        model("claude-opus-4-8", "anthropic/claude-opus-4-8", up),
        model("claude-sonnet-4-6", "anthropic/claude-sonnet-4-6", up),
        model("to-openai", "openai/gpt-5.5", f"{up}/v1"),
        model("gpt-5.4-mini", "openai/gpt-5.4-mini", f"{up}/v1"),
        model("to-chat", "hosted_vllm/some-model", f"{up}/v1"),
        "litellm_settings: {drop_params: true, telemetry: false}",
    ]
    (folder / "litellm.yaml").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder / "28710/bin/litellm"), "--config", "litellm.yaml", "--port", "28710", "--host", "127.0.0.1"]


def _ccr(folder: Path, up: str) -> list[str]:
    models = ["some-model", "gpt-5.4-mini"]
    provider = {"name": "up", "api_base_url": f"{up}/v1/chat/completions", "api_key": OWN_KEY, "models": models}
    settings = {"LOG": False, "NON_INTERACTIVE_MODE": True, "PORT": 28711, "HOST": "127.0.0.1", "API_TIMEOUT_MS": 60_000}
    home = folder / ".claude-code-router"
    home.mkdir(exist_ok=True)
    said = settings | {"Providers": [provider], "Router": {"default": "up,some-model"}}
    (home / "config.json").write_text(json.dumps(said), encoding="utf-8")
    return ["node", str(folder / "28711/node_modules/@musistudio/claude-code-router/dist/cli.js"), "start"]


def _portkey(folder: Path, _up: str) -> list[str]:
    return ["node", str(folder / "28712/node_modules/@portkey-ai/gateway/build/start-server.js"), "--port=28712", "--headless"]


def _ant2oai(folder: Path, up: str) -> list[str]:
    return [str(folder / "28713/bin/a2o"), "--upstream", f"{up}/v1/chat/completions", "--port", "28713"]


def _openai2anthropic(folder: Path, up: str) -> list[str]:
    home = folder / ".oa2a"
    home.mkdir(exist_ok=True)
    settings = {"openai_api_key": OWN_KEY, "openai_base_url": f"{up}/v1", "host": "127.0.0.1", "port": 28714}
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    (home / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder / "28714/bin/oa2a")]


LITELLM = Relay(
    "LiteLLM proxy 1.108.7",
    ("litellm[proxy]==1.108.7",),
    28710,
    _litellm,
    (("LITELLM_LOCAL_MODEL_COST_MAP", "True"), ("LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY", "true")),
)
CCR = Relay("claude-code-router 2.0.0", ("@musistudio/claude-code-router@2.0.0",), 28711, _ccr)
PORTKEY = Relay(
    "Portkey gateway 1.15.2",
    ("@portkey-ai/gateway@1.15.2", "hono@4.9.7", "@hono/node-server@1.13.8"),
    28712,
    _portkey,
    (("TRUSTED_CUSTOM_HOSTS", "127.0.0.1"),),
)
ANT2OAI = Relay("ant2oai 0.1.6", ("ant2oai==0.1.6",), 28713, _ant2oai)
OPENAI2ANTHROPIC = Relay(
    "local-openai2anthropic 0.7.3", ("local-openai2anthropic==0.7.3", "jinja2"), 28714, _openai2anthropic, python="3.12"
)


def portkey_to(provider: str, up: str) -> tuple[tuple[str, str], ...]:
    """The headers that choose Portkey's upstream, which has no settings."""
    return (("x-portkey-provider", provider), ("x-portkey-custom-host", f"{up}/v1"))


def install(relay: Relay, cache: Path) -> None:
    """Into its own folder under `cache`, unless it is there."""
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / str(relay.port)
    if folder.exists():
        return
    if relay.is_python:
        uv = os.environ.get("UV") or shutil.which("uv") or "uv"
        _run([uv, "venv", "-q", "--python", relay.python or sys.executable, str(folder)], cache)
        _run([uv, "pip", "install", "-q", "--python", f"{folder}/bin/python", *relay.package], cache)
    else:
        folder.mkdir()
        pinned = {one.rpartition("@")[0]: one.rpartition("@")[2] for one in relay.package}
        others = dict(list(pinned.items())[1:])  # in the versions that were seen, also where another package brings its own
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": pinned, "overrides": others}))
        _run(["npm", "install", "--silent", "--no-fund", "--no-audit"], folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, check=True, timeout=_INSTALL_S, cwd=folder, stdout=subprocess.DEVNULL)


@contextlib.asynccontextmanager
async def running(relay: Relay, cache: Path, up: str) -> AsyncIterator[None]:
    """The relay while it runs, in a process group of its own, in front of `up`."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    variables = {**kept, "HOME": str(cache), "NO_PROXY": "*", **dict(relay.variables)}
    with (cache / f"{relay.port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *relay.prepare(cache, up), cwd=cache, env=variables, stdout=log, stderr=log, start_new_session=True
        )
        try:
            async with asyncio.timeout(_START_S):
                while not await _listens(relay.port):  # nothing tells when it is up
                    if process.returncode is not None:
                        raise RuntimeError(f"{relay.name} ended: see {relay.port}.log")
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
