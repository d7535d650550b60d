"""The settings: what is changed is saved at once, and what can't be is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.store.keys import KeyStore
from app.store.settings import Settings
from ui.shell.settings import SettingsDialog

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

    def show(keys: KeyStore | None = None, folders: tuple[tuple[str, Path], ...] = (), problem: str = "") -> SettingsDialog:
        made.append(SettingsDialog(Settings(), kept.save, keys or KeyStore(), folders, problem))
        made[-1].show()
        return made[-1]

    yield show
    for dialog in made:
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
    dialog = opened(folders=(("Profiles", missing),), problem="The file was broken.")
    assert "The file was broken." in _texts(dialog)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Open folder").click()
    assert any("does not exist yet" in text for text in _texts(dialog))


def _texts(dialog: SettingsDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
