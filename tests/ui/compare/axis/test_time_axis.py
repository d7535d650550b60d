"""The axis under the hand: wheel, drag, keys and buttons magnify it; a click picks an event, a drag does not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.formats.captures import from_body
from tests.builders import messages_end, messages_start, messages_text, stream
from tests.ui.compare.axis.test_labels import lane_of
from ui.compare.axis.controls import Legend
from ui.compare.axis.lane import ContentEvent
from ui.compare.axis.scale import LEFT
from ui.compare.axis.time_axis import TimeAxis


def shown(qtbot: QtBot) -> TimeAxis:
    axis = TimeAxis()
    qtbot.addWidget(axis)
    axis.resize(1_136, axis.sizeHint().height())
    axis.show_lanes(lane_of("a", stream(353, 18, 90)), lane_of("b", stream(775, 18, 90, side="b")))
    axis.show()
    return axis


def wheel(axis: TimeAxis, x: float, up: int, sideways: int = 0) -> None:
    at = QPointF(x, axis.rows.head + 5)
    turned = QWheelEvent(
        at, QPointF(axis.mapToGlobal(at.toPoint())), QPoint(), QPoint(sideways, up), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    axis.wheelEvent(turned)


class Paints(QObject):
    """Counts how often widgets are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.of: list[QObject] = []
        self.pixels = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.of.append(watched)
            self.pixels += sum(one.width() * one.height() for one in event.region())  # type: ignore[attr-defined]  # it is
        return False


def test_while_events_come_nothing_above_the_lanes_is_painted(qtbot: QtBot) -> None:
    axis, paints = shown(qtbot), Paints()
    qtbot.waitExposed(axis)
    QTest.qWait(0)
    legend = axis.findChildren(Legend)[0]
    for one in (axis, legend):
        one.installEventFilter(paints)
    axis.refresh()
    qtbot.waitUntil(lambda: axis in paints.of)
    assert legend not in paints.of
    axis.zoom(2)
    qtbot.waitUntil(lambda: legend in paints.of)


def test_where_only_the_moment_moves_only_its_places_are_painted(qtbot: QtBot) -> None:
    axis, paints = shown(qtbot), Paints()
    axis.set_moment(500.0)
    axis.mark("a", 400.0)
    qtbot.waitExposed(axis)
    QTest.qWait(0)
    axis.installEventFilter(paints)
    axis.set_moment(900.0)
    axis.mark("a", 700.0)
    axis.point_at(800.0)
    qtbot.waitUntil(lambda: axis in paints.of)
    QTest.qWait(0)
    assert 0 < paints.pixels < axis.width() * axis.height() / 10


def test_the_wheel_magnifies_around_the_pointer_and_keys_do_too(qtbot: QtBot) -> None:
    axis = shown(qtbot)
    changes: list[float] = []
    axis.range_changed.connect(lambda: changes.append(axis.scale.span_ms))
    whole, x = axis.scale.span_ms, axis.x_of(800)
    wheel(axis, x, 240)
    assert axis.scale.span_ms < 0.7 * whole
    assert abs(axis.ms_of(x) - 800) < 1e-6
    begin = axis.scale.begin_ms
    wheel(axis, x, 0, -120)
    assert axis.scale.begin_ms > begin
    QTest.keyClick(axis, Qt.Key.Key_Left)
    assert axis.scale.begin_ms < begin
    QTest.keyClick(axis, Qt.Key.Key_Plus)
    assert axis.scale.span_ms < changes[0]
    QTest.keyClick(axis, Qt.Key.Key_End)
    assert axis.scale.end_ms == axis.scale.whole_ms
    QTest.keyClick(axis, Qt.Key.Key_0)
    assert axis.scale.span_ms == whole == changes[-1]


def test_a_click_picks_an_event_and_a_drag_moves_along(qtbot: QtBot) -> None:
    axis = shown(qtbot)
    picked: list[tuple[str, ContentEvent]] = []
    axis.event_picked.connect(lambda side, place: picked.append((side, place)))
    at = QPoint(round(axis.x_of(353 + 18 * 20)), axis.rows.head + 5)
    QTest.mouseClick(axis, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(axis, Qt.MouseButton.LeftButton, pos=QPoint(at.x(), axis.rows.top("b") + 5))
    assert picked == [("a", ContentEvent(1, 22)), ("b", ContentEvent(1, 2))]
    axis.zoom(4, at.x())
    begin = axis.scale.begin_ms
    QTest.mousePress(axis, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(axis, at - QPoint(60, 0))
    QTest.mouseRelease(axis, Qt.MouseButton.LeftButton, pos=at - QPoint(60, 0))
    assert axis.scale.begin_ms > begin
    assert len(picked) == 2


def test_the_buttons_stand_above_the_lanes_and_where_it_is_low_beside_them(qtbot: QtBot) -> None:
    axis = shown(qtbot)
    less, more, whole = axis.findChildren(QPushButton)
    assert not less.isEnabled()
    more.click()
    assert axis.scale.zoomed
    assert whole.isEnabled()
    legend, high = axis.findChildren(Legend)[0], axis.sizeHint().height()
    assert legend.isVisible()
    axis.set_low(True)
    assert not legend.isVisible()
    assert axis.sizeHint().height() < high - 30
    assert axis.rows.top("a") < more.mapTo(axis, QPoint(0, 0)).y() < axis.rows.top("b")
    assert more.mapTo(axis, QPoint(0, 0)).x() > LEFT + axis.scale.pixels
    whole.click()
    assert not axis.scale.zoomed
    axis.grab()


def test_nothing_can_be_magnified_before_there_is_a_run(qtbot: QtBot) -> None:
    axis = TimeAxis()
    qtbot.addWidget(axis)
    axis.resize(800, 130)
    axis.zoom(2)
    QTest.keyClick(axis, Qt.Key.Key_Plus)
    wheel(axis, 300, 120)
    assert axis.is_empty
    assert axis.focusPolicy() is not Qt.FocusPolicy.StrongFocus
    assert not axis.findChildren(QPushButton)
    axis.grab()


def test_the_range_of_the_run_before_is_not_told_of_one_without_times(qtbot: QtBot) -> None:
    axis = shown(qtbot)
    head = axis.findChildren(QPushButton)[0].parentWidget()
    assert head is not None
    assert head.isVisible()
    body = from_body(messages_start() + messages_text("Hello") + messages_end(), "anthropic-messages")
    axis.show_lanes(lane_of("a", body), lane_of("b", body))
    assert not head.isVisible()
    before = TimeAxis()
    qtbot.addWidget(before)
    before.resize(axis.size())
    assert axis.grab().toImage() != before.grab().toImage(), "that there are no times is written there"
    assert axis.words_at(QPoint(300, axis.rows.head + 5)) != before.words_at(QPoint(300, axis.rows.head + 5))
