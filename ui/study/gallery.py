"""The pictures beside each other. What draws them is loaded when they are first seen: it takes about a second."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from ui.study.pictures.phases import PhasesPicture
    from ui.study.pictures.picture import Picture
    from ui.study.points import Phase, Points

HEIGHT, LOW, WIDTHS = 216, 150, (520, 382, 406)
TITLES = ("Each pair", "Share at least as fast", "B − A, pair by pair", "Until the first token")
NOTES = ("a point opens its pair", "ECDF", "", "medians of its parts, ms")
DELAY_MS = 20


class Gallery(QWidget):
    """Three cards, each with a picture; where it is narrow the third goes below. A fourth is placed by the page.

    Attributes:
        phases: the fourth card, where the time goes; hidden while there is nothing to show.
        pictures: what is drawn, () until it was first shown.

    Signals:
        pair_wanted: the user clicked a point; its pair's number.
        said: something to say on the page, and its role.
    """

    pair_wanted = Signal(int)
    said = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: tuple[Picture, ...] = ()
        self._points: Points | None = None
        self._phases: tuple[Phase, ...] = ()
        self._band = ""
        self._phases_picture: PhasesPicture
        self._cards = [_Card(title, note) for title, note in zip(TITLES, NOTES, strict=True)]
        self.phases = self._cards[3]
        self.phases.setFixedHeight(LOW)
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
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DELAY_MS)
        self._soon.timeout.connect(self._load)
        self._loaded = 0

    def set_narrow(self, narrow: bool) -> None:
        """Two pictures beside each other and the third below, or all three in a row."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._all.setDirection(direction)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.pictures and event.type() is QEvent.Type.Show:
            self._soon.start()  # after the rest of the page is painted

    def _load(self) -> None:
        """One step of loading what draws; after the last one, draw."""
        from ui.study.pictures import STEPS

        if self.pictures or self._loaded == len(STEPS):
            return self.make()
        import_module(STEPS[self._loaded])
        self._loaded += 1
        return self._soon.start()

    def make(self) -> None:
        """Load what draws, and draw."""
        if self.pictures:
            return
        from ui.study.pictures.differences import DifferencesPicture
        from ui.study.pictures.phases import PhasesPicture
        from ui.study.pictures.runs import RunsPicture
        from ui.study.pictures.shares import SharesPicture

        self._phases_picture = PhasesPicture()
        self.pictures = (RunsPicture(), SharesPicture(), DifferencesPicture(), self._phases_picture)
        for card, picture in zip(self._cards, self.pictures, strict=True):
            card.put(picture)
            picture.pair_wanted.connect(self.pair_wanted)
            picture.said.connect(self.said)
        self._draw()
        self.show_phases(self._phases)

    def show_phases(self, phases: tuple[Phase, ...]) -> None:
        """Draw where the time goes; () for nothing."""
        self._phases = phases
        self.phases.setVisible(bool(phases))
        if self.pictures:
            self._phases_picture.show_phases(phases)

    def show_points(self, points: Points | None, band: str) -> None:
        """Draw a measure's points; None for none. `band`: what the third picture's band is."""
        self._points, self._band = points, band
        self._draw()

    def _draw(self) -> None:
        unit = self._points.unit if self._points is not None else "ms"
        self._cards[0].say(f"{TITLES[0]}, {unit}", NOTES[0] if self._points is not None and self._points.runs else "")
        self._cards[1].say(f"{TITLES[1]}, {unit}", NOTES[1])
        self._cards[2].say(f"{TITLES[2]}, {unit}", self._band)
        for picture in self.pictures[:3]:
            picture.draw(self._points)

    def recolor(self) -> None:
        for picture in self.pictures:
            picture.recolor()


class _Card(QFrame):
    """A title, a note at its right, and the picture."""

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._title, self._note = PlainLabel(title, bold=True), PlainLabel(note, role="muted", scale=0.9)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 12, 8)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._empty = QWidget()
        self._column.addWidget(self._empty, 1)
        self.setMinimumHeight(HEIGHT)
        self.setMinimumWidth(120)

    def say(self, title: str, note: str) -> None:
        self._title.setText(title)
        self._note.setText(note)

    def put(self, picture: QWidget) -> None:
        self._empty.hide()
        self._column.addWidget(picture, 1)
