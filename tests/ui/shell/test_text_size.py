"""The size of text: for all that is laid out and painted, kept through a change of colours, remembered, and as it was again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QToolButton, QWidget

from tests.builders import stream
from tests.ui.compare.replay.test_replaying import shown
from tests.ui.conftest import Ui
from ui.compare.pane.pane import EVENTS
from ui.style.theme import TEXT_PERCENTS, font, mono_font, text_scale
from ui.widgets.labels import PlainLabel, SegmentLine


def sizes(ui: Ui) -> dict[str, float]:
    """How large some things of the window are that take their size of text in different ways."""
    page, rail = ui.page, ui.window.findChildren(QToolButton, "rail")[0]
    events = page.a.events.table
    return {
        "label of its own font": next(one for one in ui.window.findChildren(PlainLabel) if one.text()).font().pointSizeF(),
        "rail": rail.font().pointSizeF(),
        "rail's button": rail.height(),
        "painted line": ui.window.findChildren(SegmentLine)[0].sizeHint().height(),
        "tiles": page.a.tiles._fonts["figure"].pointSizeF(),
        "events' rows": events.verticalHeader().defaultSectionSize(),
        "run": page.bar.run.sizeHint().width(),
        "tab": page.a.tabs.button(EVENTS).minimumWidth(),
        "spine": page.view.spine.figures._bold.pointSizeF(),
        "sentence": page.sentence.font().pointSizeF(),
        "field": page.bar.prompt.font().pointSizeF(),
    }


def cut(page: QWidget) -> list[str]:
    """The texts of buttons and lists that are lower than their text."""
    QApplication.processEvents()
    buttons, lists = page.findChildren(QPushButton), page.findChildren(QComboBox)
    texts: list[tuple[QWidget, str]] = [*((one, one.text()) for one in buttons), *((one, one.currentText()) for one in lists)]
    words = [(one, text) for one, text in texts if one.isVisible() and any(char.isalpha() for char in text)]
    return [text for one, text in words if one.height() < one.minimumSizeHint().height() - 4 * text_scale()]


def test_all_text_follows_and_comes_back(ui: Ui) -> None:
    async def scene() -> None:
        page, row = await shown(ui, stream(), stream(side="b"))
        page.a.set_tab(EVENTS)
        usual, theme = sizes(ui), ui.window.theme
        for _ in range(3):
            QTest.keyClick(ui.window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        assert (theme.text_percent, text_scale()) == (150, 1.5)
        assert ui.window.services.settings_store.load().text_percent == 150
        large = sizes(ui)
        assert all(large[name] > usual[name] for name in usual), {name: (usual[name], large[name]) for name in usual}
        theme.set_mode("dark")
        assert sizes(ui) == large
        assert row.total.font().pointSizeF() == font(0.88).pointSizeF()
        table = page.a.events.table
        assert table.verticalHeader().defaultSectionSize() > QFontMetrics(mono_font()).height()
        button = page.a.tabs.button(EVENTS)
        assert button.minimumWidth() >= QFontMetricsF(font(bold=True)).horizontalAdvance(button.text())
        theme.set_text_percent(200)
        assert cut(page) == []
        theme.set_text_percent(TEXT_PERCENTS[1])
        for _ in range(2):  # once more than there are sizes
            QTest.keyClick(ui.window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
        assert theme.text_percent == TEXT_PERCENTS[0] == 80
        QTest.keyClick(ui.window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
        theme.set_mode("light")
        QApplication.processEvents()
        assert sizes(ui) == usual
        assert ui.window.services.settings_store.load().text_percent == 100

    ui.play(scene())
