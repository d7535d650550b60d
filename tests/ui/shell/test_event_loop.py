"""asyncio on Qt's event loop: callbacks run while the loop runs, and never else."""

from __future__ import annotations

import asyncio
import logging

import pytest
from PySide6.QtWidgets import QApplication

from app.store.keys import KeyStore
from ui.shell.event_loop import make_loop


def test_what_falls_due_between_two_runs_waits_for_the_next(loop: asyncio.AbstractEventLoop, qapp: QApplication) -> None:
    """qasync 0.28.0 runs it as soon as Qt handles its events."""
    ran: list[str] = []
    for name in ("first", "second"):
        loop.call_soon(ran.append, name)
    loop.call_soon(ran.append, "cancelled").cancel()
    qapp.processEvents()
    assert ran == []
    done = loop.create_future()
    loop.call_soon(done.set_result, None)
    loop.run_until_complete(done)
    assert ran == ["first", "second"]


def test_a_task_left_by_a_run_begins_in_the_next(loop: asyncio.AbstractEventLoop, qapp: QApplication) -> None:
    """Behind the end of a run qasync 0.28.0 lets Qt handle events once more, where there is no running loop."""
    found: list[asyncio.AbstractEventLoop] = []
    failures: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _loop, context: failures.append(context))
    tasks: list[asyncio.Task[None]] = []
    left = loop.create_future()

    async def look() -> None:
        found.append(asyncio.get_running_loop())

    def leave() -> None:
        tasks.append(loop.create_task(look()))
        left.set_result(None)

    async def scene() -> None:
        loop.call_soon(loop.call_soon, leave)

    loop.run_until_complete(scene())
    qapp.processEvents()
    assert (found, failures) == ([], [])
    loop.run_until_complete(left)
    loop.run_until_complete(tasks[0])
    assert found == [loop]


def test_what_is_left_when_the_loop_is_closed_never_runs(qapp: QApplication) -> None:
    loop = make_loop(qapp)
    ran: list[str] = []
    loop.call_soon(ran.append, "due")
    qapp.processEvents()
    loop.call_soon(ran.append, "not yet due")
    loop.close()
    asyncio.set_event_loop(None)
    qapp.processEvents()
    assert ran == []


def test_a_key_is_in_no_log_whatever_is_logged(loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture) -> None:
    """qasync logs at DEBUG each callback with its arguments, and asyncio the results of tasks."""
    caplog.set_level(logging.DEBUG)
    loop.set_debug(True)
    store, key = KeyStore(), "sk-ant-canary-7f3a9c51e8d24b60"
    store.keep("uid", key)

    async def ask() -> bool:
        return await store.aget("uid") == key

    assert loop.run_until_complete(ask())
    assert "Registering callback" in caplog.text, "qasync logs nothing any more"
    assert "canary" not in caplog.text
