"""Whether a key would travel unencrypted to another machine: asked of the user first, whatever the way it is sent."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from app.secrets.key_text import holds_key
from app.secrets.loopback import is_this_machine
from app.secrets.names import url_secrets
from app.store.profiles import Profile


def plain_text_host(profile: Profile, key: str) -> str:
    """The machine that would get a key of the profile in plain text, its proxy being one too; "" where none would."""
    address = _split(profile.base_url)
    if address.scheme != "http" or not _sends_secret(profile, key):
        return ""
    if not is_this_machine(address.hostname or ""):
        return address.hostname or ""
    proxy = profile.proxy.strip()
    if proxy in ("", "none"):  # the environment's is never asked for this machine itself
        return ""
    through = _split(proxy if "://" in proxy else f"http://{proxy}")
    return "" if is_this_machine(through.hostname or "") else through.hostname or ""


def _sends_secret(profile: Profile, key: str) -> bool:
    return bool(key or any(holds_key(*header) for header in profile.headers) or url_secrets(profile.base_url))


def _split(url: str) -> SplitResult:
    """As it will be asked: without blanks, which are taken out of addresses."""
    try:
        parts = urlsplit("".join(url.split()))
        return parts if parts.hostname else SplitResult("", "", "", "", "")
    except ValueError:  # no address at all: nothing will be sent
        return SplitResult("", "", "", "", "")
