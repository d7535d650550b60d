"""How events are drawn: where they crowd as one row of pixels, stretched over the lane; on what is drawn once."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.builders import stream
from tests.ui.compare.axis.test_labels import lane_of
from tests.ui.compare.axis.test_scale import scale
from ui.compare.axis.bins import LEVELS, opacity
from ui.compare.axis.lane import Lane
from ui.compare.axis.painting import AxisPicture, shades
from ui.compare.axis.rows import HIGH


def test_each_column_has_its_shade_and_nothing_is_where_no_event_came() -> None:
    row = shades(bytes((LEVELS, 0, 1, 3)), QColor("#0072b2"))
    image = QImage(row, len(row) // 4, 1, QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, 0) for x in range(4)]
    assert [one.alpha() for one in pixels] == [255, 0, round(255 * opacity(1)), round(255 * opacity(3))]
    assert {one.name() for one in (pixels[0], *pixels[2:])} == {"#0072b2"}


def image_of(picture: AxisPicture, a: Lane, b: Lane) -> QImage:
    view = scale(4_000)
    image = QImage(round(view.width), 110, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    picture.take({"a": a, "b": b}, view, HIGH, image.size(), 1.0)
    painter = QPainter(image)
    picture.paint(painter)
    painter.end()
    return image


def test_only_events_are_drawn_anew_while_what_they_stand_on_is_the_same(qtbot: QtBot) -> None:
    a, b = lane_of("a", stream(353, 18, 90)), lane_of("b", stream(775, 18, 90, side="b"))
    kept = AxisPicture()
    before = image_of(kept, a, b)
    assert image_of(kept, a, b) == before
    a.times_ms.extend(a.times_ms[-1] + 20 * n for n in range(1, 6))
    after = image_of(kept, a, b)
    assert after != before
    assert after == image_of(AxisPicture(), a, b)
    assert kept.grounds == 1
    assert image_of(kept, b, a) == image_of(AxisPicture(), b, a)
    assert kept.grounds == 2
