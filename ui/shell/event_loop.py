"""asyncio on Qt's event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop  # type: ignore[import-untyped]  # it ships no types

BLOCKING_THREADS = 3


def make_loop(app: QApplication) -> asyncio.AbstractEventLoop:
    """The loop on which the window's coroutines run, set as the current one. Closing it ends its threads."""
    loop: asyncio.AbstractEventLoop = QEventLoop(app)
    # Plain threads: qasync's own are QThreads, which Python never forgets once they ran Python code.
    loop.set_default_executor(ThreadPoolExecutor(BLOCKING_THREADS, thread_name_prefix="diptych-blocking"))
    asyncio.set_event_loop(loop)
    return loop
