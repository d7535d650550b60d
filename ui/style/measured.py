"""Texts that are painted again and again, measured once: to measure or elide a text takes Qt as long as to draw it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

MOST = 1_000  # texts of one font; figures that run bring new ones with each picture
MOST_FONTS = 64


class Measured:
    """The texts of one font.

    Attributes:
        ascent, height: of a line, in pixels.
    """

    def __init__(self, chosen: QFont) -> None:
        self._metrics = QFontMetricsF(chosen)
        self.ascent, self.height = self._metrics.ascent(), self._metrics.height()
        self._widths: dict[str, float] = {}
        self._fitted: dict[tuple[str, float], str] = {}

    def width(self, text: str) -> float:
        """How wide a text is, in pixels."""
        if (found := self._widths.get(text)) is None:
            if len(self._widths) >= MOST:
                self._widths.clear()
            found = self._widths[text] = self._metrics.horizontalAdvance(text)
        return found

    def number_width(self, text: str) -> float:
        """The same for digits and what stands between them: no two of these are kerned, and hardly a number comes twice."""
        return sum(map(self.width, text))

    def fitted(self, text: str, room: float) -> str:
        """What of a text is shown in so many pixels: all of it, or its beginning with an ellipsis."""
        if self.width(text) + 1 <= room:
            return text
        if (found := self._fitted.get((text, room))) is None:
            if len(self._fitted) >= MOST:
                self._fitted.clear()
            found = self._fitted[text, room] = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        return found


_of: dict[str, Measured] = {}


def measured(chosen: QFont) -> Measured:
    """The texts of this font, as all who ask have measured them."""
    which = chosen.key()
    if (found := _of.get(which)) is None:
        if len(_of) >= MOST_FONTS:
            _of.clear()
        found = _of[which] = Measured(chosen)
    return found
