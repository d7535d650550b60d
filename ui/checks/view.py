"""What the Checks page looks like: whom to check, the verdict, the table, and at the foot two lists and the sentence."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.checks.filter_row import FilterRow
from ui.checks.foot import Foot
from ui.checks.table import ChecksTable
from ui.checks.top_row import TopRow
from ui.checks.verdict_card import VerdictCard
from ui.shared.session_view import SessionView
from ui.widgets.copying import Copy

LEAST_TABLE = 130


class ChecksView(SessionView):
    """The widgets and where they stand.

    Attributes:
        top: whom to check. card: the verdict. filters, table: the checks. foot: lists and sentence.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        top = TopRow()
        super().__init__(top.places, top.run, parent)
        self.top, self.card, self.filters, self.table, self.foot = top, VerdictCard(), FilterRow(), ChecksTable(), Foot()
        self.table.setMinimumHeight(LEAST_TABLE)
        self.card.after = self.top.run
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 14)
        layout.setSpacing(8)
        for part in (self.top, self.notes, self.notice, self.card, self.filters):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.foot)

    def show_fault(self) -> None:
        self.card.cap.setFocus()

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied wherever one points: what the checks mean together."""
        if self.card.text:
            yield Copy(tr("Copy the verdict"), lambda: self.card.text)
        if self.foot.sentence.text and not self.foot.sentence.is_hint:
            yield Copy(tr("Copy the sentence"), lambda: self.foot.sentence.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_foot()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # the verdict, say, takes another line
            self._fit_foot()
        return bool(done)

    def _fit_foot(self) -> None:
        """In a window too low for all, the lists go first, then the sentence: the table is never without room."""
        layout = self.layout()
        assert layout is not None
        above = (self.top, self.notes, self.notice, self.card, self.filters)
        heights = [_height_at(part, part.width()) for part in above if not part.isHidden()]
        margins = layout.contentsMargins()
        room = self.height() - margins.top() - margins.bottom() - sum(heights) - layout.spacing() * (len(heights) + 1)
        self.foot.fit(room - self.table.minimumHeight())

    def recolor(self) -> None:
        self.update()
        self.table.lines.viewport().update()


def _height_at(part: QWidget, width: int) -> int:
    """How high a part must be at that width."""
    return max(part.heightForWidth(width) if part.hasHeightForWidth() else 0, part.minimumSizeHint().height())
