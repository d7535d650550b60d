"""Profiles to begin with: the presets of `resources/presets.toml`, and the demo's, whose port is known at run time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

import msgspec

from app.protocols.info import ProtocolInfo
from app.protocols.registry import info, protocol_ids
from app.store.profiles import DEMO_PREFIX, Profile
from app.text.languages import LANGUAGES, speaking
from app.text.sentences import Phrase, message
from app.text.translation import translator


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A profile to begin with. `note` says what is not certain about it; `official`: it is the maker's own endpoint."""

    name: str
    protocol: str
    base_url: str
    auth: str
    model: str = ""
    note: str = ""
    label: str = ""
    needs_key: bool = True
    official: bool = False


class _PresetFile(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    presets: list[Preset]


def load_presets() -> list[Preset]:
    """The presets, in the order in which they are offered."""
    import tomllib
    from importlib.resources import files

    text = files("resources").joinpath("presets.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _PresetFile).presets


def profile_of(preset: Preset, name: str = "") -> Profile:
    """A new profile made from a preset; `name` where the preset's is taken."""
    return Profile(
        name=name or preset.name,
        protocol=preset.protocol,
        base_url=preset.base_url,
        auth=preset.auth,
        model=preset.model,
        label=preset.label,
        needs_key=preset.needs_key,
    )


def demo_profiles(root_url: str, relay: str = "relay", relay_label: str = "local") -> tuple[Profile, ...]:
    """The demo endpoints under `root_url` (`http://127.0.0.1:PORT`): official and relay, once a protocol, Messages first.

    `relay` is the path of the relay, which behaves in one way or another, `relay_label` a word on that.
    They are never saved, since the port is another one at each start; their uids stay the same (`demo-official-openai-chat`).
    """
    return _demo_profiles(root_url, relay, relay_label, translator())


@lru_cache(maxsize=2)  # a page asks for them with each that it looks up
def _demo_profiles(root_url: str, relay: str, relay_label: str, _said_by: Callable[[str], str]) -> tuple[Profile, ...]:
    spoken = [about for one in protocol_ids() if (about := info(one)).demo_model]
    places = (("official", "official", "local"), ("relay", relay, relay_label))
    return tuple(_demo_profile(root_url, *place, about) for about in spoken for place in places)


def demo_called(name: str) -> str:
    """The uid of the demo's profile of that name, in English or in the language of now; "" where there is none."""
    spoken = [about for one in protocol_ids() if (about := info(one)).demo_model]
    named = {(role, about.id): _demo_name(role, about) for about in spoken for role in ("official", "relay")}
    return next((_demo_uid(*place) for place, one in named.items() if name in (one, one.said)), "")


def demo_names(uid: str) -> tuple[str, ...]:
    """What the demo's endpoint of that uid is called in each language, in that of now first; empty where there is none."""
    spoken = [about for one in protocol_ids() if (about := info(one)).demo_model]
    roles = ("official", "relay")
    found = next((_demo_name(role, about) for about in spoken for role in roles if _demo_uid(role, about.id) == uid), None)
    if found is None:
        return ()
    names = [found.said]
    for code in LANGUAGES:
        with suppress(OSError), speaking(code):
            names.append(found.said)
    return tuple(dict.fromkeys(names))


def demo_named(name: str, base_url: str) -> str:
    """The uid of the demo's endpoint that a run of before names, in any language, at this machine; "" for any other."""
    if not base_url.startswith("http://127.0.0.1:"):
        return ""
    spoken = [about for one in protocol_ids() if (about := info(one)).demo_model]
    uids = (_demo_uid(role, about.id) for about in spoken for role in ("official", "relay"))
    return next((uid for uid in uids if name in demo_names(uid)), "")


def is_demo_relay(profile: Profile) -> bool:
    """Whether it is one of the demo's relays."""
    return profile.uid.startswith(f"{DEMO_PREFIX}relay")


def is_demo(profile: Profile) -> bool:
    """Whether it is one of `demo_profiles`."""
    return profile.uid.startswith(DEMO_PREFIX)


def _demo_name(role: str, about: ProtocolInfo) -> Phrase:
    if role == "official":
        return Phrase(message("Demo official{suffix}"), suffix=about.demo_suffix)
    return Phrase(message("Demo relay{suffix}"), suffix=about.demo_suffix)


def _demo_uid(role: str, protocol_id: str) -> str:
    return f"{DEMO_PREFIX}{role}-{protocol_id}"


def _demo_profile(root_url: str, role: str, path: str, label: str, about: ProtocolInfo) -> Profile:
    return Profile(
        name=_demo_name(role, about).said,
        protocol=about.id,
        base_url=f"{root_url.rstrip('/')}/{path}{'/v1' if about.version_in_base_url else ''}",
        model=about.demo_model,
        auth=about.default_auth,
        label=label,
        http2=False,
        proxy="none",
        needs_key=False,
        uid=_demo_uid(role, about.id),
    )
