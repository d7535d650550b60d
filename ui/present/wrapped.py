"""A text broken into lines, which goes on where it was left when it grows: only its end is laid out again."""

from __future__ import annotations

from PySide6.QtGui import QFont, QTextLayout, QTextOption

STEP_CHARACTERS = 2_000


class WrappedText:
    """Attributes:
    text: all of it. lines: where each begins and ends. font: of all of it.
    """

    def __init__(self) -> None:
        self.text = ""
        self.lines: list[tuple[int, int]] = []
        self.font = QFont()
        self._width = 0.0

    def show(self, text: str, font: QFont, width: float) -> bool:
        """Take a text; True where the lines are others now."""
        same = font == self.font and width == self._width
        if same and text == self.text:
            return False
        grown = same and text.startswith(self.text) and self.lines
        begin = self.lines.pop()[0] if grown else 0
        if not grown:
            self.lines.clear()
        self.text, self.font, self._width = text, font, width
        self._break_from(begin)
        return True

    def _break_from(self, at: int) -> None:
        text, size = self.text, len(self.text)
        while at < size:
            line_end = text.find("\n", at, at + STEP_CHARACTERS)
            end = line_end if line_end >= 0 else min(size, at + STEP_CHARACTERS)
            begins = self._lines_of(at, end)
            if line_end >= 0:
                at = end + 1
                if at == size:
                    self.lines.append((size, size))
            elif end == size or begins == 1:
                at = end
            else:
                at = self.lines.pop()[0]  # it may go on

    def _lines_of(self, begin: int, end: int) -> int:
        """Add the lines of a part without a line end; how many."""
        layout = QTextLayout(self.text[begin:end], self.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        count = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            self.lines.append((begin + line.textStart(), begin + line.textStart() + line.textLength()))
            count += 1
        layout.endLayout()
        if not count:
            self.lines.append((begin, end))
            count = 1
        return count
