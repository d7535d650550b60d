"""A TLS server process that holds back the handshake, the response's head and the first token, and tells how long it did.

`python -m tests.bench.slow_server CERTIFICATE TLS_MS HEAD_MS FIRST_MS`. Sockets that block, in one thread: nothing stands
between the end of a wait and the write.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from time import perf_counter_ns

from tests.bench.children import end_with_parent, tell
from tests.bench.streams import messages_begin, messages_end, messages_text

_FIRST = messages_begin() + messages_text("one ")
_REST = messages_text("two ") + messages_end(2)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(_FIRST + _REST)


def main(chain: str, *held_ms: float) -> None:
    """Serve on a free port, told to the parent, until the parent ends."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tell(port=listener.getsockname()[1])
        while True:
            _answer(listener.accept()[0], context, *held_ms)


def _answer(plain: socket.socket, context: ssl.SSLContext, tls_ms: float, head_ms: float, first_ms: float) -> None:
    """All requests of one connection."""
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    accepted = perf_counter_ns()
    time.sleep(tls_ms / 1000)
    with context.wrap_socket(plain, server_side=True) as connection:
        secured = perf_counter_ns()
        while _read_request(connection):
            asked = perf_counter_ns()
            time.sleep(head_ms / 1000)
            connection.sendall(_HEAD)
            headed = perf_counter_ns()
            time.sleep(first_ms / 1000)
            connection.sendall(_FIRST)
            first = perf_counter_ns()
            connection.sendall(_REST)
            tell(tls=(secured - accepted) / 1e6, head=(headed - asked) / 1e6, first=(first - headed) / 1e6)


def _read_request(connection: ssl.SSLSocket) -> bool:
    """Whether there was one more."""
    data = b""
    while not data.endswith(b"\r\n\r\n{}"):
        if not (piece := connection.recv(1 << 16)):
            return False
        data += piece
    return True


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
