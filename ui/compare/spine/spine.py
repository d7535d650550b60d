"""The spine between the panes: what differs between A and B, each row as high as the panes' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.text.sentences import tr
from ui.compare.spine.figures import SpineFigures
from ui.compare.spine.parts import SpineParts
from ui.compare.spine.rows import figure_rows, part_rows
from ui.style.icons import icon
from ui.style.theme import changes_fonts, colors, text_scale
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from app.run.diff.facts import Summary
    from app.run.differences import Difference

WIDE, NARROW = 136, 52  # with the gaps beside it 148 and 64
TAB_ROW = 36
LEAST_FIGURES = 66
FOOT = 8  # below the last part
BODY_LEAST = 190  # what stands beside the events has less only where the parts below it are left out


class Rows(NamedTuple):
    """Where a pane's rows begin, in pixels from its top: endpoint, verdict, tiles, tabs, views, and its end."""

    endpoint: int
    verdict: int
    tiles: int
    tabs: int
    views: int
    end: int


class Spine(QWidget):
    """The rows of the middle.

    Attributes:
        swap: exchanges both sides' endpoints and models.
        figures: beside the tiles. parts: what can be compared, each opens what differs.
        link_slot: the layout of the row beside the tabs, for what links the panes.

    Signals:
        narrowed: it became narrow, or wide again.
        part_wanted: see what differs in a part (`app.run.diff.facts.Part`).
    """

    part_wanted = Signal(object)
    narrowed = Signal()
    heard_as = "group"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(0, 46, 76, 160, 196, 400)
        self._body: QWidget | None = None
        self._narrow = False
        self.setAccessibleName(tr("What differs"))
        self.swap = QPushButton(self)
        self.swap.setObjectName("quiet")
        self.swap.setToolTip(tr("Swap the sides: A gets B's endpoint and model, and B gets A's"))
        self.swap.setAccessibleName(tr("Swap the sides"))
        self._head = PlainLabel("B − A", self, role="muted", scale=0.88)
        self._head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.figures, self.parts = SpineFigures(self), SpineParts(self)
        self._link_row = QWidget(self)
        self.link_slot = QHBoxLayout(self._link_row)
        self.link_slot.setContentsMargins(0, 0, 0, 0)
        self.link_slot.setSpacing(0)
        self.parts.part_wanted.connect(self.part_wanted)
        self.recolor()
        self.set_narrow(False)

    # -- what it says -------------------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Before a run there is nothing to compare."""
        self.figures.show_rows()
        self.parts.show_rows([])

    def show_figures(self, differences: dict[str, Difference] | None) -> None:
        """B minus A of the figures; None: not both sides have completed."""
        self.figures.show_rows(*figure_rows(differences))

    def show_parts(self, summary: Summary | None) -> None:
        """What differs in answers, headers, models, events and requests; None: nothing is known of it."""
        self.parts.show_rows(part_rows(summary))

    # -- where it stands ----------------------------------------------------------------------------------------------

    def set_body(self, body: QWidget | None) -> None:
        """Have something beside the panes' rows, such as a bar for each word; None: the parts have that room."""
        if body is self._body:
            return
        if self._body is not None:
            self._body.hide()
        self._body = body
        if body is not None:
            body.setParent(self)
            body.show()
        self._place()

    def set_narrow(self, narrow: bool) -> None:
        """64 pixels instead of 148: figures without their labels."""
        self._narrow = narrow
        self.setFixedWidth(self._width)
        self.figures.set_narrow(narrow)
        self.parts.set_narrow(narrow)
        self.narrowed.emit()

    @property
    def narrow(self) -> bool:
        return self._narrow

    def place(self, rows: Rows) -> None:
        """The rows of the pane beside it stand elsewhere."""
        if rows != self._rows:
            self._rows = rows
            self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width, 0)

    @property
    def _width(self) -> int:
        """In pixels; large text needs more."""
        return round((NARROW if self._narrow else WIDE) * max(1.0, text_scale()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self.setFixedWidth(self._width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        rows, width = self._rows, self.width()
        button = self.swap.sizeHint()
        middle = (rows.endpoint + rows.verdict) // 2
        self.swap.setGeometry((width - button.width()) // 2, middle - button.height() // 2, button.width(), button.height())
        high = max(rows.tabs - rows.tiles, LEAST_FIGURES)  # low tiles leave some of the line above them
        self._head.setGeometry(0, rows.verdict, width, rows.tabs - high - rows.verdict)
        self.figures.setGeometry(0, rows.tabs - high, width, high)
        self._link_row.setGeometry(0, rows.tabs, width, min(TAB_ROW, rows.views - rows.tabs))
        end = rows.end - FOOT
        self.parts.set_compact(self._body is not None)
        if self._body is None:
            self.parts.setGeometry(QRect(0, rows.views + FOOT, width, max(0, end - rows.views - FOOT)))
        else:
            foot = self.parts.compact_height if end - rows.views - self.parts.compact_height >= BODY_LEAST else 0
            self.parts.setGeometry(QRect(0, max(rows.views, end - foot), width, min(foot, end - rows.views)))
            self._body.setGeometry(QRect(0, rows.views, width, max(0, end - foot - rows.views)))

    def recolor(self) -> None:
        self.swap.setIcon(icon("swap", colors().text, 18))
        self.swap.setIconSize(QSize(18, 18))
        self.update()
