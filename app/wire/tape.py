"""Writes an exchange's records as it happens: marks, heads, chunks. No I/O: the streams and httpcore's trace call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from msgspec import structs

from app.clock import now_ns
from app.recording.records import (
    Certificate,
    Connected,
    Departed,
    EndDetail,
    Ended,
    Flaw,
    Headed,
    Headers,
    Marked,
    MarkName,
    PathNoted,
    Record,
    Sent,
)
from app.recording.records import WireErrorCode as Code
from app.wire.chunks import PlainChunks, take_whole
from app.wire.departure import PathState
from app.wire.errors import Phase, WireError
from app.wire.flight import Flight
from app.wire.head_flaws import MAX_HEAD_BYTES, flaws_of_head, has_blank_behind_size
from app.wire.interim import InterimHeads

# So many chunks of a body are kept apart: each costs memory besides its bytes, which only time would bound otherwise.
MAX_CHUNKS = 1 << 24
MAX_FRAMES = 1 << 20  # of so many is noted where they end: those at the beginning tell enough


class Sink(Protocol):
    """Where records go. Must not block and must keep the order of one exchange."""

    def record(self, exchange: int, record: Record) -> None:
        """Take one record."""

    def chunk(self, exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        """Take one chunk of the body; the sink may pack several into one record. `frame_ends` as in `Body`."""


class ConnectionInfo(NamedTuple):
    """What a stream knows of its connection: fields of `Connected`, "" or None where unknown."""

    peer: str = ""
    tls_version: str = ""
    cipher: str = ""
    alpn: str = ""
    certificate: Certificate | None = None
    stamped_by: str = ""


class Carrier(Protocol):
    """What the tape needs of the stream that carries the request."""

    last_read_ns: int
    last_write_ns: int

    @property
    def sent_bytes(self) -> int:
        """How many bytes the kernel has taken on this connection."""

    def describe(self) -> ConnectionInfo:
        """Peer, TLS and certificate."""

    def mark_end(self) -> None:
        """What was written so far ends the request."""

    def departed(self) -> tuple[int | None, int | None]:
        """When the kernel sent the request's last byte, and when that was acknowledged; None where it is not told."""

    def path_state(self) -> PathState | None:
        """The state of the path now; None where the system does not tell."""


_AFTER: dict[MarkName, Phase] = {
    MarkName.DNS_BEGIN: Phase.DNS,
    MarkName.DNS_END: Phase.CONNECT,
    MarkName.CONNECT_BEGIN: Phase.CONNECT,
    MarkName.PROXY_END: Phase.SEND,
    MarkName.TLS_BEGIN: Phase.TLS,
    MarkName.TLS_END: Phase.SEND,
    MarkName.SEND_BEGIN: Phase.SEND,
    MarkName.SEND_END: Phase.WAIT,
    MarkName.FIRST_BYTE: Phase.HEAD,
    MarkName.HEAD_END: Phase.RECEIVE,
    MarkName.BODY_END: Phase.RECEIVE,
}


class Tape:
    """Turns the calls of the network stack into one exchange's records.

    Attributes:
        marks: nanoseconds by mark, first of a name.
        began_ns: when the exchange's clock for limits began.
        progress_ns: when the head was complete or the last byte of the answer came; before that, see `look_at_sending`.
        proxy: the proxy in use, without credentials, "" for none; `tunnelled` is whether a tunnel through it must stand
            before the request (not so for a forwarding HTTP proxy).
        answer_start: the first few bytes of the read that the answer began with, "" where it is not known.
        stream_id: of this exchange over HTTP/2, else None.
        flight: what is to be sent first; empty once it was sent.
        sending: what is handed to the kernel from now on is the request.
        chunks: of a body in HTTP/1.1's chunks, once the head is there; None for any other.
        finished: after `finish` nothing more is written.
    """

    def __init__(self, exchange: int, sink: Sink, body_limit_bytes: int, on_phase: Callable[[], None]) -> None:
        self.marks: dict[MarkName, int] = {}
        self.began_ns = now_ns()
        self.progress_ns = self.began_ns
        self.proxy = ""
        self.tunnelled = False
        self.stream_id: int | None = None
        self.body_bytes = 0
        self.answer_start = b""
        self.flight = Flight()
        self.sending = False
        self.chunks: PlainChunks | None = None
        self.finished = False
        self._exchange = exchange
        self._sink = sink
        self._limit_bytes = body_limit_bytes
        self._on_phase = on_phase
        self._carrier: Carrier | None = None
        self._opened = False
        self._described = False
        self._tunnelling = False
        self._request_out = False
        self._head: bytearray | None = None
        self._sent: Sent | None = None
        self._interim = InterimHeads()
        self._response_head = bytearray()
        self._flaws: list[Flaw] = []
        self._chunk_ns = 0
        self._chunk: list[bytes] = []
        self._frame_ends: list[int] = []
        self._frames = 0
        self._chunks = 0
        self._sent_bytes = -1
        self._departed = Departed()

    def look_at_sending(self) -> None:
        """Note whether more of the request went out since the last look; that is progress."""
        sent = self._carrier.sent_bytes if self._carrier is not None else -1
        if sent != self._sent_bytes:
            self._sent_bytes, self.progress_ns = sent, now_ns()

    @property
    def phase(self) -> Phase:
        """Where the exchange is, by the last mark."""
        last = next(reversed(self.marks), None)
        if last is MarkName.CONNECT_END:
            return Phase.PROXY if self.tunnelled or self.proxy.startswith("https://") else Phase.SEND
        return Phase.PREPARE if last is None else _AFTER[last]

    def mark(self, name: MarkName, ns: int | None = None) -> None:
        """A phase began or ended, now or at `ns`; only the first of a name counts."""
        if name in self.marks or self.finished:
            return
        self.marks[name] = now_ns() if ns is None else ns
        self._sink.record(self._exchange, Marked(name, self.marks[name]))
        self._on_phase()

    # -- the connection, told by the backend

    def begin(self) -> None:
        """The network is about to be used: time limits count from here."""
        self.began_ns = self.progress_ns = now_ns()

    def connected(self, carrier: Carrier) -> None:
        """A new connection was opened for this exchange, or wrapped in TLS."""
        self._carrier, self._opened = carrier, True

    def tunnel_stands(self, ns: int) -> None:
        """The tunnel through the proxy was established at `ns`."""
        if self._tunnelling:
            self._tunnelling = False
            self.mark(MarkName.PROXY_END, ns)

    # -- the stream's calls

    def about_to_write(self, carrier: Carrier, data: bytes) -> None:
        """The stream is about to hand these bytes to the kernel."""
        if self._request_out:
            self._carrier = carrier
            if self._head is not None:
                self._head += data
            self.sending = True

    def handed_over(self, ns: int) -> None:
        """Bytes were handed to the kernel at `ns`: what was done to make them, as TLS does, is before the request began."""
        if self.sending:
            self.mark(MarkName.SEND_BEGIN, ns)

    def about_to_read(self) -> None:
        """httpcore has taken all bytes of the last read, so its chunk is complete."""
        if self._chunk:
            data, self._chunk = b"".join(self._chunk), []
            frame_ends, self._frame_ends = self._frame_ends, []
            if not self.finished:
                self._sink.chunk(self._exchange, self._chunk_ns, data, frame_ends)

    def came(self, ns: int, data: bytes) -> None:
        """Bytes of HTTP/1.1 came at `ns`. 1xx responses do not count."""
        if MarkName.FIRST_BYTE in self.marks:
            self._keep_head(data)
            self.answered(ns)
        elif self._request_out and (final := self._interim.final(ns, data)) is not None:
            self.answer_start = final[1][:8]
            self._keep_head(final[1])
            self.answered(final[0])

    def _keep_head(self, data: bytes) -> None:
        if MarkName.HEAD_END not in self.marks and len(self._response_head) < MAX_HEAD_BYTES:
            self._response_head += data

    def answered(self, ns: int) -> None:
        """Bytes of the final response came at `ns`; after the head only body bytes count as progress."""
        if self._request_out and MarkName.HEAD_END not in self.marks:
            self.progress_ns = ns
            self.mark(MarkName.FIRST_BYTE, ns)

    # -- httpcore's trace extension

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by httpcore; tells the request's own bytes from those that open a tunnel or a connection. Never waits."""
        match event:
            case "http11.send_request_headers.started" | "http2.send_request_headers.started":
                self._headers_started(event.startswith("http2"), info)
            case "http11.send_request_headers.complete" if self._head is not None:
                self._sent, self._head = Sent("HTTP/1.1", bytes(self._head)), None
            case "http11.send_request_body.complete" | "http2.send_request_body.complete" if self._request_out:
                assert self._carrier is not None
                self._carrier.mark_end()
                self.mark(MarkName.SEND_END, self._carrier.last_write_ns)
                self._note_path(MarkName.SEND_END)
                self._describe()
            case "http11.send_request_body.failed" | "http11.send_request_headers.failed":
                self._describe()
            case "socks.setup_socks5_connection.complete":
                self.mark(MarkName.PROXY_END)

    def _headers_started(self, http2: bool, info: Mapping[str, Any]) -> None:
        request = info["request"]
        self._tunnelling = request.method == b"CONNECT"
        if self._tunnelling:
            return
        self._request_out = True
        if http2:
            self.stream_id = info["stream_id"]
            self._sent = Sent("HTTP/2", headers=_http2_headers(request))
        else:
            self._head = bytearray()

    def _describe(self) -> None:
        """Record the connection and the head as sent; only after `SEND_END`, so that no measured time includes it."""
        if self._described or self._carrier is None:
            return
        self._described = True
        about = self._carrier.describe()
        self._sink.record(self._exchange, Connected(not self._opened, proxy=self.proxy, **about._asdict()))
        if self._sent is not None:
            self._sink.record(self._exchange, self._sent)

    # -- the answer

    def head(self, status: int, reason: str, http_version: str, headers: Headers) -> None:
        """The header block is complete: with the read that httpcore took last."""
        ns = self._last_read_ns
        self.answered(ns)
        self.mark(MarkName.HEAD_END, ns)
        self._note_departure()
        self._note_path(MarkName.HEAD_END)
        self._record(Headed(status, reason, http_version, headers))
        self._flaws += [Flaw.CONTINUE] if self._interim.has_continue else []
        self._flaws += flaws_of_head(bytes(self._response_head))
        self._response_head.clear()

    def body(self, data: bytes, *, ends_frame: bool = False) -> None:
        """A piece of the body; pieces of one socket read are one chunk. `ends_frame`: an HTTP chunk or DATA frame ends with it.

        Raises WireError at the byte limit.
        """
        if not self._chunk:
            self._chunks += 1
        if self._chunks > MAX_CHUNKS:
            raise WireError(Code.TOO_LARGE, f"the body came in more than {MAX_CHUNKS} pieces")
        room = self._limit_bytes - self.body_bytes
        self._chunk_ns = self.progress_ns = self._last_read_ns
        self._chunk.append(data[:room])
        self.body_bytes += min(len(data), room)
        if ends_frame and len(data) <= room and self._frames < MAX_FRAMES:
            self._frames += 1
            self._frame_ends.append(self.body_bytes)
        if len(data) > room:
            limit = EndDetail(limit_bytes=self._limit_bytes)
            raise WireError(Code.TOO_LARGE, f"the body is larger than the limit of {self._limit_bytes} bytes", limit)

    @property
    def takes_chunks(self) -> bool:
        """Whether an HTTP chunk begins with the next byte that is read."""
        return self.chunks is not None and self.chunks.at_boundary

    def take_chunks(self, ns: int, data: bytes) -> bytes:
        """Whole HTTP chunks at the beginning of a read that came at `ns`; returns what is left for HTTP/1.1's stack.

        To be called where `takes_chunks`. That is all where a limit would be passed: `body` then says so.
        """
        if self.body_bytes + len(data) > self._limit_bytes or self._chunks >= MAX_CHUNKS:
            return data
        taken, rest = take_whole(data)
        self._chunk_ns = self.progress_ns = ns
        self._chunks += bool(taken)
        if has_blank_behind_size(rest) and Flaw.CHUNK_BLANK not in self._flaws:
            self._flaws.append(Flaw.CHUNK_BLANK)
        for piece in taken:
            self.body_bytes += len(piece)
            if self._frames < MAX_FRAMES:
                self._frames += 1
                self._frame_ends.append(self.body_bytes)
        self._chunk += taken
        if not rest:
            self.about_to_read()
        return rest

    def body_end(self) -> None:
        """The body is complete."""
        self.about_to_read()
        self.mark(MarkName.BODY_END, self._last_read_ns)

    def finish(self, ended: Ended) -> None:
        """Write the last record; later calls are ignored."""
        if self.finished:
            return
        self.about_to_read()
        self._describe()
        self._note_departure()
        self._note_path(MarkName.BODY_END)
        self._record(structs.replace(ended, flaws=tuple(self._flaws)))
        self.finished = True

    def _note_departure(self) -> None:
        """Record when the request left and was acknowledged, as far as the kernel has told by now."""
        if self._carrier is None or MarkName.SEND_END not in self.marks or self._departed.acknowledged_ns is not None:
            return
        told = Departed(*self._carrier.departed())
        if (told.sent_ns, told.acknowledged_ns) != (None, None) and told != self._departed:
            self._departed = told
            self._record(told)

    def _note_path(self, mark: MarkName) -> None:
        state = self._carrier.path_state() if self._carrier is not None and self._request_out else None
        if state is not None:
            self._record(PathNoted(mark, *state))

    @property
    def reused(self) -> bool:
        """Whether the request was sent over a reused connection."""
        return self._request_out and not self._opened

    @property
    def _last_read_ns(self) -> int:
        assert self._carrier is not None
        return self._carrier.last_read_ns

    def _record(self, record: Record) -> None:
        if not self.finished:
            self._sink.record(self._exchange, record)


def _http2_headers(request: Any) -> Headers:
    """The header list as it is sent over HTTP/2.

    WORKAROUND: httpcore 1.0.9 does not report it; this repeats what its HTTP/2 connection does (`_send_request_headers`).
    """
    host = next(value for name, value in request.headers if name.lower() == b"host")
    pseudo = [
        (b":method", request.method),
        (b":authority", host),
        (b":scheme", request.url.scheme),
        (b":path", request.url.target),
    ]
    plain = [(name.lower(), value) for name, value in request.headers if name.lower() not in (b"host", b"transfer-encoding")]
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in (*pseudo, *plain))
