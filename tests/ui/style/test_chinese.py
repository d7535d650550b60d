"""Fonts for Chinese: which are taken, and what is said where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.ui.conftest import Ui
from ui.shell import application
from ui.style import chinese
from ui.style.chinese import FAMILIES, prefer_chinese
from ui.style.theme import font, mono_font

ASKS = "from PySide6.QtWidgets import QApplication; app = QApplication([]); from ui.style.chinese import lacks_chinese; "
CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{folder}</dir></fontconfig>"""


def _drawn_with(asked: QFont, text: str) -> list[str]:
    """The families of the text's pieces, in their order."""
    layout = QTextLayout(text, asked)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [run.rawFont().familyName() for run in layout.glyphRuns()]


@pytest.mark.english
def test_chinese_is_written_in_fonts_of_china_and_latin_in_the_systems_own(qapp: QApplication) -> None:
    prefer_chinese(False)  # whatever the test before spoke
    before = QApplication.font().families()
    latin = [_drawn_with(one, "first token")[0] for one in (font(), mono_font())]
    prefer_chinese(True)
    try:
        prefer_chinese(True)
        assert [_drawn_with(one, "first token")[0] for one in (font(), mono_font())] == latin
        assert QApplication.font().families()[1:] == list(FAMILIES)
        assert font(1.5, bold=True).families()[1:] == list(FAMILIES)
        assert mono_font().families()[1:] == list(FAMILIES)
        there = [one for one in FAMILIES if one in QFontDatabase.families()]
        for one in (font(), mono_font()) if there else ():
            assert _drawn_with(one, "首个") == there[:1]
    finally:
        prefer_chinese(False)
    assert QApplication.font().families() == before


@pytest.mark.skipif(sys.platform != "linux", reason="fontconfig is Linux's")
def test_where_no_font_has_the_characters_that_is_known(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    variables = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", f"{ASKS}print(lacks_chinese())"],
        capture_output=True,
        text=True,
        check=True,
        env=variables,
        cwd=root,
    )
    assert done.stdout.strip() == "True"


@pytest.mark.qt_log_ignore("does not support")
def test_it_is_said_once_with_the_packages(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "spoken", lambda: "zh_CN")
    monkeypatch.setattr(application, "_told_of_fonts", False)
    monkeypatch.setattr(chinese, "lacks_chinese", lambda: True)
    application.tell_of_fonts(ui.window)
    application.tell_of_fonts(ui.window)
    (box,) = ui.window.findChildren(QMessageBox)
    said = f"{box.text()} {box.informativeText()}"
    assert all(one in said for one in ("fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk", "中文字体"))
    box.close()
