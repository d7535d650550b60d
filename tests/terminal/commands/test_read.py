"""`diptych read`: captures, saved runs, standard input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.simulator.server.urls import fault_endpoint
from app.transfer import capture_files
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
    assert "say its protocol with --protocol" in untold.stderr


@pytest.mark.parametrize(("limit", "code"), [(64, 1), (1 << 20, 0)])
def test_a_packed_file_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, code: int) -> None:
    assert capture_files.MAX_UNPACKED_BYTES == 1 << 30
    monkeypatch.setattr(capture_files, "MAX_UNPACKED_BYTES", limit)
    packed = tmp_path / "answer.sse.gz"
    packed.write_bytes(gzip.compress(messages_start() + messages_text("Hi") + messages_end()))
    done = called("read", str(packed), "--protocol", "anthropic-messages", "--json")
    assert done.returncode == code
    assert ("more than" in done.stderr) == (code == 1)
    assert (json.loads(done.stdout)["id"] if done.stdout else "") == ("answer.sse" if code == 0 else "")


@pytest.mark.parametrize("start", [b"", b"\x89\xff", b"{\xff", b"[\xff"], ids=repr)
def test_what_has_no_end_and_is_no_text_is_refused_at_once(
    start: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a device is; here a file with a hole in it."""
    monkeypatch.setattr(capture_files, "MAX_FILE_BYTES", 1 << 62)  # so much is no machine's
    endless = tmp_path / "device"
    with endless.open("wb") as file:
        file.write(start)
        file.truncate(1 << 42)
    for options in ((), ("--protocol", "openai-chat")):
        done = called("read", str(endless), *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert ("binary" if start else "zero bytes") in done.stderr


@pytest.mark.parametrize(("limit", "code"), [(64, 1), (1 << 20, 0)])
def test_a_file_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, code: int) -> None:
    assert capture_files.MAX_FILE_BYTES == 1 << 29
    monkeypatch.setattr(capture_files, "MAX_FILE_BYTES", limit)
    (tmp_path / "answer.sse").write_bytes(messages_start() + messages_text("Hi") + messages_end())
    done = called("read", str(tmp_path / "answer.sse"), "--json")
    assert (done.returncode, "longer than 64 bytes" in done.stderr) == (code, code == 1)


def entry(content: object, url: str = "https://relay.test/v1/messages") -> dict[str, object]:
    return {"request": {"method": "POST", "url": url}, "response": {"status": 200, "headers": [], "content": content}}


def test_entries_that_can_not_be_read_are_told_and_the_others_and_the_next_files_read(tmp_path: Path) -> None:
    answer = messages_start() + messages_text("Hi") + messages_end()
    wrong = entry({"text": "x"}) | {"response": {"status": "many", "headers": None}}
    entries = [
        entry({"text": answer.decode()}),
        wrong,
        entry({"size": 9, "_file": "kept.dat"}),
        entry({"size": 9, "_file": "../x"}),
    ]
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": entries}}))
    (tmp_path / "kept.dat").write_bytes(answer)
    (tmp_path.parent / "x").write_bytes(answer)
    (tmp_path / "two.http").write_bytes((b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + answer) * 2)
    done = called("read", str(tmp_path / "a.har"), str(tmp_path / "two.http"), "--json")
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in facts] == ["a.har#1", "a.har#3", "two.http#1", "two.http#2"]
    assert {one["text"] for one in facts} == {"Hi"}
    assert done.returncode == 1
    assert [line.partition(": ")[2] for line in done.stderr.splitlines()] == [
        f"{tmp_path / 'a.har'}: entry 2: its status is none that HTTP has",
        f"{tmp_path / 'a.har'}: entry 4: its answer is in the file ../x beside the HAR file, which can't be read",
    ]


def test_a_har_file_in_an_archive_with_the_bodies_beside_it(tmp_path: Path) -> None:
    """As Playwright writes `har.zip`."""
    answer = messages_start() + messages_text("Hi") + messages_end()
    with zipfile.ZipFile(tmp_path / "run.har.zip", "w") as archive:
        archive.writestr("har.har", json.dumps({"log": {"entries": [entry({"size": 9, "_file": "abc.dat"})]}}))
        archive.writestr("abc.dat", answer)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("abc.dat", answer)
    (tmp_path / "broken.zip").write_bytes((tmp_path / "run.har.zip").read_bytes()[:60])
    done = called("read", *(str(tmp_path / name) for name in ("run.har.zip", "other.zip", "broken.zip")), "--json")
    assert [(one["id"], one["text"]) for one in map(json.loads, done.stdout.splitlines())] == [("run.har.zip#1", "Hi")]
    assert done.returncode == 1
    assert ["a zip archive" in line for line in done.stderr.splitlines()] == [True, True]


def test_what_the_recorder_did_is_told_as_the_recorder_s(tmp_path: Path) -> None:
    answer = messages_start() + messages_text("Hi") + messages_end()
    (tmp_path / "a.http").write_bytes(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + answer)
    said = called("read", str(tmp_path / "a.http"))
    assert said.stdout.startswith("Recorder: The head says that the body is packed (gzip), but it is not")
    facts = json.loads(called("read", str(tmp_path / "a.http"), "--json").stdout)
    assert (facts["outcome"], len(facts["recorder"])) == ("completed", 1)
    assert "gzip" not in json.dumps(facts["findings"])


def test_a_cassette_without_a_call_to_a_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("interactions:\n- request: {}\nversion: 1\n")
    for options in ((), ("--protocol", "openai-chat")):
        done = called("read", str(tmp_path / "a.yaml"), *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert "of the 1 call that vcrpy kept none is" in done.stderr


def test_a_folder_is_all_files_in_it(tmp_path: Path) -> None:
    for name in ("b.sse", "a.sse", ".hidden", "picture.png"):
        (tmp_path / name).write_bytes(messages_start() + messages_text(name) + messages_end())
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "within").mkdir()
    done = called("read", str(tmp_path), "--json")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a.sse", "b.sse"]
    assert (done.returncode, "picture.png: this is a picture" in done.stderr) == (1, True)
    empty = called("read", str(tmp_path / "within"))
    assert (empty.returncode, "no file is in this folder" in empty.stderr) == (2, True)


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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"from openai import OpenAI\n", "x.txt holds no answer of a model API, neither events (lines of `data:`) nor JSON"),
        (b"[profile.x]\nbase_url = 1\n", "x.txt holds no answer of a model API"),
        (b"\n \n", "x.txt holds blank lines alone"),
        (
            b'{"model":"l","created_at":"2026","done":false}\n{"model":"l","created_at":"2026","done":true}\n',
            "Ollama's own API",
        ),
        (b'[{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}]', "Gemini's own API"),
        (b'data: {"candidates":[]}\n\n', "Gemini's own API"),
        (b'{"object":"list","data":[{"id":"m","object":"model"}]}', "x.txt is a list (of models, embeddings), no answer"),
        (b'{"x":1}', "x.txt does not tell which protocol it is in"),
    ],
)
def test_what_tells_no_protocol_is_named_and_stops_no_other_file(tmp_path: Path, data: bytes, said: str) -> None:
    first, second = tmp_path / "x.txt", tmp_path / "y.sse"
    first.write_bytes(data)
    second.write_bytes(messages_start() + messages_text("Hi") + messages_end())
    read = called("read", str(first), str(second))
    assert said in read.stderr
    assert "Hi" in read.stdout
    assert read.returncode == 2


def test_lines_that_are_no_exchanges_are_named_once(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text('{"custom_id":"a","response":{"body":{}}}\n' * 3)
    read = called("read", str(file))
    assert read.stderr.count("results of a batch") == 1


def test_an_answer_that_curl_s_own_limit_stopped_is_no_fault_of_the_endpoint(tmp_path: Path) -> None:
    file = tmp_path / "x.sse"
    file.write_bytes(messages_start() + messages_text("Hi") + b"curl: (28) Operation timed out after 5001 milliseconds\n")
    read = called("read", str(file))
    assert "curl stopped it by itself" in read.stdout
    assert "where it was recorded" in read.stdout
    assert "You stopped" not in read.stdout
    assert "breaks" not in read.stdout
