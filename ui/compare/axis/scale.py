"""The axis' scale, without a widget: which part of the whole time is shown, and where a moment stands in pixels."""

from __future__ import annotations

import math

from app.text import numbers
from app.text.sentences import tr

LEFT, RIGHT = 52, 84  # pixels beside the scale: the side's letter or a button, and words
LEAST_MS = 1.0  # no more is magnified
_STEPS = (1, 2, 5, 10)


class Scale:
    """A range of milliseconds over a width of pixels.

    Attributes:
        whole_ms: the whole begins at 0 and ends here; 0 while there is nothing.
        begin_ms, end_ms: what of it is shown.
        width: of the widget, in pixels; the scale has `LEFT` and `RIGHT` less.
    """

    def __init__(self) -> None:
        self.whole_ms = self.begin_ms = self.end_ms = 0.0
        self.width = 400.0

    @property
    def span_ms(self) -> float:
        return self.end_ms - self.begin_ms

    @property
    def pixels(self) -> float:
        return max(1.0, self.width - LEFT - RIGHT)

    @property
    def zoomed(self) -> bool:
        """Whether a part is shown only."""
        return self.span_ms < self.whole_ms

    def x_of(self, ms: float) -> float:
        """Where a moment stands; outside of the widget for one that is not shown."""
        return LEFT + (ms - self.begin_ms) / self.span_ms * self.pixels if self.span_ms else LEFT

    def ms_of(self, x: float) -> float:
        """The moment at a place, never before 0."""
        return max(0.0, self.begin_ms + (x - LEFT) / self.pixels * self.span_ms)

    def set_whole(self, whole_ms: float) -> None:
        """The whole is longer, or another; the part that is shown stays where it can."""
        zoomed = self.zoomed
        self.whole_ms = whole_ms
        if zoomed:
            self.show(self.begin_ms, self.end_ms)
        else:
            self.show_whole()

    def show_whole(self) -> None:
        self.begin_ms, self.end_ms = 0.0, self.whole_ms

    def show(self, begin_ms: float, end_ms: float) -> None:
        """Show a part, moved to where it lies inside the whole."""
        span = min(max(end_ms - begin_ms, LEAST_MS), self.whole_ms)
        self.begin_ms = min(max(begin_ms, 0.0), self.whole_ms - span)
        self.end_ms = self.begin_ms + span

    def zoom(self, factor: float, x: float) -> None:
        """Show `factor` times as much detail; the moment at `x` stays there."""
        at = min(max(self.ms_of(x), self.begin_ms), self.end_ms)
        span = min(max(self.span_ms / factor, LEAST_MS), self.whole_ms)
        share = (at - self.begin_ms) / self.span_ms if self.span_ms else 0.0
        self.show(at - share * span, at - share * span + span)

    def pan(self, pixels: float) -> None:
        """Move on by so many pixels' worth of time."""
        by = pixels / self.pixels * self.span_ms
        self.show(self.begin_ms + by, self.end_ms + by)

    def step_ms(self, label_pixels: float) -> float:
        """How far apart the scale's lines are, so that labels of such a width have room: 1, 2 or 5 times a power of ten."""
        wanted = self.span_ms / max(1.0, self.pixels / label_pixels)
        power = 10.0 ** math.floor(math.log10(wanted)) if wanted > 0 else 1.0
        return next(power * step for step in _STEPS if power * step >= wanted * 0.999 or step == _STEPS[-1])


def scale_labels(begin_ms: float, end_ms: float, step_ms: float) -> list[tuple[float, str]]:
    """Where the scale has its lines, in ms, and what stands below each: in seconds from ten on, as finely as the step is.

    The first of them says the unit.
    """
    unit_ms, unit = (1000.0, "s") if end_ms >= 10_000 else (1.0, "ms")
    decimals = max(0, -math.floor(math.log10(step_ms / unit_ms) + 1e-9))
    first, last = math.ceil(begin_ms / step_ms - 1e-6), math.floor(end_ms / step_ms + 1e-4)
    texts = [
        (step_ms * number, numbers.grouped(step_ms * number / unit_ms, decimals) if number else "0")
        for number in range(first, last + 1)
    ]
    return [(ms, text if place else f"{text} {unit}") for place, (ms, text) in enumerate(texts)]


def range_in_words(begin_ms: float, end_ms: float) -> str:
    """`0 to 2.6 s`, `1.20 to 1.45 s`, `612 to 845 ms`: as finely as the range is long."""
    unit_ms, unit = (1000.0, "s") if end_ms >= 999.5 else (1.0, "ms")
    span = (end_ms - begin_ms) / unit_ms
    decimals = min(4, max(0, 1 - math.floor(math.log10(span)))) if span > 0 else 0
    said = [numbers.grouped(ms / unit_ms, decimals) if ms else "0" for ms in (begin_ms, end_ms)]
    return tr("{begin} to {end} {unit}", begin=said[0], end=said[1], unit=unit)
