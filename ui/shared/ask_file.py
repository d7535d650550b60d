"""Asks for files in the system's own dialogs."""

from __future__ import annotations

from collections.abc import Collection
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


def ask_where(
    parent: QWidget, title: str, name: str, kinds: str = "", folder: str = "", endings: Collection[str] = ()
) -> Path | None:
    """Where to save; None for nowhere. `kinds`: Qt's filters, "" for one of `name`'s ending. `folder`: where it begins, ""
    where it was last.

    What is typed gets the ending of `name` behind it, unless it has that or one of `endings`, which are formats that the
    caller writes, too. Where a file of the longer name exists, the dialog is there once more with it, and asks whether to
    replace it.
    """
    from PySide6.QtWidgets import QFileDialog

    ending = Path(name).suffix
    of_ending = tr("{kind} ({pattern});;All files (*)", kind=ending[1:].upper(), pattern=f"*{ending}")
    dialog = QFileDialog(parent, title, folder, kinds or of_ending)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(name)
    chosen = None
    while chosen is None and dialog.exec():
        typed = Path(dialog.selectedFiles()[0])
        # Qt adds the ending only where the name has no dot, and names of models have some.
        whole = typed if typed.suffix.lower() in {ending, *endings} else typed.with_name(f"{typed.name}{ending}")
        if whole == typed or not whole.exists():
            chosen = whole
        else:
            dialog.selectFile(str(whole))
    dialog.deleteLater()
    return chosen
