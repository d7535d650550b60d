"""The history: what is added comes back, is found, changed and pruned; bounds hold; two processes write at once."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.history.history import History, HistoryError
from app.store.history.newest import newest
from app.store.history.schema import PART_BYTES
from tests.store.history.made import OFFICIAL, RELAY, body, entry, history

ROOT = Path(__file__).resolve().parents[3]


def numbers(found: History, words: str = "") -> set[int]:
    return {int(one.entry.run_id[2:]) for one in found.find(words)}


def test_what_was_added_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("a%41 ?mode=memory#:é".encode() + b"\xff")  # none of it means anything in a path
    with history(folder) as made:
        number = made.add(entry(1), body(1))
    with history(folder) as made:
        (one,) = made.find()
        assert one == made.one(number)
        assert newest(made.path, 2) == [one]
        assert (one.entry.sides, one.entry.request, one.entry.sentence) == ((OFFICIAL, RELAY), "say it", "B is later")
        assert one.raw_bytes == len(b"".join(body(1)))
        assert b"".join(made.pieces(number)) == b"".join(body(1))
        assert (made.path.stat().st_mode & 0o777, made.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert {path.stat().st_mode & 0o777 for path in made.path.parent.iterdir()} == {0o600}


def test_a_long_file_is_kept_in_parts(tmp_path: Path) -> None:
    long = random.Random(1).randbytes(3 * PART_BYTES + 5)
    with history(tmp_path) as made:
        number = made.add(entry(1), [long[: PART_BYTES + 1], long[PART_BYTES + 1 :]])
        pieces = list(made.pieces(number))
    assert len(pieces) > 3
    assert max(map(len, pieces)) <= PART_BYTES
    assert b"".join(pieces) == long


def test_the_same_run_is_kept_once_and_a_session_that_went_on_takes_its_place(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        number = made.add(entry(1), body(1))
        made.set_name(number, "mine")
        assert made.add(entry(1, answer="not looked at"), body(1)) == number
        assert made.count("looked") == 0
        assert made.add(entry(1, answer="went on"), body(2)) == number
        assert (made.count(), made.count("went"), made.count('"answer 1"'), made.count("mine")) == (1, 1, 0, 1)
        assert b"".join(made.pieces(number)) == b"".join(body(2))


def test_a_deletion_is_taken_back_until_it_is_pruned(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        first, second = made.add(entry(1), body(1)), made.add(entry(2), body(2))
        made.delete(first)
        assert (numbers(made), numbers(made, "is:deleted")) == ({2}, {1})
        made.add(entry(1), body(1))
        assert numbers(made) == {2}  # what is deleted does not come back with its file
        made.restore(first)
        assert numbers(made) == {1, 2}
        made.delete(first)
        assert made.prune() == ["id0001"]
        made.close()
        assert b"prompt 1" not in b"".join(path.read_bytes() for path in made.path.parent.iterdir())
        assert made.count("is:deleted") == 0
        with pytest.raises(HistoryError, match=f"no run {first}"):
            made.restore(first)
        assert b"".join(made.pieces(second)) == b"".join(body(2))


def test_pruning_leaves_the_newest_and_the_pinned(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        ids = [made.add(entry(number), body(number)) for number in range(6)]
        made.pin(ids[0])
        assert made.prune(keep=3) == ["id0001", "id0002"]
        assert made.prune(before_utc="2026-11-05T12:00:00") == ["id0003", "id0004"]
        big = made.add(entry(7), [random.Random(4).randbytes(500_000)])
        made.delete(big)
        made.close()  # what is in its WAL goes into the file
        before = made.path.stat().st_size
        made.prune()
        assert before - made.path.stat().st_size > 400_000  # the disk has it back
        made.pin(ids[0], pinned=False)
        assert made.prune(keep=0) == ["id0000", "id0005"]


def test_beyond_its_bounds_the_oldest_go_with_their_files(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for number in range(6):
        (files / f"2026-id{number:04}.diptych").touch()
    with history(tmp_path, limit_runs=3, files=files) as made:
        made.pin(made.add(entry(0), body(0)))
        for number in range(1, 6):
            made.add(entry(number), body(number))
        assert numbers(made) == {0, 4, 5}
    assert {path.stem[-1] for path in files.iterdir()} == {"0", "4", "5"}


def test_its_size_is_bounded(tmp_path: Path) -> None:
    noise = random.Random(2)
    with history(tmp_path, limit_bytes=1 << 20) as made:
        for number in range(8):
            made.add(entry(number), [noise.randbytes(200_000)])
            assert number in numbers(made)
        assert 2 <= made.count() <= 5
        assert made.path.stat().st_size < 2 << 20


def test_texts_of_any_characters_are_kept(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        made.add(entry(1, answer="half \ud83d and \0 nothing", sides=(RELAY,)), body(1))
        assert made.count("half") == 1


WRITER = """
import sys
from pathlib import Path
from tests.store.history.made import body, entry, history
begin = int(sys.argv[2])
with history(Path(sys.argv[1])) as made:
    for number in range(begin, begin + 40):
        made.add(entry(number), body(number))
"""


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """From an empty folder on: both make the tables."""
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(begin)], cwd=ROOT) for begin in (0, 1000)
    ]  # fmt: skip
    assert [one.wait(60) for one in running] == [0, 0]
    with history(tmp_path) as made:
        assert made.count() == 80
        assert made.count('"answer 1039"') == 1


# Forks writers, which add until they are killed, each at another moment of an addition; says what was told as added.
KILLER = """
import os, random, signal, sys
from pathlib import Path
from tests.store.history.made import body, entry, history
moments = random.Random(7)
for turn in range(int(sys.argv[2])):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with history(Path(sys.argv[1])) as made:
            for number in range(1000 * turn, 1000 * turn + 1000):
                made.add(entry(number), [*body(number), moments.randbytes(50_000)])
                os.write(writing, b"%d\\n" % number)
        os._exit(0)
    os.close(writing)
    told = os.read(reading, 5).split()
    for _ in range(moments.randrange(60_000)):
        pass
    os.kill(child, signal.SIGKILL)
    while more := os.read(reading, 1000):
        told += more.split()
    os.waitpid(child, 0)
    print(*(int(one) for one in told), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_kill_in_mid_write_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(tmp_path), "20"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    told = set(map(int, done.stdout.split()))
    assert len(told) >= 20
    with history(tmp_path) as made:
        kept = {int(one.entry.run_id[2:]) for one in made.find(limit=1000)}
        assert kept >= told
        assert made.problem == ""
        for one in made.find(limit=1000):
            assert b"".join(made.pieces(one.id)).startswith(body(int(one.entry.run_id[2:]))[0])
    connection = sqlite3.connect(made.path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
    connection.close()


def test_nothing_is_left_of_what_is_deleted_altogether(tmp_path: Path) -> None:
    """Not in the file, not in its WAL while another one has it open, not in what was put aside; and it is used as before."""
    canaries = (b"canaryword", b"canaryname", b"canarynote")
    with history(tmp_path) as made, history(tmp_path) as other:
        for number in range(20):
            made.add(entry(number, answer=f"canaryword {number} " * 50), [b"canaryword %d" % number])
        made.pin(1)
        made.set_name(1, "canaryname")
        made.set_note(2, "canarynote")
        made.delete(3)
        assert other.count("canaryword") == 19
        aside = made.path.with_name(made.path.name + ".broken-20261130T000000Z")
        aside.write_bytes(canaries[0])
        assert made.delete_all() == 20
        found = b"".join(file.read_bytes() for file in made.path.parent.iterdir())
        assert [one for one in canaries if one in found] == []
        assert (other.count(), other.count("is:deleted"), aside.exists()) == (0, 0, False)
        made.add(entry(1, answer="again"), body(1))
        assert other.count("again") == 1
        assert made.path.stat().st_size < 200_000
