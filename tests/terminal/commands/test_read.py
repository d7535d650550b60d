"""`diptych read`: captures, saved runs, standard input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.simulator.server.urls import fault_endpoint
from app.terminal.commands import read
from tests.builders import messages_end, messages_start, messages_text
from tests.terminal.program import ROOT, called, run_json


def test_a_saved_run_reads_as_it_ran(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    _, facts = run_json(simulator, "--save", str(saved), a=fault_endpoint("usage_none"))
    done = called("read", str(saved), "--json")
    again = json.loads(done.stdout)
    assert again.pop("id") == "run.diptych#1"
    assert again == facts["sides"]["a"]
    assert saved.stat().st_mode & 0o077 == 0


def test_a_reader_that_goes_away_is_no_fault_of_the_file(tmp_path: Path) -> None:
    capture = tmp_path / "answer.sse"
    capture.write_bytes(b"data: [DONE]\n\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "app", "read", str(capture), "--protocol", "openai-chat"],
        stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=60,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_reading_what_names_its_protocol_itself(tmp_path: Path) -> None:
    answer = messages_start() + messages_text("Hi") + messages_end()
    entry = {
        "request": {"method": "POST", "url": "https://relay.test/v1/messages"},
        "response": {"status": 200, "headers": [], "content": {"text": answer.decode()}},
    }
    (tmp_path / "answer.txt").write_bytes(answer.decode().encode("utf-16"))
    (tmp_path / "saved.json").write_text(json.dumps({"log": {"entries": [entry]}}))
    (tmp_path / "page.html").write_text("<html>")
    done = called("read", str(tmp_path / "answer.txt"), str(tmp_path / "saved.json"), "--json")
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["id"], one["outcome"], one["text"]) for one in facts] == [
        ("answer.txt", "completed", "Hi"),
        ("saved.json#1", "completed", "Hi"),
    ]
    untold = called("read", str(tmp_path / "page.html"))
    assert untold.returncode == 2
    assert "say it with --protocol" in untold.stderr


@pytest.mark.parametrize(("limit", "code"), [(64, 1), (1 << 20, 0)])
def test_a_packed_file_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, code: int) -> None:
    assert read.MAX_UNPACKED_BYTES == 1 << 30
    monkeypatch.setattr(read, "MAX_UNPACKED_BYTES", limit)
    packed = tmp_path / "answer.sse.gz"
    packed.write_bytes(gzip.compress(messages_start() + messages_text("Hi") + messages_end()))
    done = called("read", str(packed), "--protocol", "anthropic-messages", "--json")
    assert done.returncode == code
    assert ("more than" in done.stderr) == (code == 1)
    assert (json.loads(done.stdout)["id"] if done.stdout else "") == ("answer.sse" if code == 0 else "")


def test_reading_from_standard_input(shared_folder: Path) -> None:
    transcript = shared_folder / "transcripts" / "a_text.sse"
    if not transcript.exists():
        pytest.skip("../shared/transcripts is not here")
    done = subprocess.run(
        [sys.executable, "-m", "app", "read", "-", "--protocol", "anthropic-messages", "--json"],
        input=transcript.read_bytes(), capture_output=True, cwd=ROOT, check=False, timeout=60,
    )  # fmt: skip
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["id"], facts["status"]) == (0, "-", None)
    assert facts["text"] == "Boats float — mostly."
    assert set(facts["timing_ms"].values()) == {None}
