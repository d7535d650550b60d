"""Rules for the proxy of the profile or the environment: not there, not let through, or answering in the endpoint's place."""

from __future__ import annotations

from app.diagnosis import changes
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.wording import PAGE_TITLE, WAITED
from app.recording.records import PROXY_BY_SCRIPT, EndReason
from app.recording.records import WireErrorCode as Wire


def _failed(f: Facts) -> bool:
    return f.end.code == Wire.PROXY


def _silent(f: Facts, *phases: str) -> bool:
    return f.end.code == Wire.CONNECT_TIMEOUT and bool(f.end.proxy) and f.end.phase in phases


def _desktop_proxy(f: Facts) -> str:
    """The desktop's proxy or `PROXY_BY_SCRIPT`, which may be what is missing; "" for none, and for a name that looks misspelt,
    which is so through any proxy.
    """
    return "" if f.end.code == Wire.DNS and f.address.near_host else f.end.detail.desktop_proxy


def _not_taken(f: Facts) -> bool:
    return _desktop_proxy(f) not in ("", PROXY_BY_SCRIPT)


def _by_script(f: Facts) -> bool:
    return _desktop_proxy(f) == PROXY_BY_SCRIPT


def _brought_page(f: Facts) -> bool:
    """A page by way of a proxy that forwards: whether it is the proxy's own can't be told from its status."""
    return bool(f.body.page) and f.end.proxy.startswith("http") and f.address.is_http


_NOT_TAKEN = (
    "The desktop's proxy {desktop_proxy} was not used: Diptych takes the profile's or the environment's (HTTPS_PROXY,"
    " ALL_PROXY), and neither names one."
)
_TAKE_IT = (
    "Use it for this endpoint, or set HTTPS_PROXY before Diptych is started. Or check the host, the port and the network."
)
_SCRIPT = "The desktop chooses its proxy by a script (PAC), which Diptych does not read, so that none was used."
_ASK_SCRIPT = (
    "If other programs reach this host, see which proxy the script names for it, and write that into the profile, or set"
    " HTTPS_PROXY before Diptych is started."
)

PROXY = (
    Rule("proxy-socks", lambda f: _failed(f) and f.end.detail.proxy_scheme == "socks",
        "The proxy's address begins with socks://, which names no version of SOCKS. Diptych does not guess one, and the"
        " vendors' SDKs for Python refuse it, too.",
        "Write socks5:// in its place, which most of these proxies speak: in the profile, or in the environment (ALL_PROXY,"
        " HTTPS_PROXY). Or connect without the proxy.",
        changes.socks5),
    Rule("proxy-address", lambda f: _failed(f) and f.end.phase == "prepare",
        "The proxy's address can't be used: {proxy_says}.",
        "Correct it in the profile or in the environment (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
    Rule("proxy-login", lambda f: _failed(f) and f.end.detail.reason == EndReason.PROXY_LOGIN,
        "The proxy {proxy} wants a user name and a password (407): none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (http://user:password@host:port), or connect without the proxy.",
        changes.no_proxy),
    Rule("proxy-login-socks", lambda f: _failed(f) and f.end.detail.reason == EndReason.SOCKS_LOGIN,
        "The proxy {proxy} wants a user name and a password: none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (socks5://user:password@host:port), or connect without the proxy.",
        changes.no_proxy),
    Rule("proxy-unreachable", lambda f: _failed(f) and f.end.phase in ("dns", "connect"),
        "The proxy {proxy} can't be reached: {proxy_says}.",
        "Start it, or correct its address in the profile or the environment (HTTPS_PROXY, ALL_PROXY); or connect without it.",
        changes.no_proxy),
    Rule("proxy-timeout", lambda f: _silent(f, "dns", "connect"),
        "The proxy {proxy} did not take the connection: it was silent " + WAITED + ".",
        "Check its address in the profile or in the environment (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
    Rule("proxy-silent", lambda f: _silent(f, "proxy"),
        "The proxy {proxy} took the connection, but opened none to {host:or the endpoint}: it was silent " + WAITED + ".",
        "Check what the proxy speaks (http:// or socks5://) and on which port. A proxy is silent, too, while the host behind"
        " it does not answer.",
        changes.no_proxy),
    Rule("proxy-without-tls", lambda f: _failed(f) and f.end.detail.reason == EndReason.PROXY_NOT_TLS,
        "The proxy {proxy} does not speak TLS, though its address begins with https://.",
        "Write http:// in the proxy's address: what goes to an https:// endpoint is encrypted all the same.",
        changes.no_proxy),
    Rule("proxy-not-http", lambda f: _failed(f) and f.end.detail.reason in (EndReason.NO_HTTP_LINE, EndReason.BAD_HTTP_LINE),
        "The proxy {proxy} does not answer in HTTP; it may be a SOCKS proxy.",
        "Check its port, and write socks5:// in its address if it is one.",
        changes.no_proxy),
    Rule("proxy-no-way", lambda f: _failed(f) and f.end.detail.reason == EndReason.PROXY_NO_WAY,
        "The proxy {proxy} could not reach {host:or the endpoint} on port {port}: {proxy_says}.",
        "Check the host and the port in the base URL, and whether that server runs. The proxy may also not know the name or"
        " have no way there: then connect without it.",
        changes.no_proxy),
    Rule("proxy", _failed,
        "The proxy {proxy} did not let the connection to {host:or the endpoint} through: {proxy_says}.",
        "Its operator may have to allow this host and port {port}. Check the proxy in the profile or in the environment"
        " (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
)  # fmt: skip

DESKTOP = (
    Rule("desktop-proxy-timeout", lambda f: _not_taken(f) and f.end.code == Wire.CONNECT_TIMEOUT,
        "No connection to {host:or the endpoint} came about: it was silent " + WAITED + ". " + _NOT_TAKEN,
        _TAKE_IT,
        changes.desktop_proxy),
    Rule("desktop-proxy", _not_taken,
        "No connection to {host:or the endpoint} came about: {wire_message}. " + _NOT_TAKEN,
        _TAKE_IT,
        changes.desktop_proxy),
    Rule("desktop-proxy-script-timeout", lambda f: _by_script(f) and f.end.code == Wire.CONNECT_TIMEOUT,
        "No connection to {host:or the endpoint} came about: it was silent " + WAITED + ". " + _SCRIPT,
        _ASK_SCRIPT),
    Rule("desktop-proxy-script", _by_script,
        "No connection to {host:or the endpoint} came about: {wire_message}. " + _SCRIPT,
        _ASK_SCRIPT),
)  # fmt: skip

FORWARDED = (
    Rule("proxy-page-refuses", lambda f: _brought_page(f) and f.status == 403,
        "A page " + PAGE_TITLE + " came by way of the proxy {proxy} (403): the proxy refuses the request to"
        " {host:or the endpoint}, or a server behind it does.",
        "Connect without the proxy to see which; the proxy's log tells too.",
        changes.no_proxy),
    Rule("proxy-page", lambda f: _brought_page(f) and f.status in (500, 502, 503, 504),
        "An error page " + PAGE_TITLE + " came by way of the proxy {proxy} (status {status}): the proxy can't reach"
        " {host:or the endpoint}, or a server behind it failed.",
        "Check the host and the port in the base URL, and whether that server runs. Connect without the proxy to see whose"
        " page it is.",
        changes.no_proxy),
)  # fmt: skip
