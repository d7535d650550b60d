"""A fault while something is painted is told once, and ends neither the painter's work nor the program."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.axis.time_axis import TimeAxis
from ui.compare.pane.pane import EVENTS
from ui.compare.pane.tiles import TileRow
from ui.style.painting import hear_of_faults, painted
from ui.widgets.toast import said_briefly

ROOT = Path(__file__).resolve().parents[2]


class Broken(QWidget):
    """Can't be painted while `mended` is not set."""

    def __init__(self, error: type[Exception], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error, self.mended, self.pictures = error, False, 0

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.pictures += 1
        if not self.mended:
            raise self.error(self.pictures)
        painter.drawLine(0, 0, 9, 9)


def test_it_is_told_once_and_the_next_picture_succeeds(qapp: QApplication, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    hear_of_faults(heard.append)
    one = Broken(LookupError)
    one.resize(20, 20)
    one.show()
    for mended in (False, False, True):
        one.mended = mended
        one.repaint(QRect(0, 0, 20, 20))
        qapp.processEvents()
    assert one.pictures >= 3
    assert heard == ["LookupError"]
    said = capfd.readouterr().err
    assert said.count("Broken can't be painted") == said.count("\nLookupError") == 1
    assert "QPainter" not in said
    one.deleteLater()


def test_what_is_opaque_paints_all_of_itself(ui: Ui) -> None:
    """Nothing that it lies on is painted with it: a pixel that it leaves out keeps what was there before."""

    async def scene() -> None:
        for recordings in ((), both()):
            if recordings:
                await show(ui, *recordings)
                for pane in ui.page.panes.values():
                    pane.set_tab(EVENTS)
            seen = [one for one in ui.page.findChildren(QWidget) if one.isVisible()]
            opaque = [one for one in seen if one.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)]
            assert {type(one) for one in opaque} >= {TileRow, TimeAxis}
            assert not recordings or ui.page.a.events.table.viewport() in opaque
            for one in opaque:
                pictures = []
                for ground in (Qt.GlobalColor.black, Qt.GlobalColor.white):
                    image = QImage(one.size() * 1.25, QImage.Format.Format_RGB32)
                    image.setDevicePixelRatio(1.25)
                    image.fill(ground)
                    one.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
                    pictures.append(image)
                assert pictures[0] == pictures[1], one
        await changes_are_painted(ui)

    ui.play(scene())


async def changes_are_painted(ui: Ui) -> None:
    """What is on the screen after a change is what it were if all was painted: a part that is left out keeps what was there."""
    page = ui.page
    table, types, prompt = page.a.events.table, page.a.events.types, page.bar.prompt
    ui.window.theme.set_reduced_motion(True)
    names = [name for name, _ in page.a.events.model.type_counts()]
    page.link.show_events(page.a)
    await ui.until(lambda: page.link.words is not None, "the words to be linked")
    changes: dict[str, Callable[[], object]] = {
        "selected": lambda: table.selectRow(2),
        "rows of one type": lambda: choose(types, 1 + names.index("content_block_delta")),
        "all rows": lambda: choose(types, 0),
        "scrolled": lambda: table.verticalScrollBar().setValue(33),
        "narrower": lambda: table.setColumnWidth(0, 24),
        "focus": table.setFocus,
        "no focus": prompt.setFocus,
        "marked": lambda: page.axis.mark("a", 700.0),
        "a moment": lambda: page.axis.set_moment(900.0),
        "no moment": lambda: page.axis.set_moment(None),
        "lower": lambda: ui.window.resize(1_000, 640),
        "dark": lambda: ui.window.theme.set_mode("dark"),
        "light": lambda: ui.window.theme.set_mode("light"),
    }
    for said, change in changes.items():
        change()
        partly = await on_screen(ui)
        for one in ui.window.findChildren(QWidget):
            one.update()
        assert partly == await on_screen(ui), said
    ui.window.theme.set_reduced_motion(False)


def choose(box: QComboBox, index: int) -> None:
    """As the user does."""
    box.setCurrentIndex(index)
    box.activated.emit(index)


async def on_screen(ui: Ui) -> QImage:
    """What the screen shows of the page, once all that was to be done is."""
    for _ in range(6):
        await asyncio.sleep(0)
    page = QRect(ui.page.mapTo(ui.window, QPoint(0, 0)), ui.page.size())
    shot = ui.window.screen().grabWindow(ui.window.winId(), page.x(), page.y(), page.width(), page.height())
    return shot.toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_the_window_says_it(ui: Ui) -> None:
    async def scene() -> None:
        one = Broken(TimeoutError, ui.page)
        one.setGeometry(0, 0, 30, 30)
        one.show()
        await ui.until(lambda: "TimeoutError" in said_briefly(ui.window), "the window to say it")
        one.deleteLater()

    ui.play(scene())


def test_all_that_is_painted_is_guarded() -> None:
    bare = []
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            paints = node.name == "paintEvent" or (node.name == "paint" and "option" in {one.arg for one in node.args.args})
            if paints and "painted" not in {one.id for one in node.decorator_list if isinstance(one, ast.Name)}:
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []
