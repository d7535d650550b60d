"""TLS: its marks, what is known of the connection, and each way in which it fails."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange
from app.recording.records import EndDetail, EndKind, EndReason, MarkName
from app.wire.client import WireClient
from app.wire.commands import Network
from tests.wire.conftest import Ask, asker, server_context
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, Served, answering, chunk, reset, serving
from tests.wire.test_exchange import assert_ordered

_T = TypeVar("_T")
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


@pytest.mark.skipif(sys.platform != "linux", reason="the variables are OpenSSL's")
@pytest.mark.parametrize(
    ("variable", "content", "state"),
    [
        ("SSL_CERT_FILE", None, "missing"),
        ("SSL_CERT_FILE", "no certificate", "empty"),
        ("SSL_CERT_FILE", "another authority", ""),
        ("SSL_CERT_FILE", "a folder", "folder"),
        ("SSL_CERT_DIR", None, "missing"),
    ],
)
async def test_a_variable_that_names_no_authorities(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, content: str | None, state: str
) -> None:
    path = tmp_path / "authorities.pem"
    if content == "another authority":
        trustme.CA().cert_pem.write_to_path(path)
    elif content == "a folder":
        path.mkdir()
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


_YESTERDAY, _TOMORROW = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))


@pytest.mark.parametrize(
    ("host", "dates", "code", "reason", "says"),
    [
        ("other.test", {}, "tls_wrong_host", "", "not for 127.0.0.1, but for other.test."),
        ("127.0.0.1", {"not_after": _YESTERDAY}, "tls_expired", "", f"it expired on {_YESTERDAY:%Y-%m-%d}, or"),
        ("127.0.0.1", {"not_before": _TOMORROW}, "tls_expired", "not_yet_valid", f"but from {_TOMORROW:%Y-%m-%d} on, or"),
        ("127.0.0.1", None, "tls_unknown_ca", "", "is signed by “trustme v"),
    ],
)
async def test_a_certificate_that_is_not_taken_is_named(
    ask: Ask,
    authority: trustme.CA,
    ca_file: str,
    host: str,
    dates: dict[str, Any] | None,
    code: str,
    reason: str,
    says: str,
) -> None:
    """Though the handshake fails, what the peer showed is in the recording. `dates` is None for one of another authority."""
    context = server_context((trustme.CA() if dates is None else authority).issue_cert(host, **dates or {}))
    async with serving(answering(OK), context) as served:
        recording = await ask(https(served), network=Network(ca_file=ca_file))
        assert not served.heads, "the request went out"
    assert recording.end is not None
    assert recording.end.detail is not None
    assert (recording.end.code, recording.end.phase, recording.end.detail.reason) == (code, "tls", reason)
    assert recording.connection is not None
    assert recording.connection.tls_version == ""
    told = diagnose(Exchange(recording).finish())
    assert told is not None
    assert says in told.cause


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
    assert recording.end.message == "sslv3 alert handshake failure"
    assert recording.end.detail == EndDetail(tls_alert="handshake_failure")


class TlsServer:
    """A server's TLS by hand, over a connection: asyncio's sends no alert, and lets no other bytes between its own."""

    def __init__(self, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def handshake(self) -> None:
        """Raises ssl.SSLError when the alert was sent."""
        await self._done(self._tls.do_handshake)

    async def read(self) -> bytes:
        """What the client sent next."""
        return await self._done(self._tls.read)

    async def write(self, data: bytes) -> None:
        self._tls.write(data)
        await self._flush()

    async def _done(self, step: Callable[[], _T]) -> _T:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                await self._flush()
                self._incoming.write(await self._reader.read(1 << 16))
            finally:
                await self._flush()

    async def _flush(self) -> None:
        self._writer.write(self._outgoing.read())
        await self._writer.drain()


_V10, _V12, _V13 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize(
    ("version", "code", "alert"),
    [(_V13, "reset", "certificate_required"), (_V12, "tls", "handshake_failure"), (_V10, "tls", "protocol_version")],
)
async def test_a_server_that_wants_a_certificate_or_an_old_version(
    ask: Ask, authority: trustme.CA, ca_file: str, version: ssl.TLSVersion, code: str, alert: str
) -> None:
    context = server_context(authority.issue_cert("127.0.0.1"))
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.verify_mode = ssl.CERT_REQUIRED

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with pytest.raises(ssl.SSLError):
            await TlsServer(context, reader, writer).handshake()

    async with serving(handle) as served:
        recording = await ask(https(served), network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == (code, EndDetail(tls_alert=alert))


async def test_bytes_that_are_no_tls_in_an_answer_are_no_failed_handshake(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = TlsServer(tls, reader, writer)
        await server.handshake()
        await server.read()
        await server.write(CHUNKED_HEAD + chunk(b"data: 1\n\n"))
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

    async with serving(handle) as served:
        recording = await ask(https(served), network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("reset", "receive")
    assert recording.end.detail == EndDetail(EndReason.TLS_BROKEN)
    assert bytes(recording.body.data) == b"data: 1\n\n"


async def test_plain_http_on_an_https_port(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with serving(handle) as served:
        recording = await ask(https(served))
    assert recording.end is not None
    assert recording.end.code == "tls_not_tls"
    assert recording.end.detail == EndDetail(EndReason.PLAIN_HTTP)
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
    assert (recording.end.code, recording.end.phase) == ("reset", "tls")
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
