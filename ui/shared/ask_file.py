"""Asks for files in the system's own dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.store.run_file import SUFFIX
from app.text.sentences import tr


def runs() -> str:
    """Qt's filters of files of runs."""
    return tr("Runs ({pattern});;All files (*)", pattern=f"*{SUFFIX}")


def ask_which(parent: QWidget, title: str, kinds: str, folder: Path | None = None) -> Path | None:
    """Which file to open; None for none. `kinds` are Qt's filters. `folder`: where it begins, None where it was last."""
    from PySide6.QtWidgets import QFileDialog  # not needed to show the window, and slow to import

    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder or ""), kinds)
    return Path(name) if name else None


def ask_which_several(parent: QWidget | None, title: str, kinds: str = "") -> list[Path]:
    """Which files to open; none for none. `kinds` are Qt's filters."""
    from PySide6.QtWidgets import QFileDialog

    names, _ = QFileDialog.getOpenFileNames(parent, title, "", kinds)
    return [Path(name) for name in names]


def ask_where(parent: QWidget, title: str, name: str, kinds: str = "", folder: str = "") -> Path | None:
    """Where to save; None for nowhere. A name that is typed without its ending gets that of `name`. `folder`: where it
    begins, "" where it was last.
    """
    from PySide6.QtWidgets import QFileDialog

    dialog = QFileDialog(parent, title, folder, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen
