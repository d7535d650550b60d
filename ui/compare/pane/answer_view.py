"""The Answer tab: the text as it grows, the thinking folded beside it, tool calls, rounds, and what went wrong."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.text.sentences import message, tr
from ui.compare.pane.answer_sections import Section, reasoning_length, sections
from ui.compare.pane.waiting import waiting_words
from ui.style.theme import colors, font, mono_font, reduces_motion
from ui.widgets.focus_back import FocusHeld
from ui.widgets.labels import PlainLabel
from ui.widgets.late import Late
from ui.widgets.notice import Notice, NoticeCard

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QTextBlockFormat, QTextCharFormat

    from app.recording.records import SideName
    from app.run.side import Side
    from app.scenarios import Plan
    from ui.widgets.reading_view import ReadingView

EMPTY = message("The answer will stand here as it is written.\nCtrl+Enter sends the request to both endpoints.")
STEP_CHARACTERS = 20_000  # so much is laid out at a time: some ten milliseconds
_CARDS, _AIR = ("call", "result"), "air"
_SMALL_TYPE = 0.8
_PREFIX = {"user": message("You: "), "call": message("Tool call  ")}


class AnswerView(QWidget):
    """The answer of a side, "a" or "b".

    Signals:
        action_chosen: a button of the notice was pressed; what it stands for.
    """

    action_chosen = Signal(object)

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainPage")
        self._side: Side | None = None
        self._plan: Plan | None = None
        self._shown: list[Section] = []
        self._written_in = 0.0  # the scale of the type, 0 before anything is written
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self.refresh)
        self._text = Late(partial(_make_text, tr("Answer of side {side}", side=name.upper())), self._place_text)
        self._head: QWidget | None = None
        self._tab_before: QWidget | None = None
        self._keyboard = FocusHeld(self)  # a run that is played again begins without its text
        self._notice = NoticeCard(self, scrolls=True)  # its own before there is a head: else it would outlive the window
        self._notice.chosen.connect(self.action_chosen)
        self._fold = QPushButton(self)
        self._fold.setObjectName("quiet")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._on_fold)
        self._fold.hide()
        self._empty = PlainLabel(tr(EMPTY), role="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._empty.setMinimumHeight(1)  # a line of nothing would take room from a notice that needs it
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._empty, 1)

    def _make_head(self) -> None:
        """What stands above the text, made when there is something to stand there."""
        if self._head is not None:
            return
        self._head = QWidget()
        inside = QVBoxLayout(self._head)
        inside.setContentsMargins(12, 10, 12, 0)
        inside.setSpacing(6)
        inside.addWidget(self._notice)
        inside.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self._head)
        self._order_tabs()

    def _place_text(self, made: ReadingView) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        made.setMinimumHeight(1)  # `_fit_head` sees to what it has below a notice
        layout.addWidget(made, 1)
        last = self._fold if self._head is not None else self._tab_before
        if last is not None:
            QWidget.setTabOrder(last, made)

    def come_behind(self, before: QWidget) -> None:
        """Let Tab go from a widget into this view, whatever of it is made later."""
        self._tab_before = before
        self._order_tabs()

    def _order_tabs(self) -> None:
        one = self._tab_before
        for each in (*self._notice.focusable, self._fold, *((self._text.made,) if self._text.made is not None else ())):
            if one is not None and one.window() is each.window():
                QWidget.setTabOrder(one, each)
                one = each

    @property
    def view(self) -> ReadingView | None:
        """Where the text stands, None while there is none."""
        return self._text.made

    @property
    def text(self) -> str:
        return self._text.made.text if self._text.made is not None else ""

    @property
    def notice(self) -> Notice | None:
        return self._notice.notice

    def show_side(self, side: Side | None, plan: Plan | None) -> None:
        """What is written already of its answer stays. Where nobody sees it the rest is written in turns of its own."""
        self._side, self._plan = side, plan
        if side is None or self.isVisible():
            self.refresh()
        else:
            self._rest.start()

    def show_notice(self, notice: Notice | None) -> None:
        """Say above the answer what went wrong, or nothing."""
        if notice is not None:
            self._make_head()
        else:
            self._keyboard.take(self._notice)
        self._notice.show_notice(notice)
        self._order_tabs()
        self._show_empty()

    def _fit_head(self) -> None:
        """Let it take all but a line of an answer that stands below it."""
        if self._head is not None:
            answer = self._text().least_height if self._shown else 0
            least = self._head.minimumSizeHint().height()
            self._head.setMaximumHeight(max(self.height() - answer, least))

    def refresh(self) -> None:
        self._refresh_fold()
        new = sections(self._side, self._plan, reasoning=self._fold.isChecked()) if self._side else []
        if new != self._shown:
            step = _step(new, sum(len(one.text) for one in self._shown[: self._grown_from(new)]) + STEP_CHARACTERS)
            self._write(step)
            if step != new:
                self._rest.start()
        self._show_empty()

    def _show_empty(self) -> None:
        waiting = waiting_words(self._side, now_ns(), calm=reduces_motion())
        nothing_yet = self._side is None or not self._side.rounds
        if self._head is not None:
            self._head.setVisible(self._notice.notice is not None or not self._fold.isHidden())
            self._fit_head()
        self._empty.setText(waiting or (tr(EMPTY) if nothing_yet and not self._notice.notice else ""))
        self._empty.setVisible(not self._shown)
        if self._text.made is not None:
            self._keyboard.show(self._text.made, bool(self._shown))
            self._text.made.set_writing(self._side is not None and self._side.outcome is Outcome.RUNNING)

    def _refresh_fold(self) -> None:
        length = reasoning_length(self._side) if self._side else 0
        if length:
            self._make_head()
        self._keyboard.show(self._fold, length > 0)
        if length:
            shown = self._fold.isChecked()
            hide, show = (
                message("Hide the reasoning ({n:grouped} characters)"),
                message("Show the reasoning ({n:grouped} characters)"),
            )
            self._fold.setText(tr(hide if shown else show, n=length))

    def _on_fold(self) -> None:
        self.refresh()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # how much a notice needs is known when it is laid out
            self._fit_head()
        return bool(super().event(event))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._write(self._shown, anew=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane the type is smaller: then all is written anew, in steps."""
        super().resizeEvent(event)
        self._fit_head()
        text = self._text.made
        if text is not None:
            text.fit_type(self.width())
            if self._shown and self._written_in != text.scale:
                self._write([])
                self._rest.start()

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write(self, new: list[Section], *, anew: bool = False) -> None:
        """Bring the text to these sections: where they only grew, only the growth is inserted."""
        kept = 0 if anew else self._grown_from(new)
        if kept == 0:
            self._shown = []
            if self._text.made is not None:
                self._text.made.clear()
            if new:
                self._text().fit_type(self.width())
                self._written_in = self._text().scale
        if kept and len(self._shown) == kept:
            grown = new[kept - 1].text[len(self._shown[-1].text) :]
            if grown:
                self._append(new[kept - 1].kind, grown)
        for number in range(kept, len(new)):
            self._begin(new[number], first=number == 0)
        self._shown = list(new)

    def _grown_from(self, new: list[Section]) -> int:
        """How many of the shown sections stay, the last of them perhaps longer; 0 where all must be written again."""
        count = len(self._shown)
        if not count or len(new) < count or new[: count - 1] != self._shown[:-1]:
            return 0
        last = self._shown[-1]
        same = new[count - 1].kind == last.kind and new[count - 1].text.startswith(last.text)
        return count if same else 0

    def _begin(self, section: Section, *, first: bool) -> None:
        if not first:
            self._append(_AIR, "\n")  # of no card
            self._append(section.kind, "\n")
        self._append(section.kind, tr(_PREFIX.get(section.kind, "")) + section.text)

    def _append(self, kind: str, text: str) -> None:
        self._text().append_text(text, _style(kind, self._written_in), _block(kind, self._written_in))


def _make_text(name: str) -> ReadingView:
    from ui.widgets.reading_view import ReadingView

    return ReadingView(name)


def _step(new: list[Section], characters: int) -> list[Section]:
    """The first so many characters of the sections."""
    step = []
    for section in new:
        step.append(Section(section.kind, section.text[:characters]) if len(section.text) > characters else section)
        characters -= len(section.text)
        if characters <= 0:
            break
    return step


def _style(kind: str, scale: float) -> QTextCharFormat:
    """How a kind of section is set, where the text is set at this scale."""
    from PySide6.QtGui import QTextCharFormat  # with its many enumerations: not before there is a text

    theme, style = colors(), QTextCharFormat()
    if kind in _CARDS:
        style.setFont(mono_font())
    elif kind in ("round", "user"):
        style.setFont(font(scale * _SMALL_TYPE, bold=True))
    else:
        style.setFont(font(scale, tabular=False))
    role = "text" if kind in ("text", "call", "user") else "muted"
    style.setForeground(theme.color(role))
    if kind == "reasoning":
        style.setFontItalic(True)
    return style


def _block(kind: str, scale: float) -> QTextBlockFormat:
    from ui.widgets.reading_view import block_format

    return block_format(scale, of_type=0.8 if kind == _AIR else 1.0, card=kind in _CARDS)
