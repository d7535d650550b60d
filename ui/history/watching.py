"""The drift sentinel on the History page: what it does, beside the trend, and the dialog that sets it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app.text import numbers
from app.text.sentences import message, tr
from app.text.visible import one_line, visible
from ui.widgets.fields import WrapLabel, fit_height
from ui.widgets.labels import PlainLabel, plain_tip

if TYPE_CHECKING:
    from datetime import datetime

    from app.checks.estimate import Estimate
    from app.store.settings import Watch
    from ui.shared.services import Services
    from ui.shared.watcher import Watcher

WIDTH = 176
OFFER = message("Eight small requests, again and again while Diptych is open, tell since when it answers otherwise.")
ABOUT = message(
    "Eight small requests, always the same, again and again while Diptych is open. Their answers are kept in the history and"
    " compared with the earlier ones: what changed is told, and drawn above the list. It waits while you run something, and"
    " what was missed while Diptych was closed is not made up for."
)


def cost_words(cost: Estimate, every_s: int) -> str:
    """What a plan costs at most, by the day."""
    from app.checks.estimate import IS_FREE
    from app.trend.watching import rounds_a_day

    rounds = rounds_a_day(every_s)
    return tr(
        "At most {rounds:once one round|rounds} a day while Diptych is open, each of {requests:plural request|requests} and"
        " {tokens:grouped} tokens{free:if , {free}.|: {usd:if {usd:usd} a day at most."
        "|what it costs can’t be told, as no price is known.}}",
        rounds=rounds, requests=cost.requests, tokens=cost.tokens, free=tr(IS_FREE) if cost.free else "",
        usd=cost.usd * rounds if cost.usd is not None else None,
    )  # fmt: skip


def state_words(watcher: Watcher, now: datetime) -> tuple[str, str]:
    """What the watch does now, and the role of these words."""
    from ui.shared.watcher import why_stopped

    watch = watcher.watch
    if watcher.problem:
        return watcher.problem, "bad"
    if why := why_stopped(watch):
        return why, "warn"
    if not watch.on:
        return tr("Paused."), "muted"
    if watcher.held:
        return tr("It waits: Diptych is portable here, or shows the demo."), "muted"
    if watcher.asking:
        return tr("It asks now."), "muted"
    at = watcher.next_at()
    when = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
    if watcher.capped:
        return tr("What a day may cost is reached. Next at {when}.", when=when), "muted"
    told = {"answered": watcher.answered, "asked": watcher.asked or None}
    return tr("Next at {when}.{asked:if  Last: {answered} of {asked} answered.}", when=when, **told), "muted"


class WatchPanel(QFrame):
    """Offers the watch, or says what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.title, self.state = PlainLabel("", bold=True, wrap=True), PlainLabel("", role="muted", wrap=True)
        self.main, self.set_up = QPushButton(), QPushButton(tr("Set up…"))
        self.set_up.setAccessibleName(tr("Set up the watch"))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 0, 2)
        column.setSpacing(4)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.main)
        buttons.addWidget(self.set_up)
        buttons.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.state)
        column.addStretch(1)
        column.addLayout(buttons)
        self.main.hide()

    def show_watch(self, watcher: Watcher, names: str, now: datetime) -> None:
        """`names`: of the endpoints that it is about, "" for none."""
        from ui.shared.watcher import why_stopped

        watch = watcher.watch
        is_set = bool(watch.b.profile)
        self.title.setText(visible(names) if is_set else tr("Watch this pair"))
        words, role = state_words(watcher, now) if is_set else (tr(OFFER), "muted")
        news = watcher.news[0] if is_set and watcher.news and not why_stopped(watch) else ""
        self.state.setText(visible(news or words))
        self.state.set_role("warn" if news else role)
        self.setToolTip(plain_tip("\n".join((*watcher.news, words))))
        self.main.setVisible(is_set)
        self.main.setText(tr("Pause") if watcher.runs else tr("Go on"))
        self.set_up.setText(tr("Change…") if is_set else tr("Set up…"))


class WatchDialog(QDialog):
    """Which endpoints are asked, how often, and what that may cost a day."""

    def __init__(self, services: Services, wanted: Watch, parent: QWidget | None = None) -> None:
        from app.trend.watching import EVERY_S

        super().__init__(parent)
        self._services, self._wanted = services, wanted
        self.setWindowTitle(tr("Watch for changes"))
        self.setMinimumWidth(560)
        self.b, self.a, self.every, self.cap = QComboBox(), QComboBox(), QComboBox(), QDoubleSpinBox()
        self.a.addItem(tr("nothing beside it"), "")
        for profile in services.profiles:
            name = visible(one_line(profile.name, 60))
            self.b.addItem(name, profile.uid)
            self.a.addItem(name, profile.uid)
        for seconds in EVERY_S:
            self.every.addItem(numbers.duration(seconds), seconds)
        self.cap.setDecimals(2)
        self.cap.setRange(0, 1000)
        self.cap.setSingleStep(0.05)
        self.cap.setPrefix("$")
        self.cap.setMinimumHeight(self.every.sizeHint().height())
        self.cap.setSpecialValueText(tr("no cap"))
        for box, value in ((self.b, wanted.b.profile), (self.a, wanted.a.profile), (self.every, wanted.every_s)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.cost, self.lines = WrapLabel(""), WrapLabel("", role="muted")
        self.start, self.cancel = QPushButton(tr("Watch")), QPushButton(tr("Cancel"))
        self.start.setObjectName("strong")
        self.remove = QPushButton(tr("Watch no more"))
        self.remove.setVisible(bool(services.settings.watch.b.profile))
        self._form = form = QFormLayout()
        form.addRow(tr("Endpoint"), self.b)
        form.addRow(tr("Beside it"), self.a)
        form.addRow(tr("Again after"), self.every)
        form.addRow(tr("At most a day"), self.cap)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        column.addWidget(WrapLabel(tr(ABOUT)))
        column.addLayout(form)
        column.addWidget(self.cost)
        column.addWidget(self.lines)
        row = QHBoxLayout()
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.start)
        column.addLayout(row)
        self.start.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.remove.clicked.connect(lambda: self.done(_REMOVE))
        for one in (self.b, self.a, self.every):
            one.currentIndexChanged.connect(lambda _: self._show())
        self._show(cap=wanted.cap_usd)

    @property
    def watch(self) -> Watch:
        """The plan as it is chosen; it goes on counting what was spent today."""
        from app.store.settings import SavedSide

        def side(box: QComboBox, before: SavedSide) -> SavedSide:
            uid = str(box.currentData() or "")
            profile = self._services.profile(uid)
            model = before.model if before.profile == uid else ""
            return SavedSide(uid, model or (profile.model if profile is not None else "")) if uid else SavedSide()

        kept = self._services.settings.watch
        return msgspec.structs.replace(
            kept, on=True, why="", b=side(self.b, self._wanted.b), a=side(self.a, self._wanted.a),
            every_s=int(self.every.currentData()), cap_usd=round(self.cap.value(), 2),
        )  # fmt: skip

    def _show(self, cap: float | None = None) -> None:
        """What it costs, and the line for a system that is to ask without Diptych's window."""
        from app.checks.estimate import cap_of
        from app.trend.watching import rounds_a_day, schedule_lines
        from ui.shared.watcher import watcher_of

        watch = self.watch
        cost = watcher_of(self._services).cost(watch)
        self._form.setRowVisible(self.cap, not cost.free)
        self.cap.setEnabled(cost.usd is not None)
        if cost.free:
            self.cap.setValue(0)
        elif cost.usd is not None:
            self.cap.setValue(cap or cap_of(cost.usd * rounds_a_day(watch.every_s)))
        self.cost.show_text(cost_words(cost, watch.every_s))
        names = [self._services.profile(side.profile) for side in (watch.b, watch.a)]
        arguments = [names[0].name if names[0] else "", *(("--against", names[1].name) if names[1] else ())]
        self.lines.show_text(visible("\n".join(schedule_lines(arguments, watch.every_s))))
        self.start.setEnabled(watch.b.profile != watch.a.profile)
        fit_height(self)


_REMOVE = 2


def ask_watch(services: Services, wanted: Watch, parent: QWidget) -> WatchDialog:
    """Ask what is to be watched, and have it so. `wanted`: what is offered."""
    from app.store.settings import Watch as Plan
    from ui.shared.complain import complain
    from ui.shared.watcher import watcher_of

    dialog = WatchDialog(services, wanted, parent)

    def finished(result: int) -> None:
        if result == _REMOVE:
            watcher_of(services).set_up(Plan())
        elif result == QDialog.DialogCode.Accepted and (problem := watcher_of(services).set_up(dialog.watch)):
            complain(parent, tr("The watch could not be kept"), problem)
        dialog.deleteLater()

    dialog.finished.connect(finished)
    dialog.open()
    return dialog
