"""Metric tiles in a row: big figures with their units; where it gets narrow the least needed fold away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.style.look import fill
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from ui.widgets.segments import Tile

PADDING = 12
GAP = 5


class TileRow(QWidget):
    """The tiles, painted; each as wide as it needs and an equal share of the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        self._other: TileRow | None = None
        self._title_font = font(0.88)
        self._fonts = {"figure": font(1.3, bold=True), "unit": font(0.9), "delta": font(0.9, bold=True)}
        self._metrics = {kind: QFontMetricsF(one) for kind, one in self._fonts.items()}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return self._tiles

    @property
    def visible_tiles(self) -> list[Tile]:
        """Those that fit, in their order."""
        shown = list(self._tiles)
        while len(shown) > 1 and sum(map(self._width, shown)) > self.width():
            shown.remove(min(shown, key=lambda tile: tile.keep))
        return shown

    def set_tiles(self, *tiles: Tile) -> None:
        if tiles != self._tiles:
            self._tiles = tiles
            self.setAccessibleName(". ".join(tile.words for tile in tiles))
            self.update()
            if self._other is not None:
                self._other.update()

    def pair(self, other: TileRow) -> None:
        """Lay the tiles of both rows out alike: the same ones fold, and where the rows are equally wide the columns agree."""
        self._other, other._other = other, self

    def sizeHint(self) -> QSize:
        return QSize(400, round(QFontMetricsF(self._title_font).height() + self._metrics["figure"].height()) + 21)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tile = self._tile_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(tile.tip) if tile else "", self)
            return True
        return bool(super().event(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        for tile, left, width in self._places():
            if left > 0:
                fill(painter, QRectF(left, 0, 1, self.height()), theme.color("border"))
            self._paint_tile(painter, tile, left + PADDING, width - 2 * PADDING)

    def _paint_tile(self, painter: QPainter, tile: Tile, left: float, width: float) -> None:
        theme = colors()
        titles = QFontMetricsF(self._title_font)
        painter.setFont(self._title_font)
        painter.setPen(theme.color("muted"))
        title = titles.elidedText(tile.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPoint(round(left), round(8 + titles.ascent())), title)
        baseline = round(8 + titles.height() + 4 + self._metrics["figure"].ascent())
        x, end = left, left + width
        for part in tile.parts:
            chosen: QFont = self._fonts[part.kind]
            text = self._metrics[part.kind].elidedText(part.text, Qt.TextElideMode.ElideRight, max(0.0, end - x) + 1)
            painter.setFont(chosen)
            painter.setPen(theme.color(part.role))
            painter.drawText(QPoint(round(x), baseline), text)
            x += self._metrics[part.kind].horizontalAdvance(part.text) + GAP

    def _places(self) -> list[tuple[Tile, float, float]]:
        shown = self.visible_tiles
        if not shown:
            return []
        needs = [self._width(tile) for tile in shown]
        even = self.width() / len(shown)
        if max(needs) <= even:
            widths = [even] * len(shown)
        else:
            spare = (self.width() - sum(needs)) / len(shown)
            widths = [need + spare for need in needs]
        places: list[tuple[Tile, float, float]] = []
        left = 0.0
        for tile, width in zip(shown, widths, strict=True):
            places.append((tile, round(left), width))
            left += width
        return places

    def _width(self, tile: Tile) -> float:
        """What a tile needs, here or in the other row."""
        theirs = [one for one in self._other.tiles if one.title == tile.title] if self._other is not None else []
        return max(map(self._own_width, (tile, *theirs)))

    def _own_width(self, tile: Tile) -> float:
        line = sum(self._metrics[part.kind].horizontalAdvance(part.text) + GAP for part in tile.parts) - GAP
        return max(line, QFontMetricsF(self._title_font).horizontalAdvance(tile.title)) + 2 * PADDING

    def _tile_at(self, position: QPoint) -> Tile | None:
        return next((tile for tile, left, width in self._places() if left <= position.x() < left + width), None)
