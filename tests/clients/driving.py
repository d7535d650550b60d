"""One driver process a client: jobs go in as lines of JSON, what the client made of each comes back."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import Any

from tests.clients.install import Installed
from tests.clients.replay import Answer, Replay

JOB_TIMEOUT_S = 60.0
START_TIMEOUT_S = 600.0
LINE_LIMIT = 64 << 20


@dataclass(frozen=True)
class Job:
    """What a client is asked to do. `answers` are what it gets, see `Replay.expect`."""

    protocol: str
    kind: str
    way: str
    answers: dict[str, Answer] = field(hash=False, compare=False)
    suffix: str | None = None


@dataclass(frozen=True)
class Played:
    """What came of a job: `seen` as the driver says it, None where the client crashed or did not end."""

    seen: dict[str, Any] | None
    heads: list[bytes]


class Driver:
    """A client's process. It is started with the first job, and anew after one that it did not survive."""

    def __init__(self, installed: Installed, replay: Replay) -> None:
        self._installed = installed
        self._replay = replay
        self._process: asyncio.subprocess.Process | None = None

    async def play(self, job: Job) -> Played:
        """Play one job."""
        suffix = self._installed.client.suffix[job.protocol] if job.suffix is None else job.suffix
        with self._replay.expecting(job.answers) as (root, asked):
            ask = {"protocol": job.protocol, "kind": job.kind, "way": job.way, "root": root, "suffix": suffix}
            seen = await self._ask(ask)
            if seen is None:  # once more in a fresh process: it may have been this machine that was busy
                asked.heads.clear()
                seen = await self._ask(ask)
            return Played(seen, asked.heads)

    async def _ask(self, ask: dict[str, Any]) -> dict[str, Any] | None:
        fresh = self._process is None
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(ask).encode() + b"\n")
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S if fresh else JOB_TIMEOUT_S)
        except (TimeoutError, ConnectionError):
            line = b""
        if not line:
            sys.stderr.write(f"{self._installed.client.name} crashed or did not end: {ask}\n")
            await self.close()
            return None
        seen: dict[str, Any] = json.loads(line)
        return seen

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._installed.command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._installed.environment(),
            cwd=self._installed.folder,
            limit=LINE_LIMIT,
        )
        return self._process

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
