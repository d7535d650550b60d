"""The changes that a rule can offer as a button; each is a function of the facts."""

from __future__ import annotations

from collections.abc import Callable

from app.diagnosis.facts import Facts
from app.diagnosis.model import Action, Change, ProfileChange
from app.protocols.registry import protocol_ids
from app.secrets.names import MASK


def base_url(choose: Callable[[Facts], str]) -> Change:
    """Use another base URL; no button where `choose` has none or the same, or knows it with stars for a key only."""

    def change(f: Facts) -> ProfileChange | None:
        url = choose(f)
        usable = url and url != f.address.typed and MASK not in url
        return ProfileChange("base_url", url, "Use {value}") if usable else None

    return change


def protocol(choose: Callable[[Facts], str]) -> Change:
    """Speak another protocol."""

    def change(f: Facts) -> ProfileChange | None:
        chosen = choose(f)
        usable = chosen in protocol_ids() and chosen != f.protocol
        return ProfileChange("protocol", chosen, "Use {title}") if usable else None

    return change


def protocol_found(f: Facts) -> ProfileChange | None:
    """Speak the protocol that was found, at the address where it was."""
    found = f.other_paths.found
    return ProfileChange("protocol", found.protocol, "Use {title}", found.base_url) if found else None


def auth(style: str) -> Change:
    """Send the key in the other header."""
    label = "Send the key as Bearer" if style == "bearer" else "Send the key as x-api-key"
    return lambda _: ProfileChange("auth", style, label)


def other_auth(f: Facts) -> ProfileChange:
    """Whichever style is not in use."""
    style = "bearer" if f.request.auth == "x-api-key" else "x-api-key"
    change = auth(style)(f)
    assert change is not None
    return change


def model(f: Facts) -> ProfileChange | None:
    """Ask for the model that was probably meant."""
    return ProfileChange("model", f.models.near, "Use {value}") if f.models.near else None


def max_tokens(choose: Callable[[Facts], int]) -> Change:
    """Ask for another number of tokens; no button for less than one."""

    def change(f: Facts) -> ProfileChange | None:
        count = choose(f)
        return ProfileChange("max_tokens", count, "Set max tokens to {value}") if count > 0 else None

    return change


def header(value: Callable[[Facts], str], label: str) -> Change:
    """Set (`NAME=VALUE`) or take out (`NAME=`) an extra header."""
    return lambda f: ProfileChange("headers", value(f), label)


def field(name: str, value: str | int | float | bool, label: str) -> Change:
    """Set a field to a fixed value."""
    return lambda _: ProfileChange(name, value, label)


def longer(limit: str) -> Change:
    """Double a time limit."""
    return lambda f: ProfileChange(f"limits.{limit}", f.end.longer_s, "Wait up to {value:g} s")


ASK_KEY = ProfileChange("key", "", "Enter the key…")
_RUN_AGAIN = ProfileChange("run", "", "Run again")
OF_ACTION = {
    Action.CHOOSE_MODEL: ProfileChange("models", "", "Choose a model…"),
    Action.EDIT_ENDPOINT: ProfileChange("edit", "", "Edit the endpoint…"),
    Action.RUN_AGAIN: _RUN_AGAIN,
    Action.RUN_LATER: _RUN_AGAIN,
    Action.ENTER_KEY: ASK_KEY,
}
"""The button of each action; `key`, `models`, `edit` and `run` change no field by themselves."""


def ask_key(_: Facts) -> ProfileChange:
    """Have the user enter the key."""
    return ASK_KEY


def stream(f: Facts) -> ProfileChange | None:
    """Stream the answer, where that was not asked for."""
    return ProfileChange("stream", True, "Stream the answer") if f.request.could_stream else None


def no_stream(f: Facts) -> ProfileChange | None:
    """Ask for the answer in one piece, where a stream was asked for."""
    return ProfileChange("stream", False, "Ask without streaming") if f.request.streams else None


def desktop_proxy(f: Facts) -> ProfileChange:
    """Go through the proxy that the desktop has set."""
    return ProfileChange("proxy", f.end.detail.desktop_proxy, "Use {value}")


no_proxy = field("proxy", "none", "Connect without a proxy")


def socks5(f: Facts) -> ProfileChange | None:
    """Take the same proxy as one of SOCKS 5; without it where its address has a login, which is not known here."""
    address = f.end.detail.proxy.partition("://")[2]
    return ProfileChange("proxy", f"socks5://{address}", "Use {value}") if address else no_proxy(f)
