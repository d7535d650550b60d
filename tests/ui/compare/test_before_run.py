"""What stops a request before it leaves: no key, a key in plain text, no such model; and what a diagnosis offers."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QPushButton

from app.diagnosis import Action, Diagnosis, ProfileChange, Rule
from app.recording.records import SideName
from app.store.files import config_folder, private_folder
from app.store.keys import KeyStore
from app.store.profiles import Profile, ProfileStore
from app.wire.commands import Network
from tests.builders import recording, side
from tests.ui.conftest import COMPLETED, Ui, behind
from tests.wire.conftest import asker
from tests.wire.servers import OK_HEAD, Served, serving
from ui.compare.after_run import notice_after, usual_actions
from ui.compare.tabs import TABS
from ui.shared.confirm import ConfirmDialog

NEEDS_KEY = Profile("Relay", base_url="https://relay.invalid", model="claude-sonnet-4-6", uid="relay", label="staging")
IN_CLEAR = Profile("Plain", base_url="http://relay.invalid/", model="claude-sonnet-4-6", uid="plain")
REFUSED = Profile(
    "Refused", base_url="http://127.0.0.1:9", model="m", uid="refused", needs_key=False, http2=False, proxy="none"
)


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three saved profiles, and keys kept in memory."""
    private_folder(config_folder())
    store = ProfileStore()
    store.load()
    for profile in (NEEDS_KEY, IN_CLEAR, REFUSED):
        store.save(profile)
    monkeypatch.setattr(KeyStore, "__init__", _in_memory)


def _in_memory(self: KeyStore) -> None:
    self._memory = {}
    self._in_memory = True
    self._backend = None


def buttons(ui: Ui, side: SideName) -> dict[str, QPushButton]:
    """The buttons of a side's notice."""
    return {button.text(): button for button in ui.page.panes[side].answer._notice.buttons}


@pytest.mark.usefixtures("profiles")
def test_without_a_key_nothing_is_sent_and_the_pane_offers_what_helps(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ui.window.services.key_wanted.disconnect()
    ui.window.services.key_wanted.connect(lambda profile: asked.append(profile.uid))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-0123456789abcdefghij")

    async def scene() -> None:
        page = ui.page
        page.sides.choose("a", "relay")
        page.sides.choose("b", "plain")
        page.a.row.set_model("")
        page.run()
        await ui.until(lambda: page.a.answer.notice, "the notice")
        assert not page.session.running
        assert page.a.answer.notice is not None
        assert page.a.answer.notice.title == "Nothing was sent: the key and the model are missing"
        first, *_, last = buttons(ui, "a")
        assert (first, last) == ("Enter the key…", "Choose a model…")
        assert page.b.answer.notice is not None
        page.a.row.models.setEditText("m")
        page.sides.choose("b", page.services.demo.profiles[1].uid)
        assert page.a.answer.notice.title == "No key, so nothing was sent"
        assert page.a.row.key.state.words == "no key"
        assert page.a.row.profiles.currentText() == "Relay · staging"
        offered = buttons(ui, "a")
        offered["Enter the key…"].click()
        assert asked == ["relay"]
        assert "Run with ANTHROPIC_API_KEY (sk-ant-••••ij)" in offered
        commands = {one.title: one for one in page.reachable()}  # the palette has what the notice offers, and the key
        assert commands["A: Run with ANTHROPIC_API_KEY (sk-ant-••••ij)"].about == "No key, so nothing was sent"
        for title in ("A: Enter the key…", "Key of side A…"):
            commands[title].work()
        assert asked == ["relay"] * 3
        assert "Key of side B…" not in commands
        page.services.keys.use_offer(NEEDS_KEY, page.services.keys.offers(NEEDS_KEY)[0])
        assert page.a.row.key.state.words == "key from ANTHROPIC_API_KEY"
        assert page.a.answer.notice.title == "The key is there now"
        assert "can't be asked" not in page.sentence.text
        assert [label for label, _ in page.a.answer.notice.actions] == ["Run both"]
        assert await page.services.keys.key_for(NEEDS_KEY) == "sk-ant-0123456789abcdefghij"

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_model_that_lacked_is_no_longer_asked_for_when_it_is_typed(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.sides.choose("b", "refused")
        page.b.row.set_model("")
        page.run()
        await ui.until(lambda: page.b.answer.notice, "the notice")
        assert "B can't be asked yet" in page.sentence.text
        assert list(buttons(ui, "b")) == ["Choose a model…"]
        page.b.row.models.setEditText("m")
        assert page.b.answer.notice is None
        assert "can't be asked" not in page.sentence.text

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_key_that_came_after_a_refusal_is_said_and_run_with(ui: Ui) -> None:
    def enter(profile: Profile) -> None:
        page.services.key_store.set(profile.uid, "sk-ant-0123456789abcdefghij")
        page.services.keys.renew(profile.uid)

    page = ui.page
    page.services.key_wanted.disconnect()
    page.services.key_wanted.connect(enter)

    async def scene() -> None:
        ui.ask_briefly()
        root = await ui.demo_root()
        wants = Profile("Wants", base_url=f"{root}/fault/key_required", model="claude-sonnet-4-6", uid="wants", needs_key=False)
        page.services.save_profile(wants)
        page.sides.choose("b", "wants")
        await ui.run()
        assert page.b.answer.notice is not None
        assert "none was sent" in page.b.answer.notice.title
        buttons(ui, "b")["Enter the key…"].click()
        await ui.until(lambda: "Run again" in buttons(ui, "b"), "the notice of the key")
        assert page.b.answer.notice.title == "The key is there now"
        page.services.models.keep(wants, ("claude-sonnet-4-6",))  # a list that comes does not bring the refusal back
        assert page.b.answer.notice.title == "The key is there now"
        async with ui.begins():
            buttons(ui, "b")["Run again"].click()
        await ui.ended()
        assert page.b.outcome.text.startswith(COMPLETED)

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_key_that_was_removed_is_not_said_to_be_there(ui: Ui) -> None:
    async def scene() -> None:
        page, keys = ui.page, ui.page.services.key_store
        root = await ui.demo_root()
        wants = Profile("Wants", base_url=f"{root}/fault/error_401", model="claude-sonnet-4-6", uid="wants")
        page.services.save_profile(wants)
        keys.set("wants", "sk-ant-0123456789abcdefghij")
        page.services.keys.renew("wants")
        page.sides.choose("b", "wants")
        await ui.run()
        refusal = page.b.answer.notice
        assert refusal is not None
        assert next(iter(buttons(ui, "b"))) == "Enter the key…"
        keys.delete("wants")
        page.services.keys.renew("wants")
        await ui.until(lambda: page.b.row.key.state.kind == "missing", "the key's state")
        assert page.b.answer.notice == refusal

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_run_is_not_shown_under_the_name_of_another_endpoint(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page = ui.page
        page.sides.choose("b", "refused")
        await ui.run()
        assert page.a.outcome.text.startswith(COMPLETED)
        page.sides.choose("a", "refused")
        assert page.a.outcome.text.startswith(behind("Demo official · claude-sonnet-4-6:"))
        page.sides.choose("a", page.services.demo.profiles[0].uid)
        assert page.a.outcome.text.startswith(COMPLETED)
        page.a.row.models.setEditText("claude-opus-4-8")
        assert page.a.outcome.text.startswith(behind("Demo official · claude-sonnet-4-6:"))
        async with ui.begins():
            page.run()
        await ui.ended()
        assert page.a.outcome.text.startswith(COMPLETED)

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_key_in_clear_is_asked_about_until_it_may_be_sent(ui: Ui) -> None:
    def question() -> ConfirmDialog | None:
        return next((one for one in ui.page.findChildren(ConfirmDialog) if one.isVisible()), None)

    async def scene() -> None:
        page = ui.page
        page.services.key_store.set("plain", "sk-ant-0123456789abcdefghij")
        page.sides.choose("b", "plain")
        asked: list[bool] = []
        for answer in (False, False, True, True):
            page.run()
            await ui.until(lambda: not page.starter.preparing or question(), "the question")
            if (dialog := question()) is not None:
                asked.append(answer)
                (dialog.yes if answer else dialog.no).click()
            await ui.until(lambda: not page.starter.preparing, "the answer")
            assert page.session.running is answer
            page.stop()
            await page.session.wait()
            await ui.ended()
        assert asked == [False, False, True]

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_dead_host_is_said_in_words_and_the_other_side_completes(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.sides.choose("b", "refused")
        await ui.run()
        assert page.a.outcome.text.startswith(COMPLETED)
        assert page.b.outcome.text.startswith("✕ Failed")
        assert page.b.answer.notice is not None
        assert "port 9" in page.b.answer.notice.title
        assert page.b.answer.notice.fix
        assert "B failed" in page.sentence.text

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_model_that_is_not_listed_brings_a_warning_with_the_nearest(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.services.models.keep(page.services.demo.profiles[0], ("claude-sonnet-4-6", "claude-opus-4-8"))
        page.a.row.models.setEditText("claude-sonet-4-6")
        assert "claude-sonet-4-6" in page.a.hint.text
        assert page.a.row.models.property("wrong")
        use = next(one for one in page.a.hint.findChildren(QPushButton) if one.text() == "Use claude-sonnet-4-6")
        use.click()
        assert page.a.row.model == "claude-sonnet-4-6"
        assert page.a.hint.text == ""

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_what_a_diagnosis_offers_is_applied_to_the_profile_and_run_again(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page = ui.page
        page.sides.choose("b", "refused")
        async with ui.begins():
            page.panes["b"].action_chosen.emit(ProfileChange("limits.connect_s", 20.0, "Wait longer"))
        await ui.ended()
        saved = ProfileStore()
        saved.load()
        found = saved.find("refused")
        assert found is not None
        assert found.limits.connect_s == 20.0
        async with ui.begins():
            page.panes["b"].action_chosen.emit(ProfileChange("max_tokens", 77, "Ask for less"))
        await ui.ended()
        assert page.a.exchange is not None
        assert b'"max_tokens":77' in page.a.exchange.recording.request.body.replace(b" ", b"")

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_a_button_that_leads_to_another_host_or_port_does_not_send_the_key_there_at_once(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.services.key_store.set("relay", "sk-ant-0123456789abcdefghij")
        page.sides.choose("b", "relay")
        page.panes["b"].action_chosen.emit(ProfileChange("base_url", "http://127.0.0.1:9", "Use it"))
        changed = page.sides.profile("b")
        assert changed is not None
        assert changed.base_url == "http://127.0.0.1:9"
        assert "another host" in page.notes.text
        assert not page.starter.preparing
        assert not page.session.running
        page.notes.say()
        page.panes["b"].action_chosen.emit(ProfileChange("base_url", "http://127.0.0.1:10", "Use it"))
        assert "another host or port" in page.notes.text
        assert not page.starter.preparing
        async with ui.begins():
            page.panes["b"].action_chosen.emit(ProfileChange("base_url", "http://127.0.0.1:10/v1", "Use it"))
        await ui.ended()

    ui.play(scene())


@pytest.mark.parametrize(("needs_key", "port", "runs"), [(True, 8443, False), (False, 8443, True), (True, 443, True)])
def test_a_button_says_that_it_runs_again_only_where_it_does(needs_key: bool, port: int, runs: bool) -> None:
    to = (("Location", f"https://h.example:{port}/api/v1/messages"),)
    profile = Profile("P", base_url="https://h.example", needs_key=needs_key)
    notice = notice_after(side("b", recording([(600.0, b"")], status=307, headers=to)), tuple, profile)
    assert notice is not None
    label, change = notice.actions[0]
    assert isinstance(change, ProfileChange)
    assert label == (change.label_and_run if runs else change.label)


def test_saved_profiles_close_kept_connections(ui: Ui) -> None:
    async def scene() -> None:
        closed = asyncio.Event()

        async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await served.read_request(reader):
                writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
                await writer.drain()
            closed.set()

        async with serving(handle) as served:
            await asker(ui.page.services.wire)(served.url, network=Network(keep_connection=True))
            assert not closed.is_set()
            ui.page.services.save_profile(NEEDS_KEY)
            await closed.wait()

    ui.play(scene())


NO_WORDS = Rule("x", bool, "", "")


def test_each_action_of_a_diagnosis_is_a_button() -> None:
    both = Diagnosis(NO_WORDS, actions=(Action.CHOOSE_MODEL, Action.EDIT_ENDPOINT, Action.RUN_AGAIN))
    assert [label for label, _ in usual_actions(both, 0)] == ["Choose a model…", "Edit the endpoint…", "Run again"]
    assert [label for label, _ in usual_actions(Diagnosis(NO_WORDS, actions=tuple(Action)), 0)][-1] == "Enter the key…"
    assert usual_actions(Diagnosis(Rule("x", bool, "", "Run it again.")), 0) == ()


@pytest.mark.usefixtures("profiles")
def test_where_nothing_came_the_reason_comes_to_the_front_with_its_buttons(ui: Ui) -> None:
    edited: list[str] = []
    ui.window.services.profile_wanted.disconnect()
    ui.window.services.profile_wanted.connect(lambda profile: edited.append(profile.uid if profile else ""))

    async def scene() -> None:
        page = ui.page
        page.sides.choose("b", "refused")
        for pane in page.panes.values():
            pane.set_tab(TABS.index("Raw"))
        page.run()
        await ui.until(lambda: page.b.answer.notice, "the notice")
        assert (page.a.tab, page.b.tab) == (TABS.index("Raw"), 0)
        await ui.ended()
        assert (page.a.tab, page.b.tab) == (TABS.index("Raw"), 0)
        buttons(ui, "b")["Edit the endpoint…"].click()
        assert edited == ["refused"]
        async with ui.begins():
            buttons(ui, "b")["Run again"].click()
        page.stop()
        await ui.until(lambda: not page.session.following, "its end")

    ui.play(scene())
