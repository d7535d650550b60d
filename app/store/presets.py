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
    places = (("official", "official", "local"), ("relay", relay, relay_label))
    return tuple(_demo_profile(root_url, *place, about) for about in _demo_spoken() for place in places)


def demo_called(name: str) -> str:
    """The uid of the demo's profile of that name, in English or in the language of now; "" where there is none."""
    return next((uid for uid, one in _demo_phrases().items() if name in (one, one.said)), "")


def demo_names(uid: str) -> tuple[str, ...]:
    """What the demo's endpoint of that uid is called in each language, in that of now first; empty where there is none."""
    return _demo_names(protocol_ids(), translator()).get(uid, ())


def demo_named(name: str, base_url: str) -> str:
    """The uid of the demo's endpoint that a run of before names, in any language, at this machine; "" for any other."""
    if not base_url.startswith("http://127.0.0.1:"):
        return ""
    return next((uid for uid, names in _demo_names(protocol_ids(), translator()).items() if name in names), "")


@lru_cache(maxsize=2)  # a list of the history asks for each side of each run
def _demo_names(_spoken: tuple[str, ...], _said_by: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """What `demo_names` gives, by uid."""
    phrases = _demo_phrases()
    names = {uid: [one.said] for uid, one in phrases.items()}
    for code in LANGUAGES:
        with suppress(OSError), speaking(code):
            for uid, one in phrases.items():
                names[uid].append(one.said)
    return {uid: tuple(dict.fromkeys(several)) for uid, several in names.items()}


def _demo_phrases() -> dict[str, Phrase]:
    """The names of all of the demo's endpoints, by uid."""
    return {_demo_uid(role, about.id): _demo_name(role, about) for about in _demo_spoken() for role in ("official", "relay")}


def _demo_spoken() -> list[ProtocolInfo]:
    """The protocols that the demo speaks."""
    return [about for one in protocol_ids() if (about := info(one)).demo_model]


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
