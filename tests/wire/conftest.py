"""Servers' certificates, and how to ask."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trustme

from app.recording.recording import Recording
from app.recording.records import Envelope, Headers, ProfileNote, Request
from app.wire.client import Call, WireClient
from app.wire.commands import Limits, LineName, Network

KEY = "sk-canary-0123456789abcdefXYZ"
ENVELOPE = Envelope("openai-chat", ProfileNote("test", "http://127.0.0.1", "openai-chat"))
Ask = Callable[..., Awaitable[Recording]]


@pytest.fixture
def ask(wire: WireClient) -> Ask:
    return asker(wire)


def asker(client: WireClient) -> Ask:
    """A short form of `exchange`."""

    async def ask(
        url: str,
        body: bytes = b'{"model":"m"}',
        headers: Headers = (("Authorization", f"Bearer {KEY}"), ("Content-Type", "application/json")),
        limits: Limits | None = None,
        network: Network | None = None,
        side: LineName = "a",
        secrets: tuple[str, ...] = (),
        **more: Any,
    ) -> Recording:
        request = Request("POST", url, headers, body)
        call = Call(ENVELOPE, request, side, limits or Limits(), network or Network(), secrets)
        return await client.exchange(call, **more)

    return ask


def server_context(certificate: trustme.LeafCert, *protocols: str) -> ssl.SSLContext:
    """A server's TLS context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """For 127.0.0.1 and endpoint.test, HTTP/1.1."""
    return server_context(authority.issue_cert("127.0.0.1", "endpoint.test"), "http/1.1")


@pytest.fixture(scope="session")
def tls_http2(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert("127.0.0.1", "endpoint.test"), "h2")
