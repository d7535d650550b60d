"""What fails before an answer: names, ports, TLS, proxies. The cause is told, the request goes nowhere else."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.faults.answers import assert_completed, assert_failed
from tests.faults.conftest import GOOD, Play
from tests.wire.conftest import KEY, server_context
from tests.wire.servers import Served, answering, connect_proxy, serving


async def test_a_name_that_is_none(play: Play) -> None:
    assert_failed(await play("http://no-such-host.invalid"), "no-such-host.invalid can't be resolved")


async def test_nobody_listens(play: Play) -> None:
    async with serving(GOOD) as served:
        pass
    assert_failed(await play(f"http://127.0.0.1:{served.port}"), "Nothing listens")


async def test_no_way_there(play: Play) -> None:
    """Linux refuses to connect to the broadcast address without sending anything."""
    assert_failed(await play("http://255.255.255.255"), "no way to 255.255.255.255")


@pytest.mark.parametrize(
    "url", ["", "no scheme", "ftp://x.test", "http://", "http://[::1", "http://x.test:99999", "http://\u2028", "//"]
)
async def test_an_address_that_is_none(play: Play, url: str) -> None:
    assert_failed(await play(url))


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    pem = folder / "own.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("expired", "not valid at this time"),
        ("wrong host", "is not for 127.0.0.1"),
        ("self-signed", "signed by itself"),
        ("unknown authority", "this machine does not know"),
    ],
)
async def test_a_certificate_that_proves_nothing(
    play: Play, authority: trustme.CA, ca_file: str, tmp_path: Path, fault: str, said: str
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    context = {
        "expired": lambda: server_context(authority.issue_cert("127.0.0.1", not_after=yesterday)),
        "wrong host": lambda: server_context(authority.issue_cert("other.test")),
        "self-signed": lambda: self_signed(tmp_path),
        "unknown authority": lambda: server_context(trustme.CA().issue_cert("127.0.0.1")),
    }[fault]()
    async with serving(GOOD, context) as served:
        side = await play(f"https://127.0.0.1:{served.port}", ca_file=ca_file)
        assert not served.heads, "the key went to a server that proved nothing"
    assert_failed(side, said)


async def test_a_certificate_that_is_good(play: Play, authority: trustme.CA, ca_file: str) -> None:
    async with serving(GOOD, server_context(authority.issue_cert("127.0.0.1"))) as served:
        assert_completed(await play(f"https://127.0.0.1:{served.port}", ca_file=ca_file))


async def test_https_to_a_plain_port(play: Play) -> None:
    heard: list[bytes] = []

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1 << 16))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with serving(handle) as served:
        side = await play(f"https://127.0.0.1:{served.port}")
    assert KEY.encode() not in b"".join(heard)
    assert_failed(side, "speaks plain HTTP")


NGINX = b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>"
TLS_PORT = {
    "an alert": b"\x15\x03\x01\x00\x02\x02\x46",
    "Go": b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    "nginx": b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(NGINX), NGINX),
}


@pytest.mark.parametrize("says", TLS_PORT)
async def test_http_to_a_tls_port(play: Play, says: str) -> None:
    """What TLS servers say to plain HTTP: OpenSSL's alert, Go's text, nginx's page."""
    async with serving(answering(TLS_PORT[says])) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert_failed(side)
    assert side.diagnosis is not None
    assert "https" in side.diagnosis.fix.lower()


async def test_http_to_a_tls_port_that_hangs_up(play: Play, authority: trustme.CA) -> None:
    async with serving(GOOD, server_context(authority.issue_cert("127.0.0.1"))) as served:
        assert_failed(await play(f"http://127.0.0.1:{served.port}"))


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", "407"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403"),
        (b"SSH-2.0-nonsense\r\n\r\n", "proxy"),
        (b"HTTP/1.1 200 OK\r\n", "proxy"),
    ],
)
async def test_a_proxy_that_refuses(play: Play, refusal: bytes, said: str) -> None:
    """Neither the key nor the proxy's password is in what is said; nothing reaches the endpoint."""
    async with serving(GOOD) as served, serving(connect_proxy(served.port, refuse=refusal)) as proxy:
        setting = f"http://user:proxy-password-1@127.0.0.1:{proxy.port}"
        side = await play(f"https://127.0.0.1:{served.port}", proxy=setting)
        assert served.connections == 0
        assert not any(KEY.encode() in head for head in proxy.heads)
    assert_failed(side, said)
    assert side.last is not None
    assert "proxy-password" not in repr(list(side.last.recording.records()))


async def test_a_proxy_that_is_dead(play: Play) -> None:
    async with serving(GOOD) as gone:
        pass
    async with serving(GOOD) as served:
        side = await play(f"http://127.0.0.1:{served.port}", proxy=f"http://127.0.0.1:{gone.port}")
        assert served.connections == 0
    assert_failed(side, "proxy")


@pytest.mark.parametrize("setting", ["gopher://x", "http://", "http://[", "http://x:99999", "socks9://x:1", " "])
async def test_a_proxy_that_is_no_address(play: Play, setting: str) -> None:
    async with serving(GOOD) as served:
        side = await play(f"http://127.0.0.1:{served.port}", proxy=setting)
        assert served.connections == 0
    assert_failed(side)
