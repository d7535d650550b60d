"""A finding as an issue: the event that is wrong is named, nothing in it is markup, no key is in it."""

from __future__ import annotations

import json

import msgspec

from app.exchange.exchange import Exchange
from app.report.issue import issue_text, worst
from tests.builders import messages_end, messages_start, messages_text, recording

KEY = "sk-live-0123456789abcdef0123456789abcdef"


def broken() -> Exchange:
    """Its third event is JSON no more, and holds what Markdown would read."""
    bad = b'event: content_block_delta\ndata: {"type": "content_block_delta" ````` <script>@everyone\n\n'
    made = recording([(600, messages_start()), (610, bad), (620, messages_text("x") + messages_end())], asked={"model": "m|n"})
    made.request = msgspec.structs.replace(
        made.request, url=f"https://h.example/v1/messages?api_key={KEY}", headers=(("x-api-key", KEY), ("x-note", "it's"))
    )
    return Exchange(made).finish()


def test_the_event_that_is_wrong_is_named_with_those_around_it() -> None:
    one = broken()
    finding = worst(one)
    assert finding is not None
    assert finding.event == 3
    said = issue_text(one, finding)
    assert said.splitlines()[0].startswith("# ")
    assert "Event 3 of" in said
    assert said.count("**(this one is wrong)**") == 1
    assert said.index("Event 2 of") < said.index("**(this one is wrong)**") < said.index("Event 4 of")
    assert "610.0 ms after the start" in said
    assert '"model": "m|n"' in said
    assert "curl -N" in said


def test_no_key_is_in_it_and_the_fence_is_longer_than_what_it_holds() -> None:
    one = broken()
    finding = worst(one)
    assert finding is not None
    said = issue_text(one, finding)
    assert KEY not in said
    assert '"$ANTHROPIC_API_KEY"' in said or "$ANTHROPIC_API_KEY" in said
    assert "\n``````\n" in said  # six, as five stand in the event


def test_a_whole_answer_has_nothing_to_tell() -> None:
    pieces = [(600.0, messages_start()), (610.0, messages_text("x")), (620.0, messages_end())]
    assert worst(Exchange(recording(pieces)).finish()) is None


def test_of_a_long_request_and_a_long_event_the_beginning_is_quoted() -> None:
    long = b'event: content_block_delta\ndata: {"type": ' + b"y" * 3_000 + b"\n\n"
    asked = {"model": "x" * 5_000}
    made = recording([(600, messages_start()), (610, long), (620, messages_text("x") + messages_end())], asked=asked)
    one = Exchange(made).finish()
    found = worst(one)
    assert found is not None
    said = issue_text(one, found)
    event, body = long.decode().rstrip(), json.dumps(asked, indent=2)
    assert event[:2_000] in said
    assert event[:2_001] not in said
    assert body[:4_000] in said
    assert body[:4_001] not in said


def test_of_a_long_answer_without_events_the_beginning_is_quoted() -> None:
    made = recording([(600, b"z" * 5_000)], headers=(("content-type", "text/plain"),), streamed=False)
    one = Exchange(made).finish()
    found = worst(one)
    assert found is not None
    said = issue_text(one, found)
    assert "z" * 4_000 in said
    assert "z" * 4_001 not in said
