"""What to say of a base URL while it is typed, each with the address that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.diagnosis import key_shape
from app.diagnosis.address import Address
from app.protocols.base import Ask, Target, UserTurn
from app.protocols.ids import MESSAGES
from app.protocols.registry import info, protocol, title
from app.secrets.loopback import is_this_machine
from app.secrets.names import has_path_key, secret_places, shown_url, without_login
from app.text.sentences import tr
from app.text.urls import split_url


@dataclass(frozen=True)
class Advice:
    """A sentence on a base URL. `fix` is the address to take instead, `to_protocol` the protocol; "" where there is none.

    `role` is a colour of the theme: "bad" cannot work, "warn" may not, "muted" is for information.
    """

    sentence: str
    fix: str = ""
    to_protocol: str = ""
    role: str = "warn"

    @property
    def button(self) -> str:
        """The fix in words, for a button; "" where there is none."""
        if self.to_protocol:
            return tr("Use {value}", value=title(self.to_protocol))
        return tr("Use {value}", value=shown_url(self.fix)) if self.fix else ""


def exact_url(base_url: str, protocol_id: str) -> str:
    """The address that is asked, "" where there is no base URL or nothing can be made of it."""
    if not base_url.strip():
        return ""
    try:
        return protocol(protocol_id).build(Ask("model", (UserTurn("Hi"),)), Target(base_url)).url
    except (KeyError, ValueError):  # an unknown protocol; an address that no URL parser takes
        return ""


def looks_like_key(text: str) -> bool:
    """Whether a key was put where an address belongs."""
    bare = text.strip()
    return len(bare) >= 16 and key_shape(bare) not in ("", "other") and re.search(r"[/\s:.]", bare) is None


def is_plain_text(base_url: str) -> bool:
    """Whether a key sent there travels unencrypted over a network: http:// to another machine."""
    address = Address(base_url, "", MESSAGES)
    return address.is_http and bool(address.host) and not is_this_machine(address.host)


def advise(base_url: str, protocol_id: str) -> list[Advice]:
    """All that can be said without asking anyone; [] for an empty or a plain address."""
    address = Address(base_url, exact_url(base_url, protocol_id), protocol_id)
    if not address.base:
        return []
    malformed = next(_malformed(address), None)
    return [malformed] if malformed else [*_path(address), *_host(address)]


def _malformed(a: Address) -> Iterator[Advice]:
    """What no request can be made of; what is found first hides the rest."""
    if a.has_wide_characters or a.has_spaces:
        yield Advice(tr("It holds spaces or full-width characters."), a.cleaned, role="bad")
    if a.lacks_scheme:
        yield Advice(tr("It lacks {scheme}:// in front.", scheme=a.with_scheme.partition("://")[0]), a.with_scheme, role="bad")
    if a.wrong_scheme:
        yield Advice(
            tr("{wrong_scheme}:// is not spoken here, only https:// and http://.", wrong_scheme=a.wrong_scheme),
            a.with_web_scheme,
            role="bad",
        )
    if not a.host or not a.port:
        yield Advice(tr("It names no host that can be asked."), role="bad")
    if a.parts.query or a.parts.fragment:
        bare = a.base.partition("?")[0].partition("#")[0]
        said = tr("What follows a ? or # does not belong in a base URL.")
        if any(place.what == "parameter" for place in secret_places(a.base)):
            said = tr("A key stands in it, which would be readable in profiles.toml: set it as the key below.")
        yield Advice(said, bare)


def _path(a: Address) -> Iterator[Advice]:
    if a.pasted:
        if a.pasted_protocol not in ("", a.protocol):
            yield Advice(
                tr("{pasted} is the path of {pasted_protocol}.", pasted=a.pasted, pasted_protocol=title(a.pasted_protocol)),
                to_protocol=a.pasted_protocol,
            )
        yield Advice(tr("It goes on to {pasted}, which is added by itself.", pasted=a.pasted), a.without_endpoint)
    elif a.doubles_v1:
        yield Advice(tr("/v1 would be asked twice."), a.without_v1)
    elif info(a.protocol).version_in_base_url and not a.has_version:
        yield Advice(tr("Most endpoints of {protocol} need /v1 at the end.", protocol=title(a.protocol)), a.with_v1)


def _host(a: Address) -> Iterator[Advice]:
    if a.near_host:
        yield Advice(tr("Is {near_host} meant?", near_host=a.near_host), a.with_near_host)
    if a.speaks and a.protocol not in a.speaks and not a.pasted_protocol:
        only = [title(one) for one in a.speaks]
        yield Advice(tr("{vendor} speaks {only:list} there.", vendor=a.vendor, only=only), to_protocol=a.speaks[0])
    if split_url(a.base).username or split_url(a.base).password:
        yield Advice(
            tr("It holds a user name or password, which would stand readable in profiles.toml."), without_login(a.base)
        )
    if has_path_key(a.base):
        yield Advice(tr("A part of its path looks like a key, which would stand readable in profiles.toml."))
    if is_plain_text(a.base):
        yield Advice(tr("http:// sends the key and every word unencrypted to another machine."), a.https, role="bad")
