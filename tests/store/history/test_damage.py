"""A history of a newer version is only read; a damaged one is kept aside, and what is whole in it taken over."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.store.history.entry import Entry
from app.store.history.history import History, HistoryError
from app.store.history.place import HistoryPlace
from app.store.history.schema import VERSION
from tests.store.history.made import body, entry, history


def filled(folder: Path, count: int = 12) -> Path:
    noise = random.Random(3)
    with history(folder) as made:
        for number in range(count):
            made.add(entry(number), [*body(number), noise.randbytes(30_000)])
        made.pin(1)
        made.set_note(1, "keep this one")
    return made.path


def reads(pieces: Iterable[bytes]) -> Entry:
    return entry(int(b"".join(pieces).split()[1]))


def broken(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.broken-*"))


def test_one_of_a_newer_version_is_read_and_nothing_is_added(tmp_path: Path) -> None:
    path = filled(tmp_path, 2)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with history(tmp_path) as made:
        assert made.count("answer") == 2
        assert made.read_only
        assert "newer" in made.problem
        assert b"".join(made.pieces(1)).startswith(b"body 0")
        with pytest.raises(HistoryError, match="newer"):
            made.add(entry(5), body(5))
    assert path.read_bytes() == before
    assert not broken(tmp_path)


def test_what_is_no_history_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "data" / "history.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"this is no database, " * 100)
    with history(tmp_path) as made:
        assert made.add(entry(1), body(1)) == 1
        assert "damaged" in made.problem
        (aside,) = broken(tmp_path)
        assert str(aside) in made.problem
    assert aside.read_bytes().startswith(b"this is no database")
    with history(tmp_path) as made:
        assert made.count() == 1
        assert made.problem == ""


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_what_is_whole_in_a_damaged_one_is_taken_over(tmp_path: Path, part: float) -> None:
    """Two pages in a row are: wherever they lie, at most the recordings that they are of are lost."""
    path = filled(tmp_path)
    data = bytearray(path.read_bytes())
    at = int(len(data) * part) // 4096 * 4096
    data[at : at + 8192] = b"\xa5" * 8192
    path.write_bytes(data)
    with History(HistoryPlace(path), reads) as made:
        whole = set()
        for one in made.find(limit=100):
            try:
                assert b"".join(made.pieces(one.id)).startswith(body(int(one.entry.run_id[2:]))[0])
            except HistoryError:
                continue
            whole.add(one.entry.run_id)
        assert len(whole) >= 10
        assert made.count("answer") >= 10
        if made.problem:
            assert path.name + ".broken-" in made.problem
            connection = sqlite3.connect(path)
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            connection.close()


def test_rows_that_are_lost_are_made_again_of_the_recordings(tmp_path: Path) -> None:
    path = filled(tmp_path, 3)
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'").fetchone()
    connection.close()
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    path.write_bytes(data)

    with History(HistoryPlace(path), reads) as made:
        assert {one.entry.run_id for one in made.find()} == {"id0000", "id0001", "id0002"}
        assert "damaged" in made.problem
        assert made.problem.endswith("Taken over were 3 runs.")
        assert [one.entry.run_id for one in made.find("answer")] == ["id0002", "id0001", "id0000"]
    (aside,) = [one for one in broken(tmp_path) if not one.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == bytes(data)


def test_a_folder_that_can_t_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with history(tmp_path) as made, pytest.raises(HistoryError, match="can't be used"):
        made.count()
