"""The row of a pane's tabs: the views, the findings beside them, and the button that links both panes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.protocols.findings import Finding, Severity
from app.text import numbers
from app.text.sentences import message, tr
from ui.compare.pane.side_view import SEVERITIES
from ui.compare.spine.chooser import LinkChooser
from ui.compare.tabs import FINDINGS, TABS
from ui.style.look import set_look
from ui.style.theme import changes_fonts, font
from ui.widgets.hear_as import hear_as
from ui.widgets.tab_order import reach_pressed

if TYPE_CHECKING:
    from app.recording.records import SideName

_MARGINS = 16
_TIGHT, _LOOSE = 6, 22  # pixels beside a tab's words, both together
_SMALLEST = 0.6  # of the text's size
_RESERVED = message(
    "Findings {n:grouped}"
)  # has its room before there is one, so that both panes' tabs stand alike and stay where they are


class TabRow(QWidget):
    """Exclusive tabs that move together where it gets narrow.

    Attributes:
        link: how the panes turn together.

    Signals:
        chosen: the user turned to a tab (its index; `FINDINGS` for the list of findings).
    """

    chosen = Signal(int)
    heard_as = "tabs"

    def __init__(self, side: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._look, self._tight = "", False
        self._findings_titles = (tr("Findings"), "")  # the whole one, and one for a narrow pane
        self.setAccessibleName(tr("Tabs of side {side}", side=side.upper()))
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 8, 0)
        row.setSpacing(0)
        for index, title in enumerate(TABS):
            row.addWidget(self._tab(index, tr(title)))
        row.addStretch(1)
        row.addWidget(self._tab(FINDINGS, tr("Findings")))
        self._findings = self._group.button(FINDINGS)
        reach_pressed(self._group)
        self.link = LinkChooser(compact=True)
        row.addWidget(self.link)
        self._group.idClicked.connect(self.chosen)

    def _tab(self, index: int, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName("tab")
        button.setCheckable(True)
        button.setChecked(index == 0)
        button.setToolTip(f"{title} (Alt+{index + 1})")
        hear_as(button, "tab")
        button.setAccessibleName(_of_side(title, self._side))
        self._group.addButton(button, index)
        return button

    # -- tabs ---------------------------------------------------------------------------------------------------------

    @property
    def index(self) -> int:
        return self._group.checkedId()

    @property
    def buttons(self) -> list[QAbstractButton]:
        """All tabs, in the order of their indices."""
        return self._group.buttons()

    def button(self, index: int) -> QAbstractButton:
        return self._group.button(index)

    def press(self, index: int) -> None:
        """Turn to a tab, without saying that the user did."""
        self._group.button(index).setChecked(True)
        reach_pressed(self._group)

    def show_findings(self, found: Sequence[Finding], *, ran: bool) -> None:
        """Count the findings, or where there are but notes, those; `ran`: where there are none, that is known."""
        told = [one for one in found if one.severity is not Severity.NOTE]
        count = len(told) or len(found)
        shape, role = SEVERITIES[min((one.severity for one in found), key=list(Severity).index, default=Severity.NOTE)]
        if count:
            words = tr("Findings {n:grouped}" if told else "Notes {n:grouped}", n=count)
            self._findings_titles = (f"{shape} {words}", f"{shape} {numbers.grouped(count)}")
        else:
            findings = tr("Findings")
            self._findings_titles = (f"{findings} {numbers.DASH}" if ran else findings, f"! {numbers.DASH}" if ran else "!")
        set_look(self._findings, "tone", role if count else "muted")
        self._findings.setAccessibleName(_of_side(self._findings_titles[0], self._side))
        self._fit()

    def recolor(self) -> None:
        self.link.recolor()

    # -- room ---------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()

    def set_tight(self, tight: bool) -> None:
        """Take less height, in a low window."""
        if tight is not self._tight:
            self._tight = tight
            self._fit()

    def _fit(self) -> None:
        """Where it gets narrow the tabs move together, on both sides alike; then the findings are only counted."""
        free = self.width() - self.link.width() - _MARGINS
        long, short = self._findings_titles
        bold = QFontMetrics(font(bold=True))
        words = [bold.horizontalAdvance(tr(title)) for title in TABS]
        reserved = max(bold.horizontalAdvance(text) for text in (f"! {tr(_RESERVED, n=3)}", long))
        beside = min((free - sum(words) - reserved) // (len(words) + 1), _LOOSE)
        self._findings.setText(long)
        if beside < _TIGHT:
            self._findings.setText(short)
            beside = min(max(_TIGHT, (free - sum(words) - bold.horizontalAdvance(short)) // (len(words) + 1)), _LOOSE)
        # Of large text there may be too much even so: the tabs' words are smaller then, and whole.
        room = free - bold.horizontalAdvance(self._findings.text()) - (len(words) + 1) * _TIGHT
        small = max(_SMALLEST, min(1.0, room / sum(words)))
        self._findings.setToolTip(f"{long} (Alt+{FINDINGS + 1})")
        for tab in self.buttons:
            tab.setMinimumWidth(round(bold.horizontalAdvance(tab.text()) * small) + beside)
        size = f" font-size: {font(bold=True).pointSizeF() * small:.2f}pt;" if small < 1 else ""
        look = f"padding-left: 2px; padding-right: 2px;{size}" if beside < _LOOSE else ""
        look += " padding-top: 4px; padding-bottom: 4px;" if self._tight else ""
        if look != self._look and self.isVisible():  # each takes milliseconds, and a row has its width when it is shown
            self._look = look
            self.setStyleSheet(f"QPushButton#tab {{ {look} }}" if look else "")


def _of_side(title: str, side: SideName) -> str:
    return tr("{title} of side {side}", title=title, side=side.upper())
