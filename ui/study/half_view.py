"""What both halves of the Study page look like: whom to ask, the plan, pictures, the table, and at the foot the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QMenu, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.shared.session_view import SessionView
from ui.shared.side_place import side_places
from ui.study.cards import PictureCards
from ui.study.figure_table import FigureTable
from ui.study.modes import mode_switch
from ui.study.plan_line import PlanLine
from ui.style.theme import text_scale
from ui.widgets.copying import Copy
from ui.widgets.labels import SegmentLine
from ui.widgets.run_button import RunButton
from ui.widgets.sentence import SentenceView
from ui.widgets.whole_rows import WholeRows

NARROW = 960

E = TypeVar("E", bound=PlanLine)
G = TypeVar("G", bound=PictureCards[Any])
T = TypeVar("T", bound=FigureTable[Any])


class HalfView(SessionView, Generic[E, G, T]):
    """The widgets that both have, and where they stand.

    Attributes:
        modes: Pairs or Load. plan: the line that opens. report: opens the menu of reports. status: how far it is, and what it
        costs. gallery: the pictures. table: the figures, hidden until there are some. scroller: around those. sentence: what
        they say.
    """

    def __init__(self, plan: E, gallery: G, table: T, parent: QWidget | None = None) -> None:
        super().__init__(side_places(), RunButton(tr("Run")), parent)
        self.modes, self.plan, self.gallery, self.table = mode_switch(), plan, gallery, table
        self.report, self.status, self.sentence = menu_button(tr("Report"), self), SegmentLine(), SentenceView()
        self.table.hide()
        self.scroller = QScrollArea()

    def lay_out(self, buttons: Sequence[QWidget], owner: QWidget | None, measures: QWidget | None, figures: QLayout) -> None:
        """Put all in its place.

        Args:
            buttons: stand between plan and Run. owner: stands below the sides. measures: stands before the status.
            figures: what stands below the pictures.
        """
        planned = _row(8, self.modes, self.plan, *buttons, self.run)
        planned.setStretchFactor(self.plan, 1)
        sides = _row(8)
        for place in self.places.values():
            place.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            sides.addWidget(place.row, 1)
        told = _row(12, *([measures] if measures is not None else []), self.status)
        told.setStretchFactor(self.status, 1)
        inside = QWidget()
        inside.setObjectName("plainPage")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.gallery, 1)
        column.addLayout(figures)
        self.scroller.setObjectName("plainPage")
        self.scroller.setAccessibleName(tr("Pictures and figures"))
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(inside)
        WholeRows(self.scroller, "window")
        foot = QFrame()
        foot.setObjectName("card")
        said = QVBoxLayout(foot)
        said.setContentsMargins(14, 9, 14, 9)
        said.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 14)
        layout.setSpacing(8)
        layout.addLayout(planned)
        layout.addWidget(self.plan.fields)
        layout.addLayout(sides)
        for place in self.places.values():
            layout.addWidget(place.hint)
        for widget in (*([owner] if owner is not None else []), self.notes, self.notice):
            layout.addWidget(widget)
        layout.addLayout(told)
        layout.addWidget(self.scroller, 1)
        layout.addWidget(foot)

    @property
    def narrow(self) -> bool:
        """Whether there is no room for all that may stand beside each other."""
        return self.width() < NARROW * text_scale()

    def show_fault(self) -> None:
        if self.plan.fault:
            self.plan.unfold()

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied wherever one points: what the runs say."""
        if self.sentence.text and not self.sentence.is_hint:
            yield Copy(tr("Copy the sentence"), lambda: self.sentence.text)

    def set_running(self, running: bool) -> None:
        """While it runs, nothing of the plan can be changed."""
        self.run.set_running(running)
        self.plan.set_enabled(not running)

    def set_enabled(self, enabled: bool) -> None:
        """Let endpoints, models and plan be changed, or not."""
        for place in self.places.values():
            place.row.set_enabled(enabled)
        self.plan.set_enabled(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.gallery.set_narrow(self.narrow)
        self.gallery.fit_height(self.height())

    def recolor(self) -> None:
        self.update()
        self.gallery.recolor()
        self.table.update()


def menu_button(text: str, parent: QWidget) -> QPushButton:
    """A button that opens a menu, as high as Run."""
    button = QPushButton(text)
    button.setMenu(QMenu(parent))
    button.setMinimumHeight(34)
    return button


def _row(spacing: int, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return row
