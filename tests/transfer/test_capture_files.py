"""Files of any kind: how much of one is read before it is told what it is."""

from __future__ import annotations

import os
import threading

import pytest

from app.formats.capture import CaptureError
from app.transfer.capture_files import captures_of


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs a pipe that has a name")
def test_a_pipe_without_an_end_is_told_by_its_first_four_kilobytes() -> None:
    """Those are awaited, and nothing behind them."""
    read, write = os.pipe()
    refused: list[str] = []

    def look() -> None:
        with pytest.raises(CaptureError) as raised:
            list(captures_of(f"/dev/fd/{read}", None))
        refused.append(str(raised.value))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        os.write(write, (b"x" * 3000 + b"\xff\0").ljust(4096, b"x"))
        thread.join(30)
        assert [said.startswith("this is binary") for said in refused] == [True]
    finally:
        os.close(write)
        thread.join()
        os.close(read)
