"""What was done is said over the foot, and leaves by itself; it stays while somebody is at it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import delete_now
from ui.style.theme import Theme
from ui.widgets.labels import SegmentLine
from ui.widgets.toast import MOST, said_briefly, toast, toasts_of


def made(qapp: QApplication) -> QWidget:
    window = QWidget()
    window.resize(600, 300)
    window.show()
    return window


def test_it_leaves_by_itself_unless_the_mouse_is_on_it(qapp: QApplication) -> None:
    window, left = made(qapp), []
    one = toast(window, "Copied.")
    one.gone.connect(lambda: left.append(1))
    assert one.timer.isActive()
    at = QPointF(5, 5)
    QApplication.sendEvent(one, QEnterEvent(at, at, at))
    assert not one.timer.isActive()
    QApplication.sendEvent(one, QEvent(QEvent.Type.Leave))
    assert one.timer.isActive()
    one.timer.timeout.emit()
    assert (left, said_briefly(window)) == ([1], "")
    delete_now(window)


def test_the_page_stays_where_it_is_and_the_oldest_goes(qapp: QApplication) -> None:
    window = made(qapp)
    inside = QWidget(window)
    inside.setGeometry(0, 0, 600, 300)
    for number in range(MOST + 1):
        toast(inside, f"Saved {number}.")
    host = toasts_of(inside)
    assert host is not None
    assert [one.text for one in host.shown] == ["Saved 1.", "Saved 2.", "Saved 3."]
    assert inside.geometry().topLeft() == QPoint(0, 0)
    assert window.rect().contains(host.geometry())
    toast(inside, "Saved 2.")
    assert [one.text for one in host.shown] == ["Saved 1.", "Saved 3.", "Saved 2."]
    delete_now(window)


def test_where_there_is_room_it_is_not_cut(qapp: QApplication) -> None:
    window = made(qapp)
    Theme(qapp).apply_style_sheet()
    for end in ("", "i", "il", "ill", "illi", "wi", "wil", "m", "ml"):  # of as many fractions of a pixel
        text = f"“relay.example” is saved, and is side B now{end}"
        line = toast(window, text).findChild(SegmentLine)
        qapp.processEvents()
        assert line is not None
        assert line.shown == [text]
    delete_now(window)


def test_its_button_undoes_and_esc_on_it_lets_it_go(qapp: QApplication) -> None:
    window, undone, left = made(qapp), [], []
    one = toast(window, "“X” is deleted.", button=("Undo", lambda: undone.append(1)))
    one.gone.connect(lambda: left.append(1))
    assert one.button is not None
    assert one.button.accessibleName() == "Undo: “X” is deleted."
    one.button.click()
    assert (undone, left, said_briefly(window)) == ([1], [], "")
    other = toast(window, "“Y” is deleted.", button=("Undo", lambda: undone.append(2)))
    other.gone.connect(lambda: left.append(2))
    assert other.button is not None
    QTest.keyClick(other.button, Qt.Key.Key_Escape)
    assert (undone, left) == ([1], [2])
    delete_now(window)
