"""The pictures of a load beside each other. What draws them is loaded when they are first seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.study.cards import IMPORTING, Card, DrawingLoader
from ui.study.in_turns import InTurns

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.study.load.curves import Curves
    from ui.study.pictures.load_pictures import LoadPicture

WIDTHS, LEAST = (612, 368, 328), 236
TITLES = (message("First token, by how many"), message("Goodput, answers a second"), message("How they ended"))
NOTES = (
    message("thick p50, thin p95, dotted p99; a point opens such a run"),
    message("within your limits"),
    message("red: refused (429)"),
)


class LoadGallery(QWidget):
    """Three cards, each with a picture; where it is narrow the third goes.

    Attributes:
        pictures: what is drawn, () until it was first shown; one comes after the other. loader: what loads that which draws.

    Signals:
        sample_wanted: the user clicked a point; its `Mark`.
        said: something to say on the page, and its role.
    """

    sample_wanted = Signal(object)
    said = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: tuple[LoadPicture, ...] = ()
        self._making: list[Callable[[], LoadPicture]] = []
        self._curves: Curves | None = None
        self._cards = [Card(tr(title), tr(note)) for title, note in zip(TITLES, NOTES, strict=True)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for card, width in zip(self._cards, WIDTHS, strict=True):
            card.setMinimumHeight(LEAST)
            row.addWidget(card, width)
        self._turns = InTurns(self)
        self.loader = DrawingLoader(self)
        self.loader.loaded.connect(self._begin)

    def set_narrow(self, narrow: bool) -> None:
        """Two pictures, or all three."""
        self._cards[2].setVisible(not narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()

    def _say(self) -> None:
        """Titles, and notes where there is room for them."""
        unit = self._curves.unit if self._curves is not None else tr("at once")
        first = tr("First token, by how many {unit}", unit=unit)
        for card, title, note in zip(self._cards, (first, *map(tr, TITLES[1:])), NOTES, strict=True):
            card.say(title, "" if self.width() < 1100 else tr(note))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.pictures and event.type() is QEvent.Type.Show:
            self.loader.start()

    def make(self) -> None:
        """Load what draws, and draw, at once."""
        self._begin()
        self._turns.finish()

    def _begin(self) -> None:
        """Make the pictures, one in a turn."""
        if self._making:
            return
        with IMPORTING:
            from ui.study.pictures.load_pictures import EndsPicture, FirstTokensPicture, GoodputPicture

        self._making = [FirstTokensPicture, GoodputPicture, EndsPicture]
        for card, kind, title in zip(self._cards, self._making, TITLES, strict=True):
            self._turns.soon(kind, partial(self._make, card, kind, title))

    def _make(self, card: Card, kind: Callable[[], LoadPicture], title: str) -> None:
        picture = kind()
        picture.plot.setAccessibleName(tr(title))
        card.put(picture)
        picture.sample_wanted.connect(self.sample_wanted)
        picture.said.connect(self.said)
        picture.show_curves(self._curves)
        self.pictures = (*self.pictures, picture)

    def show_curves(self, curves: Curves | None) -> None:
        """Draw these; None for none."""
        self._curves = curves
        self._say()
        for picture in self.pictures:
            self._turns.soon(picture, partial(picture.show_curves, curves))

    def recolor(self) -> None:
        for picture in self.pictures:
            picture.recolor()
