"""The presentation's lines of words: what was asked, the sentence, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from app.text.sentences import tr
from app.text.visible import visible
from ui.present.look import GROUND, color, draw, key_box, type_of
from ui.present.measures import Measures
from ui.style.look import fill
from ui.style.painting import painted

if TYPE_CHECKING:
    from app.text.sentences import Span

SENTENCE_PX, SENTENCE_LINE = 31, 44
MOST_LINES = 3


class QuestionLine(QWidget):
    """What both were asked, in one line."""

    heard_as = "text"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before, self._asked, self._measures = "", "", Measures(1.0, lanes=True, keys=True)

    def show_question(self, before: str, asked: str, measures: Measures) -> None:
        """`before` is said in a quiet colour, `asked` are the words of the question."""
        self._before, self._asked, self._measures = before, visible(" ".join(asked.split())), measures
        self.setAccessibleName(f"{before} {self._asked}")
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, font = QPainter(self), type_of(self._measures.px(26))
        metrics = QFontMetricsF(font)
        baseline = (self.height() - metrics.height()) / 2 + metrics.ascent()
        fill(painter, QRectF(self.rect()), GROUND)
        x = draw(painter, 0, baseline, self._before, font, "muted", self.width())
        if self._asked:
            x += metrics.horizontalAdvance(" ")
            draw(painter, x, baseline, f"“{self._asked}”", font, "text", max(0.0, self.width() - x))


class SentenceLine(QWidget):
    """The sentence, centred; it shrinks where it has more words than three lines take."""

    heard_as = "text"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self._role = "text"
        self._measures = Measures(1.0, lanes=True, keys=True)

    def show_spans(self, spans: Sequence[Span], measures: Measures, role: str = "text") -> None:
        self._spans, self._measures, self._role = tuple(spans), measures, role
        self.setAccessibleName(self.text)
        self.update()

    @property
    def text(self) -> str:
        return "".join(span.text for span in self._spans)

    def height_for(self, width: int, measures: Measures) -> int:
        """How high it is at a width; as high as one line without any words."""
        layout, line = self._laid_out(width, measures)
        return max(1, layout.lineCount()) * line

    def _laid_out(self, width: int, measures: Measures) -> tuple[QTextLayout, int]:
        for share in (1.0, 0.85, 0.72):
            font, line = type_of(measures.px(SENTENCE_PX * share)), measures.px(SENTENCE_LINE * share)
            layout = self._layout(font, width, width, line)
            if layout.lineCount() <= MOST_LINES:
                break
        # No word alone in the last line: as narrow as it is without a further line.
        for part in (0.92, 0.84, 0.76, 0.68, 0.6):
            narrower = self._layout(font, round(width * part), width, line)
            if layout.lineCount() < 2 or narrower.lineCount() > layout.lineCount():
                break
            layout = narrower
        return layout, line

    def _layout(self, font: QFont, width: int, inside: int, line_px: int) -> QTextLayout:
        """The lines of that width, in the middle of another."""
        layout = QTextLayout(visible(self.text), font)
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        y = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF((inside - width) / 2, y))
            y += line_px
        layout.endLayout()
        return layout

    def _formats(self) -> list[QTextLayout.FormatRange]:
        formats, at = [], 0
        for span in self._spans:
            size = len(visible(span.text))
            if span.strong:
                one, style = QTextLayout.FormatRange(), QTextCharFormat()
                style.setFontWeight(QFont.Weight.DemiBold)
                one.start, one.length, one.format = at, size, style
                formats.append(one)
            at += size
        return formats

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill(painter, QRectF(self.rect()), GROUND)
        painter.setPen(color(self._role))
        layout, line = self._laid_out(self.width(), self._measures)
        layout.draw(painter, QPointF(0, (self.height() - layout.lineCount() * line) / 2))


class KeysLine(QWidget):
    """The keys and what they do, centred; without words where it is narrow."""

    heard_as = "text"

    def __init__(self, keys: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._measures = tuple(keys), Measures(1.0, lanes=True, keys=True)
        self.setAccessibleName(tr(", ").join(tr("{label}: {value}", label=key, value=title) for key, title in keys))

    def show_measures(self, measures: Measures) -> None:
        self._measures = measures
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px = QPainter(self), self._measures.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill(painter, QRectF(self.rect()), GROUND)
        small, bold = type_of(max(13, px(15))), type_of(max(12, px(13)), bold=True)
        plain, strong = QFontMetricsF(small), QFontMetricsF(bold)
        boxes = [strong.horizontalAdvance(key) + 20 for key, _ in self._keys]
        widths = [box + 10 + plain.horizontalAdvance(title) for box, (_, title) in zip(boxes, self._keys, strict=True)]
        gap = px(32)
        x = (self.width() - sum(widths) - gap * (len(widths) - 1)) / 2
        for (key, title), box, width in zip(self._keys, boxes, widths, strict=True):
            height = strong.height() + 8
            key_box(painter, QRectF(x, (self.height() - height) / 2, box, height), key, bold)
            draw(painter, x + box + 10, (self.height() - plain.height()) / 2 + plain.ascent(), title, small, "muted")
            x += width + gap
