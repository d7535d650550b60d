"""Files of any kind: how much of one is read before it is told what it is."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from app.exchange.exchange import Exchange
from app.formats.capture import Capture, CaptureError, Unread
from app.transfer.capture_files import UntoldProtocolError, captures_of
from tests.builders import messages_end, messages_start, messages_text

REQUEST = {"method": "POST", "url": "http://relay.test/v1/messages", "data": "{}", "uri": "http://relay.test/v1/messages"}
BODY = (messages_start() + messages_text("Hi") + messages_end()).decode()
BRUNO = [{"iterationIndex": 0, "results": [{"request": REQUEST, "response": {"status": 200, "headers": {}, "data": BODY}}]}]
ANSWER = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": BODY}}
CASSETTE = {"version": 1, "interactions": [{"request": {**REQUEST, "body": None}, "response": ANSWER}]}
LOGGED = {"method": "POST", "url": REQUEST["url"], "headers": []}
SEEN = {"status": 200, "headers": [], "content": {"mimeType": "text/event-stream; charset=utf-8", "text": BODY}}
HAR = {"log": {"creator": {"name": "x"}, "entries": [{"request": LOGGED, "response": SEEN}]}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("document", [BRUNO, CASSETTE, HAR], ids=["bruno", "cassette", "har"])
def test_a_document_in_any_encoding_of_an_editor(document: object, encoding: str, tmp_path: Path) -> None:
    """PowerShell's redirection writes UTF-16."""
    for name, indent in (("kept.json", 1), ("kept.jsonl", 1), ("kept.jsonl", None)):
        (tmp_path / name).write_bytes(json.dumps(document, indent=indent).encode(encoding))
        (one,) = captures_of(str(tmp_path / name), None)
        assert isinstance(one, Capture)
        assert Exchange(one.recording).finish().reading.text == "Hi"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (json.dumps(BRUNO)[:90], r"begins as JSON, and is damaged or cut off \(Unterminated string"),
        (json.dumps(BRUNO, indent=1)[:90], r"begins as JSON, and is damaged or cut off \("),
        ('{"run": 1}\n{"run": 2}', "does not tell which protocol"),
        ('{"run": 1}', "does not tell which protocol"),
        ('{"protocol": "http", "body": {}, "cut', "damaged or cut off"),
    ],
)
def test_a_document_that_is_cut_off_is_not_one_of_an_unknown_protocol(data: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text(data)
    with pytest.raises(UntoldProtocolError, match=said):
        list(captures_of(str(tmp_path / "kept.json"), None))


def test_a_name_does_not_make_lines_of_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "kept.jsonl").write_text(BODY)
    (one,) = captures_of(str(tmp_path / "kept.jsonl"), None)
    assert isinstance(one, Capture)
    (tmp_path / "kept.jsonl").write_text('cut line"}\n{"protocol": "anthropic-messages", "body": ""}\n')
    assert [type(one) for one in captures_of(str(tmp_path / "kept.jsonl"), None)] == [Unread, Capture]


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs a pipe that has a name")
def test_a_pipe_without_an_end_is_told_by_its_first_four_kilobytes() -> None:
    """Those are awaited, and nothing behind them."""
    read, write = os.pipe()
    refused: list[str] = []

    def look() -> None:
        with pytest.raises(CaptureError) as raised:
            list(captures_of(f"/dev/fd/{read}", None))
        refused.append(str(raised.value))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        os.write(write, (b"x" * 3000 + b"\xff\0").ljust(4096, b"x"))
        thread.join(30)
        assert [said.startswith("this is binary") for said in refused] == [True]
    finally:
        os.close(write)
        thread.join()
        os.close(read)
