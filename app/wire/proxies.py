"""Which proxy an exchange goes through, from its setting or the environment."""

from __future__ import annotations

import urllib.request
from typing import NamedTuple
from urllib.parse import unquote

import httpcore
import httpx

from app.recording import end_words
from app.recording.end_words import PROXY_SCHEMES
from app.recording.records import EndDetail
from app.recording.records import WireErrorCode as Code
from app.secrets.loopback import is_this_machine
from app.secrets.names import url_secrets
from app.wire.errors import WireError


class ProxyChoice(NamedTuple):
    """A proxy. `shown` is its URL without credentials; `secrets` must not appear in any message."""

    url: httpx.URL
    shown: str
    secrets: tuple[str, ...]

    @property
    def secure(self) -> bool:
        """Whether the connection to the proxy itself uses TLS."""
        return self.url.scheme == "https"

    def tunnels(self, target: httpx.URL) -> bool:
        """Whether the request needs a tunnel; an HTTP proxy forwards http:// without one."""
        return target.scheme == "https" or self.url.scheme.startswith("socks")


def choose_proxy(setting: str, target: httpx.URL) -> ProxyChoice | None:
    """The proxy for a target: `setting` as in `app.wire.commands.Network`. Raises WireError for one that can't be used."""
    if setting == "none":
        return None
    text = setting or _from_environment(target)
    return _parse(text) if text else None


def _from_environment(target: httpx.URL) -> str:
    """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; never for this machine itself, as in Go and in browsers."""
    proxies = urllib.request.getproxies_environment()
    if is_this_machine(target.host) or is_bypassed(target.host, proxies):
        return ""
    return proxies.get(target.scheme) or proxies.get("all") or ""


def lacks_proxy(setting: str, target: httpx.URL) -> bool:
    """Whether none was named for a target that is not this machine: neither by the setting nor, even to leave it out, by the
    environment."""
    proxies = urllib.request.getproxies_environment()
    named = setting or proxies.get(target.scheme) or proxies.get("all")
    return not named and not is_this_machine(target.host)


def is_bypassed(host: str, proxies: dict[str, str]) -> bool:
    """Whether the host is among those that need none: `proxies["no"]`, as NO_PROXY names them."""
    # WORKAROUND: typeshed (of mypy 2.4.1) leaves it out; urllib's own opener uses it.
    return bool(urllib.request.proxy_bypass_environment(host, proxies))  # type: ignore[attr-defined]


def _parse(text: str) -> ProxyChoice:
    try:
        url = httpx.URL(text if "://" in text else f"http://{text}")
    except httpx.InvalidURL as error:
        raise WireError(Code.PROXY, end_words.NO_PROXY_URL) from error
    if not url.host:
        raise WireError(Code.PROXY, end_words.NO_PROXY_URL)
    port = f":{url.port}" if url.port else ""
    host = f"[{url.host}]" if ":" in url.host else url.host
    shown = f"{url.scheme}://{host}{port}"
    if url.scheme not in PROXY_SCHEMES:
        detail = EndDetail(proxy="" if url.userinfo else shown, proxy_scheme=url.scheme)
        raise WireError(Code.PROXY, end_words.NOT_A_KIND.format(kind=url.scheme, usable=", ".join(PROXY_SCHEMES)), detail)
    return ProxyChoice(url, shown, url_secrets(text))


def to_httpcore(proxy: ProxyChoice, context: object) -> httpcore.Proxy:
    """The proxy as httpcore takes it; `context` is the TLS context for the connection to the proxy itself."""
    url = proxy.url
    auth = (unquote(url.username), unquote(url.password)) if url.username else None
    address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/")
    return httpcore.Proxy(address, auth, ssl_context=context if proxy.secure else None)  # type: ignore[arg-type]
