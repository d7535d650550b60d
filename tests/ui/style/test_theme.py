"""The colour schemes, and the style that the style sheet is written for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.store.settings import SettingsStore
from tests.ui.conftest import Ui
from ui.style import theme as module
from ui.style.theme import DARK, LIGHT, Colors, Mode, Theme, colors, font, mono_font, reduces_motion


def test_the_style_is_the_one_that_the_sheet_is_written_for(qapp: QApplication) -> None:
    qapp.setStyleSheet("")  # whatever a test before left
    assert qapp.style().objectName() == "fusion"
    theme = Theme(qapp, "dark")
    assert qapp.styleSheet() == ""  # a window is polished once, when it is built
    theme.apply_style_sheet()
    assert DARK.window in qapp.styleSheet()
    theme.set_mode("light")
    assert LIGHT.window in qapp.styleSheet()


def test_reduced_motion_stops_what_qt_moves_and_gives_it_back(qapp: QApplication) -> None:
    theme = Theme(qapp)
    blinks = qapp.cursorFlashTime()
    fades = qapp.isEffectEnabled(Qt.UIEffect.UI_FadeMenu)
    assert blinks > 0
    theme.set_reduced_motion(True)
    assert reduces_motion()
    assert qapp.cursorFlashTime() == 0
    assert not qapp.isEffectEnabled(Qt.UIEffect.UI_FadeMenu)
    theme.set_reduced_motion(False)
    assert not reduces_motion()
    assert (qapp.cursorFlashTime(), qapp.isEffectEnabled(Qt.UIEffect.UI_FadeMenu)) == (blinks, fades)


def test_fonts_and_colours_are_asked_for_at_each_text_and_made_once(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, before, usual = list[str](), QApplication.font(), QFont(QApplication.font())

    class Fonts(QFontDatabase):
        @staticmethod
        def systemFont(kind: QFontDatabase.SystemFont) -> QFont:
            made.append(kind.name)
            return QFontDatabase.systemFont(kind)

    class Made(QFont):
        def setFeature(self, *of: object) -> None:
            made.append("tnum")
            super().setFeature(*of)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "QFontDatabase", Fonts)
    monkeypatch.setattr(module, "QFont", Made)
    try:
        for size in (usual.pointSizeF() + 3, usual.pointSizeF() + 5):
            usual.setPointSizeF(size)
            QApplication.setFont(usual)
            made.clear()
            for _ in range(5):
                taken = [font(2), font(2, bold=True), mono_font(2)]
                assert {one.pointSizeF() for one in taken} == {2 * size}
                for one in taken:
                    one.setPointSizeF(1)  # whoever has one may change it
            assert made == ["tnum", "tnum", "FixedFont"]
    finally:
        QApplication.setFont(before)
    theme, read = Theme(qapp, "dark"), list[Colors]()
    for mode, scheme in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        theme.set_mode(mode)  # type: ignore[arg-type]
        read += [colors(), colors()]
        assert read[-2:] == [scheme, scheme]


def test_the_scheme_is_remembered_and_labels_follow_it(ui: Ui) -> None:
    async def scene() -> None:
        modes: tuple[tuple[Mode, Colors], ...] = (("dark", DARK), ("light", LIGHT))
        for mode, scheme in modes:
            ui.window.set_scheme(mode)
            assert colors() is scheme
            label = ui.page.a.answer._empty
            assert label.palette().color(label.foregroundRole()).name() == scheme.muted
        assert SettingsStore().load().theme == "light"

    ui.play(scene())
