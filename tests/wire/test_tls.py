"""TLS: its marks, what is known of the connection, and each way in which it fails."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.recording.records import EndKind, MarkName
from app.wire.client import WireClient
from app.wire.commands import Network
from tests.wire.conftest import Ask, asker, server_context
from tests.wire.servers import OK_HEAD, Served, answering, reset, serving
from tests.wire.test_exchange import assert_ordered

OK = OK_HEAD + b"Content-Length: 2\r\n\r\nok"


def https(served: Served, host: str = "127.0.0.1") -> str:
    return f"https://{host}:{served.port}/v1"


async def test_the_connection_is_described(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    async with serving(answering(OK), tls) as served:
        recording = await ask(https(served), network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert bytes(recording.body.data) == b"ok"
    assert list(recording.marks)[4:6] == [MarkName.TLS_BEGIN, MarkName.TLS_END]
    assert_ordered(recording)
    about = recording.connection
    assert about is not None
    assert about.tls_version == "TLSv1.3"
    assert about.cipher.startswith("TLS_")
    assert about.alpn == "http/1.1"
    assert about.stamped_by == ("kernel" if sys.platform == "linux" else "read")
    assert about.certificate is not None
    assert set(about.certificate.names) == {"127.0.0.1", "endpoint.test"}
    assert "trustme" in about.certificate.issuer
    assert about.certificate.not_before < datetime.now(UTC).isoformat() < about.certificate.not_after


async def test_without_verification_no_certificate_is_claimed(ask: Ask, tls: ssl.SSLContext) -> None:
    async with serving(answering(OK), tls) as served:
        recording = await ask(https(served), network=Network(verify_tls=False))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert recording.connection is not None
    assert recording.connection.tls_version == "TLSv1.3"
    assert recording.connection.certificate is None


async def test_a_kept_tls_connection_is_used_again(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await served.read_request(reader):
            writer.write(OK)
            await writer.drain()

    async with serving(handle, tls) as served:
        keep = Network(ca_file=ca_file, keep_connection=True)
        await ask(https(served), network=keep)
        second = await ask(https(served), network=keep)
        assert served.connections == 1
    assert next(iter(second.marks)) is MarkName.SEND_BEGIN
    assert second.connection is not None
    assert second.connection.reused
    assert second.connection.tls_version == "TLSv1.3"


async def fails_with(ask: Ask, context: ssl.SSLContext | None, network: Network) -> tuple[str, str, str]:
    async with serving(answering(OK), context) as served:
        recording = await ask(https(served), network=network)
        assert not served.heads, "the request went out"
    assert recording.end is not None
    assert recording.end.kind is EndKind.ERROR
    return recording.end.code, recording.end.phase, recording.end.message


async def test_an_unknown_authority(ask: Ask, tls: ssl.SSLContext) -> None:
    code, phase, message = await fails_with(ask, tls, Network())
    assert (code, phase) == ("tls_unknown_ca", "tls")
    assert "issuer" in message or "certificate" in message


@pytest.mark.skipif(sys.platform != "linux", reason="the variables are OpenSSL's")
@pytest.mark.parametrize(
    ("variable", "content", "state"),
    [
        ("SSL_CERT_FILE", None, "missing"),
        ("SSL_CERT_FILE", "no certificate", "empty"),
        ("SSL_CERT_FILE", "another authority", ""),
        ("SSL_CERT_DIR", None, "missing"),
    ],
)
async def test_a_variable_that_names_no_authorities(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, content: str | None, state: str
) -> None:
    path = tmp_path / "authorities.pem"
    if content == "another authority":
        trustme.CA().cert_pem.write_to_path(path)
    elif content is not None:
        path.write_text(content)
    monkeypatch.setenv(variable, str(path))
    client = WireClient()  # whose process has the variable
    try:
        async with serving(answering(OK), tls) as served:
            recording = await asker(client)(https(served))
    finally:
        await client.aclose()
    assert recording.end is not None
    assert recording.end.code == "tls_unknown_ca"
    assert recording.end.detail is not None
    named = (variable, str(path), state) if state else ("", "", "")
    assert (recording.end.detail.trust_variable, recording.end.detail.trust_path, recording.end.detail.trust_state) == named


async def test_another_host(ask: Ask, authority: trustme.CA, ca_file: str) -> None:
    context = server_context(authority.issue_cert("other.test"))
    code, _, message = await fails_with(ask, context, Network(ca_file=ca_file))
    assert code == "tls_wrong_host"
    assert "127.0.0.1" in message


async def test_an_expired_certificate(ask: Ask, authority: trustme.CA, ca_file: str) -> None:
    context = server_context(authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1)))
    code, _, message = await fails_with(ask, context, Network(ca_file=ca_file))
    assert code == "tls_expired"
    assert "expired" in message


async def test_a_self_signed_certificate(ask: Ask, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = tmp_path / "own.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    code, _, _ = await fails_with(ask, context, Network())
    assert code == "tls_self_signed"


async def test_a_peer_that_refuses_the_handshake(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)
        writer.write(b"\x15\x03\x03\x00\x02\x02\x28")  # alert: fatal, handshake_failure
        await writer.drain()

    async with serving(handle) as served:
        recording = await ask(https(served))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("tls", "tls")
    assert "HANDSHAKE_FAILURE" in recording.end.message


async def test_plain_http_on_an_https_port(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with serving(handle) as served:
        recording = await ask(https(served))
    assert recording.end is not None
    assert recording.end.code == "tls_not_tls"
    assert "HTTP/1.1 400" in recording.end.message


async def test_https_spoken_to_as_plain_http(ask: Ask, tls: ssl.SSLContext) -> None:
    async with serving(answering(OK), tls) as served:
        recording = await ask(f"http://127.0.0.1:{served.port}/v1")
    assert recording.end is not None
    assert recording.end.code in ("not_http", "reset")


@pytest.mark.parametrize("orderly", [True, False])
async def test_a_peer_that_hangs_up_in_the_handshake(ask: Ask, orderly: bool) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(50)
        await reader.read(1 << 16)
        if not orderly:
            reset(writer)

    async with serving(handle) as served:
        recording = await ask(https(served))
    assert recording.end is not None
    assert recording.end.code == ("tls" if orderly else "reset")
    assert recording.end.phase == "tls"
    assert MarkName.TLS_END not in recording.marks


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_bad_ca_file(ask: Ask, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    recording = await ask("https://127.0.0.1:1/", network=Network(ca_file=str(path)))
    assert recording.end is not None
    assert recording.end.code == "ca_file"
    assert str(path) in recording.end.message
    assert not recording.marks


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")
@pytest.mark.parametrize("kind", ["a FIFO", "a link to a FIFO", "a device", "a folder"])
async def test_a_ca_file_that_is_no_file_is_not_read(ask: Ask, tmp_path: Path, kind: str) -> None:
    fifo, link = tmp_path / "fifo", tmp_path / "link"
    os.mkfifo(fifo)
    link.symlink_to(fifo)
    name = {"a FIFO": fifo, "a link to a FIFO": link, "a device": Path("/dev/zero"), "a folder": tmp_path}[kind]
    recording = await ask("https://127.0.0.1:9/", network=Network(ca_file=str(name)))
    assert recording.end is not None
    assert recording.end.code == "ca_file"
    assert "no regular file" in recording.end.message


def test_a_first_handshake_loads_nothing_while_the_clock_runs() -> None:
    """What is imported for it was imported with the context, off the loop."""
    code = """
import ssl, sys
from app.wire.tls import ContextKey, build_context, read_certificate
context = build_context(ContextKey("", True, False))
before = set(sys.modules)
try:
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="endpoint.test").do_handshake()
except ssl.SSLWantReadError:
    read_certificate({"notBefore": "Feb  2 00:00:00 2026 GMT", "notAfter": "Feb  2 00:00:00 2027 GMT"})
    print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
