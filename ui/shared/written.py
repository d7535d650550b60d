"""What is said once a file for other eyes is written: where it is, with a button that opens it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.text.sentences import tr
from ui.widgets.toast import toast


def tell_written(near: QWidget, said: str, path: Path) -> None:
    """Say that over the foot of the window."""
    toast(near, said, button=(tr("Open it"), partial(_open, near, path)))


def _open(near: QWidget, path: Path) -> None:
    """In the program that this system opens such files with; its folder where there is none."""
    if not any(QDesktopServices.openUrl(QUrl.fromLocalFile(str(one))) for one in (path, path.parent)):
        toast(near, tr("No program opens it here. It is {path}.", path=path), role="text")
