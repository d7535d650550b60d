"""Runs of the history as one file for other programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.asking.history_export import Selection, StoppedError
from app.asking.history_keeping import add_file, history_in_place
from app.formats.capture import Capture
from app.recording.records import RunOpened, SideName
from app.store.files import StoreError, write_atomically
from app.store.run_file import save_run
from app.store.settings import Settings
from app.transfer.capture_files import captures_of
from tests.builders import stream


def kept(folder: Path, sides: tuple[SideName, ...] = ("a", "b")) -> list[int]:
    """Two runs whose answers have 1 and 2 (A) or 11 and 12 (B) words."""
    numbers = []
    with history_in_place(Settings()) as history:
        for number in (1, 2):
            opened = RunOpened(f"id{number}", f"2026-11-2{number}T10:00:00.000Z", "0", "streaming", {})
            answers = [stream(words=number + 10 * (side == "b"), side=side) for side in sides]
            save_run(folder / f"{number}.diptych", opened, answers)
            numbers.append(add_file(history, folder / f"{number}.diptych"))
    return numbers


@pytest.mark.parametrize(("side", "words"), [(None, [1, 11, 2, 12]), ("a", [1, 2]), ("b", [11, 12])])
def test_all_of_them_or_a_side_of_each_is_in_one_har(tmp_path: Path, side: SideName | None, words: list[int]) -> None:
    chosen = Selection(Settings(), kept(tmp_path), side)
    write_atomically(tmp_path / "all.har", chosen.pieces("har"))
    found = [one for one in captures_of(str(tmp_path / "all.har"), None) if isinstance(one, Capture)]
    assert [bytes(one.recording.body.data).count(b"word ") for one in found] == words
    assert (chosen.done, chosen.count, chosen.problems) == (2, 2, [])


def test_events_of_several_runs_say_whose_they_are(tmp_path: Path) -> None:
    chosen = Selection(Settings(), kept(tmp_path))
    rows = list(csv.DictReader(b"".join(chosen.pieces("csv")).decode().splitlines()))
    assert len({(row["answer"], row["side"]) for row in rows}) == 4
    assert {row["answer"]: row["side"] for row in rows} == {"1": "a", "2": "b", "3": "a", "4": "b"}


def test_what_is_gone_or_has_no_such_side_is_said_and_the_others_are_written(tmp_path: Path) -> None:
    numbers = kept(tmp_path, ("a",))
    chosen = Selection(Settings(), [numbers[0], 99, numbers[1]])
    assert len(json.loads(b"".join(chosen.pieces("vcr-json")))["interactions"]) == 2
    assert (chosen.done, chosen.problems) == (3, ["There is no run 99 in the history."])
    with pytest.raises(StoreError, match="no answer's head is in it"):
        list(Selection(Settings(), numbers, "b").pieces("vcr"))
    with pytest.raises(StoreError, match="no finding is in it"):
        list(Selection(Settings(), numbers).pieces("issue"))
    with pytest.raises(StoreError, match="Nothing was kept of that side"):
        list(Selection(Settings(), numbers, "b").pieces("har"))
    with pytest.raises(StoreError, match="There is no run 99"):
        list(Selection(Settings(), [99]).pieces("har"))


def test_one_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    chosen = Selection(Settings(), kept(tmp_path))
    pieces = chosen.pieces("har")
    next(pieces)
    next(pieces)
    chosen.stop()
    with pytest.raises(StoppedError):
        list(pieces)
    with pytest.raises(StoppedError):
        write_atomically(tmp_path / "all.har", chosen.pieces("har"))
    assert not (tmp_path / "all.har").exists()
