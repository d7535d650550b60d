"""The findings of both sides over both panes: the table, what its marks mean, and the settings for my client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from app.run import finding_table_words as words
from app.run.finding_table import FindingTable, keeping_order
from app.text.sentences import tr
from ui.compare.findings.settings_card import SettingsCard
from ui.compare.findings.table import FindingsTable
from ui.widgets.focus_back import FocusHeld
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.recording.records import SideName
    from app.run.side import Side

LEAST_TABLE, ENOUGH_TABLE = 170, 290  # of the table's height, beside which the settings are unfolded
LEGEND_FROM = 300
GAP = 8
LEAST_EMPTY = 60


class FindingsView(QWidget):
    """Attributes:
        table: the findings. legend: what the marks mean. settings: for my client. empty: what is said in place of rows.

    Signals:
        place_wanted: a `Place` that the user wants to see.
    """

    place_wanted = Signal(object)
    heard_as = "group"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Findings of both sides"))
        self._unfolds: bool | None = None  # what the user wants of the settings; None: as there is room
        self.table, self.legend, self.settings = FindingsTable(), SegmentLine(scale=0.94), SettingsCard()
        self.sideways = QScrollBar(Qt.Orientation.Horizontal)
        self.sideways.setAccessibleName(tr("Other clients"))
        self.sideways.hide()
        self.empty_title, self.empty = PlainLabel(bold=True, wrap=True), PlainLabel(role="muted", wrap=True, selectable=True)
        self._card, self._empty = QFrame(), QWidget()
        self._keyboard = FocusHeld(self)  # a run begins without findings
        self._lay_out()
        self.table.place_wanted.connect(self.place_wanted)
        self.table.shifted.connect(self._on_shifted)
        self.table.verticalHeader().sectionResized.connect(lambda *_: self._fit())
        self.sideways.valueChanged.connect(self.table.shift_to)
        self.settings.fold.clicked.connect(self._on_fold)

    def _lay_out(self) -> None:
        self._card.setObjectName("card")
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(16, 12, 16, 12)
        empty.setSpacing(6)
        empty.addWidget(self.empty_title)
        empty.addWidget(self.empty)
        empty.addStretch(1)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(12, 5, 12, 6)
        foot.addWidget(self.legend)
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        inner = QVBoxLayout(self._card)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        inner.addWidget(self._empty)
        inner.addWidget(self.table, 1)
        inner.addWidget(self.sideways)
        inner.addWidget(self._foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._card, 100)
        layout.addWidget(self.settings)
        layout.addStretch(1)

    def show_findings(self, told: FindingTable, sides: Mapping[SideName, Side], *, running: bool, keep: bool) -> None:
        """Show them; `keep`: rows that are shown stay where they are, new ones come behind them."""
        rows = keeping_order(told.rows, [row.id for row in self.table.rows]) if keep else told.rows
        self.table.show_table(told, rows, sides)
        self.table.set_title(words.head(told, running=running), words.beside_head(told, running=running))
        self.empty_title.setText(words.head(told, running=running))
        self.empty.setText("\n".join(words.what_was_looked_at(sides, running=running)))
        self._empty.setVisible(not rows)
        self._keyboard.show(self.table, bool(rows))
        marks = [one for shown, means in words.legend() for one in (_mark(shown), Segment(means + "   ", "muted"))]
        self.legend.set_segments(*marks, Segment(words.seen_when(told), "muted"))
        self._fit()

    # -- room ---------------------------------------------------------------------------------------------------------

    def _on_shifted(self, before: int, beside: int) -> None:
        self.sideways.setRange(0, beside)
        self.sideways.setPageStep(max(1, len(self.table.table.columns) - beside if self.table.table else 1))
        self.sideways.setValue(before)
        self.sideways.setVisible(beside > 0 and bool(self.table.rows))

    def _on_fold(self, unfolded: bool) -> None:
        self._unfolds = unfolded
        self._fit()

    def _has_room(self, wanted: int) -> bool:
        """Whether all of the settings has room below that much of the table."""
        all_of_it = self.settings.height_for(self.width(), unfolded=True)
        return self.height() >= all_of_it + GAP + wanted + self._foot.sizeHint().height()

    def _fit(self) -> None:
        """The table is no higher than its rows; in a low window the settings are their heading until they are asked for."""
        rows = bool(self.table.rows)
        self._foot.setVisible(rows and self.height() >= LEGEND_FROM)
        self.table.setMaximumHeight(self.table.needed)
        wanted = min(max(self.table.needed, LEAST_TABLE), ENOUGH_TABLE) if rows else LEAST_TABLE
        unfolded = self._has_room(wanted) if self._unfolds is None else self._unfolds
        self.settings.fold.setChecked(unfolded)
        if unfolded and self._unfolds is None and not self._has_room(wanted):  # what they hold is written as they unfold
            unfolded = False
            self.settings.fold.setChecked(False)
        self.settings.setFixedHeight(self.settings.height_for(self.width(), unfolded=unfolded))
        below = sum(one.sizeHint().height() for one in (self._foot, self.sideways) if not one.isHidden())
        empty = max(self._empty.heightForWidth(self.width() - 24) + 6, LEAST_EMPTY)
        self._card.setMaximumHeight(self.table.needed + below + 4 if rows else empty)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(400, 196)


def _mark(shown: words.Shown) -> Segment:
    return Segment(f"{shown.shape} {shown.word}".strip(), shown.role, shown.role != "muted")
