"""Notifications on a real session bus, from a daemon that is the test's; and without a bus or a daemon."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from jeepney import HeaderFields, message_bus, new_method_return, new_signal  # type: ignore[import-untyped]  # it ships no types
from jeepney.io.asyncio import (  # type: ignore[import-untyped]
    DBusConnection,
    DBusRouter,
    Proxy,
    open_dbus_connection,
)
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import until
from ui.shared.tasks import Tasks
from ui.shell.bus_notification import NOTIFICATIONS
from ui.shell.notifier import BUS, Notifier


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    """The address of a bus of our own."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


class Desktop:
    """A notification daemon on that bus.

    Attributes:
        can: what it says that it can. shown: what it was asked to show, as title and text. taken_back: the numbers of those.
    """

    def __init__(self, *can: str) -> None:
        self.can = list(can)
        self.shown: list[tuple[str, str]] = []
        self.taken_back: list[int] = []
        self._connection: DBusConnection

    async def serve(self, address: str) -> None:
        self._connection = await open_dbus_connection(address)
        async with DBusRouter(self._connection) as router:
            await Proxy(message_bus, router).RequestName(NOTIFICATIONS.bus_name)
        while True:
            asked = await self._connection.receive()
            signature, answer = "", tuple[object, ...]()
            match asked.header.fields.get(HeaderFields.member):
                case "GetCapabilities":
                    signature, answer = "as", (self.can,)
                case "Notify":
                    program, replaces, _, title, text, *_ = asked.body
                    assert (program, replaces) == ("Diptych", 0)
                    self.shown.append((title, text))
                    signature, answer = "u", (len(self.shown),)
                case "CloseNotification":
                    self.taken_back.append(asked.body[0])
                case _:
                    continue
            await self._connection.send(new_method_return(asked, signature or None, answer))

    async def tell(self, name: str, signature: str, *body: object) -> None:
        """What it says of a notification to all."""
        await self._connection.send(new_signal(NOTIFICATIONS, name, signature, body))


def test_it_is_shown_clicked_and_taken_back(
    bus: str, loop: asyncio.AbstractEventLoop, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BUS, bus)
    window, tasks, desktop = QWidget(), Tasks(), Desktop("body-markup")
    notifier = Notifier(tasks, window)
    clicks: list[str | None] = []
    notifier.clicked.connect(lambda: clicks.append("here"))

    async def scene() -> None:
        serving = asyncio.ensure_future(desktop.serve(bus))
        await until(lambda: hasattr(desktop, "_connection"), "the daemon")
        notifier.show("Ended", "A & B vs <b>")
        await until(lambda: desktop.shown, "the notification")
        assert desktop.shown == [("Ended", "A &amp; B vs &lt;b&gt;")]
        await desktop.tell("ActionInvoked", "us", 7, "default")  # another program's
        await desktop.tell("ActionInvoked", "us", 1, "default")
        await until(lambda: clicks and desktop.taken_back == [1], "the click")
        desktop.can = []
        notifier.show("Ended", "A & B vs <b>")
        await until(lambda: len(desktop.shown) == 2, "the second")
        assert desktop.shown[1] == ("Ended", "A & B vs <b>")
        notifier.take_back()
        await until(lambda: desktop.taken_back == [1, 2] and not tasks.running, "its end")
        notifier.show("Ended", "")
        await until(lambda: len(desktop.shown) == 3, "the third")
        await desktop.tell("NotificationClosed", "uu", 3, 2)
        await until(lambda: not tasks.running, "its end")
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await desktop._connection.close()

    loop.run_until_complete(scene())
    assert clicks == ["here"]


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere", "tcp:host=127.0.0.1,port=9", "nonsense", "bus"])
def test_without_a_bus_or_a_daemon_nothing_is_said(
    address: str,
    request: pytest.FixtureRequest,
    loop: asyncio.AbstractEventLoop,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(BUS, request.getfixturevalue("bus") if address == "bus" else address)
    faults: list[str] = []
    window, tasks = QWidget(), Tasks(faults.append)
    notifier = Notifier(tasks, window)
    notifier.show("Ended", "A vs B")

    async def scene() -> None:
        await until(lambda: not tasks.running, "its end")

    loop.run_until_complete(scene())
    notifier.take_back()
    assert faults == []
