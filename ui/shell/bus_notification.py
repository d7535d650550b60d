"""A notification as desktops on Linux take it: org.freedesktop.Notifications, version 1.2 of its specification, over D-Bus."""

from __future__ import annotations

import asyncio
from html import escape
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, message_bus, new_method_call  # type: ignore[import-untyped]  # it ships no types
from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_router  # type: ignore[import-untyped]
from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

PATIENCE_S = 10.0  # for the bus, and for a daemon that it may have to start
NOTIFICATIONS = DBusAddress("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications")
CLICK = "default"  # the action that is the notification itself


async def shown_until_gone(address: str, title: str, text: str, click: str) -> str | None:
    """Show it, and wait until it is gone: None, or where it was clicked the token for coming to the front ("": none).

    `address` is the bus; `click` is what a daemon may write on a button for the click. Cancelled, it is taken back. Raises what
    the library raises where there is no bus or no daemon, and TimeoutError.
    """
    async with asyncio.timeout(PATIENCE_S) as patience, open_dbus_router(address) as router:
        from_daemon = MatchRule(type="signal", interface=NOTIFICATIONS.interface, path=NOTIFICATIONS.object_path)
        told: asyncio.Queue[Any] = asyncio.Queue()
        with router.filter(from_daemon, queue=told):
            await Proxy(message_bus, router).AddMatch(from_daemon)
            (can,) = await _call(router, "GetCapabilities")
            body = escape(text, quote=False) if "body-markup" in can else text
            hints = {"desktop-entry": ("s", "diptych")}
            fields = ("Diptych", 0, "diptych", title, body, [CLICK, click], hints, -1)
            (number,) = await _call(router, "Notify", "susssasa{sv}i", fields)
            patience.reschedule(None)
            try:
                return await _click(told, number)
            finally:  # also behind a click, at which not every daemon closes it
                await router.send(new_method_call(NOTIFICATIONS, "CloseNotification", "u", (number,)))


async def _click(told: asyncio.Queue[Any], number: int) -> str | None:
    """Wait for the end of a notification, as `shown_until_gone`."""
    token = ""
    while True:
        signal = await told.get()
        about, *said = signal.body
        match signal.header.fields.get(HeaderFields.member):
            case "ActivationToken" if about == number:
                token = str(said[0])
            case "ActionInvoked" if about == number:
                return token
            case "NotificationClosed" if about == number:
                return None


async def _call(router: DBusRouter, method: str, signature: str = "", body: tuple[object, ...] = ()) -> tuple[Any, ...]:
    message = new_method_call(NOTIFICATIONS, method, signature or None, body)
    return tuple(unwrap_msg(await router.send_and_get_reply(message)))
