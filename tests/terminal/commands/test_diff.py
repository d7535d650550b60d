"""`diptych diff`: a run's two sides, or two captures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.exchange.exchange import Exchange
from app.formats.har_export import as_har
from app.recording.records import RunOpened
from app.store.run_file import save_run
from app.terminal.commands import diff
from app.terminal.parser import parser
from app.terminal.usage import UsageError
from tests.run.diff.test_summary import answering


def run(*words: str | Path) -> int:
    options = parser().parse_args(["diff", *map(str, words)])
    return diff.command(options)


def saved(folder: Path, *texts: str) -> Path:
    file = folder / "run.diptych"
    recordings = [answering(text, name=name) for text, name in zip(texts, "ab", strict=False)]
    save_run(file, RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), recordings)
    return file


def test_a_run_file_is_compared_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "It is a small boat.", "It is a little boat.")
    assert run(file) == 1
    said = capsys.readouterr().out
    assert said.startswith("The answers differ in 1 place, first “small” in A and “little” in B.")
    assert "another word  It is a [small] boat.  It is a [little] boat." in said
    assert run(file, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert told["summary"]["answers"]["first_a"] == "small"
    assert told["answers"]["rounds"][0]["text"]["places"][0]["a"] == [8, 13]


def test_a_run_written_as_har_is_one_again_and_several_are_not_mixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"a": "It is a small boat.", "b": "It is a little boat."}
    both = [Exchange(answering(text, name=name)).finish() for name, text in texts.items()]
    file = tmp_path / "run.har"
    file.write_bytes(b"".join(as_har(both, "1")))
    assert run(file) == 1
    assert "first “small” in A and “little” in B" in capsys.readouterr().out
    file.write_bytes(b"".join(as_har([*both, *both], "1")))
    with pytest.raises(UsageError, match="holds 2 runs: give each a file of its own"):
        run(file)


def test_two_captures_and_nothing_that_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chunk = {
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}}],
    }
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(chunk), encoding="utf-8")
    assert run(tmp_path / "a.json", tmp_path / "b.json") == 0
    assert "Nothing differs of what could be compared: answers." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("texts", "more", "said"),
    [
        (("hi",), (), "holds one side only"),
        (("hi", "ho"), ("absent.json",), "absent.json"),
        (("hi", "ho"), ("b", "c"), "one file, a run of two sides, or two files"),
    ],
)
def test_what_can_not_be_compared_is_said(tmp_path: Path, texts: tuple[str, ...], more: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(saved(tmp_path, *texts), *(tmp_path / one for one in more))
