"""What Diptych is."""

from __future__ import annotations

import platform
from importlib.metadata import version

import PySide6
from PySide6.QtCore import QSysInfo, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.text.sentences import tr
from ui.style.icons import icon
from ui.widgets.labels import PlainLabel


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Diptych"))
        picture = QLabel()
        picture.setPixmap(icon("diptych", "#000000", 64).pixmap(64, 64))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = PlainLabel(f"Diptych {__version__}", bold=True, scale=1.4)
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = PlainLabel(
            tr(
                "Two LLM endpoints side by side: the same request, every byte, when it came, and what differs.\n\n"
                "Times are stamped in a process of its own, at the socket. Keys stay in this system's keyring. MIT licence."
            ),
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setMinimumWidth(360)
        self.versions = PlainLabel(versions(), role="muted", scale=0.92, selectable=True)
        self.versions.setAlignment(Qt.AlignmentFlag.AlignCenter)
        copy = QPushButton(tr("Copy the versions"))
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy)
        licences = QPushButton(tr("Licences…"))
        licences.setAutoDefault(False)
        licences.clicked.connect(self._show_licences)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 16)
        layout.setSpacing(12)
        for part in (picture, name, text, self.versions):
            layout.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(licences)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout.addLayout(buttons)
        close.setFocus()

    def _show_licences(self) -> None:
        from ui.shell.licences import LicencesDialog

        dialog = LicencesDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _copy(self) -> None:
        from ui.widgets.toast import toast

        QGuiApplication.clipboard().setText(versions())
        toast(self.parentWidget() or self, tr("The versions are copied."))


def versions() -> str:
    """What a report of a fault should say: our version, Python's, Qt's, the system's; a line each."""
    parts = (
        f"Diptych {__version__}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, Qt {qVersion()}, httpx {version('httpx')}",
        f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}, {QGuiApplication.platformName()}",
    )
    return "\n".join(parts)
