"""The window's composition root: builds everything, connects it, and takes it down again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from app import __version__
from app.recording.records import CHECKS_SCENARIO, LOAD_SCENARIO, STUDY_SCENARIO
from app.store.keys import KeyStore
from app.store.portable import is_portable
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SettingsStore
from app.text.languages import ENGLISH, best_of, use_language
from app.text.languages import language as spoken
from app.text.sentences import tr
from ui.shared.services import Services
from ui.shell.event_loop import make_loop
from ui.shell.main_window import MainWindow
from ui.shell.pages import CHECKS, COMPARE, ENDPOINTS, HISTORY, STUDY
from ui.shell.turning import ShownWindow
from ui.shell.warm_up import warm_up
from ui.style.theme import Theme, application_arguments

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.settings import Settings
    from ui.shared.services import ShownExchange


HEARD_AT_ONCE = ("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "QT_ACCESSIBILITY")  # where a desktop says so, before the first picture

DRAWN_S = 1.0  # by then the end of a run is drawn, and what differs is said


def run_window(demo: bool, files: list[str], language: str = "") -> int:
    """Open the window and stay until it is closed; the exit code.

    `demo` runs the demo at once, `files` are runs to open. `language`: the code of the one asked for, "" for that of the
    settings, else the system's.
    """
    # By this name X11's desktops know whose window it is (StartupWMClass), and an AppImage is called as one likes.
    app = QApplication(application_arguments("diptych"))
    app.setApplicationName("Diptych")
    app.setDesktopFileName("diptych")
    # What runs must be taken down before the loop ends.
    app.setQuitOnLastWindowClosed(False)
    loop = make_loop(app)
    try:
        # Where they lie is shown: in full.
        return loop.run_until_complete(_run(app, demo, [Path(name).absolute() for name in files], language))
    finally:
        loop.close()


async def _run(app: QApplication, demo: bool, files: list[Path], language: str) -> int:
    window = build_window(app, language)
    closed = asyncio.Event()
    if any(os.environ.get(name) for name in HEARD_AT_ONCE):
        from ui.widgets.accessible import install

        install()
    window.show()
    started = window.services.tasks.start(after_the_first_picture(window, offer=not files, demo=demo))
    shown = ShownWindow(window, new_window, speak, started.done)
    shown.closed.connect(closed.set)
    shown.turned.connect(lambda: tell_of_fonts(shown.window))
    stop_watching = close_on_signals(shown.close)
    if sys.platform == "darwin":
        from ui.shell.opened_by_system import OpenedBySystem

        OpenedBySystem(app, lambda path: shown.window.open_file(path))
    if files:
        window.open_files(files)
    if demo:
        window.show_page(COMPARE).run_demo()
    del window  # another may take its place
    await closed.wait()
    stop_watching()
    if (keeping := sys.modules.get("app.asking.history_keeping")) is not None:
        keeping.KEEPER.stop_sweep()
    await shown.aclose()
    return 0


async def after_the_first_picture(window: MainWindow, *, offer: bool, demo: bool) -> None:
    """`offer`: runs that a killed window left behind are offered. `demo`: the window was opened on the demo."""
    await warm_up(window)
    tell_of_fonts(window)
    tell_of_news(window)
    if offer:
        window.page(COMPARE).offer_unfinished(window.services.journal.unfinished())
    sweep_journals(window.services.settings)
    begin_watch(window, held=demo)


_told_of_fonts = False


def tell_of_fonts(window: MainWindow) -> None:
    """Where Chinese is spoken and no font can show it, say so, once, with what to install."""
    global _told_of_fonts
    if spoken() != "zh_CN" or _told_of_fonts:
        return
    from ui.style.chinese import INSTALL, NO_FONT, lacks_chinese

    if lacks_chinese():
        from ui.shared.complain import complain

        _told_of_fonts = True
        complain(window, NO_FONT, INSTALL)


def tell_of_news(window: MainWindow) -> None:
    """Where an older version was shown last, say so once, with what is new; at the very first start there is nothing new."""
    services = window.services
    seen = services.settings.seen_version
    if seen == __version__:
        return
    services.save_settings(seen_version=__version__)
    if not seen:
        return
    from app.releases import is_newer

    if is_newer(__version__, seen):
        from ui.shell.news import tell

        tell(window, seen)


def sweep_journals(settings: Settings) -> None:
    """Runs that an earlier start left in the folder go into the history meanwhile, where one is kept."""
    if settings.keep_runs:
        from app.asking.history_keeping import KEEPER, history_place

        KEEPER.rest_s = DRAWN_S
        KEEPER.sweep(history_place(settings))


def build_window(app: QApplication, language: str = ENGLISH) -> MainWindow:
    """The window with all its parts, not shown yet. An event loop must be set. `language` as for `run_window`."""
    services = Services(ProfileStore(), SettingsStore(), KeyStore())
    speak(language or services.settings.language)
    theme = Theme(app, services.settings.theme, services.settings.text_percent)
    theme.set_reduced_motion(services.settings.reduce_motion)
    window = new_window(services, theme)
    theme.apply_style_sheet()
    return window


def new_window(services: Services, theme: Theme) -> MainWindow:
    """A window in the language of now, not shown yet."""
    window = MainWindow(services, theme)
    link_pages(window)
    return window


def speak(language: str) -> str:
    """Say everything in that language ("": the system's) from now on, where it is there; the code of the one that is spoken.

    What Qt says goes with it; in English from the start it says so by itself.
    """
    before = spoken()
    use_language(language or best_of(QLocale.system().uiLanguages()))
    if spoken() != before or spoken() != ENGLISH:
        from ui.shell.qt_language import speak as speak_qt

        speak_qt(spoken())
    return spoken()


def link_pages(window: MainWindow) -> None:
    """What one page asks for and another does: pages know nothing of each other, they tell it through `Services`."""
    services = window.services
    services.side_wanted.connect(partial(_use_profile, window))
    services.body_wanted.connect(partial(_use_body, window))
    services.profile_wanted.connect(partial(_edit_profile, window))
    services.endpoint_wanted.connect(partial(_begin_endpoint, window))
    services.key_wanted.connect(partial(_ask_key, window))
    services.exchange_wanted.connect(partial(_show_exchange, window))
    services.history_wanted.connect(lambda: window.show_page(HISTORY))
    services.run_read.connect(partial(_show_run, window))
    services.watch_found.connect(partial(_tell_found, window))
    shown = weakref.ref(window)  # the services of a window that is gone must not keep it
    services.busy = lambda: (one := shown()) is not None and one.busy


def _use_profile(window: MainWindow, uid: str, side: SideName) -> None:
    window.show_page(COMPARE).sides.choose(side, uid)


def _use_body(window: MainWindow, body: str) -> None:
    window.show_page(COMPARE).bar.show_body(body)


def _show_exchange(window: MainWindow, shown: ShownExchange) -> None:
    window.services.tasks.start(window.show_page(COMPARE).borrow(shown))


def _show_run(window: MainWindow, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
    """A run that one page has read (None: from the history) goes to the page that shows such a one."""
    if opened.scenario == CHECKS_SCENARIO:
        window.services.tasks.start(window.show_page(CHECKS).show_file(path, opened, recordings))
    elif opened.scenario in (STUDY_SCENARIO, LOAD_SCENARIO):
        window.services.tasks.start(window.show_page(STUDY).show_file(path, opened, recordings))
    else:
        window.services.tasks.start(window.show_page(COMPARE).show_read(path, opened, recordings))


def _tell_found(window: MainWindow, sentences: list[str]) -> None:
    """What the drift sentinel found while the user did something else."""
    from ui.widgets.toast import toast

    show = partial(window.show_page, HISTORY)
    toast(window, sentences[0], role="warn", button=(tr("Show"), show))
    window.call_back(tr("Watch for changes"), sentences[0], show)


def begin_watch(window: MainWindow, *, held: bool) -> None:
    """The drift sentinel, where the user has set it up; `held`: not before the user says so again."""
    if window.services.settings.watch.on:
        from ui.shared.watcher import watcher_of

        watcher_of(window.services).begin(held=held or is_portable())


def _edit_profile(window: MainWindow, profile: Profile | None) -> None:
    page = window.show_page(ENDPOINTS)
    if profile is not None:
        page.select(profile.uid)


def _begin_endpoint(window: MainWindow, what: object) -> None:
    window.show_page(ENDPOINTS).adding.begin(what)


def _ask_key(window: MainWindow, profile: Profile) -> None:
    from ui.shared.key_dialog import KeyDialog

    dialog = KeyDialog(profile, window.services.key_store, parent=window)
    dialog.saved.connect(window.services.keys.renew)
    dialog.open()


def close_on_signals(close: Callable[[], object]) -> Callable[[], None]:
    """Ctrl+C in the terminal, or a polite kill, closes the window in good order; what is given back ends that.

    Python runs its handlers only between its own instructions, and there are none while Qt waits: a byte in a socket that Qt
    watches wakes it. Windows has no such signals for a windowed program.
    """
    if os.name == "nt":
        return lambda: None
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    loop.add_reader(ours.fileno(), close)

    def stop_watching() -> None:
        loop.remove_reader(ours.fileno())
        signal.set_wakeup_fd(-1)
        ours.close()
        theirs.close()

    return stop_watching
