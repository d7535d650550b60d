"""What the run that is shown is called: in the window's title, and as the name of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import now_ns
from app.text import numbers
from app.text.visible import one_line

if TYPE_CHECKING:
    from ui.compare.session import RunSession

LONGEST = 40  # of one endpoint's name
FORBIDDEN = '\\/:*?"<>|'  # in the name of a file, on one system or another


class RunName(QObject):
    """Follows a session.

    Signals:
        changed: `title` is another.
        ended: a run of now has ended, after so many seconds.
    """

    changed = Signal()
    ended = Signal(float)

    def __init__(self, session: RunSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._begun_ns: int | None = None
        self._second = QTimer(self)
        self._second.setInterval(1_000)
        self._second.timeout.connect(self.changed)
        session.started.connect(self._on_started)
        session.finished.connect(self._on_finished)

    @property
    def title(self) -> str:
        """What the window is about: how long the run has gone on, its file, or who was compared; "" before the first run."""
        if self._begun_ns is not None:
            return f"▶ {(now_ns() - self._begun_ns) // 1_000_000_000} s"
        return self._session.file.name if self._session.file is not None else self.names

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

    def _on_started(self) -> None:
        self._begun_ns = now_ns() if self._session.running else None
        if self._begun_ns is not None:
            self._second.start()
        self.changed.emit()

    def _on_finished(self) -> None:
        begun, self._begun_ns = self._begun_ns, None
        self._second.stop()
        self.changed.emit()
        if begun is not None:
            self.ended.emit((now_ns() - begun) / 1e9)
