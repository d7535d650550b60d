"""Answers of the Messages API read as the official SDK reads them; and where the SDK fails, it was said that it would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.protocols.findings import Severity
from app.protocols.reading import Reading
from tests.protocols.catalogues import rules
from tests.protocols.messages.answers import (
    PLAIN,
    frame,
    frames,
    read,
    read_whole,
)
from tests.protocols.messages.test_findings import BROKEN
from tests.protocols.stored import Exchange, exchanges, sdk_params, transcript
from tests.sdks import anthropic

ID = "anthropic-messages"


class _Answer(BaseHTTPRequestHandler):
    """Answers every POST with what the server was told to."""

    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        status, kind, body = self.server.answer
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    answer: tuple[int, str, bytes] = (200, "text/plain", b"")


class Sdk:
    """The official client against a server on this machine that answers as told."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._http = anthropic.DefaultHttpxClient(trust_env=False)
        base_url = f"http://127.0.0.1:{server.server_port}"
        self.client = anthropic.Anthropic(api_key="k", base_url=base_url, max_retries=0, http_client=self._http)

    def stream(self, body: bytes) -> anthropic.types.beta.BetaMessage:
        self._server.answer = (200, "text/event-stream", body)
        ask: Any = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
        with self.client.beta.messages.stream(**ask) as stream:
            return stream.get_final_message()

    def create(self, body: bytes, status: int) -> anthropic.types.beta.BetaMessage:
        self._server.answer = (status, "application/json", body)
        ask: Any = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
        message = self.client.beta.messages.create(**ask)
        assert isinstance(message, anthropic.types.beta.BetaMessage)
        return message

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="module")
def sdk() -> Iterator[Sdk]:
    server = _Server(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    client = Sdk(server)
    yield client
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


def assert_reads_as(reading: Reading, message: anthropic.types.beta.BetaMessage) -> None:
    """Text, thinking, calls, blocks, stop, ids and counts as the SDK has them."""
    blocks = [block.to_dict() for block in message.content]
    for block in blocks:
        block.pop("parsed_output", None)
    assert reading.replay == blocks
    assert reading.text == "".join(str(block["text"]) for block in blocks if block["type"] == "text")
    assert reading.reasoning == "".join(str(block["thinking"]) for block in blocks if block["type"] == "thinking")
    calls = [(block["id"], block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"]
    assert [(call.id, call.name, call.arguments) for call in reading.tool_calls] == calls
    assert (reading.stop_reason, reading.model, reading.response_id) == (message.stop_reason, message.model, message.id)
    assert reading.usage is not None
    details = message.usage.output_tokens_details
    assert (
        reading.usage.input_tokens,
        reading.usage.output_tokens,
        reading.usage.cache_read_tokens,
        reading.usage.cache_write_tokens,
        reading.usage.reasoning_tokens,
    ) == (
        message.usage.input_tokens,
        message.usage.output_tokens,
        message.usage.cache_read_input_tokens,
        message.usage.cache_creation_input_tokens,
        details.thinking_tokens if details else None,
    )


def assert_faultless(reading: Reading) -> None:
    assert [finding.sentence for finding in reading.findings if finding.severity is not Severity.NOTE] == []
    assert reading.ended
    assert reading.error is None


@pytest.mark.parametrize("exchange", sdk_params(ID, stream=True))
def test_recorded_streams_read_as_the_sdk_reads_them(exchange: Exchange, sdk: Sdk) -> None:
    body = exchange["body"].encode()
    reading = read(body)
    assert_reads_as(reading, sdk.stream(body))
    assert_faultless(reading)


@pytest.mark.parametrize("exchange", sdk_params(ID, stream=False))
def test_recorded_answers_read_as_the_sdk_reads_them(exchange: Exchange, sdk: Sdk) -> None:
    body, status = exchange["body"].encode(), exchange["status"]
    reading = read_whole(body, status)
    if status == 200:
        assert_reads_as(reading, sdk.create(body, status))
        assert_faultless(reading)
        return
    with pytest.raises(anthropic.APIStatusError) as raised:
        sdk.create(body, status)
    assert reading.error is not None
    assert (reading.error.message, reading.error.type) == (_message_in(raised.value.body), raised.value.type)
    assert not reading.ended


def _message_in(body: Any) -> str:
    return str(body["error"]["message"])


@pytest.mark.parametrize("name", ["a_text", "a_tool", "a_think"])
def test_transcripts_read_as_the_sdk_reads_them(name: str, sdk: Sdk) -> None:
    body = transcript(name)
    reading = read(body)
    assert_reads_as(reading, sdk.stream(body))
    assert reading.findings == []
    assert reading.ended


def test_there_are_recordings_of_both_kinds() -> None:
    found = [exchange for exchange in exchanges() if exchange["protocol"] == ID]
    assert sum(exchange["stream"] for exchange in found) == 16
    assert sum(not exchange["stream"] and exchange["status"] == 200 for exchange in found) == 15
    assert sum(exchange["status"] >= 400 for exchange in found) == 2


# What breaks elsewhere: in the TypeScript SDK, or at the agent that has to run the tool (PROTOCOLS 9.6).
BREAKS_ELSEWHERE = {"A2", "A4", "A4b", "A5", "A14", "A15a", "A26", "A30", "A40"}


@pytest.mark.parametrize(("events", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_the_sdk_fails_where_it_is_said_to_and_only_there(events: list[Any], expected: list[str], sdk: Sdk) -> None:
    breaking = {one for one in expected if rules()[one].severity is Severity.BREAKS}
    if not breaking:
        sdk.stream(frames(*events))
    elif breaking - BREAKS_ELSEWHERE and "A2" not in breaking:  # behind a second start Python goes on, TypeScript does not
        with pytest.raises((AssertionError, RuntimeError, IndexError, AttributeError, TypeError)):
            sdk.stream(frames(*events))


@pytest.mark.parametrize("name", ["content in the start", "text in the block's start", "stop reason taken back"])
def test_what_the_sdk_keeps_is_read(name: str, sdk: Sdk) -> None:
    body = frames(*BROKEN[name][0])
    reading, message = read(body), sdk.stream(body)
    assert reading.text == "".join(block.text for block in message.content if block.type == "text")
    assert reading.text in ("Hello", "Hi")


@pytest.mark.parametrize(("at", "severity"), [(0, "breaks"), (1, "breaks"), (2, "note"), (3, "loses"), (6, "loses")])
def test_one_event_without_a_name_hurts_the_sdk_as_much_as_said(at: int, severity: str, sdk: Sdk) -> None:
    body = frames(*PLAIN[:at]) + frame(PLAIN[at], "") + frames(*PLAIN[at + 1 :])
    (finding,) = read(body).findings
    assert str(finding.severity) == severity
    if severity == "breaks":
        with pytest.raises((AssertionError, IndexError)):
            sdk.stream(body)
        return
    message = sdk.stream(body)
    whole = (message.stop_reason, [block.text for block in message.content if block.type == "text"]) == ("end_turn", ["Hello"])
    assert whole == (severity == "note")
