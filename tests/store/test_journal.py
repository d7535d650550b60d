"""The journal: a killed process leaves all it had handed over; running ones are left alone; the folder stays bounded."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.recording.body import pack_chunks
from app.recording.records import EndKind, Envelope, Opened, ProfileNote, Request, RunOpened
from app.store.journal import Journal, RunJournal
from app.store.run_file import open_run

NOTE = ProfileNote("A", "https://h", "openai-chat")
BEGIN = Opened(Envelope("openai-chat", NOTE), Request("POST", "https://h/v1"))

# Journals chunks until it is killed; says on standard output how many were handed over.
CHILD = """
import sys
from pathlib import Path
from app.recording.body import pack_chunks
from app.store.journal import Journal
from tests.store.test_journal import BEGIN, opened
run = Journal(Path(sys.argv[1])).open_run(opened(1))
run.append(1, BEGIN)
number = 0
while True:
    run.append(1, pack_chunks([(number, b"%08d" % number)]))
    number += 1
    print(number, flush=True)
"""


def opened(number: int) -> RunOpened:
    return RunOpened(f"id{number:04}", f"2026-11-21T00:00:{number:02}.5Z", "0.1.0", "streaming")


def write_run(journal: Journal, number: int, size_bytes: int = 100) -> RunJournal:
    run = journal.open_run(opened(number))
    run.append(1, BEGIN)
    run.append(1, pack_chunks([(1, b"x" * size_bytes)]))
    return run


def leave_behind(run: RunJournal) -> Path:
    """What a killed process leaves: the file without its lock."""
    path = run.path
    assert path is not None
    held = path.read_bytes()
    run.finish()
    path.write_bytes(held)
    return path


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_it_leaves_all_that_was_handed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as child:
        assert child.stdout is not None
        said = 0
        while said < 200:
            said = int(child.stdout.readline())
        assert journal.unfinished() == []  # it still runs
        (running,) = tmp_path.iterdir()
        assert not journal.discard(running)
        child.send_signal(signal.SIGKILL)
        said = max([said, *map(int, child.stdout.read().split())])
    (path,) = journal.unfinished()
    run, (recording,) = open_run(path)
    assert run == opened(1)
    assert recording.end is not None
    assert recording.end.kind is EndKind.INTERRUPTED
    assert len(recording.body) in (said, said + 1)
    assert bytes(recording.body.data) == b"".join(b"%08d" % n for n in range(len(recording.body)))
    assert journal.discard(path)
    assert journal.unfinished() == []


def test_a_run_in_this_process_is_not_offered(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    run = write_run(journal, 1)
    assert journal.unfinished() == []
    assert run.path is not None
    assert os.name == "nt" or stat.S_IMODE(run.path.stat().st_mode) == 0o600
    run.finish()
    assert list(tmp_path.iterdir()) == []


def test_newest_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    paths = [leave_behind(write_run(journal, number)) for number in (1, 2, 3)]
    assert journal.unfinished() == paths[::-1]


def test_a_finished_run_is_kept_where_asked(tmp_path: Path) -> None:
    journal = Journal(tmp_path, keep=True)
    run = write_run(journal, 1)
    kept = run.finish()
    assert kept is not None
    assert kept.suffix == ".diptych"
    assert open_run(kept)[0] == opened(1)
    assert run.finish() is None
    assert journal.unfinished() == []


def test_the_oldest_go_first_and_running_ones_stay(tmp_path: Path) -> None:
    journal = Journal(tmp_path, limit_bytes=20_000)
    running = write_run(journal, 1, 3000)
    old = [leave_behind(write_run(journal, number, 3000)) for number in range(2, 8)]
    write_run(journal, 9).finish()
    assert running.path is not None
    assert running.path.exists()
    left = journal.unfinished()
    assert left == old[::-1][: len(left)]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    assert left
    running.finish()


def test_a_full_journal_says_so_and_stays_readable(tmp_path: Path) -> None:
    journal = Journal(tmp_path, limit_bytes=2000)
    run = write_run(journal, 1)
    for number in range(100):
        run.append(1, pack_chunks([(number, b"y" * 100)]))
    assert "is full" in run.problem
    path = leave_behind(run)
    assert path.stat().st_size <= 2000
    _, (recording,) = open_run(path)
    assert bytes(recording.body.data).startswith(b"x" * 100 + b"y" * 100)


def test_no_folder_no_run_is_hurt(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    run = write_run(Journal(tmp_path / "file"), 1)
    assert run.path is None
    assert "can't be made" in run.problem
    assert run.finish() is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said_and_ends_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = write_run(Journal(tmp_path), 1)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, run._handle)
    os.close(full)
    run.append(1, pack_chunks([(1, b"x")]))
    assert "No space left" in run.problem
    run.append(1, pack_chunks([(1, b"x")]))
    run.finish()


def test_strange_ids_stay_in_the_folder(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    run = journal.open_run(RunOpened("../../evil", "now/..", "", ""))
    assert run.path is not None
    assert run.path.parent == tmp_path / "journal"
    assert run.path.exists()
    run.finish()
