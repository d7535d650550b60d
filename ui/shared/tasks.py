"""Coroutines on the window's loop: kept hold of, ended with whoever started them, their faults not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from app.text.sentences import tr

T = TypeVar("T")


async def to_its_end(work: Callable[[], T]) -> T:
    """Do something on another thread, to its end: whoever waits for it may be cancelled meanwhile, and goes on."""
    doing = asyncio.ensure_future(asyncio.to_thread(work))
    while not doing.done():
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            continue
    return doing.result()


class Tasks:
    """The tasks of one widget, or of the services. `on_fault` takes a sentence about a fault of ours (never an endpoint's)."""

    def __init__(self, on_fault: Callable[[str], None] | None = None) -> None:
        self._on_fault = on_fault
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def running(self) -> int:
        """How many have not ended."""
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine; a fault in it also reaches the loop's handler."""
        task = asyncio.get_event_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if self._on_fault is not None:
            # Only the kind: the text of an exception of unknown origin might quote what was typed.
            self._on_fault(
                tr("Diptych made a mistake here ({kind}). What was saved before is safe.", kind=type(error).__name__)
            )
        task.get_loop().call_exception_handler({"message": "a task of the window failed", "exception": error, "task": task})

    def cancel(self) -> None:
        for task in self._running:
            task.cancel()

    async def aclose(self) -> None:
        """Cancel all and wait for their end."""
        ending = list(self._running)
        self.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
