"""The wire process: reads commands from one pipe, sends frames up another, and does the HTTP in between.

Started with the numbers of its two pipes (on Windows the handles) as arguments. It ends when its command pipe closes.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.child_process import leave_no_core
from app.wire.arrival import arrivals_noted
from app.wire.commands import Command, CommandReader
from app.wire.pipes import FrameWriter
from app.wire.scheduling import ask_for_short_turns

if TYPE_CHECKING:
    from app.wire.worker import Worker

_READ_BYTES = 1 << 16
_CLOSING_S = 2.0
_SWITCH_S = 0.0005  # how long the thread that writes frames may keep the one that reads the sockets waiting; 5 ms unless told


def main(argv: Sequence[str] | None = None) -> None:
    """Run until the command pipe closes; does not return. `argv`: the pipe to read and the one to write."""
    command_fd, frame_fd = (_open_pipe(text, mode) for text, mode in zip(argv or sys.argv[1:], "rw", strict=True))
    leave_no_core()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches us too; what it means is decided above
    ask_for_short_turns()
    sys.setswitchinterval(_SWITCH_S)
    gc.disable()  # what follows makes no garbage worth the walks
    from app.wire.worker import Worker

    gc.freeze()  # a collection that walks all modules would stand between a byte and its stamp
    gc.enable()
    with arrivals_noted():
        asyncio.run(_serve(command_fd, frame_fd, Worker))


def _open_pipe(text: str, mode: str) -> int:
    if sys.platform != "win32":
        return int(text)
    import msvcrt

    return msvcrt.open_osfhandle(int(text), os.O_RDONLY if mode == "r" else 0)


async def _serve(command_fd: int, frame_fd: int, make_worker: Callable[[FrameWriter], Worker]) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    def stop() -> None:
        loop.call_soon_threadsafe(over.set)

    writer = FrameWriter(frame_fd, "frames", stop, loop)
    worker = make_worker(writer)
    reading = threading.Thread(target=_read_commands, args=(command_fd, loop, worker, stop), name="commands", daemon=True)
    reading.start()
    await over.wait()
    await worker.aclose()
    writer.close()
    writer.join(_CLOSING_S)
    # WORKAROUND: asyncio (Python 3.11 to 3.13) would first wait for its resolver threads, which may hang for many seconds.
    os._exit(0)


def _read_commands(fd: int, loop: asyncio.AbstractEventLoop, worker: Worker, stop: Callable[[], None]) -> None:
    """Runs in a thread: not every platform's event loop can wait for a pipe."""
    reader = CommandReader()
    try:
        while data := os.read(fd, _READ_BYTES):
            for command in reader.feed(data):
                loop.call_soon_threadsafe(_taking(worker, command))
    finally:
        stop()


def _taking(worker: Worker, command: Command) -> Callable[[], None]:
    """A callback without an argument: in debug mode a loop logs those of slow ones, and a command holds the key."""
    return lambda: worker.take(command)


if __name__ == "__main__":
    main()
