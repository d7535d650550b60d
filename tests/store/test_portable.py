"""`--portable`: a folder beside the program, for all that it keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.store.files import config_folder, data_folder
from app.store.portable import FOLDER, portable_folder, use_portable
from tests.terminal.program import called


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that was built, and its folder."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "diptych"))
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.delenv("DIPTYCH_CONFIG_DIR", raising=False)
    return tmp_path


def test_files_lie_beside_the_program_once_that_was_asked_for(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert use_portable([]) is None
    assert "DIPTYCH_CONFIG_DIR" not in os.environ
    assert list(built.iterdir()) == []
    arguments = ["run", "--portable", "A"]
    assert use_portable(arguments) is None
    assert arguments == ["run", "A"]
    assert config_folder() == built / FOLDER
    assert data_folder() == built / FOLDER / "data"
    monkeypatch.delenv("DIPTYCH_CONFIG_DIR")
    assert use_portable([]) is None  # a double click, later
    assert config_folder() == built / FOLDER


def test_the_variable_goes_before_a_folder_that_is_there(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (built / FOLDER).mkdir()
    monkeypatch.setenv("DIPTYCH_CONFIG_DIR", "elsewhere")
    assert use_portable([]) is None
    assert config_folder() == Path("elsewhere")


@pytest.mark.parametrize(
    ("image", "executable", "beside"),
    [
        ("/stick/D.AppImage", "/tmp/.mount/diptych", "/stick"),
        ("", "/Applications/Diptych.app/Contents/MacOS/diptych", "/Applications"),
    ],
)
def test_beside_means_what_one_copies(
    built: Path, monkeypatch: pytest.MonkeyPatch, image: str, executable: str, beside: str
) -> None:
    monkeypatch.setenv("APPIMAGE", image)
    monkeypatch.setattr(sys, "executable", executable)
    assert portable_folder() == Path(beside, FOLDER)


def test_where_nothing_can_be_kept_that_is_said(built: Path) -> None:
    (built / FOLDER).write_text("a file where the folder should be")
    done = called("--version", "--portable")
    assert done.returncode == 1
    assert str(built / FOLDER) in done.stderr
    assert done.stdout == ""
    assert "DIPTYCH_CONFIG_DIR" not in os.environ


@pytest.mark.english  # names the language that it expects
def test_that_is_said_in_the_language_that_is_asked_for(built: Path) -> None:
    (built / FOLDER).write_text("a file where the folder should be")
    done = called("--version", "--portable", "--lang", "zh_CN")
    assert done.returncode == 1
    assert str(built / FOLDER) in done.stderr
    assert "文件" in done.stderr
    assert "File exists" not in done.stderr
