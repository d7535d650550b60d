"""Rows for the rules for proxies, with the words of squid, tinyproxy and microsocks as the wire reports them."""

from __future__ import annotations

from app.exchange.exchange import Exchange
from app.recording.records import PROXY_BY_SCRIPT, Connected, EndReason, MarkName
from app.recording.records import WireErrorCode as Wire
from tests.diagnosis.made import Case, made, page, wire

HTTP, SOCKS = "http://proxy.test:3128", "socks5://proxy.test:1080"
OPENED = {MarkName.DNS_BEGIN: 0.0, MarkName.CONNECT_BEGIN: 10.0}
DIRECT = ("proxy", "none")


def through(said: str, proxy: str = HTTP, phase: str = "proxy", reason: str = "") -> Exchange:
    """An exchange that came no further than the proxy."""
    return made(end=wire(Wire.PROXY, f"proxy {proxy}: {said}", phase=phase, proxy=proxy, proxy_says=said, reason=reason))


def silent(phase: str) -> Exchange:
    """One in which the proxy let the time limit pass."""
    return made(marks=OPENED, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_010, phase=phase, proxy=HTTP))


def forwarded(status: int, title: str) -> Exchange:
    """A page that came by way of a proxy which forwards."""
    return made(
        status,
        page(title),
        base="http://relay.example",
        headers={"content-type": "text/html"},
        connected=Connected(False, proxy=HTTP),
    )


DESKTOPS = "http://127.0.0.1:7890"

CASES = (
    Case(
        "desktop-proxy",
        made(end=wire(Wire.DNS, "Name or service not known", phase="dns", desktop_proxy=DESKTOPS)),
        f"came about: Name or service not known. The desktop's proxy {DESKTOPS} was not used",
        "HTTPS_PROXY",
        ("proxy", DESKTOPS),
    ),
    Case(
        "desktop-proxy-timeout",
        made(marks=OPENED, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_010, phase="connect", desktop_proxy=DESKTOPS)),
        "silent for 10 s. The desktop's proxy",
        "HTTPS_PROXY",
        ("proxy", DESKTOPS),
    ),
    Case(
        "desktop-proxy-script",
        made(end=wire(Wire.DNS, "Name or service not known", phase="dns", desktop_proxy=PROXY_BY_SCRIPT)),
        "came about: Name or service not known. The desktop chooses its proxy by a script",
        "HTTPS_PROXY",
    ),
    Case(
        "desktop-proxy-script-timeout",
        made(marks=OPENED, end=wire(Wire.CONNECT_TIMEOUT, after_ms=10_010, phase="connect", desktop_proxy=PROXY_BY_SCRIPT)),
        "silent for 10 s. The desktop chooses its proxy by a script",
        "HTTPS_PROXY",
    ),
    Case(
        "dns-misspelt",
        made(base="https://api.opnai.com/v1", end=wire(Wire.DNS, phase="dns", desktop_proxy=PROXY_BY_SCRIPT)),
        "Was api.openai.com meant?",
        "",
        ("base_url", "https://api.openai.com/v1"),
    ),
    Case(
        "dns-misspelt",
        made(base="https://api.opnai.com/v1", end=wire(Wire.DNS, phase="dns", desktop_proxy=DESKTOPS)),
        "Was api.openai.com meant?",
        "",
        ("base_url", "https://api.openai.com/v1"),
    ),
    Case(
        "proxy-address",
        made(end=wire(Wire.PROXY, phase="prepare", proxy_says="a proxy of the kind gopher:// can't be used, only http")),
        "address can't be used: a proxy of the kind gopher://",
        "HTTPS_PROXY",
        DIRECT,
    ),
    Case(
        "proxy-socks",
        made(end=wire(Wire.PROXY, phase="prepare", proxy="socks://127.0.0.1:1080", proxy_scheme="socks")),
        "names no version of SOCKS",
        "Write socks5://",
        ("proxy", "socks5://127.0.0.1:1080"),
    ),
    Case(
        "proxy-login",
        through("407 Proxy Authentication Required", reason=EndReason.PROXY_LOGIN),
        f"The proxy {HTTP} wants a user name",
        "profile",
        DIRECT,
    ),
    Case(
        "proxy-login-socks",
        through(
            "NO ACCEPTABLE METHODS",
            SOCKS,
            reason=EndReason.SOCKS_LOGIN,
        ),
        f"The proxy {SOCKS} wants a user name",
        "socks5://user:password@",
        DIRECT,
    ),
    Case(
        "proxy-login-socks",
        through("Invalid username/password", SOCKS, reason=EndReason.SOCKS_LOGIN),
        "not the right ones",
        "",
        DIRECT,
    ),
    Case(
        "proxy-unreachable",
        through("Connection refused", phase="connect"),
        f"The proxy {HTTP} can't be reached: Connection refused.",
        "HTTPS_PROXY",
        DIRECT,
    ),
    Case(
        "proxy-unreachable", through("Name or service not known", phase="dns"), "can't be reached: Name or service", "", DIRECT
    ),
    Case("proxy-timeout", silent("connect"), "did not take the connection: it was silent for 10 s.", "", DIRECT),
    Case("proxy-silent", silent("proxy"), "took the connection, but opened none to relay.example", "", DIRECT),
    Case(
        "proxy-without-tls",
        through(
            "it answered b'HTTP/1.1 400'",
            "https://proxy.test:3128",
            reason=EndReason.PROXY_NOT_TLS,
        ),
        "does not speak TLS",
        "Write http://",
        DIRECT,
    ),
    Case(
        "proxy-not-http",
        through("SSH", reason=EndReason.NO_HTTP_LINE),
        "may be a SOCKS proxy",
        "socks5://",
        DIRECT,
    ),
    Case(
        "proxy-no-way",
        through("503 Service Unavailable", reason=EndReason.PROXY_NO_WAY),
        f"The proxy {HTTP} could not reach relay.example on port 443: 503 Service Unavailable.",
        "whether that server runs",
        DIRECT,
    ),
    Case(
        "proxy-no-way",
        through("Connection refused.", SOCKS, reason=EndReason.PROXY_NO_WAY),
        f"The proxy {SOCKS} could not reach relay.example on port 443: Connection refused.",
        "",
        DIRECT,
    ),
    Case(
        "proxy",
        through("403 Forbidden"),
        f"The proxy {HTTP} did not let the connection to relay.example through: 403 Forbidden.",
        "this host and port 443",
        DIRECT,
    ),
    Case(
        "proxy",
        through("Connection not allowed by ruleset.", SOCKS),
        "not allowed by",
        "",
        DIRECT,
    ),
    Case("proxy-page-refuses", forwarded(403, "ERROR: Not retrieved"), f"by way of the proxy {HTTP} (403)", "", DIRECT),
    Case("proxy-page", forwarded(503, "ERROR: Not retrieved"), "can't reach relay.example, or a server", "", DIRECT),
)
