"""Settings: come back as saved; what is wrong takes its default and is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from app.store.settings import SavedSide, Settings, SettingsStore


def test_settings_come_back(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "s.toml")
    assert store.load() == Settings()
    changed = Settings(theme="dark", side_a=SavedSide("uid", "model"), window_geometry="AAAA", body_bytes=5)
    store.save(changed)
    assert SettingsStore(store.path).load() == changed


def test_one_wrong_field_costs_one_field(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('theme = "pink"\nbody_bytes = 5\nscenario = "tools"\nfuture = [1]\n')
    store = SettingsStore(path)
    loaded = store.load()
    assert loaded == Settings(body_bytes=5, scenario="tools")
    assert "theme" in store.problem
    assert len(list(tmp_path.glob("s.toml.broken-*"))) == 1
    store.save(msgspec.structs.replace(loaded, theme="light"))
    assert tomllib.loads(path.read_text())["future"] == [1]


def test_a_newer_file_with_strange_fields_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('version = 7\ntheme = "pink"\n')
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert "newer" in store.problem
    assert path.read_text() == 'version = 7\ntheme = "pink"\n'
