"""The Relay page: both sides of a relay of your own, what was sent beside what arrived behind it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.mirror.probes import probes
from app.mirror.row import KIND_NAMES, Kind
from app.protocols.ids import MESSAGES
from app.text.sentences import message, text_in_a_row, tr
from ui.mirror.models import difference_rows, probe_rows
from ui.mirror.run import MirrorRun
from ui.mirror.view import MirrorView
from ui.shared.page import RUN_KEYS, STOP_KEYS, Command, Menu, Page
from ui.shared.preparing import prepare
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.mirror.probes.probe import Probe
    from app.store.profiles import Profile
    from ui.shared.services import Services

NO_PROFILE = message("There is no endpoint for the relay yet: add it on the Endpoints page, with the relay's own address.")


_LISTENS = message(
    "It listens; {arrived} requests have arrived.{strangers:if  {strangers} came without the word in the address and were"
    " refused.}"
)
_SUMMARY = message(
    "{count} requests through the relay, {losing:if {losing} of them lost something, or came back changed|nothing was lost}."
    " Of their parts: {counts}.{strangers:if  {strangers} came without the word in the address and were refused.}"
)


class MirrorPage(Page):
    """Puts the page together.

    Attributes:
        view: the widgets. run: what listens, and what was seen.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = MirrorView(self)
        self.run = MirrorRun(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._shown = ""  # the request whose rows are shown
        self._addresses: list[tuple[str, str]] | None = None
        self._preparing = self._adding = False
        view = self.view
        view.run.clicked.connect(self._on_button)
        view.listen.clicked.connect(self.run.listen)
        view.profiles.activated.connect(lambda _: self._on_profile())
        view.probe_chosen.connect(self._on_probe)
        view.everything.toggled.connect(lambda _: self._show_rows())
        self.run.changed.connect(self._refresh)
        self.run.changed.connect(self.commands_changed)
        self.follow_work(lambda: self.run.running, self.run.changed).ended.connect(lambda _: self._on_finished())
        self.run.failed.connect(lambda text: view.say(text, "bad"))
        services.profiles_changed.connect(self._fill_profiles)
        self._fill_profiles()
        self._refresh()

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def menu(self) -> Menu:
        return Menu(tr("&Relay"), (
            Command(tr("&Run through the relay"), self.start, RUN_KEYS, lambda: not self.run.running),
            Command(tr("S&top"), self.stop, STOP_KEYS, lambda: self.run.running),
            Command(tr("&Listen, or stop listening"), self.run.listen, can=lambda: not self.run.running),
            None,
            Command(tr("Choose the &relay"), self.view.profiles.setFocus, ("Ctrl+L",)),
            Command(tr("Show &all rows"), self.view.everything.toggle),
        ))  # fmt: skip

    def take_keyboard(self) -> None:
        self.view.listen.setFocus()

    def layout_kept(self) -> dict[str, int | str]:
        view = self.view
        relay = str(view.profiles.currentData() or "")
        return {"share": view.share, "all": int(view.everything.isChecked()), "relay": relay, "model": view.model.text()}

    def restore_layout(self, kept: Mapping[str, int | str]) -> None:
        if isinstance(share := kept.get("share"), int) and 0 < share < 1000:
            self.view.set_share(share)
        self.view.everything.setChecked(kept.get("all") == 1)
        if (place := self.view.profiles.findData(kept.get("relay"))) >= 0:
            self.view.profiles.setCurrentIndex(place)
            self._on_profile()
            self.view.model.setText(str(kept.get("model", "")))

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, MirrorPage)
        self.view.profiles.setCurrentIndex(max(0, self.view.profiles.findData(before.view.profiles.currentData())))
        self._on_profile()
        self.view.model.setText(before.view.model.text())
        self.run.take_over(before.run)

    def recolor(self) -> None:
        self._refresh()

    def stop(self) -> None:
        self.run.stop()

    async def aclose(self) -> None:
        await self.run.aclose()

    # -- what is chosen -----------------------------------------------------------------------------------------------

    @property
    def profile(self) -> Profile | None:
        """The relay's; None where there is none."""
        return self.services.profile(str(self.view.profiles.currentData() or ""))

    def _fill_profiles(self) -> None:
        chosen, combo = self.view.profiles.currentData(), self.view.profiles
        combo.clear()
        for one in self.services.profile_store.profiles:  # the demo's endpoints have no upstream that could be moved
            if probes(one.protocol):
                combo.addItem(one.name, one.uid)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        self._on_profile()
        if self._adding and combo.count():
            self._adding = False
            self.view.notes.say()
            self.attention_wanted.emit()

    def _on_profile(self) -> None:
        profile = self.profile
        if profile is not None:
            self.view.model.setText(profile.model)
            self.view.model.setCursorPosition(0)
        if not self.run.running:
            self._refresh()

    def _on_button(self) -> None:
        if self.run.running:
            self.run.stop()
        else:
            self.start()

    def start(self) -> None:
        """Send the requests through the relay; where something is missing, it is said and nothing is sent."""
        if self.run.running or self._preparing:
            return
        profile = self.profile
        if profile is None:
            self.view.notes.say(Segment(tr(NO_PROFILE), "warn"), actions=((tr("Add endpoint…"), self._add_endpoint),))
        elif not self.run.listens:
            self.view.say(tr("Press Listen, and point the relay's upstream at the address that is shown."), "warn")
        else:
            self._preparing = True
            self.view.run.set_preparing(True)
            self.services.tasks.start(self._prepare_and_start(profile))

    def _add_endpoint(self) -> None:
        self._adding = True
        self.services.endpoint_wanted.emit(None)

    async def _prepare_and_start(self, profile: Profile) -> None:
        from app.diagnosis.changes import ASK_KEY

        model = self.view.model.text().strip()
        try:
            prepared = await prepare(self.services, {"b": (profile, model)}, self.view)
        finally:
            self._preparing = False
            self.view.run.set_preparing(False)
        if (notice := prepared.notices.get("b")) is not None:
            said = text_in_a_row((tr("{title}.", title=notice.title), notice.cause, notice.fix))
            enter = ((ASK_KEY.label, partial(self.services.key_wanted.emit, profile)),) if notice.about == "key" else ()
            self.view.notes.say(Segment(said, "warn"), actions=enter)
        elif (choice := prepared.choices.get("b")) is not None:
            self.view.notes.say()
            profile = msgspec.structs.replace(choice.profile, model=model)
            self.run.start(self.services.wire, profile, choice.key, model)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _on_finished(self) -> None:
        """Of many requests that one is shown that lost something: the first, unless such a one is chosen."""
        results = self.run.results
        losing = [bool((result := results.get(one.name)) is not None and result.loud) for one in self._probes]
        shown = results.get(self._shown)
        if any(losing) and not (shown is not None and shown.loud):
            self.view.probes.selectRow(losing.index(True))

    def _on_probe(self, row: int) -> None:
        found = self._probes
        if 0 <= row < len(found):
            self._shown = found[row].name
            self._show_rows()

    @property
    def _probes(self) -> tuple[Probe, ...]:
        protocol = self.run.protocol if self.run.results or self.run.running else self.profile.protocol if self.profile else ""
        return probes(protocol) or probes(MESSAGES)

    def _refresh(self) -> None:
        view, run = self.view, self.run
        if run.addresses != self._addresses:
            self._addresses = run.addresses
            view.show_addresses(run.addresses)
        view.listen.setText(tr("Stop listening" if run.listens else "Listen"))
        view.listen.setEnabled(not run.running)
        view.run.set_running(run.running)
        view.profiles.setEnabled(not run.running)
        view.model.setEnabled(not run.running)
        found = self._probes
        view.probe_model.show_rows(probe_rows(found, run.results))
        if self._shown not in [one.name for one in found]:
            self._shown = found[0].name
        self._show_rows()
        view.foot.setText(self._summary())

    def _show_rows(self) -> None:
        result = self.run.results.get(self._shown)
        rows = difference_rows(result, self.run.plain, everything=self.view.everything.isChecked())
        self.view.row_model.show_rows(rows)
        self.view.show_sent(result is not None)

    def _summary(self) -> str:
        run = self.run
        if not run.listens:
            return tr("Nothing listens yet.")
        strangers = run.strangers or None
        if not run.results:
            return tr(_LISTENS, arrived=run.arrived, strangers=strangers)
        kinds = Counter(row.kind for one in run.results.values() for row in (*one.rows, *one.answer))
        counts = tr(", ").join(tr("{count} {kind}", count=kinds[one], kind=tr(KIND_NAMES[one])) for one in Kind if kinds[one])
        losing = sum(bool(one.loud) for one in run.results.values())
        fields = {"count": len(run.results), "losing": losing or None, "counts": counts, "strangers": strangers}
        return tr(_SUMMARY, **fields)
