"""What is made before an exchange begins, and sent ahead of the HTTP stack."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence

import httpcore
import httpx
import pytest

from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import EndKind, MarkName, Record, Request
from app.wire.arrival import ArrivalSocket
from app.wire.commands import Network, Start
from app.wire.departure import PathState
from app.wire.flight import Flight, prepare, request_bytes
from app.wire.streams import Stream
from app.wire.tape import ConnectionInfo, Tape
from app.wire.transport import build_request
from app.wire.worker import Worker
from tests.wire.conftest import ENVELOPE
from tests.wire.servers import OK_HEAD, answering, serving

HEAD, BODY = b"POST / HTTP/1.1\r\nHost: h\r\n\r\n", b'{"model":"m"}'
HANDED_NS = 1  # when `Written` hands over what it is given
LARGE = b"x" * 20_000  # larger than what is sent together with a head


def made(body: bytes = BODY, headers: tuple[tuple[str, str], ...] = (), url: str = "http://h/v1") -> httpx.Request:
    return build_request(Request("POST", url, headers, body), None)


def test_the_bytes_of_a_request() -> None:
    assert request_bytes(made()) == b'POST /v1 HTTP/1.1\r\nHost: h\r\nContent-Length: 13\r\n\r\n{"model":"m"}'


def test_of_a_large_request_the_head_alone() -> None:
    assert request_bytes(made(LARGE)) == b"POST /v1 HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n"


@pytest.mark.parametrize("headers", [(("X", "a\nb"),), (("Content-Length", "3"),)], ids=["line end", "wrong length"])
def test_what_the_http_stack_refuses_is_left_to_it(headers: tuple[tuple[str, str], ...]) -> None:
    assert request_bytes(made(headers=headers)) == b""


def test_a_handshake_is_begun_beforehand() -> None:
    context = ssl.create_default_context()
    flight = prepare(made(url="https://h/v1"), context)
    assert flight.hello is not None
    assert flight.opening == flight.hello.data
    assert flight.opening[0] == 0x16  # a handshake record (RFC 8446, 5.1)
    assert flight.request == request_bytes(made())


def test_where_no_handshake_can_be_begun() -> None:
    context = ssl.create_default_context()
    assert prepare(made(url="https://.h/v1"), context).hello is None, "no name"
    assert prepare(made(), context).hello is None, "no TLS"
    assert prepare(made(url="https://h/v1"), None).hello is None, "the connection is there"


class Owner:
    """A backend that only has a tape."""

    def __init__(self, tape: Tape | None) -> None:
        self.tape = tape

    async def secure(self, stream: Stream, context: ssl.SSLContext, hostname: str | None) -> Stream:
        raise NotImplementedError


class Written(Stream):
    """A stream that keeps what is handed to the kernel, up to an error."""

    def __init__(self, request: bytes = b"", error: OSError | None = None) -> None:
        self.recording = Recording(ENVELOPE, Request("POST", "http://h"))
        tape = Tape(1, Applied(self.recording), 1 << 20, lambda: None)
        tape.flight = Flight(request)
        super().__init__(Owner(tape))
        self.sent: list[bytes] = []
        self.error = error

    def sent_at_connect(self, data: bytes) -> None:
        self._ahead = data

    async def transmit(self, data: bytes) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(data)
        tape = self.owner.tape
        assert tape is not None
        tape.handed_over(HANDED_NS)

    async def receive(self) -> tuple[int, bytes]:
        raise NotImplementedError

    def transmit_now(self, data: bytes) -> None: ...
    def take_waiting(self) -> list[tuple[int, bytes]]:
        return []

    def describe(self) -> ConnectionInfo:
        return ConnectionInfo()

    def abort(self) -> None: ...
    def mark_end(self) -> None: ...
    def departed(self) -> tuple[int | None, int | None]:
        return None, None

    def path_state(self) -> PathState | None:
        return None

    @property
    def sent_bytes(self) -> int:
        return 0

    @property
    def over(self) -> bool:
        return False


class Applied:
    """A sink that adds up a recording."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.over = asyncio.Event()

    def record(self, _exchange: int, record: Record) -> None:
        self.recording.apply(record)
        if self.recording.end is not None:
            self.over.set()

    def chunk(self, _exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        self.recording.apply(pack_chunks([(ns, data)], frame_ends))


async def test_head_and_body_go_out_at_once() -> None:
    stream = Written(HEAD + BODY)
    await stream.write(HEAD)
    await stream.write(BODY)
    assert stream.sent == [HEAD + BODY]
    assert stream.recording.marks[MarkName.SEND_BEGIN] == HANDED_NS  # not when it was written: TLS has it in between


async def test_what_was_sent_ahead_is_not_sent_again() -> None:
    stream = Written(HEAD + BODY)
    await stream.send_ahead()
    await stream.write(HEAD)
    await stream.write(BODY)
    await stream.write(b"more")
    assert stream.sent == [HEAD + BODY, b"more"]


async def test_the_rest_of_what_was_sent_in_part() -> None:
    stream = Written()
    stream.sent_at_connect(HEAD + BODY[:3])
    await stream.write(HEAD)
    await stream.write(BODY)
    assert stream.sent == [BODY[3:]]


async def test_another_request_goes_out_as_it_is_written() -> None:
    """A proxy's `CONNECT`, a request by its full address, HTTP/2."""
    stream = Written(HEAD + BODY)
    await stream.write(b"CONNECT h:443 HTTP/1.1\r\n\r\n")
    assert stream.sent == [b"CONNECT h:443 HTTP/1.1\r\n\r\n"]
    await stream.write(HEAD)
    assert stream.sent[1:] == [HEAD + BODY]


async def test_something_else_than_was_sent_ahead_is_a_fault() -> None:
    stream = Written(HEAD + BODY)
    await stream.send_ahead()
    with pytest.raises(RuntimeError):
        await stream.write(b"GET")


async def test_a_connection_that_is_lost_meanwhile_is_told_where_the_http_stack_writes() -> None:
    stream = Written(HEAD + BODY, ConnectionResetError("lost"))
    await stream.send_ahead()
    with pytest.raises(httpcore.WriteError):
        await stream.write(HEAD)
    assert MarkName.SEND_BEGIN in stream.recording.marks  # it was lost while the request was sent, not before


@pytest.mark.parametrize("body", [BODY, b"x" * 16_000, LARGE], ids=["small", "as large as goes together", "large"])
@pytest.mark.parametrize("takes", [1 << 20, 997], ids=["whole", "in part"])
async def test_a_peer_gets_all_of_it_once(body: bytes, takes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the kernel does not take all of a write."""
    send = socket.socket.send
    monkeypatch.setattr(ArrivalSocket, "send", lambda self, data, flags=0: send(self, data[:takes], flags), raising=False)
    async with serving(answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")) as served:
        request = Request("POST", f"http://127.0.0.1:{served.port}/v1", (), body)
        sink = Applied(Recording(ENVELOPE, request))
        worker = Worker(sink)
        worker.take(Start(1, "a", request, network=Network(proxy="none")))
        await sink.over.wait()
        await worker.aclose()
    recording = sink.recording
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE, recording.end
    assert bytes(recording.body.data) == b"ok"
    assert recording.sent is not None
    assert (served.heads, served.bodies) == ([recording.sent.head], [body])
