"""What the run that is shown is called: in the window's title, and as the name of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.text import numbers
from app.text.visible import one_line

if TYPE_CHECKING:
    from ui.compare.session import RunSession
    from ui.shared.work_clock import WorkClock

LONGEST = 40  # of one endpoint's name
FORBIDDEN = '\\/:*?"<>|'  # in the name of a file, on one system or another


class RunName(QObject):
    """Follows a session.

    Signals:
        changed: `title` is another.
    """

    changed = Signal()

    def __init__(self, session: RunSession, clock: WorkClock, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._clock = session, clock
        session.started.connect(self.changed)
        session.finished.connect(self.changed)

    @property
    def title(self) -> str:
        """What the window is about: how long the run has gone on, its file, or who was compared; "" before the first run."""
        return self._clock.title or (self._session.file.name if self._session.file is not None else self.names)

    @property
    def names(self) -> str:
        """Who was compared, "" where nothing is shown."""
        sides = [side for _, side in sorted(self._session.whole.items()) if side.rounds]
        return " vs ".join(one_line(one.rounds[0].recording.envelope.profile.name, LONGEST) or numbers.DASH for one in sides)

    def file_name(self, what: str, suffix: str) -> str:
        """A name for a file of this run: who was compared and when, by this machine's clock; `what` before any run."""
        from app.text.when import local

        moment = local(self._session.opened.started_utc) if self._session.opened is not None else None
        when = "" if moment is None else f"{moment:%Y-%m-%d %H%M}"
        told = " ".join(filter(None, (self.names, when))) or what
        return "".join("_" if char in FORBIDDEN else char for char in told).strip(". ") + suffix
