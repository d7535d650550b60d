"""A stub of a window: plain widgets of the kinds and numbers that Diptych's Compare page has, on asyncio by qasync.

It is what Python, Qt, asyncio and that many widgets cost before a program does anything with them: no style sheet, no icons, no
signals, no code. `KINDS` counts what the page makes itself with all its tabs; scroll bars, headers and popups come with them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from qasync import QEventLoop  # type: ignore[import-untyped]  # it ships no types

KINDS: dict[type[QWidget], int] = {
    QPushButton: 40, QLabel: 28, QFrame: 24, QPlainTextEdit: 12, QLineEdit: 3, QComboBox: 6, QToolButton: 6, QScrollArea: 4,
    QStackedWidget: 3, QSplitter: 3, QCheckBox: 2, QTableView: 2, QSpinBox: 1, QTextEdit: 1, QWidget: 60,
}  # fmt: skip
MENUS, ACTIONS = 6, 40
Shown = Callable[[QMainWindow], object]


def run(on_built: Shown) -> None:
    """Show it and stay until it is closed. `on_built` gets the window before it is shown."""
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_run(on_built))


async def _run(on_built: Shown) -> None:
    closed = asyncio.Event()
    window = StubWindow(closed)
    on_built(window)
    window.show()
    await closed.wait()


class StubWindow(QMainWindow):
    """Two columns of widgets, a menu bar."""

    def __init__(self, closed: asyncio.Event) -> None:
        super().__init__()
        self._closed = closed
        self.resize(1280, 820)
        center = QSplitter(Qt.Orientation.Horizontal)
        self.setCentralWidget(center)
        for half in (0, 1):
            center.addWidget(self._column(half))
        for menu in range(MENUS):
            bar = self.menuBar().addMenu(f"Menu {menu}")
            for action in range(ACTIONS // MENUS):
                bar.addAction(QAction(f"Action {action}", self))

    def _column(self, half: int) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        row = QHBoxLayout()
        for kind, count in KINDS.items():
            for number in range(half, count - (kind is QSplitter), 2):
                row.addWidget(self._made(kind, number))
                if row.count() == 8:
                    layout.addLayout(row)
                    row = QHBoxLayout()
        layout.addLayout(row)
        return column

    def _made(self, kind: type[QWidget], number: int) -> QWidget:
        widget = kind()
        if isinstance(widget, (QPushButton, QLabel, QToolButton, QCheckBox)):
            widget.setText(f"Text {number}")
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        elif isinstance(widget, QTableView):
            widget.setModel(QStandardItemModel(0, 6, widget))
        return widget

    def closeEvent(self, event: object) -> None:
        self._closed.set()
