"""What a program printed or logged of a stream is read, and what was done to it is told; what was sent is left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.exchange.exchange import Exchange
from app.formats.capture import Capture, CaptureError
from app.formats.file_kinds import what_it_is
from app.formats.printed import printed_in
from app.formats.wrappings import unwrap
from app.transfer.capture_files import captures_of
from tests.builders import messages_end, messages_start, messages_text

CHUNKS: list[dict[str, Any]] = [
    {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": delta}]}
    for delta in ({"role": "assistant", "content": ""}, {"content": "Grüße, it's "}, {"content": '"fine".'})
]
CHUNKS.append({**CHUNKS[0], "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
LINES = [f"data: {json.dumps(one, ensure_ascii=False)}" for one in CHUNKS] + ["data: [DONE]"]
STREAM = "".join(f"{line}\n\n" for line in LINES)
WHOLE = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}
MESSAGES = (messages_start() + messages_text("Hi") + messages_end()).decode()
EVENTS = [json.loads(line[6:]) for line in MESSAGES.split("\n") if line.startswith("data: ")]
SNAPSHOT = {"type": "text", "text": "Hi", "snapshot": "Hi"}  # of anthropic's stream helper

AS_JSON, AS_TEXT, TAKEN_OUT = "events as JSON", "as a text in JSON", "among other values"
BEFORE, QUOTED, NO_BLANK, INDENTED, OTHER, CUT = (
    "before each",
    "Python prints",
    "No blank line",
    "indented",
    "of a log",
    "cut off",
)


def lines_of(template: str) -> str:
    """Each line of the stream, its blank lines too, as a log has it; `{n}` is a number that grows."""
    return "".join(template.format(n=10 + n, line=line) + "\n" for n, line in enumerate(STREAM.split("\n")[:-1]))


def nulls(chunk: dict[str, Any]) -> dict[str, object]:
    """As an SDK prints it, with all that its types have."""
    delta = {"content": None, "role": None, "tool_calls": None, **chunk["choices"][0]["delta"]}
    return {
        **chunk,
        "service_tier": None,
        "usage": None,
        "choices": [{"finish_reason": None, **chunk["choices"][0], "delta": delta}],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n".join(map(json.dumps, CHUNKS)), [AS_JSON]),
        ("\n".join(json.dumps(one, indent=2) for one in CHUNKS), [AS_JSON]),
        (",\n".join(map(json.dumps, CHUNKS)), [AS_JSON]),
        (json.dumps(CHUNKS, indent=1), [AS_JSON]),
        (json.dumps({"took": 3, "events": CHUNKS}), [AS_JSON]),
        (json.dumps([{"at_ms": 3, "data": one} for one in CHUNKS]), [AS_JSON]),
        (json.dumps([{"event": "message", "data": json.dumps(one)} for one in CHUNKS]), [AS_JSON]),
        (json.dumps([*map(json.dumps, CHUNKS), "[DONE]"]), [AS_JSON]),
        ("\n".join(map(str, CHUNKS)), [AS_JSON]),
        (json.dumps(STREAM), [AS_TEXT]),
        (json.dumps({"status": 200, "body": STREAM}), [AS_TEXT]),
        (json.dumps([f"{line}\n\n" for line in LINES]), [AS_TEXT]),
        (json.dumps(LINES), [AS_TEXT, NO_BLANK]),
        (repr([f"{line}\n\n".encode() for line in LINES]), [AS_TEXT]),
        ("\n".join(json.dumps({"level": "info", "msg": line}) for line in STREAM.split("\n")), [AS_TEXT]),
        ("\n".join(json.dumps({"level": "info", "msg": line}) for line in LINES), [AS_TEXT, NO_BLANK]),
        ("\n".join(LINES), [NO_BLANK]),
        ("\r\n".join(LINES), [NO_BLANK]),
        ("\n".join(repr(line.encode()) for line in STREAM.split("\n")), [QUOTED]),
        ("\n".join(map(repr, LINES)), [QUOTED, NO_BLANK]),
        (lines_of("relay-1  | {line}"), [BEFORE]),
        (lines_of("> {line}"), [BEFORE]),
        (lines_of("    {line}"), [INDENTED]),
        (lines_of("[0.{n}s] {line}"), [BEFORE]),
        (lines_of("2026-12-01 10:00:{n},123 DEBUG relay.stream: {line}"), [BEFORE]),
        ("\n".join(f"Dec 01 10:00:{n} x[7]: {line!r}" for n, line in enumerate(LINES, 10)), [BEFORE, QUOTED, NO_BLANK]),
        ("2026 INFO asked\n" + lines_of("2026 INFO got {line}") + "2026 INFO done\n", [BEFORE, OTHER]),
        (
            lines_of("{n} HTTP/1.1 200 OK").split("\n")[0]
            + "\n"
            + "10 content-type: text/event-stream\n10 \n"
            + lines_of("{n} {line}"),
            [BEFORE],
        ),
    ],
)
def test_the_answer_is_read_and_what_was_done_is_told(text: str, told: list[str]) -> None:
    (one,) = printed_in(text.encode())
    (read,) = read_of(one.text)
    assert (read.reading.text, [found.id for found in read.findings], len(read.events)) == ('Grüße, it\'s "fine".', [], 5)
    notes = " ".join(one.notes)
    assert [word for word in (AS_JSON, AS_TEXT, BEFORE, QUOTED, OTHER, INDENTED, NO_BLANK) if word in notes] == told
    assert ("an endpoint answered" in notes) == (
        NO_BLANK in told or AS_JSON in told or (AS_TEXT in told and '"level"' not in text)
    )


def read_of(text: bytes) -> list[Exchange]:
    from app.formats.captures import captures_in

    return [Exchange(one.recording).finish() for one in captures_in(text, None) if isinstance(one, Capture)]


def test_what_an_sdk_adds_to_events_is_no_finding() -> None:
    """openai 3.57.0's `model_dump_json` fills in null for each field that did not come: a call's type would be taken back."""
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
    rest = {"index": 0, "id": None, "type": None, "function": {"name": None, "arguments": "{}"}}
    made = [CHUNKS[0], *({**CHUNKS[0], "choices": [{"index": 0, "delta": {"tool_calls": [one]}}]} for one in (call, rest)),
            {**CHUNKS[3], "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}]  # fmt: skip
    (one,) = printed_in("\n".join(map(json.dumps, made)).encode())
    (read,) = read_of(one.text)
    assert ([found.id for found in read.findings], read.reading.stop_reason) == ([], "tool_calls")
    (one,) = printed_in("\n".join(json.dumps(nulls(chunk)) for chunk in CHUNKS).encode())
    assert read_of(one.text)[0].findings == []
    (one,) = printed_in("\n".join(map(json.dumps, [*EVENTS[:3], SNAPSHOT, *EVENTS[3:]])).encode())
    assert (read_of(one.text)[0].reading.text, one.text.count(b"event: ")) == ("Hi", len(EVENTS))


def test_an_end_that_is_not_there_is_not_made_up() -> None:
    (one,) = printed_in("\n".join(map(json.dumps, CHUNKS[:3])).encode())
    assert b"[DONE]" not in one.text
    assert [found.id for found in read_of(one.text)[0].findings] == ["C8a"]
    (one,) = printed_in(("\n".join(map(json.dumps, CHUNKS)) + '\n{"id": "c", "obj').encode())
    assert CUT in one.notes[-1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("\n".join([json.dumps(WHOLE)] * 3), 3),
        ("\n".join([json.dumps({"ts": 1, "response": WHOLE})] * 2), 2),
        (json.dumps([WHOLE]), 1),
    ],
)
def test_whole_answers_in_a_log_are_each_an_answer(text: str, count: int) -> None:
    found = printed_in(text.encode())
    assert [json.loads(one.text) for one in found] == [WHOLE] * count


@pytest.mark.parametrize(
    "text",
    [
        "",
        STREAM,
        STREAM.replace("\n", "\r\n"),
        "\n\n" + STREAM,
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + "\n".join(LINES),
        json.dumps(WHOLE),
        json.dumps(CHUNKS[0]),
        json.dumps({"error": {"message": "no"}}),
        "<html>\n<p>data: {}\n<p>data: {}\n</html>",
        ": keep-alive\n" + STREAM,
        "data: one\ndata: {two\ndata: three\n",
        "INFO asked\n" + STREAM,
        f"> {LINES[0]}\n\n! {LINES[1]}\n\n",
        '{"id": "c", "cut": ',
        "[" * 5_000,
        "b'" + "(" * 5_000,
    ],
)
def test_what_may_be_the_endpoints_own_is_left_as_it_is(text: str) -> None:
    assert printed_in(text.encode()) == []


@pytest.mark.parametrize("text", ["\n".join(LINES), json.dumps({"data": WHOLE}), json.dumps(CHUNKS)])
def test_who_says_the_protocol_says_that_an_endpoint_answered_so(text: str) -> None:
    assert printed_in(text.encode())
    assert printed_in(text.encode(), as_sent=True) == []


def test_of_a_file(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "log.jsonl"
    file.write_text("\n".join([json.dumps({"response": WHOLE})] * 2))
    found = [one for one in captures_of(str(file), None) if isinstance(one, Capture)]
    assert [(one.name, TAKEN_OUT in one.notes[0]) for one in found] == [("log.jsonl#1", True), ("log.jsonl#2", True)]


TYPED = "$ curl -N https://h.example/v1 \\\n  -H 'Authorization: Bearer sk-typed' -d '{\n\"a\": 1}'\n"


def test_what_was_typed_in_a_terminal_is_no_part_of_the_answer() -> None:
    assert unwrap((TYPED + STREAM + "me@box:~$ ").encode()) == STREAM.encode()
    assert unwrap((TYPED[2:] + json.dumps(WHOLE)).encode()) == json.dumps(WHOLE).encode()
    with pytest.raises(CaptureError, match="curl command"):
        unwrap(TYPED.encode())
    assert "curl command" in what_it_is((TYPED + "\n" + TYPED).encode())
