"""What libraries for tests record, in the forms that they were seen to write, of one streamed answer and one refusal each."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.exchange.exchange import Exchange, Outcome
from app.formats.calls import Call
from app.formats.capture import Capture
from app.formats.cassettes import calls_of_cassette
from app.formats.mock_recordings import calls_of_mocks
from app.transfer.capture_files import captures_of
from tests.builders import messages_end, messages_start, messages_text

WORDS = "Grüße aus 世界"
STREAM = messages_start() + messages_text("WORDS").replace(b"WORDS", WORDS.encode()) + messages_end()
REFUSED = {"type": "error", "error": {"type": "rate_limit_error", "message": "Too many."}}
REFUSAL = json.dumps(REFUSED).encode()
ASKED = {"model": "m-1", "stream": True, "messages": []}
SENT = json.dumps(ASKED)
URL, SSE, JSON = "http://relay.test/v1/messages", "text/event-stream", "application/json"
AS_VALUES = "keeps a JSON answer as values"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def vcr(body: Callable[[bytes], Any], recorded_with: str, method: str = "post") -> dict[str, Any]:
    """As VCR for Ruby and betamax have it."""
    answers = ((200, SSE, STREAM), (429, JSON, REFUSAL))
    return {
        "http_interactions": [
            {"request": {"method": method, "uri": URL, "body": {"encoding": "UTF-8", "string": SENT}, "headers": {}},
             "response": {"status": {"code": status, "message": "x"}, "headers": {"Content-Type": [kind]}, "body": body(data)},
             "recorded_at": "Mon, 30 Nov 2026 22:00:15 GMT"}
            for status, kind, data in answers
        ],
        "recorded_with": recorded_with,
    }  # fmt: skip


def of_ruby() -> bytes:
    """With bytes as Ruby's Psych writes them."""
    text = "---\n" + yaml.safe_dump(vcr(lambda data: {"encoding": "ASCII-8BIT", "string": data}, "VCR 5.0.0"), sort_keys=False)
    return text.replace("!!binary", "!binary").encode()


def of_go() -> bytes:
    answers = (("200 OK", SSE, STREAM), ("429 Too Many Requests", JSON, REFUSAL))
    made = {"version": 2, "interactions": [
        {"id": number, "request": {"proto": "HTTP/1.1", "body": SENT, "headers": {}, "url": URL, "method": "POST"},
         "response": {"proto": "HTTP/1.1", "transfer_encoding": ["chunked"], "uncompressed": False, "body": data.decode(),
                      "headers": {"Content-Type": [kind]}, "status": status, "code": int(status[:3]), "duration": "245.2ms"}}
        for number, (status, kind, data) in enumerate(answers)
    ]}  # fmt: skip
    return ("---\n" + yaml.safe_dump(made, sort_keys=False, allow_unicode=True)).encode()


def of_pydantic_ai() -> bytes:
    answers = ((200, {"body": {"string": STREAM.decode()}}), (429, {"parsed_body": REFUSED}))
    made = {"interactions": [
        {"request": {"headers": {}, "method": "POST", "parsed_body": ASKED, "uri": URL},
         "response": {"headers": {}, "status": {"code": status, "message": "x"}, **body}}
        for status, body in answers
    ], "version": 1}  # fmt: skip
    return yaml.safe_dump(made, sort_keys=False, allow_unicode=True).encode()


def of_nock() -> bytes:
    both = {"scope": "http://relay.test:80", "method": "POST", "path": "/v1/messages", "body": ASKED}
    packed = gzip.compress(STREAM).hex()
    made = [
        {**both, "status": 200, "response": [packed[:20], packed[20:]], "responseIsBinary": False,
         "rawHeaders": {"content-type": SSE, "content-encoding": "gzip"}},
        {**both, "status": 429, "response": REFUSED, "responseIsBinary": False, "rawHeaders": ["content-type", JSON]},
    ]  # fmt: skip
    return json.dumps(made, indent=2).encode()


def of_undici() -> bytes:
    answers = ((200, SSE, STREAM), (429, JSON, REFUSAL))
    responses = [
        {"statusCode": status, "headers": {"content-type": kind}, "body": encoded(data), "trailers": {}}
        for status, kind, data in answers
    ]
    request = {"method": "POST", "url": URL, "headers": {}, "body": SENT}
    return json.dumps(
        [{"hash": "x_", "snapshot": {"request": request, "responses": responses, "callCount": 0}}], indent=2
    ).encode()


def of_responses() -> bytes:
    answers = ((200, SSE, STREAM.decode("latin-1")), (429, JSON, REFUSAL.decode()))
    made = {"responses": [
        {"response": {"auto_calculate_content_length": False, "body": text, "content_type": kind, "headers": {"x-id": "1"},
                      "method": "POST", "status": status, "url": URL}}
        for status, kind, text in answers
    ]}  # fmt: skip
    return yaml.safe_dump(made).encode()


@pytest.mark.parametrize(
    ("data", "recorder", "notes"),
    [
        (of_ruby(), "VCR for Ruby", ("", "")),
        (json.dumps(vcr(lambda data: {"encoding": "UTF-8", "string": data.decode()}, "VCR 5.0.0")).encode(),
         "VCR for Ruby", ("", "")),
        (json.dumps(vcr(lambda data: {"encoding": "utf-8", "base64_string": encoded(data)}, "betamax/0.9.0", "POST")).encode(),
         "betamax", ("", "")),
        (json.dumps(vcr(lambda data: {"encoding": "ISO-8859-1", "string": data.decode("latin-1")}, "betamax/0.9.0")).encode(),
         "betamax", ("", "")),
        (of_go(), "go-vcr", ("", "")),
        (of_pydantic_ai(), "vcrpy", ("", AS_VALUES)),
        (of_nock(), "nock", ("", AS_VALUES)),
        (of_undici(), "undici", ("", "")),
        (of_responses(), "responses", ("took the answer's UTF-8 for Latin-1", "")),
    ],
    ids=["vcr-yaml", "vcr-json", "betamax-bytes", "betamax", "go-vcr", "pydantic-ai", "nock", "undici", "responses"],
)  # fmt: skip
def test_a_streamed_answer_and_a_refusal(data: bytes, recorder: str, notes: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(data)
    found = [one for one in captures_of(str(tmp_path / "kept"), None) if isinstance(one, Capture)]
    streamed, refused = (Exchange(one.recording).finish() for one in found)
    assert [one.recorder for one in found] == [recorder, recorder]
    assert (streamed.outcome, streamed.status, streamed.reading.text) == (Outcome.COMPLETED, 200, WORDS)
    assert [finding for finding in streamed.findings if finding.severity != "note"] == []
    assert (refused.outcome, refused.status, bytes(refused.decoded.data).replace(b": ", b":").replace(b", ", b",")) == (
        Outcome.FAILED, 429, REFUSAL.replace(b": ", b":").replace(b", ", b",")
    )  # fmt: skip
    for one, note in zip(found, notes, strict=True):
        assert [note in said for said in one.notes] == ([True] if note else [])
        assert Exchange(one.recording).finish().timing.total is None
        assert recorder == "responses" or json.loads(one.recording.request.body) == ASKED


@pytest.mark.parametrize(
    "change",
    [lambda one: one.update(status="many"), lambda one: one.update(response="xyz", responseIsBinary=True),
     lambda one: one.update(response=["xyz"], rawHeaders={"content-encoding": "gzip"})],
)  # fmt: skip
def test_an_answer_that_can_not_be_read_stops_no_other(change: Callable[[dict[str, Any]], None]) -> None:
    made = json.loads(of_nock())
    change(made[0])
    found = calls_of_mocks(json.dumps(made).encode())
    assert found is not None
    assert [bool(one.fault) for one in found[0]] == [True, False]


def test_a_body_that_json_has_not_is_none() -> None:
    calls, _ = calls_of_cassette(of_pydantic_ai().replace(b"message: Too many.", b"message: 2026-11-30"))
    assert [one.fault for one in calls] == ["", "its answer has no body"]


def test_what_only_begins_so_is_none() -> None:
    assert calls_of_mocks(b'[{"scope": "x", ') is None
    assert calls_of_mocks(b"responses:\n- response:\n  - [") is None
    nothing = Call("POST", "", fault="its status is none that HTTP has")
    assert calls_of_mocks(b"responses:\n- response:\n    body: x\n    method: POST\n") == ([nothing], "responses")
