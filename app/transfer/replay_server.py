"""Recorded answers served again on this machine: their status, headers and bytes, at the pace at which they came.

A fault of an endpoint can so be shown to its operator, or be put into a test, without the endpoint. A request is answered with
a round of its own path or protocol where there is one, the rounds in their order and then anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from http.client import responses
from time import monotonic

import msgspec

from app.protocols.registry import info
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, EndKind, Headers, MarkName, WireErrorCode, find_header
from app.recording.replay import end_ns, has_times
from app.secrets.masking import Masker
from app.text.urls import split_url

HOST = "127.0.0.1"
MAX_HEAD_BYTES = 1 << 16
MAX_REQUEST_BYTES = 64 << 20
# Of one connection alone (RFC 9110, section 7.6.1); ours are set anew.
_HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "alt-svc",
}  # fmt: skip
_SILENT = {WireErrorCode.FIRST_BYTE_TIMEOUT, WireErrorCode.SILENCE_TIMEOUT, WireErrorCode.TOTAL_TIMEOUT}
_BODILESS = {204, 304}


class Answered(msgspec.Struct, frozen=True):
    """One request and what it got: the number of the round, from 1, and its status; 0 for no round, or no status."""

    method: str
    path: str
    round: int
    status: int


class ReplayServer:
    """Answers each POST with one of the recordings.

    `speed`: twice as fast with 2; None sends each answer at once, as those without times are sent always. `told` hears of each
    request when its answer begins.
    """

    def __init__(
        self, rounds: Sequence[Recording], speed: float | None = 1.0, told: Callable[[Answered], object] | None = None
    ) -> None:
        self._rounds, self._speed, self._told = rounds, speed, told
        self._served = [0] * len(rounds)
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[str]:
        """Its root URL while it listens on that port, 0 for any free one. Raises OSError."""
        server = await asyncio.start_server(self._connected, HOST, port, limit=MAX_HEAD_BYTES)
        try:
            yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._answer(reader, writer):
                pass
        # Cancelled where the server ends. WORKAROUND: asyncio of Python 3.11 asks a cancelled task of a stream for its
        # exception, and prints a traceback for that. Else the client went away, or does not speak HTTP/1.1.
        except (asyncio.CancelledError, OSError, EOFError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if task.cancelling() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; True where the connection may carry another."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, version = head[0].split(" ")
        headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line))
        if (find_header(headers, "expect") or "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await _read_body(reader, headers)
        keeps = version == "HTTP/1.1" and (find_header(headers, "connection") or "").lower() != "close"
        path = split_url(target).path
        if method != "POST":
            self._tell(Answered(method, path, 0, 404))
            writer.write(_refusal(f"{method} {path}: the recorded answers are those to POST"))
            await writer.drain()
            return keeps
        number = self._choose(path)
        recording = self._rounds[number]
        self._tell(Answered(method, path, number + 1, recording.head.status if recording.head else 0))
        return await _Playing(recording, self._speed, reader, writer).play() and keeps

    def _tell(self, one: Answered) -> None:
        if self._told is not None:
            self._told(one)

    def _choose(self, path: str) -> int:
        """The round that was served least often, of those of that path, else of its protocol, else of all."""
        every = range(len(self._rounds))
        same = [one for one in every if split_url(self._rounds[one].request.url).path == path]
        alike = [one for one in every if path.rstrip("/").endswith(info(self._rounds[one].envelope.protocol).paths)]
        number = min(same or alike or every, key=lambda one: (self._served[one], one))
        self._served[number] += 1
        return number


async def _read_body(reader: asyncio.StreamReader, headers: Headers) -> None:
    """What a request says is nothing to its answer, but has to be taken. Raises ValueError for a length that is none."""
    if "chunked" in (find_header(headers, "transfer-encoding") or "").lower():
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            if not 0 < size <= MAX_REQUEST_BYTES:
                raise ValueError("a chunk of no length that is taken")
            await reader.readexactly(size + 2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return
    length = int(find_header(headers, "content-length") or 0)
    if not 0 <= length <= MAX_REQUEST_BYTES:
        raise ValueError("a body of no length that is taken")
    await reader.readexactly(length)


def _refusal(message: str) -> bytes:
    body = json.dumps({"error": {"message": message, "type": "not_found_error"}}).encode()
    head = f"HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class _Playing:
    """One recording on one connection."""

    def __init__(
        self, recording: Recording, speed: float | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._recording, self._reader, self._writer = recording, reader, writer
        self._speed = speed if has_times(recording) else None
        self._begun = monotonic()
        marks = recording.marks
        self._from_ns = marks.get(MarkName.SEND_END, marks.get(MarkName.SEND_BEGIN, min(marks.values(), default=NO_STAMP)))
        if self._from_ns == NO_STAMP and recording.body.stamps:
            self._from_ns = recording.body.stamps[0]

    async def play(self) -> bool:
        """Send all of it, and end it as it ended; True where the connection may go on."""
        one = self._recording
        if one.head is not None:
            chunked = await self._send_head()
            await self._send_body(chunked=chunked)
        await self._until(end_ns(one))
        if one.end is not None and one.end.kind is EndKind.ERROR and one.end.code in _SILENT:
            await self._reader.read()  # the endpoint stayed silent until the client went
            return False
        if one.head is None or not self._is_whole:
            return False  # closed where the answer stopped
        if chunked:
            self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()
        return True

    @property
    def _is_whole(self) -> bool:
        one = self._recording
        length = find_header(one.head.headers, "content-length") if one.head else None
        if length is not None and length.isdigit() and int(length) != len(one.body.data) and not one.content_encoding:
            return one.head is not None and one.head.status in _BODILESS
        return one.end is not None and one.end.kind is EndKind.WHOLE

    async def _until(self, ns: int) -> None:
        """Wait until the recorded moment has come, never shorter; what has no time comes at once."""
        if self._speed is not None and ns != NO_STAMP:
            wait = (ns - self._from_ns) / 1e9 / self._speed - (monotonic() - self._begun)
            if wait > 0:
                await asyncio.sleep(wait)

    async def _send_head(self) -> bool:
        """Whether the body goes out in HTTP chunks: it does where its length was not told."""
        head = self._recording.head
        assert head is not None
        marks = self._recording.marks
        await self._until(marks.get(MarkName.FIRST_BYTE, marks.get(MarkName.HEAD_END, NO_STAMP)))
        headers = served_headers(head.headers)
        chunked = find_header(headers, "content-length") is None and head.status not in _BODILESS and head.status >= 200
        reason = head.reason or responses.get(head.status, "")
        lines = [f"HTTP/1.1 {head.status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        lines += ["transfer-encoding: chunked"] if chunked else []
        text = "\r\n".join(_one_line(line) for line in lines) + "\r\n\r\n"
        self._writer.write(text.encode("latin-1", "replace"))
        await self._writer.drain()
        return chunked

    async def _send_body(self, *, chunked: bool) -> None:
        body = self._recording.body
        for number in range(len(body)):
            data = body.chunk(number)
            await self._until(body.stamps[number])
            self._writer.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
            await self._writer.drain()


def served_headers(headers: Headers) -> Headers:
    """An answer's headers as they are served again: none of the connection's own, no pseudo header, no secret, no cookie."""
    named = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP and not name.startswith(":")]
    named = [(name, value) for name, value in named if name.lower() != "set-cookie"]
    return tuple(
        pair for pair, masked in zip(named, Masker(()).mask_answer_headers(tuple(named)), strict=True) if pair == masked
    )


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
