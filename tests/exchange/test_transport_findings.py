"""What HTTP and the framing of a stream show: each finding with its place, and none where all is well."""

from __future__ import annotations

import gzip
import json
import zlib
from itertools import accumulate

import brotli  # type: ignore[import-untyped]  # WORKAROUND: brotli 1.2.1 ships neither annotations nor stubs
import pytest
from msgspec import structs

from app.clients.impact import Seen, severity_for
from app.clients.table import table
from app.exchange.exchange import Exchange, Outcome
from app.exchange.transport_findings import findings_of_model
from app.exchange.transport_rules import FRAMING_NODE_REFUSES, RULES
from app.protocols.findings import Finding, Severity
from app.recording.records import EndDetail, Ended, EndKind, Headers, Masked, Sent
from app.recording.records import WireErrorCode as Wire
from tests.builders import EVENT_STREAM, JSON, event, messages_end, messages_start, messages_text, recording, stream
from tests.stream.test_aws_frames import frame, packed_bytes

GOOD = messages_start() + messages_text("Hello") + messages_text(" you") + messages_end()
HALF = len(messages_start())
GZIP = ("content-encoding", "gzip")
PAGE = b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n</body>\r\n</html>\r\n"
SECOND_HEAD = b"HTTP/1.0 502 Bad Gateway\r\nServer: x\r\ncontent-type: application/json\r\n\r\n"


def findings(
    body: bytes,
    *,
    status: int = 200,
    headers: Headers = EVENT_STREAM,
    streamed: bool = True,
    end: Ended | None = None,
    pieces: int = 1,
) -> list[Finding]:
    """The findings of this file's catalogue on a body that came in pieces 30 ms apart."""
    step = max(1, -(-len(body) // pieces))
    timed = [(600.0 + 30 * number, body[at : at + step]) for number, at in enumerate(range(0, len(body), step))]
    exchange = Exchange(recording(timed, status=status, headers=headers, streamed=streamed, end=end)).finish()
    return [one for one in exchange.findings if RULES.get(one.id) is one.rule]


def only(body: bytes, **more: object) -> Finding:
    """The single finding of a body."""
    found = findings(body, **more)  # type: ignore[arg-type]
    assert len(found) == 1, [(one.id, one.sentence) for one in found]
    return found[0]


def broken(code: Wire) -> Ended:
    """The wire's end with an error."""
    return Ended(EndKind.ERROR, code=str(code), message="silent for 30 s")


def test_a_good_stream_and_a_good_document_have_none() -> None:
    assert findings(GOOD) == []
    assert findings(GOOD, pieces=9) == []
    assert findings(GOOD, headers=(("Content-Type", "Text/Event-Stream"),)) == []
    assert findings(b'{"type":"message","content":[],"stop_reason":"end_turn"}', headers=JSON, streamed=False) == []


def inside(extra: bytes) -> bytes:
    """The good stream with something behind its second event."""
    return GOOD[:HALF] + extra + GOOD[HALF:]


ROWS = [
    # body, id, words of the sentence, event (from 1), offset
    (b"\xef\xbb\xbf" + GOOD, "F1", "EF BB BF", 1, 0),
    (inside(b"event: ping\ndata: \xff\xfe\n\n"), "F2", "FF FE", 3, HALF),
    (inside(b": ping\n\n: ping\n\n"), "F3", "2 comment lines", 3, HALF),
    (inside(b"event: ping\ndata: \n\n"), "A10", "Once an event came with empty data", 3, HALF),
    (inside(b"event: ping\n\n"), "A10", "no data line (ping)", 3, HALF),
    (inside(b"data: : keepalive\n\n"), "C9a", "data: : keepalive", 3, HALF),
    (inside(b"id: 7\n\n"), "A10", "no data line", 3, HALF),
    (inside(b"ERROR upstream <b>died</b>\n"), "C11b", "ERROR upstream <b>died</b>", 3, HALF),
    (GOOD.replace(b"\n", b"\r\n"), "C14", "end with CRLF", None, None),
    (GOOD.replace(b"\n", b"\r"), "C14", "end with CR.", None, None),
    (GOOD.replace(b"data: ", b"data:"), "C15", "without a space", 1, len(b"event: message_start\n")),
    (GOOD + b'event: ping\ndata: {"type"', "A6", '25 bytes, data: {"type"' , 7, len(GOOD)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "deviation", "words", "number", "offset"), ROWS, ids=[f"{n}-{row[1]}" for n, row in enumerate(ROWS)]
)
def test_framing(body: bytes, deviation: str, words: str, number: int | None, offset: int | None) -> None:
    found = only(body)
    assert found.id == deviation
    assert words in found.sentence.replace("  ", " ")
    assert (found.event, found.offset) == (number, offset)
    assert "{" not in found.plain


SENTENCES = {
    "empty data once": (inside(b"event: ping\ndata: \n\n"), "Once an event came with empty data."),
    "empty data twice": (inside(b"event: ping\ndata: \n\n" * 2), "2 times an event came with empty data."),
    "a name alone": (inside(b"event: ping\n\n"), "Once a block came with a name but no data line (ping)."),
    "an id alone": (inside(b"id: 7\n\n" * 3), "3 times a block came with an id or a time to retry, but no data line."),
    "line ends": (GOOD.replace(b"\n", b"\r\n", 4).replace(b"\n\n", b"\r\r"), "Lines end with CRLF and CR. That is legal, but "
     "parsers that look for two LFs wait for ever."),
    "one byte": (GOOD + b"d", "The stream ended inside an event: 1 byte, d, were left behind the last blank line."),
    "plain words at the end": (GOOD + b"x", "A line of the stream has no field name, so every SDK skips it: x. The answer "
     "came to its end all the same."),
    "several lines": (
        inside(b"[info] one\n[info] two\n\n"),
        "2 lines of the stream have no field name, so every SDK skips them, among them: [info] one. The answer came to its end "
        "all the same.",
    ),
    "an error among lines": (
        inside(b'[info] one\n{"error":"x"}\n\n'),
        '2 lines of the stream have no field name, so every SDK skips them, among them: {"error":"x"}. The answer came to its '
        "end all the same.",
    ),
    "a web page": (
        inside(PAGE),
        "A web page stands in the stream, behind 2 events, where every SDK drops it: “504 Gateway Time-out”.",
    ),
    "a second head": (
        GOOD + SECOND_HEAD + b'{"error": "upstream"}',
        "A second response head stands in the stream, behind 7 events, where every SDK drops it with all that follows: "
        "HTTP/1.0 "
        "502 Bad Gateway.",
    ),
    "an end mark without its blank line": (
        GOOD + b"data: [DONE]\n",
        "The stream ended with 13 bytes, data: [DONE]␊, without the blank line that makes an event of it. Nothing of the "
        "answer is lost.",
    ),
    "torn by a blank line": (
        inside(b'event: ping\ndata: {"type":\n\n"ping"}\n\n'),
        "A comment or text line stands inside the data of an event: a blank line.",
    ),
    "torn by a comment": (
        inside(b'event: ping\n: alive\ndata: {"type":\n\n"ping"}\n\n'),
        "A comment or text line stands inside the data of an event: : alive.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_framing_in_whole_sentences(body: bytes, sentence: str) -> None:
    assert sentence in [one.sentence for one in findings(body)]


def test_the_finding_is_the_same_however_the_bytes_were_cut() -> None:
    for body, *_ in ROWS:
        assert findings(body, pieces=17) == findings(body)


def test_unfinished_blank_lines_are_no_torn_event() -> None:
    assert findings(GOOD[:-1] + b"\n\n\n") == []


def test_comments_after_an_id_are_noted() -> None:
    found = findings(inside(b'id: 7\ndata: {"type": "ping"}\n\n: hello\n\n'))
    assert {"C10a", "F3"} <= {one.id for one in found}
    assert "the id was 7" in next(one.sentence for one in found if one.id == "C10a")


def test_many_odd_lines_are_found_each_but_not_without_end() -> None:
    found = [one for one in findings(inside(b"junk\n" * 5000)) if one.id == "C11b"]
    assert 1 <= len(found) <= 100


def test_outside_text_is_one_printable_line() -> None:
    sentence = only(inside(b"\x1b[31mred\x07 " + "…".encode() * 200 + b"\n")).sentence
    assert sentence.isprintable()
    assert len(sentence) < 300


# -- HTTP ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["application/json", "text/plain; charset=utf-8", ""])
def test_content_type(value: str) -> None:
    found = only(GOOD, headers=(("content-type", value),) if value else ())
    assert found.id == "H3"
    assert (value or "missing") in found.sentence
    assert found.severity is Severity.NOTE


def test_page() -> None:
    found = only(b"\xef\xbb\xbf\n <!doctype html><title>x</title>", headers=(("content-type", "text/html"),))
    assert (found.id, found.offset) == ("H4", 0)


def test_an_error_page_with_an_error_status_is_no_finding() -> None:
    assert findings(b"<html>502</html>", status=502, headers=(("content-type", "text/html"),)) == []
    assert findings(b'{"type":"error","error":{"type":"api_error","message":"x"}}', status=500, headers=JSON) == []


def test_error_with_200() -> None:
    for streamed in (True, False):
        found = only(b'{"type":"error","error":{"type":"api_error","message":"no more"}}', headers=JSON, streamed=streamed)
        assert found.id == "H5"
        assert "no more" in found.sentence


def test_stream_and_document_mixed_up() -> None:
    document = b'{"type":"message","content":[],"stop_reason":"end_turn"}'
    lines = b'{"message": {}}\n{"message": {}, "done": true}\n'
    for body, headers, streamed, sentence in (
        (document, JSON, True, "A stream was asked for, one document came."),
        (lines, JSON, True, "A stream was asked for, lines of JSON without `data:` came."),
        (GOOD, EVENT_STREAM, False, "One document was asked for, an event stream came."),
    ):
        found = only(body, headers=headers, streamed=streamed)
        assert (found.id, found.sentence) == ("C13", sentence)


def test_a_cookie_is_no_key_that_came_back() -> None:
    made = recording([(600.0, GOOD)], headers=EVENT_STREAM)
    made.masks.append(Masked("cookie", 0, 3))
    assert not Exchange(made).finish().findings


@pytest.mark.parametrize(("places", "where"), [("head", "head"), ("body", "body"), ("head body", "head and the body")])
def test_a_key_that_came_back(places: str, where: str) -> None:
    made = recording([(600.0, GOOD)], headers=EVENT_STREAM)
    made.masks += [Masked(place, 0, 3) for place in places.split()]
    sentences = [one.sentence for one in Exchange(made).finish().findings if one.id == "F8"]
    assert sentences == [f"The key that was sent came back in the {where} of the answer."]


def test_event_stream_with_an_error_status() -> None:
    error = event("error", error={"type": "api_error", "message": "x"})
    found = only(error, status=500)
    assert found.id == "F6"
    assert "500" in found.sentence


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_says_where(status: int) -> None:
    found = only(b"", status=status, headers=(("location", "https://elsewhere.example/v1"),))
    assert found.id == "H7"
    assert "https://elsewhere.example/v1" in found.sentence


def test_status_304_without_a_target() -> None:
    assert findings(b"", status=304, headers=()) == []


def test_encoding_that_cannot_be_undone() -> None:
    found = findings(b"\x1f\x8b\x08broken", headers=(*EVENT_STREAM, GZIP))
    assert "F4" in {one.id for one in found}


# -- the end ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "deviation"), [(Wire.CUT, "A7"), (Wire.RESET, "A7"), (Wire.SILENCE_TIMEOUT, "F5a"), (Wire.TOTAL_TIMEOUT, "F5a")]
)
def test_a_line_that_breaks_or_stays_open_behind_the_end(code: Wire, deviation: str) -> None:
    assert only(GOOD, end=broken(code)).id == deviation


@pytest.mark.parametrize("protocol", ["anthropic-messages", "openai-chat"])
@pytest.mark.parametrize(
    ("end", "says"),
    [
        (Ended(EndKind.ERROR, code="cut"), "but the connection was closed before its HTTP/2 stream was."),
        (
            Ended(EndKind.ERROR, code="reset", detail=EndDetail(http2_error="CANCEL")),
            "but its HTTP/2 stream was broken off behind it (CANCEL).",
        ),
    ],
)
def test_a_stream_of_http2_that_breaks_behind_the_end(protocol: str, end: Ended, says: str) -> None:
    body = GOOD if protocol == "anthropic-messages" else DONE
    made = recording([(600.0, body)], headers=EVENT_STREAM, end=end, protocol=protocol)
    assert made.head is not None
    made.head = structs.replace(made.head, http_version="HTTP/2")
    (one,) = [one for one in Exchange(made).finish().findings if one.id in ("A7", "A7a")]
    assert one.sentence.endswith(says)


@pytest.mark.parametrize("code", [Wire.CUT, Wire.RESET, Wire.SILENCE_TIMEOUT])
def test_the_same_before_the_end_is_a_failure_not_a_finding_of_these(code: Wire) -> None:
    assert not {"A7", "A7a", "F5", "F5a"} & {one.id for one in findings(GOOD[: HALF + 20], end=broken(code))}


@pytest.mark.parametrize("kind", [EndKind.CANCELLED, EndKind.INTERRUPTED])
def test_what_diptych_stopped_is_no_torn_event(kind: EndKind) -> None:
    assert findings(GOOD[: HALF + 20], end=Ended(kind)) == []


def test_no_response_no_finding() -> None:
    made = recording([], end=broken(Wire.REFUSED))
    made.head = None
    assert not [one for one in Exchange(made).finish().findings if one.id in RULES]


_CHUNK = b'data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{'
_SAID = _CHUNK + b'"role":"assistant","content":"Hi"},"finish_reason":null}]}\n\n'
DONE = _SAID + _CHUNK + b'},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


def behind_done(behind: bytes, code: Wire) -> list[Finding]:
    """What is found where the line breaks behind a Chat answer with [DONE] and these bytes."""
    made = recording([(600.0, DONE + behind)], headers=EVENT_STREAM, end=broken(code), protocol="openai-chat")
    return [one for one in Exchange(made).finish().findings if one.id.startswith("A7")]


@pytest.mark.parametrize(("behind", "deviation"), [(b"", "A7a"), (b": " + b"x" * 240 + b"\n", "A7a"), (b": x" * 100, "A7")])
def test_a_line_that_breaks_behind_done(behind: bytes, deviation: str) -> None:
    """[DONE] is looked for in the last bytes alone."""
    assert [one.id for one in behind_done(behind, Wire.CUT)] == [deviation]


@pytest.mark.parametrize(("size", "found"), [(60_000, True), (70_000, False)])
def test_an_event_torn_by_filler_is_put_together_up_to_a_length(size: int, found: bool) -> None:
    torn = b'event: ping\ndata: {"type": "ping", "x": "' + b"x" * size + b'\n\nyz"}\n\n'
    assert ("A8" in {one.id for one in findings(inside(torn))}) is found


@pytest.mark.parametrize(("members", "found"), [(1, []), (2, ["F4c"])])
def test_gzip_in_several_members(members: int, found: list[str]) -> None:
    half = len(GOOD) // 2
    body = gzip.compress(GOOD) if members == 1 else gzip.compress(GOOD[:half]) + gzip.compress(GOOD[half:])
    assert [one.id for one in findings(body, headers=(*EVENT_STREAM, GZIP)) if one.id != "H2"] == found


@pytest.mark.parametrize(("code", "how"), [(Wire.CUT, "cut off"), (Wire.RESET, "reset")])
def test_how_a_line_breaks_behind_the_end(code: Wire, how: str) -> None:
    assert only(GOOD, end=broken(code)).sentence == f"The answer had ended, but the connection broke behind its end ({how})."
    (found,) = behind_done(b"", code)
    assert found.sentence == f"The answer had ended with [DONE], but the connection broke behind it ({how})."


# -- delivery and model -------------------------------------------------------------------------------------------------


def test_buffered_stream() -> None:
    pieces = [
        (600.0, messages_start()),
        (900.0, messages_text("a") * 6),
        (1200.0, messages_text("b") * 6),
        (1210.0, messages_end()),
    ]
    found = [one for one in Exchange(recording(pieces)).finish().findings if one.id == "H1"]
    assert len(found) == 1
    assert found[0].sentence == (
        "12 pieces of content came in 2 bursts, 300 ms apart: something on the way collects the pieces."
    )


def test_a_stream_that_comes_at_once_is_buffered() -> None:
    (found,) = delivered([messages_start() + messages_text("a") * 9 + messages_end()])
    assert (found.id, found.severity) == ("H1", Severity.LOSES)
    assert found.sentence == (
        "9 pieces of content came in one burst, several of them in one HTTP chunk: something on the way collects the pieces."
    )
    assert "in one DATA frame" in delivered([messages_text("a") * 9], version="HTTP/2")[0].sentence


def delivered(frames: list[bytes], version: str = "HTTP/1.1", headers: Headers = EVENT_STREAM) -> list[Finding]:
    """What is said of the delivery of a body that came in one read, written in these frames; in none that are known for []."""
    body = b"".join(frames) or messages_text("a") * 9
    made = recording([(600.0, body)], headers=headers)
    assert made.head is not None
    made.head = structs.replace(made.head, http_version=version)
    made.body.frame_ends.extend(accumulate(map(len, frames)))
    return [one for one in Exchange(made).finish().findings if one.id in ("H1", "H1a")]


def test_one_burst_alone_is_no_collector() -> None:
    (apart,) = delivered([messages_start(), *[messages_text("a")] * 9, messages_end()])
    assert (apart.id, apart.severity) == ("H1a", Severity.NOTE)
    assert "came within 1.0 ms, each in an HTTP chunk of its own: the answer was ready by then" in apart.sentence
    assert "each in a DATA frame" in delivered([messages_text("a")] * 9, version="HTTP/2")[0].sentence
    (unknown,) = delivered([])
    assert unknown.id == "H1a"
    assert "either the answer was ready by then" in unknown.sentence
    assert "or something on the way collected it. What came does not tell." in unknown.sentence
    (packed,) = (
        one
        for one in Exchange(
            recording([(600.0, gzip.compress(messages_text("a") * 9))], headers=(*EVENT_STREAM, ("content-encoding", "gzip")))
        )
        .finish()
        .findings
        if one.id == "H1a"
    )
    assert packed.sentence.endswith("The stream is compressed, which collects pieces and hides how they were sent.")


def test_frames_that_hold_a_few_pieces_each_are_judged_by_most() -> None:
    pair = messages_text("a") * 2
    assert delivered([pair] * 5)[0].id == "H1"
    assert delivered([pair, *[messages_text("a")] * 7])[0].id == "H1a"


def test_a_stream_that_flows_is_not_buffered() -> None:
    assert "H1" not in {one.id for one in Exchange(stream(words=40)).finish().findings}


@pytest.mark.parametrize(
    ("asked", "answered", "deviation"),
    [
        ("claude-opus-4-8", "claude-opus-4-8", None),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001", None),
        ("gpt-5.5", "gpt-5.5-2026-04-23", None),
        ("anthropic/claude-opus-4-8", "claude-opus-4-8", None),
        ("claude-opus-4-8", None, None),
        ("", "claude-opus-4-8", None),
        ("claude-opus-4-8", "claude-haiku-4-5-20251001", "H11a"),
        ("claude-opus-4-8", "deepseek-v3", "H11"),
        ("my-deployment", "gpt-5.5-2026-04-23", "H11"),
    ],
)
def test_another_model(asked: str, answered: str | None, deviation: str | None) -> None:
    assert [one.id for one in findings_of_model(asked, answered)] == ([deviation] if deviation else [])


@pytest.mark.parametrize(
    ("first", "other", "told"),
    [("gpt-5.5", "gpt-4o", "gpt-4o"), ("gpt-5.5", "gpt-5.5-2026-04-23", ""), ("gpt-4o", "gpt-5.5", "gpt-4o")],
)
def test_a_second_model_in_the_stream_is_held_against_the_asked_one(first: str, other: str, told: str) -> None:
    found = findings_of_model("gpt-5.5", first, other)
    assert [(one.id, one.fields["answered"]) for one in found] == ([("H11a", told)] if told else [])


def test_the_models_name_is_taken_from_the_body() -> None:
    body = json.dumps({"model": "claude-haiku-4-5", "messages": []}).encode()
    made = stream(model="claude-opus-4-8")
    made.request = type(made.request)("POST", made.request.url, (), body)
    found = [one for one in Exchange(made).finish().findings if one.id == "H11a"]
    assert len(found) == 1
    assert "claude-opus-4-8 instead of claude-haiku-4-5" in found[0].sentence


# -- text and bytes that are no events ---------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", [PAGE, SECOND_HEAD + b'{"error": "x"}', SECOND_HEAD, PAGE + PAGE])
def test_a_page_and_a_second_head_are_one_finding_each_wherever_they_stand(extra: bytes) -> None:
    for body in (inside(extra + b"\n"), GOOD + extra):
        assert [one.id for one in findings(body)] == ["C11"]
    assert only(inside(PAGE + b"\n")).event == 3


@pytest.mark.parametrize("extra", [b"Powered by a relay\n", b"Powered by a relay\n\n", b"one\ntwo\n\n"])
def test_text_takes_something_only_of_an_answer_that_lacks_its_end(extra: bytes) -> None:
    for body in (inside(extra), GOOD + extra):
        assert (only(body).id, only(body).severity) == ("C11b", Severity.NOTE)
    cut = GOOD[: GOOD.index(b"event: message_delta")] + extra
    assert [(one.id, one.severity) for one in findings(cut)] == [("C11", Severity.BREAKS)]


CHAT_ROLE = b'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}\n\n'
CHAT_WORD = CHAT_ROLE.replace(b'"content":""', b'"content":"Hi"')


@pytest.mark.parametrize(
    ("protocol", "first", "deviation"),
    [
        ("openai-responses", b'event: response.created\ndata: {"type":"response.created"}\n\n', "F1b"),
        ("openai-responses", b": hello\n\n", "F1b"),
        ("openai-responses", b'data: {"type":"response.created"}\n\n', "F1"),
        ("openai-chat", CHAT_ROLE, "F1b"),
        ("openai-chat", CHAT_WORD, "F1"),
        ("openai-chat", b"data: {\n\n", "F1"),
        ("openai-chat", b"\xef\xbb\xbf" + CHAT_ROLE, "F1b"),
        ("anthropic-messages", messages_start(), "F1"),
        ("anthropic-messages", b": hello\n\n" + messages_start(), "F1b"),
        ("anthropic-messages", b"\n" + messages_start(), "F1b"),
    ],
)
def test_a_byte_order_mark_hurts_where_the_line_behind_it_is_needed(protocol: str, first: bytes, deviation: str) -> None:
    exchange = Exchange(recording([(600.0, b"\xef\xbb\xbf" + first)], protocol=protocol)).finish()
    found = [one for one in exchange.findings if one.id.startswith("F1")]
    assert [one.id for one in found] == [deviation]
    assert found[0].severity is (Severity.NOTE if deviation == "F1b" else Severity.BREAKS)


def test_of_a_report_of_an_exception_its_name_is_told() -> None:
    report = b'Traceback (most recent call last):\n  File "x.py", line 3, in f\nRuntimeError: it is closed\n'
    for body in (inside(report + b"\n"), GOOD + report):
        assert "so every SDK skips them, among them: RuntimeError: it is closed." in only(body).sentence
    assert "Traceback (most recent" in only(inside(b"Traceback (most recent call last):\n\n")).sentence


def test_bytes_that_are_no_text_have_no_line_ends() -> None:
    assert "C14" not in [one.id for one in findings(GOOD + b"\x00\x01\x02\x03\x04\x05\x06\x07\r" * 20)]


def test_line_ends_outside_of_a_page_are_told_all_the_same() -> None:
    assert [one.id for one in findings((GOOD + PAGE).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"))] == ["C11", "C14"]


def test_a_body_without_its_head_shows_its_own_findings() -> None:
    exchange = Exchange(recording([(600.0, inside(b"data: : keepalive\n\n") + b"x")])).finish()
    exchange.recording.head = None
    alone = Exchange(exchange.recording).finish()
    assert [one.id for one in alone.findings if RULES.get(one.id) is one.rule] == ["C9a", "C11b"]


def test_both_ways_to_tell_the_length() -> None:
    both = (*EVENT_STREAM, ("Content-Length", "9"), ("Transfer-Encoding", "chunked"))
    one = only(GOOD, headers=both)
    assert (one.id, one.sentence) == (
        "F11",
        "The head has both Content-Length and Transfer-Encoding: chunked; the chunks were read.",
    )
    assert findings(GOOD, headers=both[:-1]) == []
    assert findings(GOOD, headers=(*EVENT_STREAM, ("transfer-encoding", "chunked"))) == []


@pytest.mark.parametrize(("flaw", "said"), FRAMING_NODE_REFUSES.variants.items())
def test_framing_that_one_family_of_clients_refuses_breaks_that_one_alone(flaw: str, said: str) -> None:
    end = Ended(EndKind.WHOLE, flaws=(flaw, "one that a newer version knows"))
    (found,) = Exchange(recording([(600.0, GOOD)], end=end)).finish().findings
    assert (found.id, found.variant, found.sentence) == ("F11", flaw, said)
    seen = Seen("anthropic-messages", True)
    of = {one.name: severity_for(one, found, seen) for one in table().speaking(seen.protocol)}
    assert of["anthropic"] is Severity.NOTE
    assert of["anthropic-js"] is of["ai-sdk-anthropic"] is Severity.BREAKS


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("gzip, identity", "F4e"),
        ("identity, gzip", "F4e"),
        ("gzip, utf-8", "F4a F4e"),
        ("gzip,", "F4e"),
        ("gzip", ""),
        ("GZIP", ""),
        ("identity", None),
        ("utf-8", None),
    ],
)
def test_a_name_beside_an_encoding_keeps_nodes_fetch_from_unpacking(encoding: str, found: str | None) -> None:
    body = GOOD if found is None else gzip.compress(GOOD)
    made = Exchange(recording([(600.0, body)], headers=(*EVENT_STREAM, ("content-encoding", encoding)))).finish()
    assert made.outcome == "completed"
    told = [one.id for one in made.findings if one.id not in ("H2", "F4a" if found is None else "")]
    assert " ".join(sorted(told)) == (found or "")


@pytest.mark.parametrize("behind", [bytes(8), b"junk"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_bytes_behind_the_packed_data_take_nothing_of_the_answer(encoding: str, behind: bytes) -> None:
    packed = (gzip.compress if encoding == "gzip" else zlib.compress)(GOOD) + behind
    made = Exchange(recording([(600.0, packed)], headers=(*EVENT_STREAM, ("content-encoding", encoding)))).finish()
    assert (made.outcome, made.encoding_error) == ("completed", None)
    (found,) = (one for one in made.findings if one.id != "H2")
    said = f"The body was unpacked, but bytes follow the end of the {encoding} data."
    assert (found.id, found.sentence) == ("F4f", said)


@pytest.mark.parametrize(
    ("asked", "encoding", "found"),
    [
        ((("accept-encoding", "gzip, deflate"),), "br", "H2a"),
        ((("x-api-key", "k"),), "br", "H2"),  # whoever recorded it may have left the header out
        ((("Accept-Encoding", "gzip, BR;q=0.5"),), "br", "H2"),
        ((("accept-encoding", "*"),), "br", "H2"),
        ((("accept-encoding", "gzip"),), "gzip", "H2"),
    ],
)
def test_what_a_body_is_packed_with_is_held_against_what_was_asked_for(asked: Headers, encoding: str, found: str) -> None:
    body = brotli.compress(GOOD) if encoding == "br" else gzip.compress(GOOD)
    made = recording([(600.0, body)], headers=(*EVENT_STREAM, ("content-encoding", encoding)))
    made.request = structs.replace(made.request, headers=asked)
    assert " ".join(one.id for one in Exchange(made).finish().findings) == found


def test_a_whole_answer_that_is_packed_in_a_way_that_was_not_asked_for() -> None:
    made = recording([(600.0, brotli.compress(b"{}"))], headers=(*JSON, ("content-encoding", "br")), streamed=False)
    made.sent = Sent("HTTP/1.1", b"POST /v1/messages HTTP/1.1\r\nhost: h\r\n\r\n")
    said = [one.sentence for one in Exchange(made).finish().findings if one.id == "H2a"]
    assert said == ["The body is packed with br, which the request did not ask for."]


@pytest.mark.parametrize(("size", "found"), [((16 << 10) - 1, []), (16 << 10, ["F13"])])
def test_a_head_that_node_refuses(size: int, found: list[str]) -> None:
    told = sum(len(name) + len(value) for name, value in EVENT_STREAM) + len("x-trace")
    assert [one.id for one in findings(GOOD, headers=(*EVENT_STREAM, ("x-trace", "y" * (size - told))))] == found


FRAMED = b"".join(frame(packed_bytes(one.partition(b"data: ")[2])) for one in GOOD.split(b"\n\n") if one)


@pytest.mark.parametrize("pieces", [1, 40])
def test_aws_frames_are_unwrapped_and_read(pieces: int) -> None:
    timed = [(600.0, FRAMED)] if pieces == 1 else [(600.0 + at, FRAMED[at : at + 1]) for at in range(len(FRAMED))]
    kind = (("content-type", "application/vnd.amazon.eventstream"),)
    exchange = Exchange(recording(timed, headers=kind)).finish()
    assert exchange.reading.text == "Hello you"
    assert exchange.reading.stop_reason == "end_turn"
    assert exchange.outcome is Outcome.FAILED
    (one,) = exchange.findings
    assert one.sentence == (
        "The stream is 7 frames of application/vnd.amazon.eventstream, as Bedrock sends them. They were unwrapped and read."
    )


def test_frames_that_break_are_read_as_far_as_they_go() -> None:
    exchange = Exchange(recording([(600.0, FRAMED[:-9])])).finish()
    assert exchange.reading.text == "Hello you"
    said = [one.sentence for one in exchange.findings if one.id == "F12"]
    assert said == [
        "The stream is frames of application/vnd.amazon.eventstream, as Bedrock sends them; 6 of them were unwrapped and read, "
        "then frame 7 is cut off."
    ]


def test_binary_never_stands_in_a_finding() -> None:
    one = only(b"\0\1\2\3" * 50, headers=JSON, streamed=False)
    assert one.sentence == "Status 200 with binary data: neither JSON nor an event stream."
    one = only(inside(b"\x00\x8f\xfe\x01\x02\n\n"))
    assert "so every SDK skips it: (binary data)." in one.sentence


@pytest.mark.parametrize(
    ("body", "variant"),
    [
        (gzip.compress(GOOD).decode("utf-8", "replace").encode(), ""),
        (gzip.compress(GOOD).decode("latin-1").encode(), "latin_1"),
        (b'{"error":{"message":"\\u001f\\ufffd\\b\\u0000"}}', ""),
        (b'{"error":{"message":"\\u001F\\u008B\\u0008\\u0000"}}', "latin_1"),
    ],
)
@pytest.mark.parametrize("headers", [JSON, EVENT_STREAM])
def test_gzip_that_was_taken_for_text(body: bytes, variant: str, headers: Headers) -> None:
    one = only(body, headers=headers, streamed=headers is EVENT_STREAM)
    assert (one.id, one.variant) == ("F7a", variant)
    assert "�" not in one.sentence


def test_a_relays_name_of_the_same_model_is_said_to_be_that() -> None:
    for answered in (
        "anthropic/claude-sonnet-4-6",
        "openrouter/anthropic/claude-sonnet-4-6:free",
        "us.anthropic.claude-sonnet-4-6-v1:0",
    ):
        (one,) = findings_of_model("claude-sonnet-4-6", answered)
        assert (one.rule.id, one.severity) == ("H11", "note")
        assert one.sentence.startswith("The answer names the same model otherwise")
    assert findings_of_model("claude-sonnet-4-5", "claude-sonnet-4-5-20250929") == []
