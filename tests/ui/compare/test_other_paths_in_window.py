"""In the window: a wrong path or protocol is found out, said in the pane, and mended by one button."""

from __future__ import annotations

from typing import Any

import pytest

from app.exchange.outcome import Outcome
from app.store.files import config_folder, private_folder
from app.store.profiles import Profile, ProfileStore
from tests.asking.path_servers import CHAT, MESSAGES, Said, hosting, speaking
from tests.ui.compare.test_before_run import buttons
from tests.ui.conftest import COMPLETED, Ui
from ui.shell.settings import SettingsDialog

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def save(ui: Ui, url: str, protocol: str) -> Profile:
    private_folder(config_folder())
    auth = "x-api-key" if protocol == "anthropic-messages" else "bearer"
    profile = Profile("Mine", protocol, url, model="m", auth=auth, needs_key=False, uid="mine", http2=False, proxy="none")
    ui.window.services.save_profile(profile)
    ui.page.sides.choose("b", "mine")
    ui.ask_briefly()
    return profile


def saved() -> Profile:
    store = ProfileStore()
    store.load()
    found = store.find("mine")
    assert found is not None
    return found


MENDED = (  # what is saved, what the host speaks, the button, and what is saved then
    ("anthropic-messages", "", CHAT, "Use OpenAI Chat Completions", ("openai-chat", "bearer", "/v1")),
    ("openai-chat", "/v1", MESSAGES, "Use Anthropic Messages", ("anthropic-messages", "x-api-key", "")),
    ("openai-responses", "/v1", CHAT, "Use OpenAI Chat Completions", ("openai-chat", "bearer", "/v1")),
    ("openai-chat", "", CHAT, "", ("openai-chat", "bearer", "/v1")),
)


def test_the_button_changes_the_profile_and_runs_again(ui: Ui) -> None:
    async def mend(protocol: str, base: str, speaks: str, button: str, mended: tuple[str, str, str]) -> None:
        async with hosting(speaking(speaks)) as host:
            save(ui, host.url + base, protocol)
            await ui.run()
            notice = ui.page.b.answer.notice
            assert notice is not None
            assert any(line.startswith(f"POST {speaks}: 400 with an") for line in notice.more)
            besides = list(host.besides)
            async with ui.begins():
                buttons(ui, "b")[f"{button or f'Use {host.url}/v1'} and run again"].click()
            await ui.ended()
            assert ui.page.b.answer.notice is None
            assert ui.page.session.sides["b"].outcome is Outcome.COMPLETED
            assert host.besides == besides
            profile = saved()
            assert (profile.protocol, profile.auth, profile.base_url.removeprefix(host.url)) == mended

    async def scene() -> None:
        for row in MENDED:
            await mend(*row)

    ui.play(scene())


def silent_when_asked(_path: str, body: dict[str, Any]) -> Said:
    return Said(404) if body else Said(0)


def test_while_it_asks_the_window_says_so_and_esc_ends_it(ui: Ui) -> None:
    async def scene() -> None:
        async with hosting(silent_when_asked) as host:
            save(ui, host.url, "anthropic-messages")
            ui.page.run()
            await ui.until(lambda: "other paths" in ui.page.sentence.text, "the sentence")
            assert ui.page.sentence.text.startswith("B found nothing")
            ui.page.stop()
            await ui.ended()
            await host.served.hung_up.wait()
            assert "other paths" not in ui.page.sentence.text
            assert ui.page.b.answer.notice is not None
            assert ui.page.a.outcome.text.startswith(COMPLETED)

    ui.play(scene())


def test_the_settings_turn_it_off(ui: Ui) -> None:
    async def scene() -> None:
        async with hosting(speaking(CHAT)) as host:
            save(ui, host.url, "anthropic-messages")
            ui.window.open_settings()
            dialog = ui.window.findChildren(SettingsDialog)[0]
            assert dialog.ask_other_paths.isChecked()
            dialog.ask_other_paths.click()
            dialog.accept()
            await ui.run()
            assert host.besides == []
            assert ui.page.b.answer.notice is not None
            assert ui.page.b.answer.notice.more == ()

    ui.play(scene())
    assert ui.window.services.settings_store.load().ask_other_paths is False
