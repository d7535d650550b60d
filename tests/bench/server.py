"""A server process that streams Messages events, each with the monotonic nanoseconds at which it was sent.

The first part of a request's path says what to do: `/rate=200,events=800/v1/messages` sends 800 text deltas, 200 a second
(rate 0: as fast as it goes). `hold=head` stops inside the response's head, `hold=body` behind the last event; both until the
client closes. For each answer one line goes to the parent: how many events were sent, when the connection was closed by the
client, and how many bytes the kernel did not take at once (the client did not read).
"""

from __future__ import annotations

import asyncio
import threading
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from time import perf_counter_ns

from tests.bench.children import end_with_parent, tell
from tests.bench.streams import messages_begin, messages_end, stamped_delta

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_NO_LIST = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def main() -> None:
    """Serve on a free port, told to the parent, until the parent ends."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    asyncio.run(_serve())


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=128)
    tell(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        await reader.readexactly(length)
        if head.startswith(b"GET"):
            writer.write(_NO_LIST)
        else:
            await Answer(head.split(b" ")[1].decode(), reader, writer).send()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client went away
    finally:
        writer.close()


class Answer:
    """One answer, as its path asks for it."""

    def __init__(self, path: str, reader: StreamReader, writer: StreamWriter) -> None:
        asked = dict(part.split("=") for part in path.split("/")[1].split(","))
        self._rate, self._events = float(asked.get("rate", 0)), int(asked.get("events", 0))
        self._hold, self._side = asked.get("hold", ""), asked.get("side", "")
        self._reader, self._writer = reader, writer
        self._sent = 0
        self._unsent_bytes = 0

    async def send(self) -> None:
        closed = asyncio.create_task(self._closed())
        work = asyncio.create_task(self._stream())
        await asyncio.wait((closed, work), return_when=asyncio.FIRST_COMPLETED)
        if not self._hold:
            with suppress(ConnectionError):
                await work
        closed_ns = await closed if self._hold else 0
        work.cancel()
        closed.cancel()
        with suppress(asyncio.CancelledError):
            await work
        tell(side=self._side, sent=self._sent, closed_ns=closed_ns, unsent_bytes=self._unsent_bytes)

    async def _closed(self) -> int:
        with suppress(ConnectionError):
            while await self._reader.read(1 << 16):
                pass
        return perf_counter_ns()

    async def _stream(self) -> None:
        if self._hold == "head":
            self._writer.write(_HEAD[:40])
            return
        self._writer.write(_HEAD)
        self._write(messages_begin())
        if self._rate:
            await self._pace()
        else:
            await self._rush()
        if not self._hold:
            self._write(messages_end(self._sent))
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()

    async def _pace(self) -> None:
        start = perf_counter_ns()
        for number in range(self._events):
            wait_ns = start + int(number / self._rate * 1e9) - perf_counter_ns()
            if wait_ns > 0:
                await asyncio.sleep(wait_ns / 1e9)
            self._write(stamped_delta(number, perf_counter_ns()))
            self._sent += 1

    async def _rush(self) -> None:
        for number in range(self._events):
            self._write(stamped_delta(number, perf_counter_ns()))
            self._sent += 1
            if number % 32 == 0:
                await self._writer.drain()

    def _write(self, data: bytes) -> None:
        """One HTTP chunk, in one write of its own."""
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        self._unsent_bytes = max(self._unsent_bytes, self._writer.transport.get_write_buffer_size())


if __name__ == "__main__":
    main()
