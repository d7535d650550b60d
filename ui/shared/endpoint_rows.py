"""Endpoints as rows of a list: name and label, below them protocol, host and the state of the key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.diagnosis.address import Address
from app.protocols.registry import info
from app.store.presets import is_demo
from app.store.profiles import label_words
from app.text.sentences import message, tr
from ui.shared.picker import PickRow

if TYPE_CHECKING:
    from app.store.profiles import Profile

DEMO = message("Demo endpoints, on this machine")
_NO_DOT = ("not needed", "unknown", "unavailable")


def host_of(profile: Profile) -> str:
    """Where an endpoint is, for people."""
    if is_demo(profile):
        return tr("this machine")
    address = Address(profile.base_url, "", profile.protocol)
    port = f":{address.port}" if address.names_port and address.port else ""
    return f"{address.host}{port}" if address.host else tr("no address yet")


def endpoint_rows(profiles: Sequence[Profile], key_kind: Callable[[Profile], str]) -> list[PickRow]:
    """The rows: one's own endpoints, then those of the demo."""
    own = [_row(one, key_kind(one)) for one in profiles if not is_demo(one)]
    demo = [_row(one, "") for one in profiles if is_demo(one)]
    return [*own, *([PickRow(tr(DEMO)), *demo] if demo else [])]


def _row(profile: Profile, kind: str) -> PickRow:
    dot = "" if kind in _NO_DOT else kind
    label = label_words(profile.label) if not (is_demo(profile) and profile.label == "local") else ""
    detail = f"{info(profile.protocol).short_title} · {host_of(profile)}"
    return PickRow(profile.name, detail, profile.uid, label, dot, found_by=profile.model)
