"""asyncio on Qt's event loop."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop  # type: ignore[import-untyped]  # it ships no types

BLOCKING_THREADS = 3
# How long another thread keeps the interpreter's lock from this one, which asks for it anew after each call into Qt: with
# Python's 5 ms the end of a run took five times as long, while its differences were found and it was packed beside the window.
SWITCH_S = 0.0005


def make_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """The loop on which the window's coroutines run, set as the current one. Closing it ends its threads."""
    sys.setswitchinterval(SWITCH_S)
    loop: asyncio.AbstractEventLoop = _Loop(app)
    # WORKAROUND: qasync 0.28.0's own threads are QThreads, which Python before 3.13 never forgets once they ran its code.
    loop.set_default_executor(ThreadPoolExecutor(BLOCKING_THREADS, thread_name_prefix="diptych-blocking"))
    asyncio.set_event_loop(loop)
    return loop


class _Loop(QEventLoop):  # type: ignore[misc]  # as above
    """Runs callbacks only while it runs, as asyncio's own loops do: what falls due in between waits until it runs again.

    WORKAROUND: qasync 0.28.0 makes a Qt timer of every callback, and that fires wherever Qt handles its events, also behind the
    end of `run_until_complete`, where qasync lets Qt do so itself. A task that begins there finds no running loop.
    """

    def __init__(self, app: QApplication) -> None:
        self._due: list[_Callback] = []
        super().__init__(app)

    def run_until_complete(self, future: Any) -> Any:
        self._run_what_is_due_soon()
        return super().run_until_complete(future)

    def run_forever(self) -> Any:
        self._run_what_is_due_soon()
        return super().run_forever()

    def close(self) -> None:
        super().close()
        self._due.clear()

    def keep(self, callback: _Callback) -> None:
        """One that fell due while the loop does not run."""
        self._due.append(callback)

    def _run_what_is_due_soon(self) -> None:
        due, self._due = self._due, []
        for callback in due:
            self._timer.add_callback(callback)

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        self._timer.add_callback(_Callback(handle, self), delay)
        return handle


class _Callback:
    """What qasync's timer takes for a handle."""

    __slots__ = ("_handle", "_loop")

    def __init__(self, handle: asyncio.Handle, loop: _Loop) -> None:
        self._handle = handle
        self._loop = loop

    @property
    def _cancelled(self) -> bool:
        return self._handle.cancelled()

    def _run(self) -> None:
        if asyncio._get_running_loop() is self._loop:
            self._handle._run()
        else:
            self._loop.keep(self)
