"""What a newer version brought: said once over the window's foot, and shown where it is asked for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.releases import since
from app.text.sentences import tr
from ui.widgets.fields import WrapLabel, fit_height
from ui.widgets.labels import PlainLabel
from ui.widgets.toast import Toast, toast

WIDTH = 520
STAYS_MS = 30_000  # the window has just opened: nobody looks at its foot at once


def open_news(window: QWidget, seen: str = "") -> None:
    """What came since the version `seen`; "" for what the present one brought."""
    dialog = NewsDialog(seen, window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def tell(window: QWidget, seen: str) -> Toast:
    """Say that this version is newer than the one that was `seen`, with a button to what is new."""
    said = tr("Diptych is now version {version}.", version=__version__)
    shown = toast(window, said, role="text", button=(tr("What's new"), partial(open_news, window, seen)))
    shown.timer.start(STAYS_MS)
    return shown


class NewsDialog(QDialog):
    """What came since the version `seen`, a line each."""

    def __init__(self, seen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What's new, Diptych"))
        self.setMinimumWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        for release in since(seen or __version__, __version__):
            heading = tr("New in version {version}", version=release.version)
            layout.addWidget(PlainLabel(heading, bold=True, scale=1.15))
            for line in release.lines:
                beside = QHBoxLayout()
                beside.setContentsMargins(0, 0, 0, 0)
                beside.setSpacing(8)
                mark = PlainLabel("•", role="muted")
                beside.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
                beside.addWidget(WrapLabel(tr(line)), 1)
                layout.addLayout(beside)
        layout.addWidget(WrapLabel(tr("The whole list is the file CHANGELOG.md of the source, in English."), role="muted"))
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        fit_height(self)
        close.setFocus()
