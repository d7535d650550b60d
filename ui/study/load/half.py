"""The Load half of the Study page: how many at once does an endpoint serve, before first tokens come late?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.study.load_told import unit_of
from app.text.sentences import message, tr
from ui.shared.services import ShownExchange
from ui.study.load.files import LoadFiles
from ui.study.load.following import LoadFollower
from ui.study.load.rows import step_text
from ui.study.load.run import LoadRun
from ui.study.load.setup import LoadSetup
from ui.study.load.starting import LoadStarter
from ui.study.load.view import LoadView

if TYPE_CHECKING:
    from ui.shared.services import Services
    from ui.study.load.curves import Mark

_TITLE = message("Load, {step} {unit}: a run at {kind}")


class LoadHalf(QWidget):
    """Puts the half together.

    Attributes:
        view: the widgets. run: the load that is shown. setup: what the next one is set to.
        follower, starter, files: what is done with them.

    Signals:
        commands_changed: what can be done now is no longer the same.
    """

    commands_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.view = view = LoadView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.run = LoadRun(self)
        self.setup = LoadSetup(services, view, self)
        self.files = LoadFiles(view, self.run, self.setup)
        self.follower = LoadFollower(view, self.run, self.setup, self)
        self.starter = LoadStarter(services, view, self.run, self.setup, self.files.close)
        view.gallery.sample_wanted.connect(self.show_sample)
        view.gallery.said.connect(view.say)
        for title, side in ((tr("Endpoint A…"), "a"), (tr("Endpoint B…"), "b")):
            view.locust.menu().addAction(title).triggered.connect(
                lambda _=False, side=side: self.files.ask_locust("a" if side == "a" else "b")
            )
        for signal in (self.run.started, self.run.finished):
            signal.connect(self.commands_changed)
        self.run.failed.connect(lambda text: view.say(text, "bad"))

    def show_sample(self, mark: Mark) -> None:
        """Have a run of that step shown where exchanges are looked at, beside the other side's like it."""
        opened = self.run.opened
        samples = self.run.samples(mark.step, mark.kind)
        if opened is None or not any(one.envelope.side == mark.side for one in samples):
            return
        plan = self.run.plan

        def title() -> str:
            unit = unit_of(plan) if plan is not None else ""
            return tr(_TITLE, step=step_text(mark.step), unit=unit, kind=mark.kind)

        self._services.exchange_wanted.emit(ShownExchange(title, opened, tuple(samples), mark.side))
