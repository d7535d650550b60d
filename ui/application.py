"""The window's composition root: builds everything, connects it, and takes it down again."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.store.keys import KeyStore
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SettingsStore
from app.wire.client import WireClient
from ui.event_loop import make_loop
from ui.main_window import MainWindow
from ui.services import Services
from ui.theme import Theme


def run_window(demo: bool, files: list[str]) -> int:
    """Open the window and stay until it is closed; the exit code. `demo` runs the demo at once, `files` are runs to open."""
    app = QApplication(sys.argv[:1])
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
    with_signals(closed)
    window.show()
    # The process that stamps the bytes starts while the user looks at the window, not at the first run.
    asyncio.get_running_loop().call_later(0.2, window.services.start_wire)
    for name in files[:1]:
        window.open_file(Path(name))
    if demo:
        window.compare.run_demo()
    await closed.wait()
    await window.compare.session.wait()
    await window.services.aclose()
    return 0


def build_window(app: QApplication) -> MainWindow:
    """The window with all its parts, not shown yet. An event loop must be set."""
    services = Services(ProfileStore(), SettingsStore(), KeyStore(), WireClient())
    theme = Theme(app, services.settings.theme)
    window = MainWindow(services, theme)
    add_pages(window)
    return window


def add_pages(window: MainWindow) -> None:
    """The pages besides Compare, and the dialogs; each is imported when it is first turned to."""
    services = window.services

    def ask_key(profile: Profile) -> None:
        from ui.dialogs.key import KeyDialog

        dialog = KeyDialog(profile, services.keys, parent=window)
        dialog.saved.connect(services.key_saved)
        dialog.open()

    services.open_key_dialog = ask_key


def with_signals(closed: asyncio.Event) -> None:
    """Ctrl+C in the terminal closes the window in good order."""
    loop = asyncio.get_running_loop()

    def on_signal(*_: Any) -> None:
        loop.call_soon_threadsafe(closed.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
