"""Sides: what several rounds add up to, and what stays unknown."""

from __future__ import annotations

import json

import pytest

from app.diagnosis import Context
from app.exchange.exchange import Exchange, Outcome
from app.formats.captures import from_body
from app.pricing import Cost, Unpriced
from app.recording.recording import Recording
from app.recording.records import Asked, Ended, EndKind
from app.run.json_report import run_facts, side_facts
from app.run.side import Side, Stage, sides_of
from app.terminal.text import say_json
from tests.builders import MS, ODD_ARGUMENTS, calling, messages_end, messages_start, messages_text, recording, side, stream
from tests.diagnosis.made import RELAY, A, C, made


def later(made: Recording, by_ms: float) -> Recording:
    """The same exchange, begun later."""
    made.marks = {name: ns + round(by_ms * MS) for name, ns in made.marks.items()}
    for index, ns in enumerate(made.body.stamps):
        made.body.stamps[index] = ns + round(by_ms * MS)
    return made


def test_rounds_add_up() -> None:
    both = side("a", stream(600, number=1), later(stream(900, number=2, input_tokens=60), 5000))
    assert both.outcome is Outcome.COMPLETED
    assert both.usage is not None
    assert (both.usage.input_tokens, both.usage.output_tokens) == (21 + 60, 98 + 98)
    assert both.timing.ttft == 600
    last = both.rounds[1].timing.total
    assert last is not None
    assert both.timing.total == 5000 + last
    assert both.cost is not None
    assert both.cost.usd == sum(cost.usd for cost in (Side("a", [one]).cost for one in both.rounds) if cost)
    assert both.events == 2 * len(both.rounds[0].events)


def test_a_count_that_one_round_did_not_say_is_unknown_for_all() -> None:
    both = side("a", stream(), stream(output_tokens=None))
    assert both.usage is not None
    assert both.usage.input_tokens == 42
    assert both.usage.output_tokens is None
    assert isinstance(both.price, Unpriced)
    assert "output" in both.price.sentence


def test_cached_input_of_one_round_is_not_lost_where_another_says_nothing_of_a_cache() -> None:
    start = messages_start(input_tokens=20).replace(b'"input_tokens": 20', b'"input_tokens": 20, "cache_read_input_tokens": 80')
    cached = recording([(600.0, start), (612.0, messages_text("Hi")), (640.0, messages_end())], number=2)
    both = side("a", stream(input_tokens=100), cached)
    assert both.usage is not None
    assert both.usage.cache_read_tokens is None
    assert both.total_input_tokens == 200
    assert side("a", stream(), stream(output_tokens=None)).total_input_tokens == 42
    assert Side("a").total_input_tokens is None


def test_the_cost_of_rounds_has_the_parts_and_notes_of_all() -> None:
    start = messages_start(input_tokens=20).replace(b'"input_tokens": 20', b'"input_tokens": 20, "cache_read_input_tokens": 80')
    cached = recording([(600.0, start), (612.0, messages_text("Hi")), (640.0, messages_end())])
    cost = side("a", cached, stream(number=2)).cost
    assert cost is not None
    assert cost.usd == pytest.approx(sum(cost.parts.values()))
    assert (len(cost.notes), cost.model, cost.source.count("price table")) == (1, "claude-opus-4-8", 1)


def test_a_round_that_failed_without_usage_leaves_the_others_sum() -> None:
    refused = recording([(500, b'{"type":"error","error":{"type":"api_error","message":"no"}}')], status=500, headers=())
    both = side("a", stream(), refused)
    assert both.outcome is Outcome.FAILED
    assert both.usage is not None
    assert both.usage.output_tokens == 98
    assert isinstance(both.price, Cost)


def test_a_refusal_before_any_output_costs_its_input_only() -> None:
    def refused(*before: bytes) -> Side:
        pieces = [(600.0, messages_start("claude-opus-4-8", 1000)), *((610.0, piece) for piece in before)]
        return side("a", recording([*pieces, (620.0, messages_end(50, "refusal"))]))

    at_once, later_on = refused().cost, refused(messages_text("Well, ")).cost
    assert at_once is not None
    assert later_on is not None
    assert at_once.parts.keys() == {"input"}
    assert later_on.parts.keys() == {"input", "output"}


def test_nothing_sent_yet_is_running() -> None:
    assert Side("a").outcome is Outcome.RUNNING
    facts = side_facts(Side("a"))
    assert (facts["status"], facts["usage"]["input_tokens"], facts["requests"]) == (None, None, [])


def test_the_time_of_a_side_from_a_file_ends_with_it_also_while_it_is_read() -> None:
    """A file is of another day: what is not read yet of it must not look like a wait until now."""
    recorded = recording([(5.0, messages_start())])
    end = recorded.end
    assert end is not None
    unread = Side("a", [Exchange(recorded)])
    assert unread.outcome is Outcome.RUNNING
    assert unread.own_ns(end.ns + 10**15) == end.ns
    assert unread.own_ns(end.ns - 1) == end.ns - 1
    unread.stage = Stage.PLAYING  # another round may follow: it is waited for
    assert unread.own_ns(end.ns + 10**9) == end.ns + 10**9


def test_the_diagnosis_is_kept_until_what_it_is_made_of_changes() -> None:
    one = Side("a", [made(404, {"error": {"message": "no such model"}}, protocol=C, model="gpt-5.4")])
    first = one.diagnosis
    assert first is not None
    assert one.diagnosis is first
    one.context = Context(models=("gpt-5.5",))
    listed = one.diagnosis
    assert listed is not None
    assert listed.rule != first.rule
    assert one.last is not None
    one.last.recording.apply(Asked(A, RELAY, "/v1/messages", 200, "anthropic-answer", "speaks"))
    asked = one.diagnosis
    assert asked is not None
    assert asked.asked
    one.rounds.append(made(500, "x"))
    assert one.diagnosis is not None
    assert one.diagnosis.rule.startswith("server")
    one.fault = "KeyError"
    assert one.diagnosis is not None
    assert one.diagnosis.rule == "own-fault"


def test_our_own_stop_is_no_finding() -> None:
    pieces = [(600.0, messages_start()), (612.0, messages_text("Hel"))]
    stopped = side("a", recording(pieces, end=Ended(EndKind.CANCELLED)))
    cut = side("a", recording(pieces))
    assert stopped.findings == []
    assert [one.id for _, one in cut.findings if one.severity == "breaks"]


def test_sides_of_a_file() -> None:
    found = sides_of([stream(number=1), stream(side="b"), stream(number=2)])
    assert {name: len(one.rounds) for name, one in found.items()} == {"a": 2, "b": 1}


def test_facts_have_the_schema() -> None:
    facts = run_facts(side("a", stream()), side("b", stream(side="b")))
    assert set(facts) == {"schema", "sides", "comparison"}
    one = facts["sides"]["b"]
    assert set(one) == {
        "outcome", "ended", "whole_but_for_end_mark", "status", "text", "reasoning", "tool_calls", "stop_reason", "model",
        "usage", "cost_usd", "cost_said_usd", "cost_doubts", "timing_ms", "events", "findings", "diagnosis",
        "clients", "requests", "fit",
    }  # fmt: skip
    assert set(one["timing_ms"]) == {
        "dns", "connect", "proxy", "tls", "own", "send", "wait", "path", "endpoint", "receive", "ttfb", "ttft", "ttfo", "total",
    }  # fmt: skip
    assert one["timing_ms"]["dns"] == 10.0
    assert one["requests"][0]["text"] == one["text"]


@pytest.mark.parametrize("arguments", ODD_ARGUMENTS)
def test_facts_are_json_whatever_a_call_holds(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = side("a", from_body(calling(arguments), "openai-chat"))
    say_json(side_facts(one))
    (call,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["tool_calls"]
    assert call.get("arguments") or call["arguments_text"] == arguments
