"""Plays the run that is shown once more: to and fro, at a speed, and leaves the page as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.run.replay import AS_FAST_AS_IT_COMES, Playhead, Replay, can_replay

if TYPE_CHECKING:
    from ui.compare.session import RunSession


class RunPlayer(QObject):
    """What is pressed to replay a run, wherever that is.

    Attributes:
        session: the run. speed: of `app.run.replay.SPEEDS`, kept from run to run.

    Signals:
        beginning: a replay is about to be shown; the whole run still is.
        moved: the replay is at another moment.
        changed: it plays, stands, has begun or was left, or there is another run; also the speed.
    """

    beginning = Signal()
    moved = Signal()
    changed = Signal()

    def __init__(self, session: RunSession) -> None:
        super().__init__(session)
        self.session = session
        self.speed = 1.0
        self._head: Playhead | None = None
        self._end_ms: float | None = None  # of the run that is shown, once it was asked for
        self._can: bool | None = None
        session.started.connect(self._on_run)
        session.turned.connect(self._on_turned)
        session.finished.connect(self._on_run)
        session.flushed.connect(self._on_flushed)

    # -- what is known ------------------------------------------------------------------------------------------------

    @property
    def can(self) -> bool:
        """Whether there is a run that can be played again."""
        if self._can is None:
            self._can = not self.session.running and can_replay(self.session.whole)
        return self._can

    @property
    def has_run(self) -> bool:
        """Whether there is a run that has ended, with times or without."""
        whole = self.session.whole
        return not self.session.running and any(side.rounds for side in whole.values())

    @property
    def active(self) -> bool:
        """Whether a moment of the run is shown instead of all of it."""
        return self.session.replay is not None

    @property
    def playing(self) -> bool:
        return self.active and self._head is not None and self._head.playing

    @property
    def at_ms(self) -> float:
        """The moment that is shown; the end where the whole run is."""
        replay = self.session.replay
        return replay.at_ms if replay is not None else self.end_ms

    @property
    def end_ms(self) -> float:
        """When the run ended; 0 where it can't be played again."""
        if self._end_ms is None:
            self._end_ms = Replay(self.session.whole).end_ms if self.can else 0.0
        return self._end_ms

    # -- what is pressed ----------------------------------------------------------------------------------------------

    def toggle(self, from_ms: float = 0.0) -> None:
        """Play, or stand still. What begins begins at a moment."""
        if not self.active:
            self.play(from_ms)
        elif self._head is not None:
            if self._head.playing:
                self._head.pause()
            else:
                self._head.play()
            self.session.wake()
            self.changed.emit()

    def play(self, from_ms: float = 0.0) -> None:
        """Play from a moment on; from the beginning where that is the end."""
        if self.can:
            self._begin(0.0 if from_ms >= self.end_ms else from_ms, playing=True)

    def seek(self, ms: float) -> None:
        """Show a moment; the end is the whole run. What plays plays on from there."""
        if not self.can:
            return
        if ms >= self.end_ms:
            self.session.show_whole()
        elif self.active and self._head is not None:
            self._head.seek(ms)
            self.session.wake()
        else:
            self._begin(ms, playing=False)

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        if self._head is not None:
            self._head.set_speed(speed)
        self.changed.emit()

    def leave(self) -> None:
        """Show the whole run again."""
        self.session.show_whole()

    def _begin(self, ms: float, *, playing: bool) -> None:
        head = self._head = Playhead(self.end_ms)
        head.set_speed(self.speed)
        head.seek(ms)
        if playing:
            head.play()
        replay = self.session.replay
        if replay is None:
            self.beginning.emit()
            replay = Replay(self.session.whole)
            replay.to(ms)
            self.session.play_again(replay, self._moment)
        else:
            self.session.wake()
        self.changed.emit()

    # -- what the session tells ---------------------------------------------------------------------------------------

    def _moment(self) -> float:
        """Where the replay is to be now."""
        head, replay = self._head, self.session.replay
        if head is None or replay is None:
            return 0.0
        if head.playing and head.speed == AS_FAST_AS_IT_COMES and replay.read and head.at_ms == replay.at_ms:
            head.seek(replay.soon_ms())
        return head.at_ms

    def _on_run(self) -> None:
        self._end_ms = self._can = None
        self._on_turned()

    def _on_turned(self) -> None:
        if not self.active:
            self._head = None
        self.changed.emit()

    def _on_flushed(self) -> None:
        if self.active:
            self.moved.emit()
