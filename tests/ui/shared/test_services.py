"""What both pages know is known once: keys, leave to send one in plain text, model lists, the demo."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.scenarios import Scenario
from app.secrets.key_text import mask_key
from app.simulator.server.client import Simulator, SimulatorError
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SettingsStore
from tests.ui.conftest import Ui, save_profiles, until
from ui.shared.confirm import ConfirmDialog
from ui.shared.demo import Demo, DemoError
from ui.shared.key_states import UNKNOWN, KeyState, KeyStates
from ui.shared.model_lists import ModelLists
from ui.shared.services import Services
from ui.shared.tasks import Tasks
from ui.shell.event_loop import BLOCKING_THREADS
from ui.shell.pages import COMPARE, ENDPOINTS

PLAIN = Profile("Plain", base_url="http://relay.invalid", model="m", uid="plain")
KEY = "sk-ant-0123456789abcdefghij"
ALIKE = "sk-ant-abcdefghij0123456ij"  # looks the same when it is masked


@pytest.fixture
def plain() -> None:
    """A saved profile whose key would be readable on the way."""
    save_profiles(PLAIN)


@pytest.mark.usefixtures("plain")
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_leave_given_on_one_page_counts_on_the_other(ui: Ui) -> None:
    def question() -> ConfirmDialog | None:
        return next((one for one in ui.window.findChildren(ConfirmDialog) if one.isVisible()), None)

    async def scene() -> None:
        services = ui.window.services
        services.key_store.keep(PLAIN.uid, KEY)
        endpoints = ui.window.show_page(ENDPOINTS)
        endpoints.select(PLAIN.uid)
        endpoints.start_test()
        await ui.until(question, "the question")
        asked = question()
        assert asked is not None
        asked.yes.click()
        await ui.until(lambda: endpoints.tests.rows(PLAIN.uid), "the test to begin")
        endpoints.tests.stop()
        compare = ui.window.show_page(COMPARE)
        compare.sides.choose("b", PLAIN.uid)
        compare.run()
        await ui.until(lambda: compare.session.running or question(), "the run")
        assert question() is None
        compare.stop()
        await ui.ended()

    ui.play(scene())


@pytest.mark.usefixtures("plain")
def test_a_key_from_the_environment_counts_on_both_pages(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)

    async def scene() -> None:
        keys = ui.window.services.keys
        keys.use_offer(PLAIN, next(one for one in keys.offers(PLAIN) if one.kind == "key"))
        endpoints = ui.window.show_page(ENDPOINTS)
        endpoints.select(PLAIN.uid)
        state = endpoints.view.form.key_row.state
        assert state == KeyState("environment", mask_key(KEY), "ANTHROPIC_API_KEY")
        assert (state.is_there, state.words) == (True, "key from ANTHROPIC_API_KEY")
        assert await keys.key_for(PLAIN) == KEY
        assert KEY not in repr(state)

    ui.play(scene())


def test_a_changed_key_is_told_even_where_it_looks_the_same(loop: asyncio.AbstractEventLoop) -> None:
    store, tasks = KeyStore(), Tasks()
    keys = KeyStates(store, tasks)
    told: list[str] = []
    changed: list[str] = []
    keys.state_changed.connect(told.append)
    keys.key_changed.connect(changed.append)
    assert mask_key(KEY) == mask_key(ALIKE)

    async def scene() -> None:
        store.keep(PLAIN.uid, KEY)
        assert keys.state(PLAIN) == UNKNOWN
        await keys.wait_for(PLAIN)
        assert keys.state(PLAIN) == KeyState("memory", mask_key(KEY))
        while tasks.running:  # noqa: ASYNC110 -- the look-ups, which no event tells
            await asyncio.sleep(0)
        seen = len(told)
        keys.look_up([PLAIN])
        while tasks.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert (len(told), changed) == (seen, [])
        keys.keep(PLAIN.uid, ALIKE)
        assert keys.state(PLAIN).is_there  # and not "looking for the key", for a moment
        while tasks.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert (len(told), changed) == (seen + 1, [PLAIN.uid])

    loop.run_until_complete(asyncio.wait_for(scene(), 30))


def test_what_a_slow_keyring_says_at_last_does_not_hide_a_key_that_was_kept_meanwhile(loop: asyncio.AbstractEventLoop) -> None:
    asked, goes_on = threading.Event(), threading.Event()

    class Slow(KeyStore):
        def get(self, uid: str) -> str | None:
            if (kept := self._memory.get(uid)) is None:
                asked.set()
                goes_on.wait(30)
                raise KeyStoreUnavailable("none", "There is no keyring.")
            return kept

    store, tasks = Slow(), Tasks()
    keys = KeyStates(store, tasks)

    async def scene() -> None:
        assert keys.state(PLAIN) == UNKNOWN
        await asyncio.to_thread(asked.wait, 30)
        keys.keep(PLAIN.uid, KEY)
        while not keys.state(PLAIN).is_there:  # noqa: ASYNC110 -- the look-ups, which no event tells
            await asyncio.sleep(0)
        goes_on.set()
        while tasks.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert keys.state(PLAIN) == KeyState("memory", mask_key(KEY))

    loop.run_until_complete(asyncio.wait_for(scene(), 30))


def test_who_waits_for_a_key_that_was_just_saved_gets_it(loop: asyncio.AbstractEventLoop) -> None:
    store, tasks = KeyStore(), Tasks()
    store.use_memory()
    keys = KeyStates(store, tasks)

    async def scene() -> None:
        await keys.wait_for(PLAIN)
        assert keys.state(PLAIN).kind == "missing"
        keys.save(PLAIN.uid, KEY)
        while store.get(PLAIN.uid) is None:  # noqa: ASYNC110 -- another thread's doing
            await asyncio.sleep(0)
        keys.renew(PLAIN.uid)
        await keys.wait_for(PLAIN)
        assert keys.state(PLAIN).kind == "memory"
        await tasks.aclose()

    loop.run_until_complete(asyncio.wait_for(scene(), 30))


def test_a_list_belongs_to_its_address_and_key() -> None:
    lists = ModelLists()
    told: list[str] = []
    lists.changed.connect(told.append)
    lists.forget(PLAIN.uid)
    lists.keep(PLAIN, ("m",))
    moved = Profile("Plain", base_url="http://elsewhere.invalid", uid="plain")
    assert (lists.of(PLAIN), lists.of(moved)) == (("m",), None)
    lists.keep(PLAIN, ())
    assert lists.of(PLAIN) is None
    assert told == [PLAIN.uid, PLAIN.uid]


def test_a_body_that_one_page_has_is_the_request_of_the_other(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.services.body_wanted.emit('{"max_tokens": 3}')
        compare = ui.window.show_page(COMPARE)
        plan = compare.bar.plan
        assert (plan.scenario, plan.body) == (Scenario.CUSTOM, b'{"max_tokens": 3}')
        assert compare.bar.editor.isVisible()

    ui.play(scene())


def test_settings_are_written_beside_the_window(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    services = ui.window.services
    store, other, threads = services.settings_store, SettingsStore(), list[int]()
    change, is_written = store.change, threading.Event()

    def noted(*arguments: object, **changes: object) -> object:
        threads.append(threading.get_ident())
        written = change(*arguments, **changes)  # type: ignore[arg-type]
        if changes.get("request") == "once more":
            is_written.set()
        return written

    monkeypatch.setattr(store, "change", noted)

    async def scene() -> None:
        other.change(other.load(), body_bytes=1 << 20)  # another window's
        writing = asyncio.ensure_future(services.save_beside(request="as sent"))
        await asyncio.sleep(0)
        assert services.settings.request == "as sent"
        assert not await writing
        assert services.settings == other.load()
        assert (services.settings.body_bytes, services.settings.request) == (1 << 20, "as sent")
        is_over = threading.Event()
        busy = [asyncio.get_running_loop().run_in_executor(None, is_over.wait) for _ in range(BLOCKING_THREADS)]
        writing = asyncio.ensure_future(services.save_beside(request="again"))
        await asyncio.sleep(0)
        services.save_settings(prompts=("meanwhile",))
        is_over.set()
        await asyncio.gather(*busy)
        assert not await writing
        written = other.load()
        assert (written.request, written.prompts) == ("again", ("meanwhile",))
        assert (services.settings.request, services.settings.prompts) == ("again", ("meanwhile",))
        writing = asyncio.ensure_future(services.save_beside(request="once more"))
        await asyncio.sleep(0)
        assert is_written.wait(30)
        other.change(other.load(), body_bytes=2 << 20)  # before this window knows that its own are written
        services.reread_settings()
        assert not await writing
        assert (services.settings.body_bytes, services.settings.request) == (2 << 20, "once more")
        store.path.unlink()
        store.path.mkdir()
        assert str(store.path) in await services.save_beside(request="lost")

    ui.play(scene())
    window = threading.get_ident()
    assert [thread == window for thread in threads] == [False, True, True, False, True, False]


def test_a_demo_that_can_t_be_started_is_tried_once_for_its_address(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    async def start(_: Simulator) -> str:
        tries.append("tried")
        raise SimulatorError("no")

    monkeypatch.setattr(Simulator, "start", start)
    services = Services(ProfileStore(), SettingsStore(), KeyStore())
    services.demo = Demo()
    profile = services.demo.profiles[0]

    async def scene() -> None:
        for _ in range(3):
            assert not services.show_address(profile, list)
            await until(lambda: not services.tasks.running, "the attempt")
        assert tries == ["tried"]
        with pytest.raises(DemoError):
            await services.demo.started(profile)  # as a run does
        assert len(tries) == 2
        await services.aclose()

    loop.run_until_complete(scene())
