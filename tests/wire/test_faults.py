"""What goes wrong on the way, and the code, phase and message it gets."""

from __future__ import annotations

import asyncio
import errno
import inspect
import os
import socket
import ssl
from types import ModuleType

import h11
import httpcore
import httpx
import pytest

from app.recording.recording import Recording
from app.recording.records import EndDetail, EndKind, MarkName, WireErrorCode
from app.wire.commands import Limits
from app.wire.errors import COUNTERPARTS, Phase, WireError, explain
from tests.wire.conftest import KEY, Ask
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, Served, answering, chunk, reset, serving


async def ends_with(ask: Ask, *pieces: bytes, by_reset: bool = False) -> Recording:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if by_reset:
            came.set() if not pieces else None
            await came.wait()
            reset(writer)

    came = asyncio.Event()

    def on_records(recording: Recording, _: object) -> None:
        if len(recording.body) or not pieces:
            came.set()

    async with serving(handle) as served:
        recording = await ask(served.url, on_records=on_records)
    assert recording.end is not None
    assert recording.end.kind is EndKind.ERROR
    return recording


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        ((OK_HEAD + b"Content-Length: 100\r\n\r\n", b"data: hal"), b"data: hal"),
        ((CHUNKED_HEAD, chunk(b"data: 1\n\n")), b"data: 1\n\n"),
        ((CHUNKED_HEAD, b"20\r\ndata: ha"), b"data: ha"),
        ((CHUNKED_HEAD, b"20"), b""),
    ],
)
async def test_a_cut_body(ask: Ask, pieces: tuple[bytes, ...], kept: bytes) -> None:
    recording = await ends_with(ask, *pieces)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("cut", "receive")
    assert bytes(recording.body.data) == kept
    assert MarkName.BODY_END not in recording.marks


@pytest.mark.parametrize("head", [CHUNKED_HEAD, OK_HEAD + b"\r\n"])
async def test_a_reset_in_the_body(ask: Ask, head: bytes) -> None:
    body = chunk(b"data: 1\n\n") if head is CHUNKED_HEAD else b"data: 1\n\n"
    recording = await ends_with(ask, head, body, by_reset=True)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("reset", "receive")
    assert bytes(recording.body.data) == b"data: 1\n\n"


async def test_a_reset_before_any_answer(ask: Ask) -> None:
    recording = await ends_with(ask, by_reset=True)
    assert recording.end is not None
    assert recording.end.code == "reset"
    assert recording.end.phase in ("send", "wait")


@pytest.mark.parametrize("piece", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
async def test_a_close_before_the_head_is_whole(ask: Ask, piece: bytes) -> None:
    recording = await ends_with(ask, piece)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("reset", "head" if piece else "wait")


@pytest.mark.parametrize(
    "pieces",
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n",),
        (b"HTTP/1.1 OK\r\n\r\n",),
        (OK_HEAD + b"Content-Length: many\r\n\r\n",),
        (CHUNKED_HEAD, b"xyz\r\n"),
    ],
)
async def test_what_is_not_http(ask: Ask, pieces: tuple[bytes, ...]) -> None:
    recording = await ends_with(ask, *pieces)
    assert recording.end is not None
    assert recording.end.code == "not_http"


async def test_a_header_block_without_measure(ask: Ask) -> None:
    recording = await ends_with(ask, OK_HEAD + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n")
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("too_large", "head")


async def test_a_header_block_of_64_kilobytes_is_read(ask: Ask) -> None:
    head = OK_HEAD + b"X-Long: " + b"x" * 65_000 + b"\r\nContent-Length: 0\r\n\r\n"
    async with serving(answering(head)) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE


async def test_a_head_that_dribbles(ask: Ask) -> None:
    head = OK_HEAD + b"Content-Length: 0\r\n\r\n"
    async with serving(answering(*(head[at : at + 1] for at in range(len(head))))) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert recording.marks[MarkName.FIRST_BYTE] <= recording.marks[MarkName.HEAD_END]


async def test_an_answer_before_the_request_is_out(ask: Ask) -> None:
    """A 413 sent after the head, and the connection closed: the answer is read, not only the broken pipe."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await served.wait_closed(reader)

    async with serving(handle) as served:
        recording = await ask(served.url, body=b"x" * (4 << 20))
    assert recording.head is not None
    assert recording.head.status == 413


async def test_nobody_listens(ask: Ask) -> None:
    async with serving(answering()) as served:
        pass
    recording = await ask(served.url)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("refused", "connect")


async def test_a_name_that_does_not_resolve(ask: Ask) -> None:
    recording = await ask("http://no-such-host.invalid/")
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("dns", "dns")
    assert list(recording.marks) == [MarkName.DNS_BEGIN]


@pytest.mark.parametrize("host", ["a..test", "a" * 64 + ".test"])
async def test_a_name_that_can_t_be_one(ask: Ask, host: str) -> None:
    recording = await ask(f"http://{host}/")
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("bad_url", "dns")
    assert "can't be a name" in recording.end.message


@pytest.mark.parametrize(
    "url", ["", "api.test/v1", "ftp://x.test/", "http://", "http://x.test:99999/", "http://[::1/", "http://[x/", "http://a b/"]
)
async def test_an_address_that_is_none(ask: Ask, url: str) -> None:
    recording = await ask(url)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("bad_url", "prepare")


@pytest.mark.parametrize("value", [f"Bearer {KEY}\r\nX: y", f"Bearer {KEY}\N{EURO SIGN}"])
async def test_a_header_that_can_t_be_sent(ask: Ask, value: str) -> None:
    async with serving(answering()) as served:
        recording = await ask(served.url, headers=(("Authorization", value),))
    assert recording.end is not None
    assert recording.end.code == "send"
    assert KEY not in recording.end.message


def exceptions_of(module: ModuleType) -> list[type[Exception]]:
    public = [value for _, value in inspect.getmembers(module, inspect.isclass)]
    return [one for one in public if issubclass(one, Exception) and one.__module__.startswith(module.__name__)]


@pytest.mark.parametrize("module", [httpx, httpcore])
def test_every_exception_of_the_stack_has_a_counterpart(module: ModuleType) -> None:
    found = exceptions_of(module)
    assert len(found) > 10
    assert [one.__name__ for one in found if one not in COUNTERPARTS] == []


def test_no_counterpart_is_left_over() -> None:
    assert set(COUNTERPARTS) == {*exceptions_of(httpx), *exceptions_of(httpcore)}


def verification_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    error.verify_message = "said so"
    return error


def wrong_version() -> ssl.SSLError:
    """What OpenSSL says of an answer that is no TLS record."""
    incoming = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, ssl.MemoryBIO(), server_hostname="x.test")
    incoming.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    try:
        client.do_handshake()
    except ssl.SSLError as error:
        return error
    raise AssertionError("this was taken for TLS")


@pytest.mark.parametrize(
    ("error", "phase", "code"),
    [
        (httpx.ConnectTimeout("x"), Phase.CONNECT, "connect_timeout"),
        (httpcore.ReadError(ConnectionResetError(104, "reset")), Phase.RECEIVE, "reset"),
        (OSError(113, "No route to host"), Phase.CONNECT, "unreachable"),
        (OSError(101, "Network is unreachable"), Phase.CONNECT, "unreachable"),
        (TimeoutError(110, "timed out"), Phase.CONNECT, "connect_timeout"),
        (PermissionError(1, "no"), Phase.CONNECT, "connect"),
        (BrokenPipeError(32, "pipe"), Phase.SEND, "reset"),
        (socket.gaierror(-2, "Name or service not known"), Phase.DNS, "dns"),
        (verification_error(9), Phase.TLS, "tls_expired"),
        (verification_error(64), Phase.TLS, "tls_wrong_host"),
        (verification_error(-67818), Phase.TLS, "tls_expired"),
        (verification_error(0x800B010F - (1 << 32)), Phase.TLS, "tls_wrong_host"),
        (verification_error(12345), Phase.TLS, "tls"),
        (ssl.SSLCertVerificationError("Peer sent no certificates"), Phase.TLS, "tls"),
        (ssl.SSLError(1, "[SSL: INTERNAL] something (_ssl.c:1006)"), Phase.TLS, "tls"),
        (wrong_version(), Phase.TLS, "tls_not_tls"),
        (h11.LocalProtocolError("Illegal header value"), Phase.SEND, "send"),
        (httpcore.LocalProtocolError("x"), Phase.RECEIVE, "not_http"),
        (WireError(WireErrorCode.TOO_LARGE, "x"), Phase.RECEIVE, "too_large"),
        (ZeroDivisionError("x"), Phase.RECEIVE, "internal"),
    ],
)
def test_what_an_exception_means(error: Exception, phase: Phase, code: str) -> None:
    found = explain(error, phase)
    assert found.code == code
    assert found.message
    assert "_ssl.c" not in found.message


def test_before_the_tunnel_stands_it_is_the_proxy_s_fault() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    found = explain(refused, Phase.CONNECT, "http://p:1")
    assert (found.code, found.message) == ("proxy", "proxy http://p:1: Connection refused")
    assert found.detail == EndDetail(proxy="http://p:1", proxy_says="Connection refused")
    assert explain(refused, Phase.RECEIVE, "http://p:1").code == "reset"


def test_the_system_s_words_stand_for_those_of_asyncio() -> None:
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)")
    assert explain(refused, Phase.CONNECT).message == os.strerror(errno.ECONNREFUSED)


async def test_a_fault_leaves_the_next_exchange_alone(ask: Ask) -> None:
    await ends_with(ask, b"nonsense\r\n\r\n")
    async with serving(answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")) as served:
        recording = await ask(served.url, limits=Limits(total_s=10))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
