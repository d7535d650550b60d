"""Settings: come back as saved; what is wrong takes its default and is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app.store.settings import SavedSide, Settings, SettingsStore


def test_settings_come_back(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "s.toml")
    assert store.load() == Settings()
    changed = Settings(theme="dark", side_a=SavedSide("uid", "model"), window_geometry="AAAA", body_bytes=5)
    assert store.change(changed) == changed
    assert SettingsStore(store.path).load() == changed


def test_one_wrong_field_costs_one_field(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('theme = "pink"\nbody_bytes = 5\ncheck_client = "tools"\nfuture = [1]\n')
    store = SettingsStore(path)
    loaded = store.load()
    assert loaded == Settings(body_bytes=5, check_client="tools")
    assert "theme" in store.problem
    assert len(list(tmp_path.glob("s.toml.broken-*"))) == 1
    store.change(loaded, theme="light")
    assert tomllib.loads(path.read_text())["future"] == [1]


def test_a_newer_file_with_strange_fields_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('version = 7\ntheme = "pink"\n')
    store = SettingsStore(path)
    assert store.load() == Settings()
    assert "newer" in store.problem
    assert path.read_text() == 'version = 7\ntheme = "pink"\n'


def test_a_window_writes_only_what_was_changed_in_it(tmp_path: Path) -> None:
    """Two windows of one file: what the second changed is not put back by the first, also where that never saw it."""
    first, second = SettingsStore(tmp_path / "s.toml"), SettingsStore(tmp_path / "s.toml")
    ours, theirs = first.load(), second.load()
    theirs = second.change(theirs, ask_other_paths=False, theme="dark")
    ours = first.change(ours, window_geometry="AAAA")
    assert ours == Settings(ask_other_paths=False, theme="dark", window_geometry="AAAA")
    assert second.change(theirs, check_client="tools") == Settings(
        ask_other_paths=False, theme="dark", window_geometry="AAAA", check_client="tools"
    )
    first.path.unlink()
    assert first.change(ours, theme="light").ask_other_paths is False


def test_a_file_that_broke_meanwhile_costs_none_of_the_settings(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "s.toml")
    kept = store.change(store.load(), ask_other_paths=False)
    store.path.write_text("theme = [")
    assert store.change(kept, theme="dark") == Settings(ask_other_paths=False, theme="dark")
    assert SettingsStore(store.path).load().ask_other_paths is False
