"""Sizes of the presentation: drawn for 1440 x 900, it grows and shrinks with its window."""

from __future__ import annotations

import msgspec

WIDTH, HEIGHT = 1440, 900
ANSWER_PX, LINE_PX, LEAST_PX = 27, 43, 20
LANES_FROM = 660  # lower than that at the least size there is no room for lanes and for an answer
KEYS_FROM = 520


class Measures(msgspec.Struct, frozen=True):
    """What the window's size leaves: `scale` of the design's pixels, whether the lanes and the keys' names have room."""

    scale: float
    lanes: bool
    keys: bool

    def px(self, design: float) -> int:
        """So many pixels of the design, here."""
        return round(design * self.scale)


def measures(width: int, height: int, text_scale: float = 1.0) -> Measures:
    """The measures for a window; `text_scale` is the size of type that the user chose, 1 for the usual one.

    Type shrinks down to 20 pixels, then what is least needed goes.
    """
    least = LEAST_PX / ANSWER_PX
    scale = max(least, max(least, min(width / WIDTH, height / HEIGHT)) * text_scale)
    fits = height >= LANES_FROM * scale / least
    return Measures(scale, fits, height >= KEYS_FROM * scale / least)
