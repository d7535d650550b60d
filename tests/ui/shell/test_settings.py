"""The settings: what is changed is saved at once, and what can't be is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from shiboken6 import isValid

from app.store.keys import KeyStore
from app.store.settings import Settings
from app.text.translation import translate_with
from ui.shell.settings import SettingsDialog
from ui.shell.settings_table import HERE, MEMORY, NAMES, REQUESTS, RUNS, TABLE, WINDOW, found

# Qt's offscreen platform says this of every dialog that is shown.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

Open = Callable[..., SettingsDialog]


class Kept:
    """What was saved, as the window's own services would."""

    def __init__(self) -> None:
        self.changes: dict[str, object] = {}
        self.problem = ""

    def save(self, **changes: object) -> str:
        self.changes |= changes
        return self.problem


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def opened(qapp: QApplication, kept: Kept) -> Iterator[Open]:
    made: list[SettingsDialog] = []

    def show(
        keys: KeyStore | None = None, folders: tuple[Path, ...] = (), problem: str = "", settings: Settings | None = None
    ) -> SettingsDialog:
        made.append(SettingsDialog(settings or Settings(), kept.save, keys or KeyStore(), folders, problem))
        made[-1].show()
        return made[-1]

    yield show
    for dialog in filter(isValid, made):
        dialog.close()


def test_changes_are_saved_at_once(opened: Open, kept: Kept) -> None:
    dialog = opened()
    themes: list[str] = []
    dialog.theme_chosen.connect(themes.append)
    dark = next(one for one in dialog.theme.findChildren(QPushButton) if one.text() == "Dark")
    dark.click()
    dialog.keep_runs.click()
    moved: list[bool] = []
    dialog.motion_chosen.connect(moved.append)
    dialog.reduce_motion.click()
    assert moved == [True]
    assert kept.changes.pop("reduce_motion") is True
    dialog.body_limit.selectAll()
    QTest.keyClicks(dialog.body_limit, "64")
    assert themes == ["dark"]
    assert kept.changes == {"theme": "dark", "keep_runs": not Settings().keep_runs, "body_bytes": 64 << 20}


def test_they_are_fields_of_the_settings(opened: Open, kept: Kept) -> None:
    dialog = opened()
    for button in (*dialog.theme.findChildren(QPushButton), dialog.keep_runs):
        button.click()
    for field in (dialog.body_limit, dialog.journal_limit, dialog.history_limit, dialog.history_runs):
        field.selectAll()
        QTest.keyClicks(field, "5")
    assert set(kept.changes) <= set(Settings.__struct_fields__)
    assert len(kept.changes) == 6
    assert (kept.changes["history_bytes"], kept.changes["history_runs"]) == (5 << 20, 5)


def test_a_size_that_is_none_is_said_and_not_saved(opened: Open, kept: Kept) -> None:
    dialog = opened()
    dialog.journal_limit.selectAll()
    QTest.keyClicks(dialog.journal_limit, "x")
    assert kept.changes == {}
    assert any("not a number" in text for text in _texts(dialog))


def test_what_can_not_be_written_is_said(opened: Open, kept: Kept) -> None:
    kept.problem = "settings.toml can't be written: no space left."
    dialog = opened()
    dialog.keep_runs.click()
    assert kept.problem in _texts(dialog)


def test_keys_in_memory(opened: Open) -> None:
    keys = KeyStore()
    dialog = opened(keys)
    dialog.memory.click()
    assert keys.in_memory
    dialog.memory.click()
    assert not keys.in_memory


def test_folders_and_the_files_problem(opened: Open, tmp_path: Path) -> None:
    missing = tmp_path / "not there"
    dialog = opened(folders=(missing,), problem="The file was broken.")
    assert "The file was broken." in _texts(dialog)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Open folder").click()
    assert any("does not exist yet" in text for text in _texts(dialog))


def test_each_is_explained(opened: Open, tmp_path: Path) -> None:
    dialog = opened(folders=(tmp_path, tmp_path))
    assert dialog._fields.keys() == {one.name for one in TABLE}
    assert all(one.title in _texts(dialog) and one.about in _texts(dialog) for one in TABLE)
    assert all(field.accessibleDescription() for field in dialog._fields.values())
    of_the_file = {name for name in Settings.__struct_fields__ if name in dialog._fields}
    assert set(dialog.rows.resets) == {*of_the_file, MEMORY}


@pytest.mark.english
def test_they_are_found_as_one_types(opened: Open, tmp_path: Path) -> None:
    dialog = opened(folders=(tmp_path, tmp_path))
    assert dialog.focusWidget() is dialog.search
    QTest.keyClicks(dialog.search, "dark")
    assert _titles(dialog) == ["Colours"]
    assert [one for one in (WINDOW, REQUESTS, RUNS, HERE) if one in _texts(dialog)] == [WINDOW]
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.theme.pressed
    assert dialog.isVisible()
    dialog.search.setText("MiB")
    assert _titles(dialog) == ["Answer limit", "History size", "Runs limit"]
    dialog.search.setText("qqqq")
    assert _titles(dialog) == []
    assert "No setting is called that." in _texts(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert _titles(dialog) == list(NAMES)
    assert "No setting is called that." not in _texts(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_english_words_find_one_in_any_language() -> None:
    translate_with(lambda template: "中")
    try:
        assert found("language") == {"language"}
    finally:
        translate_with(None)


def test_each_can_be_as_it_was_at_first_and_that_undone(opened: Open, kept: Kept) -> None:
    keys = KeyStore()
    keys.use_memory()
    was = Settings(theme="dark", text_percent=150, history_runs=7, keep_runs=False, reduce_motion=True)
    dialog = opened(keys, settings=was)
    assert _resets(dialog) == {"theme", "text_percent", "history_runs", "keep_runs", "reduce_motion", MEMORY}
    dialog.rows.resets["history_runs"].click()
    assert kept.changes == {"history_runs": Settings().history_runs}
    assert dialog.history_runs.value() == Settings().history_runs
    assert "history_runs" not in _resets(dialog)
    _press(dialog, "Undo")
    assert (kept.changes, dialog.history_runs.value()) == ({"history_runs": 7}, 7)
    themes, sizes, moved = list[str](), list[int](), list[bool]()
    dialog.theme_chosen.connect(themes.append)
    dialog.text_chosen.connect(sizes.append)
    dialog.motion_chosen.connect(moved.append)
    _press(dialog, "Reset all")
    assert _resets(dialog) == set()
    assert not dialog.reset_all.isEnabled()
    assert {name: kept.changes[name] for name in kept.changes} == {
        name: getattr(Settings(), name) for name in ("theme", "text_percent", "history_runs", "keep_runs", "reduce_motion")
    }
    assert not keys.in_memory
    _press(dialog, "Undo")
    assert kept.changes == {name: getattr(was, name) for name in kept.changes}
    assert (themes, sizes, moved) == (["system", "dark"], [100, 150], [False, True])
    assert keys.in_memory
    assert (dialog.theme.index, dialog.text_size.currentText(), dialog.memory.isChecked()) == (2, "150 %", True)


def test_nothing_is_undone_that_was_changed_since(opened: Open) -> None:
    dialog = opened(settings=Settings(history_runs=7))
    dialog.reset_all.click()
    assert dialog.undo == {"history_runs": 7}
    dialog.keep_runs.click()
    assert dialog.undo == {}
    assert not any(one.text() == "Undo" and one.isVisible() for one in dialog.findChildren(QPushButton))


def test_what_can_not_be_taken_can_be_reset(opened: Open, kept: Kept) -> None:
    dialog = opened()
    dialog.body_limit.selectAll()
    QTest.keyClicks(dialog.body_limit, "x")
    assert _resets(dialog) == {"body_bytes"}
    dialog.rows.resets["body_bytes"].click()
    assert dialog.body_limit.value() == Settings().body_bytes >> 20
    assert not any("not a number" in text for text in _texts(dialog))


def _titles(dialog: SettingsDialog) -> list[str]:
    return [text for text in _texts(dialog) if text in NAMES]


def _resets(dialog: SettingsDialog) -> set[str]:
    return {name for name, button in dialog.rows.resets.items() if button.isVisible()}


def _press(dialog: SettingsDialog, title: str) -> None:
    next(one for one in dialog.findChildren(QPushButton) if one.text() == title and one.isVisible()).click()


def _texts(dialog: SettingsDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
