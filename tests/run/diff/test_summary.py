"""The two sides of a run: what stands for each part, and what is said of it."""

from __future__ import annotations

import json

import pytest

from app.exchange.exchange import Exchange
from app.formats.captures import from_body
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Headers, SideName
from app.run.diff.event_steps import steps_of
from app.run.diff.facts import Kind, Part, Relation, RunDiff, Sense, Standing, Told, Why
from app.run.diff.sentence import sentence
from app.run.diff.summary import compare_run, summarise
from app.run.diff.words import count, heading, short, why
from app.run.diff.words_rows import event_words, header_told
from app.run.side import Side, Stage
from tests.builders import (
    EVENT_STREAM,
    MS,
    calling,
    event,
    messages_end,
    messages_start,
    messages_text,
    recording,
    side,
    stream,
)

SIDES: tuple[SideName, SideName] = "a", "b"


def answering(*texts: str, name: str = "a", headers: Headers = EVENT_STREAM, more: bytes = b"", **other: object) -> Recording:
    """A stream of Messages with these pieces of text; `more` comes before its end."""
    pieces = [(500.0, messages_start()), *((510.0 + at, messages_text(text)) for at, text in enumerate(texts))]
    pieces.append((600.0, more + messages_end()))
    return recording(pieces, side=name, headers=headers, **other)  # type: ignore[arg-type]


def chat(*chunks: dict[str, object] | str) -> Side:
    """A side of a Chat stream of these chunks."""
    data = [one if isinstance(one, str) else json.dumps({"object": "chat.completion.chunk", **one}) for one in chunks]
    return side("a", from_body("".join(f"data: {one}\n\n" for one in data).encode(), "openai-chat"))


def delta(**fields: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": fields}]}


STOP: dict[str, object] = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
USAGE: dict[str, object] = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
DONE = "[DONE]"


def compared(a: Recording, b: Recording, **more: object) -> RunDiff:
    return compare_run(side("a", a), side("b", b), **more)  # type: ignore[arg-type]


# -- what stands in the spine ------------------------------------------------------------------------------------------


def test_identical_answers_have_their_length() -> None:
    summary = summarise(side("a", stream(612)), side("b", stream(800, side="b")))
    assert summary.answers.standing is Standing.SAME
    assert short(summary.answers) == f"identical, {summary.answers.a_length} characters"
    assert summary.same


def test_a_run_of_one_side_compares_nothing() -> None:
    summary = summarise(side("a", stream(612)), None)
    assert {one.why for one in summary.parts} == {Why.ALONE}
    assert [one.part for one in summary.parts] == list(Part)
    assert short(summary.headers) == "–"
    assert why(summary.headers) == "There is one side only: nothing to compare with."
    assert not summary.same


def test_nothing_is_compared_while_a_side_runs() -> None:
    running = side("b", stream(612, side="b"))
    running.stage = Stage.PLAYING
    diff = compare_run(side("a", stream(612)), running)
    assert {one.why for one in diff.summary.parts} == {Why.RUNNING}
    assert sentence(diff) == "Nothing could be compared. It is compared when both sides have ended."


def test_the_first_words_that_differ_and_the_places() -> None:
    diff = compared(answering("It is a small ", "boat."), answering("It is a little boat.", name="b"))
    assert short(diff.summary.answers) == "“small” ≠ “little”"
    assert count(diff.summary.answers) == "1"
    assert heading(diff, Part.ANSWERS) == "1 place, all else alike · 19 and 20 characters"
    assert sentence(diff).startswith("The answers differ in 1 place, first “small” in A and “little” in B.")


def test_an_empty_answer_can_not_be_compared_and_is_named() -> None:
    refused = recording([(500.0, b'{"type":"error","error":{"type":"x","message":"no"}}')], side="b", status=429)
    diff = compared(answering("hi"), refused)
    assert (diff.summary.answers.why, diff.summary.answers.side) == (Why.NO_ANSWER, "b")
    assert heading(diff, Part.ANSWERS) == "B's answer is empty."
    assert diff.summary.headers.changed == 1
    assert heading(diff, Part.HEADERS) == "status 200 and 429"


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("One. Two.", "One. Two. Three is more.", "B's answer ends with a sentence that A's doesn't have."),
        (
            "There is one red boat here.",
            "There is one blue boat here. Two more.",
            "B's answer ends with a sentence that A's doesn't have, and differs in 1",
        ),
        ("One boat is red and", "One boat is", "A's answer goes on for 7 characters where B's ends."),
        ("One  boat.", "One boat.", "The answers have the same words; only white space differs, in 1 place."),
        ("Tides rise.", "Boats and sails", "The answers have next to nothing in common."),
    ],
)
def test_what_is_said_of_answers(a: str, b: str, said: str) -> None:
    assert sentence(compared(answering(a), answering(b, name="b"))).startswith(said)


def test_tool_calls_are_compared_by_value() -> None:
    calls = [side(name, from_body(calling(arguments), "openai-chat")) for name, arguments in  # type: ignore[arg-type]
             (("a", '{"city": "Brest", "unit": 1}'), ("b", '{"unit": 1.0, "city": "Paris"}'))]  # fmt: skip
    diff = compare_run(calls[0], calls[1])
    (call,) = diff.answers.rounds[0].calls
    assert call.value is not None
    assert [(one.path, one.kind) for one in call.value.places] == [("city", Kind.CHANGED)]
    assert short(diff.summary.answers) == '“"Brest"” ≠ “"Paris"”'
    assert sentence(diff).startswith("The tool calls differ in 1 place.")


def test_a_side_that_alone_calls_or_thinks_or_made_more_requests_is_named() -> None:
    calls, words = (side("a", from_body(calling("{}"), "openai-chat")), chat(delta(role="assistant", content="hi"), STOP, DONE))
    words.name = "b"
    assert sentence(compare_run(calls, words)).startswith("Only B's answer has text (2 characters). Only A calls a tool.")
    two = side("b", answering("hi"), answering("again"))
    assert "B made 1 request more than A." in sentence(compare_run(side("a", answering("hi")), two))


# -- headers -----------------------------------------------------------------------------------------------------------

VENDOR: Headers = (
    *EVENT_STREAM,
    ("x-request-id", "req_1"),
    ("date", "Mon"),
    ("openai-processing-ms", "241"),
    ("openai-organization", "org-secret"),
    ("x-ratelimit-limit-requests", "100"),
    ("X-RateLimit-Remaining-Requests", "99"),
    ("cf-ray", "8f3a-FRA"),
    ("server", "cloudflare"),
)
RELAY: Headers = (
    ("content-type", "text/event-stream"),
    ("x-request-id", "req_2"),
    ("x-oneapi-request-id", "2026"),
    ("x-new-api-version", "v0.9"),
    ("via", "1.1 varnish"),
    ("server", "nginx"),
)


def test_headers_are_told_by_who_has_them_and_what_they_tell() -> None:
    diff = compared(answering("hi", headers=VENDOR), answering("hi", name="b", headers=RELAY))
    rows = {one.name: one for one in diff.headers.rows}
    assert diff.headers.left_out == ("x-request-id", "date")
    assert {name: one.kind for name, one in rows.items()} == {
        "x-oneapi-request-id": Kind.ONLY_B, "x-new-api-version": Kind.ONLY_B, "via": Kind.ONLY_B,
        "x-ratelimit-…": Kind.ONLY_A, "openai-processing-ms": Kind.ONLY_A, "openai-organization": Kind.ONLY_A,
        "cf-ray": Kind.ONLY_A, "server": Kind.CHANGED, "content-type": Kind.CHANGED,
    }  # fmt: skip
    assert diff.summary.headers.only_a == 5
    assert short(diff.summary.headers) == "+3 −5"
    assert heading(diff, Part.HEADERS) == "3 only in B, 5 only in A, 2 with another value"
    limits = rows["x-ratelimit-…"]
    assert limits.loud
    assert limits.a == "100, 99"
    assert header_told(limits) == "your client can't slow down before a 429: the counts don't get through to B"
    assert "org-secret" not in str(diff.headers)
    assert header_told(rows["openai-processing-ms"]) == "what the endpoint says it took; 229 ms less than measured (470 ms)"
    assert header_told(rows["cf-ray"]) == "an edge of Cloudflare, Frankfurt"
    assert header_told(rows["via"]) == "a cache stands on the way"
    assert header_told(rows["content-type"]) == "the same kind of content; no client minds"
    assert rows["server"].tells is None
    assert sentence(diff) == (
        "Both answers are identical (2 characters). B keeps back 5 of A's headers, 2 of them the rate limit; 2 of its own name "
        "the relay program (One API, New API)."
    )


def test_a_rate_limit_under_another_vendors_names_is_not_lost() -> None:
    other: Headers = (*EVENT_STREAM, ("anthropic-ratelimit-requests-limit", "50"))
    diff = compared(answering("hi", headers=VENDOR), answering("hi", name="b", headers=other))
    assert {one.tells for one in diff.headers.rows if "ratelimit" in one.name} == {Told.RATE_LIMIT}
    assert not any(one.loud for one in diff.headers.rows)


def test_counts_that_move_all_the_time_are_no_difference_and_another_limit_is() -> None:
    moved = tuple((name, "98" if "remaining" in name.lower() else value) for name, value in VENDOR)
    assert compared(answering("hi", headers=VENDOR), answering("hi", headers=moved)).summary.headers.standing is Standing.SAME
    less = tuple((name, "10" if "limit-requests" in name else value) for name, value in VENDOR)
    (row,) = [one for one in compared(answering("hi", headers=VENDOR), answering("hi", headers=less)).headers.rows if one.kind]
    assert (row.kind, row.tells) == (Kind.CHANGED, Told.RATE_LIMIT_OTHER)


def test_a_cache_that_answered_is_said() -> None:
    hit = compared(answering("hi"), answering("hi", name="b", headers=(*EVENT_STREAM, ("x-cache", "HIT from edge"))))
    assert "A cache answered B: no model may have been asked." in sentence(hit)
    miss = compared(answering("hi"), answering("hi", name="b", headers=(*EVENT_STREAM, ("x-cache", "MISS"))))
    assert "answered B" not in sentence(miss)


def test_a_call_without_a_name_is_a_call_of_both() -> None:
    nameless = calling('{"a": 1}').replace(b'"name": "f"', b'"name": ""')
    ours, theirs = (side(name, from_body(nameless, "openai-chat")) for name in SIDES)
    assert compare_run(ours, theirs).answers.places == 0
    named = side("b", from_body(calling('{"a": 1}'), "openai-chat"))
    diff = compare_run(side("a", from_body(nameless, "openai-chat")), named)
    assert (diff.summary.answers.changed, diff.summary.answers.only_b) == (1, 0)
    assert (diff.summary.answers.first_a, diff.summary.answers.first_b) == ("(no name)", "f")


# -- lists, requests ---------------------------------------------------------------------------------------------------


def test_model_lists_where_both_are_known() -> None:
    sides = side("a", answering("hi")), side("b", answering("hi", name="b"))
    assert summarise(*sides, {"a": ["x"]}).models.why is Why.NOT_FETCHED
    assert summarise(*sides, {"a": ["x"]}).models.side == "b"
    diff = compare_run(*sides, {"a": ["claude-opus-4-8", "x"], "b": ["y", "z"]})
    assert short(diff.summary.models) == "+2 −2"
    assert heading(diff, Part.MODELS) == "claude-opus-4-8 is in A's alone"
    assert "claude-opus-4-8 is not in B's list of models." in sentence(diff)


def test_requests_without_address_and_key() -> None:
    a = answering("hi", asked={"model": "m", "messages": [1], "temperature": 0})
    b = answering("hi", name="b", asked={"model": "n", "messages": [1], "temperature": 0})
    diff = compared(a, b)
    assert [one.path for one in diff.requests.places] == ["model"]
    assert sentence(diff).startswith("The requests differ in 1 place (model), so that what follows may come from that.")
    same = compared(a, answering("hi", name="b", asked={"model": "m", "messages": [1], "temperature": 0}))
    assert heading(same, Part.REQUESTS) == "identical but for address and key"


# -- events ------------------------------------------------------------------------------------------------------------


def events_of(a: Side, b: Side) -> list[str]:
    b.name = "b"
    return [event_words(one, place) for one in compare_run(a, b).events.rounds for place in one.places]


def test_deltas_are_joined_whatever_their_number() -> None:
    assert events_of(side("a", answering("a", "b", "c")), side("b", answering("abc", name="b"))) == []


def test_usage_that_comes_twice_has_its_events_on_each_side() -> None:
    a = chat(delta(role="assistant", content=""), delta(content="hi"), STOP, USAGE, DONE)
    b = chat(delta(role="assistant", content=""), delta(content="hi"), {**STOP, "usage": USAGE["usage"]}, USAGE, DONE)
    assert events_of(a, chat(delta(role="assistant", content="hi"), STOP, USAGE, DONE)) == []
    assert events_of(a, b) == ["usage comes 2 times in B (events 3 and 4), once in A (event 4)"]
    counted = {**delta(content="hi"), "usage": USAGE["usage"]}
    each = chat(delta(role="assistant", content=""), *(counted for _ in range(9)), STOP, DONE)
    assert [(one.sense, one.first, one.last, one.count) for one in steps_of(each.rounds[0]).steps][1:3] == [
        (Sense.TEXT, 2, 10, 9), (Sense.USAGE, 2, 10, 9),
    ]  # fmt: skip
    c = chat(delta(role="assistant", content=""), USAGE, delta(content="hi"), STOP, USAGE, DONE)
    assert events_of(a, c) == ["usage comes 2 times in B (events 2 and 5), once in A (event 4)"]


def test_an_event_that_one_side_never_sends() -> None:
    whole = answering("hi")
    cut = recording(
        [(500.0, messages_start()), (510.0, messages_text("hi")), (600.0, messages_end()[: -len(event("message_stop"))])]
    )
    assert events_of(side("a", whole), side("b", cut)) == ["message_stop comes only in A (event 6)"]
    diff = compare_run(side("a", whole), side("b", cut))
    assert diff.events.rounds[0].places[0].relation is Relation.NEVER
    assert "In the stream message_stop comes only in A (event 6)." in sentence(diff)


def test_keep_alives_are_counted_not_aligned() -> None:
    ping = event("ping")
    diff = compared(answering("hi", more=ping), answering("hi", name="b", more=ping * 3))
    assert diff.summary.events.standing is Standing.SAME
    lost = compared(answering("hi", more=ping), answering("hi", name="b"))
    assert heading(lost, Part.EVENTS) == "1 place: B sends no keep-alives (A: 1)"


def test_two_protocols_are_compared_by_meaning() -> None:
    a, b = side("a", answering("hi")), chat(delta(role="assistant", content="hi"), STOP, USAGE, DONE)
    b.name = "b"
    diff = compare_run(a, b)
    assert diff.events.by_meaning
    assert heading(diff, Part.EVENTS) == "of the same meaning, in one order"
    thinks = chat(delta(role="assistant", reasoning_content="hm"), delta(content="hi"), STOP, DONE)
    assert events_of(side("a", answering("hi")), thinks) == ["reasoning comes only in B (event 1)"]
    assert diff.summary.requests.standing is Standing.UNKNOWN


def test_a_document_is_no_stream() -> None:
    whole = side("b", from_body(calling("{}"), "openai-chat"))
    diff = compare_run(side("a", answering("hi")), whole)
    assert (diff.summary.events.why, diff.summary.events.side) == (Why.NOT_STREAMED, "b")
    assert heading(diff, Part.EVENTS) == "B's answer did not come as a stream of events."


def test_a_side_that_was_not_reached_sent_no_events_to_compare() -> None:
    dead = recording([], side="b", end=Ended(EndKind.ERROR, 5 * MS, "refused"))
    events = compared(answering("hi"), dead).summary.events
    assert (events.standing, events.why, events.side) == (Standing.UNKNOWN, Why.NO_ANSWER, "b")


def test_a_side_without_a_round_has_sent_nothing() -> None:
    diff = compare_run(Side("a", []), Side("b", [Exchange(answering("hi")).finish()]))
    assert {one.standing for one in diff.summary.parts} == {Standing.UNKNOWN}
