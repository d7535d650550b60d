"""A fault while something is painted is told once, and ends neither the painter's work nor the program."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

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

    ui.play(scene())


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
