"""Deletes all that was kept, after it has said what that is and was told to."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.store.files import StoreError
from app.text.sentences import message, tr
from ui.shared.complain import complain
from ui.widgets.toast import toast

if TYPE_CHECKING:
    from app.asking.history_keeping import Amount
    from ui.shared.services import Services

QUESTION = message("Delete all history?")
DELETE = message("Delete all")
CANT = message("Not all of the history could be deleted")


def what_goes(amount: Amount | None) -> str:
    """What would be deleted, and what stays. None: how much that is could not be read."""
    return tr(
        "All {known:if {n:plural entry|entries} ({size:bytes} on the disk)|that is kept}, pinned ones too: runs, checks, "
        "studies and loads with their names and notes, their search index, and their files in the folder of runs. It can’t be "
        "undone.\n\n"
        "Keys, endpoints, settings and files that you saved elsewhere stay, and so does a run that goes on now.",
        known=amount is not None,
        n=amount.runs if amount is not None else 0,
        size=amount.size_bytes if amount is not None else 0,
    )


async def ask_delete_all(services: Services, parent: QWidget) -> None:
    """Ask, and delete it where that is confirmed."""
    from app.asking.history_keeping import amount_kept

    try:
        amount = await asyncio.to_thread(amount_kept, services.settings)
    except (StoreError, OSError):
        amount = None
    box = QMessageBox(QMessageBox.Icon.Warning, tr(QUESTION), tr(QUESTION), QMessageBox.StandardButton.Cancel, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(what_goes(amount))
    delete = box.addButton(tr(DELETE), QMessageBox.ButtonRole.DestructiveRole)
    delete.clicked.connect(lambda: services.tasks.start(delete_all(services, parent)))
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(box.deleteLater)
    box.open()


async def delete_all(services: Services, parent: QWidget) -> None:
    """Delete it now, with a sign that it goes on where it takes long, and say so."""
    from app.asking import history_keeping
    from ui.shared.progress import progress_of

    try:
        with progress_of(parent, tr("Deleting all history…"), 0, can_stop=False):  # all of it or nothing
            many = await asyncio.to_thread(partial(history_keeping.delete_all, services.settings))
    except StoreError as error:
        complain(parent, tr(CANT), str(error))
        return
    toast(parent, tr("{n:plural entry|entries} deleted.", n=many))
