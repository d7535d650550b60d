"""Opens the findings of both sides over both panes when either of them turns to Findings, and keeps them up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.exchange.outcome import Outcome
from app.text.sentences import message, tr
from ui.compare.tabs import FINDINGS
from ui.widgets.focus_back import FocusBack
from ui.widgets.late import Late
from ui.widgets.tab_order import follow

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.finding_table import Place
    from app.store.profiles import Profile
    from ui.compare.findings.view import FindingsView
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView
    from ui.shared.services import Services

EVERY = 8  # flushes of the run
FROM_A_FILE = message("The run is from a file: the endpoint's key is not known to it.")
NO_KEY = message("There is no key of this endpoint.")
NOT_NEEDED = message("This endpoint needs no key.")


class FindingsOpening(QObject):
    """Attributes:
    view: made when it is first opened.
    """

    def __init__(self, services: Services, view: CompareView, session: RunSession) -> None:
        super().__init__(view)
        self._services, self._compare, self._session = services, view, session
        self._turning = False
        self._focus: FocusBack | None = None
        self._shown: object = None
        self._beat = 0
        self.view = Late(_make, self._place)
        for pane in view.panes.values():
            pane.turned.connect(self._on_turned)
        session.flushed.connect(self._on_flushed)
        for changed in (session.started, session.turned, session.finished):
            changed.connect(self._on_run)

    @property
    def is_open(self) -> bool:
        return self.view.made is not None and not self.view.made.isHidden()

    def close(self) -> None:
        """Both panes back to what they showed."""
        if self.is_open:
            for pane in self._compare.panes.values():
                pane.turn_back()
            if self._focus is not None:
                self._focus.give()

    def refresh(self) -> None:
        """What is made of the findings may be another: another client was chosen, say."""
        if self.is_open:
            self._show()

    def _on_turned(self, name: SideName, tab: int) -> None:
        """A pane turned to another tab: the findings are over both panes, or over none."""
        if self._turning:
            return
        self._turning = True
        for pane in self._compare.panes.values():
            if tab == FINDINGS:
                pane.set_tab(FINDINGS)
            elif pane.tab == FINDINGS:
                pane.turn_back()
        self._turning = False
        if tab == FINDINGS:
            self._open(name)
        elif self.is_open:
            self._compare.span(None)

    def _open(self, name: SideName) -> None:
        if self.is_open:
            return
        self._focus = FocusBack(self._compare.window())
        focused = QApplication.focusWidget()
        by_tab = focused is not None and any(pane.tabs.isAncestorOf(focused) for pane in self._compare.panes.values())
        view = self.view()
        self._compare.span(view)
        self._shown = None
        self._show(name)
        if not by_tab:  # the arrow keys go on among the tabs
            view.table.setFocus()

    def _on_run(self) -> None:
        self._shown = None
        self.refresh()

    def _on_flushed(self) -> None:
        self._beat += 1
        if self.is_open and self._beat % EVERY == 0:
            self._show()

    def _show(self, wanted: SideName | None = None) -> None:
        """Show what was found so far, where that is not what is shown."""
        sides = self._session.sides
        running = any(side.outcome is Outcome.RUNNING for side in sides.values()) or self._session.following
        now = running, *(
            (name, side.client, len(side.rounds), sum(len(one.findings) for one in side.rounds), side.events if running else 0)
            for name, side in sides.items()
        )  # fmt: skip
        if now == self._shown and wanted is None:
            return
        self._shown = now
        from app.run.finding_table import finding_table

        view = self.view()
        view.show_findings(finding_table(sides), sides, running=running, keep=running and wanted is None)
        view.settings.show_sides(sides, {name: self._why_no_key(name) for name in sides}, wanted)

    # -- going to an event, and the key -------------------------------------------------------------------------------

    def _go(self, place: Place) -> None:
        """Close the findings and show an event in its pane."""
        self._compare.panes[place.side].go_to_finding(place.round, place.event)

    def _profile(self, name: SideName) -> Profile | None:
        asked = self._session.asked.get(name)
        return self._services.profile(asked[0]) if asked is not None else None

    def _why_no_key(self, name: SideName) -> str:
        """Why the key of a side can't be put in, "" where it can."""
        profile = self._profile(name)
        if profile is None:
            return tr(FROM_A_FILE)
        return "" if profile.needs_key else tr(NOT_NEEDED)

    def _on_key_wanted(self, name: SideName) -> None:
        if (profile := self._profile(name)) is not None:
            self._services.tasks.start(self._put_key(name, profile))

    async def _put_key(self, name: SideName, profile: Profile) -> None:
        from app.store.keys import KeyStoreUnavailable

        try:
            key = await self._services.keys.key_for(profile)
        except KeyStoreUnavailable as error:
            self._compare.say(error.sentence, "warn")
            return
        settings = self.view().settings
        if settings.name == name:
            settings.put_key(key)
            if not key:
                self._compare.say(tr(NO_KEY), "warn")

    def _place(self, made: FindingsView) -> None:
        made.place_wanted.connect(self._go)
        made.settings.key_wanted.connect(self._on_key_wanted)
        self._compare.place_over_panes(made)
        follow(self._compare.b.tabs.link, made)


def _make() -> FindingsView:
    from ui.compare.findings.view import FindingsView

    return FindingsView()
