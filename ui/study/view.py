"""What the Study page looks like: whom to compare, the plan, pictures, the table, and at the foot the sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.text.sentences import message, tr
from ui.shared.endpoint_row import EndpointRow
from ui.study.besides import Besides
from ui.study.gallery import Gallery
from ui.study.modes import mode_switch
from ui.study.plan_editor import PlanEditor
from ui.study.rows import CHOICES
from ui.study.side_place import SidePlace
from ui.study.table import StudyTable
from ui.style.theme import text_scale
from ui.widgets.bar import Bar
from ui.widgets.copying import Copy
from ui.widgets.labels import SegmentLine, plain_tip
from ui.widgets.notice import NoticeCard
from ui.widgets.run_button import RunButton
from ui.widgets.segmented import Segmented
from ui.widgets.sentence import SentenceView

if TYPE_CHECKING:
    from app.recording.records import SideName

NARROW, WIDE = 960, 1_290
PARTS = (70, 30)  # of the width, where it is wide: the table, what stands beside it
ITSELF_TIP = message("The same with A on both sides: what “no difference” looks like on this network.")


class StudyView(QWidget):
    """The widgets and where they stand.

    Attributes:
        modes: Pairs or Load. places: both sides. plan: the line that opens. itself: A against A.
        report: opens the menu of reports. run: Run, and Stop.
        notes: what is said above the pictures. notice: why nothing can be sent.
        measures: which measure the pictures show. status: how far it is, and what it costs.
        gallery: the pictures. table: the figures. besides: what else the runs say. scroller: around those.
        sentence: what they say.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places: dict[SideName, SidePlace] = {
            "a": SidePlace(EndpointRow("a"), Bar(framed=False)),
            "b": SidePlace(EndpointRow("b"), Bar(framed=False)),
        }
        self.plan, self.itself, self.run = PlanEditor(), QPushButton(tr("A against A")), RunButton(tr("Run"))
        self.itself.setToolTip(plain_tip(tr(ITSELF_TIP)))
        self.itself.setAccessibleName(f"{tr('A against A')}. {tr(ITSELF_TIP)}")
        self.itself.setMinimumHeight(34)
        self.modes, self.report = mode_switch(), QPushButton(tr("Report"))
        self.report.setMenu(QMenu(self))
        self.report.setMinimumHeight(34)
        self.notes, self.notice = Bar(), NoticeCard()
        self.measures, self.status = Segmented([tr(one) for one in CHOICES], tr("Measure")), SegmentLine()
        self.gallery, self.table, self.sentence = Gallery(), StudyTable(), SentenceView()
        self.besides = Besides()
        self.table.hide()  # until there are figures
        self._said = QFrame()
        self._said.setObjectName("card")
        self.scroller = QScrollArea()
        self._lay_out()

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(8)
        for place in self.places.values():
            place.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            sides.addWidget(place.row, 1)
        planned = QHBoxLayout()
        planned.setSpacing(8)
        planned.addWidget(self.modes)
        planned.addWidget(self.plan, 1)
        planned.addWidget(self.itself)
        planned.addWidget(self.report)
        planned.addWidget(self.run)
        chosen = QHBoxLayout()
        chosen.setSpacing(12)
        chosen.addWidget(self.measures)
        chosen.addWidget(self.status, 1)
        inside = QWidget()
        inside.setObjectName("plainPage")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.gallery, 1)
        self._figures = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._figures.setSpacing(8)
        self._figures.addWidget(self.table, PARTS[0], Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.gallery.phases)
        right.addWidget(self.besides, 1)
        self._figures.addLayout(right, PARTS[1])
        column.addLayout(self._figures)
        self.scroller.setObjectName("plainPage")
        self.scroller.setAccessibleName(tr("Pictures and figures"))
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(inside)
        said = QVBoxLayout(self._said)
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
        layout.addWidget(self.notes)
        layout.addWidget(self.notice)
        layout.addLayout(chosen)
        layout.addWidget(self.scroller, 1)
        layout.addWidget(self._said)

    def say(self, text: str, role: str) -> None:
        """Say something above the pictures, until it is dismissed or the next study begins; what was done, over the foot."""
        self.notes.tell(text, role)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied wherever one points: what the runs say."""
        if self.sentence.text and not self.sentence.is_hint:
            yield Copy(tr("Copy the sentence"), lambda: self.sentence.text)

    def set_running(self, running: bool) -> None:
        """While it runs, nothing of the plan can be changed."""
        self.run.set_running(running)
        self.itself.setEnabled(not running)
        self.plan.set_enabled(not running)

    def set_enabled(self, enabled: bool) -> None:
        """Let endpoints, models and plan be changed, or not."""
        for place in self.places.values():
            place.row.set_enabled(enabled)
        self.plan.set_enabled(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * text_scale()
        self.measures.set_tight(narrow)
        self.gallery.set_narrow(narrow)
        self.gallery.fit_height(self.height())
        beside = QBoxLayout.Direction.LeftToRight if self.width() >= WIDE else QBoxLayout.Direction.TopToBottom
        self._figures.setDirection(beside)

    def recolor(self) -> None:
        self.update()
        self.gallery.recolor()
        self.table.update()
