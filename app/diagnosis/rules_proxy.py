"""Rules for the proxy of the profile or the environment: not there, not let through, or answering in the endpoint's place."""

from __future__ import annotations

from app.diagnosis import changes
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.recording.records import EndReason
from app.recording.records import WireErrorCode as Wire


def _failed(f: Facts) -> bool:
    return f.code == Wire.PROXY


def _silent(f: Facts, *phases: str) -> bool:
    return f.code == Wire.CONNECT_TIMEOUT and bool(f.proxy) and f.phase in phases


def _brought_page(f: Facts) -> bool:
    """A page by way of a proxy that forwards: whether it is the proxy's own can't be told from its status."""
    return bool(f.page) and f.proxy.startswith("http") and f.address.is_http


PROXY = (
    Rule("proxy-address", lambda f: _failed(f) and f.phase == "prepare",
        "The proxy's address can't be used: {f.end.proxy_says}.",
        "Correct it in the profile or in the environment (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
    Rule("proxy-login", lambda f: _failed(f) and f.end.reason == EndReason.PROXY_LOGIN,
        "The proxy {f.proxy} wants a user name and a password (407): none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (http://user:password@host:port), or connect without the proxy.",
        changes.no_proxy),
    Rule("proxy-login-socks", lambda f: _failed(f) and f.end.reason == EndReason.SOCKS_LOGIN,
        "The proxy {f.proxy} wants a user name and a password: none came with the request, or not the right ones.",
        "Put them into the profile's proxy address (socks5://user:password@host:port), or connect without the proxy.",
        changes.no_proxy),
    Rule("proxy-unreachable", lambda f: _failed(f) and f.phase in ("dns", "connect"),
        "The proxy {f.proxy} can't be reached: {f.end.proxy_says}.",
        "Start it, or correct its address in the profile or the environment (HTTPS_PROXY, ALL_PROXY); or connect without it.",
        changes.no_proxy),
    Rule("proxy-timeout", lambda f: _silent(f, "dns", "connect"),
        "The proxy {f.proxy} did not take the connection: it was silent {f.waited}.",
        "Check its address in the profile or in the environment (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
    Rule("proxy-silent", lambda f: _silent(f, "proxy"),
        "The proxy {f.proxy} took the connection, but opened none to {f.host}: it was silent {f.waited}.",
        "Check what the proxy speaks (http:// or socks5://) and on which port. A proxy is silent, too, while the host behind it"
        " does not answer.",
        changes.no_proxy),
    Rule("proxy-without-tls", lambda f: _failed(f) and f.end.reason == EndReason.PROXY_NOT_TLS,
        "The proxy {f.proxy} does not speak TLS, though its address begins with https://.",
        "Write http:// in the proxy's address: what goes to an https:// endpoint is encrypted all the same.",
        changes.no_proxy),
    Rule("proxy-not-http", lambda f: _failed(f) and f.end.reason in (EndReason.NO_HTTP_LINE, EndReason.BAD_HTTP_LINE),
        "The proxy {f.proxy} does not answer in HTTP; it may be a SOCKS proxy.",
        "Check its port, and write socks5:// in its address if it is one.",
        changes.no_proxy),
    Rule("proxy-no-way", lambda f: _failed(f) and f.end.reason == EndReason.PROXY_NO_WAY,
        "The proxy {f.proxy} could not reach {f.host} on port {f.address.port}: {f.end.proxy_says}.",
        "Check the host and the port in the base URL, and whether that server runs. The proxy may also not know the name or"
        " have no way there: then connect without it.",
        changes.no_proxy),
    Rule("proxy", _failed,
        "The proxy {f.proxy} did not let the connection to {f.host} through: {f.end.proxy_says}.",
        "Its operator may have to allow this host and port {f.address.port}. Check the proxy in the profile or in the"
        " environment (HTTPS_PROXY, ALL_PROXY), or connect without it.",
        changes.no_proxy),
)  # fmt: skip

FORWARDED = (
    Rule("proxy-page-refuses", lambda f: _brought_page(f) and f.status == 403,
        "A page {f.title} came by way of the proxy {f.proxy} (403): the proxy refuses the request to {f.host}, or a server"
        " behind it does.",
        "Connect without the proxy to see which; the proxy's log tells too.",
        changes.no_proxy),
    Rule("proxy-page", lambda f: _brought_page(f) and f.status in (500, 502, 503, 504),
        "An error page {f.title} came by way of the proxy {f.proxy} (status {f.status}): the proxy can't reach {f.host}, or a"
        " server behind it failed.",
        "Check the host and the port in the base URL, and whether that server runs. Connect without the proxy to see whose page"
        " it is.",
        changes.no_proxy),
)  # fmt: skip
