"""How crowded events are drawn: one row of pixels, stretched over the lane."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage

from ui.compare.axis.bins import LEVELS, Tick, opacity
from ui.compare.axis.painting import shades


def test_each_column_has_its_shade_and_nothing_is_where_no_event_came() -> None:
    left, row = shades([Tick(60, 1, LEVELS), Tick(62, 1, 1), Tick(63, 1, 3)], QColor("#0072b2"))
    image = QImage(row, len(row) // 4, 1, QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, 0) for x in range(4)]
    assert left == 60
    assert [one.alpha() for one in pixels] == [255, 0, round(255 * opacity(1)), round(255 * opacity(3))]
    assert {one.name() for one in (pixels[0], *pixels[2:])} == {"#0072b2"}
