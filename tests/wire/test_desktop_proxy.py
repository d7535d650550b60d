"""The proxy of the desktop, read from made-up files and answers, and what an exchange without a connection tells of it."""

from __future__ import annotations

import asyncio
import socket
import stat
import sys
import threading
from pathlib import Path

import pytest

from app.recording.records import PROXY_BY_SCRIPT, EndDetail, EndKind, Request
from app.wire.backend import AddressInfo
from app.wire.client import WireClient
from app.wire.commands import Cancel, Limits, Start
from app.wire.desktop_proxy import desktop_proxy
from app.wire.worker import Worker
from tests.wire.conftest import asker
from tests.wire.test_limits_and_cancel import ListSink, TooBusyError, in_time

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a desktop's proxy is not looked up")

KDE = """\
PersistentProxyConnection=false

[$Version]
update_info=kioslave.upd:kde2.2/r1

[Proxy Settings][Not this]
ProxyType=0

[Proxy Settings]
NoProxyFor=localhost,127.0.0.0/8,*.intern.test,.firm.test,198.51.100.0/24
Proxy Config Script=
ProxyType={type}
ReversedException={reversed}
{servers}
"""
CLASH = "httpProxy=http://127.0.0.1 7890\nhttpsProxy=http://127.0.0.1 7891\nsocksProxy=socks://127.0.0.1 7892"
GNOME = """\
org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '*.intern.test', '::1']
org.gnome.system.proxy mode '{mode}'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http authentication-password 'secret'
org.gnome.system.proxy.http authentication-user 'me'
org.gnome.system.proxy.http host '{http}'
org.gnome.system.proxy.http port 7890
org.gnome.system.proxy.https host '{https}'
org.gnome.system.proxy.https port 7891
org.gnome.system.proxy.socks host '{socks}'
org.gnome.system.proxy.socks port 7892
"""


def of_kde(folder: Path, host: str = "relay.test", scheme: str = "https", servers: str = CLASH, **more: str) -> str:
    fields = {"type": "1", "reversed": "false", "servers": servers, **more}
    (folder / "kioslaverc").write_text(KDE.format(**fields), encoding="utf-8")
    return desktop_proxy(scheme, host, {"XDG_CURRENT_DESKTOP": "KDE", "XDG_CONFIG_HOME": str(folder)})


def of_gnome(folder: Path, host: str = "relay.test", scheme: str = "https", desktop: str = "ubuntu:GNOME", **more: str) -> str:
    fields = {"mode": "manual", "http": "10.0.0.1", "https": "10.0.0.2", "socks": "10.0.0.3", **more}
    answer, program = folder / "answer", folder / "gsettings"
    answer.write_text(GNOME.format(**fields), encoding="utf-8")
    program.write_text(
        f'#!/bin/sh\n[ "$*" = "list-recursively org.gnome.system.proxy" ] && exec cat {answer}\n', encoding="utf-8"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return desktop_proxy(scheme, host, {"XDG_CURRENT_DESKTOP": desktop, "PATH": f"{folder}:/usr/bin:/bin"})


def test_by_the_scheme(tmp_path: Path) -> None:
    assert of_kde(tmp_path) == "http://127.0.0.1:7891"
    assert of_kde(tmp_path, scheme="http") == "http://127.0.0.1:7890"
    assert of_kde(tmp_path, servers="socksProxy=socks://me:secret@127.0.0.1:7892") == "socks5://127.0.0.1:7892"
    assert of_kde(tmp_path, servers="httpsProxy=http://[2001:db8::1] 7891") == "http://[2001:db8::1]:7891"
    assert of_gnome(tmp_path) == "http://10.0.0.2:7891"
    assert of_gnome(tmp_path, scheme="http") == "http://10.0.0.1:7890"
    assert of_gnome(tmp_path, http="", https="") == "socks5://10.0.0.3:7892"


def test_nothing_is_told_where_none_is_set(tmp_path: Path) -> None:
    assert [of_kde(tmp_path, type=kind) for kind in "0234"] == ["", PROXY_BY_SCRIPT, PROXY_BY_SCRIPT, ""]
    assert of_kde(tmp_path, host="127.0.0.1", type="2") == ""
    assert of_kde(tmp_path, servers="httpsProxy=\nsocksProxy=http://x 0") == ""
    assert of_kde(tmp_path, servers="httpProxy=http://127.0.0.1 7890") == ""
    assert [of_gnome(tmp_path, mode=mode) for mode in ("none", "auto")] == ["", PROXY_BY_SCRIPT]
    assert of_gnome(tmp_path, http="", https="", socks="") == ""
    assert of_gnome(tmp_path, desktop="XFCE") == "" == of_gnome(tmp_path, desktop="")
    (tmp_path / "kioslaverc").write_bytes(b"\xff[Proxy")
    kde = {"XDG_CURRENT_DESKTOP": "KDE", "XDG_CONFIG_HOME": str(tmp_path)}
    assert desktop_proxy("https", "relay.test", kde) == ""
    assert desktop_proxy("https", "relay.test", kde | {"XDG_CONFIG_HOME": str(tmp_path / "none")}) == ""
    assert desktop_proxy("https", "relay.test", {"XDG_CURRENT_DESKTOP": "GNOME", "PATH": str(tmp_path / "none")}) == ""


@pytest.mark.parametrize("host", ["a.intern.test", "localhost", "127.0.0.1", "::1", "192.168.1.5", "nas", "nas.local"])
def test_a_host_that_needs_none(tmp_path: Path, host: str) -> None:
    assert of_kde(tmp_path, host) == "" == of_gnome(tmp_path, host)


def test_the_desktop_s_own_exceptions(tmp_path: Path) -> None:
    kde = str(tmp_path)
    assert of_kde(tmp_path, "api.firm.test") == ""
    assert of_kde(tmp_path, "api.firm.test", reversed="true") == "http://127.0.0.1:7891"
    assert of_kde(tmp_path, reversed="true") == ""
    (tmp_path / "kioslaverc").write_text(f"[Proxy Settings]\nProxyType=1\nNoProxyFor=8.8.8.0/24\n{CLASH}\n", encoding="utf-8")
    for host, found in (("8.8.8.8", ""), ("8.8.4.4", "http://127.0.0.1:7891")):
        assert desktop_proxy("https", host, {"XDG_CURRENT_DESKTOP": "KDE", "XDG_CONFIG_HOME": kde}) == found


def on_kde(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a proxy of the desktop, and none of the environment."""
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    of_kde(folder)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))


@pytest.mark.parametrize("named", ["", "HTTP_PROXY"])
async def test_an_exchange_without_a_connection_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """Where nobody named another; not in its own words, and of no exchange that came further."""
    on_kde(tmp_path, monkeypatch)
    if named:
        monkeypatch.setenv(named, "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "no-such-host.invalid")
    client = WireClient()
    try:
        recording = await asker(client)("http://no-such-host.invalid/v1")
    finally:
        await client.aclose()
    assert recording.end is not None
    assert recording.end.code == "dns"
    assert recording.end.detail == EndDetail(desktop_proxy="" if named else "http://127.0.0.1:7890")


async def never(_host: str, _port: int) -> list[AddressInfo]:
    await asyncio.get_running_loop().create_future()
    return []


async def test_so_does_one_that_its_limit_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_kde(tmp_path, monkeypatch)

    async def attempt(limit_s: float) -> None:
        over = asyncio.Event()
        sink = ListSink(over)
        worker = Worker(sink, never)
        worker.take(Start(1, "a", Request("GET", "http://relay.test/"), Limits(connect_s=limit_s)))
        await over.wait()
        await worker.aclose()
        end = sink.recording.end
        assert end is not None
        if end.phase != "dns":
            raise TooBusyError
        assert end.detail is not None
        told = (end.code, end.detail.limit_s, end.detail.desktop_proxy)
        assert told == ("connect_timeout", limit_s, "http://127.0.0.1:7890")

    await in_time(attempt)


async def refuse(_host: str, _port: int) -> list[AddressInfo]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def test_who_stops_it_while_the_desktop_is_asked_has_stopped_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_kde(tmp_path, monkeypatch)
    loop, over, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def ask(_scheme: str, _host: str) -> str:
        loop.call_soon_threadsafe(worker.take, Cancel(1))
        go_on.wait(10)
        return ""

    monkeypatch.setattr("app.wire.worker.desktop_proxy", ask)
    sink = ListSink(over)
    worker = Worker(sink, refuse)
    worker.take(Start(1, "a", Request("GET", "http://relay.test/")))
    await over.wait()
    go_on.set()
    await worker.aclose()
    assert sink.recording.end is not None
    assert sink.recording.end.kind is EndKind.CANCELLED
