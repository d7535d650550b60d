"""What the Load half looks like: whom to ask, the plan, pictures, the table, and at the foot the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.shared.endpoint_row import EndpointRow
from ui.study.load.editor import LoadEditor
from ui.study.load.gallery import LoadGallery
from ui.study.load.table import LoadTable
from ui.study.modes import mode_switch
from ui.study.side_place import SidePlace
from ui.widgets.bar import Bar
from ui.widgets.copying import Copy
from ui.widgets.labels import SegmentLine
from ui.widgets.notice import NoticeCard
from ui.widgets.run_button import RunButton
from ui.widgets.segments import Segment
from ui.widgets.sentence import SentenceView

if TYPE_CHECKING:
    from app.recording.records import SideName

NARROW, WIDE = 960, 1_100
_MINE = message("{count:word This is|These are} mine to put under load")
_FOREIGN = message("! {hosts}: another machine. Load can cost much and disturb others.")


class LoadView(QWidget):
    """The widgets and where they stand.

    Attributes:
        modes: Pairs or Load. places: both sides. plan: the line that opens. mine: the user's word that endpoints are theirs.
        locust, report: open menus. run: Run, and Stop. notes: what is said above the pictures. notice: why nothing can be sent.
        status: how far it is, and what it costs. gallery: the pictures. table: the figures. scroller: around those.
        sentence: what they say.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modes = mode_switch()
        self.places: dict[SideName, SidePlace] = {
            "a": SidePlace(EndpointRow("a"), Bar(framed=False)),
            "b": SidePlace(EndpointRow("b"), Bar(framed=False)),
        }
        self.plan, self.run = LoadEditor(), RunButton(tr("Run"))
        self.locust, self.report = QPushButton(tr("Export for Locust")), QPushButton(tr("Report"))
        for button in (self.locust, self.report):
            button.setMenu(QMenu(self))
            button.setMinimumHeight(34)
        self.mine, self._foreign = QCheckBox(), SegmentLine()
        self._owner = QFrame()
        self._owner.setObjectName("card")
        self.notes, self.notice = Bar(), NoticeCard()
        self.status = SegmentLine()
        self.gallery, self.table, self.sentence = LoadGallery(), LoadTable(), SentenceView()
        self._said = QFrame()
        self._said.setObjectName("card")
        self.scroller = QScrollArea()
        self._lay_out()

    def _lay_out(self) -> None:
        planned = QHBoxLayout()
        planned.setSpacing(8)
        planned.addWidget(self.modes)
        planned.addWidget(self.plan, 1)
        for widget in (self.locust, self.report, self.run):
            planned.addWidget(widget)
        sides = QHBoxLayout()
        sides.setSpacing(8)
        for place in self.places.values():
            place.row.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            sides.addWidget(place.row, 1)
        owner = QHBoxLayout(self._owner)
        owner.setContentsMargins(12, 5, 12, 5)
        owner.addWidget(self.mine)
        owner.addWidget(self._foreign, 1)
        self._owner.hide()
        inside = QWidget()
        inside.setObjectName("plainPage")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.gallery, 1)
        column.addWidget(self.table)
        self.scroller.setObjectName("plainPage")
        self.scroller.setAccessibleName(tr("Pictures and figures"))
        self.scroller.setWidgetResizable(True)
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
        layout.addWidget(self._owner)
        layout.addWidget(self.notes)
        layout.addWidget(self.notice)
        layout.addWidget(self.status)
        layout.addWidget(self.scroller, 1)
        layout.addWidget(self._said)

    def say(self, text: str, role: str) -> None:
        """Say something above the pictures, until it is dismissed or the next load begins; what was done, over the foot."""
        self.notes.tell(text, role)

    def show_foreign(self, hosts: Sequence[str], *, mine: bool) -> None:
        """Ask for the user's word where an endpoint is on another machine."""
        self._owner.setVisible(bool(hosts))
        self.mine.setText(tr(_MINE, count=len(hosts)))
        blocked = self.mine.blockSignals(True)
        self.mine.setChecked(mine)
        self.mine.blockSignals(blocked)
        self._foreign.set_segments(Segment(tr(_FOREIGN, hosts=tr(", ").join(hosts)), "warn"))

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied wherever one points: what the runs say."""
        if self.sentence.text and not self.sentence.is_hint:
            yield Copy(tr("Copy the sentence"), lambda: self.sentence.text)

    def set_running(self, running: bool) -> None:
        """While it runs, nothing of the plan can be changed."""
        self.run.set_running(running)
        self.plan.set_enabled(not running)
        self.mine.setEnabled(not running)

    def set_enabled(self, enabled: bool) -> None:
        """Let endpoints, models and plan be changed, or not."""
        for place in self.places.values():
            place.row.set_enabled(enabled)
        self.plan.set_enabled(enabled)
        if not enabled:
            self._owner.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.locust.setVisible(self.width() >= WIDE)
        self.gallery.set_narrow(self.width() < NARROW)
        self.gallery.fit_height(self.height())

    def recolor(self) -> None:
        self.update()
        self.gallery.recolor()
        self.table.update()
