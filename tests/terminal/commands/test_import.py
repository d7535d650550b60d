"""`diptych import`: endpoints of other programs, listed and saved; their keys only into the keyring."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from app.store.files import config_folder
from app.store.profiles import ProfileStore
from tests.terminal.program import CANARY, called

ENV = f"ANTHROPIC_BASE_URL=https://a.test\nANTHROPIC_AUTH_TOKEN={CANARY}\nOPENAI_BASE_URL=https://o.test/v1\n"


class Keys:
    """In place of the keyring."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def set(self, uid: str, key: str) -> None:
        self.held[uid] = key


@pytest.fixture
def env_file(tmp_path: Path) -> str:
    (tmp_path / "relay.env").write_text(ENV)
    return str(tmp_path / "relay.env")


def saved() -> list[tuple[str, str, str]]:
    return [(one.name, one.base_url, one.auth) for one in ProfileStore().load()]


def test_they_are_listed_and_nothing_is_saved(env_file: str) -> None:
    done = called("import", env_file)
    assert done.returncode == 0, done.stderr
    assert "1  a.test\n" in done.stdout
    assert "2  o.test\n" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert saved() == []
    facts = [json.loads(line) for line in called("import", env_file, "--json").stdout.splitlines()]
    assert [(one["base_url"], one["done"]) for one in facts] == [("https://a.test", ""), ("https://o.test/v1", "")]


def test_those_that_are_chosen_are_saved_without_their_keys(env_file: str) -> None:
    done = called("import", env_file, "--save", "--only", "1")
    assert "Saved, without its key" in done.stdout
    assert saved() == [("a.test", "https://a.test", "bearer")]
    again = called("import", env_file, "--save")
    assert "“a.test” has this address already.\n   Not saved: it is there already (--only 1" in again.stdout
    assert [one[0] for one in saved()] == ["a.test", "o.test"]
    assert "1  a.test (2)" in called("import", env_file, "--save", "--only", "1").stdout
    assert CANARY not in (config_folder() / "profiles.toml").read_text()


def test_keys_go_into_the_keyring(env_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Keys()
    monkeypatch.setattr(import_module("app.terminal.commands.import"), "KeyStore", lambda: keys)
    done = called("import", env_file, "--save", "--keys")
    assert done.returncode == 0, done.stderr
    uid = next(one.uid for one in ProfileStore().load() if one.name == "a.test")
    assert keys.held == {uid: CANARY}
    assert CANARY not in done.stdout


def test_what_holds_none_and_wrong_use(env_file: str, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Hello")
    done = called("import", str(tmp_path / "x.txt"), str(tmp_path / "missing"), env_file)
    assert (done.returncode, done.stdout.count("from ")) == (1, 2)
    no_endpoint, missing = done.stderr.splitlines()
    assert "x.txt: no endpoint is in it" in no_endpoint
    assert "missing: No such file" in missing
    assert called("import", env_file, "--keys").returncode == 2
