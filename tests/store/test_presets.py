"""The presets and the demo's profiles: usable as they are, addresses in the form of each protocol's SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.protocols.base import join_url
from app.store.presets import demo_profiles, is_demo, load_presets, profile_of
from app.store.profiles import ProfileError, ProfileStore, fault_of
from app.text.translation import translate_with

RELAYS = {
    "https://api.apibox.cc": {"anthropic-messages"},
    "https://api.apibox.cc/v1": {"openai-chat", "openai-responses"},
    "https://gw.claudeapi.com/v1": {"openai-chat"},
    "https://aiprimetech.io": {"anthropic-messages"},
    "https://api.anthropic.com": {"anthropic-messages"},
    "https://api.openai.com/v1": {"openai-chat", "openai-responses"},
}


def test_presets_are_usable_profiles() -> None:
    presets = load_presets()
    assert all(not fault_of(profile_of(preset)) for preset in presets)
    assert len({preset.name for preset in presets}) == len(presets)
    assert profile_of(presets[0], "mine").name == "mine"


def test_addresses_have_the_form_of_the_sdk() -> None:
    for preset in load_presets():
        assert (
            preset.base_url.endswith(("/v1", "/v1beta/openai")) is (preset.protocol != "anthropic-messages")
            or not preset.base_url
        ), preset.name
        assert (preset.auth == "bearer") or preset.protocol == "anthropic-messages"


def test_the_relays_of_the_field_are_there() -> None:
    presets = load_presets()
    for url, protocols in RELAYS.items():
        assert {p.protocol for p in presets if p.base_url == url} == protocols
    assert [p.base_url for p in presets if p.name == "4sapi"] == [""]
    titles = " ".join(p.name for p in presets)
    assert all(name in titles for name in ("OpenRouter", "LiteLLM", "vLLM", "Ollama", "LM Studio", "llama.cpp", "Custom"))


def test_demo_profiles() -> None:
    profiles = demo_profiles("http://127.0.0.1:1234/")
    assert [p.name for p in profiles] == [
        "Demo official",
        "Demo relay",
        "Demo official (Chat)",
        "Demo relay (Chat)",
        "Demo official (Responses)",
        "Demo relay (Responses)",
    ]
    assert join_url(profiles[0].base_url, "v1/messages") == "http://127.0.0.1:1234/official/v1/messages"
    assert join_url(profiles[3].base_url, "chat/completions") == "http://127.0.0.1:1234/relay/v1/chat/completions"
    assert all(not fault_of(p) and is_demo(p) and not p.needs_key for p in profiles)
    assert [p.uid for p in profiles] == [p.uid for p in demo_profiles("http://127.0.0.1:9")]


def test_demo_profiles_are_made_once_for_a_language() -> None:
    english = demo_profiles("http://127.0.0.1:1")
    assert demo_profiles("http://127.0.0.1:1") is english
    translate_with(lambda template: f"<{template}>")
    try:
        assert [one.name for one in demo_profiles("http://127.0.0.1:1")][:1] == ["<Demo official>"]
    finally:
        translate_with(None)
    assert demo_profiles("http://127.0.0.1:1") == english


def test_demo_profiles_are_never_written(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    with pytest.raises(ProfileError, match="demo"):
        store.save(demo_profiles("http://127.0.0.1:1")[0])
    assert not store.path.exists()
