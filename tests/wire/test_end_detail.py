"""What ended an exchange, as values: each reason and number as real servers and proxies bring it about."""

from __future__ import annotations

import asyncio
import gzip
import re
import ssl
from pathlib import Path

import h2.errors
import pytest

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange
from app.recording.end_words import NO_CERTIFICATES
from app.recording.records import EndDetail, EndReason, WireErrorCode
from app.text.translation import translate_with
from app.wire.commands import Limits, Network
from tests.pseudo import outside, speak_pseudo
from tests.wire.conftest import KEY, Ask
from tests.wire.servers import (
    CHUNKED_HEAD,
    OK_HEAD,
    Handler,
    Http2Peer,
    Served,
    answering,
    connect_proxy,
    serving,
    serving_http2,
)


def socks(*replies: bytes) -> Handler:
    """A SOCKS proxy that says these bytes, each after it has read something."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await reader.read(1 << 10)
            writer.write(reply)
        await reader.read()

    return handle


def refusing(line: bytes) -> Handler:
    return connect_proxy(0, b"HTTP/1.1 " + line + b"\r\nContent-Length: 0\r\n\r\n")


async def silent(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await served.wait_closed(reader)


def saying(data: bytes) -> Handler:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        writer.write(data)

    return handle


AT_PROXY: list[tuple[str, Handler, str, str]] = [
    ("http", refusing(b"407 Log in"), EndReason.PROXY_LOGIN, "407 Log in"),
    ("http", refusing(b"503 No way"), EndReason.PROXY_NO_WAY, "503 No way"),
    ("http", refusing(b"403 Forbidden"), "", "403 Forbidden"),
    ("http", saying(b"nonsense\r\n\r\n"), EndReason.NO_HTTP_LINE, "illegal status line: “nonsense”"),
    ("https", saying(b"HTTP/1.1 400"), EndReason.PROXY_NOT_TLS, "the peer answered the TLS handshake with b'HTTP/1.1 400'"),
    (
        "socks5",
        socks(b"\x05\xff"),
        EndReason.SOCKS_LOGIN,
        "Requested NO AUTHENTICATION REQUIRED from proxy server, but got NO ACCEPTABLE METHODS.",
    ),
    ("socks5", socks(b"\x05\x00", b"\x05\x04\x00\x01" + bytes(6)), EndReason.PROXY_NO_WAY, "Host unreachable."),
    ("socks5", socks(b"\x05\x00", b"\x05\x02\x00\x01" + bytes(6)), "", "Connection not allowed by ruleset."),
    ("user:geheimwort@socks5", socks(b"\x05\x02", b"\x01\x01"), EndReason.SOCKS_LOGIN, "Invalid username/password"),
]


@pytest.mark.parametrize(("scheme", "handler", "reason", "says"), AT_PROXY)
async def test_what_went_wrong_at_a_proxy(ask: Ask, scheme: str, handler: Handler, reason: str, says: str) -> None:
    login, _, scheme = scheme.rpartition("@")
    async with serving(handler) as proxy:
        where = f"127.0.0.1:{proxy.port}"
        recording = await ask("https://endpoint.test/v1", network=Network(proxy=f"{scheme}://{login and f'{login}@'}{where}"))
    assert recording.end is not None
    assert recording.end.detail == EndDetail(reason, f"{scheme}://{where}", says)


async def test_bytes_of_the_peer_are_shown_without_python(ask: Ask) -> None:
    async with serving(answering(CHUNKED_HEAD, b"zz\r\n")) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert (recording.end.code, recording.end.message) == (WireErrorCode.NOT_HTTP, "illegal chunk header: “zz”")


@pytest.mark.parametrize(
    "greeting", [b"SSH-2.0-OpenSSH_9.6\r\n", b"220 mail.test ESMTP\r\n", b"-ERR unknown command\r\n", b"J\0\0\0\n8.0"]
)
async def test_what_greets_in_another_protocol_is_no_answer_that_broke_off(ask: Ask, greeting: bytes) -> None:
    async with serving(answering(greeting)) as served:
        recording = await ask(served.url)
    found = diagnose(Exchange(recording).finish())
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == (WireErrorCode.NOT_HTTP, EndDetail(EndReason.NO_HTTP_LINE))
    assert found is not None
    assert found.rule == "not-http"


async def test_what_greets_in_another_protocol_and_waits(ask: Ask) -> None:
    async def greet(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await served.wait_closed(reader)

    async with serving(greet) as served:
        recording = await ask(served.url, limits=Limits(silence_s=0.1))
    assert recording.end is not None
    assert (recording.end.code, recording.end.message) == (WireErrorCode.NOT_HTTP, "the answer begins with “SSH-2.0-”")


async def test_a_proxy_that_can_t_be_used(ask: Ask) -> None:
    recording = await ask("https://endpoint.test/v1", network=Network(proxy="gopher://x"))
    assert recording.end is not None
    says = "a proxy of the kind gopher:// can't be used, only http, https, socks5, socks5h"
    assert recording.end.detail == EndDetail(proxy="gopher://x", proxy_says=says, proxy_scheme="gopher")


@pytest.mark.parametrize(("content", "says"), [(None, "No such file or directory"), (b"no certificate", NO_CERTIFICATES)])
async def test_a_file_of_authorities_that_can_t_be_used(ask: Ask, tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "own.pem"
    if content is not None:
        file.write_bytes(content)
    recording = await ask("https://endpoint.test/v1", network=Network(ca_file=str(file)))
    assert recording.end is not None
    assert recording.end.code == WireErrorCode.CA_FILE
    found = diagnose(Exchange(recording).finish())
    assert found is not None
    detail = recording.end.detail
    assert detail == EndDetail(ca_file=str(file), ca_says=says)
    assert found.cause == f"The CA file of the profile, {file}, can't be used: {says}."
    speak_pseudo()
    try:
        assert not re.search("[A-Za-z]{3}", outside(found.cause).replace(str(file), ""))
    finally:
        translate_with(None)


async def test_a_proxy_of_no_version_of_socks_is_offered_as_one_of_socks5(ask: Ask) -> None:
    for address, value in (("socks://127.0.0.1:1080", "socks5://127.0.0.1:1080"), ("socks://me:pw@proxy.test", "none")):
        recording = await ask("https://endpoint.test/v1", network=Network(proxy=address))
        found = diagnose(Exchange(recording).finish())
        assert found is not None
        assert (found.rule, found.change and found.change.value) == ("proxy-socks", value)
        assert "pw" not in repr(recording.end)


async def test_what_a_proxy_says_is_masked(ask: Ask) -> None:
    async with serving(refusing(b"407 not with " + KEY.encode())) as proxy:
        recording = await ask("https://endpoint.test/v1", network=Network(proxy=f"http://127.0.0.1:{proxy.port}"))
    assert recording.end is not None
    assert recording.end.detail is not None
    assert "****" in recording.end.detail.proxy_says
    assert KEY not in repr(recording.end)


async def test_the_limit_and_how_long_it_was_waited(ask: Ask) -> None:
    limits = Limits(connect_s=0.25, first_byte_s=0.5)
    async with serving(silent) as served:
        direct = await ask(served.url, limits=limits)
        proxied = await ask("https://endpoint.test/", limits=limits, network=Network(proxy=f"http://127.0.0.1:{served.port}"))
    for recording, limit_s, proxy in ((direct, 0.5, ""), (proxied, 0.25, f"http://127.0.0.1:{served.port}")):
        assert recording.end is not None
        detail = recording.end.detail
        assert detail is not None
        assert (detail.limit_s, detail.proxy, detail.reason) == (limit_s, proxy, "")
        assert detail.waited_s is not None
        assert detail.waited_s >= limit_s


@pytest.mark.parametrize("packed", [False, True])
async def test_the_size_limit(ask: Ask, packed: bool) -> None:
    body = gzip.compress(b"x" * 50_000) if packed else b"x" * 50_000
    head = OK_HEAD + b"Content-Encoding: gzip\r\n" * packed + f"Content-Length: {len(body)}\r\n\r\n".encode()
    async with serving(answering(head, body)) as served:
        recording = await ask(served.url, limits=Limits(body_bytes=1234))
    assert recording.end is not None
    assert recording.end.detail == EndDetail(EndReason.DECODED_LIMIT if packed else "", limit_bytes=1234)


async def test_an_http2_error_by_its_name(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        peer.state.reset_stream(stream, h2.errors.ErrorCodes.HTTP_1_1_REQUIRED)
        await peer.flush()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.detail == EndDetail(http2_error="HTTP_1_1_REQUIRED")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", EndReason.NO_HTTP_LINE),
        (b"\r\nSSH-2.0-OpenSSH_9.6\r\n", EndReason.NO_HTTP_LINE),
        (b"HTTP/1.1 2000 OK\r\n\r\n", EndReason.BAD_HTTP_LINE),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n", EndReason.BAD_HTTP_LINE),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", ""),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", EndReason.UPGRADE),
        (b"\x15\x03\x01\x00\x02\x02\x28", EndReason.TLS_ALERT),
    ],
)
async def test_an_answer_that_is_not_one_of_http(ask: Ask, answer: bytes, reason: str) -> None:
    async with serving(answering(answer)) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.detail == EndDetail(reason), recording.end


async def test_an_end_with_nothing_more_to_know(ask: Ask) -> None:
    async with serving(answering()) as served:
        closed = await ask(served.url)
    refused = await ask(served.url)
    for recording in (closed, refused):
        assert recording.end is not None
        assert recording.end.detail == EndDetail()
