"""A server process that speaks Chat Completions with known waits, and keeps the kernel's times of what it did.

To each request it sends the head and the role chunk at once, the first content after 200 to 300 ms, and 39 more pieces of it,
20 ms apart. When a request came, and when its first content left, are the kernel's times, so that the server's own lag is in
neither. Plain sockets and one loop, the pieces made before: it needs a tenth of what any of its clients does.

`GET /log` gives the log as JSON and begins a new one. `python -m tests.bench.ttft_server [PIECES]` tells its port to the
parent; with a number of pieces the kernel's time of each is kept, not that of the first alone.
"""

from __future__ import annotations

import heapq
import json
import re
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.children import end_with_parent, tell

PIECES, APART_MS = 40, 20.0
FIRST_MS = (200.0, 300.0)
_TIMESTAMPNS, _TIMESTAMPING = 64, 65  # asm-generic/socket.h since Linux 5.1
_TX_SOFTWARE, _SOFTWARE, _OPT_ID, _OPT_TSONLY = 1 << 1, 1 << 4, 1 << 7, 1 << 11  # linux/net_tstamp.h
_TIME = struct.Struct("qq")
_ERROR = struct.Struct("=IBBBBII")  # linux/errqueue.h: sock_extended_err
_FLAGS = struct.Struct("=I")
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_ID = b"chatcmpl-00000000"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_REQUEST_ID = re.compile(rb"\r\nx-request-id: *([^\r]+)", re.IGNORECASE)
_NUMBER = re.compile(rb"Request (\d+)\.")


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _event(delta: dict[str, str] | None, finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    body = {
        "id": _ID.decode(), "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "bench", "choices": choices,
        "usage": usage,
    }  # fmt: skip
    return _framed(b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n")


_ROLE = _event({"role": "assistant", "content": ""})
_FINISH, _DONE = _event({}, "stop"), _framed(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Peer:
    """One connection. `number` tells it from others, `asked` is how many requests came on it."""

    def __init__(self, connected: socket.socket, number: int) -> None:
        self.socket, self.number, self.asked = connected, number, 0
        self.came_ns = 0
        self.data = b""
        self.unsent = b""
        self.written = 0
        self.timed: dict[int, tuple[dict[str, Any], int]] = {}  # by the number of a last byte: whose time is to come
        self.closed = False


class Answer:
    """One answer on its way. `row` is its line of the log."""

    def __init__(self, peer: Peer, row: dict[str, Any], counts: bool) -> None:
        self.peer, self.row, self.counts = peer, row, counts
        self.next = 0
        self.id = b"chatcmpl-%08d" % row["number"]


class Server:
    """All of it. An answer has so many pieces of content; `every`: the kernel's time of each is kept."""

    def __init__(self, pieces: int, every: bool) -> None:
        self._every = every
        self._content = [_event({"content": f"word{number:03d} "}) for number in range(pieces)]
        self._counts = _event(None, None, {"prompt_tokens": 12, "completion_tokens": pieces, "total_tokens": pieces + 12})
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._listener.setblocking(False)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._peers: dict[int, Peer] = {}
        self._due: list[tuple[int, int, Answer]] = []
        self._log: list[dict[str, Any]] = []
        self._opened = self._asked = self._turn = 0

    def run(self) -> None:
        """Serve, until the process ends."""
        tell(port=self._listener.getsockname()[1])
        while True:
            self._send_due()
            wait_s = max(0.0, (self._due[0][0] - time.monotonic_ns()) / 1e9) if self._due else None
            for fd, what in self._poll.poll(wait_s):
                if fd == self._listener.fileno():
                    self._accept()
                elif peer := self._peers.get(fd):
                    self._look_after(peer, what)

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except BlockingIOError:
                return
            connected.setblocking(False)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
            connected.setsockopt(socket.SOL_SOCKET, _TIMESTAMPING, _SOFTWARE | _OPT_ID | _OPT_TSONLY)
            self._opened += 1
            self._peers[connected.fileno()] = Peer(connected, self._opened)
            self._poll.register(connected, select.EPOLLIN)

    def _look_after(self, peer: Peer, what: int) -> None:
        if what & select.EPOLLERR:
            self._take_times(peer)
        if what & select.EPOLLOUT:
            self._write(peer, b"")
        if what & (select.EPOLLIN | select.EPOLLHUP) and not peer.closed:
            self._read(peer)

    def _read(self, peer: Peer) -> None:
        try:
            data, messages, _, _ = peer.socket.recvmsg(1 << 16, 128)
        except BlockingIOError:
            return
        except OSError:
            data, messages = b"", []
        if not data:
            self._close(peer)
            return
        peer.came_ns = _told_ns(messages) or time.time_ns()
        peer.data += data
        while (request := self._take_request(peer)) is not None:
            self._answer(peer, *request)

    def _take_request(self, peer: Peer) -> tuple[bytes, bytes] | None:
        end = peer.data.find(b"\r\n\r\n") + 4
        if end < 4:
            return None
        head = peer.data[:end]
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        if len(peer.data) < end + length:
            return None
        body, peer.data = peer.data[end : end + length], peer.data[end + length :]
        return head, body

    def _answer(self, peer: Peer, head: bytes, body: bytes) -> None:
        if not head.startswith(b"POST"):
            self._write(peer, self._page(head))
            return
        peer.asked += 1
        self._asked += 1
        header, number = _REQUEST_ID.search(head), _NUMBER.search(body)
        row: dict[str, Any] = {
            "number": self._asked,
            "connection": peer.number,
            "kept": peer.asked > 1,
            "came_ns": peer.came_ns,
            "request_id": header[1].decode() if header else "",
            "asked": int(number[1]) if number else None,
            "sent_ns": [],
        }
        answer = Answer(peer, row, b"include_usage" in body)
        self._write(peer, _HEAD + _ROLE.replace(_ID, answer.id))
        least, most = FIRST_MS
        wait_ms = least + (self._asked * 37 % 101) / 100 * (most - least)
        now_ns = time.monotonic_ns()
        row["lag_ms"] = (time.time_ns() - peer.came_ns) / 1e6
        self._put(now_ns + int(wait_ms * 1e6), answer)

    def _page(self, head: bytes) -> bytes:
        if head.startswith(b"GET /log "):
            log, self._log = json.dumps(self._log).encode(), []
            return self._document(log)
        return self._document(b'{"object":"list","data":[{"id":"bench","object":"model","created":1,"owned_by":"bench"}]}')

    @staticmethod
    def _document(data: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)

    def _put(self, due_ns: int, answer: Answer) -> None:
        self._turn += 1
        heapq.heappush(self._due, (due_ns, self._turn, answer))

    def _send_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic_ns():
            due_ns, _, answer = heapq.heappop(self._due)
            if answer.peer.closed:
                continue
            self._send_piece(answer, due_ns)

    def _send_piece(self, answer: Answer, due_ns: int) -> None:
        number, peer = answer.next, answer.peer
        answer.next += 1
        data = self._content[number].replace(_ID, answer.id)
        if number == 0:
            answer.row["late_ms"] = (time.monotonic_ns() - due_ns) / 1e6
        if number == 0 or self._every:
            self._write_timed(peer, data, answer.row, number)
        else:
            self._write(peer, data)
        if answer.next < len(self._content):
            self._put(due_ns + int(APART_MS * 1e6), answer)
            return
        self._write(peer, (_FINISH + (self._counts if answer.counts else b"")).replace(_ID, answer.id) + _DONE)
        self._log.append(answer.row)

    def _write_timed(self, peer: Peer, data: bytes, row: dict[str, Any], number: int) -> None:
        """Write; the row's `sent_ns` gets when the kernel handed it to the device, on the wall clock."""
        row["sent_ns"].append(None)
        if peer.unsent:
            self._write(peer, data)
            return
        peer.timed[(peer.written + len(data) - 1) % (1 << 32)] = row, number
        self._sent(peer, data, [(socket.SOL_SOCKET, _TIMESTAMPING, _FLAGS.pack(_TX_SOFTWARE))])
        self._take_times(peer)

    def _take_times(self, peer: Peer) -> None:
        while not peer.closed:
            try:
                _, messages, _, _ = peer.socket.recvmsg(0, 256, socket.MSG_ERRQUEUE)
            except OSError:
                return
            told = [_ERROR.unpack_from(data)[6] for level, _, data in messages if level == socket.IPPROTO_IP]
            if told and (waiting := peer.timed.pop(told[0], None)) is not None:
                row, number = waiting
                row["sent_ns"][number] = _told_ns(messages)

    def _write(self, peer: Peer, data: bytes) -> None:
        had = bool(peer.unsent)
        self._sent(peer, peer.unsent + data)
        if not peer.closed and (had or peer.unsent):
            self._poll.modify(peer.socket, select.EPOLLIN | (select.EPOLLOUT if peer.unsent else 0))

    def _sent(self, peer: Peer, data: bytes, about: Sequence[tuple[int, int, bytes]] = ()) -> None:
        """Send; what the kernel does not take stands in `unsent`."""
        try:
            count = peer.socket.sendmsg([data], about)
        except BlockingIOError:
            count = 0
        except OSError:
            self._close(peer)
            return
        peer.written += count
        peer.unsent = data[count:]

    def _close(self, peer: Peer) -> None:
        if not peer.closed:
            peer.closed = True
            del self._peers[peer.socket.fileno()]
            self._poll.unregister(peer.socket)
            peer.socket.close()


def _told_ns(messages: list[tuple[int, int, bytes]]) -> int:
    """The kernel's time of a message, on the wall clock; 0 without one."""
    for level, kind, data in messages:
        if level == socket.SOL_SOCKET and kind in (_TIMESTAMPNS, _TIMESTAMPING):
            seconds, rest_ns = _TIME.unpack_from(data)
            if seconds:
                return int(seconds * 1_000_000_000 + rest_ns)
    return 0


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    Server(int(next(iter(sys.argv[1:]), PIECES)), every=bool(sys.argv[1:])).run()
