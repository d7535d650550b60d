"""The head of a pane: who is asked, how it went, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.exchange.timing import start_ns
from app.text.sentences import tr
from ui.compare.pane.side_view import tiles
from ui.compare.pane.tiles import TileRow
from ui.compare.pane.verdict import VerdictWords, verdict_words
from ui.compare.pane.verdict_line import VerdictLine
from ui.shared.endpoint_row import EndpointRow
from ui.widgets.bar import Bar
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.differences import Difference
    from app.run.side import Side


AROUND, AROUND_LOW, AROUND_TIGHT = (11, 12, 8), (7, 12, 4), (3, 12, 3)  # of the endpoint: above, at the right, below


class PaneHead(QWidget):
    """What stands above a pane's tabs.

    Attributes:
        row: the endpoint, model and key. hint: a warning of the model. outcome: the verdict, or how it went. tiles: the
            figures. rounds: which round the tabs show, hidden where there is but one.
    """

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: Side | None = None
        self._beside: PaneHead | None = None
        self._mark = ""  # whose run is shown, where the window is set to something else by now
        self.row, self.hint = EndpointRow(name, self), Bar(framed=False)
        self.rounds = Segmented([], tr("Round of side {side}", side=name.upper()), style="rounds")
        self.rounds.setToolTip(tr("The round that Events, Timing, Raw and Request show"))
        self.outcome, self.tiles = VerdictLine(self.rounds), TileRow()
        self.outcome.side = name.upper()
        self.outcome.setAccessibleName(tr("Verdict of side {side}", side=name.upper()))
        self.tiles.setAccessibleName(tr("Figures of side {side}", side=name.upper()))
        self._room = QWidget()  # as high as the other side's hint, where there is none here
        self._room.hide()
        self._low = self._tight = False
        self._lay_out()

    def _lay_out(self) -> None:
        self._top = top = QVBoxLayout()
        top.setContentsMargins(12, *AROUND)
        top.setSpacing(5)
        for part in (self.row, self.hint, self._room):
            top.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.outcome)
        layout.addWidget(self.tiles)

    def set_low(self, low: bool) -> None:
        """Take less height: leave out what is said below the figures."""
        self._low = low
        self.tiles.set_low(low)
        self._fit()

    def set_tight(self, tight: bool) -> None:
        """Have as little room as can be around the endpoint and the verdict."""
        self._tight = tight
        self.outcome.set_tight(tight)
        self._fit()

    def _fit(self) -> None:
        self._top.setContentsMargins(12, *(AROUND_TIGHT if self._tight else AROUND_LOW if self._low else AROUND))

    def pair(self, other: PaneHead) -> None:
        """Have rows as high as the other side's: a warning of one model shifts the rows of neither against the other's."""
        self.tiles.pair(other.tiles)
        for head, beside in ((self, other), (other, self)):
            head._beside = beside
            head.hint.installEventFilter(head)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The hint came or went."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and self._beside is not None:
            for head, beside in ((self, self._beside), (self._beside, self)):
                head._room.setFixedHeight(beside.hint.sizeHint().height())
                head._room.setVisible(head.hint.isHidden() and not beside.hint.isHidden())
        return super().eventFilter(watched, event)

    def show_side(self, side: Side | None, *, waits: bool = False) -> None:
        """`waits`: what went before stays in view until `refresh`."""
        self._side, self._mark = side, ""
        self.show_rounds()
        if not waits:
            self.refresh(None)

    def show_rounds(self) -> None:
        """Offer as many rounds as there are."""
        count = len(self._side.rounds) if self._side else 0
        titles = [tr("Round {n}", n=1), *(str(number) for number in range(2, count + 1))]
        self.rounds.set_titles(titles if count > 1 else [])
        self.rounds.setVisible(count > 1)
        self.outcome.fit_right()

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
        self.outcome.show_words(verdict_words(self._side, mark=self._mark, now_ns=now_ns()))

    def say(self, text: str) -> None:
        """Say something in place of the verdict, such as that the run has no such side."""
        self.outcome.show_words(VerdictWords((Segment(text),)))

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
