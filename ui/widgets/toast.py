"""What was done, said over the window's foot for a few seconds: nothing moves for it, and nobody has to dismiss it.

What went wrong is not said here: it stays until it was read (`ui.widgets.bar`, `ui.widgets.notice`).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.widgets.announce import announce
from ui.widgets.labels import SegmentLine
from ui.widgets.segments import Segment
from ui.widgets.sentence import SentenceView

STAYS_MS, WITH_BUTTON_MS = 4_000, 8_000
MOST = 3
ABOVE_FOOT, ABOVE_SAID, BESIDE = 18, 6, 24
EDGES = 2  # the lines at both ends, as the style sheet draws them


class Toast(QFrame):
    """One line, with a button where it can be taken back. It stays while the mouse is on it or a button of it has the keyboard.

    Signals:
        gone: it has left, and its button was not pressed.
    """

    gone = Signal()

    def __init__(self, text: str, role: str, button: tuple[str, Callable[[], object]] | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = text
        self.setObjectName("toast")
        self.setAccessibleName(text)
        line = SegmentLine()
        line.set_segments(Segment(text, role))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8 if button else 14, 7)
        row.setSpacing(12)
        row.addWidget(line, 1)
        self._line = line
        self.button: QPushButton | None = None
        if button is not None:
            self.button = QPushButton(button[0])
            self.button.setObjectName("quiet")
            self.button.setAccessibleName(tr("{label}: {value}", label=button[0], value=text))
            self.button.clicked.connect(lambda: self._on_button(button[1]))
            self.button.installEventFilter(self)
            row.addWidget(self.button)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(WITH_BUTTON_MS if button else STAYS_MS)
        self.timer.timeout.connect(self.leave)
        self.timer.start()

    @property
    def wanted_width(self) -> int:
        """With the text in the size of now."""
        row = self.layout()
        assert row is not None
        margins = row.contentsMargins()
        button = self.button.sizeHint().width() + row.spacing() if self.button is not None else 0
        return self._line.sizeHint().width() + button + margins.left() + margins.right() + EDGES

    def leave(self) -> None:
        """Go now, as after its time."""
        if not self.isHidden():
            self.drop()
            self.gone.emit()

    def _on_button(self, work: Callable[[], object]) -> None:
        self.drop()
        work()

    def drop(self) -> None:
        """Go without a word: what it said of is taken back."""
        self.timer.stop()
        self.hide()
        self.deleteLater()

    def _on_attention(self) -> None:
        """Its time begins anew once nobody looks at it any more."""
        if self.underMouse() or (self.button is not None and self.button.hasFocus()):
            self.timer.stop()
        elif not self.isHidden():
            self.timer.start()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_attention()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            QTimer.singleShot(0, self, self._on_attention)
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()  # it closes this line, and does not stop a run
            elif event.type() is QEvent.Type.KeyPress:
                self.leave()
            return True
        return bool(super().eventFilter(watched, event))


class Toasts(QWidget):
    """The toasts of one window, the newest lowest. Made with the first of them; found by its place in the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        window.installEventFilter(self)

    @property
    def shown(self) -> list[Toast]:
        """From the oldest to the newest."""
        return [
            one for one in self.findChildren(Toast, options=Qt.FindChildOption.FindDirectChildrenOnly) if not one.isHidden()
        ]

    def add(self, text: str, role: str, button: tuple[str, Callable[[], object]] | None) -> Toast:
        for one in [one for one in self.shown if one.text == text]:
            one.leave()
        while len(self.shown) >= MOST:
            self.shown[0].leave()
        toast = Toast(text, role, button, self)
        self._column.addWidget(toast)
        toast.show()
        self._place()
        toast.installEventFilter(self)
        announce(toast, text)
        return toast

    def _place(self) -> None:
        window = self.parentWidget()
        assert window is not None
        shown = self.shown
        self.setVisible(bool(shown))
        if not shown:
            return
        width = min(max(one.wanted_width for one in shown), window.width() - 2 * BESIDE)
        height = sum(one.sizeHint().height() for one in shown) + self._column.spacing() * (len(shown) - 1)
        self.setGeometry((window.width() - width) // 2, self._foot(window) - height, width, height)
        self.raise_()

    @staticmethod
    def _foot(window: QWidget) -> int:
        """Where they end: above what a page says in a sentence, perhaps this moment; else above the window's foot."""
        said = [one for one in window.findChildren(SentenceView) if one.isVisible()]
        tops = [one.mapTo(window, QPoint(0, 0)).y() - ABOVE_SAID for one in said]
        return min([window.height() - ABOVE_FOOT, *(top for top in tops if top > window.height() // 2)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self._place)
        return bool(super().eventFilter(watched, event))


def toasts_of(widget: QWidget) -> Toasts | None:
    """Those of a widget's window; None where there was none yet."""
    return widget.window().findChild(Toasts, options=Qt.FindChildOption.FindDirectChildrenOnly)


def toast(near: QWidget, text: str, *, role: str = "ok", button: tuple[str, Callable[[], object]] | None = None) -> Toast:
    """Say what was done over the foot of that widget's window; `button` is a title, and what it does."""
    return (toasts_of(near) or Toasts(near.window())).add(text, role, button)


def said_briefly(near: QWidget) -> str:
    """What stands there now, a line each."""
    host = toasts_of(near)
    return "\n".join(one.text for one in host.shown) if host is not None else ""
