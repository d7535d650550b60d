"""Sessions of Charles, Fiddler and Proxyman, and Insomnia's results, as their readers and sources have them: none runs here."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture, CaptureError, Unread
from app.recording.records import find_header
from app.transfer.capture_files import captures_of
from tests.builders import messages_end, messages_start, messages_text

WORDS = "Grüße aus 世界"
BODY = (messages_start() + messages_text("WORDS") + messages_end()).replace(b"WORDS", WORDS.encode())
ASKED = {"model": "m-1", "stream": True, "messages": []}
CHARLES: dict[str, Any] = {
    "status": "COMPLETE", "method": "POST", "protocolVersion": "HTTP/2.0", "scheme": "https", "host": "relay.test",
    "port": None, "actualPort": 443, "path": "/v1/messages", "query": "beta=true", "tunnel": False, "keptAlive": False,
    "webSocket": False, "remoteAddress": "relay.test/203.0.113.1", "clientAddress": "/127.0.0.1", "clientPort": 50000,
    "times": {"start": "2026-11-30T20:00:00.100+08:00", "requestBegin": "2026-11-30T20:00:00.140+08:00"},
    "durations": {"total": 1250, "dns": 5, "connect": 10, "ssl": 25, "request": 10, "response": 1000, "latency": 200},
    "request": {
        "sizes": {"headers": 100, "body": 50}, "mimeType": "application/json", "charset": None, "contentEncoding": None,
        "header": {"headers": [{"name": ":method", "value": "POST"}, {"name": "x-api-key", "value": "sk-secret-0123456789"}]},
        "body": {"text": json.dumps(ASKED), "charset": None},
    },
    "response": {
        "status": 200, "sizes": {"headers": 90, "body": 300}, "mimeType": "text/event-stream", "charset": None,
        "contentEncoding": "gzip",
        "header": {"headers": [{"name": ":status", "value": "200"}, {"name": "content-type", "value": "text/event-stream"},
                               {"name": "content-encoding", "value": "gzip"}]},
        "body": {"text": BODY.decode("latin-1"), "charset": None, "decoded": True},
    },
}  # fmt: skip
PROXYMAN: dict[str, Any] = {
    "id": "86", "name": "86", "isSSL": True, "timezone": "GMT+1",
    "request": {
        "host": "relay.test", "port": 443, "isSSL": True, "method": {"name": "POST"}, "scheme": "https", "uri": "/v1/messages",
        "fullPath": "https://relay.test/v1/messages", "version": {"major": 1, "minor": 1},
        "header": {"entries": [{"key": {"name": "x-api-key"}, "value": "sk-secret-0123456789", "isEnabled": True}]},
        "bodyData": base64.b64encode(json.dumps(ASKED).encode()).decode(),
    },
    "response": {
        "status": {"code": 200, "phrase": "OK", "strict": False}, "version": {"major": 1, "minor": 1}, "error": None,
        "header": {"entries": [{"key": {"name": "Content-Type"}, "value": "text/event-stream", "isEnabled": True}]},
        "bodyData": base64.b64encode(BODY).decode(), "compressedBodyDataCount": len(BODY),
    },
    "timing": {"requestStartedAt": 1796040000.0, "requestEndedAt": 1796040000.01, "responseStartedAt": 1796040000.25,
               "responseEndedAt": 1796040001.25},
}  # fmt: skip
INSOMNIA: dict[str, Any] = {
    "collection": {"name": "c"}, "environment": None, "proxy": None, "error": None,
    "executions": [{
        "request": {"method": "POST", "url": "https://relay.test/v1/messages", "headers": [],
                    "body": {"mimeType": "application/json", "text": json.dumps(ASKED)}},
        "response": {"code": 200, "status": "OK", "headers": {"content-type": "text/event-stream"}, "data": BODY.decode(),
                     "responseTime": 1234.5},
        "tests": [], "iteration": 0,
    }],
    "timing": {}, "stats": {},
}  # fmt: skip


def changed(one: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A copy in which `response` and the like have these fields besides; None takes the part away."""
    copy = json.loads(json.dumps(one))
    for name, fields in parts.items():
        copy[name] = {**copy[name], **fields} if isinstance(fields, dict) else fields
    return dict(copy)


def packed(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def zipped(*documents: object) -> bytes:
    """As Proxyman packs its calls."""
    return packed({f"request_{number}_{80 + number}": json.dumps(one).encode() for number, one in enumerate(documents)})


def read(folder: Path, name: str, data: bytes) -> list[Capture | Unread]:
    file = folder / name
    file.write_bytes(data)
    return list(captures_of(str(file), None))


def test_a_session_of_charles(tmp_path: Path) -> None:
    other = {**CHARLES, "path": "/logo.png", "method": "GET"}
    (one,) = read(tmp_path, "session.chlsj", json.dumps([other, CHARLES]).encode())
    assert isinstance(one, Capture)
    exchange = Exchange(one.recording).finish()
    assert (exchange.outcome, exchange.reading.text, one.recorder) == (Outcome.COMPLETED, WORDS, "Charles")
    assert one.name == "session.chlsj#2"
    assert [said.startswith("Charles took the answer's UTF-8 for Latin-1") for said in one.notes] == [True]
    timing = exchange.timing
    assert (timing.dns, timing.connect, timing.tls, timing.send, timing.wait, timing.receive) == (5, 10, 25, 10, 200, 1000)
    assert (timing.ttfb, timing.ttft, timing.total) == (250, None, 1250)
    assert one.recording.envelope.started_utc == "2026-11-30T12:00:00.100Z"
    assert (one.recording.envelope.model, one.recording.envelope.streamed) == ("m-1", True)
    assert one.recording.head is not None
    assert [name for name, _ in one.recording.head.headers] == ["content-type"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"response": {"status": None}, "errorMessage": "Connection refused"}, r"no answer came \(Connection refused\)"),
        ({"response": None}, "no answer came"),
        ({"response": {"body": {}}}, "its answer is not in the file"),
        ({"response": {"body": {"encoding": "base64", "encoded": "no base64!"}}}, "no base64"),
    ],
)
def test_a_call_of_charles_without_an_answer_says_so(tmp_path: Path, parts: dict[str, Any], said: str) -> None:
    first, second = read(tmp_path, "session.chlsj", json.dumps([changed(CHARLES, **parts), CHARLES]).encode())
    assert isinstance(first, Unread)
    assert first.why.startswith("call 1: ")
    assert said.replace("\\", "") in first.why
    assert isinstance(second, Capture)


@pytest.mark.parametrize(
    ("state", "outcome"), [("RECEIVING_RESPONSE_BODY", Outcome.CANCELLED), ("EXCEPTION", Outcome.INTERRUPTED)]
)
def test_a_call_of_charles_that_did_not_end(tmp_path: Path, state: str, outcome: Outcome) -> None:
    cut = changed(CHARLES, response={"body": {"encoding": "base64", "encoded": base64.b64encode(BODY[:300]).decode()}})
    (one,) = read(tmp_path, "s.chlsj", json.dumps([{**cut, "status": state}]).encode())
    assert isinstance(one, Capture)
    assert Exchange(one.recording).finish().outcome is outcome


def test_a_log_of_proxyman(tmp_path: Path) -> None:
    refused = changed(PROXYMAN, response=None)
    one, two = read(tmp_path, "call.proxymanlogv2", zipped(PROXYMAN, refused))
    assert isinstance(one, Capture)
    exchange = Exchange(one.recording).finish()
    assert (exchange.outcome, exchange.reading.text, one.notes) == (Outcome.COMPLETED, WORDS, ())
    assert (one.recorder, one.name) == ("Proxyman", "call.proxymanlogv2#1")
    told = exchange.timing
    assert [round(ms, 2) for ms in (told.send, told.wait, told.total) if ms is not None] == [10, 240, 1250]
    assert one.recording.connection is not None
    assert one.recording.connection.stamped_by == "Proxyman"
    assert one.recording.head is not None
    assert find_header(one.recording.head.headers, "content-type") == "text/event-stream"
    assert isinstance(two, Unread)
    assert "no answer came" in two.why
    assert isinstance(read(tmp_path, "x.proxymanlogv2", zipped({}, PROXYMAN, 7))[0], Capture)


TIMERS = (
    '<Session SID="2"><SessionTimers ClientConnected="2026-11-30T20:00:00.0+08:00" DNSTime="5" TCPConnectTime="{connect}" '
    'HTTPSHandshakeTime="0" ServerConnected="0001-01-01T00:00:00" FiddlerBeginRequest="2026-11-30T20:00:00.1000000+08:00" '
    'ServerGotRequest="2026-11-30T20:00:00.1100000+08:00" ServerBeginResponse="2026-11-30T20:00:00.3400000+08:00" '
    'GotResponseHeaders="2026-11-30T20:00:00.3500000+08:00" ServerDoneResponse="{done}" /></Session>'
)
DONE = "2026-11-30T20:00:01.3500000+08:00"


def saz(*answers: bytes, measured: str = TIMERS.format(connect=30, done=DONE)) -> bytes:
    """An archive of calls with these answers behind one that is none, numbered as Fiddler does."""
    asked = (
        b"POST https://relay.test/v1/messages HTTP/1.1\r\nx-api-key: sk-secret-0123456789\r\n\r\n" + json.dumps(ASKED).encode()
    )
    names = {"_index.htm": b"<html>", "raw/01_c.txt": b"CONNECT relay.test:443 HTTP/1.1\r\n\r\n", "raw/01_s.txt": b""}
    for number, answer in enumerate(answers, start=9):
        place = f"raw/{number:02}"
        names |= {f"{place}_c.txt": asked, f"{place}_s.txt": answer, f"{place}_m.xml": measured.encode()}
    return packed(names)


def test_an_archive_of_fiddler(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    packed_ = head + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)
    refused = b"HTTP/1.1 502 Fiddler - Connection Failed\r\nContent-Type: text/html\r\n\r\n[Fiddler] The connection failed."
    found = read(tmp_path, "s.saz", saz(chunked, packed_, refused, b""))
    assert [one.name for one in found] == ["s.saz#2", "s.saz#3", "s.saz#4", "s.saz#5"]
    for one in found[:2]:
        assert isinstance(one, Capture)
        exchange = Exchange(one.recording).finish()
        assert (exchange.outcome, exchange.reading.text, one.recorder, one.notes) == (Outcome.COMPLETED, WORDS, "Fiddler", ())
        told = [
            exchange.timing.dns,
            exchange.timing.connect,
            exchange.timing.send,
            exchange.timing.wait,
            exchange.timing.receive,
        ]
        assert [ms and round(ms, 2) for ms in told] == [5, 30, 10, 240, 1000]
        assert (exchange.timing.ttft, one.recording.envelope.model) == (None, "m-1")
        assert b"sk-secret" not in bytes(one.recording.request.body)
    assert [one.why for one in found[2:] if isinstance(one, Unread)] == [
        "call 4: no answer came (Fiddler - Connection Failed)", "call 5: no answer came"
    ]  # fmt: skip


def test_what_fiddler_did_not_measure_is_not_known(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + BODY
    for measured, ttfb in ((TIMERS.format(connect=0, done="0001-01-01T00:00:00"), 255), ("<!DOCTYPE x><Session/>", None)):
        (one,) = read(tmp_path, "s.saz", saz(answer, measured=measured))
        assert isinstance(one, Capture)
        timing = Exchange(one.recording).finish().timing
        assert (timing.ttfb and round(timing.ttfb), timing.connect, timing.total) == (ttfb, None, None)


def test_results_of_insomnia(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "results.json", json.dumps(INSOMNIA).encode())
    assert isinstance(one, Capture)
    assert (Exchange(one.recording).finish().reading.text, one.recorder) == (WORDS, "Insomnia")
    bare = {**INSOMNIA, "executions": [{"request": {"name": "r"}, "response": {"code": 200, "responseTime": 9}, "tests": []}]}
    (two,) = read(tmp_path, "results.json", json.dumps(bare).encode())
    assert isinstance(two, Unread)
    assert "--includeFullData" in two.why


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("s.chls", b"\xac\xed\x00\x05sr\x00", "export it as a JSON session"),
        ("s.chlz", zipped(), "export it as a JSON session"),
        ("s.saz", packed({"raw/1.txt": b""}), "export it as HTTPArchive"),
        ("s.saz", packed({"raw/1_s.txt": b"HTTP/1.1 200 OK"}), "of the 1 call that Fiddler kept none is"),
        ("s.saz", b"PK\x03\x04" + b"\0" * 30, "can't be read"),
        ("s.proxymanlog", b"bplist00", "export it as HAR"),
    ],
)
def test_a_proxy_s_own_format_says_how_to_export_it(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(CaptureError, match=said):
        read(tmp_path, name, data)
