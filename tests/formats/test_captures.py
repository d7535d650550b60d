"""Captures made elsewhere: bodies with and without their head, lines of exchanges."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.captures import from_body, from_har, from_json_lines, protocol_of
from app.formats.wrappings import CaptureError
from tests.builders import messages_end, messages_start, messages_text

MESSAGES = "anthropic-messages"
STREAM = messages_start() + messages_text("Hi") + messages_end()
CHAT = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}  # fmt: skip


def test_a_body_alone_has_no_status_and_no_times() -> None:
    exchange = Exchange(from_body(STREAM, MESSAGES)).finish()
    assert (exchange.outcome, exchange.status, exchange.reading.text) == (Outcome.COMPLETED, 0, "Hi")
    assert exchange.timing.ttft is exchange.timing.total is None
    assert exchange.findings == []


def test_a_head_before_the_body_is_read() -> None:
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200 \r\ncontent-type: text/event-stream\r\n\r\n"
    exchange = Exchange(from_body(head + STREAM, MESSAGES)).finish()
    assert exchange.status == 200
    assert exchange.recording.head is not None
    assert exchange.recording.head.http_version == "HTTP/2"
    assert exchange.reading.text == "Hi"


def test_an_error_with_its_head_failed() -> None:
    body = b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'
    exchange = Exchange(from_body(b"HTTP/1.1 401 Unauthorized\n\n" + body, MESSAGES)).finish()
    assert (exchange.outcome, exchange.status) == (Outcome.FAILED, 401)
    assert exchange.reading.error is not None
    assert exchange.reading.error.message == "invalid x-api-key"


@pytest.mark.parametrize("body", [b"", b"\n", b"nonsense", b"HTTP/1.1 200 OK\r\n", b"data: [DONE]\n\n", b"{" * 2000])
def test_anything_is_read_and_nothing_completes_by_itself(body: bytes) -> None:
    for protocol in (MESSAGES, "openai-chat", "openai-responses"):
        assert Exchange(from_body(body, protocol)).finish().outcome is Outcome.FAILED


def test_lines_name_their_protocol_and_status() -> None:
    lines = [
        {"id": "1", "protocol": "openai-chat", "stream": False, "status": 200, "headers": {"content-type": ["text/json"]},
         "request": {"model": "m", "messages": []}, "body": json.dumps(CHAT)},
        {"id": "2", "protocol": "models", "status": 200, "body": "{}"},
        {"id": "3", "protocol": MESSAGES, "stream": True, "status": 200, "headers": {"content-encoding": "br"}, "request": None,
         "body": STREAM.decode()},
    ]  # fmt: skip
    text = "\n".join(json.dumps(line) for line in lines).encode() + b"\n\n"
    read = {entry: Exchange(recording).finish() for entry, _, recording in from_json_lines(text)}
    assert list(read) == ["1", "3"]
    assert [one.outcome for one in read.values()] == [Outcome.COMPLETED] * 2
    assert read["1"].recording.envelope.model == "m"


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b'{"protocol": "openai-chat"}', b"\xff"])
def test_a_line_that_is_none_is_named(line: bytes) -> None:
    good = json.dumps({"protocol": "openai-chat", "body": json.dumps(CHAT), "status": 200}).encode()
    with pytest.raises(CaptureError, match="line 2"):
        list(from_json_lines(good + b"\n" + line))


def har(*entries: tuple[str, Mapping[str, object]], method: str = "POST") -> bytes:
    """A HAR file of calls to these paths, with these contents as answers."""
    asked = {"text": json.dumps({"model": "claude-opus-4-8", "stream": True})}
    return json.dumps({"log": {"entries": [
        {"request": {"method": method, "url": f"https://relay.test{path}?beta=true", "headers": [], "postData": asked},
         "response": {"status": 200, "statusText": "OK", "content": content,
                      "headers": [{"name": "content-type", "value": "text/event-stream"},
                                  {"name": "content-encoding", "value": "gzip"}]}}
        for path, content in entries
    ]}}).encode()  # fmt: skip


def test_a_har_file_gives_its_calls_to_a_model() -> None:
    packed = {"encoding": "base64", "text": base64.b64encode(STREAM).decode()}
    data = har(("/logo.png", {"text": ""}), ("/v1/messages", {"text": STREAM.decode()}), ("/proxy/v1/messages", packed))
    read = {number: Exchange(recording).finish() for number, recording in from_har(data)}
    assert list(read) == ["2", "3"]
    for one in read.values():
        assert (one.outcome, one.status, one.reading.text, one.findings) == (Outcome.COMPLETED, 200, "Hi", [])
        assert one.recording.envelope.model == "claude-opus-4-8"
    assert [number for number, _ in from_har(har(("/v1/messages", {"text": ""})), MESSAGES)] == ["1"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (har(("/v1/embeddings", {"text": "{}"})), "none of the 1 entries is a call"),
        (har(("/v1/messages", {"text": "{}"}), method="GET"), "none of the 1 entries is a call"),
        (har(("/v1/messages", {"size": 0})), "browsers leave streams out"),
        (b'{"log": {"entries": [1]}}', "no HAR file"),
        (b'{"log": 1}', "no HAR file"),
        (b'{"log"', "no HAR file"),
    ],
)
def test_a_har_file_without_answers_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CaptureError, match=said):
        list(from_har(data))


@pytest.mark.parametrize(
    ("body", "protocol"),
    [
        (STREAM, MESSAGES),
        (b": ping\n\n" + STREAM, MESSAGES),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(STREAM), MESSAGES),
        (b'{"type": "error", "error": {"type": "api_error", "message": "x"}}', MESSAGES),
        (json.dumps(CHAT).encode(), "openai-chat"),
        (b'data: {"object": "chat.completion.chunk", "choices": []}\n\n', "openai-chat"),
        (b'event: response.created\ndata: {"type": "response.created"}\n\n', "openai-responses"),
        (b'{"error": {"message": "x"}}', ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_an_answer_tells_its_protocol_itself(body: bytes, protocol: str) -> None:
    assert protocol_of(body) == protocol


def test_what_the_head_calls_a_stream_is_one_however_it_is_packed() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
    exchange = Exchange(from_body(head + gzip.compress(STREAM), MESSAGES)).finish()
    assert exchange.reading.text == "Hi"
    assert [one.id for one in exchange.findings] == ["H2"]
