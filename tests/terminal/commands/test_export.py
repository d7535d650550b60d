"""`diptych export`: HAR that is read again, events of one side or both, and what can't be written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from app.recording.records import RunOpened
from app.store.run_file import save_run
from tests.builders import event, messages_end, messages_start, recording, stream
from tests.terminal.program import called


@pytest.fixture
def run(tmp_path: Path) -> Path:
    file = tmp_path / "run.diptych"
    hostile = recording([(600.0, event("@SUM(1)"))], side="b")
    save_run(file, RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [stream(words=2), hostile])
    return file


def test_a_run_as_har_is_read_again(run: Path) -> None:
    out = run.with_suffix(".har")
    assert called("export", str(run), "--side", "a", "--har", str(out)).returncode == 0
    before, after = (json.loads(called("read", str(one), "--json").stdout.splitlines()[0]) for one in (run, out))
    assert after["timing_ms"] == before["timing_ms"]
    assert after["timing_ms"]["ttft"] is not None
    assert after["outcome"] == before["outcome"] == "completed"


def test_events_of_both_sides_in_each_form_and_no_formula(run: Path) -> None:
    outs = {kind: run.with_name(f"events.{kind}") for kind in ("json", "jsonl", "csv")}
    words = [word for kind, out in outs.items() for word in (f"--{kind}", str(out))]
    assert called("export", str(run), *words).returncode == 0
    lines = [json.loads(line) for line in outs["jsonl"].read_text("utf-8").splitlines()]
    assert json.loads(outs["json"].read_text("utf-8"))["events"] == lines
    assert [line["side"] for line in lines] == ["a"] * (len(lines) - 1) + ["b"]
    cells = list(csv.DictReader(io.StringIO(outs["csv"].read_bytes().decode(), newline="")))
    assert len(cells) == len(lines)
    assert (cells[-1]["type"], lines[-1]["type"]) == ("'@SUM(1)", "@SUM(1)")
    for out in outs.values():
        assert "events that Diptych exported" in called("read", str(out)).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "say what shall be written"), (("--har", "none/x.har"), "none"), (("--side", "b", "--csv", "x"), "")],
)
def test_what_can_t_be_written_is_said(run: Path, words: tuple[str, ...], said: str) -> None:
    if not said:
        save_run(run, RunOpened("1", "", "0", "streaming", {}), [stream(words=1)])
        said = "has no side b"
    done = called("export", str(run), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (run.parent / "x").exists()


def test_the_finding_that_matters_most_becomes_an_issue(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "issue.md"
    assert called("export", str(run), "--issue", str(out)).returncode == 0
    assert "## What came" in out.read_text("utf-8")
    done = called("export", str(run), "--side", "a", "--issue", str(out.with_name("none.md")))
    assert done.returncode == 2
    assert "nothing to tell" in done.stderr
    assert not out.with_name("none.md").exists()


def test_spans_need_a_moment(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "spans.json"
    assert called("export", str(run), "--otlp", str(out)).returncode == 0
    assert '"gen_ai.response.time_to_first_chunk"' in out.read_text("utf-8")
    assert "spans of OpenTelemetry" in called("read", str(out)).stderr
    (tmp_path / "saved.sse").write_bytes(messages_start() + messages_end())
    done = called("export", str(tmp_path / "saved.sse"), "--otlp", str(tmp_path / "none.json"))
    assert (done.returncode, "which a span needs" in done.stderr) == (2, True)
