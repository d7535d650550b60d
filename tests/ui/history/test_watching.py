"""The drift sentinel in the real window: set up, asked, paused, and stopped by what is missing."""

from __future__ import annotations

from datetime import datetime

import msgspec
from PySide6.QtWidgets import QDialog

from app.store.profiles import Profile
from app.store.settings import SavedSide
from app.trend.drift import PLANS
from tests.ui.conftest import Ui
from ui.history.page import HistoryPage
from ui.history.watching import WatchDialog
from ui.shared.watcher import StopReason, watcher_of
from ui.shell.application import begin_watch
from ui.shell.pages import HISTORY
from ui.widgets.toast import toasts_of


async def opened(ui: Ui) -> tuple[HistoryPage, WatchDialog]:
    page = ui.window.show_page(HISTORY)
    await ui.until(lambda: page.counted is not None, "the history to be listed")
    page.set_up_watch()
    return page, next(one for one in page.findChildren(WatchDialog) if one.isVisible())


def test_a_round_is_asked_kept_and_told_and_can_be_paused(ui: Ui) -> None:
    async def scene() -> None:
        services, watcher = ui.window.services, watcher_of(ui.window.services)
        page, dialog = await opened(ui)
        assert not dialog.start.isHidden()
        official, relay = services.demo.profiles[:2]
        dialog.b.setCurrentIndex(dialog.b.findData(relay.uid))
        dialog.a.setCurrentIndex(dialog.a.findData(official.uid))
        assert "At most 4 rounds a day" in dialog.cost.text()
        assert dialog.cost.text().endswith(" tokens, free: the demo runs on this machine.")
        assert ("$" in dialog.cost.text(), dialog.cap.isVisibleTo(dialog), dialog.watch.cap_usd) == (False, False, 0)
        assert f"drift '{relay.name}' --against '{official.name}' --once" in dialog.lines.text()
        ui.window.services.busy = lambda: True
        dialog.start.click()
        assert (watcher.watch.on, watcher.watch.b.profile, watcher.asking) == (True, relay.uid, False)
        services.busy = lambda: False
        watcher.go_on()
        await ui.until(lambda: watcher.asking, "it to ask")
        await ui.until(lambda: watcher.asked == 2 * len(PLANS) and not watcher.asking, "the round to end")
        assert (watcher.answered, watcher.watch.last_utc != "") == (watcher.asked, True)
        assert (watcher.watch.spent_usd, watcher.watch.day != "") == (0, True)  # the demo's round is counted, and costs nothing
        await ui.until(lambda: page.found is not None and len(page.found.listed) == len(PLANS), "its runs to be listed")
        panel = page.view.strip.watch
        assert panel.state.text().startswith("Next at ")
        assert panel.title.text() == f"Watch: {official.name} and {relay.name}"
        panel.main.click()
        assert (watcher.watch.on, panel.state.text(), panel.main.text()) == (False, "Paused.", "Go on")
        # Where Diptych shows the demo it waits for the user's word, and a capped day waits for the next.
        services.save_settings(watch=msgspec.structs.replace(watcher.watch, on=True))
        begin_watch(ui.window, held=True)
        assert (watcher.held, "waits" in panel.state.text()) == (True, True)
        services.save_settings(watch=msgspec.structs.replace(watcher.watch, cap_usd=0.1, spent_usd=0.2, day=watcher.watch.day))
        today = datetime.now().astimezone().date()
        await watcher.ask_now()
        assert (watcher.capped, watcher.asking, watcher.next_at().date() > today) == (True, False, True)
        watcher.pause()

    ui.play(scene())


def test_what_is_missing_stops_it_with_a_sentence(ui: Ui) -> None:
    async def scene() -> None:
        services, watcher = ui.window.services, watcher_of(ui.window.services)
        page = ui.window.show_page(HISTORY)
        profile = Profile(
            name="Relay", protocol="anthropic-messages", base_url="https://relay.example", model="claude-sonnet-4-6", uid="u1"
        )
        services.save_profile(profile)
        for side, reason in ((SavedSide("u1"), StopReason.KEY), (SavedSide("gone"), StopReason.ENDPOINT)):
            services.save_settings(watch=msgspec.structs.replace(watcher.watch, on=True, b=side, why="", last_utc=""))
            await watcher.ask_now()
            assert (watcher.watch.on, watcher.watch.why) == (False, reason)
            assert page.view.strip.watch.state.text().startswith("The watch has stopped: ")
        said = toasts_of(ui.window)
        assert said is not None
        assert said.shown[-1].text.endswith("an endpoint of it is there no more.")
        services.save_settings(keep_runs=False)
        services.save_settings(watch=msgspec.structs.replace(watcher.watch, on=True, why=""))
        await watcher.ask_now()
        assert watcher.watch.why == StopReason.KEEPS_NOTHING
        _, dialog = await opened(ui)
        dialog.b.setCurrentIndex(dialog.b.findData("u1"))
        assert (" a day at most." in dialog.cost.text(), dialog.cap.isVisibleTo(dialog)) == (True, True)
        assert dialog.watch.cap_usd > 0
        dialog.remove.click()
        assert (watcher.watch.b.profile, dialog.result() == QDialog.DialogCode.Accepted) == ("", False)

    ui.play(scene())
