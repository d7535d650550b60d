"""The pictures of a study beside each other. What draws them is loaded when they are first seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.study.cards import PictureCards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.study.pictures.phases import PhasesPicture
    from ui.study.pictures.picture import Picture
    from ui.study.points import Phase, Points

LOW, WIDTHS = 150, (520, 382, 406)
TITLES = (
    message("Each pair"),
    message("Share at least as fast"),
    message("B − A, pair by pair"),
    message("Until the first token"),
)
OTHER = message("△ another stack")
HINTS = (
    message("Each run will be a point here, A and B of a pair on one line: what drifts and what stands out is seen at once."),
    message("Of 100 runs, how many were at least as fast as any time: the whole spread of both sides, not the median alone."),
    message("How much later B was in each pair, and how sure that is: where the band leaves out 0, B differs."),
    "",
)
NO_PAIR = message("No pair so far that both answered.")
NOTES = (message("a point opens its pair"), "ECDF", "", message("medians of its parts, ms"))


class Gallery(PictureCards["Picture"]):
    """Three cards, each with a picture; where it is narrow the third goes below. A fourth is placed by the page.

    Attributes:
        phases: the fourth card, where the time goes; hidden while there is nothing to show.

    Signals:
        pair_wanted: the user clicked a point; its pair's number.
    """

    pair_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLES, NOTES, HINTS, parent)
        self._points: Points | None = None
        self._phases: tuple[Phase, ...] = ()
        self._phases_picture: PhasesPicture | None = None
        self.phases = self._cards[3]
        self.phases.setFixedHeight(LOW)
        self.phases.set_empty(False)
        self.phases.hide()
        self._first = QHBoxLayout()
        self._first.setSpacing(8)
        for card, width in zip(self._cards[:2], WIDTHS, strict=False):
            self._first.addWidget(card, width)
        self._all = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._all.setContentsMargins(0, 0, 0, 0)
        self._all.setSpacing(8)
        self._all.addLayout(self._first, sum(WIDTHS[:2]))
        self._all.addWidget(self._cards[2], WIDTHS[2])

    def set_narrow(self, narrow: bool) -> None:
        """Two pictures beside each other and the third below, or all three in a row."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._all.setDirection(direction)

    def kinds(self) -> Sequence[Callable[[], Picture]]:
        from ui.study.pictures.differences import DifferencesPicture
        from ui.study.pictures.phases import PhasesPicture
        from ui.study.pictures.runs import RunsPicture
        from ui.study.pictures.shares import SharesPicture

        def phases() -> Picture:
            self._phases_picture = PhasesPicture()
            return self._phases_picture

        return RunsPicture, SharesPicture, DifferencesPicture, phases

    def take(self, picture: Picture) -> None:
        picture.pair_wanted.connect(self.pair_wanted)
        if picture is self._phases_picture:
            self.show_phases(self._phases)
        else:
            self._turns.soon(picture, partial(picture.draw, self._points))

    def show_phases(self, phases: tuple[Phase, ...]) -> None:
        """Draw where the time goes; () for nothing."""
        self._phases = phases
        self.phases.setVisible(bool(phases))
        if (picture := self._phases_picture) is not None:
            self._turns.soon(picture, partial(picture.show_phases, phases))

    def show_points(self, points: Points | None, band: str) -> None:
        """Draw a measure's points; None for none. `band`: what the third picture's band is."""
        self._points = points
        unit = points.unit if points is not None else "ms"
        runs = points.runs if points is not None else ()
        first = [tr(OTHER)] if any(one.other for one in runs) else []
        self._cards[0].say(
            tr("{title}, {unit}", title=tr(TITLES[0]), unit=unit), " · ".join([*first, tr(NOTES[0])]) if runs else ""
        )
        self._cards[1].say(tr("{title}, {unit}", title=tr(TITLES[1]), unit=unit), tr(NOTES[1]))
        self._cards[2].say(tr("{title}, {unit}", title=tr(TITLES[2]), unit=unit), band)
        for card in self._cards[:2]:
            card.set_empty(not runs)
        self._cards[2].empty.setText(tr(NO_PAIR if runs else HINTS[2]))
        self._cards[2].set_empty(points is None or not points.steps)
        for picture in self.pictures[:3]:
            self._turns.soon(picture, partial(picture.draw, points))
