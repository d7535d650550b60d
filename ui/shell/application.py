"""The window's composition root: builds everything, connects it, and takes it down again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.recording.records import Side as SideName
from app.store.files import config_folder
from app.store.keys import KeyStore
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SettingsStore
from ui.shared.services import Services
from ui.shell.event_loop import make_loop
from ui.shell.late_work import do_late_work
from ui.shell.main_window import MainWindow
from ui.style.theme import Theme, application_arguments


def run_window(demo: bool, files: list[str]) -> int:
    """Open the window and stay until it is closed; the exit code. `demo` runs the demo at once, `files` are runs to open."""
    app = QApplication(application_arguments(sys.argv[0]))
    app.setApplicationName("Diptych")
    app.setDesktopFileName("diptych")
    # What runs must be taken down before the loop ends.
    app.setQuitOnLastWindowClosed(False)
    loop = make_loop(app)
    try:
        return loop.run_until_complete(_run(app, demo, files))
    finally:
        loop.close()


async def _run(app: QApplication, demo: bool, files: list[str]) -> int:
    window = build_window(app)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    close_on_signals(window)
    window.show()
    window.services.spawn(_after_the_first_picture(window, offer=not files))
    for name in files[:1]:
        window.open_file(Path(name))
    if demo:
        window.compare.run_demo()
    await closed.wait()
    await window.compare.session.wait()
    await window.services.aclose()
    return 0


async def _after_the_first_picture(window: MainWindow, *, offer: bool) -> None:
    """`offer`: runs that a killed window left behind are offered."""
    await do_late_work(window)
    if offer:
        window.compare.offer_unfinished(window.services.journal.unfinished(), window.open_file)


def build_window(app: QApplication) -> MainWindow:
    """The window with all its parts, not shown yet. An event loop must be set."""
    services = Services(ProfileStore(), SettingsStore(), KeyStore())
    theme = Theme(app, services.settings.theme)
    window = MainWindow(services, theme)
    add_pages(window)
    theme.dress()
    return window


def add_pages(window: MainWindow) -> None:
    """The pages besides Compare, and the dialogs; each is imported when it is first turned to.

    A page joins the rail by one line here: `window.add_page(key, title, icon, make)`. What it changes it tells through
    `Services`, whose signals the other pages follow.
    """
    services = window.services
    window.add_page("endpoints", "Endpoints", "endpoints", partial(_endpoints_page, window))
    window.set_settings(partial(_open_settings, window))
    services.open_profile_editor = partial(_edit_profile, window)
    services.open_key_dialog = partial(_ask_key, window)


def _endpoints_page(window: MainWindow) -> QWidget:
    from ui.endpoints.page import EndpointsPage

    services = window.services
    page = EndpointsPage(
        services.profile_store, services.keys, lambda: services.wire, lambda: services.demos, ready=services.ready
    )

    def use(uid: str, side: SideName) -> None:
        window.compare.sides.choose(side, uid)
        window.show_page("compare")

    page.profiles_changed.connect(services.profiles_saved)
    page.key_changed.connect(services.key_saved)
    page.models_listed.connect(services.keep_models)
    page.profile_chosen.connect(use)
    page.attention_wanted.connect(lambda: window.show_page("endpoints"))
    services.before_close(page.aclose)
    return page


def _edit_profile(window: MainWindow, profile: Profile | None) -> None:
    page = window.show_page("endpoints")
    if profile is not None:
        page.select(profile.uid)  # type: ignore[attr-defined]  # an EndpointsPage, imported only when it is made


def _ask_key(window: MainWindow, profile: Profile) -> None:
    from ui.shared.key_dialog import KeyDialog

    dialog = KeyDialog(profile, window.services.keys, parent=window)
    dialog.saved.connect(window.services.key_saved)
    dialog.open()


def _open_settings(window: MainWindow) -> None:
    from ui.shell.settings import SettingsDialog

    services = window.services
    folders = (("Profiles and settings", config_folder()), ("Folder of runs", services.journal.folder))
    problem = services.settings_store.problem
    dialog = SettingsDialog(services.settings, services.save_settings, services.keys, folders, problem, window)
    dialog.theme_chosen.connect(window.theme.set_mode)
    dialog.open()


def close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal, or a polite kill, closes the window in good order.

    Python runs its handlers only between its own instructions, and there are none while Qt waits: a byte in a socket that Qt
    watches wakes it. Windows has no such signals for a windowed program.
    """
    if os.name == "nt":
        return
    loop = asyncio.get_running_loop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    loop.add_reader(ours.fileno(), window.close)

    def stop_watching() -> None:
        loop.remove_reader(ours.fileno())
        signal.set_wakeup_fd(-1)
        ours.close()
        theirs.close()

    window.closed.connect(stop_watching)
