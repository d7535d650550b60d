"""Frames of a run file: in any pieces, and what is too long, or none, is said."""

from __future__ import annotations

import struct

import pytest

from app.recording.records import RunFileError, RunOpened
from app.recording.run_format import dump_run, read_frame
from app.store.run_file import read_run
from tests.builders import stream

OPENED = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {})


@pytest.mark.parametrize(("size", "refused"), [(1_073_741_824, False), (1_073_741_825, True)])
def test_a_frame_is_no_longer_than_a_gibibyte(size: int, refused: bool) -> None:
    """One that may be is waited for."""
    data = struct.pack(">I", size) + b"x"
    if refused:
        with pytest.raises(RunFileError, match=f"a frame of {size} bytes at offset 7"):
            read_frame(data, 0, 7)
    else:
        assert read_frame(data, 0) is None


@pytest.mark.parametrize("step", [1, 7, 4_096])
def test_a_run_reads_the_same_in_any_pieces(step: int) -> None:
    made = stream()
    whole = b"".join(dump_run(OPENED, [made]))
    opened, (again,) = read_run([whole[at : at + step] for at in range(0, len(whole), step)])
    assert opened == OPENED
    assert list(again.records()) == list(made.records())
