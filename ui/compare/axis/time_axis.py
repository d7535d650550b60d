"""The common time axis: both sides on one scale in milliseconds, phases as blocks, content events as ticks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.text import numbers
from app.text.sentences import message, tr
from ui.compare.axis.lane import ContentEvent, Lane
from ui.compare.axis.rows import HIGH, LOW, SMALL, Rows, paint_letter, paint_timeless
from ui.compare.axis.scale import LEFT, Scale, range_in_words
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip
from ui.widgets.late import Late

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.axis.controls import AxisHead
    from ui.compare.axis.painting import AxisPicture
    from ui.widgets.copying import Copy

ZOOM = 1.5  # a key's or a button's; a wheel's step is less
WHEEL_ZOOM = 1.25
PAN_SHARE = 0.15  # of what is shown, an arrow key
ROOM = 1.02  # behind the end, so that what stands there is seen
DRAG_PIXELS = 4
ABOVE = 4  # pixels that a mark stands out over its lane
AROUND = 4  # pixels beside its moment that may be its mark's
_KEYS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}


class TimeAxis(QWidget):
    """Two lanes and a scale, of which a part can be magnified: wheel, drag, + − 0 and the arrows, buttons.

    Attributes:
        lanes: both sides.
        scale: what is shown of the whole.

    Signals:
        event_picked: a click; the side and the content event nearest to it, a `ContentEvent`.
        range_changed: what is shown is another part, or the whole has grown: `x_of` gives other places now.
    """

    event_picked = Signal(str, object)
    range_changed = Signal()
    heard_as = "chart"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lanes: dict[SideName, Lane] = {"a": Lane(), "b": Lane()}
        self.scale = Scale()
        self._rows = HIGH
        self._marks: dict[SideName, float] = {}
        self._moment: float | None = None
        self._pointer: float | None = None
        self._picture: AxisPicture | None = None  # all but the marks
        self._behind = False  # it does not show yet what there is
        self._pressed: QPoint | None = None
        self._dragged = False
        self._head = Late(self._make_head, lambda _: None)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Time axis of both sides"))

    def _make_head(self) -> AxisHead:
        from ui.compare.axis.controls import AxisHead

        head = AxisHead(self)
        head.zoomed.connect(lambda factor: self.zoom(factor))
        head.whole_wanted.connect(self.show_whole)
        return head

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_lanes(self, a: Lane, b: Lane) -> None:
        self.lanes = {"a": a, "b": b}
        self.scale.set_whole(0.0)
        self.scale.show_whole()
        self._marks, self._moment, self._pointer = {}, None, None
        self.refresh()
        if self.is_empty:
            self._on_range()  # the range of the run before is not told any more

    def refresh(self) -> bool:
        """Take over what came since; True while there is more to take in."""
        more = [lane.advance() for lane in self.lanes.values()]
        end = max(lane.end_ms for lane in self.lanes.values()) * ROOM
        if self._runs():
            end = self.scale.whole_ms if end <= self.scale.whole_ms else max(1_000.0, end * 1.25)
        if end != self.scale.whole_ms:
            self.scale.set_whole(end)
            self._on_range()
        told = [
            tr("{side}: {words}", side=name.upper(), words=tr("; ").join(block.words for block in lane.blocks))
            for name, lane in self.lanes.items()
        ]
        self.setAccessibleDescription(". ".join(told))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.is_empty else Qt.FocusPolicy.StrongFocus)
        self._behind, top = True, max(0, self._rows.head - ABOVE)
        self.update(0, top, self.width(), self.height() - top)  # not what stands above the lanes, which says the same
        return any(more)

    def mark(self, side: SideName, ms: float | None) -> None:
        """Mark the selected event's time on a lane; None for none."""
        before = self._marks.pop(side, None)
        if ms is not None:
            self._marks[side] = ms
        self._repaint_at(before, ms)

    def set_moment(self, ms: float | None) -> None:
        """A line across both lanes, down to what stands below the axis on its scale; None for none."""
        before, self._moment = self._moment, ms
        self._repaint_at(before, ms, self._pointer)

    def point_at(self, ms: float | None) -> None:
        """The same for the event that the user selected, while no moment is set; not where it is low, and nothing is below."""
        before, self._pointer = self._pointer, ms
        self._repaint_at(before, ms)

    def _repaint_at(self, *moments: float | None) -> None:
        """What moves over the lanes at these moments was there, or is now."""
        top = max(0, self._rows.head - ABOVE)
        for ms in moments:
            if ms is not None:
                self.update(round(self.x_of(ms)) - AROUND, top, 2 * AROUND + 1, self.height() - top)

    def set_low(self, low: bool) -> None:
        """Take little height: lower lanes, no legend."""
        rows = LOW if low else HIGH
        if rows is not self._rows:
            self._rows = rows
            self._place_head()
            self.updateGeometry()
            self._redraw()

    def _runs(self) -> bool:
        """Whether the end is not known yet; that of a side that is played again is."""
        sides = [lane.side for lane in self.lanes.values() if lane.side is not None and lane.side.lasts_ms is None]
        return any(side.outcome == "running" for side in sides)

    @property
    def is_empty(self) -> bool:
        return self.scale.whole_ms <= 0

    @property
    def rows(self) -> Rows:
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(400, self._rows.bottom + 6 + round(QFontMetricsF(font(SMALL)).height()))

    # -- the range ----------------------------------------------------------------------------------------------------

    def x_of(self, ms: float) -> float:
        """Where a moment stands, in this widget's pixels; outside of it for one that is not shown."""
        return self.scale.x_of(ms)

    def ms_of(self, x: float) -> float:
        """The moment at a place."""
        return self.scale.ms_of(x)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Show `factor` times as much detail around a place; without one around the selected event, or the middle."""
        if self.is_empty:
            return
        if x is None:
            marked = [at for ms in self._marks.values() if LEFT <= (at := self.x_of(ms)) <= LEFT + self.scale.pixels]
            x = marked[0] if marked else LEFT + self.scale.pixels / 2
        self.scale.zoom(factor, x)
        self._on_range()

    def pan(self, pixels: float) -> None:
        """Move to later times by so many pixels."""
        self.scale.pan(pixels)
        self._on_range()

    def show_whole(self) -> None:
        self.scale.show_whole()
        self._on_range()

    def show_range(self, begin_ms: float, end_ms: float) -> None:
        """Magnify a part."""
        self.scale.show(begin_ms, end_ms)
        self._on_range()

    def _on_range(self) -> None:
        if not self.is_empty:
            self._head().show_range(range_in_words(self.scale.begin_ms, self.scale.end_ms), zoomed=self.scale.zoomed)
            self._place_head()
        elif self._head.made is not None:
            self._head.made.hide()
        self._redraw()
        self.range_changed.emit()

    def _place_head(self) -> None:
        if self._head.made is not None:
            self._head.made.place(self.width(), self._rows)

    def _redraw(self) -> None:
        self._behind = True
        self.update()

    # -- painting -----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scale.width = self.width()
        self._place_head()
        self._redraw()
        self.range_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._picture = None
            self._redraw()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill(painter, QRectF(event.rect()), colors().color("surface"))
        if self.is_empty:
            self._paint_empty(painter)
            return
        if self._picture is None:
            from ui.compare.axis.painting import AxisPicture  # not before there is a run

            self._picture = AxisPicture()
        if self._behind or not self._picture.fits(self.size(), self.devicePixelRatio()):
            self._picture.take(self.lanes, self.scale, self._rows, self.size(), self.devicePixelRatio())
            self._behind = False
        self._picture.paint(painter)
        self._paint_marks(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colors().color("a"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_empty(self, painter: QPainter) -> None:
        for name, lane in self.lanes.items():
            paint_letter(painter, name, self._rows)
            empty = colors().color(name)
            empty.setAlphaF(0.1)
            fill(painter, QRectF(LEFT, self._rows.top(name), self.scale.pixels, self._rows.lane), empty)
            if lane.timeless:
                paint_timeless(painter, name, self._rows, self.scale.pixels)

    def _paint_marks(self, painter: QPainter) -> None:
        theme = colors()
        painter.setClipRect(QRectF(LEFT - 2, 0, self.scale.pixels + 8, self.height()))
        moment = self._pointer if self._moment is None and self._rows is HIGH else self._moment
        if moment is not None:
            line = QPen(theme.color("muted"), 1, Qt.PenStyle.CustomDashLine)
            line.setDashPattern([2, 3])
            painter.setPen(line)
            x = round(self.x_of(moment)) + 1
            painter.drawLine(x, self._rows.head - ABOVE, x, self.height() - 1)
        for name, ms in self._marks.items():
            top, high = self._rows.top(name) - ABOVE, self._rows.lane + 2 * ABOVE
            fill(painter, QRectF(round(self.x_of(ms)), top, 3, high), theme.color("text"))
        painter.setClipping(False)

    # -- pointing -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self)
            return True
        return bool(super().event(event))

    def words_at(self, position: QPoint) -> str:
        """What is at a point: the time, and the phase or event there."""
        if self.is_empty:
            timeless = any(lane.timeless for lane in self.lanes.values())
            empty = message("Both sides will stand here on one time axis.")
            return tr(message("Nothing says when the parts came.") if timeless else empty)
        ms = self.ms_of(position.x())
        name = self._lane_at(position.y())
        lane = self.lanes[name]
        block = next((one for one in lane.blocks if one.begin_ms <= ms <= one.begin_ms + one.length_ms), None)
        if block is not None:
            return tr("{side}: {words}", side=name.upper(), words=block.words)
        near = lane.nearest(ms)
        if near is None:
            return tr("{side}: {words}", side=name.upper(), words=numbers.milliseconds(ms))
        at, place = near
        template = message("{side}: event {n} at {ms} ms{preview:if  · {preview}}\nClick to see it.")
        when, preview = numbers.grouped(at, 1), self._preview(lane, place)
        return tr(template, side=name.upper(), n=place.event + 1, ms=when, preview=preview)

    @staticmethod
    def _preview(lane: Lane, place: ContentEvent) -> str:
        if lane.side is None or place.round > len(lane.side.rounds):
            return ""
        one = lane.side.rounds[place.round - 1]
        return one.protocol.preview(one.events.event(place.event))[:80]

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What is at the place, and the phases of its side."""
        from ui.widgets.copying import Copy, quoted

        if self.is_empty:
            return
        if at is not None:
            words = self.words_at(at).partition("\n")[0]
            yield Copy(quoted(words), lambda: words)
        for name, lane in self.lanes.items():
            if blocks := lane.blocks:
                told = "\n".join(block.words for block in blocks)
                yield Copy(tr("Copy the phases of {side}", side=name.upper()), partial(str, told))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.is_empty:
            return super().mousePressEvent(event)
        self._pressed, self._dragged = event.position().toPoint(), False
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return super().mouseMoveEvent(event)
        moved = self._pressed.x() - event.position().toPoint().x()
        if self._dragged or abs(moved) >= DRAG_PIXELS:
            self._dragged, self._pressed = True, event.position().toPoint()
            if self.scale.zoomed:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.pan(moved)
        return None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return super().mouseReleaseEvent(event)
        self._pressed = None
        self.unsetCursor()
        name = self._lane_at(event.position().y())
        near = None if self._dragged else self.lanes[name].nearest(self.ms_of(event.position().x()))
        if near is not None:
            self.event_picked.emit(name, near[1])
        return None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Up and down magnify around the pointer; sideways moves."""
        if self.is_empty:
            return super().wheelEvent(event)
        turned = event.angleDelta()
        if abs(turned.x()) > abs(turned.y()):
            self.pan(-turned.x() / 2)
        elif turned.y():
            self.zoom(WHEEL_ZOOM ** (turned.y() / 120), event.position().x())
        event.accept()
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.is_empty or event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return super().keyPressEvent(event)
        if key in _KEYS:
            self.zoom(_KEYS[key])
        elif key == Qt.Key.Key_0:
            self.show_whole()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.pan((1 if key == Qt.Key.Key_Right else -1) * PAN_SHARE * self.scale.pixels)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.pan(
                (1 if key == Qt.Key.Key_End else -1) * self.scale.whole_ms / max(self.scale.span_ms, 1.0) * self.scale.pixels
            )
        else:
            return super().keyPressEvent(event)
        return None

    def _lane_at(self, y: float) -> SideName:
        return "a" if y < self._rows.top("a") + self._rows.lane + self._rows.gap / 2 else "b"
