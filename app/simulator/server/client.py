"""Starts the simulator in a process of its own, and ends it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

from app.child_process import PROCESS_VARIABLES
from app.text.sentences import tr

_START_TIMEOUT_S = 20.0
_END_TIMEOUT_S = 5.0


class SimulatorError(Exception):
    """The simulator did not start; the text has what it said."""


class Simulator:
    """The simulator's process. It ends with `aclose`, and when this process ends, however that happens.

    Attributes:
        root: `http://127.0.0.1:PORT` once it was started, "" before; see `app.simulator.server.urls.base_url`.
    """

    def __init__(self, faults: Sequence[str] = (), port: int = 0, command: Sequence[str] | None = None) -> None:
        """`faults` are in force everywhere. `command` starts the simulator's process in another way than the usual."""
        self._command = list(command or _usual_command())
        self._arguments = ["--port", str(port), *(["--fault", *faults] if faults else [])]
        self._process: subprocess.Popen[bytes] | None = None
        self.root = ""

    @property
    def pid(self) -> int | None:
        """The process's id, None where it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.pid is not None

    async def start(self) -> str:
        """Start it, unless it runs, and return its root. Raises SimulatorError."""
        if self.pid is None:
            self.root = await asyncio.get_running_loop().run_in_executor(None, self._start)
        return self.root

    async def aclose(self) -> None:
        """End it and wait until it has ended."""
        await asyncio.get_running_loop().run_in_executor(None, self.close)

    def close(self) -> None:
        """End it and wait until it has ended, without a loop."""
        process, self._process, self.root = self._process, None, ""
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        self._wait(process)

    @staticmethod
    def _wait(process: subprocess.Popen[bytes]) -> None:
        """Until it has ended, which its closed standard input makes it do."""
        try:
            process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _environment(self) -> dict[str, str]:
        """The variables that the process gets."""
        return keyless_environment(os.environ)

    def _started(self, process: subprocess.Popen[bytes]) -> None:
        """It has said where it is; what it says from now on is nobody's, here."""

    def _start(self) -> str:
        self.close()
        # Without this flag Windows opens a console for each process that a windowed program starts.
        flags: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            process = subprocess.Popen(
                [*self._command, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self._environment(),
                creationflags=flags,
            )
        except OSError as error:
            raise SimulatorError(tr("the simulator can't be started: {why}", why=error.strerror or error)) from error
        self._process = process
        line = self._first_line(process)
        if not line:
            self.close()
            raise SimulatorError(tr("the simulator ended with exit code {code} before it was ready", code=process.returncode))
        self._started(process)
        return str(json.loads(line)["root"])

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        """The line with the port; b"" where the process ends, or takes too long, before it writes one."""
        assert process.stdout is not None
        timer = threading.Timer(_START_TIMEOUT_S, process.kill)
        timer.start()
        try:
            return process.stdout.readline()
        finally:
            timer.cancel()
            timer.join()


def keyless_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment the simulator gets: no variable that could hold a key."""
    return {name: value for name, value in environment.items() if name.upper() in PROCESS_VARIABLES}


def _usual_command() -> tuple[str, ...]:
    """A packaged build has no Python to call: there the program itself is the simulator, by a hidden word."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "_simulator")
    # -P: the folder we were started in may hold another package of the name `app`.
    return (sys.executable, "-P", "-m", "app.simulator.server.process")
