"""What is finished is in the history soon, on a thread that ends; what can't be taken in is a sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.asking.history_keeping import (
    KEEPER,
    Amount,
    Keeper,
    amount_kept,
    delete_all,
    history_in_place,
    journal_files,
    journal_in_place,
    left_outside,
    take_in,
    take_in_journals,
)
from app.recording.records import RunOpened
from app.recording.run_format import MAGIC, dump_run
from app.store.files import data_folder
from app.store.history.history import History
from app.store.history.newest import newest
from app.store.history.place import HistoryPlace
from app.store.journal import Journal
from app.store.run_file import save_run
from app.store.settings import Settings
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.store.history.made import body, entry, history

MADE = recording([(600.0, messages_start() + messages_text("Hello") + messages_end())])


def opened(number: int) -> RunOpened:
    return RunOpened(f"id{number:04}", f"2026-11-{number + 1:02}T00:00:00.000Z", "0", "streaming")


def kept(folder: Path, keeper: Keeper, *numbers: int) -> HistoryPlace:
    place = HistoryPlace(folder / "data" / "history.sqlite3")
    journal = Journal(folder / "journal", keep=True, on_kept=lambda file: keeper.keep(file, place))
    for number in numbers:
        journal.open_run(opened(number)).finish(dump_run(opened(number), [MADE]))
    return place


def test_finished_runs_are_kept_meanwhile(tmp_path: Path) -> None:
    keeper, before = Keeper(), threading.active_count()
    kept(tmp_path, keeper, 0, 1, 2)
    keeper.wait()
    assert threading.active_count() == before
    assert keeper.problem == ""
    with history(tmp_path) as found:
        assert [one.entry.run_id for one in found.find("hello")] == ["id0002", "id0001", "id0000"]
        wanted = [b"".join(dump_run(opened(number), [MADE])) for number in (2, 1, 0)]
        assert [b"".join(found.pieces(one.id)) for one in found.find()] == wanted
    assert journal_files(tmp_path / "journal") == []  # each run is kept in one place


def test_a_run_s_end_may_be_drawn_before_it_is_read_and_who_waits_for_it_waits_no_longer(tmp_path: Path) -> None:
    rested, resting = list[float | None](), threading.Event()

    class Hurry(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rested.append(timeout)
            resting.set()
            return super().wait(timeout)

    keeper = Keeper()
    keeper.rest_s, keeper._hurry = 3600.0, Hurry()
    for number in (0, 1):
        kept(tmp_path, keeper, number)
        assert resting.wait(60)
        resting.clear()
        assert len(journal_files(tmp_path / "journal")) == 1, "it is not taken in yet"
        keeper.wait()
        assert journal_files(tmp_path / "journal") == []
    assert rested == [3600.0, 3600.0]
    with history(tmp_path) as found:
        assert found.run_ids() == {"id0000", "id0001"}


def test_what_can_t_be_taken_in_is_a_sentence(tmp_path: Path) -> None:
    keeper = Keeper()
    keeper.keep(tmp_path / "gone.diptych", HistoryPlace(tmp_path / "data" / "history.sqlite3"))
    keeper.wait()
    assert "gone.diptych" in keeper.problem
    (tmp_path / "blocked").touch()
    kept(tmp_path, keeper, 1)
    keeper.keep(next((tmp_path / "journal").iterdir()), HistoryPlace(tmp_path / "blocked" / "history.sqlite3"))
    keeper.wait()
    assert "can't be used" in keeper.problem


def test_runs_of_before_are_taken_in_once(tmp_path: Path) -> None:
    """Saved ones, and the journal of one that was killed; not what is no run."""
    folder = tmp_path / "journal"
    folder.mkdir()
    save_run(folder / "1.diptych", opened(1), [MADE])
    (folder / "2.journal").write_bytes(b"".join(dump_run(opened(2), [MADE]))[:-10])
    (folder / "3.diptych").write_bytes(MAGIC + b"\xff" * 50)
    with history(tmp_path) as found:
        assert [file.name for file in left_outside(found, folder)] == ["1.diptych", "2.journal"]
        taken, problems = take_in_journals(found, journal_files(folder))
        assert (taken, len(problems)) == (2, 1)
        assert "3.diptych" in problems[0]
        assert found.find()[0].entry.sides[0].outcome == "interrupted"
        assert take_in_journals(found, journal_files(folder))[0] == 0
        assert left_outside(found, folder) == []
    assert sorted(one.name for one in folder.iterdir()) == ["2.journal", "3.diptych"]


# Takes a run in, and is killed at the first file that it would remove.
_KILLED = """
import os, signal, sys
from pathlib import Path
from app.asking.history_keeping import take_in
from app.store.history.place import HistoryPlace
Path.unlink = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
folder = Path(sys.argv[1])
take_in(folder / "journal" / "2026-id0001.diptych", HistoryPlace(folder / "data" / "history.sqlite3"))
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_one_that_is_killed_before_it_removes_the_file_leaves_one_run(tmp_path: Path) -> None:
    place, file = HistoryPlace(tmp_path / "data" / "history.sqlite3", files=tmp_path / "journal"), "2026-id0001.diptych"
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "other.journal").write_bytes(b"".join(dump_run(opened(2), [MADE])))
    save_run(tmp_path / "journal" / file, opened(1), [MADE])
    assert subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)]).returncode == -signal.SIGKILL
    assert (tmp_path / "journal" / file).exists()
    assert swept(place) == ["other.journal"]  # Compare offers that
    with history(tmp_path) as found:
        assert [one.entry.run_id for one in found.find()] == ["id0001"]


def swept(place: HistoryPlace) -> list[str]:
    """What a sweep leaves in the folder."""
    assert place.files is not None
    keeper = Keeper()
    keeper.sweep(place)
    while (thread := keeper._thread) is not None:  # `wait` would leave the rest
        thread.join()
    assert keeper.problem == ""
    return sorted(one.name for one in place.files.iterdir())


def test_a_sweep_prunes_nothing_and_leaves_what_it_can_t_take_in(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "0.diptych").write_bytes(MAGIC + b"\xff" * 50)
    for number in (1, 2, 3):
        save_run(folder / f"2026-id{number:04}.diptych", opened(number), [MADE])
    place = HistoryPlace(tmp_path / "data" / "history.sqlite3", limit_runs=2, files=folder)
    assert swept(place) == ["0.diptych", "2026-id0003.diptych"]
    blocked = tmp_path / "blocked"
    blocked.touch()
    assert swept(HistoryPlace(blocked / "history.sqlite3", files=folder)) == ["0.diptych", "2026-id0003.diptych"]
    with closing(sqlite3.connect(place.path)) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert swept(HistoryPlace(place.path, files=folder)) == ["0.diptych", "2026-id0003.diptych"]


def test_a_file_goes_only_where_the_history_gives_the_same_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_run(tmp_path / "2026-id0001.diptych", opened(1), [MADE])
    monkeypatch.setattr(History, "pieces", lambda self, number: iter([b"other bytes"]))
    place = HistoryPlace(tmp_path / "data" / "history.sqlite3")
    assert "gives other bytes back" in take_in(tmp_path / "2026-id0001.diptych", place)
    assert (tmp_path / "2026-id0001.diptych").exists()
    monkeypatch.undo()
    assert take_in(tmp_path / "2026-id0001.diptych", place) == ""
    assert not (tmp_path / "2026-id0001.diptych").exists()
    assert take_in(tmp_path / "2026-id0001.diptych", place) == ""  # another window's sweep was quicker: no fault


def test_keep_nothing_is_one_switch() -> None:
    """A journal lives while its run goes on; then no file is left, however the history is looked at."""
    settings = Settings(keep_runs=False)
    run = journal_in_place(settings).open_run(opened(1))
    assert [one.suffix for one in files_below(data_folder())] == [".journal"]
    run.finish()
    with history_in_place(settings) as found:
        assert (found.count(), found.find("hello"), found.kinds(), found.run_ids()) == (0, [], {}, set())
        assert newest(found.path, 10) == []
        assert amount_kept(settings) == Amount(0, 0)
        assert files_below(data_folder()) == []
        found.add(entry(1), body(1))  # by hand: an import
        assert len(found.find()) == 1


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_all_is_deleted_but_what_goes_on() -> None:
    """The history, the files of the runs and of the killed; those of the simulated home alone are there."""
    journal = journal_in_place(Settings())
    for number in range(2):
        journal.open_run(opened(number)).finish(dump_run(opened(number), [MADE]))
    KEEPER.wait()
    killed = journal.folder / "20261101-000000-id0007.journal"
    killed.write_bytes(MAGIC)
    going_on = journal.open_run(opened(5))
    assert going_on.path is not None
    amount = amount_kept(Settings())
    assert amount.runs == 2
    assert amount.size_bytes > sum(file.stat().st_size for file in journal_files(journal.folder))
    assert delete_all(Settings()) == 2
    assert list(journal.folder.iterdir()) == [going_on.path]
    with history_in_place(Settings()) as found:
        assert found.run_ids() == set()
    going_on.finish()
