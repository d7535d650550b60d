"""A side's card: its name, the stopwatch, its lane, and the answer as it is written."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.run.plain_facts import PlainFacts, Story
from app.text.visible import one_line, visible
from ui.present.look import GROUND, color, draw, draw_right, type_of
from ui.present.measures import ANSWER_PX, LEAST_PX, LINE_PX, Measures
from ui.present.words import CardWords
from ui.present.wrapped import WrappedText
from ui.style.look import fill
from ui.style.painting import painted

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.axis.lane import Lane

INSET = 44
GULP_EVENTS = 6  # so many at one place are a gulp
MOST_CHARACTERS = 100_000  # of one answer: more is never looked at in a room


class AnswerArea(QWidget):
    """The answer, its end in view while it is written; the wheel goes back in it."""

    heard_as = "text"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wrapped = WrappedText()
        self._line_px = LINE_PX
        self._back = 0  # how many lines the user went up from the end
        self._caret = ""
        self._asked: tuple[object, ...] = ()

    def show_answer(self, text: str, measures: Measures, caret: str, *, whole: bool) -> None:
        """Show a text; `caret` names the colour of the mark behind its last word, "" for none. `whole`: nothing comes any more,
        on neither side, and where all of it fits in smaller type it is set so."""
        shown = visible(text[:MOST_CHARACTERS])
        asked = (shown, measures, whole, self.width(), self.height())
        if asked == self._asked:
            changed = False
        else:
            self._asked = asked
            self._line_px = measures.px(LINE_PX)
            changed = self._wrapped.show(shown, type_of(measures.px(ANSWER_PX)), self.width())
            if whole:
                changed |= self._fit_whole(measures.px(ANSWER_PX))
        if changed and not text:
            self._back = 0
        if changed or caret != self._caret:
            self._caret = caret
            self.setAccessibleName(visible(text[-500:]))
            self.update()

    def _fit_whole(self, px: int) -> bool:
        """Set a text that has ended smaller, where all of it is in view then; whether it was."""
        whole, usual, line_px = self._wrapped, px, self._line_px
        smallest = len(whole.lines) * LEAST_PX / px * LEAST_PX * LINE_PX / ANSWER_PX  # about as high as it gets
        if smallest > 1.3 * self.height():
            return False  # far too long: it is not laid out time and again
        while len(whole.lines) * self._line_px > self.height() and px > LEAST_PX:
            px -= 1
            self._line_px = round(px * LINE_PX / ANSWER_PX)
            whole.show(whole.text, type_of(px), self.width())
        if len(whole.lines) * self._line_px > self.height():
            self._line_px = line_px
            whole.show(whole.text, type_of(usual), self.width())
        return px < usual

    @property
    def font_px(self) -> int:
        return self._wrapped.font.pixelSize()

    def take_size_of(self, other: AnswerArea) -> None:
        """Be set no larger than the other side's."""
        if other.font_px < self.font_px:
            self._line_px = other._line_px
            self._wrapped.show(self._wrapped.text, type_of(other.font_px), self.width())
            self.update()

    @property
    def shown_lines(self) -> list[str]:
        """The lines that are in view."""
        room, lines = max(1, self.height() // self._line_px), self._wrapped.lines
        last = max(min(room, len(lines)), len(lines) - self._back)
        return [self._wrapped.text[begin:end].rstrip() for begin, end in lines[max(0, last - room) : last]]

    def wheelEvent(self, event: QWheelEvent) -> None:
        room = max(1, self.height() // self._line_px)
        steps = event.angleDelta().y() // 40
        self._back = min(max(0, self._back + steps), max(0, len(self._wrapped.lines) - room))
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), QFontMetricsF(self._wrapped.font)
        painter.setFont(self._wrapped.font)
        y, x = 0.0, 0.0
        for line in self.shown_lines:
            painter.setPen(color("text"))
            baseline = y + (self._line_px - metrics.height()) / 2 + metrics.ascent()
            painter.drawText(0, round(baseline), line)
            x, y = metrics.horizontalAdvance(line), y + self._line_px
        if self._caret and not self._back:
            top = max(0.0, y - self._line_px) + (self._line_px - metrics.ascent()) / 2
            fill(painter, QRectF(x + 4, top, max(3, metrics.ascent() / 8), metrics.ascent()), color(self._caret))


class SideCard(QWidget):
    """Everything about one side. It shows what it is given."""

    heard_as = "group"

    def __init__(self, name: SideName, parent: QWidget) -> None:
        super().__init__(parent)
        self._name: SideName = name
        self._title = ""
        self._words = CardWords("", "muted", "–", "", "", "")
        self._lane: Lane | None = None
        self._scale_ms = 0.0
        self._measures = Measures(1.0, lanes=True, keys=True)
        self.answer = AnswerArea(self)

    def show_side(
        self,
        title: str,
        words: CardWords,
        facts: PlainFacts,
        lane: Lane | None,
        scale_ms: float,
        measures: Measures,
        *,
        whole: bool,
    ) -> None:
        """`whole`: nothing comes any more, on neither side."""
        self._title, self._words, self._lane, self._scale_ms, self._measures = one_line(title), words, lane, scale_ms, measures
        self.setAccessibleName(f"{self._title}: {words.watch} {words.until}. {words.state}. {words.manner}. {words.last}")
        self._place()
        self.answer.show_answer(facts.text, measures, self._name if facts.story is Story.WRITING else "", whole=whole)
        self.update()

    def _place(self) -> None:
        px = self._measures.px
        left, top = px(INSET), px(self._answer_top)
        height = self.height() - top - px(22)
        line = px(LINE_PX)
        self.answer.setGeometry(left, top, max(1, self.width() - 2 * left), max(line, height // line * line))

    @property
    def _answer_top(self) -> int:
        return 278 if self._measures.lanes else 186

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), self._measures.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill(painter, QRectF(self.rect()), GROUND)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 11, 11)
        painter.setClipPath(shape)
        fill(painter, QRectF(self.rect()), color("surface"))
        fill(painter, QRectF(0, 0, self.width(), max(4, px(7))), color(self._name))
        self._paint_head(painter)
        self._paint_watch(painter)
        if self._measures.lanes:
            self._paint_lane(painter)

    def _paint_head(self, painter: QPainter) -> None:
        px, left, right = self._measures.px, self._measures.px(INSET), self.width() - self._measures.px(INSET)
        badge = QRectF(left, px(35), px(44), px(44))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._name))
        painter.drawRoundedRect(badge, px(8), px(8))
        painter.setFont(type_of(px(25), bold=True))
        painter.setPen(color("on_side"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._name.upper())
        begin = draw_right(painter, right, px(64), self._words.state, type_of(px(21), bold=True), self._words.role)
        x = left + px(60)
        draw(painter, x, px(67), self._title, type_of(px(30), bold=True), "text", max(40.0, begin - px(16) - x))

    def _paint_watch(self, painter: QPainter) -> None:
        px, left = self._measures.px, self._measures.px(INSET)
        figure = type_of(px(84), bold=True)
        end = draw(painter, left, px(170), self._words.watch, figure, self._name)
        right = self.width() - left
        room = max(0.0, right - end - px(16))
        fonts = [type_of(px(size)) for size in (23, 20, 17)]
        fitting = [one for one in fonts if QFontMetricsF(one).horizontalAdvance(self._words.until) <= room]
        if fitting or room > px(110):  # else nothing that can be read would be left of it
            draw(painter, end + px(16), px(170), self._words.until, (fitting or fonts[-1:])[0], "muted", room)

    def _paint_lane(self, painter: QPainter) -> None:
        px, left, right = self._measures.px, self._measures.px(INSET), self.width() - self._measures.px(INSET)
        middle = px(213)
        fill(painter, QRectF(left, middle - 1, right - left, 2), color("border"))
        lane = self._lane
        if lane is not None and self._scale_ms > 0:
            self._paint_ticks(painter, lane, left, right, middle)
        small = type_of(px(20))
        draw(painter, left, px(255), self._words.manner, small, "muted")
        draw_right(painter, right, px(255), self._words.last, small, "muted")

    def _paint_ticks(self, painter: QPainter, lane: Lane, left: int, right: int, middle: int) -> None:
        """A tick a place, however many words share it; a gulp is a block."""
        px, times, tint = self._measures.px, lane.times_ms, color(self._name)
        per_px, index = self._scale_ms / max(1, right - left), 0
        while index < len(times):
            x = left + times[index] / per_px
            after = max(index + 1, bisect_left(times, times[index] + 3 * per_px, index))
            wide = after - index >= GULP_EVENTS
            width, height = (px(13), px(27)) if wide else (max(2, px(2)), px(20))
            fill(painter, QRectF(round(x - (width / 2 if wide else 0)), middle - height / 2, width, height), tint)
            index = after
