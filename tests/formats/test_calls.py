"""Calls that other programs kept: vcrpy's cassettes and API clients' reports, as those programs wrote them (`made/`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.calls import Call, captures_of_calls, protocol_of_call
from app.formats.capture import Capture, CaptureError, Unread
from app.formats.cassettes import calls_of_cassette, is_cassette
from app.formats.client_reports import calls_of_report
from app.formats.yaml_text import decode_yaml
from app.recording.records import Headed
from app.transfer.capture_files import captures_of

MADE = Path(__file__).parent / "made"
MESSAGES, CHAT = "anthropic-messages", "openai-chat"
HELLO, ASKED = "Hello! It is goo", "Hi 你好"


def read(path: Path) -> list[Capture]:
    found = list(captures_of(str(path), None))
    assert all(isinstance(one, Capture) for one in found)
    return [one for one in found if isinstance(one, Capture)]


@pytest.mark.parametrize(
    ("file", "recorder", "answers"),
    [
        ("vcrpy-9.4.2.yaml", "vcrpy", [(MESSAGES, HELLO, True), (CHAT, "Hello! It", False), (MESSAGES, HELLO, True)]),
        ("vcrpy-9.4.2.json", "vcrpy", [(MESSAGES, HELLO, True)]),
        ("bruno-4.1.0.json", "Bruno", [(MESSAGES, HELLO, True), (MESSAGES, HELLO, False)]),
        ("httpyac-6.16.7.json", "httpYac", [(CHAT, "Hello! It", True), (MESSAGES, HELLO, True)]),
        ("newman-6.2.2.json", "Newman", [(MESSAGES, HELLO, True)]),
    ],
)  # fmt: skip
def test_files_of_the_programs_themselves(file: str, recorder: str, answers: list[tuple[str, str, bool]]) -> None:
    found = read(MADE / file)
    texts = [Exchange(one.recording).finish().reading.text for one in found]
    assert [(one.protocol, text, one.recording.envelope.streamed) for one, text in zip(found, texts, strict=True)] == answers
    for one in found:
        exchange = Exchange(one.recording).finish()
        assert (exchange.outcome, exchange.status, one.recorder) == (Outcome.COMPLETED, 200, recorder)
        assert ASKED in json.loads(one.recording.request.body)["messages"][0]["content"]
        assert exchange.timing.total is None
        assert [finding for finding in exchange.findings if finding.id not in ("H1", "H2")] == []
    (packed, *_) = reversed(found)
    assert packed.recording.head is not None
    is_packed = ("content-encoding", "gzip") in packed.recording.head.headers
    assert is_packed == (file == "vcrpy-9.4.2.yaml")  # as it came


def test_a_json_answer_that_was_kept_as_values_says_so() -> None:
    streamed, plain = read(MADE / "bruno-4.1.0.json")
    assert (streamed.notes, len(plain.notes)) == ((), 1)
    assert "Bruno keeps a JSON answer as values" in plain.notes[0]


def cassette(**response: object) -> bytes:
    request = {"method": "POST", "uri": "https://h.test/v1/messages", "body": '{"model": "m"}'}
    return json.dumps({"version": 1, "interactions": [{"request": request, "response": response}]}).encode()


@pytest.mark.parametrize(
    ("response", "why"),
    [
        ({"status": {"code": 200}, "body": {}}, "no body"),
        ({"status": {"code": "many"}, "body": {"string": "x"}}, "status"),
        ({"status": 200, "body": {"string": "x"}}, "status"),
        ({"status": {"code": 2000}, "body": {"string": "x"}}, "status"),
    ],
)
def test_a_call_that_can_not_be_read_is_named(response: dict[str, object], why: str) -> None:
    (one,) = captures_of_calls(*calls_of_cassette(cassette(**response)), None)
    assert isinstance(one, Unread)
    assert one.why.startswith("call 1: ")
    assert why in one.why


@pytest.mark.parametrize(
    "data",
    [b"interactions: [", b"interactions: 7\n", b'{"interactions": 7}', b'{"interactions": [', b"interactions: " + b"[" * 5000,
     b"interactions:\n- !!python/object/apply:os.getcwd []\n", b"interactions: &a\n- *b\n", b"interactions: \xff\n"],
)  # fmt: skip
def test_a_cassette_that_can_not_be_read(data: bytes) -> None:
    assert is_cassette(data)
    with pytest.raises(CaptureError, match="begins as a cassette of recorded calls, and can't be read"):
        calls_of_cassette(data)


def test_no_reference_in_yaml_is_made_larger() -> None:
    rows = ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 40))]
    assert decode_yaml("\n".join(rows).encode())["a0"] == {"x": 1}


def test_a_failed_call_of_a_report_says_why() -> None:
    request = {"method": "POST", "url": "http://127.0.0.1:1/v1/messages", "data": "{}"}
    run = {"request": request, "response": {"status": "error"}, "error": "connect ECONNREFUSED 127.0.0.1:1"}
    found = calls_of_report(json.dumps([{"iterationIndex": 0, "results": [run]}]).encode())
    assert found is not None
    (one,) = captures_of_calls(*found, None)
    assert isinstance(one, Unread)
    assert one.why == "call 1: no answer came (connect ECONNREFUSED 127.0.0.1:1)"


def test_the_saved_answers_of_a_postman_collection() -> None:
    body = '{"id": "x", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "Hi"}]}'
    url = {"raw": "https://h.test/v1/messages?beta=true"}
    asked = {"method": "POST", "url": url, "body": {"raw": '{"model": "m"}'}}
    example = {
        "originalRequest": asked,
        "code": 200,
        "header": [{"key": "content-type", "value": "application/json"}],
        "body": body,
    }
    nested: dict[str, object] = {"name": "folder", "item": [{"name": "ask", "response": [example]}]}
    found = calls_of_report(json.dumps({"info": {}, "item": [nested]}).encode())
    assert found is not None
    (one,) = captures_of_calls(*found, None)
    assert isinstance(one, Capture)
    assert (one.recorder, Exchange(one.recording).finish().reading.text) == ("Postman", "Hi")
    with pytest.raises(CaptureError, match="without a saved answer"):
        calls_of_report(b'{"info": {}, "item": [{"request": {}}]}')


def test_what_is_no_report_is_none() -> None:
    assert calls_of_report(b'{"type": "message"}') is None
    assert calls_of_report(b'{"_meta": 1, "broken') is None
    assert calls_of_report(b'{"info": 1}') is None


def test_only_calls_to_a_model_are_read() -> None:
    head = Headed(200, "OK", "", ())
    calls = [Call("GET", "https://h.test/v1/messages", head=head), Call("post", "https://h.test/x/v1/responses", head=head),
             Call("POST", "https://h.test/v1/messages", head=head), Call("POST", "http://[", head=head)]  # fmt: skip
    assert [(one.name, one.protocol) for one in captures_of_calls(calls, "x", None) if isinstance(one, Capture)] == [
        ("2", "openai-responses"), ("3", MESSAGES)
    ]  # fmt: skip
    assert [one.name for one in captures_of_calls(calls, "x", MESSAGES)] == ["3"]
    with pytest.raises(CaptureError, match="of the 4 calls that Bruno kept none is"):
        list(captures_of_calls(calls, "Bruno", CHAT))
    assert protocol_of_call("POST", "https://h.test/v1/messages?beta=true") == MESSAGES
