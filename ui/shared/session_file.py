"""Files of sessions that a page holds: read, saved, and what is said of one that was opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.recording.records import RunFileError
from app.store.files import StoreError
from app.store.run_file import open_run, save_run
from app.text.sentences import message, tr
from app.text.when import local_words
from ui.shared.complain import complain
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.recording.recording import Recording
    from app.recording.records import RunOpened

Elsewhere = Callable[[Path, "RunOpened", "list[Recording]"], object]
"""Takes a file that is of another page's kind."""


async def read_session(
    parent: QWidget, path: Path, scenario: str, title: str, elsewhere: Elsewhere
) -> tuple[RunOpened, list[Recording]] | None:
    """What is in a file of that scenario; None where it is of another, which `elsewhere` is given, or can't be read, which is
    complained of under the title.
    """
    try:
        opened, recordings = await asyncio.to_thread(open_run, path)
    except RunFileError as error:
        complain(parent, title, str(error))
        return None
    if opened.scenario != scenario:
        elsewhere(path, opened, recordings)
        return None
    return opened, recordings


def save_session(parent: QWidget, path: Path, opened: RunOpened, recordings: Iterable[Recording], title: str) -> bool:
    """Whether it was saved; where it was not, that is complained of under the title."""
    try:
        save_run(path, opened, recordings)
    except StoreError as error:
        complain(parent, title, str(error))
        return False
    return True


_FROM_FILE = {
    "run": message("Opened run of {when}, from file {file}"),
    "checks": message("Opened checks of {when}, from file {file}"),
    "study": message("Opened study of {when}, from file {file}"),
    "load": message("Opened load of {when}, from file {file}"),
}
_FROM_HISTORY = {
    "run": message("Opened run of {when}, from the history"),
    "checks": message("Opened checks of {when}, from the history"),
    "study": message("Opened study of {when}, from the history"),
    "load": message("Opened load of {when}, from the history"),
}


def opened_from(kind: str, path: Path | None, opened: RunOpened) -> tuple[Segment, ...]:
    """What is said of a session that is shown from a file, and the folder that it is in. None: from the history.

    `kind` is "run", "checks", "study" or "load".
    """
    when = local_words(opened.started_utc)
    if path is None:
        return (Segment(tr(_FROM_HISTORY[kind], when=when), "text", True),)
    return Segment(tr(_FROM_FILE[kind], when=when, file=path.name), "text", True), Segment(str(path.parent))


def named(path: Path | None) -> str:
    """What a session is called that can't be shown."""
    return path.name if path is not None else tr("This entry of the history")
