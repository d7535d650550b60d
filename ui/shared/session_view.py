"""What every view has from which sessions are begun: both sides, Run, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.widgets.bar import Bar
from ui.widgets.notice import NoticeCard

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.shared.side_place import SidePlace
    from ui.widgets.run_button import RunButton


class SessionView(QWidget):
    """Who extends it lays its widgets out.

    Attributes:
        places: both sides. run: Run, and Stop. notes: what is said above the session. notice: why nothing can be sent.
    """

    def __init__(self, places: Mapping[SideName, SidePlace], run: RunButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places, self.run = places, run
        self.notes, self.notice = Bar(), NoticeCard()

    def say(self, text: str, role: str) -> None:
        """Say something above the session, until it is dismissed or the next one begins; what was done, over the foot."""
        self.notes.tell(text, role)

    def show_fault(self) -> None:
        """Bring into view what must be another before a session can begin."""
        raise NotImplementedError
