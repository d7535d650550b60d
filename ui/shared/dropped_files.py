"""Files of this machine that are dragged over a widget, dropped on it, or pasted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent


def local_files(held: QMimeData) -> list[Path]:
    """Those that it names, in its order; none for addresses of another machine."""
    return [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]


def accept_files(event: QDragEnterEvent) -> None:
    """Let what is dragged be dropped where it holds a file."""
    if local_files(event.mimeData()):
        event.acceptProposedAction()
