"""What the Study page looks like for pairs: pictures of measures, and the table with what else the runs say beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.study.besides import Besides
from ui.study.gallery import Gallery
from ui.study.half_view import HalfView
from ui.study.plan_editor import PlanEditor
from ui.study.rows import CHOICES
from ui.study.table import StudyTable
from ui.style.theme import text_scale
from ui.widgets.labels import plain_tip
from ui.widgets.segmented import Segmented

WIDE = 1_290
PARTS = (70, 30)  # of the width, where it is wide: the table, what stands beside it
ITSELF_TIP = message("The same with A on both sides: what “no difference” looks like on this network.")


class StudyView(HalfView[PlanEditor, Gallery, StudyTable]):
    """The widgets and where they stand.

    Attributes:
        itself: A against A. measures: which measure the pictures show. besides: what else the runs say.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PlanEditor(), Gallery(), StudyTable(), parent)
        self.itself = QPushButton(tr("A against A"))
        self.itself.setToolTip(plain_tip(tr(ITSELF_TIP)))
        self.itself.setAccessibleName(f"{tr('A against A')}. {tr(ITSELF_TIP)}")
        self.itself.setMinimumHeight(34)
        self.measures = Segmented([tr(one) for one in CHOICES], tr("Measure"))
        self.besides = Besides()
        self._figures = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._figures.setSpacing(8)
        self._figures.addWidget(self.table, PARTS[0], Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.gallery.phases)
        right.addWidget(self.besides, 1)
        self._figures.addLayout(right, PARTS[1])
        self.lay_out((self.itself, self.report), None, self.measures, self._figures)

    def set_running(self, running: bool) -> None:
        super().set_running(running)
        self.itself.setEnabled(not running)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measures.set_tight(self.narrow)
        beside = QBoxLayout.Direction.LeftToRight if self.width() >= WIDE * text_scale() else QBoxLayout.Direction.TopToBottom
        self._figures.setDirection(beside)
