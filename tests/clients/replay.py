"""A server on this machine that answers with stored bytes, whatever is asked, and tells what was asked and how often."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from itertools import count

_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)\s*$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:\s*chunked\s*$")
_FROM_NOW = re.compile(rb"\{in (\d+) s\}")
MOST_HEAD_BYTES = 1 << 20


class End(StrEnum):
    """What becomes of the connection behind the last byte."""

    KEPT = "kept"
    CLOSED = "closed"
    RESET = "reset"


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer as it goes over the wire. `{in N s}` in it becomes the HTTP date so many seconds ahead."""

    data: bytes
    end: End = End.KEPT


@dataclass
class Asked:
    """What one job's client asked: the head of each request."""

    answers: dict[str, Answer]
    heads: list[bytes] = field(default_factory=list)


class Replay:
    """Answers below `/JOB/` with that job's answer.

    Attributes:
        root: `http://127.0.0.1:PORT`.
    """

    def __init__(self) -> None:
        self.root = ""
        self._jobs: dict[str, Asked] = {}
        self._numbers = count(1)

    @contextmanager
    def expecting(self, answers: dict[str, Answer]) -> Iterator[tuple[str, Asked]]:
        """A root URL of its own for one job, and where the job's requests are noted.

        `answers` are by the way in which the key is sent: "x-api-key", "bearer"; "" is for every other.
        """
        job = str(next(self._numbers))
        asked = self._jobs[job] = Asked(answers)
        try:
            yield f"{self.root}/{job}", asked
        finally:
            del self._jobs[job]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Replay]:
        """Serve on a free port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=MOST_HEAD_BYTES)
        self.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. Returns whether another may follow on the same connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        await _skip_body(head, reader)
        asked = self._jobs.get(head.split(b"/", 2)[1].decode("latin-1"))
        if asked is None:
            return False
        asked.heads.append(head)
        answer = asked.answers.get(key_style(head)) or asked.answers[""]
        writer.write(_FROM_NOW.sub(lambda found: _date(int(found[1])), answer.data))
        await writer.drain()
        if answer.end is End.RESET:
            sock: socket.socket = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        return answer.end is End.KEPT


def _date(seconds: int) -> bytes:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True).encode()


async def _skip_body(head: bytes, reader: asyncio.StreamReader) -> None:
    if _CHUNKED.search(head):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    elif found := _LENGTH.search(head):
        await reader.readexactly(int(found[1]))


def headers(head: bytes) -> dict[str, str]:
    """The headers of a request's head, their names in lower case."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.lower(): value.strip() for name, _, value in pairs}


def key_style(head: bytes) -> str:
    """How a request sends its key: "x-api-key", "bearer", both joined by `+`, or "" for none."""
    sent = headers(head)
    return "+".join(style for style, name in (("x-api-key", "x-api-key"), ("bearer", "authorization")) if sent.get(name))
