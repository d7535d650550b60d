"""Files that the desktop tells a running program to open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from ui.shell.opened_by_system import OpenedBySystem


def test_a_file_is_handed_on_and_an_address_is_not(qapp: QApplication) -> None:
    opened: list[Path] = []
    heard = OpenedBySystem(qapp, opened.append)
    try:
        QCoreApplication.sendEvent(qapp, QFileOpenEvent("/runs/延迟 one.diptych"))
        QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://example.test/a.diptych")))
    finally:
        qapp.removeEventFilter(heard)
        heard.deleteLater()
    assert opened == [Path("/runs/延迟 one.diptych")]
