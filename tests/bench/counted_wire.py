"""The wire process with one thing more: asked by a signal, it gives back unused memory and writes down its number of tasks.

`python -m tests.bench.counted_wire FILE COMMAND_PIPE FRAME_PIPE`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from types import FrameType

from app.wire import process
from tests.bench.memory_use import give_back_memory


def main(path: Path, pipes: list[str]) -> None:
    """Serve as `app.wire.process` does."""

    def count(_signal: int, _frame: FrameType | None) -> None:
        give_back_memory()
        # Between two instructions of the loop's thread: the loop that runs is the one whose tasks are meant.
        path.write_text(str(len(asyncio.all_tasks(asyncio.get_running_loop()))))

    signal.signal(signal.SIGUSR1, count)
    process.main(pipes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
