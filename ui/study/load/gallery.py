"""The pictures of a load beside each other. What draws them is loaded when they are first seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.study.cards import PictureCards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.study.load.curves import Curves
    from ui.study.pictures.load_pictures import LoadPicture

WIDTHS = (612, 368, 328)
TITLES = (message("First token, by how many"), message("Goodput, answers a second"), message("How they ended"))
HINTS = (
    message("How long the first token takes, by how many are asked at once: where the line bends up, the endpoint is full."),
    message("Answers a second that were complete and within your limits: its top is what the endpoint can serve."),
    message("How many of each step were answered, refused (429) or failed."),
)
NOTES = (
    message("thick p50, thin p95, dotted p99 · a point opens such a run"),
    message("within your limits"),
    message("red: refused (429)"),
)


class LoadGallery(PictureCards["LoadPicture"]):
    """Three cards, each with a picture; where it is narrow the third goes.

    Signals:
        sample_wanted: the user clicked a point; its `Mark`.
    """

    sample_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLES, NOTES, HINTS, parent)
        self._curves: Curves | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for card, width in zip(self._cards, WIDTHS, strict=True):
            row.addWidget(card, width)

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

    def kinds(self) -> Sequence[Callable[[], LoadPicture]]:
        from ui.study.pictures.load_pictures import EndsPicture, FirstTokensPicture, GoodputPicture

        return FirstTokensPicture, GoodputPicture, EndsPicture

    def take(self, picture: LoadPicture) -> None:
        picture.sample_wanted.connect(self.sample_wanted)
        picture.show_curves(self._curves)

    def show_curves(self, curves: Curves | None) -> None:
        """Draw these; None for none."""
        self._curves = curves
        self._say()
        for card in self._cards:
            card.set_empty(curves is None)
        for picture in self.pictures:
            self._turns.soon(picture, partial(picture.show_curves, curves))
