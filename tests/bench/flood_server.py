"""A server process that answers with what no model sends: one event of many megabytes, millions of barest events or comments.

The first part of a request's path says what: `/big=50000000`, `/events=10000000` and `/comments=10000000` followed by
`/v1/messages`: a text delta of so many bytes, so many events without data, so many comments. The rest is as usual.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

from tests.bench.children import end_with_parent, tell
from tests.bench.streams import in_pieces, messages_begin, messages_end, messages_text

EVENT, COMMENT = b"data\n\n", b": x\n\n"
_WRITE_BYTES = 1 << 16
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
_NO_LIST = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def main() -> None:
    """Serve on a free port, told to the parent, until the parent ends."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tell(port=listener.getsockname()[1])
        while True:
            threading.Thread(target=_answer, args=(listener.accept()[0],), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection, suppress(OSError):  # a client that has enough closes
        head = _read_request(connection)
        if head.startswith(b"GET"):
            connection.sendall(_NO_LIST)
            return
        kind, _, count = head.split(b" ")[1].split(b"/")[1].partition(b"=")
        connection.sendall(_HEAD + messages_begin())
        for piece in flood(kind.decode(), int(count)):
            connection.sendall(piece)
        connection.sendall(messages_end(1))


def flood(kind: str, count: int) -> Iterator[bytes]:
    """What the answer is full of, in the pieces that are written."""
    if kind == "big":
        yield from in_pieces(messages_text("0123456789" * (count // 10)), _WRITE_BYTES)
        return
    block = {"events": EVENT, "comments": COMMENT}[kind]
    at_once = _WRITE_BYTES // len(block)
    for done in range(0, count, at_once):
        yield block * min(at_once, count - done)


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(_WRITE_BYTES)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(_WRITE_BYTES)
    return head


if __name__ == "__main__":
    main()
