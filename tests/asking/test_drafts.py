"""Profiles as they are on screen: what is saved, what is not yet, and new ones."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.asking.drafts import Drafts, taken_over, with_pasted
from app.formats.curl import read_curl
from app.store.presets import demo_profiles, load_presets
from app.store.profiles import Profile, ProfileStore


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    made = ProfileStore(tmp_path / "profiles.toml")
    for name in ("One", "Two", "Three"):
        made.save(Profile(name, base_url="https://h", uid=name.lower()))
    return made


def renamed(profile: Profile, name: str) -> Profile:
    return msgspec.structs.replace(profile, name=name)


def names(drafts: Drafts) -> list[str]:
    return [one.name for one in drafts.profiles]


def test_a_change_is_a_draft_until_it_is_saved(store: ProfileStore) -> None:
    drafts = Drafts(store)
    changed = renamed(store.profiles[1], "Zwei")
    drafts.put(changed)
    assert names(drafts) == ["One", "Zwei", "Three"]
    assert (drafts.unsaved, drafts.is_unsaved("two"), drafts.get("two")) == ([changed], True, changed)
    assert drafts.saved("two") == store.profiles[1]
    assert ProfileStore(store.path).load()[1].name == "Two"
    drafts.save("two")
    assert drafts.unsaved == []
    assert ProfileStore(store.path).load()[1].name == "Zwei"


def test_what_is_as_in_the_file_is_no_draft(store: ProfileStore) -> None:
    drafts = Drafts(store)
    before = store.profiles[0]
    drafts.put(renamed(before, "Other"))
    drafts.put(before)
    assert drafts.unsaved == []
    assert not drafts.is_unsaved("one")


def test_a_change_can_be_taken_back(store: ProfileStore) -> None:
    drafts = Drafts(store)
    drafts.put(renamed(store.profiles[0], "Other"))
    drafts.revert("one")
    assert names(drafts) == ["One", "Two", "Three"]
    new = drafts.add_copy(store.profiles[0])
    assert names(drafts) == ["One", "Two", "Three", "One copy"]
    assert new.uid not in ("one", "two", "three")
    drafts.revert(new.uid)
    assert drafts.get(new.uid) is None


def test_a_removed_one_is_gone_from_the_file_too(store: ProfileStore) -> None:
    drafts = Drafts(store)
    drafts.put(renamed(store.profiles[0], "Other"))
    drafts.remove("one")
    new = drafts.add_url("https://api.openai.com/v1")
    drafts.remove(new.uid)
    assert names(drafts) == ["Two", "Three"]
    assert [one.name for one in ProfileStore(store.path).load()] == ["Two", "Three"]


def test_the_order_is_written(store: ProfileStore) -> None:
    drafts = Drafts(store)
    assert drafts.move("three", -1)
    assert not drafts.move("one", -1)
    assert not drafts.move("two", 1)
    assert not drafts.move(drafts.add_url("https://x").uid, -1)
    assert [one.name for one in ProfileStore(store.path).load()] == ["One", "Three", "Two"]


def test_why_one_cannot_be_saved(store: ProfileStore) -> None:
    drafts = Drafts(store)
    drafts.put(renamed(store.profiles[0], "two"))
    assert drafts.fault("one") == "there is another endpoint called “two”"
    drafts.put(renamed(store.profiles[0], " "))
    assert drafts.fault("one") == "it has no name"
    assert (drafts.fault("three"), drafts.fault("nobody")) == ("", "")


def test_a_demo_is_never_a_draft(store: ProfileStore) -> None:
    with pytest.raises(AssertionError):
        Drafts(store).put(demo_profiles("http://127.0.0.1:1")[0])


def test_a_new_one_of_a_preset_has_a_free_name(store: ProfileStore) -> None:
    drafts = Drafts(store)
    preset = next(one for one in load_presets() if one.name != "Custom")
    assert [drafts.add_preset(preset).name for _ in range(2)] == [preset.name, f"{preset.name} (2)"]
    custom = next(one for one in load_presets() if one.name == "Custom")
    assert drafts.add_preset(custom).name == "New endpoint"


def test_a_second_server_on_a_host_is_called_by_its_port(store: ProfileStore) -> None:
    drafts = Drafts(store)
    at = ("http://127.0.0.1:8000/v1", "http://127.0.0.1:9000/v1", "127.0.0.1:9000")
    assert [drafts.add_url(url).name for url in at] == ["127.0.0.1", "127.0.0.1:9000", "127.0.0.1:9000 (2)"]
    for port in (7000, 7001):
        pasted = read_curl(f"curl http://localhost:{port}/v1/chat/completions")
        assert pasted is not None
        drafts.add_pasted(pasted)
    assert names(drafts)[-2:] == ["localhost", "localhost:7001"]
    assert [drafts.add_url("https://h.example").name for _ in range(2)] == ["h.example", "h.example (2)"]


@pytest.mark.parametrize(
    ("url", "protocol", "base_url", "name"),
    [
        ("https://api.openai.com/v1", "openai-chat", "https://api.openai.com/v1", "api.openai.com"),
        ("https://api.anthropic.com", "anthropic-messages", "https://api.anthropic.com", "api.anthropic.com"),
        ("https://relay.example/v1", "openai-chat", "https://relay.example/v1", "relay.example"),
        ("https://relay.example", "anthropic-messages", "https://relay.example", "relay.example"),
        ("relay.example/v1/responses", "openai-responses", "https://relay.example/v1", "relay.example"),
        ("relay.example/v1", "openai-chat", "https://relay.example/v1", "relay.example"),
        ("localhost:8000", "anthropic-messages", "http://localhost:8000", "localhost"),
        ("", "anthropic-messages", "", "New endpoint"),
    ],
)
def test_a_typed_address_tells_its_protocol(store: ProfileStore, url: str, protocol: str, base_url: str, name: str) -> None:
    new = Drafts(store).add_url(url)
    assert (new.protocol, new.base_url, new.name) == (protocol, base_url, name)
    assert new.auth == ("x-api-key" if protocol == "anthropic-messages" else "bearer")


def test_a_curl_command_gives_what_it_says_and_the_rest_stays(store: ProfileStore) -> None:
    pasted = read_curl(
        "curl https://relay.example/v1/chat/completions -H 'Authorization: Bearer $RELAY_KEY' -H 'X-Team: blue'"
        ' -x http://proxy.example:1 -d \'{"model": "gpt-5.5"}\''
    )
    assert pasted is not None
    new = Drafts(store).add_pasted(pasted)
    assert (new.name, new.protocol, new.base_url, new.model) == (
        "relay.example", "openai-chat", "https://relay.example/v1", "gpt-5.5",
    )  # fmt: skip
    assert (new.auth, new.headers, new.proxy) == ("bearer", (("X-Team", "blue"),), "http://proxy.example:1")
    said = taken_over(pasted)
    assert said.startswith("Taken from the curl command: address, model, how the key is sent, headers, proxy.")
    assert "RELAY_KEY" in said
    kept = with_pasted(Profile("Mine", model="m", headers=(("x-team", "red"), ("x-more", "1")), ca_file="/ca.pem"), pasted)
    assert (kept.name, kept.ca_file, kept.headers) == ("Mine", "/ca.pem", (("x-more", "1"), ("X-Team", "blue")))
