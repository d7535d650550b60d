"""Shows the test of an endpoint: what it sends and costs, then a verdict a question with its fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.asking.changes import is_applicable
from app.asking.endpoint_test import Question
from app.asking.verdicts import Verdict, VerdictRow
from app.checks.verdict import NAMES
from app.diagnosis import ProfileChange
from app.diagnosis.asked import in_lines
from app.text.sentences import message, text_in_a_row, tr
from ui.shared.verdict_looks import LOOKS
from ui.widgets.copying import Copy
from ui.widgets.countdown import CountdownButton
from ui.widgets.fields import WrapLabel, short_middle
from ui.widgets.labels import ElidedLabel, PlainLabel, plain_tip
from ui.widgets.whole_rows import WholeRows

NARROW = 560
MAX_SIZE = 16_777_215  # QWIDGETSIZE_MAX


class _Shown(NamedTuple):
    """What a row's widgets are made of. `first`: the question that the same was said to before, or its own."""

    row: VerdictRow
    first: str
    counts: bool


class VerdictPanel(QFrame):
    """A row a question; what was said before of the same cause is not repeated.

    Signals:
        start_asked, stop_asked: the button was pressed.
        action_chosen: a row's fix was pressed; its `ProfileChange`.
    """

    start_asked = Signal()
    stop_asked = Signal()
    action_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, VerdictRow] = {}
        self._unfolded: set[str] = set()  # the questions at which what was asked besides is shown
        self._running = self._narrow = self._is_narrow_grid = False
        self._grid: QGridLayout | None = None
        self._made: list[tuple[_Shown, tuple[QWidget, ...]]] = []
        self.button = QPushButton(tr("Test"))
        self.button.setAccessibleName(tr("Test this endpoint"))
        self._note = WrapLabel(role="muted")
        self._outdated = ElidedLabel(scale=0.92)
        self._outdated.set_text(tr("You changed this endpoint since: test it again."), "warn")
        self._outdated.hide()
        self._beside = False
        self._headline = PlainLabel(tr("Test"), bold=True, scale=1.05)
        self._head = QHBoxLayout()
        self._scroll = QScrollArea()
        self._build()
        self.button.clicked.connect(self._on_button)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 14, 12)
        layout.setSpacing(8)
        head = self._head
        head.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._headline)
        top.addWidget(self._outdated, 1)  # in a line that is there: the button stays under the mouse
        words.addLayout(top)
        words.addWidget(self._note)
        head.addLayout(words, 1)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setObjectName("plainPage")
        self._scroll.setAccessibleName(tr("Verdicts"))
        WholeRows(self._scroll)
        layout.addWidget(self._scroll, 1)
        layout.addStretch(0)
        self._scroll.hide()

    @property
    def rows(self) -> dict[str, VerdictRow]:
        """The verdicts so far, by question."""
        return dict(self._rows)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """The verdicts, a line each."""
        shown = [self._rows[question] for question in Question if question in self._rows]
        if shown:
            lines = [text_in_a_row((_headed(row), row.sentence, row.fix)) for row in shown]
            yield Copy(tr("Copy what the test says"), lambda: "\n".join(lines))

    @property
    def is_empty(self) -> bool:
        return not self._rows

    @property
    def note(self) -> str:
        return self._note.text()

    def set_note(self, note: str) -> None:
        self._note.show_text(note)

    def show_rows(self, rows: Sequence[VerdictRow], *, running: bool = False) -> None:
        """Show these verdicts; none for an endpoint that was not tested."""
        self._rows = {row.question: row for row in rows}
        self._running = running
        self._unfolded &= {row.question for row in rows if row.asked}
        self.button.setText(tr("Stop") if running else tr("Test again") if rows else tr("Test"))
        self._fill()

    def set_outdated(self, outdated: bool) -> None:
        """Say that the verdicts are those of other settings."""
        self._outdated.setVisible(outdated)

    def set_beside(self, beside: bool) -> None:
        """Stand beside the form, as high as that, or below it: there it takes no more height than it needs."""
        self._beside = beside
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._narrow != (self.width() < NARROW):
            self._narrow = not self._narrow
            self._fill()
        else:
            self._fit()

    def _fit(self) -> None:
        layout, holder = self.layout(), self._scroll.widget()
        if self._beside or self.is_empty or layout is None or holder is None:
            self.setMaximumHeight(MAX_SIZE)
            return
        margins = layout.contentsMargins()
        inside = self.width() - margins.left() - margins.right()
        height = margins.top() + margins.bottom() + self._head.totalHeightForWidth(inside) + layout.spacing()
        rows = holder.heightForWidth(inside)
        self.setMaximumHeight(height + (rows if rows >= 0 else holder.sizeHint().height()))

    def _on_button(self) -> None:
        (self.stop_asked if self._running else self.start_asked).emit()

    def _fill(self) -> None:
        """Show the rows; widgets are made for those from the first that is not shown as it shall be, and for it."""
        grid = self._grid
        if grid is None or self._is_narrow_grid is not self._narrow:
            grid = self._make_grid()
        said: dict[tuple[str, str], str] = {}
        shown = [self._rows[question] for question in Question if question in self._rows]
        wanted = [_Shown(row, said.setdefault((row.sentence, row.fix), row.title), self._counts(row)) for row in shown]
        kept = 0
        for one, (before, _) in zip(wanted, self._made, strict=False):
            if one != before:
                break
            kept += 1
        for _, widgets in self._made[kept:]:
            for widget in widgets:
                widget.hide()  # so that the keyboard goes on to what is next where it is in there
                widget.setParent(None)
                widget.deleteLater()  # one of its buttons may have been pressed
        del self._made[kept:]
        for number, one in enumerate(wanted[kept:], kept):
            widgets = self._add(grid, number, one)
            self._made.append((one, widgets))
            for widget in widgets:
                widget.show()  # Qt would do so in the next turn of the loop
        self._scroll.setVisible(bool(shown))
        self._fit()

    def _make_grid(self) -> QGridLayout:
        """The grid for a width like this one, empty; what was shown in the one before is gone."""
        holder = QWidget()
        holder.setObjectName("plainPage")
        grid = QGridLayout(holder)
        self._grid, self._is_narrow_grid = grid, self._narrow
        grid.setContentsMargins(0, 2, 6, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4 if self._narrow else 9)
        grid.setColumnMinimumWidth(0, 104)
        grid.setColumnMinimumWidth(1, 104)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(2 * len(Question), 1)
        self._made.clear()
        at = self._scroll.verticalScrollBar().value()
        self._scroll.setWidget(holder)
        self._scroll.verticalScrollBar().setValue(at)
        return grid

    def _counts(self, row: VerdictRow) -> bool:
        """Whether a button counts down until it may be asked again."""
        return row.again_ns is not None and not self._running

    def _add(self, grid: QGridLayout, number: int, one: _Shown) -> tuple[QWidget, ...]:
        """Put a row in the lines of the grid that are its own, two where it is narrow."""
        row, line, top = one.row, 2 * number, Qt.AlignmentFlag.AlignTop
        shape, role = LOOKS[row.verdict]
        word = tr(NAMES[row.verdict]) if row.verdict else tr("asking…")
        title = PlainLabel(row.title, bold=self._narrow)
        grid.addWidget(title, line, 0, top)
        mark = PlainLabel(f"{shape} {word}", role=role, bold=True)
        grid.addWidget(mark, line, 1, top)
        holder = QWidget()
        cell = QVBoxLayout(holder)
        cell.setSpacing(3)
        cell.setContentsMargins(0, 0, 0, 10 if self._narrow else 0)
        if row.verdict is Verdict.SKIPPED or one.first == row.title or not row.sentence:
            self._fill_cell(cell, row)
        else:
            cell.addWidget(WrapLabel(tr("For the same reason as “{title}”.", title=one.first), role="muted"))
        if self._narrow:
            grid.addWidget(holder, line + 1, 0, 1, 3)
        else:
            grid.addWidget(holder, line, 2)
        return title, mark, holder

    def _fill_cell(self, cell: QVBoxLayout, row: VerdictRow) -> None:
        cell.addWidget(WrapLabel(row.sentence, role="muted" if row.verdict is Verdict.SKIPPED else "text"))
        counts = self._counts(row)
        fix = row.fix_beside_countdown if counts else row.fix
        for text in (fix, tr("The endpoint said: {said}", said=row.said) if row.said else ""):
            if text:
                cell.addWidget(WrapLabel(text, role="muted"))
        if row.asked:
            cell.addWidget(self._asked(row))
        buttons = [self._button(row, action) for action in _actions(row)]
        if row.again_ns is not None and counts:
            buttons.append(self._again_button(row.title, row.again_ns))
        if buttons:
            line = QHBoxLayout()
            line.setSpacing(8)
            for button in buttons:
                line.addWidget(button)
            line.addStretch(1)
            cell.addLayout(line)

    def _asked(self, row: VerdictRow) -> QWidget:
        """What was asked besides, in a line that unfolds."""
        from ui.widgets.unfolding import Unfolding

        asked = Unfolding()
        asked.show_lines(in_lines(row.asked))
        asked.button.setChecked(row.question in self._unfolded)  # rows are made anew where the width asks for it
        asked.button.toggled.connect(partial(self._on_unfolded, row.question))
        return asked

    def _on_unfolded(self, question: str, unfolded: bool) -> None:
        (self._unfolded.add if unfolded else self._unfolded.discard)(question)
        self._fit()

    def _button(self, row: VerdictRow, action: ProfileChange) -> QPushButton:
        button = QPushButton(short_middle(action.label, 48))
        button.setAccessibleName(tr("{label}: {value}", label=row.title, value=action.label))
        button.setToolTip(plain_tip(action.label))
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        return button

    def _again_button(self, question: str, again_ns: int) -> QPushButton:
        button = CountdownButton(tr("Test again"), again_ns)
        button.setAccessibleName(tr("{question}: test again", question=question))
        button.clicked.connect(self.start_asked)
        return button


def _headed(row: VerdictRow) -> str:
    return tr("{title}: {verdict}.", title=row.title, verdict=tr(NAMES[row.verdict]) if row.verdict else "")


def _actions(row: VerdictRow) -> list[ProfileChange]:
    """The changes that can be made here; where the key was refused, entering another one is always one of them. Without a value
    it is the user who knows it."""
    fitting = [row.action] if row.action is not None and (is_applicable(row.action) or row.action.field == "key") else []
    if row.question == Question.KEY and row.verdict is Verdict.FAIL and not any(one.field == "key" for one in fitting):
        fitting.append(ProfileChange("key", "", message("Enter another key…")))
    if row.wrong_address:
        fitting.append(ProfileChange("base_url", "", message("Correct the base URL…")))
    return fitting
