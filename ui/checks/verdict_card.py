"""The verdict line: what all checks mean together, its reasons as links, how far they are, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.fields import NumberField, WrapLabel, short_middle
from ui.widgets.flow import Flow
from ui.widgets.labels import PlainLabel, SegmentLine, plain_tip
from ui.widgets.segments import Segment
from ui.widgets.tab_order import follow

NARROW, WIDE = 940, 1150
PARTS = (58, 42)  # of the width, where it is wide: the words, the figures
LINK_CHARACTERS = 60
TINTS = {"ok": "ok_tint", "warn": "warn_tint", "bad": "bad_tint"}


class Link(msgspec.Struct, frozen=True):
    """A reason or an offer: its words, more of them for the tip, and what a press does."""

    words: str
    tip: str
    work: Callable[[], object]


class VerdictLine(msgspec.Struct, frozen=True):
    """What the card says. `role` is "ok", "warn", "bad", or "muted" where nothing is told yet.

    `more` stands behind the words, quietly; `sentence` below them, where there are no `links`. `done` is how much of it is
    done, from 0 to 1; None for no bar.
    """

    shape: str
    words: str
    role: str
    client: str = ""
    more: str = ""
    sentence: str = ""
    links: tuple[Link, ...] = ()
    progress: tuple[Segment, ...] = ()
    spent: tuple[Segment, ...] = ()
    done: float | None = None


class VerdictCard(QFrame):
    """The card.

    Attributes:
        cap: what the next session may cost at most; its unit is said before it.
        after: what Tab comes from when it goes to the reasons.

    Signals:
        cap_edited: the user typed another cap.
    """

    cap_edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = VerdictLine("", "", "muted")
        self.after: QWidget | None = None
        self._shape = PlainLabel(bold=True, scale=1.5)
        self._words = SegmentLine(scale=1.2)
        self._sentence = WrapLabel(role="muted")
        self._links = Flow(spacing=14, line_spacing=2)
        self._progress, self._spent, self._bar = SegmentLine(), SegmentLine(), _ProgressLine()
        self._cap_unit = PlainLabel(tr("at most $"), role="muted")
        self.cap = NumberField(tr("The cap"), 0, 100_000_000, above=True)
        self.cap.setFixedWidth(84)
        self._lay_out()
        self.cap.textEdited.connect(lambda _: self.cap_edited.emit())
        self.setAccessibleName(tr("Verdict"))

    def _lay_out(self) -> None:
        self._links.hide()
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._words)
        words.addWidget(self._sentence)
        words.addWidget(self._links)
        words.addStretch(1)
        left = QHBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        left.addLayout(words, 1)
        cost = QHBoxLayout()
        cost.setSpacing(8)
        for part in (self._spent, self._cap_unit, self.cap):
            cost.addWidget(part)
        cost.addStretch()  # below the other line they stand at its left
        self._figures = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._figures.setSpacing(8)
        self._figures.addWidget(self._progress, 1)
        self._figures.addLayout(cost)
        self._progress.setMinimumHeight(self.cap.sizeHint().height())  # whether the cap can be typed now or not
        self._spent.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addLayout(self._figures)
        right.addWidget(self._bar)
        right.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(16, 10, 16, 10)
        self._row.setSpacing(20)
        self._row.addLayout(left, PARTS[0])
        self._row.addLayout(right, PARTS[1])

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The verdict as it is read."""
        return self._words.text

    @property
    def links(self) -> list[QPushButton]:
        """The reasons, as buttons."""
        return [button for button in self._links.parts if isinstance(button, QPushButton) and not button.isHidden()]

    @property
    def figures(self) -> str:
        """How far it is and what it cost."""
        return f"{self._progress.text} {self._spent.text}".strip()

    def show_line(self, line: VerdictLine) -> None:
        """Say something else; what stays the same stays as it is, with the keyboard."""
        before, self._line = self._line, line
        self._shape.setText(line.shape)
        self._shape.setVisible(bool(line.shape))
        self._shape.set_role(line.role)
        more = Segment(line.more) if line.more else Segment("")
        self._words.set_segments(Segment(line.words, line.role, True), Segment(line.client, "text"), more)
        self._sentence.show_text("" if line.links else line.sentence)
        if [(one.words, one.tip) for one in line.links] != [(one.words, one.tip) for one in before.links]:
            self._show_links(line.links)
        self._progress.set_segments(*line.progress)
        self._spent.set_segments(*line.spent)
        self._bar.show_part(line.done)
        self._fit_figures()
        self.update()

    def _show_links(self, links: Sequence[Link]) -> None:
        self._links.clear()
        for one in links:
            button = QPushButton(short_middle(one.words, LINK_CHARACTERS))
            button.setObjectName("link")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAccessibleName(one.words)
            button.setToolTip(plain_tip(one.tip))
            button.clicked.connect(partial(self._press, one.words))
            self._links.add(button)
        self._links.setVisible(bool(links))
        if self.after is not None:
            follow(self.after, self._links)

    def _press(self, words: str) -> None:
        for one in self._line.links:
            if one.words == words:
                one.work()
                return

    def set_cap_shown(self, shown: bool, unit: str) -> None:
        """Whether the cap can be typed now; `unit` stands before it."""
        self._cap_unit.setText(unit)
        self._cap_unit.setVisible(shown)
        self.cap.setVisible(shown)
        self._fit_figures()
        self.cap.setAccessibleName(tr("The cap: {unit}", unit=unit))

    # -- the widget ---------------------------------------------------------------------------------------------------

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color(self._line.role if self._line.role in TINTS else "border"))
        painter.setBrush(theme.color(TINTS.get(self._line.role, "surface")))
        painter.setOpacity(1.0)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = theme.color(self._line.role if self._line.role in TINTS else "border")
        if self._line.role in TINTS:
            edge.setAlphaF(0.35)
        painter.setPen(edge)
        painter.drawRoundedRect(area, 7, 7)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        wanted = directions.TopToBottom if self.width() < NARROW else directions.LeftToRight
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
            self._row.setSpacing(8 if wanted is directions.TopToBottom else 20)
        for number, part in enumerate(PARTS if self.width() >= WIDE else (1, 1)):
            self._row.setStretch(number, part)
        self._fit_figures()

    def _fit_figures(self) -> None:
        """How far it is and what it cost stand in one line, or where that has no room below each other: neither is elided."""
        inner = self.width() - 2 * 16
        parts = PARTS if self.width() >= WIDE else (1, 1)
        beside = self._row.direction() == QBoxLayout.Direction.LeftToRight
        room = (inner - self._row.spacing()) * parts[1] / sum(parts) if beside else inner
        shown = [self._progress, self._spent, *([self._cap_unit, self.cap] if self.cap.isVisibleTo(self) else [])]
        wanted = sum(one.sizeHint().width() + self._figures.spacing() for one in shown)
        directions = QBoxLayout.Direction
        self._figures.setDirection(directions.LeftToRight if wanted <= room else directions.TopToBottom)


class _ProgressLine(QWidget):
    """A thin bar of which a part is filled."""

    def __init__(self) -> None:
        super().__init__()
        self._part: float | None = None
        self.setFixedHeight(5)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def show_part(self, part: float | None) -> None:
        self._part = part
        self.setVisible(part is not None)
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(theme.color("border"))
        painter.drawRoundedRect(area, 2.5, 2.5)
        if self._part:
            area.setWidth(max(5.0, area.width() * min(1.0, self._part)))
            painter.setBrush(theme.color("ink"))
            painter.drawRoundedRect(area, 2.5, 2.5)
