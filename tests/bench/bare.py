"""The floor of the clock: a bare asyncio program in a process of its own that reads streams and stamps each read.

`python -m tests.bench.bare PORT PATH...` reads all paths at once and tells the errors in nanoseconds: stamp minus sending.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from bisect import bisect_right
from time import perf_counter_ns

from tests.bench.children import end_with_parent, tell
from tests.bench.streams import SENT


class BareClient(asyncio.Protocol):
    """Stamps what asyncio hands over, and keeps it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._data = bytearray()
        self._stamps: list[int] = []
        self._ends: list[int] = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._stamps.append(perf_counter_ns())
        self._data += data
        self._ends.append(len(self._data))

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set_result(None)

    def errors_ns(self) -> list[int]:
        """For each event the time from its sending to the stamp of the read that completed it."""
        return [self._stamps[bisect_right(self._ends, one.end() - 1)] - int(one[2]) for one in SENT.finditer(self._data)]


async def read_all(port: int, paths: list[str]) -> list[int]:
    """The errors of all paths, read at once."""
    loop = asyncio.get_running_loop()
    clients = [(await loop.create_connection(lambda path=path: BareClient(path), "127.0.0.1", port))[1] for path in paths]  # type: ignore[misc]
    await asyncio.gather(*(one.done for one in clients))
    return [error for one in clients for error in one.errors_ns()]


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    tell(errors_ns=asyncio.run(read_all(int(sys.argv[1]), sys.argv[2:])))
