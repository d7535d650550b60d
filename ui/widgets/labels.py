"""Labels that show outside text as it is: never rich text, never a link."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import msgspec
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.text.numbers import DASH
from app.text.sentences import tr
from app.text.visible import visible
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.segments import Segment

ELLIPSIS = "…"
PART = " · "
TIP_WIDTH, WIDE_FROM = 80, "\u2e80"
_KEPT = "\n\t\u200b"  # long words break at the last


def plain_tip(text: str) -> str:
    """A tooltip's text that Qt can't take for HTML of its own; it wraps where it is long.

    A screen reader says it of the widget, so that it has no markup of ours either: behind what could begin some stands a
    space without width, with which Qt does not take it for a tag (`Qt::mightBeRichText`).
    """
    return _wrapped(visible(text)).replace("<", "<\u200b").replace("&lt;", "&\u200blt;")


def spoken_cell(text: str) -> str:
    """What a screen reader says of a table's cell: of an empty one and of a dash, that nothing is there."""
    return tr("none") if text in ("", DASH) else visible(text)


def _wrapped(text: str) -> str:
    """In lines of at most `TIP_WIDTH` columns, of which Chinese takes two a character."""
    return text if len(text) <= TIP_WIDTH // 2 else "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        begin = end = columns = 0  # of the line that is made, up to the last place where it may end
        for at, char in enumerate(line):
            columns += 2 if char > WIDE_FROM else 1
            if char == " " or char > WIDE_FROM:
                end = at + 1
            if columns > TIP_WIDTH and char != " ":
                end = end if end > begin else at
                yield line[begin:end].rstrip()
                begin, columns = end, sum(2 if one > WIDE_FROM else 1 for one in line[end : at + 1])
        yield line[begin:]


class PlainLabel(QLabel):
    """A label for any text. `role` names a colour of the theme, `scale` and `bold` shape the font."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, role: str = "text", scale: float = 1.0, bold: bool = False,
        wrap: bool = False, selectable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(scale, bold=bold))
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._tint()
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible(text, keep=_KEPT))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from ui.widgets.copying import passes_on

        if not passes_on(self, event):
            super().contextMenuEvent(event)

    def set_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:  # the theme's sheet is another one
            self._tint()

    def _tint(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), colors().color(self._role))
        self.setPalette(palette)


def _visible(segment: Segment) -> Segment:
    shown = visible(segment.text, keep="")
    return segment if shown is segment.text else msgspec.structs.replace(segment, text=shown)


class SegmentLine(QWidget):
    """One line of differently coloured pieces. What does not fit is left out, and whole in the tooltip.

    Signals:
        link_pressed: a piece that leads somewhere was clicked.
    """

    link_pressed = Signal()
    heard_as = "text"

    def __init__(self, parent: QWidget | None = None, *, scale: float = 1.0) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._at_right = False
        self._scale = scale
        self._font, self._bold = font(scale), font(scale, bold=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All pieces in a row."""
        return " ".join(segment.text for segment in self._segments)

    def set_segments(self, *segments: Segment) -> None:
        """Show these pieces, each a space apart; empty ones are left out."""
        kept = tuple(_visible(segment) for segment in segments if segment.text)
        if kept == self._segments:
            return
        self._segments = kept
        self.setMouseTracking(any(segment.link for segment in kept))
        self.unsetCursor()
        self.setAccessibleName(self.text)
        self._set_tip()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ceil(self._width()) + 2, round(QFontMetricsF(self._bold).height()) + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._font, self._bold = font(self._scale), font(self._scale, bold=True)
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_tip()
        super().resizeEvent(event)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        for segment, text, x, width in self._placed():
            chosen = QFont(self._font_of(segment))
            chosen.setUnderline(segment.link)
            painter.setFont(chosen)
            painter.setPen(theme.color(segment.role))
            painter.drawText(round(x), 0, round(width) + 2, self.height(), int(Qt.AlignmentFlag.AlignVCenter), text)

    @property
    def shown(self) -> list[str]:
        """The pieces as there is room for them."""
        return [text for _, text, _, _ in self._placed()]

    def _placed(self) -> Iterator[tuple[Segment, str, float, float]]:
        """Each piece that has room: its text as it is shown, where it begins and how wide it is."""
        x, space = max(0.0, self.width() - self._width()) if self._at_right else 0.0, self._space
        for number, segment in enumerate(self._segments):
            metrics, left = QFontMetricsF(self._font_of(segment)), self.width() - x
            if left < metrics.horizontalAdvance(ELLIPSIS):
                return
            if segment.yields:
                behind = [one for one in self._segments[number + 1 :] if one.bold]
                left = max(left - sum(self._width_of(one) + space for one in behind), metrics.horizontalAdvance(ELLIPSIS))
                text = metrics.elidedText(segment.text, Qt.TextElideMode.ElideRight, left)
            else:
                text = _fitting(segment.text, metrics, left)
            width = metrics.horizontalAdvance(text)
            yield segment, text, x, width
            x += width + space

    @property
    def _space(self) -> float:
        return QFontMetricsF(self._font).horizontalAdvance(" ") * 1.6

    def _font_of(self, segment: Segment) -> QFont:
        return self._bold if segment.bold else self._font

    def _width_of(self, segment: Segment) -> float:
        return QFontMetricsF(self._font_of(segment)).horizontalAdvance(segment.text)

    def _over_link(self, at: float) -> bool:
        """Whether a piece that leads somewhere is there, that many pixels from the left."""
        return any(segment.link and x <= at <= x + width for segment, _, x, width in self._placed())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._over_link(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._over_link(event.position().x()):
            self.link_pressed.emit()
        else:
            super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._over_link(event.position().x()):  # else the release comes here too
            super().mousePressEvent(event)

    def _width(self) -> float:
        return sum(self._width_of(one) + self._space for one in self._segments) - self._space if self._segments else 0.0

    def _set_tip(self) -> None:
        self.setToolTip(plain_tip(self.text) if self._width() > self.width() else "")


def _fitting(text: str, metrics: QFontMetricsF, width: float) -> str:
    """A text for this width: of one in parts the last ones go first, whole, then it ends in an ellipsis."""
    while PART in text and metrics.horizontalAdvance(text) > width:
        text = text.rpartition(PART)[0]
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class ElidedLabel(SegmentLine):
    """One line of plain text in one colour."""

    def set_text(self, text: str, role: str = "text", *, bold: bool = False) -> None:
        self.set_segments(Segment(text, role, bold))

    def align_right(self) -> None:
        """Stand at the right end of the room, for good."""
        self._at_right = True
