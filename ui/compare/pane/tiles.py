"""Metric tiles in a row: big figures with their units; where it gets narrow the least needed fold away."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.text import numbers
from app.text.sentences import tr
from ui.style.look import fill
from ui.style.measured import measured
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.labels import plain_tip
from ui.widgets.stops import Stop, Stops

if TYPE_CHECKING:
    from ui.widgets.copying import Copy
    from ui.widgets.segments import Tile

PADDING = 12
GAP = 5
ABOVE, BETWEEN, BELOW = 12, 4, 12
MOST_WIDTHS = 100  # a clock that runs is another tile each time
LESS = 5  # above and below, without the line below the figures


class TileRow(QWidget):
    """The tiles, painted; each as wide as it needs and an equal share of the rest. What a tile says below its figure has a line
    of its own until the row is told to fold it; where it is too long it is in the tooltip alone. The keyboard goes to each that
    has a figure.
    """

    heard_as = "list"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        self._painted: list[tuple[Tile, float, float]] = []
        self._other: TileRow | None = None
        self._low = False
        self._laid_out: tuple[tuple[int, bool], list[tuple[Tile, float, float]]] | None = None  # for a width, low or not
        self._take_fonts()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._stops = Stops(self, self._rects)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _take_fonts(self) -> None:
        self._title_font, self._note_font = font(0.88), font(0.88)
        self._fonts = {"figure": font(1.45, bold=True), "unit": font(0.9), "delta": font(0.9, bold=True)}
        self._metrics = {kind: measured(one) for kind, one in self._fonts.items()}
        self._small = measured(self._note_font)
        self._own_widths: dict[Tile, float] = {}
        self._laid_out = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._take_fonts()
            self.updateGeometry()

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
            self._tiles, self._laid_out = tiles, None
            self.setAccessibleDescription(". ".join(tile.words for tile in tiles))
            known = [one for one in tiles if any(part.text != numbers.DASH for part in one.parts)]
            shown = [tile for tile, *_ in self._places()] if known else []
            self._stops.name([(one.words, one.tip) for one in shown])
            self._repaint()
            if self._other is not None:
                self._other._laid_out = None  # it has room for these as well
                self._other._repaint()

    def _repaint(self) -> None:
        """What is another figure by now, or stands elsewhere: while a run goes on that is mostly one clock of all."""
        before, places = self._painted, self._places()
        if [place[1:] for place in before] != [place[1:] for place in places]:
            self.update()
            return
        for (was, left, width), (tile, *_) in zip(before, places, strict=True):
            if was != tile:
                self.update(round(left), 0, ceil(width), self.height())

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        tile = self._tile_at(at) if at is not None else None
        if tile is not None:
            value = " ".join(part.text for part in tile.parts if part.kind != "delta")
            if value != numbers.DASH:
                yield Copy(tr("Copy {text:quoted}", text=value), lambda: value)
            said = tr("Copy {title:quoted} with what explains it", title=tile.title)
            yield Copy(said, lambda: f"{tile.words}\n{tile.tip}".strip(), tile.title)
        if self._tiles:
            yield Copy(tr("Copy all figures of this side"), lambda: "\n".join(one.words for one in self._tiles))

    def pair(self, other: TileRow) -> None:
        """Lay the tiles of both rows out alike: the same ones fold, and where the rows are equally wide the columns agree."""
        self._other, other._other = other, self
        self._laid_out = other._laid_out = None

    def set_low(self, low: bool) -> None:
        """Leave the line below the figures out."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        height = ABOVE + self._small.height + BETWEEN + self._metrics["figure"].height + BELOW
        return QSize(400, round(height - 2 * LESS if self._low else height + self._small.height + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tile = self._tile_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(self._tip(tile)) if tile else "", self)
            return True
        return bool(super().event(event))

    def _tip(self, tile: Tile) -> str:
        """What a tile says, with what has no room below its figure."""
        return tile.tip if not tile.note or tile.title in self.shown_notes else f"{tile.note}\n{tile.tip}"

    @property
    def shown_notes(self) -> dict[str, str]:
        """What is said below the figures that has room there, by the tiles' titles."""
        return self._notes_of(self._places())

    def _notes_of(self, places: list[tuple[Tile, float, float]]) -> dict[str, str]:
        if self._low:
            return {}
        return {
            tile.title: tile.note
            for tile, _, width in places
            if tile.note and self._small.width(tile.note) <= width - PADDING - 4
        }

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        fill(painter, QRectF(event.rect()), theme.color("surface"))
        places = self._painted = self._places()
        notes = self._notes_of(places)
        for tile, left, width in places:
            if left >= event.rect().right() + 1 or left + width <= event.rect().left():
                continue
            if left > 0:
                fill(painter, QRectF(left, 0, 1, self.height()), theme.color("border"))
            self._paint_tile(painter, tile, left + PADDING, width - 2 * PADDING, notes.get(tile.title, ""))

    def _paint_tile(self, painter: QPainter, tile: Tile, left: float, width: float, note: str) -> None:
        theme = colors()
        painter.setFont(self._title_font)
        painter.setPen(theme.color("muted"))
        title = self._small.fitted(tile.title, width)
        above = ABOVE - LESS if self._low else ABOVE
        painter.drawText(QPoint(round(left), round(above + self._small.ascent)), title)
        top = above + self._small.height + BETWEEN
        baseline = round(top + self._metrics["figure"].ascent)
        x, end = left, left + width
        for part in tile.parts:
            chosen: QFont = self._fonts[part.kind]
            text = self._metrics[part.kind].fitted(part.text, max(0.0, end - x) + 1)
            painter.setFont(chosen)
            painter.setPen(theme.color(part.role))
            painter.drawText(QPoint(round(x), baseline), text)
            x += self._metrics[part.kind].width(part.text) + GAP
        if note:
            painter.setFont(self._note_font)
            painter.setPen(theme.color("muted"))
            below = top + self._metrics["figure"].height + 2 + self._small.ascent
            painter.drawText(QPoint(round(left), round(below)), note)

    def _places(self) -> list[tuple[Tile, float, float]]:
        """The tiles that fit, each with its left edge and width; what is said below a figure widens it where there is room."""
        room = self.width(), self._low
        if self._laid_out is None or self._laid_out[0] != room:
            self._laid_out = room, self._lay_out()
        return self._laid_out[1]

    def _lay_out(self) -> list[tuple[Tile, float, float]]:
        shown = self.visible_tiles
        if not shown:
            return []
        needs = [self._width(tile) for tile in shown]
        wishes = [max(need, self._note_width(tile)) for need, tile in zip(needs, shown, strict=True)]
        if not self._low and sum(wishes) <= self.width():
            needs = wishes
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

    @property
    def stops(self) -> list[Stop]:
        """Where the keyboard stops, one after the other."""
        return self._stops.parts

    def _rects(self) -> list[QRect]:
        return [QRect(round(left), 0, round(width), self.height()) for _, left, width in self._places()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stops.put()

    def _both(self, tile: Tile) -> list[Tile]:
        """A tile, and the one of that name in the other row."""
        theirs = [one for one in self._other.tiles if one.title == tile.title] if self._other is not None else []
        return [tile, *theirs]

    def _width(self, tile: Tile) -> float:
        """What a tile needs, here or in the other row."""
        return max(map(self._own_width, self._both(tile)))

    def _note_width(self, tile: Tile) -> float:
        return max(self._small.width(one.note) for one in self._both(tile)) + 2 * PADDING

    def _own_width(self, tile: Tile) -> float:
        if (width := self._own_widths.get(tile)) is None:
            if len(self._own_widths) >= MOST_WIDTHS:
                self._own_widths.clear()
            line = sum(self._metrics[part.kind].width(part.text) + GAP for part in tile.parts) - GAP
            width = self._own_widths[tile] = max(line, self._small.width(tile.title)) + 2 * PADDING
        return width

    def _tile_at(self, position: QPoint) -> Tile | None:
        return next((tile for tile, left, width in self._places() if left <= position.x() < left + width), None)
