"""Replay on the Compare page: its row below the axis, and the panes' selection, which moves with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.compare.pane.pane import EVENTS

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.pane.pane import Pane
    from ui.compare.replay.player import RunPlayer
    from ui.compare.replay.row import ReplayRow
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView

ROW_HEIGHT = 26


class RunReplaying(QObject):
    """Puts the row in its place when there is a first run that has ended: nothing but its room is there before.

    Attributes:
        row: None before that.

    Signals:
        changed: what can be done is another.
    """

    changed = Signal()

    def __init__(self, view: CompareView, session: RunSession) -> None:
        super().__init__(session)
        self._view, self._session = view, session
        self._player: RunPlayer | None = None
        self.row: ReplayRow | None = None
        self._room = QWidget()
        self._room.setFixedHeight(ROW_HEIGHT)
        view.place_below_axis(self._room)
        view.installEventFilter(self)
        self._runs = False
        self._before: dict[SideName, tuple[int, int | None]] = {}  # the round and the event that were shown
        session.finished.connect(self._on_finished)
        session.started.connect(self._on_started)
        self._show_row()

    @property
    def player(self) -> RunPlayer:
        """What plays; made when it is first needed."""
        if self._player is None:
            from ui.compare.replay.player import RunPlayer

            self._player = RunPlayer(self._session)
            self._player.beginning.connect(self._on_beginning)
            self._player.changed.connect(self._on_changed)
            self._player.moved.connect(self._on_moved)
        return self._player

    @property
    def can(self) -> bool:
        return self._player is not None and self._player.can

    def toggle(self) -> None:
        """Play the run again from the beginning, or stand still."""
        self.player.toggle()

    def _make_row(self) -> None:
        from ui.compare.axis.scale import LEFT, RIGHT
        from ui.compare.replay.row import ReplayRow

        axis = self._view.axis
        self.row = ReplayRow(self.player, axis, (LEFT, RIGHT))
        self._view.place_below_axis(self.row)
        self._room.hide()
        axis.range_changed.connect(self.row.slider.update)
        for name, pane in self._view.panes.items():
            pane.event_selected.connect(partial(self._on_selected, name))

    # -- what the session and the player tell -------------------------------------------------------------------------

    def _on_finished(self) -> None:
        self._runs = False
        if self.row is None:
            self._make_row()
        self._show_row()

    def _show_row(self) -> None:
        """In a low window the row goes, unless a moment is shown: the menu and the keys still have it."""
        roomy = self._view.is_roomy
        if self.row is None:
            self._room.setVisible(roomy)
        else:
            self._keep_room(roomy)
            self.row.setVisible(not self._runs and self.player.has_run and (roomy or self.player.active))

    def _keep_room(self, keep: bool) -> None:
        """Have the room of the hidden row, so that the panes do not move when a run begins or ends."""
        assert self.row is not None
        policy = self.row.sizePolicy()
        if keep is not policy.retainSizeWhenHidden():
            policy.setRetainSizeWhenHidden(keep)
            self.row.setSizePolicy(policy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._show_row()
        return False

    def _on_started(self) -> None:
        self._runs = bool(self._session.sides)  # none where it was cleared
        if self.row is None and self._runs:
            self._make_row()
        if self.row is not None:
            self.row.pick(None)
            self._show_row()
        self._before = {}

    def _on_beginning(self) -> None:
        self._before = {name: _shown(pane) for name, pane in self._view.panes.items()}

    def _on_changed(self) -> None:
        self._show_row()
        self._view.axis.set_moment(self.player.at_ms if self.player.active else None)
        if not self.player.active and self._before:
            for name, (number, event) in self._before.items():
                pane = self._view.panes[name]
                pane.set_round(number)
                if event is not None:
                    pane.go_to(number, event)
            self._before = {}
        self.changed.emit()

    def _on_moved(self) -> None:
        """The newest event is the selected one, where events are seen: of a pane whose rows were just drawn."""
        self._view.axis.set_moment(self.player.at_ms)
        for pane in self._view.panes.values():
            if pane.tab == EVENTS and (rows := pane.events.model.rowCount()):
                newest = pane.events.model.event_at(rows - 1)
                if pane.events.table.current_event != newest:
                    pane.events.go_to(newest)

    def _on_selected(self, name: SideName, number: int, event: int) -> None:
        """The slider stands where the selected event is."""
        pane, row = self._view.panes[name], self.row
        ms = pane.events.model.ms_of(event)
        if row is not None and ms is not None and not self.player.active:
            row.pick(ms + self._view.axis.lanes[name].offset_ms(number))


def _shown(pane: Pane) -> tuple[int, int | None]:
    return pane.round, pane.events.table.current_event if pane.tab == EVENTS else None
