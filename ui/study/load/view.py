"""What the Load half looks like: beside what both halves have, whether the endpoints are the user's to put under load."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.study.half_view import HalfView, menu_button
from ui.study.load.editor import LoadEditor
from ui.study.load.gallery import LoadGallery
from ui.study.load.table import LoadTable
from ui.style.theme import text_scale
from ui.widgets.labels import SegmentLine
from ui.widgets.segments import Segment

WIDE = 1_100
_MINE = message("{count:word This is|These are} mine to put under load")
_FOREIGN = message("! {hosts:commas}: another machine. Load can cost much and disturb others.")


class LoadView(HalfView[LoadEditor, LoadGallery, LoadTable]):
    """The widgets and where they stand.

    Attributes:
        mine: the user's word that endpoints are theirs. locust: opens a menu of the sides.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LoadEditor(), LoadGallery(), LoadTable(), parent)
        self.locust = menu_button(tr("Export for Locust"), self)
        self.mine, self._foreign = QCheckBox(), SegmentLine()
        self._owner = QFrame()
        self._owner.setObjectName("card")
        owner = QHBoxLayout(self._owner)
        owner.setContentsMargins(12, 5, 12, 5)
        owner.addWidget(self.mine)
        owner.addWidget(self._foreign, 1)
        self._owner.hide()
        figures = QVBoxLayout()
        figures.addWidget(self.table)
        self.lay_out((self.locust, self.report), self._owner, None, figures)

    def show_foreign(self, hosts: Sequence[str], *, mine: bool) -> None:
        """Ask for the user's word where an endpoint is on another machine."""
        self._owner.setVisible(bool(hosts))
        self.mine.setText(tr(_MINE, count=len(hosts)))
        blocked = self.mine.blockSignals(True)
        self.mine.setChecked(mine)
        self.mine.blockSignals(blocked)
        self._foreign.set_segments(Segment(tr(_FOREIGN, hosts=list(hosts)), "warn"))

    def set_running(self, running: bool) -> None:
        super().set_running(running)
        self.mine.setEnabled(not running)

    def set_enabled(self, enabled: bool) -> None:
        super().set_enabled(enabled)
        if not enabled:
            self._owner.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.locust.setVisible(self.width() >= WIDE * text_scale())
