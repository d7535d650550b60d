"""The head of a pane: who is asked, how it went, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.exchange.timing import start_ns
from ui.compare.pane.side_view import outcome_segments, tiles
from ui.compare.pane.tiles import TileRow
from ui.shared.endpoint_row import EndpointRow
from ui.widgets.bar import Bar
from ui.widgets.labels import SegmentLine
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.differences import Difference
    from app.run.side import Side


class PaneHead(QWidget):
    """What stands above a pane's tabs.

    Attributes:
        row: the endpoint, model and key. hint: a warning of the model. outcome: how it went. tiles: the figures.
        rounds: which round the tabs show, hidden where there is but one.
    """

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: Side | None = None
        self._mark = ""  # whose run is shown, where the window is set to something else by now
        self.row, self.hint = EndpointRow(name), Bar(framed=False)
        self.outcome, self.tiles = SegmentLine(), TileRow()
        self.rounds = Segmented([], f"Round of side {name.upper()}", style="rounds")
        self.rounds.setToolTip("The round that Events, Timing, Raw and Request show")
        self._lay_out()

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(7)
        top.addWidget(self.row)
        top.addWidget(self.hint)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.outcome, 1)
        line.addWidget(self.rounds)
        top.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(thin_line())
        layout.addWidget(self.tiles)

    def show_side(self, side: Side | None) -> None:
        self._side, self._mark = side, ""
        self.show_rounds()
        self.refresh(None)

    def show_rounds(self) -> None:
        """Offer as many rounds as there are."""
        count = len(self._side.rounds) if self._side else 0
        titles = ["Round 1", *(str(number) for number in range(2, count + 1))]
        self.rounds.set_titles(titles if count > 1 else [])
        self.rounds.setVisible(count > 1)

    def refresh(self, differences: dict[str, Difference] | None) -> None:
        """Take over what is known now; `differences` to the other side are shown with the figures."""
        self._show_outcome()
        self.tiles.set_tiles(*tiles(self._side, differences, self._elapsed_ms()))

    def set_mark(self, mark: str) -> None:
        """Say whose run it is, where the window is set to something else by now; "" where it is not."""
        if mark != self._mark:
            self._mark = mark
            self._show_outcome()

    def _show_outcome(self) -> None:
        self.outcome.set_segments(*(outcome_segments(self._side, mark=self._mark, now_ns=now_ns()) or [Segment("Not run yet")]))

    def _elapsed_ms(self) -> float | None:
        """The time since the first start while it runs, between two rounds too; None otherwise, and while its end is read."""
        side = self._side
        if side is None or side.first is None or side.last is None or side.outcome is not Outcome.RUNNING:
            return None
        between = side.playing and side.last.outcome is not Outcome.RUNNING
        start = start_ns(side.first.recording)
        return (
            None
            if start is None or (side.last.recording.end is not None and not between)
            else (side.own_ns(now_ns()) - start) / 1e6
        )


def thin_line() -> QFrame:
    """A line between two parts of a pane."""
    line = QFrame()
    line.setObjectName("line")
    line.setFixedHeight(1)
    return line
