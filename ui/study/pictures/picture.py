"""What all pictures share: axes in the theme's colours, points that say which run they are, copies and files of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QBrush, QColor, QContextMenuEvent, QGuiApplication, QImage, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QGraphicsRectItem,
    QGraphicsSceneMouseEvent,
    QGraphicsTextItem,
    QMenu,
    QSizePolicy,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)

from app.text import numbers
from app.text.sentences import tr
from ui.shared.ask_file import ask_where
from ui.shared.written import tell_written
from ui.study.points import ticks_text
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from ui.study.points import Points

# What it does at the end of the program walks through all objects that are left, whoever's they are.
pg.setConfigOption("exitCleanup", False)

SYMBOLS = {"a": "o", "b": "s"}
OTHER = "t1"  # from another stack: a hollow triangle
GRID = 0.7
POINT, SHARP = 9, 2.0  # pixels; how much finer a copy is than the screen
CONTROL = Qt.KeyboardModifier.ControlModifier


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose figures are written as everywhere in Diptych; `in_percent`, each with its sign."""

    picture: Any  # what is to be drawn, None where pyqtgraph wants it found anew

    def __init__(self, orientation: str, *, in_percent: bool = False) -> None:
        super().__init__(orientation)
        self._in_percent = in_percent
        self.enableAutoSIPrefix(False)
        self.setStyle(tickFont=font(0.86), tickLength=0, autoExpandTextSpace=True, hideOverlappingLabels=True, maxTickLevel=1)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self._in_percent:
            return [numbers.percent(one * scale) for one in values]
        return [ticks_text(one * scale, spacing) for one in values]

    def setStyle(self, **styles: Any) -> None:
        """Set to what it is, it would be drawn anew."""
        if any(self.style[name] != value for name, value in styles.items()):
            super().setStyle(**styles)

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        """What is drawn: axis, ticks and figures. A tick of no length, as all are where there is no grid, is not seen."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        axis, ticks, texts = specs
        return axis, [one for one in ticks if one[1] != one[2]], texts

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """pyqtgraph notes an axis as a QPicture, which takes longer to play than what it says takes to draw: that is kept."""
        painter.save()
        if self.picture is None:
            self.picture = self.generateDrawSpecs(painter) or ()
        if self.picture:
            self.drawPicture(painter, *self.picture)
        painter.restore()


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot that the page scrolls past: the wheel zooms with Ctrl alone."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & CONTROL:
            super().wheelEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()  # the picture around it has the menu


class Bar(QGraphicsRectItem):
    """A bar that says what it is where the mouse is, and does something where it is pressed. `hatch`: lines over its tint."""

    def __init__(self, place: QRectF, tint: QColor, tip: str, work: Callable[[], object], hatch: QColor | None = None) -> None:
        super().__init__(place)
        self._work, self._hatch = work, hatch
        self.setBrush(tint)
        self.setPen(pg.mkPen(colors().color("surface"), width=1))
        self.setToolTip(plain_tip(tip))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        super().paint(painter, option, widget)
        if self._hatch is not None:
            brush = QBrush(self._hatch, Qt.BrushStyle.BDiagPattern)
            brush.setTransform(painter.worldTransform().inverted()[0])  # else it is as wide as the axes' units are
            painter.fillRect(self.rect(), brush)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:  # else the release does not come here
            event.accept()
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self.contains(event.pos()):
            self._work()


class Said(Protocol):
    """What a point stands for."""

    @property
    def tip(self) -> str: ...


class Picture(QWidget):
    """One picture.

    Attributes:
        plot: what draws it, which its card names. name: what its files are called. actions_offered: what its menu offers.

    Signals:
        pair_wanted: a point was clicked; its pair's number.
        said: something to say on the page, and its role.
    """

    pair_wanted = Signal(int)
    said = Signal(str, str)

    def __init__(self, name: str, left: Axis, bottom: Axis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.points: Points | None = None
        self._items: dict[Hashable, Any] = {}  # what is drawn, by what it is
        self._before: dict[Hashable, Any] = {}  # of the drawing before, while one goes on: what is not drawn again
        # Without its menus, which take a third of the time that all of it takes to make.
        self.plot = Plot(axisItems={"left": left, "bottom": bottom}, enableMenu=False)
        self.plot.hideButtons()
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # as large as its card
        self.plot.setFrameShape(Plot.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.menu_actions = self._make_actions()
        self.recolor()

    def _make_actions(self) -> list[QAction]:
        works = (
            (tr("&Copy picture"), self.copy),
            (tr("Save as &PNG…"), partial(self.ask_save, ".png")),
            (tr("Save as &SVG…"), partial(self.ask_save, ".svg")),
            (tr("Show &all of it"), self.show_all),
        )
        made = []
        for title, work in works:
            action = QAction(title, self)
            action.triggered.connect(lambda _=False, work=work: work())
            made.append(action)
        return made

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions(self.menu_actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    # -- what is drawn ------------------------------------------------------------------------------------------------

    def draw(self, points: Points | None) -> None:
        """Draw these; None for an empty picture."""
        self.points = points
        with self.drawing(shown=points is not None and bool(points.runs)):
            if points is not None:
                self.fill(points)

    @contextmanager
    def drawing(self, *, shown: bool) -> Iterator[None]:
        """Draw anew: what was drawn before and is `put` again is only moved, what is not goes. `shown`: of `show_axes`.

        Made anew for each run, curves and points would take three times as long.
        """
        self._before, self._items = self._items, {}
        self.show_axes(shown=shown)
        try:
            yield
        finally:
            for one in self._before.values():
                self.plot.removeItem(one)
            self._before = {}

    def put(
        self, kind: Hashable, make: Callable[[], Any], renew: Callable[[Any], object] | None = None, *, outside: bool = False
    ) -> Any:
        """Draw something over what is drawn already: the one of that `kind` before, or a new one.

        `kind`: all that `renew` does not set; of equal ones the first is the first again. `outside`: it does not count for the
        range that is seen. What is not renewed is made anew.
        """
        key: Hashable = next((kind, n) for n in count() if (kind, n) not in self._items)
        made = self._before.pop(key, None) if renew is not None else None
        if made is None:
            made = make()
            self.plot.addItem(made, ignoreBounds=outside)
        if renew is not None:
            renew(made)
        if made.zValue() >= 0:  # else it lies below all others by itself
            made.setZValue(len(self._items))
        self._items[key] = made
        return made

    def show_axes(self, *, shown: bool) -> None:
        """An empty picture has no figures and no lines."""
        pen = pg.mkPen(colors().color("border") if shown else None)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setStyle(showValues=shown, tickAlpha=None if shown else 0)
            if axis.pen() != pen:
                axis.setPen(pen)

    def show_grid(self) -> None:
        """Lines at the figures of the left axis."""
        axis = self.plot.getAxis("left")
        if not axis.grid:
            self.plot.showGrid(y=True, alpha=GRID)

    def fill(self, points: Points) -> None:
        """Put what there is into the empty plot."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Undo zooming and moving."""
        self.draw(self.points)

    def recolor(self) -> None:
        """Take the theme's colours."""
        theme = colors()
        self.plot.setBackground(theme.color("surface"))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("border")))
            axis.setTextPen(theme.color("muted"))
        self.plot.clear()
        self._items = {}
        self.draw(self.points)

    def scatter(self, places: Sequence[tuple[float, float, Said]], symbol: str, fill: str, edge: str, size: int) -> None:
        """Points of one look, which say what they are where the mouse is, and open their pair where it is pressed.

        `fill`, `edge`: colours of the theme.
        """
        if not places:
            return

        def make() -> Any:
            theme = colors()
            made = pg.ScatterPlotItem(
                symbol=symbol, size=size, brush=theme.color(fill), hoverable=True, tip=lambda x, y, data: plain_tip(data.tip),
                pen=pg.mkPen(theme.color(edge), width=1.6 if fill == "surface" else 0.6),
            )  # fmt: skip
            made.sigClicked.connect(self._on_clicked)
            return made

        xs, ys, said = zip(*places, strict=True)
        points = {"x": np.array(xs), "y": np.array(ys), "data": list(said)}
        self.put(("points", symbol, fill, edge, size), make, lambda made: made.setData(**points))

    def curve(self, xs: Sequence[float], ys: Sequence[float], role: str, width: float, **more: Any) -> Any:
        """A line through these places. `role`: a colour of the theme. `more`: as pyqtgraph's curves have it."""

        def make() -> Any:
            style = more.get("style", Qt.PenStyle.SolidLine)
            pen = pg.mkPen(colors().color(role), width=width, style=style)
            return pg.PlotCurveItem(pen=pen, **{name: value for name, value in more.items() if name != "style"})

        kind = ("curve", role, width, tuple(more.items()))
        return self.put(kind, make, lambda made: made.setData(np.array(xs, dtype=float), np.array(ys, dtype=float)))

    def upright(self, x: float, role: str, width: float) -> None:
        """A line from top to bottom."""
        pen = pg.mkPen(colors().color(role), width=width)
        self.put(("upright", role, width), lambda: pg.InfiniteLine(pen=pen), lambda made: made.setValue(x))

    def _on_clicked(self, _item: object, spots: Sequence[Any], _event: object = None) -> None:
        if len(spots):
            self.pair_wanted.emit(int(spots[0].data().pair))

    def label(self, text: str, at: tuple[float, float], role: str, anchor: tuple[float, float], *, bold: bool = False) -> None:
        """A plain text beside a place."""

        def make() -> Any:
            made = pg.TextItem("", color=colors().color(role), anchor=anchor)
            inner: QGraphicsTextItem = made.textItem
            inner.setFont(font(0.95, bold=bold))
            return made

        def renew(made: Any) -> None:
            if made.toPlainText() != text:
                made.setPlainText(text)
            made.setPos(*at)

        self.put(("label", role, anchor, bold), make, renew, outside=True)

    # -- copies of it -------------------------------------------------------------------------------------------------

    def image(self) -> QImage:
        """The picture, finer than on the screen."""
        size = self.plot.size()
        made = QImage(QSize(round(size.width() * SHARP), round(size.height() * SHARP)), QImage.Format.Format_RGB32)
        made.fill(colors().color("surface"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.plot.render(painter, QRectF(made.rect()))
        painter.end()
        return made

    def copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.image())
        self.said.emit(tr("The picture is copied."), "ok")

    def ask_save(self, suffix: str) -> None:
        if (path := ask_where(self, tr("Save picture"), f"study-{self.name}{suffix}", endings=(".png", ".svg"))) is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Write it as PNG, or as SVG where the file is called so."""
        done = self._save_svg(path) if path.suffix.lower() == ".svg" else self.image().save(str(path))
        if done:
            tell_written(self, tr("The picture is saved in {path}.", path=path), path)
        else:
            self.said.emit(tr("The picture could not be saved in {path}.", path=path), "bad")

    def _save_svg(self, path: Path) -> bool:
        size = self.plot.size()
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(size)
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle(tr("Diptych study: {name}", name=self.name))
        painter = QPainter()
        if not painter.begin(generator):
            return False
        self.plot.render(painter, QRectF(0, 0, size.width(), size.height()))
        return painter.end()
