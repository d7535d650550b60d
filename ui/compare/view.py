"""What the Compare page looks like: the request above, two panes and the spine between them, the axis and the sentence."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from app.text.sentences import message, spans, tr
from ui.compare.request.bar import RequestBar
from ui.style.theme import changes_fonts, text_scale
from ui.widgets.bar import Bar
from ui.widgets.late import InSteps, Part
from ui.widgets.tab_order import fill_splitter

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.axis.time_axis import TimeAxis
    from ui.compare.pane.pane import Pane
    from ui.compare.spine.spine import Spine
    from ui.widgets.copying import Copy
    from ui.widgets.sentence import SentenceView

MARGIN = 14
GAP = 6  # on both sides of the spine
SPINE_FROM, WIDE_FROM = 912, 1192  # of the view: windows of 1000 and of 1280, without the rail
LEAST_LINES, HELD_LINES = 2, 3  # of the sentence: what there is always room for; up to so many a longer one keeps its room
ROOMY = 590  # of the view, at the usual size of text: there is room for what stands below the axis
SHARE_STEP = 50  # thousandths of the width
LOW = 690  # a window of 720: the axis takes little height
TIGHT = 616  # a window of 640: all moves together, so that five events are seen
ABOVE, BETWEEN, AT_END, IN_FOOT = 10, 10, MARGIN, 10  # of the rows: above the first, between two, below the last, in the foot
NOTES = 46  # what is said above the panes takes so much of the height
FIVE_EVENTS = 72  # what five events take of the panes besides their least height
TIGHT_ABOVE, TIGHT_BETWEEN, TIGHT_AT_END, TIGHT_IN_FOOT = 6, 5, 8, 5
HINT = message("Ctrl+Enter sends the request to both endpoints. What differs will be said here, in one sentence.")


class CompareView(QWidget, InSteps):
    """The widgets and where they stand. What is below the request is made by `complete`: a first screen may cover it.

    Attributes:
        bar: the request. notes: what is said above the panes. a, b, panes: both sides. spine: what differs, between them.
        axis, sentence: the foot. share: how much of both panes' width A has, in thousandths.
        is_complete: all of that is made.
        fill: makes what works on all that, in steps, once it is made.

    Signals:
        spine_shown: the spine came or went; without it B's tiles show the differences.
    """

    spine_shown = Signal()
    a: Part[Pane] = Part()
    b: Part[Pane] = Part()
    panes: Part[dict[SideName, Pane]] = Part()
    spine: Part[Spine] = Part()
    axis: Part[TimeAxis] = Part()
    sentence: Part[SentenceView] = Part()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.notes = RequestBar(), Bar()
        self._cover: QWidget | None = None
        self._over: QWidget | None = None
        self.share = 500
        self.is_complete = False
        self.fill: Callable[[], Iterable[None]] = tuple
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, ABOVE, MARGIN, AT_END)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.bar)
        layout.addWidget(self.notes)

    def make_rest(self) -> Generator[None, None, None]:
        """Panes, spine, axis and sentence."""
        from ui.compare.pane.pane import Pane

        yield
        a = Pane("a")
        yield
        b = Pane("b")
        yield
        from ui.compare.spine.spine import Spine

        spine = Spine()
        yield
        from ui.compare.axis.time_axis import TimeAxis
        from ui.widgets.sentence import SentenceView

        axis, sentence = TimeAxis(), SentenceView()
        yield
        self.a, self.b, self.panes, self.spine, self.axis, self.sentence = a, b, {"a": a, "b": b}, spine, axis, sentence
        self.is_complete = True
        a.share_rows(b)
        a.rows_moved.connect(lambda: spine.place(a.rows))
        self._foot, self._fitted = QFrame(), (False, False)
        self._held_lines = LEAST_LINES
        self._lay_out()
        self.bar.unfold.toggled.connect(self._fit_foot)
        sentence.show_spans(spans(HINT, {}), quiet=True)
        if self._cover is not None:
            self._show_below(False)
            yield
            self._fit()  # it has its size by now
        yield from self.fill()

    def _lay_out(self) -> None:
        self._split = split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("wide")
        split.setHandleWidth(GAP)
        split.setChildrenCollapsible(False)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._layout.addLayout(self._column, 1)
        self._column.addWidget(split, 1)  # before it is filled: all in it is styled anew with each move
        fill_splitter(split, self.a, self.spine, self.b)
        for pane in self.panes.values():
            pane.setMinimumWidth(330)
        for index, share in enumerate((1, 0, 1)):
            split.setStretchFactor(index, share)
        split.setSizes([500, self.spine.width(), 500])
        split.splitterMoved.connect(lambda _at, _index: self._on_handle())
        self._foot.setObjectName("card")
        self._in_foot = inner = QVBoxLayout(self._foot)
        inner.setContentsMargins(14, IN_FOOT, 14, IN_FOOT)
        inner.setSpacing(8)
        self._timed = QWidget()  # what the findings take the room of
        timed = QVBoxLayout(self._timed)
        timed.setContentsMargins(0, 0, 0, 0)
        timed.setSpacing(8)
        timed.addWidget(self.axis)
        inner.addWidget(self._timed)
        inner.addWidget(self.sentence)
        self._below_axis = timed
        self._layout.addWidget(self._foot)

    def set_share(self, share: int) -> None:
        """Give A that many thousandths of both panes' width."""
        self.share = min(max(share, 200), 800)
        if self.is_complete:
            self._fit_spine()

    def widen(self, side: SideName) -> None:
        """Give a pane a little more of the width, as its edge would be dragged."""
        self.set_share(self.share + (SHARE_STEP if side == "a" else -SHARE_STEP))

    def _on_handle(self) -> None:
        a, _, b = self._split.sizes()
        self.share = round(1000 * a / (a + b)) if a + b else 500

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def is_roomy(self) -> bool:
        """Whether the foot takes the height that a run which has ended needs of it: then nothing moves when one ends."""
        return self.height() >= ROOMY * text_scale()

    def _fit(self) -> None:
        if not self.is_complete:
            return
        self._held_lines = LEAST_LINES
        low, tight = fitted = self._is_low, self._is_tight
        if fitted != self._fitted:
            self._fitted = fitted
            self.axis.set_low(low)
            self._set_tight(tight)
        self._fit_spine()
        self._fit_foot()

    @property
    def _is_low(self) -> bool:
        return self._height_left < LOW * _room_for_text()

    @property
    def _is_tight(self) -> bool:
        return self._height_left < TIGHT * _room_for_text()

    @property
    def _height_left(self) -> float:
        """The height without what is said above the panes, as where a run comes from."""
        return self.height() - (0 if self.notes.isHidden() else NOTES * text_scale())

    def _set_tight(self, tight: bool) -> None:
        """Leave less room between the rows and in them."""
        above, between, end, inside = (
            (TIGHT_ABOVE, TIGHT_BETWEEN, TIGHT_AT_END, TIGHT_IN_FOOT) if tight else (ABOVE, BETWEEN, AT_END, IN_FOOT)
        )
        self._layout.setContentsMargins(MARGIN, above, MARGIN, end)
        self._layout.setSpacing(between)
        self._in_foot.setContentsMargins(14, inside, 14, inside)
        self._in_foot.setSpacing(min(8, between))
        self.notes.set_tight(tight)
        for pane in self.panes.values():
            pane.set_tight(tight)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()

    def _fit_spine(self) -> None:
        """The spine loses its labels where it gets narrow, then it goes; what is said below the figures goes before either."""
        room = _room_for_text()
        shown, narrow = self.width() >= SPINE_FROM * room, self.width() < WIDE_FROM * room
        changed = shown is self.spine.isHidden()
        if changed or narrow is not self.spine.narrow:
            self.spine.set_narrow(narrow)
            self.spine.setVisible(shown)
            self._split.setHandleWidth(GAP if shown else 2 * GAP)
        taken = self.spine.maximumWidth() if shown else 0
        left = max(0, self.width() - 2 * MARGIN - taken - 2 * GAP)
        self._split.setSizes([left * self.share // 1000, taken, left - left * self.share // 1000])
        for pane in self.panes.values():
            pane.set_low(narrow or self._is_low)
        if changed:
            self.spine_shown.emit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and self.is_complete:  # the sentence, say, takes another line
            if self._fitted == (self._is_low, self._is_tight):
                self._fit_foot()
            else:  # something is said above the panes now, or no more
                self._fit()
        return bool(done)

    def _fit_foot(self) -> None:
        """Where what is asked is unfolded in a window too low for all, what came of the last run goes until it is folded."""
        layout = self._layout
        if self._cover is not None:
            return
        # A box layout gives parts whose texts wrap no less than their height at this width, which may be more than their least.
        wrapping = [part for part in (self.bar, self.notes) if not part.isHidden() and part.hasHeightForWidth()]
        more = sum(max(0, part.heightForWidth(part.width()) - part.minimumSizeHint().height()) for part in wrapping)
        more += max(0, self.bar.sizeHint().height() - self.bar.minimumSizeHint().height())  # its texts shall not be squeezed
        needed = layout.minimumSize().height() + more
        if self._foot.isHidden():
            needed += layout.spacing() + self._foot.minimumSizeHint().height()
        shown = not (self.bar.unfold.isChecked() or self.bar.fields.is_tall) or needed <= self.height()
        if shown is self._foot.isHidden():
            self._foot.setVisible(shown)
        if shown:
            self._fit_sentence(needed)

    def _fit_sentence(self, needed: int) -> None:
        """In a low window the sentence and the views scroll, sooner than a row of the panes is cut; else its room stays."""
        self._held_lines = max(self._held_lines, min(self.sentence.lines, HELD_LINES))
        self.sentence.set_least_lines(self._held_lines if self.is_roomy else 1)
        from ui.compare.pane.views import LEAST_HEIGHT, LEAST_OF_ALL
        from ui.widgets.sentence import MAX_LINES

        rest = self.height() - needed + self.sentence.height() - (LEAST_HEIGHT - self.a.views.minimumHeight())
        more = rest - (round(FIVE_EVENTS * text_scale()) if self._is_tight else 0)
        fits = (lines for lines in range(MAX_LINES, LEAST_LINES, -1) if self.sentence.height_of(lines) <= more)
        lines = next(fits, LEAST_LINES)
        if self.sentence.height_of(lines) > rest + LEAST_HEIGHT - LEAST_OF_ALL:
            lines = 1
        self.sentence.set_most_lines(lines)
        for pane in self.panes.values():
            pane.views.give_way(self.sentence.height_of(lines) - rest)

    def cover(self, widget: QWidget | None) -> None:
        """Have a widget in place of the fields, panes, axis and sentence; None brings those back."""
        if widget is None:
            self.complete()  # while it is covered: it has its size by now, and is fitted to it
        if self._cover is not None:
            self._layout.removeWidget(self._cover)
        self._cover = widget
        if widget is not None:
            self._layout.addWidget(widget, 1)
        self.bar.fields.setVisible(widget is None)
        self.bar.run.set_quiet(widget is not None)
        if self.is_complete:
            self._show_below(widget is None)

    def _show_below(self, shown: bool) -> None:
        for part in (self._split, self._foot, *([self._over] if self._over is not None else [])):
            part.setVisible(shown)

    def place_over_panes(self, widget: QWidget) -> None:
        """Take a widget that `span` shows later."""
        widget.hide()
        self._column.addWidget(widget, 0)

    def span(self, widget: QWidget | None) -> None:
        """Have a widget over both panes in place of their views and of the axis; None brings those back."""
        for pane in self.panes.values():
            pane.views.setVisible(widget is None)
        self._timed.setVisible(widget is None)
        if self._over is not None:
            self._over.hide()
        self._over = widget
        self._column.setStretchFactor(self._split, 0 if widget is not None else 1)
        self._split.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed if widget is not None else QSizePolicy.Policy.Expanding
        )
        if widget is not None:
            self._column.setStretchFactor(widget, 1)
            widget.show()
        self._fit()

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied wherever one points: what is said of the run."""
        from ui.widgets.copying import Copy

        if self.is_complete and not self.sentence.is_hint:
            yield Copy(tr("Copy the sentence"), lambda: self.sentence.text)

    def place_below_axis(self, widget: QWidget) -> None:
        """Put a row right below the axis, as wide as that."""
        self._below_axis.addWidget(widget)

    def say(self, text: str, role: str) -> None:
        """Say something above the panes, until it is dismissed or the next run begins; what was done, over the foot."""
        self.notes.tell(text, role)

    @property
    def focused_pane(self) -> Pane:
        """The pane that has the keyboard; A where neither has."""
        focused = self.focusWidget()
        return self.b if focused is not None and self.b.isAncestorOf(focused) else self.a

    def recolor(self) -> None:
        if self.is_complete:
            for pane in self.panes.values():
                pane.recolor()
            self.spine.recolor()
        self.update()


def _room_for_text() -> float:
    """How much more room is needed than with text of the usual size: half of what is laid out is not text."""
    return (1 + max(1.0, text_scale())) / 2
