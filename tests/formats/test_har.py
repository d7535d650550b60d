"""HAR files as their recorders write them: which entries are calls, and what the recorder did to the answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture, CaptureError, Unread
from app.formats.har import from_har
from tests.builders import messages_end, messages_start, messages_text

MESSAGES = "anthropic-messages"
STREAM = messages_start() + messages_text("Hi") + messages_end()
WORDS = "Grüße aus 世界: “…” ok"
FOREIGN = (messages_start() + messages_text("WORDS") + messages_end()).replace(b"WORDS", WORDS.encode())
FAR = 98765  # stands for a number that no float holds
WEB = {0x81: "\x81", 0x8D: "\x8d", 0x8F: "\x8f", 0x90: "\x90", 0x9D: "\x9d"}


def as_windows(data: bytes) -> str:
    """As browsers read windows-1252."""
    return "".join(WEB.get(byte) or bytes([byte]).decode("cp1252") for byte in data)


def entry(given: Mapping[str, object] | None, path: str = "/v1/messages", **fields: Any) -> dict[str, Any]:
    """A call; `fields` replace those of the request (method, postData), of the answer (status, headers), or are the entry's."""
    asked = {"text": json.dumps({"model": "claude-opus-4-8", "stream": True})}
    request = {"method": "POST", "url": f"https://relay.test{path}?beta=true", "headers": [], "postData": asked}
    headers = [{"name": "content-type", "value": "text/event-stream"}, {"name": "content-encoding", "value": "gzip"}]
    response = {"status": 200, "statusText": "OK", "content": given, "headers": headers}
    for name, value in fields.items():
        (request if name in request else response)[name] = value
    own = {name: fields[name] for name in fields if name.startswith("_eventSource")}
    return {"request": request, "response": response, **own}


def har(*entries: object, creator: object = "Some recorder") -> bytes:
    return json.dumps({"log": {"creator": {"name": creator}, "entries": entries}}).encode().replace(b"98765", b"1e999")


def read(data: bytes) -> list[tuple[str, Exchange]]:
    """Of each call its number and what it is; all must be there."""
    found = list(from_har(data))
    assert all(isinstance(one, Capture) for one in found)
    return [(one.name, Exchange(one.recording).finish()) for one in found if isinstance(one, Capture)]


def test_a_har_file_gives_its_calls_to_a_model() -> None:
    packed = {"encoding": "base64", "text": base64.b64encode(STREAM).decode()}
    calls = [entry({"text": ""}, "/logo.png"), entry({"text": STREAM.decode()}), entry(packed, "/proxy/v1/messages")]
    found = read(har(*calls))
    assert [name for name, _ in found] == ["2", "3"]
    for _, one in found:
        assert (one.outcome, one.status, one.reading.text, one.findings) == (Outcome.COMPLETED, 200, "Hi", [])
        assert one.recording.envelope.model == "claude-opus-4-8"
    assert [one.name for one in from_har(har(entry({"text": ""})), MESSAGES)] == ["1"]
    with pytest.raises(CaptureError, match="of the 3 entries that Some recorder recorded none is a call"):
        list(from_har(har(*calls), "openai-chat"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (har(entry({"text": "{}"}, "/v1/embeddings")), "of the 1 entry that Some recorder recorded none is a call"),
        (har(entry({"text": "{}"}, method="GET")), "of the 1 entry that Some recorder recorded none is a call"),
        (b'{"log": 1}', "no HAR file"),
        (b'{"log": {"entries": 7}}', "no HAR file"),
        (b'{"log"', "damaged, or cut off"),
        (b"[]", "no HAR file"),
        (b"", "it is empty"),
        (b"<!DOCTYPE html><html><title>502</title></html>", "a web page"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
    ],
)
def test_a_har_file_without_calls_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(CaptureError, match=said):
        list(from_har(data))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (1, "`request`"),
        ({}, "`request`"),
        (entry({"text": "x"}, url=7), "no address"),
        (entry({"text": "x"}) | {"response": None}, "`response`"),
        (entry({"text": "x"}, status="many"), "status"),
        (entry({"text": "x"}, status=[]), "status"),
        (entry({"text": "x"}, status=FAR), "status"),
        (entry({"text": "x"}, status=None), "status"),
        (entry({"text": "x"}, status=0, _error="net::ERR_FAILED"), "ERR_FAILED"),
        (entry({"text": 7}), "no text"),
        (entry({"text": "no base64!", "encoding": "base64"}), "base64"),
        (entry({"text": "Grüße", "encoding": "base64"}), "base64"),
        (entry({}, content=[]), "`content`"),
        (entry({"text": "x"}, headers=None) | {"response": {"status": 200, "content": {"text": "x"}, "headers": 7}}, "headers"),
        (entry({"size": 0}), "browsers leave streams out"),
        (entry({}), "browsers leave streams out"),
        (entry(None), "browsers leave streams out"),
        (entry({"text": "", "size": 0}, postData={"text": None}), "neither the request's body nor the answer's"),
        (entry({"text": "", "size": 700}), "neither the request's body nor the answer's"),
        (entry({"size": 9, "_file": "abc.dat"}), "abc.dat beside the HAR file"),
        (entry({"size": 9}, _eventSourceMessages=[{"time": 1.0, "eventName": "x"}]), "did not end"),
    ],
)
def test_what_can_not_be_read_is_named_and_the_others_are_read(wrong: object, said: str) -> None:
    first, second, third = from_har(har(entry({"text": STREAM.decode()}), wrong, entry({"text": STREAM.decode()})))
    assert isinstance(second, Unread)
    assert said in second.why
    assert second.why.startswith("entry 2: ")
    for one in (first, third):
        assert isinstance(one, Capture)
        assert Exchange(one.recording).finish().reading.text == "Hi"


@pytest.mark.parametrize(
    "fields", [{"headers": None}, {"headers": {"content-type": "text/event-stream"}}, {"postData": '{"stream": true}'},
               {"postData": {"text": 7}}, {"postData": None}, {"status": "200"}, {"statusText": None}],
)  # fmt: skip
def test_what_only_looks_odd_is_read(fields: dict[str, Any]) -> None:
    made = entry({"text": STREAM.decode()})
    for name, value in fields.items():
        made["request" if name == "postData" else "response"][name] = value
    ((_, one),) = read(har(made))
    assert (one.outcome, one.reading.text) == (Outcome.COMPLETED, "Hi")


LATIN, WINDOWS, RIGHT = FOREIGN.decode("latin-1"), as_windows(FOREIGN), FOREIGN.decode()
SSE, JSON = "text/event-stream", "application/json"


@pytest.mark.parametrize(
    ("creator", "mime", "text", "size", "noted"),
    [
        ("mitmproxy", SSE, LATIN, 1, "mitmproxy took the answer's UTF-8 for Latin-1"),
        ("WebInspector", SSE, WINDOWS, 1, "WebInspector took the answer's UTF-8 for windows-1252"),
        ("Playwright", SSE, WINDOWS, len(WINDOWS.encode()), "Playwright took the answer's UTF-8 for windows-1252"),
        ("Other", SSE, WINDOWS, len(FOREIGN), "Other took the answer's UTF-8 for windows-1252"),
        ("", "", LATIN, -1, "The program that wrote the file took"),
        ("WebInspector", SSE, RIGHT, 1, ""),
        ("Firefox", SSE, RIGHT, 1, ""),
        ("Other", SSE + "; charset=utf-8", RIGHT, 1, ""),
        ("mitmproxy", SSE + ";charset=iso-8859-1", LATIN, 1, ""),
        ("WebInspector", SSE + '; charset="ISO-8859-1"', WINDOWS, 1, ""),
        ("WebInspector", SSE + "; charset=windows-1252", WINDOWS, 1, ""),
    ],
)
def test_a_charset_that_the_recorder_mistook_is_put_right(creator: str, mime: str, text: str, size: int, noted: str) -> None:
    (one,) = from_har(har(entry({"text": text, "mimeType": mime, "size": size}), creator=creator))
    assert isinstance(one, Capture)
    exchange = Exchange(one.recording).finish()
    assert exchange.reading.text == WORDS
    assert [said for said in (noted,) if said] == [noted for said in one.notes if said.startswith(noted)]
    assert bool(one.notes) == bool(noted)
    assert bytes(one.recording.body.data) == FOREIGN


@pytest.mark.parametrize(
    ("creator", "mime", "right_size"),
    [("Firefox", SSE, False), ("Other", SSE, True), ("Other", SSE + "; charset=utf-8", False), ("mitmproxy", JSON, False)],
)
def test_what_the_endpoint_did_stays_the_endpoint_s(creator: str, mime: str, *, right_size: bool) -> None:
    """Text that really is UTF-8 encoded twice: the recorder read it rightly, so it is the endpoint's fault."""
    twice = FOREIGN.replace(WORDS.encode(), "GrÃ¼Ã\u009fe".encode())
    content = {"text": twice.decode(), "mimeType": mime, "size": len(twice) if right_size else 3}
    (one,) = from_har(har(entry(content), creator=creator))
    assert isinstance(one, Capture)
    assert one.notes == ()
    assert Exchange(one.recording).finish().reading.text == "GrÃ¼Ã\u009fe"


def test_a_text_that_was_cut_in_a_character_is_put_right_too() -> None:
    cut = FOREIGN[: FOREIGN.index("世".encode()) + 2].decode("latin-1")
    (one,) = from_har(har(entry({"text": cut, "mimeType": SSE}), creator="mitmproxy"))
    assert isinstance(one, Capture)
    assert bytes(one.recording.body.data) == cut.encode("latin-1")


def test_bodies_that_mitmproxy_let_through() -> None:
    (one,) = from_har(har(entry({"text": "", "size": 0}, postData={"text": None}), creator="mitmproxy"))
    assert isinstance(one, Unread)
    assert "store_streamed_bodies" in one.why


def test_a_stream_that_the_browser_stopped_is_made_of_its_events() -> None:
    events = [
        {
            "time": 1.5,
            "eventName": block.split("\n")[0].removeprefix("event: "),
            "data": block.split("\n")[1].removeprefix("data: "),
        }
        for block in (messages_start() + messages_text("Hi")).decode().strip().split("\n\n")
    ]
    (one,) = from_har(har(entry({"size": 9}, _error="net::ERR_ABORTED", _eventSourceMessages=events)))
    assert isinstance(one, Capture)
    exchange = Exchange(one.recording).finish()
    assert (exchange.outcome, exchange.reading.text) == (Outcome.CANCELLED, "Hi")
    assert exchange.findings == []
    assert "net::ERR_ABORTED" in one.notes[0]


def test_bodies_that_lie_beside_the_file() -> None:
    attached = {"abc.dat": STREAM}
    (one,) = from_har(har(entry({"size": 9, "_file": "abc.dat"}), creator="Playwright"), beside=attached.get)
    assert isinstance(one, Capture)
    assert Exchange(one.recording).finish().reading.text == "Hi"


def test_a_lone_surrogate_or_bytes_that_are_no_utf8_stop_no_other_entry() -> None:
    good = json.dumps(entry({"text": STREAM.decode()})).encode()
    odd = good.replace(b'"OK"', b'"\\ud800"')
    data = b'{"log": {"entries": [' + good + b"," + odd + b"," + good.replace(b'"OK"', b'"\xff"') + b"]}}"
    assert [name for name, _ in read(data)] == ["1", "2", "3"]


def test_a_file_is_read_an_entry_at_a_time() -> None:
    calls = from_har(har(entry({"text": STREAM.decode()}), 1))
    assert isinstance(next(calls), Capture)
    assert isinstance(next(calls), Unread)
