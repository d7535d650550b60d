"""`python -m tests.screenshots FOLDER`: pictures of the real window, light and dark, small and large, in many states.

The window is drawn offscreen and runs against the demo's endpoints; `--only NAME` makes the pictures whose name begins so.
`--lang zh_CN` makes them in Chinese, `--lang pseudo` in a language that has every message in brackets and 40 % longer.
`python -m tests.screenshots --readme FILE.png [--dark]` makes the one picture that the README shows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, RunOpened
from app.run.diff.facts import Part
from app.scenarios import Scenario
from app.store.files import config_folder, private_folder
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SavedSide, Watch
from app.text.languages import ENGLISH, LANGUAGES
from app.text.sentences import tr
from tests.builders import JSON, event, messages_end, messages_start, messages_text, recording
from tests.mirror.little_relay import LittleRelay
from tests.pseudo import PSEUDO, speak_pseudo
from tests.run.diff.test_summary import RELAY, VENDOR, answering
from tests.ui.checks.made import known_many, many
from tests.ui.compare.findings.scenes import findings
from tests.ui.compare.scenes import verdicts
from tests.ui.history.made import many_kept
from tests.ui.study.made import LONG as LONG_NAME
from tests.ui.study.made import made, made_load, renamed
from ui.checks.entries import Look
from ui.compare.page import ComparePage
from ui.compare.tabs import TABS
from ui.history.page import HistoryPage
from ui.history.watching import WatchDialog
from ui.present.presentation import Presentation
from ui.shared.endpoint_row import NONE
from ui.shared.watcher import watcher_of
from ui.shell import dialogs
from ui.shell.about import AboutDialog
from ui.shell.application import build_window
from ui.shell.event_loop import make_loop
from ui.shell.help import KEYS, HelpDialog
from ui.shell.licences import LicencesDialog
from ui.shell.main_window import MainWindow
from ui.shell.newest import NewestDialog
from ui.shell.news import NewsDialog, tell
from ui.shell.pages import CHECKS, COMPARE, ENDPOINTS, HISTORY, MIRROR, STUDY, PageSpec
from ui.shell.palette import CommandPalette
from ui.shell.settings import SettingsDialog
from ui.study.modes import LOAD, PAIRS
from ui.style.theme import Mode, application_arguments
from ui.widgets.toast import toast, toasts_of

Sizes = tuple[tuple[int, int], ...]
SIZES: Sizes = ((1100, 700), (1600, 1000))
MODES: tuple[Mode, ...] = ("light", "dark")
README_SIZE, README_FONT = (1440, 900), "Inter"  # what many systems draw windows with; a bare server has no such default
LONG = "A relay with a name of sixty characters, which is rather long"
CHINESE_NAME = "公司内部中转网关（华东二区、按量计费、每分钟六十次）"
LONG_MODEL = "claude-opus-4-8-" + "x" * 60
GIVEN_UP = Ended(EndKind.ERROR, 30_700_000_000, "silence_timeout")
PROFILES = (
    Profile(LONG, base_url="http://127.0.0.1:9", model=LONG_MODEL, uid="long", needs_key=False, label="staging"),
    Profile("Relay without a key", base_url="https://relay.invalid", uid="keyless", label="production"),
)


TIDES = (
    "The water rises because the moon pulls at it, and a small bulge runs around the earth. Twice a day it reaches the "
    "harbour, only some minutes later each time. What looks like a slow breath was dozens of tiny waves."
)
TIDES_TOO = (
    "The water rises because the moon pulls at it, and a little bulge runs around the earth. Twice a day it reaches the "
    "harbour, some minutes later each time. What looks like a slow breath was many small waves. For faster replies, ask for "
    "the Pro route."
)
WALK = "今天天气很好，我们去公园散步吧。路上可以看看花，也可以在湖边坐一会儿。中午回家吃饭。"
WALK_TOO = "今天天气不错，我们去河边散步吧。路上可以看看花，也可以坐一会儿。中午回家吃饭。如需更快的回复，请购买专业线路。"


class Studio:
    """A window, and the pictures of it.

    Attributes:
        window: shown. folder: where pictures go.
    """

    def __init__(self, window: MainWindow, folder: Path, only: str) -> None:
        self.window, self.folder, self._only = window, folder, only

    @property
    def page(self) -> ComparePage:
        return self.window.page(COMPARE)

    async def take(self, name: str) -> None:
        """One picture of the window as it is, in the current scheme and size."""
        scheme = self.window.theme.mode
        await asyncio.sleep(0.08)  # let what was asked to be painted be painted
        if name.startswith(self._only):
            self.window.grab().save(str(self.folder / f"{name}-{scheme}-{self.window.width()}.png"))

    async def take_popup(self, name: str, popup: QWidget | None) -> None:
        """One picture of what pops up, which is closed then."""
        assert popup is not None
        await asyncio.sleep(0.08)
        if name.startswith(self._only):
            popup.grab().save(str(self.folder / f"{name}-{self.window.theme.mode}-{self.window.width()}.png"))
        popup.hide()

    def drop_toasts(self) -> None:
        """What was said over the foot stays where the mouse is on it, as a screen's that is none may be."""
        host = toasts_of(self.window)
        for one in host.shown if host is not None else ():
            one.drop()

    async def until(self, met: Callable[[], object]) -> None:
        """Wait until a condition is met."""
        while not met():  # noqa: ASYNC110 -- conditions of the window, which no event tells
            await asyncio.sleep(0.01)

    async def run(self) -> None:
        """Run both sides to the end, or as far as it gets."""
        page = self.page
        page.run()
        await self.until(lambda: not page.starter.preparing)
        await self.until(lambda: not page.session.running and not page.session.following)

    def turn(self, tab: int) -> None:
        """Both panes to a tab."""
        for pane in self.page.panes.values():
            pane.set_tab(tab)


async def streaming(studio: Studio) -> None:
    """Empty, running, and every tab of a finished run."""
    page = studio.page
    page.bar.set_scenario(Scenario.STREAMING)
    page.session.clear()
    studio.turn(0)
    await studio.take("empty")
    page.run()
    await studio.until(lambda: page.b.side is not None and page.b.side.timing.ttft is not None)
    studio.turn(TABS.index("Events"))
    await studio.take("running")
    await studio.until(lambda: not page.session.following)
    for index, title in enumerate(TABS):
        studio.turn(index)
        await studio.take(title.lower())
    studio.turn(TABS.index("Events"))
    page.a.events.table.selectRow(3)
    await studio.take("selected")
    studio.turn(0)


async def scenarios(studio: Studio) -> None:
    """The editor of each kind of request, and what comes of it."""
    page = studio.page
    for scenario in (Scenario.TOOLS, Scenario.CONVERSATION, Scenario.CUSTOM):
        page.bar._on_scenario(list(Scenario).index(scenario))
        await studio.take(f"{scenario}-editor")
        await studio.run()
        await studio.take(str(scenario))
    page.bar.set_scenario(Scenario.STREAMING)


async def request_fields(studio: Studio) -> None:
    """Fields that are set, what one is edited in, the request before it is sent, the first screen, and the demo's manners."""
    page = studio.page
    chips = page.bar.fields.chips
    page.session.clear()
    for name, value in (("temperature", 0), ("effort", "low"), ("stop", ("停止", "a long text to stop at")), ("seed", 7)):
        chips[name].setValue(value)
    studio.turn(TABS.index("Request"))
    await asyncio.sleep(0.2)
    await studio.take("fields")
    page.bar.fields.edit(chips["effort"])
    await studio.take_popup("field-popover", page.bar.fields._popover)
    chips["schema"].setValue({"type": "object", "properties": {"city": {"type": "string"}}})
    page.bar.fields.edit(chips["strict"])
    await studio.take_popup("switch-popover", page.bar.fields._popover)
    for name in ("temperature", "effort", "stop", "schema", "seed"):
        chips[name].setValue(None)
    page.demo_chooser.open()
    await studio.take_popup("demo-manners", page.demo_chooser._picker)
    page.a.row.open_profiles()
    await studio.take_popup("endpoint-list", page.a.row._picker)
    page.first._show()
    await studio.take("first")
    screen = page.first.screen
    assert screen is not None
    screen.show_chosen({"b": (f"relay · {LONG_NAME}", "relay.example")})
    await studio.take("first-chosen")
    page.first.leave()
    studio.turn(0)


async def trouble(studio: Studio) -> None:
    """A host where nothing listens, by a long name; a key that is missing; a stopped run."""
    page = studio.page
    page.sides.choose("b", "long")
    await studio.run()
    await studio.take("refused")
    page.sides.choose("a", "keyless")
    await studio.run()
    await studio.take("keyless")
    for name, profile in zip(("a", "b"), page.services.profiles[-6:], strict=False):
        page.sides.choose(name, profile.uid)  # type: ignore[arg-type]  # the two names
    page.run()
    await studio.until(lambda: page.session.running)  # the panes show the run before until then
    await studio.until(lambda: len(page.a.answer.text) > 60)
    page.stop()
    await studio.until(lambda: not page.session.running and not page.session.following)
    await studio.take("stopped")


async def many_events(studio: Studio) -> None:
    """Twenty thousand events a side, from a file."""
    page = studio.page
    opened = RunOpened("1", "2026-11-21T09:00:00.000Z", "0", "streaming", {})
    page.show_file(Path("captures/long.diptych"), opened, [_long("a", 0.5), _long("b", 0.7)])
    await studio.until(lambda: not page.session.following)
    studio.turn(TABS.index("Events"))
    page.a.events.find_box.setText("word 15000")
    page.a.events.finding.step(True)
    await studio.until(lambda: page.a.events.find_box.said)
    await studio.take("many")
    page.files.close()
    studio.turn(0)


async def axis(studio: Studio) -> None:
    """The time axis: bursts and silences, a word selected, magnified; streams that crowd; a stall; and the Timing tabs."""
    page = studio.page
    opened = RunOpened("1", "2026-11-21T09:00:00.000Z", "0", "streaming", {})
    words = [
        f"{word} " for word in ("From the inside a stream is a row of small envelopes , opened as they arrive . " * 6).split()
    ]
    steady = [(353.0 + 18 * number, messages_text(word)) for number, word in enumerate(words)]
    third = len(words) // 3
    gulps = [b"".join(messages_text(one) for one in words[at : at + third]) for at in range(0, len(words), third)]
    bursts = [(775.0 + 880 * number, gulp) for number, gulp in enumerate(gulps)]
    runs = {
        "bursts": (_stream("a", steady, 260), _stream("b", bursts, 640)),
        "crowd": tuple(_stream(side, [(600 + step * n, messages_text("w ")) for n in range(round(24_000 / step))], 480)
                       for side, step in (("a", 2), ("b", 5))),
        "stall": (_stream("a", steady, 260), _stream("b", steady[:6], 260, GIVEN_UP)),
    }  # fmt: skip
    for name, recordings in runs.items():
        page.show_file(Path(f"captures/{name}.diptych"), opened, list(recordings))
        await studio.until(lambda: not page.session.following)
        page.a.tabs.button(TABS.index("Events")).click()
        if name == "bursts":
            page.a.events.table.selectRow(40)
        await studio.take(f"axis-{name}")
        if name == "bursts":
            page.axis.zoom(6, page.axis.x_of(775))
            await studio.take("axis-zoomed")
            studio.turn(TABS.index("Timing"))
            await studio.take("axis-timing")
    page.files.close()
    studio.turn(0)


def _stream(side: str, pieces: list[tuple[float, bytes]], wait_ms: float, end: Ended | None = None) -> Recording:
    whole = [(pieces[0][0], messages_start()), *pieces, *([] if end else [(pieces[-1][0], messages_end())])]
    return recording(whole, side="a" if side == "a" else "b", wait_ms=wait_ms, end=end)


async def endpoints(studio: Studio) -> None:
    """The Endpoints page: one whose key is missing, one that is changed, and one that was tested."""
    page = studio.window.show_page(ENDPOINTS)
    page.select("keyless")
    await studio.until(lambda: page.view.form.key_row.state.kind != "unknown")
    await studio.take("endpoint-keyless")
    page.select("long")
    page.view.form.model.setEditText("claude-sonnet-4-6")
    page.start_test()
    await studio.until(lambda: page.tests.rows("long") and not page.tests.is_running("long"))
    await studio.take("endpoint-changed")
    page.editing.revert()
    page.select("demo-relay-openai-chat")
    page.start_test()
    await studio.until(
        lambda: page.tests.rows("demo-relay-openai-chat") and not page.tests.is_running("demo-relay-openai-chat")
    )
    await studio.take("endpoint-tested")
    studio.window.show_page(COMPARE)


async def checks(studio: Studio) -> None:
    """The Checks page: before the first session, while it runs, stopped, with a check's evidence, with fifty failures."""
    page = studio.window.show_page(CHECKS)
    page._filter(0)
    page.follower.look = Look()
    page.run.clear()
    await studio.take("checks-empty")
    page.setup.sides.choose("a", NONE)
    await studio.take("checks-alone")
    page.setup.sides.choose("b", "keyless")
    page.start()
    await studio.until(lambda: page.view.notice.notice is not None)
    await studio.take("checks-keyless")
    demo = studio.page.services.demo.profiles
    page.setup.sides.choose("a", demo[0].uid)
    page.setup.sides.choose("b", demo[1].uid)
    page.start()
    await studio.until(lambda: page.run.running)
    await studio.until(lambda: page.run.waiting < 0.7 * len(page.run.rows))
    await studio.take("checks-running")
    page.stop()
    await studio.until(lambda: not page.run.running)
    await studio.take("checks-stopped")
    page.run.clear()
    with known_many():
        opened, recordings = many()
        await page.show_file(Path("captures/fifty.diptych"), opened, recordings)
        await asyncio.sleep(0.3)  # the page's parts take their new heights one after the other
        await studio.take("checks-fifty")
        page.follower.go_to("check26")
        await studio.take("checks-evidence")
        page.follower.open("")
        page.follower.list_all()
        for card in page.view.foot.lists.values():
            card.button.setChecked(True)
        await studio.take("checks-lists")
        for card in page.view.foot.lists.values():
            card.button.setChecked(False)
        page.files.close()
    page._filter(1)
    await studio.take("checks-none")
    page._filter(0)
    page.setup.show_clients()


async def study(studio: Studio) -> None:
    """The Study page: before the first study, its plan, while it runs, stopped, an endpoint that fails, a file's."""
    page = studio.window.show_page(STUDY)
    page.run.clear()
    page.view.gallery.make()
    demo = studio.page.services.demo.profiles
    page.setup.sides.choose("a", demo[0].uid)
    page.setup.sides.choose("b", demo[1].uid)
    await studio.take("study-empty")
    page.view.plan.unfold()
    await studio.take("study-plan")
    page.view.plan.line.setChecked(False)
    page.view.plan.warmups.set_value(0)
    page.view.plan.tokens.set_value(4)
    page.start()
    await studio.until(lambda: page.run.done >= 3)
    await studio.take("study-running")
    page.stop()
    await studio.until(lambda: not page.run.running)
    await asyncio.sleep(0.3)  # what it says is shown part by part
    await studio.take("study-stopped")
    page.setup.sides.choose("b", "long")
    page.start()
    await studio.until(lambda: page.run.running)
    await studio.until(lambda: not page.run.running)
    await asyncio.sleep(0.3)
    await studio.take("study-failing")
    opened, recordings = made(20, failing=(3, 4), stacks=(7, 12, 18))
    await page.show_file(Path("captures/study.diptych"), opened, renamed(recordings, LONG_NAME))
    await asyncio.sleep(0.3)
    await studio.take("study-ran")
    page.view.scroller.verticalScrollBar().setValue(10_000)
    await studio.take("study-ran-below")
    opened, recordings = made(100, later_ms=0.0)
    await page.show_file(Path("captures/same.diptych"), opened, recordings)
    await studio.until(lambda: not page.follower.computing)
    await asyncio.sleep(0.3)
    await studio.take("study-same")
    page.files.close()
    studio.window.show_page(COMPARE)


async def load(studio: Studio) -> None:
    """The Load half of the Study page: empty, its plan, another machine, while it runs, a file's of two and of one."""
    page = studio.window.show_page(STUDY)
    page.choose_mode(LOAD)
    half = page.load
    half.run.clear()
    half.view.gallery.make()
    demo = studio.page.services.demo.profiles
    half.setup.sides.choose("a", demo[0].uid)
    half.setup.sides.choose("b", "keyless")
    half.view.notes.say()
    half.view.plan.steps.setText("1, 2 … 64")
    await studio.take("load-empty")
    half.view.plan.unfold()
    await studio.take("load-plan")
    half.view.plan.line.setChecked(False)
    page.start()
    await studio.take("load-foreign")
    half.setup.sides.choose("b", demo[1].uid)
    half.view.plan.steps.setText("1, 2, 6")
    half.view.plan.tokens.set_value(4)
    page.start()
    await studio.until(lambda: half.run.running)
    await studio.until(lambda: half.run.now is not None and half.run.now[1] == 6 and half.run.now[2] > 3)
    half.follower.refresh()
    await studio.take("load-running")
    half.run.stop()
    await studio.until(lambda: not half.run.running)
    await studio.take("load-stopped")
    await page.show_file(Path("captures/load.diptych"), *made_load())
    await asyncio.sleep(0.3)
    await studio.take("load-ran")
    half.view.scroller.verticalScrollBar().setValue(10_000)
    await studio.take("load-ran-below")
    await page.show_file(Path("captures/alone.diptych"), *made_load((1, 2, 4, 8), ("a",)))
    await asyncio.sleep(0.2)
    await studio.take("load-alone")
    await page.show_file(Path("captures/long.diptych"), *made_load(name=CHINESE_NAME))
    await asyncio.sleep(0.2)
    await studio.take("load-long")
    half.files.close()
    page.choose_mode(PAIRS)
    studio.window.show_page(COMPARE)


async def relay(studio: Studio) -> None:
    """The Relay page: before anything, and a relay that asks in another protocol."""
    page = studio.window.show_page(MIRROR)
    if page.run.listens:
        page.run.listen()
        await studio.until(lambda: not page.run.listens)
    page.run.results.clear()
    page.run.changed.emit()
    await studio.take("relay-empty")
    page.run.listen()
    await studio.until(lambda: page.run.listens)
    root = page.run.addresses[0][1]

    def losing(body: dict[str, Any]) -> dict[str, Any]:
        kept = {name: one for name, one in body.items() if name not in ("stop_sequences", "thinking", "metadata")}
        return kept | ({"temperature": body["temperature"] / 2} if "temperature" in body else {})

    async with LittleRelay(root, losing, key="sk-of-the-relay-1") as little:
        profile = Profile(
            "My relay", "anthropic-messages", little.url, model="claude-sonnet-4-6", needs_key=False, uid="little", proxy="none"
        )
        page.services.save_profile(profile)
        page.view.profiles.setCurrentIndex(page.view.profiles.findData("little"))
        page.view.profiles.activated.emit(page.view.profiles.currentIndex())
        page.start()
        await studio.until(lambda: page.run.running)
        await studio.until(lambda: not page.run.running)
    page.view.probes.selectRow(24)
    await studio.take("relay-ran")
    studio.window.show_page(COMPARE)


async def differing(studio: Studio) -> None:
    """What differs: all, a place that is chosen, each part, only the places; Chinese; nothing; one side that was refused."""
    page = studio.page

    async def show(a: Recording, b: Recording, part: Part | None = None) -> None:
        page.show_file(Path("differing.diptych"), RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [a, b])
        await studio.until(lambda: not page.session.following)
        page.diff.open(part)

    await show(answering(TIDES, headers=VENDOR), answering(TIDES_TOO, name="b", headers=RELAY, more=event("ping")))
    await studio.take("differing")
    view = page.diff.view()
    view.answers.pairs[0].list.choose(1)
    for part in Part:
        view.show_part(part)
        await studio.take(f"differing-{part}")
    view.answers.only.setChecked(True)
    view.show_part(None)
    await studio.take("differing-places")
    view.answers.only.setChecked(False)
    await show(answering(WALK, headers=VENDOR), answering(WALK_TOO, name="b", headers=RELAY))
    await studio.take("differing-zh")
    await show(answering(TIDES), answering(TIDES, name="b"))
    await studio.take("differing-nothing")
    refusal = b'{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}'
    await show(answering(TIDES), recording([(500.0, refusal)], side="b", status=429, headers=JSON))
    await studio.take("differing-refused")
    page.diff.close()


async def history(studio: Studio) -> None:
    """The History page: nothing kept, many runs, two that are chosen, none found, by pair, and small."""
    page = studio.window.show_page(HISTORY)

    async def settled() -> None:
        page.search_soon()
        await studio.until(lambda: not studio.window.services.tasks.running)

    await studio.until(lambda: page.counted is not None)
    if page.counted is not None and not page.counted.all:
        await studio.take("history-empty")
        many_kept()
    await page.search()
    assert page.found is not None
    page.view.list.go_to(page.found.listed[3].id)
    await studio.until(lambda: page.view.strip.isVisible() and page.view.strip.about.text)
    await studio.take("history")
    page.choose_place(page.found.listed[0].id, "b")
    page.choose_place(page.found.listed[5].id, "a")
    await studio.take("history-two")
    dialog = page.exports.ask(page.found.listed[:3])
    await studio.take_popup("history-export", dialog)
    page.clear_places()
    await _watched(studio, page)
    for name, words in (("none", "nobody said this"), ("zh", "散步"), ("wrong", "since:whenever")):
        page.view.search.setText(words)
        await settled()
        await studio.take(f"history-{name}")
    page.view.search.clear()
    page.view.grouping.setChecked(True)
    await settled()
    await studio.take("history-pairs")
    page.view.grouping.setChecked(False)
    await settled()
    size = studio.window.size()
    for small in ((900, 600), (1440, 900)):
        studio.window.resize(*small)
        await studio.take("history-sized")
    studio.window.resize(size)
    studio.window.show_page(COMPARE)


async def _watched(studio: Studio, page: HistoryPage) -> None:
    """The drift sentinel: set up, at work, and with something that it found."""
    services = studio.window.services
    official, relay = (SavedSide(one.uid, one.model) for one in services.demo.profiles[:2])
    now = datetime.now().astimezone().isoformat()
    services.save_settings(watch=Watch(a=official, b=relay, every_s=3600, cap_usd=0.5, last_utc=now))
    page.set_up_watch()
    dialog = page.findChildren(WatchDialog)[-1]
    await studio.take_popup("history-watch-dialog", dialog)
    watcher = watcher_of(services)
    watcher.go_on()
    watcher.answered, watcher.asked = 16, 16
    page.show_watch()
    await studio.take("history-watch")
    watcher.news = ["Since Monday 30 November, Relay · staging counts 439 input tokens for the same request, not 412."]
    page.show_watch()
    await studio.take("history-watch-news")
    watcher.news = []
    watcher.set_up(Watch())


def _long(side: str, step_ms: float) -> Recording:
    pieces = [(600.0, messages_start())]
    pieces += [(600 + step_ms * number, messages_text(f"word {number} <b>markup</b> ")) for number in range(20_000)]
    pieces.append((600 + step_ms * 20_001, messages_end(20_000)))
    return recording(pieces, side="a" if side == "a" else "b")


async def replay(studio: Studio) -> None:
    """Moments of a run that is played again, and the presentation of it."""
    page = studio.page
    page.bar.set_scenario(Scenario.STREAMING)
    studio.turn(0)
    await studio.run()
    player = page.replaying.player
    for ms in (150.0, 700.0, 1_500.0):
        player.seek(ms)
        await studio.until(lambda: not page.session.following)
        await studio.take(f"replay-{ms:.0f}")
    player.leave()
    stage = Presentation(page, studio.window)
    await studio.take("presented")
    player.seek(900.0)
    await studio.until(lambda: not page.session.following)
    await studio.take("presented-900")
    stage.leave()


async def shell(studio: Studio) -> None:
    """The palette, help, what is said over the foot, and what a version is."""
    window, page = studio.window, studio.page
    window.show_page(COMPARE)
    page.bar.set_scenario(Scenario.STREAMING)
    await studio.run()
    relay_profile = page.sides.profile("b")
    assert relay_profile is not None
    window.services.models.keep(relay_profile, ("claude-sonnet-4-6", "claude-opus-4-8"))
    for name, typed in (("", ""), ("_relay", "relay"), ("_none", "qqqq"), ("_words", "token")):
        window.open_palette()
        palette = next(one for one in window.findChildren(CommandPalette) if one.isVisible())
        palette._filter.setText(typed)
        await studio.take(f"palette{name}")
        palette.close()
    for name, at in (("", "first token"), ("_keys", KEYS)):
        window.open_help(at)
        await studio.take_popup(f"help{name}", window.findChild(HelpDialog))
    place = page.a.tiles.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, page.a.tiles.mapToGlobal(place))
    QApplication.sendEvent(page.a.tiles, asked)
    await studio.take_popup("copy_menu", QApplication.activePopupWidget())
    page.copy_as_curl()
    toast(page, "“My relay with a name that is as long as names can be” is deleted, its key too.", role="text",
          button=("Undo", lambda: None))  # fmt: skip
    await studio.take("toasts")
    studio.drop_toasts()
    dialogs.open_about(window)
    await studio.take_popup("about", window.findChild(AboutDialog))
    dialogs.open_about(window)
    about = window.findChild(AboutDialog)
    assert about is not None
    next(one for one in about.findChildren(QPushButton) if one.text() == tr("Licences…")).click()
    await studio.take_popup("licences", about.findChild(LicencesDialog))
    about.close()
    tell(window, "0.0.1")
    await studio.take("newer")
    dialogs.open_news(window)
    await studio.take_popup("news", window.findChild(NewsDialog))
    for name, url in (("nowhere", ""), ("somewhere", "http://127.0.0.1:9/pypi/diptych/json")):
        newest = NewestDialog(window.services, url, window)
        newest.show()
        if url:
            newest.ask.click()
            await studio.until(newest.ask.isEnabled)
        await studio.take_popup(f"newest_{name}", newest)
    window.open_settings()
    await studio.take_popup("settings", window.findChild(SettingsDialog))
    settings = window.open_settings()
    settings.keep_runs.click()
    settings.search.setText("runs")
    await studio.take_popup("settings_found", settings)
    settings = window.open_settings()
    settings.reset_all.click()
    await studio.take_popup("settings_reset", settings)
    for menu in window.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if menu.menuAction() in window.menuBar().actions() and menu.menuAction().isVisible():
            menu.popup(window.mapToGlobal(QPoint(0, 0)))
            await studio.take_popup(f"menu-{window.menuBar().actions().index(menu.menuAction())}", menu)


async def large_text(studio: Studio) -> None:
    """Each page with text of half as much again."""
    await studio.run()
    studio.window.theme.set_text_percent(150)
    specs: dict[str, PageSpec[Any]] = {"compare": COMPARE, "checks": CHECKS, "study": STUDY, "endpoints": ENDPOINTS}
    for name, spec in specs.items():
        studio.window.show_page(spec)
        await studio.take(f"large-{name}")
    studio.window.show_page(COMPARE)
    studio.window.theme.set_text_percent(100)


SCENES: tuple[Callable[[Studio], Awaitable[None]], ...] = (
    streaming,
    verdicts,
    findings,
    scenarios,
    request_fields,
    trouble,
    many_events,
    axis,
    checks,
    study,
    load,
    endpoints,
    relay,
    differing,
    replay,
    history,
    shell,
    large_text,
)


async def pictures(
    app: QApplication, folder: Path, only: str, scene_alone: str, language: str, modes: tuple[Mode, ...], sizes: Sizes
) -> None:
    """All pictures, in these schemes and sizes."""
    window = build_window(app, language)
    studio = Studio(window, folder, only)
    window.show()
    for _ in window.completing():
        pass
    for mode in modes:
        window.theme.set_mode(mode)
        for size in sizes:
            window.resize(*size)
            for scene in SCENES:
                if scene_alone in ("", scene.__name__):
                    await scene(studio)
                    studio.drop_toasts()
    window.close()
    await window.aclose()


async def readme(app: QApplication, file: Path, language: str, *, dark: bool) -> None:
    """The README's picture: the demo has run, and an event is selected."""
    if README_FONT in QFontDatabase.families():
        app.setFont(QFont(README_FONT, 10))
    window = build_window(app, language)
    window.theme.set_mode("dark" if dark else "light")
    window.resize(*README_SIZE)
    window.show()
    studio = Studio(window, file.parent, "")
    page = studio.page
    page.bar.set_scenario(Scenario.STREAMING)
    page.run_demo()
    studio.turn(TABS.index("Events"))
    await studio.until(lambda: page.session.running)
    await studio.until(lambda: not page.session.following)
    page.b.events.go_to(0)
    page.b.events.table.selectRow(5)  # of the first burst; the other side follows by time
    page.b.events.table.setFocus()
    await asyncio.sleep(1.0)  # what differs comes to the spine a little later
    window.grab().save(str(file))
    window.close()
    await window.aclose()


def _size(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return width, height


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--only", default="")
    parser.add_argument("--scene", default="", help="play this scene alone")
    parser.add_argument("--readme", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--mode", choices=MODES, help="this scheme alone")
    parser.add_argument("--size", type=_size, action="append", metavar="900x600", help="this size, of any number")
    parser.add_argument("--lang", default=ENGLISH, choices=(*LANGUAGES, PSEUDO))
    options = parser.parse_args()
    modes: tuple[Mode, ...] = (options.mode,) if options.mode else MODES
    if options.lang == PSEUDO:
        speak_pseudo()
    if (options.folder is None) == (options.readme is None):
        parser.error("give a folder, or --readme FILE")
    (options.folder or options.readme.parent).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["DIPTYCH_CONFIG_DIR"] = home
        private_folder(config_folder())
        store = ProfileStore()
        store.load()
        for profile in PROFILES:
            store.save(profile)
        app = QApplication(application_arguments(sys.argv[0]))
        app.setQuitOnLastWindowClosed(False)
        loop = make_loop(app)
        job = (
            pictures(app, options.folder, options.only, options.scene, options.lang, modes, tuple(options.size or SIZES))
            if options.folder
            else readme(app, options.readme, options.lang, dark=options.dark)
        )
        loop.run_until_complete(job)
        loop.close()


if __name__ == "__main__":
    main()
