"""What is finished is in the history soon, on a thread that ends; what can't be taken in is a sentence."""

from __future__ import annotations

import threading
from pathlib import Path

from app.asking.history_keeping import (
    KEEPER,
    Keeper,
    amount_kept,
    delete_all,
    history_in_place,
    journal_files,
    journal_in_place,
    left_outside,
    take_in_journals,
)
from app.recording.records import RunOpened
from app.recording.run_format import MAGIC, dump_run
from app.store.history.place import HistoryPlace
from app.store.journal import Journal
from app.store.run_file import save_run
from app.store.settings import Settings
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.store.history.made import history

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
        files = journal_files(tmp_path / "journal")
        assert [b"".join(found.pieces(one.id)) for one in reversed(found.find())] == [one.read_bytes() for one in files]


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
    assert len(list(folder.iterdir())) == 3


def test_keep_nothing_is_one_switch() -> None:
    settings = Settings(keep_runs=False)
    run = journal_in_place(settings).open_run(opened(1))
    run.finish()
    with history_in_place(settings) as found:
        assert found.count() == 0
    assert journal_files(journal_in_place(settings).folder) == []


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
