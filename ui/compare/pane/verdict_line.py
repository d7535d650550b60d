"""The line above a side's figures: the verdict on its tint, the first reason as a link, the facts at the right end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.text.sentences import message, tr
from app.text.visible import visible
from ui.compare.pane.verdict import VerdictWords, verdict_words
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.labels import PART, SegmentLine, plain_tip
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from ui.widgets.copying import Copy

FACTS_TIP = message(
    "At the right end: the HTTP status, why the answer ended in the protocol's own word, how many rounds, the version of HTTP, "
    "and whether the connection was made for it."
)
HEIGHT, TIGHT_HEIGHT = 30, 24
INSET = 12
GAP = 7
FACTS_GAP = 12
LEAST_LINK = 48
READ_LINK = 130  # of a reason so much at least is read sooner than for whom the verdict is
LINK_ROOM = 6  # a link's padding and border


class VerdictLine(QWidget):
    """One line, as high whatever it says. Where it is narrow the facts go first, from their end; then the reason is shortened.

    Attributes:
        side: whose it is, "A" or "B", for those who hear it.
        words: the verdict and for whom. link: the first reason. facts: at the right end.

    Signals:
        link_pressed: the reason was pressed.
    """

    link_pressed = Signal()
    heard_as = "group"

    def __init__(self, right: QWidget, parent: QWidget | None = None) -> None:
        """`right` stands behind the facts, whole, while it is not hidden."""
        super().__init__(parent)
        self.side = ""
        self._least = HEIGHT
        self._told = verdict_words(None)
        self._right = right
        right.setParent(self)
        right.installEventFilter(self)
        self.words, self.reason, self.facts = SegmentLine(self), SegmentLine(self), SegmentLine(self)
        self.link = QPushButton(self)
        self.link.setObjectName("link")
        self.link.clicked.connect(self.link_pressed)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def text(self) -> str:
        """All that it says."""
        return self._told.text

    def show_words(self, told: VerdictWords) -> None:
        """Say something else."""
        if told == self._told:
            return
        self._told = told
        self.setToolTip(plain_tip("\n".join(filter(None, (told.tip, tr(FACTS_TIP) if told.facts else "")))))
        self._fit()
        self.update()

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        yield Copy(tr("Copy the verdict"), lambda: self.text, tr("verdict"))
        if self._told.tip:
            yield Copy(tr("Copy the verdict with its reasons"), lambda: self._told.tip)

    def fit_right(self) -> None:
        """What stands at the right end takes more or less room, or none."""
        self._fit()

    def set_tight(self, tight: bool) -> None:
        """Take less height, in a low window."""
        self._least = TIGHT_HEIGHT if tight else HEIGHT
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._height)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @property
    def _height(self) -> int:
        """That of the text where it is larger, so that no letter of it is cut."""
        return max(self._least, self.words.sizeHint().height() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._right and event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # its titles were styled, and take more room than when they were set
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        """Give each part its room: the verdict first, then the reason, then as many facts as are left room for."""
        told, metrics = self._told, QFontMetricsF(font())
        end = self.width() - INSET
        if not self._right.isHidden():
            end -= self._put(self._right, end - self._right.sizeHint().width(), self._right.sizeHint().width()) + GAP
        said = visible(told.link or told.reason, keep="")
        link = round(metrics.horizontalAdvance(said)) + LINK_ROOM if said else 0
        self.words.set_segments(*told.words)
        if said and end - INSET - self.words.sizeHint().width() < min(link, READ_LINK):
            self.words.set_segments(*_without_whom(told.words))
        words = self.words.sizeHint().width()
        wanted = INSET + words + link
        facts = list(told.facts)
        while facts and wanted + FACTS_GAP + metrics.horizontalAdvance(PART.join(facts)) > end:
            facts.pop()
        self.facts.setVisible(bool(facts))
        self.facts.set_segments(Segment(PART.join(facts)))
        if facts:
            end -= self._put(self.facts, end - self.facts.sizeHint().width(), self.facts.sizeHint().width()) + FACTS_GAP
        left = end - INSET - words
        has_room = bool(said) and left >= LEAST_LINK
        self._put(self.words, INSET, min(words, end - INSET))
        self.link.setVisible(has_room and bool(told.link))
        self.reason.setVisible(has_room and not told.link)
        if has_room:
            short = metrics.elidedText(said, Qt.TextElideMode.ElideRight, left - LINK_ROOM)
            self.link.setText(short.replace("&", "&&"))
            self.link.setAccessibleName(tr("{said}: show the findings{side:if  of side {side}}", said=said, side=self.side))
            self.reason.set_segments(Segment(short, "text"))
            width = round(metrics.horizontalAdvance(short)) + LINK_ROOM
            self._put(self.link if told.link else self.reason, INSET + words, width)

    def _put(self, part: QWidget, left: int, width: int) -> int:
        """Place a part in the middle of the height; returns its width."""
        height = min(part.sizeHint().height(), self.height() - 2)
        part.setGeometry(left, (self.height() - height) // 2, width, height)
        return width

    @property
    def shown(self) -> str:
        """What there is room for."""
        parts = [*self.words.shown, *(one.text() for one in (self.link,) if not one.isHidden())]
        parts += [one.text for one in (self.reason, self.facts) if not one.isHidden()]
        return " ".join(filter(None, parts))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        fill(QPainter(self), QRectF(self.rect()), colors().color(self._told.tint))


def _without_whom(words: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The verdict alone, before its reason; for whom it is stands in the tooltip."""
    *kept, whom = words
    if not kept or not whom.yields:
        return words
    return (*kept[:-1], msgspec.structs.replace(kept[-1], text=tr("{words}:", words=kept[-1].text)))
