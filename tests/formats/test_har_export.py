"""HAR: what Diptych writes it reads again with the same times; what Chromium writes has times, marked as Chromium's."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.exchange.way import way_of
from app.formats.capture import Capture
from app.formats.captures import from_body
from app.formats.har import from_har
from app.formats.har_export import as_har
from app.recording.recording import Recording
from app.recording.records import Departed, Ended, EndKind, Headed, MarkName, PathNoted
from tests.builders import JSON, MS, calling, messages_end, messages_start, messages_text, recording, stream

UTF16: tuple[tuple[str, str], ...] = (("content-type", "text/event-stream; charset=utf-16"),)
PIECES = [(600.0, messages_start()), (612.25, messages_text("Grüße aus 世界 🙂")[:40]),
          (631.000001, messages_text("Grüße aus 世界 🙂")[40:] + messages_end())]  # fmt: skip


def har(*recordings: Recording) -> bytes:
    return b"".join(as_har([Exchange(one).finish() for one in recordings], "1"))


def read(data: bytes) -> list[Exchange]:
    found = list(from_har(data))
    assert all(isinstance(one, Capture) for one in found)
    return [Exchange(one.recording).finish() for one in found if isinstance(one, Capture)]


def over_a_path() -> Recording:
    """What the kernel told of it, too."""
    made = recording(PIECES)
    sent, end = made.marks[MarkName.SEND_END], made.end
    made.end = None
    made.apply(Departed(sent + 40_000, sent + 9_000_000))
    made.apply(PathNoted(MarkName.SEND_END, 9_100, 8_700, 0, 0))
    made.apply(PathNoted(MarkName.HEAD_END, 9_000, 8_600, 0, None))
    made.end = end
    return made


@pytest.mark.parametrize(
    "made",
    [
        recording(PIECES),
        over_a_path(),
        recording(PIECES, reused=True, headers=UTF16),
        stream(words=30),
        recording([(600, messages_start()), (640, messages_text("cut"))], end=Ended(EndKind.ERROR, 650 * MS, "cut")),
        recording([(600, calling("{}"))], protocol="openai-chat", headers=JSON, streamed=False),
        recording([(600, b"data: \xff\xfe\n\n")], headers=UTF16),
    ],
    ids=["pieces", "a path", "reused, another charset named", "stream", "cut", "document", "no UTF-8"],
)
def test_what_is_written_is_read_again_with_the_same_times(made: Recording) -> None:
    made.request = msgspec.structs.replace(
        made.request, body=json.dumps({"model": made.envelope.model, "stream": made.envelope.streamed}).encode()
    )
    if made.envelope.protocol == "openai-chat":
        made.request = msgspec.structs.replace(made.request, url="https://h.example/v1/chat/completions")
    before = Exchange(made).finish()
    (after,) = read(har(made))
    assert after.reading == before.reading
    assert after.outcome is before.outcome
    assert after.timing == before.timing
    assert way_of(after.recording) == way_of(made)
    assert after.recording.body.data == made.body.data
    assert after.findings == before.findings
    assert after.recording.connection == made.connection
    assert after.recording.envelope == made.envelope


@pytest.mark.parametrize("named", ["", "; charset=utf-8", "; charset=UTF-8;x=y"])
def test_an_event_stream_has_its_bare_type(named: str) -> None:
    """DevTools of Chromium 156 shows no event of an entry whose type has a charset behind it; tried by its own importer."""
    one = recording(PIECES, headers=(("content-type", f"text/event-stream{named}"),))
    (entry,) = json.loads(har(one))["log"]["entries"]
    assert entry["response"]["content"]["mimeType"] == "text/event-stream"
    assert entry["response"]["headers"][0]["value"] == f"text/event-stream{named}"
    document = recording([(600, calling("{}"))], protocol="openai-chat", headers=JSON, streamed=False)
    assert (
        json.loads(har(document))["log"]["entries"][0]["response"]["content"]["mimeType"] == "application/json; charset=utf-8"
    )


def test_both_rounds_are_entries_and_no_secret_is_written() -> None:
    one, two = stream(words=1), stream(side="b", words=2)
    secret = "sk-live-" + "0123456789abcdef" * 2
    one.request = msgspec.structs.replace(
        one.request, url=f"https://u:{secret}@h.example/v1/messages?api_key={secret}", headers=(("X-Api-Key", secret),)
    )
    note = msgspec.structs.replace(one.envelope.profile, base_url=f"https://u:{secret}@h.example")
    one.envelope = msgspec.structs.replace(one.envelope, profile=note)
    assert one.head is not None
    one.head = Headed(200, "OK", "HTTP/1.1", (*one.head.headers, ("set-cookie", f"id={secret}"), ("Transfer-Encoding", "x")))
    written = har(one, two)
    assert secret.encode() not in written
    entries = json.loads(written)["log"]["entries"]
    assert [entry["_diptych"]["note"]["envelope"]["side"] for entry in entries] == ["a", "b"]
    assert not {"set-cookie-value", "Transfer-Encoding"} & {header["name"] for header in entries[0]["response"]["headers"]}
    assert all(value == -1 or value >= 0 for value in entries[0]["timings"].values())
    assert entries[0]["time"] == pytest.approx((one.body.stamps[-1]) / 1e6)


def chromium(**changed: Any) -> bytes:
    """As its developer tools write it: events with times, phases in milliseconds."""
    (entry,) = json.loads(har(recording(PIECES)))["log"]["entries"]
    del entry["_diptych"]
    entry["timings"] |= {"blocked": 0}
    return json.dumps({"log": {"creator": {"name": "WebInspector"}, "entries": [{**entry, **changed}]}}).encode()


def test_chromium_s_times_become_stamps_and_are_its_own() -> None:
    (one,) = read(chromium())
    before = Exchange(recording(PIECES)).finish()
    assert one.recording.connection is not None
    assert one.recording.connection.stamped_by == "WebInspector"
    assert one.timing.ttft == pytest.approx(before.timing.ttft, abs=0.002)
    assert one.timing.wait == pytest.approx(before.timing.wait, abs=0.002)
    assert one.recording.body.data == before.recording.body.data


@pytest.mark.parametrize(
    "changed",
    [
        {"startedDateTime": "yesterday"},
        {"startedDateTime": "2036-11-21T00:00:00.000Z"},  # behind its own events
        {"_eventSourceMessages": [{"time": 1.0, "data": "{}"}]},
        {"timings": {"send": 0, "wait": 90_000, "receive": 1}},  # the head behind the first event
    ],
)
def test_times_that_don_t_fit_are_none(changed: dict[str, Any]) -> None:
    (one,) = read(chromium(**changed))
    assert one.timing.ttft is None
    assert one.reading.text == "Grüße aus 世界 🙂"


def test_a_body_that_was_saved_alone_stays_one_without_times() -> None:
    saved = from_body(messages_start() + messages_text("hi") + messages_end(), "anthropic-messages")
    (one,) = read(har(saved))
    assert one.recording.head is None
    assert one.recording.connection is None
    assert one.timing == Exchange(saved).finish().timing
    assert one.reading.text == "hi"
