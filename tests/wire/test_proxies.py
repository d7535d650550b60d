"""Proxies: from the environment or the profile, forwarding, CONNECT and SOCKS5, and their faults."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from app.recording.recording import Recording
from app.recording.records import EndKind, MarkName
from app.wire.client import WireClient
from app.wire.commands import Limits, Network
from app.wire.errors import WireError
from app.wire.proxies import choose_proxy, lacks_proxy
from tests.wire.conftest import Ask, asker
from tests.wire.servers import OK_HEAD, Served, answering, connect_proxy, serving, socks_proxy
from tests.wire.test_exchange import NEW_CONNECTION, assert_ordered

OK = OK_HEAD + b"Content-Length: 2\r\n\r\nok"
TUNNELLED = [*NEW_CONNECTION[:4], MarkName.PROXY_END, MarkName.TLS_BEGIN, MarkName.TLS_END, *NEW_CONNECTION[4:]]


def assert_ok(recording: Recording) -> None:
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE, recording.end
    assert bytes(recording.body.data) == b"ok"
    assert_ordered(recording)


async def test_a_tunnel(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    async with serving(answering(OK), tls) as served, serving(connect_proxy(served.port)) as proxy:
        network = Network(proxy=f"http://user:pass%40word@127.0.0.1:{proxy.port}", ca_file=ca_file)
        recording = await ask("https://endpoint.test:8443/v1", network=network)
    assert_ok(recording)
    assert list(recording.marks) == TUNNELLED
    assert recording.connection is not None
    assert recording.connection.proxy == f"http://127.0.0.1:{proxy.port}"
    assert recording.connection.peer == f"127.0.0.1:{proxy.port}"
    assert proxy.heads[0].startswith(b"CONNECT endpoint.test:8443 HTTP/1.1\r\n")
    assert b"Basic " + b64encode(b"user:pass@word") in proxy.heads[0]
    assert b"authorization" not in proxy.heads[0].lower().replace(b"proxy-authorization", b"")
    assert served.heads[0].startswith(b"POST /v1 HTTP/1.1\r\n")
    assert recording.sent is not None
    assert recording.sent.head.startswith(b"POST /v1 HTTP/1.1\r\n")


async def test_forwarding(ask: Ask) -> None:
    async with serving(answering(OK)) as proxy:
        network = Network(proxy=f"http://user:word@127.0.0.1:{proxy.port}")
        recording = await ask("http://endpoint.test/v1", network=network)
    assert_ok(recording)
    assert list(recording.marks) == NEW_CONNECTION
    assert proxy.heads[0].startswith(b"POST http://endpoint.test/v1 HTTP/1.1\r\n")
    assert recording.sent is not None
    credentials = b64encode(b"user:word")
    assert credentials in proxy.heads[0]
    assert credentials not in recording.sent.head
    assert len(recording.sent.head) == len(proxy.heads[0])


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("login", ["", "user:word@"])
async def test_socks(ask: Ask, tls: ssl.SSLContext, ca_file: str, scheme: str, login: str) -> None:
    hosts: list[str] = []
    async with serving(answering(OK), tls) as served, serving(socks_proxy(served.port, hosts)) as proxy:
        network = Network(proxy=f"{scheme}://{login}127.0.0.1:{proxy.port}", ca_file=ca_file)
        recording = await ask("https://endpoint.test/v1", network=network)
    assert_ok(recording)
    assert list(recording.marks) == TUNNELLED
    assert hosts == ([*login[:-1].split(":")] if login else []) + ["endpoint.test"]
    assert recording.connection is not None
    assert recording.connection.proxy == f"{scheme}://127.0.0.1:{proxy.port}"


async def test_socks_to_plain_http(ask: Ask) -> None:
    async with serving(answering(OK)) as served, serving(socks_proxy(served.port, [])) as proxy:
        recording = await ask("http://endpoint.test/v1", network=Network(proxy=f"socks5://127.0.0.1:{proxy.port}"))
    assert_ok(recording)
    assert list(recording.marks) == [*NEW_CONNECTION[:4], MarkName.PROXY_END, *NEW_CONNECTION[4:]]


async def test_a_tunnel_over_tls(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    """TLS to the proxy, TLS to the endpoint inside it: the TLS marks are the endpoint's."""
    async with serving(answering(OK), tls) as served, serving(connect_proxy(served.port), tls) as proxy:
        network = Network(proxy=f"https://127.0.0.1:{proxy.port}", ca_file=ca_file)
        recording = await ask("https://endpoint.test/v1", network=network)
    assert_ok(recording)
    assert list(recording.marks) == TUNNELLED


async def test_a_proxy_that_refuses(ask: Ask) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with serving(connect_proxy(0, refusal)) as proxy:
        recording = await ask("https://endpoint.test/v1", network=Network(proxy=f"http://127.0.0.1:{proxy.port}"))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("proxy", "proxy")
    assert "407" in recording.end.message


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n"])
async def test_a_proxy_that_hangs_up_or_babbles(ask: Ask, scheme: str, answer: bytes) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        writer.write(answer)

    async with serving(handle) as proxy:
        network = Network(proxy=f"{scheme}://user:geheimwort@127.0.0.1:{proxy.port}")
        recording = await ask("https://endpoint.test/v1", network=network)
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("proxy", "proxy")
    assert f"{scheme}://127.0.0.1:{proxy.port}" in recording.end.message
    assert "geheimwort" not in recording.end.message


async def test_a_proxy_that_is_not_there(ask: Ask) -> None:
    async with serving(answering()) as proxy:
        pass
    recording = await ask("https://endpoint.test/v1", network=Network(proxy=f"http://127.0.0.1:{proxy.port}"))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("proxy", "connect")


@pytest.mark.parametrize("target", ["http://endpoint.test/v1", "https://endpoint.test/v1"])
async def test_a_proxy_without_tls_is_not_taken_for_the_endpoint(ask: Ask, target: str) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serving(handle) as proxy:
        recording = await ask(target, network=Network(proxy=f"https://127.0.0.1:{proxy.port}"))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("proxy", "proxy")
    assert recording.end.message.startswith(f"proxy https://127.0.0.1:{proxy.port}: ")


async def test_a_proxy_that_is_silent_is_named(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(handle) as proxy:
        network = Network(proxy=f"socks5://127.0.0.1:{proxy.port}")
        recording = await ask("https://endpoint.test/v1", network=network, limits=Limits(connect_s=0.2))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("connect_timeout", "proxy")
    assert recording.end.message.startswith(f"proxy socks5://127.0.0.1:{proxy.port}: ")


async def test_the_environment_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answering(OK)) as proxy, serving(answering(OK)) as served:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "direct.test")
        monkeypatch.delenv("http_proxy", raising=False)
        client = WireClient()
        try:
            through = await asker(client)("http://endpoint.test/v1")
            here = await asker(client)(served.url)
        finally:
            await client.aclose()
    assert_ok(through)
    assert_ok(here)
    assert (proxy.connections, served.connections) == (1, 1)


def name_proxies(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """The environment names these, and no others."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("setting", "target", "environment", "expected"),
    [
        ("none", "https://x.test", {"HTTPS_PROXY": "http://p:1"}, None),
        ("", "https://x.test", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("", "https://x.test", {"HTTP_PROXY": "http://p:1"}, None),
        ("", "https://x.test", {"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
        ("", "https://x.test", {"HTTPS_PROXY": "p:1"}, "http://p:1"),
        ("", "https://a.x.test", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".x.test"}, None),
        ("", "http://127.0.0.1:80", {"HTTP_PROXY": "http://p:1"}, None),
        ("", "http://localhost:80", {"HTTP_PROXY": "http://p:1"}, None),
        ("", "http://0.0.0.0:80", {"HTTP_PROXY": "http://p:1"}, None),
        ("", "http://[::1]:80", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://u:w@[::1]:9", "http://127.0.0.1:80", {}, "http://[::1]:9"),
    ],
)
def test_which_proxy(
    monkeypatch: pytest.MonkeyPatch, setting: str, target: str, environment: dict[str, str], expected: str | None
) -> None:
    name_proxies(monkeypatch, environment)
    choice = choose_proxy(setting, httpx.URL(target))
    assert (choice.shown if choice else None) == expected


@pytest.mark.parametrize(
    ("setting", "target", "environment", "lacks"),
    [
        ("", "https://relay.test", {}, True),
        ("", "https://relay.test", {"HTTP_PROXY": "http://p:1"}, True),
        ("", "https://relay.test", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "relay.test"}, False),
        ("", "http://relay.test", {"ALL_PROXY": "http://p:1"}, False),
        ("none", "https://relay.test", {}, False),
        ("http://p:1", "https://relay.test", {}, False),
        ("", "http://127.0.0.1:1", {}, False),
    ],
)
def test_whether_one_is_lacking(
    monkeypatch: pytest.MonkeyPatch, setting: str, target: str, environment: dict[str, str], lacks: bool
) -> None:
    name_proxies(monkeypatch, environment)
    assert lacks_proxy(setting, httpx.URL(target)) is lacks


@pytest.mark.parametrize("setting", ["ftp://p:1", "http://", "http://[::1"])
def test_a_proxy_that_can_t_be_used(setting: str) -> None:
    with pytest.raises(WireError) as caught:
        choose_proxy(setting, httpx.URL("https://x.test"))
    assert caught.value.code == "proxy"


@pytest.mark.parametrize("setting", ["http://me:pa%2Fss@p:1", "me:pa%2Fss@p:1", "socks5://me:pa%2Fss@p:1"])
def test_a_proxy_s_login_is_shown_nowhere(setting: str) -> None:
    choice = choose_proxy(setting, httpx.URL("https://x.test"))
    assert choice is not None
    assert choice.shown.endswith("://p:1")
    assert set(choice.secrets) >= {"pa%2Fss", "pa/ss"}


async def test_the_key_is_never_for_the_proxy(ask: Ask, ca_file: str) -> None:
    """What a proxy reads of a request to https://: the name of the host, and its own login."""
    heads: list[bytes] = []

    async def listen(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        heads.append(await reader.read())

    async with serving(listen) as proxy:
        recording = await ask(
            "https://endpoint.test/v1?key=canary-in-query",
            network=Network(proxy=f"http://me:proxy-canary@127.0.0.1:{proxy.port}", ca_file=ca_file),
            headers=(("x-api-key", "canary-in-header"), ("Authorization", "Bearer canary-as-bearer")),
        )
    assert heads[0].startswith(b"CONNECT endpoint.test:443 ")
    assert b"Proxy-Authorization: Basic " in heads[0]
    assert b"canary" not in b"".join(heads).replace(b"proxy-canary", b"")
    assert "canary" not in repr(list(recording.records()))


async def test_a_netrc_file_adds_and_replaces_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password from-netrc\nmachine 127.0.0.1 login me password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    client = WireClient()
    try:
        async with serving(answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")) as served:
            await asker(client)(served.url, headers=())
            await asker(client)(served.url, headers=(("Authorization", "Bearer mine"),))
    finally:
        await client.aclose()
    assert b"authorization" not in served.heads[0].lower()
    assert served.heads[1].lower().count(b"authorization") == 1
    assert b"Bearer mine" in served.heads[1]
