"""Captures made elsewhere: bodies with and without their head, lines of exchanges."""

from __future__ import annotations

import gzip
import json

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture, Unread
from app.formats.captures import captures_in, from_body, from_json_lines, protocol_of
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
    read = {one.name: Exchange(one.recording).finish() for one in from_json_lines(text) if isinstance(one, Capture)}
    assert list(read) == ["1", "3"]
    assert [one.outcome for one in read.values()] == [Outcome.COMPLETED] * 2
    assert read["1"].recording.envelope.model == "m"


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b'{"protocol": "openai-chat"}', b"\xff"])
def test_a_line_that_is_none_is_named(line: bytes) -> None:
    good = json.dumps({"protocol": "openai-chat", "body": json.dumps(CHAT), "status": 200}).encode()
    first, second, third = from_json_lines(good + b"\n" + line + b"\n" + good)
    assert isinstance(first, Capture)
    assert isinstance(second, Unread)
    assert second.why.startswith("line 2 is no ")
    assert isinstance(third, Capture)


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


# -- what the program that saved it did ----------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
DOCUMENT = json.dumps(CHAT).encode()


def only(data: bytes, protocol: str | None = None) -> tuple[Exchange, tuple[str, ...]]:
    """The only answer in a text, and what is said of its recorder."""
    (one,) = captures_in(data, protocol)
    assert isinstance(one, Capture)
    assert one.name == ""
    return Exchange(one.recording).finish(), one.notes


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "gzip, br"])
@pytest.mark.parametrize("body", [STREAM, b"\n: ping\n\n" + STREAM, "é".encode() * 300 + b"\n\n" + STREAM])
def test_a_body_that_was_unpacked_under_a_head_that_says_packed(encoding: str, body: bytes) -> None:
    """`curl -i --compressed`, HTTPie, `wget -S --compression=auto`."""
    exchange, notes = only(HEAD + b"Content-Encoding: " + encoding.encode() + b"\r\n\r\n" + body, MESSAGES)
    assert (exchange.outcome, exchange.reading.text) == (Outcome.COMPLETED, "Hi")
    assert not {"F4", "F4a", "H2"} & {one.id for one in exchange.findings}
    assert encoding in notes[0]


def test_a_document_that_was_unpacked_tells_its_protocol() -> None:
    exchange, notes = only(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\n\r\n" + DOCUMENT)
    assert (exchange.outcome, len(notes)) == (Outcome.COMPLETED, 1)


@pytest.mark.parametrize(
    "packed", [gzip.compress(STREAM), gzip.compress(STREAM)[:-9], b"\x28\xb5\x2f\xfd damaged", b"\x01\x02\x03"]
)
def test_a_body_that_is_packed_keeps_its_label(packed: bytes) -> None:
    exchange, notes = only(HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed, MESSAGES)
    assert exchange.recording.content_encoding == "gzip"
    assert notes == ()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (HEAD, STREAM),
        (HEAD.replace(b"1.1", b"2"), STREAM),
        (HEAD + b"Trailer: X-Usage\r\n", STREAM.replace(b"\n", b"\r\n")),
        (HEAD.replace(b"text/event-stream", b"application/json"), DOCUMENT),
        (HEAD.replace(b"text/event-stream", b"application/json"), DOCUMENT + b"\n"),
    ],
)
def test_trailers_are_the_end_of_the_message_not_of_its_body(head: bytes, body: bytes) -> None:
    trailers = b"x-usage: 7\r\n" if b"Trailer" in head else b"x-usage: 7\r\nx-cost: 0.1\r\n"
    exchange, notes = only(head + b"\r\n" + body + trailers)
    assert exchange.outcome is Outcome.COMPLETED
    assert not {"C11", "C11a"} & {one.id for one in exchange.findings}
    assert "x-usage" in notes[0]


@pytest.mark.parametrize("left", [b"x-usage: 7\n", b"data: x\r\n", b"plain words\r\n", b"x-usage: 7"])
def test_text_behind_the_events_is_no_trailer(left: bytes) -> None:
    exchange, notes = only(HEAD + b"\r\n" + STREAM + left, MESSAGES)
    assert notes == ()
    assert bytes(exchange.recording.body.data).endswith(left)


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n", b"HTTP/1.1 100 Continue\r\n", b"HTTP/2 102 \r\n"]
)
@pytest.mark.parametrize("blank", [b"", b"\r\n"])
def test_a_head_of_1xx_is_not_the_answer_s(interim: bytes, blank: bytes) -> None:
    exchange, notes = only(interim + blank + interim + blank + HEAD + b"\r\n" + STREAM)
    assert (exchange.status, exchange.outcome, exchange.reading.text, notes) == (200, Outcome.COMPLETED, "Hi", ())


def test_several_answers_are_all_read() -> None:
    json_head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    failed = b'HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n\r\n{"error": {"message": "slow down"}}'
    found = list(captures_in(HEAD + b"\r\n" + STREAM + json_head + DOCUMENT + HEAD + b"\r\n" + STREAM, None))
    assert [(one.name, one.protocol) for one in found if isinstance(one, Capture)] == [
        ("1", MESSAGES), ("2", "openai-chat"), ("3", MESSAGES),
    ]  # fmt: skip
    chat = list(captures_in(failed + json_head + DOCUMENT, None))
    assert [one.protocol for one in chat if isinstance(one, Capture)] == ["openai-chat"] * 2
    untold = list(captures_in(failed + json_head + DOCUMENT + HEAD + b"\r\n" + STREAM, None))
    assert [type(one) for one in untold] == [Unread, Capture, Capture]
    assert isinstance(untold[0], Unread)
    assert (untold[0].name, "--protocol" in untold[0].advice) == ("1", True)


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 500 X\r\ncontent-type: text/html\r\n\r\n<html>oops</html>\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        HEAD + b"\r\n" + STREAM + b'POST /v1/messages HTTP/1.1\r\nHost: h\r\n\r\n{"model": "m"}\n\n',
        HEAD.replace(b"text/event-stream", b"application/json") + b"\r\n" + DOCUMENT + b"POST / HTTP/1.1\nHost: h\n\n{}\n\n",
    ],
)
def test_no_answer_behind_another_is_passed_over(first: bytes) -> None:
    one, two = captures_in(first + HEAD + b"\r\n" + STREAM, MESSAGES)
    assert isinstance(one, Capture)
    assert isinstance(two, Capture)
    assert b"POST" not in bytes(one.recording.body.data)
    assert Exchange(two.recording).finish().reading.text == "Hi"


def test_several_calls_of_curl_v() -> None:
    interim = b"< HTTP/1.1 103 Early Hints\r\n< Link: </x>\r\n< HTTP/1.1 100 Continue\r\n"
    head = b"< HTTP/1.1 200 OK\r\n< Content-Type: text/event-stream\r\n< \r\n"
    call = b"* Trying\n> POST /v1/messages HTTP/1.1\n> \n" + interim + head + STREAM
    found = list(captures_in(call + b"< x-usage: 7\r\n* Connection #0 to host h left intact\n" + call, None))
    assert [one.name for one in found] == ["1", "2"]
    for one in found:
        assert isinstance(one, Capture)
        assert bytes(one.recording.body.data) == STREAM


def test_a_head_within_a_running_answer_is_the_endpoint_s() -> None:
    page = b"HTTP/1.0 502 Bad Gateway\r\nServer: x\r\n\r\n" + b'{"error": "upstream"}'
    exchange, _ = only(HEAD + b"\r\n" + messages_start() + page, MESSAGES)
    assert exchange.status == 200
    assert bytes(exchange.recording.body.data).endswith(page)
