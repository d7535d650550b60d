"""Starts the endpoint that stands behind a relay, and hands on what it tells (`app.simulator.server.recorder`)."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.simulator.server.client import Simulator
from app.simulator.server.urls import TOKEN_VARIABLE

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Arrival:
    """A request that arrived. Nothing in it is masked yet.

    Attributes:
        number: counts from 1.
        path: below the token, as it was asked; `query` without its question mark.
        headers: names in lower case.
        opened_ns, whole_ns: when its head and its last byte were read, on the monotonic clock.
        protocol: which it asks in, "" for what is no question to a model (a model list).
        counting: it asks how many tokens it is.
        refusal: what the official endpoint would say against it, "" where it takes it.
    """

    number: int
    method: str
    path: str
    query: str
    http_version: str
    headers: Pairs
    body: bytes
    opened_ns: int
    whole_ns: int
    protocol: str
    counting: bool
    refusal: str


@dataclass(frozen=True)
class Answered:
    """What was answered to the arrival of that number: `pieces` are (nanoseconds, bytes) as they were handed to the network.

    `whole`: all of it was written, before the relay went away.
    """

    number: int
    status: int
    headers: Pairs
    body: bytes
    pieces: tuple[tuple[int, int], ...]
    streamed: bool
    whole: bool


@dataclass(frozen=True)
class Stranger:
    """A request without the token, which was refused."""

    method: str


@dataclass(frozen=True)
class Marked:
    """All that was told before `Upstream.mark` of that number has been handed on."""

    number: int


Told = Arrival | Answered | Stranger | Marked
OnTold = Callable[[Told], None]


class Upstream(Simulator):
    """The process of the endpoint behind a relay. `root` is its base URL with the token, without `/v1`."""

    def __init__(
        self,
        on_told: OnTold,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: str = "steady",
        token: str = "",
        command: Sequence[str] | None = None,
    ) -> None:
        """`on_told` is called on a thread of its own. `token`: instead of a random one; "" for that."""
        super().__init__(port=port, command=command)
        self._arguments += ["--record", "--bind", host, "--pace", pace]
        self._on_told, self._token = on_told, token
        self._thread: threading.Thread | None = None

    def order(self, word: str, faults: Sequence[str]) -> None:
        """Answer requests whose body holds the word with these faults. Nothing happens where it does not run."""
        self._say({"word": word, "faults": list(faults)})

    def mark(self, number: int) -> None:
        """Ask for a `Marked` of that number."""
        self._say({"mark": number})

    def _say(self, order: dict[str, object]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError, ValueError):  # it has ended
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()

    def close(self) -> None:
        """End it and wait until it, and the thread that reads from it, have ended."""
        process, self._process, self.root = self._process, None, ""
        thread, self._thread = self._thread, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        self._wait(process)
        if thread is not None:
            thread.join()
        if process.stdout is not None:
            process.stdout.close()

    def _environment(self) -> dict[str, str]:
        return super()._environment() | ({TOKEN_VARIABLE: self._token} if self._token else {})

    def _started(self, process: subprocess.Popen[bytes]) -> None:
        self._thread = threading.Thread(target=self._read, args=(process,), name="arrivals", daemon=True)
        self._thread.start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if (told := told_by(line)) is not None:
                self._on_told(told)


def told_by(line: bytes) -> Told | None:
    """What a line of the process says; None where it is cut, or none of ours."""
    try:
        said: dict[str, Any] = json.loads(line)
        kind, fields = next(iter(said.items()))
        match kind:
            case "arrived":
                return Arrival(**{**fields, "headers": _pairs(fields["headers"]), "body": base64.b64decode(fields["body"])})
            case "answered":
                pieces = tuple((int(ns), int(size)) for ns, size in fields["pieces"])
                body, headers = base64.b64decode(fields["body"]), _pairs(fields["headers"])
                return Answered(**{**fields, "headers": headers, "body": body, "pieces": pieces})
            case "marked":
                return Marked(int(fields["number"]))
            case "stranger":
                return Stranger(str(fields["method"]))
    except (ValueError, TypeError, KeyError, StopIteration, AttributeError):
        return None
    return None


def _pairs(value: Any) -> Pairs:
    return tuple((str(name), str(text)) for name, text in value)
