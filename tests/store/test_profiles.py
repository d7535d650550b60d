"""Profiles: what a file holds comes back, whatever is wrong with it is said, nothing is lost and no key is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.asking.caller import to_note
from app.secrets.names import without_login
from app.store.files import StoreError
from app.store.profiles import (
    Prices,
    Profile,
    ProfileError,
    ProfileLimits,
    ProfileStore,
)

CANARY = "sk-canary0123456789abcdef"

FULL = Profile(
    name="Ünïcode “relay”",
    protocol="openai-chat",
    base_url="https://h/v1",
    model="gpt-5.5",
    auth="bearer",
    headers=(("X-Team", "a"), ("X-Team", "b")),
    anthropic_beta="x",
    label="staging",
    prices=Prices(input=1, output=2.5),
    limits=ProfileLimits(connect_s=1.5, silence_s=5),
    proxy="socks5h://127.0.0.1:9",
    ca_file="/tmp/ca.pem",
    verify_tls=False,
    http2=False,
    keep_connection=True,
    needs_key=False,
)


def test_all_fields_come_back(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    assert store.load() == ()
    store.save(FULL)
    store.save(Profile("second"))
    again = ProfileStore(store.path)
    assert again.load() == store.profiles == (FULL, store.profiles[1])
    assert (again.problem, again.warnings) == ("", [])
    assert tomllib.loads(store.path.read_text())["version"] == 1


def test_changing_removing_arranging(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    one, two, three = Profile("one"), Profile("two"), Profile("three")
    for profile in (one, two, three):
        store.save(profile)
    renamed = msgspec.structs.replace(two, name="zwei")
    store.save(renamed)
    store.remove(one.uid)
    store.arrange([three.uid])
    assert ProfileStore(store.path).load() == (three, renamed)
    assert store.find("ZWEI") == renamed
    assert store.find(three.uid) == three
    assert store.find("one") is None


def test_names_are_unique(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    store.save(Profile("Relay"))
    with pytest.raises(ProfileError, match="another profile"):
        store.save(Profile("relay"))
    assert store.free_name("relay") == "relay (2)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, "no name"),
        ({"protocol": "smtp"}, "protocol"),
        ({"auth": "basic"}, "auth"),
        ({"label": "prod"}, "label"),
        ({"headers": (("bad name", "x"),)}, "header"),
        ({"headers": (("x", "a\r\nb"),)}, "header"),
        ({"headers": (("x", "€"),)}, "header"),
        ({"uid": ""}, "uid"),
    ],
)
def test_a_faulty_profile_is_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    with pytest.raises(ProfileError, match=said):
        store.save(msgspec.structs.replace(Profile("x"), **change))
    assert not store.path.exists()


@pytest.mark.parametrize(
    "header", [("Authorization", f"Bearer {CANARY}"), ("X-API-Key", "short"), ("X-Any", CANARY), ("Cookie", "session=1")]
)
def test_keys_in_headers_are_never_written(tmp_path: Path, header: tuple[str, str]) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    with pytest.raises(ProfileError, match="keys are never written") as caught:
        store.save(Profile("x", headers=(header,)))
    assert header[1] not in str(caught.value)
    assert not store.path.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("base_url", f"https://h.example/v1?key={CANARY}", "a key in its query"),
        ("base_url", f"https://me:{CANARY}@h.example", "user name or password"),
        ("proxy", f"http://me:{CANARY}@proxy.example:3128", "HTTPS_PROXY"),
        ("headers", (("Ocp-Apim-Subscription-Key", "abc"),), "keys are never written"),
    ],
)
def test_secrets_in_addresses_are_never_written(tmp_path: Path, field: str, value: object, said: str) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    profile = msgspec.structs.replace(Profile("x"), **{field: value})
    with pytest.raises(ProfileError, match=said) as caught:
        store.save(profile)
    assert CANARY not in str(caught.value)
    assert not store.path.exists()
    # What the user wrote by hand is used, warned of, and does not stop other changes.
    shown = '[["Ocp-Apim-Subscription-Key", "abc"]]' if field == "headers" else f'"{value}"'
    store.path.write_text(f'[[profiles]]\nname = "x"\n{field} = {shown}\n')
    (loaded,) = store.load()
    assert len(store.warnings) == 1
    assert CANARY not in store.warnings[0]
    store.save(msgspec.structs.replace(loaded, model="m"))
    assert CANARY not in repr(to_note(loaded))


def test_a_key_in_a_path_is_warned_of_and_can_be_kept(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    store.save(Profile("x", base_url="https://h.example/sk-0123456789abcdefghij/v1"))
    (loaded,) = store.load()
    (warning,) = store.warnings
    assert "a key in its path" in warning
    assert "0123456789" not in warning + repr(to_note(loaded))


def test_keys_found_in_headers_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(f'[[profiles]]\nname = "x"\nheaders = [["authorization", "Bearer {CANARY}"]]\nproxy = "http://u:p@h"\n')
    store = ProfileStore(path)
    (profile,) = store.load()
    assert len(store.warnings) == 2
    assert "keyring" in store.warnings[0]
    assert CANARY not in " ".join(store.warnings)
    store.save(msgspec.structs.replace(profile, model="m"))  # what the user wrote by hand does not stop the model's choice


def test_what_is_not_known_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        """
version = 1
future = { a = 1 }
[[profiles]]
name = "x"
colour = "red"
[profiles.prices]
input = 1.0
image = 7.0
[[profiles]]
name = "unusable"
protocol = "smtp"
secret_sauce = 2026-11-21T00:00:00Z
[[profiles]]
name = "wrong type"
verify_tls = "yes"
"""
    )
    before = tomllib.loads(path.read_text())
    store = ProfileStore(path)
    (profile,) = store.load()
    assert [("smtp" in w, "verify_tls" in w) for w in store.warnings] == [(True, False), (False, True)]
    store.save(msgspec.structs.replace(profile, model="m"))
    after = tomllib.loads(path.read_text())
    assert after["future"] == before["future"]
    assert after["profiles"][0]["colour"] == "red"
    assert after["profiles"][0]["prices"] == {"input": 1.0, "image": 7.0}
    assert after["profiles"][1:] == before["profiles"][1:]


def test_a_profile_without_uid_keeps_its_key_between_starts(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('[[profiles]]\nname = "by hand"\n')
    first, second = ProfileStore(path).load(), ProfileStore(path).load()
    assert first == second


def test_a_copied_profile_does_not_get_the_key_of_the_other(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(
        '[[profiles]]\nname = "a"\nuid = "u"\n[[profiles]]\nname = "a"\nuid = "u"\nbase_url = "https://elsewhere"\n'
    )
    store = ProfileStore(path)
    one, two = store.load()
    assert one.uid == "u"
    assert two.uid != "u"
    assert (one.name, two.name) == ("a", "a (2)")
    assert len(store.warnings) == 2


def test_two_windows_do_not_undo_each_other(tmp_path: Path) -> None:
    one, two = ProfileStore(tmp_path / "p.toml"), ProfileStore(tmp_path / "p.toml")
    one.load()
    two.load()
    one.save(Profile("from one"))
    two.save(Profile("from two"))
    assert [p.name for p in ProfileStore(one.path).load()] == ["from one", "from two"]


@pytest.mark.parametrize("damage", ["broken = ", None])
def test_a_file_that_breaks_meanwhile_takes_no_profiles_with_it(tmp_path: Path, damage: str | None) -> None:
    store = ProfileStore(tmp_path / "p.toml")
    store.save(Profile("one"))
    if damage is None:
        store.path.unlink()
    else:
        store.path.write_text(damage)
    store.save(Profile("two"))
    assert [p.name for p in ProfileStore(store.path).load()] == ["one", "two"]
    assert len(list(tmp_path.glob("*.broken-*"))) == (damage is not None)


def test_a_newer_file_is_used_but_not_written(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    text = 'version = 2\n[[profiles]]\nname = "new"\n'
    path.write_text(text)
    store = ProfileStore(path)
    assert [p.name for p in store.load()] == ["new"]
    with pytest.raises(StoreError, match="newer"):
        store.save(Profile("x"))
    assert path.read_text() == text


@pytest.mark.parametrize("text", ["profiles = 1", "profiles = [1]", "[profiles]\na = 1"])
def test_a_file_of_another_shape_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    store = ProfileStore(path)
    assert store.load() == ()
    assert store.problem
    assert next(tmp_path.glob("p.toml.broken-*")).read_text() == text


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_makes_it_raise_and_nothing_is_lost(tmp_path: Path, data: st.DataObject) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    path = tmp_path / "p.toml"
    writer = ProfileStore(path)
    writer.save(FULL)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(content)
    store = ProfileStore(path)
    store.load()
    kept = [p.read_bytes() for p in tmp_path.iterdir() if p.suffix != ".lock"]
    assert kept == [bytes(content)]
    assert store.profiles or store.problem or store.warnings or b"[[profiles]]" not in content


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://u:p@h:8/v1?x=1", "https://h:8/v1?x=1"),
        ("https://h", "https://h"),
        ("not a url", "not a url"),
        ("http://[", "http://["),
    ],
)
def test_without_login(url: str, bare: str) -> None:
    assert without_login(url) == bare
