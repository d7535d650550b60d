"""Cassettes that Diptych writes: read again they are the same answers; vcrpy 9.4.2 plays them back (tried by hand)."""

from __future__ import annotations

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.formats.calls import captures_of_calls
from app.formats.capture import Capture
from app.formats.cassette_export import as_cassette
from app.formats.cassettes import calls_of_cassette, is_cassette
from app.recording.recording import Recording
from tests.builders import JSON, calling, messages_end, messages_start, messages_text, recording

KEY = "sk-ant-canary-7f3a9c51e8d24b60"
STREAM = messages_start() + messages_text("Grüße aus 世界 🙂 \u2028 \x85 - 'x': \"y\" ~ null") + messages_end()


@pytest.mark.parametrize(
    "made",
    [
        recording([(600, STREAM)]),
        recording([(600, STREAM.replace(b"\n", b"\r\n"))]),
        recording([(600, b"data: \xff\xfe\0\n\n")]),
        recording([(600, calling("{}"))], protocol="openai-chat", headers=JSON, streamed=False),
    ],
    ids=["stream", "CRLF", "no UTF-8", "document"],
)
def test_what_is_written_is_read_again(made: Recording) -> None:
    path = "chat/completions" if made.envelope.protocol == "openai-chat" else "messages"
    body = msgspec.json.encode({"model": made.envelope.model, "stream": made.envelope.streamed})
    url, headers = f"https://h.example/v1/{path}?api_key={KEY}", (("x-api-key", KEY), ("content-type", "application/json"))
    made.request = msgspec.structs.replace(made.request, url=url, body=body, headers=headers)
    before = Exchange(made).finish()
    for as_json in (False, True):
        data = b"".join(as_cassette([before, before], as_json=as_json))
        assert is_cassette(data)
        assert KEY.encode() not in data
        assert data.startswith(b"{") is as_json
        if as_json and b"\xff" in made.body.data:  # it holds no bytes that are no text
            assert b"\\ufffd" in msgspec.json.format(data) or "\ufffd".encode() in data
            continue
        _same(data, made, before, body)


def _same(data: bytes, made: Recording, before: Exchange, body: bytes) -> None:
    found = list(captures_of_calls(*calls_of_cassette(data), None))
    assert len(found) == 2
    for one in found:
        assert isinstance(one, Capture)
        after = Exchange(one.recording).finish()
        assert after.recording.body.data == made.body.data
        assert after.reading == before.reading
        assert after.outcome is before.outcome
        assert one.recording.request.body == body


def test_an_exchange_without_an_answer_is_left_out() -> None:
    made = recording([(600, STREAM)])
    made.head = None
    assert b"".join(as_cassette([Exchange(made).finish()])) == b"interactions:\nversion: 1\n"
