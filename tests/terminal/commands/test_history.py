"""`diptych history`: what was run is listed, shown as `read` shows it, exported, taken in, deleted and pruned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.recording.records import RunOpened
from app.store.files import private_folder
from app.store.history.place import history_path
from app.store.journal import journal_folder
from app.store.run_file import save_run
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.terminal.program import called, run_json


def save(path: Path, number: int, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = recording([(600.0, messages_start() + messages_text(text)), (700.0, messages_end())])
    save_run(path, RunOpened(f"id{number}", f"2026-11-0{number}T10:00:00.000Z", "0", "streaming", {"prompt": "Say it"}), [made])
    return path


def ids(*words: str) -> list[int]:
    done = called("history", "list", "--json", "--", *words)
    assert done.returncode == 0, done.stderr
    return [one["id"] for one in json.loads(done.stdout)["runs"]]


def test_what_was_run_is_in_the_history(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    _, facts = run_json(simulator, "--save", str(saved))
    (one,) = json.loads(called("history", "list", "outcome:completed", "--json").stdout)["runs"]
    assert one["sentence"] == facts["comparison"]["sentence"].replace("**", "")
    assert one["sides"][0]["ttft_ms"] == pytest.approx(facts["sides"]["a"]["timing_ms"]["ttft"], abs=0.1)
    shown = called("history", "show", str(one["id"]), "--json")
    assert [json.loads(line)["text"] for line in shown.stdout.splitlines()] == [facts["sides"]["a"]["text"]]
    exported = tmp_path / "again.diptych"
    assert called("history", "export", str(one["id"]), str(exported)).returncode == 0
    read, again = (json.loads(called("read", str(path), "--json").stdout) for path in (saved, exported))
    assert {**read, "id": ""} == {**again, "id": ""}


def test_files_are_taken_in_searched_changed_and_pruned(tmp_path: Path) -> None:
    files = [save(tmp_path / f"{number}.diptych", number, text) for number, text in ((1, "Hello"), (2, "你好世界"), (3, "Hi"))]
    assert called("history", "list").stdout == "Nothing is in the history yet.\n"
    (tmp_path / "no.diptych").write_bytes(b"none")
    done = called("history", "import", *map(str, files), str(tmp_path / "no.diptych"))
    assert (done.returncode, done.stdout) == (1, "In the history as 1, 2, 3.\n")
    assert "no.diptych" in done.stderr
    assert (ids(), ids("你好"), ids("-你好"), ids("Hello")) == ([3, 2, 1], [2], [3, 1], [1])
    assert called("history", "name", "2", "The Chinese one").returncode == 0
    assert called("history", "note", "3", "look again").returncode == 0
    assert (ids("Chinese one"), ids("look")) == ([2], [3])
    assert "“The Chinese one”" in called("history", "list", "is:named").stdout
    shown = called("history", "show", "3").stdout
    assert shown.index("look again") < shown.index("   Hi")
    assert called("history", "pin", "1").returncode == 0
    assert called("history", "delete", "2", "3").returncode == 0
    assert (ids(), ids("is:deleted")) == ([1], [3, 2])
    assert called("history", "restore", "3").returncode == 0
    assert called("history", "prune").stdout == "One run was removed.\n"
    assert called("history", "prune", "--keep", "0").stdout == "One run was removed.\n"
    assert (ids(), called("history", "unpin", "1").returncode) == ([1], 0)
    assert called("history", "prune", "--older-than", "0", "--json").stdout == '{"schema":1,"pruned":1}\n'
    assert ids() == []


def test_runs_of_before_are_offered_and_taken_in() -> None:
    save(journal_folder() / "2026-id1.diptych", 1, "Hello")
    done = called("history", "list")
    assert "1 run that the history does not have is in" in done.stderr
    assert called("history", "import", "--journals").stdout == "1 run was taken in.\n"
    assert ids("hello") == [1]
    assert called("history", "list").stderr == ""
    called("history", "delete", "1")
    called("history", "prune")
    assert list(journal_folder().iterdir()) == []  # for good


def test_what_can_t_be_done_is_a_sentence(tmp_path: Path) -> None:
    listed = "`diptych history list` lists all runs with their numbers; words after it find some.\n"
    for action in ("show", "pin"):
        done = called("history", action, "7")
        assert (done.returncode, done.stderr) == (1, f"diptych: There is no run 7 in the history. {listed}")
        done = called("history", action, "zzz")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith(f"“zzz” is no run's number. {listed}")
    assert called("history", "list", "since:soon").returncode == 1
    assert called("history", "import").returncode == 2
    assert called("history", "list", "--limit", "0").returncode == 2
    assert called("history", "prune", "--keep", "-1").returncode == 2
    private_folder(history_path().parent)
    history_path().write_bytes(b"broken" * 1000)
    done = called("history", "list")
    assert (done.returncode, "damaged" in done.stderr) == (0, True)


def test_a_trend_is_printed_by_days_and_as_json(tmp_path: Path) -> None:
    saved = [save(tmp_path / f"{number}.diptych", number, "Hello") for number in (1, 2)]
    assert called("history", "import", *map(str, saved)).returncode == 0
    name = json.loads(called("history", "list", "--json").stdout)["runs"][0]["sides"][0]["name"]
    lines = called("history", "trend", name).stdout.splitlines()
    assert (lines[0], lines[2].split()[0], lines[3].split()[0]) == (name, "2026-11-01", "2026-11-02")
    assert lines[-1].startswith("Too few for a change to be seen: 2 runs of 2 days.")
    facts = json.loads(called("history", "trend", "--json", "--pair", name, "Other").stdout)
    assert (facts["sides"][1]["name"], facts["sides"][0]["runs"]) == ("Other", [])
    assert called("history", "trend").returncode == 2


def test_several_are_one_file_for_other_programs(tmp_path: Path) -> None:
    files = [save(tmp_path / f"{number}.diptych", number, text) for number, text in ((1, "Hello"), (2, "Hi"), (3, "Hey"))]
    assert called("history", "import", *map(str, files)).returncode == 0
    har, cassette = tmp_path / "two.har", tmp_path / "two.json"
    done = called("history", "export", "3", "1", "--har", str(har), "--vcr", str(cassette), "--side", "a")
    assert (done.returncode, done.stdout) == (0, f"Written to {har}.\nWritten to {cassette}.\n"), done.stderr
    read = called("read", str(har), "--json").stdout.splitlines()
    assert [json.loads(line)["text"] for line in read] == ["Hey", "Hello"]
    assert len(json.loads(cassette.read_bytes())["interactions"]) == 2
    done = called("history", "export", "1", "9", "2", "--jsonl", str(har))
    assert (done.returncode, "There is no run 9" in done.stderr) == (1, True)
    assert {json.loads(line)["answer"] for line in har.read_bytes().splitlines()} == {1, 2}
    done = called("history", "export", "1", "--har", str(tmp_path / ("x" * 250)))  # it begins under a longer name
    assert (done.returncode, done.stdout, "can't be written" in done.stderr) == (1, "", True)
    for words in (("1", "3", str(har)), ("1", str(har), "--side", "a"), ("x", "--har", str(har))):
        assert called("history", "export", *words).returncode == 2
    assert called("history", "export", "1", "--side", "b", "--har", str(har)).returncode == 1
