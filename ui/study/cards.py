"""Cards that hold a picture each, and what loads that which draws: it takes about a second, once they are first seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.shared.tasks import Tasks
from ui.study.in_turns import InTurns
from ui.widgets.labels import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from ui.study.pictures.picture import Picture

P = TypeVar("P", bound="Picture")

HEIGHT, TALLEST, SHARE, DELAY_MS = 216, 340, 0.37, 20  # pixels of a card, above a table; its share of the page's height
AT_ONCE = 100  # classes made in a turn of the loop: together some 3 ms


class Card(QFrame):
    """A title, a note at its right, and the picture; while there is nothing to draw, what will stand there.

    Attributes:
        empty: what will stand there.
    """

    def __init__(self, title: str, note: str, hint: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._title, self._note = PlainLabel(title, bold=True), ElidedLabel(scale=0.9)
        self._note.align_right()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 12, 8)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._picture: QWidget | None = None
        self.empty = PlainLabel(hint, role="muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(24, 0, 24, 12)
        self._column.addWidget(self.empty, 1)
        self.setMinimumHeight(HEIGHT)
        self.setMinimumWidth(120)
        self.say(title, note)

    def say(self, title: str, note: str) -> None:
        self._title.setText(title)
        self._note.set_text(note, "muted")

    def set_empty(self, empty: bool) -> None:
        """Whether there is nothing to draw."""
        self.empty.setVisible(empty)
        if self._picture is not None:
            self._picture.setVisible(not empty)

    def put(self, picture: QWidget) -> None:
        self._picture = picture
        picture.setVisible(self.empty.isHidden())
        self._column.addWidget(picture, 1)


def _import(*names: str) -> None:
    """Each where it is there: a built program may lack what pyqtgraph does without."""
    for name in names:
        with suppress(ImportError):
            import_module(name)


class DrawingLoader(QObject):
    """Imports what draws, once the rest is painted, in turns of the window's loop.

    Signals:
        loaded: all of it is there.
    """

    loaded = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = Tasks()
        self._begun = False

    def start(self) -> None:
        """Begin, where it has not begun."""
        if not self._begun:
            self._begun = True
            self._tasks.start(self._load())

    async def _load(self) -> None:
        """WORKAROUND: PySide6 6.11.3 makes its classes when they are first asked for, and two threads that ask for them at one
        time end the process (seen: a segmentation fault while another thread imported pyqtgraph, which asks for all). So only
        the window's own thread imports what knows Qt, in pieces."""
        from ui.study.pictures import BESIDE, QT, STEPS

        await asyncio.sleep(DELAY_MS / 1e3)
        await asyncio.to_thread(_import, *BESIDE)
        for name in QT:
            module = import_module(name)
            for number, known in enumerate(dir(module)):
                getattr(module, known)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
        for name in STEPS:
            await asyncio.sleep(DELAY_MS / 1e3)
            _import(name)
        self.loaded.emit()

    async def aclose(self) -> None:
        """Wait until nothing is loaded any more."""
        await self._tasks.aclose()


class PictureCards(QWidget, Generic[P]):
    """Cards whose pictures are made when they are first seen, one in a turn of the window's loop.

    Attributes:
        pictures: what is drawn, () until it was first shown; one comes after the other. loader: what loads that which draws.

    Signals:
        said: something to say on the page, and its role.
    """

    said = Signal(str, str)

    def __init__(
        self, titles: Sequence[str], notes: Sequence[str], hints: Sequence[str], parent: QWidget | None = None
    ) -> None:
        """`titles`, `notes`, `hints` (what will stand there): messages, one of each a card."""
        super().__init__(parent)
        self.pictures: tuple[P, ...] = ()
        self._titles, self._begun = titles, False
        self._cards = [Card(*map(tr, words)) for words in zip(titles, notes, hints, strict=True)]
        self._turns = InTurns(self)
        self.loader = DrawingLoader(self)
        self.loader.loaded.connect(self._begin)

    def kinds(self) -> Sequence[Callable[[], P]]:
        """What makes the pictures, card by card; imported when it is asked for."""
        raise NotImplementedError

    def take(self, picture: P) -> None:
        """One is in its card: connect it, and have it draw what there is."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.pictures and event.type() is QEvent.Type.Show:
            self.loader.start()

    def set_narrow(self, narrow: bool) -> None:
        """Place them where there is little room, or enough."""
        raise NotImplementedError

    def fit_height(self, page: int) -> None:
        """Take a share of a page of that height: what stands below, which scrolls, is still seen to be there."""
        height = round(min(TALLEST, max(HEIGHT, SHARE * page)))
        for card in self._cards:
            if card.minimumHeight() != card.maximumHeight():  # one of a fixed height keeps that
                card.setMinimumHeight(height)

    def make(self) -> None:
        """Load what draws, and draw, at once."""
        self._begin()
        self._turns.finish()

    def _begin(self) -> None:
        """Make the pictures, one in a turn."""
        if self._begun:
            return
        self._begun = True
        for card, kind, title in zip(self._cards, self.kinds(), self._titles, strict=True):
            self._turns.soon(kind, partial(self._make, card, kind, title))

    def _make(self, card: Card, kind: Callable[[], P], title: str) -> None:
        picture = kind()
        picture.plot.setAccessibleName(tr(title))
        picture.said.connect(self.said)
        card.put(picture)
        self.pictures = (*self.pictures, picture)
        self.take(picture)

    def recolor(self) -> None:
        for picture in self.pictures:
            picture.recolor()
