"""How the answers ended comes first: what a comparison says of it, in every protocol, streamed or not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.exchange.exchange import Outcome
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run.compare import compare
from app.run.json_report import run_facts, side_facts
from app.scenarios import MAX_ROUNDS
from tests.builders import JSON, event, messages_end, messages_start, messages_text, recording, side, stream
from tests.diagnosis.end_cases import CHOICE, COMPLETED, COMPLETION, DONE, MESSAGE, SAID, chunk

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"
CREATED = event("response.created", response=COMPLETED | {"status": "in_progress"})
DETAILS = {"max_output_tokens": {"reason": "max_output_tokens"}, "content_filter": {"reason": "content_filter"}}


def streamed(protocol: str, reason: str, name: SideName, ms: float = 600.0, **more: Any) -> Recording:
    if protocol == A:
        pieces = [(ms, messages_start()), (ms + 5, messages_text("Hi")), (ms + 9, messages_end(stop_reason=reason))]
    elif protocol == C:
        pieces = [(ms, chunk(None, role="assistant")), (ms + 5, chunk(None, content="Hi")), (ms + 9, chunk(reason) + DONE)]
    else:
        end = response(reason)
        pieces = [(ms, CREATED), (ms + 9, event(f"response.{end['status']}", response=end))]
    return recording(pieces, protocol=protocol, side=name, **more)


def response(reason: str) -> dict[str, Any]:
    status = "completed" if reason == "completed" else "incomplete"
    return COMPLETED | {"status": status, "incomplete_details": DETAILS.get(reason), "output": [SAID]}


def whole(protocol: str, reason: str, name: SideName, ms: float = 600.0) -> Recording:
    answers = {
        A: MESSAGE | {"stop_reason": reason},
        C: COMPLETION | {"choices": [CHOICE | {"finish_reason": reason}]},
        R: response(reason),
    }
    body = json.dumps(answers[protocol]).encode()
    return recording([(ms, body)], protocol=protocol, side=name, streamed=False, headers=JSON)


def said(a: Recording, b: Recording) -> str:
    return compare(side("a", a), side("b", b)).sentence


OTHERWISE = [
    (A, "max_tokens", "end_turn", "was cut at its token limit (max_tokens). B's answer ended by itself (end_turn)."),
    (C, "length", "stop", "was cut at its token limit (length). B's answer ended by itself (stop)."),
    (
        R,
        "max_output_tokens",
        "completed",
        "was cut at its token limit (max_output_tokens). B's answer ended by itself (completed).",
    ),
    (
        C,
        "content_filter",
        "stop",
        "was cut or withheld by a content filter (content_filter). B's answer ended by itself (stop).",
    ),
    (R, "content_filter", "completed", "was cut or withheld by a content filter (content_filter). B's answer ended by itself"),
    (A, "refusal", "end_turn", "is a refusal (refusal). B's answer ended by itself (end_turn)."),
    (A, "model_context_window_exceeded", "max_tokens", "was cut where the context window was full"),
    (A, "pause_turn", "end_turn", "was paused, to be continued (pause_turn). B's answer ended by itself"),
]


@pytest.mark.parametrize("make", [streamed, whole])
@pytest.mark.parametrize(("protocol", "cut", "good", "words"), OTHERWISE)
def test_two_sides_that_ended_differently(make: Any, protocol: str, cut: str, good: str, words: str) -> None:
    assert said(make(protocol, cut, "a"), make(protocol, good, "b")).startswith(f"In this run A's answer {words}")
    turned = said(make(protocol, good, "a"), make(protocol, cut, "b", 1600.0))
    cut_first = "In this run B's answer " if good != "max_tokens" else "In this run A's answer was cut at its token limit"
    assert turned.startswith(cut_first)
    assert turned.index("'s answer") < turned.index("1.00 s")  # before any time


@pytest.mark.parametrize(("protocol", "good"), [(A, "end_turn"), (C, "stop")])
def test_a_reason_that_is_left_empty_is_told(protocol: str, good: str) -> None:
    empty, other = whole(protocol, "", "b"), whole(protocol, good, "a")
    assert said(other, empty).startswith(
        f"In this run B's answer does not say why it ended. A's answer ended by itself ({good})."
    )
    assert side("b", empty).outcome is Outcome.COMPLETED
    assert "why it ended" not in said(whole(protocol, "", "a"), empty)


def test_an_end_is_no_fact_where_the_very_words_are_those_of_a_cut_answer() -> None:
    words = "A stream is a row of small envelopes, each"
    cut, hidden, whole_one = worded("a", words, "length"), worded("b", words, "stop"), worded("b", f"{words} one.", "stop")
    told = said(cut, hidden)
    assert (
        "A's answer was cut at its token limit (length). B says that its answer ended by itself (stop), with the very" in told
    )
    assert "B's answer ended by itself (stop)." in said(cut, whole_one)
    assert "B's answer ended by itself (stop)." in said(worded("a", "Yes", "length"), worded("b", "Yes", "stop")), "by chance"


def worded(name: SideName, text: str, reason: str) -> Recording:
    pieces = [(600.0, chunk(None, role="assistant")), (605.0, chunk(None, content=text)), (609.0, chunk(reason) + DONE)]
    return recording(pieces, protocol=C, side=name)


def test_ends_are_compared_across_protocols() -> None:
    assert said(streamed(A, "max_tokens", "a"), streamed(C, "stop", "b")).startswith(
        "In this run A's answer was cut at its token limit (max_tokens). B's answer ended by itself (stop)."
    )
    alike = said(streamed(A, "end_turn", "a"), streamed(R, "completed", "b"))
    assert "B did not say how many tokens it wrote. In this run both take about the same" in alike
    alike = said(streamed(A, "stop_sequence", "a"), streamed(C, "stop", "b"))
    assert "B did not say how many tokens it wrote. In this run both take about the same" in alike
    assert said(streamed(A, "stop_sequence", "a"), streamed(A, "end_turn", "b")).startswith(
        "In this run A's answer ended at a stop sequence (stop_sequence). B's answer ended by itself (end_turn)."
    )


def test_the_same_cut_on_both_sides_is_told_once() -> None:
    assert said(streamed(A, "max_tokens", "a"), streamed(C, "length", "b")).startswith(
        "In this run both answers were cut at their token limit (A max_tokens, B length)."
    )
    assert said(streamed(A, "end_turn", "a"), streamed(A, "end_turn", "b")).startswith("In this run both take")


def test_one_side_alone_says_that_it_was_cut() -> None:
    alone = compare(side("a", streamed(C, "length", "a")), None).sentence
    assert alone.startswith("In this run A's answer was cut at its token limit (length). A's first token came after")
    assert "complete" not in alone
    assert "answer was complete after" in compare(side("a", streamed(C, "stop", "a")), None).sentence


def test_an_answer_that_a_filter_withheld_is_no_stream_without_content() -> None:
    empty = [(600.0, chunk(None, role="assistant", content="")), (620.0, chunk("content_filter") + DONE)]
    sentence = said(streamed(C, "stop", "a"), recording(empty, protocol=C, side="b"))
    assert sentence.startswith("In this run B's answer was cut or withheld by a content filter (content_filter).")


def test_a_refusal_that_ends_with_stop_is_one() -> None:
    refused = [(600.0, chunk(None, role="assistant")), (605.0, chunk(None, refusal="No.")), (609.0, chunk("stop") + DONE)]
    assert said(streamed(C, "stop", "a"), recording(refused, protocol=C, side="b")).startswith(
        "In this run B's answer is a refusal (stop)."
    )
    item = SAID | {"content": [{"type": "refusal", "refusal": "No."}]}
    body = json.dumps(response("completed") | {"output": [item]}).encode()
    other = recording([(600.0, body)], protocol=R, side="b", streamed=False, headers=JSON)
    assert said(whole(R, "completed", "a"), other).startswith("In this run B's answer is a refusal (completed).")


def test_an_answer_whole_but_for_its_end_mark_is_called_so() -> None:
    cut = [(600.0, messages_start()), (605.0, messages_text("Hi")), (609.0, messages_end()[:-1])]
    a, b = side("a", stream()), side("b", recording(cut, side="b"))
    assert b.outcome is Outcome.FAILED
    facts = side_facts(b)
    assert (facts["ended"], facts["whole_but_for_end_mark"]) == ("by_itself", True)
    assert side_facts(a)["ended"] == "by_itself"
    assert compare(a, b).sentence.startswith(
        "In this run A completed; B's answer is whole but for its end mark and counts as failed."
    )
    assert compare(b, None).sentence.startswith("B's answer is whole but for its end mark, and counts as failed.")
    full = [*cut[:2], (609.0, messages_end(stop_reason="max_tokens")[:-1])]
    ended = compare(
        side("a", recording([*full[:2], (609.0, messages_end(stop_reason="max_tokens"))])), side("b", recording(full, side="b"))
    )
    assert ended.sentence.endswith("failed. Both answers were cut at their token limit (A max_tokens, B max_tokens).")


# -- tools -------------------------------------------------------------------------------------------------------------

TOOLS = {"model": "m", "messages": [{"role": "user", "content": "?"}], "tools": [{"name": "get_weather", "input_schema": {}}]}


def calls(number: int, city: str = "Paris", name: SideName = "a") -> Recording:
    block = {"type": "tool_use", "id": f"toolu_{number}", "name": "get_weather", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": json.dumps({"city": city})}
    call = event("content_block_start", index=1, content_block=block) + event("content_block_delta", index=1, delta=delta)
    body = messages_start() + call + event("content_block_stop", index=1) + messages_end(stop_reason="tool_use")
    return recording([(600.0, body)], number=number, scenario="tools", asked=TOOLS, side=name)


def test_a_loop_that_does_not_end_fails_and_says_why() -> None:
    looping = side("b", *(calls(number, name="b") for number in range(1, MAX_ROUNDS + 1)))
    assert looping.outcome is Outcome.FAILED
    assert looping.diagnosis is not None
    assert looping.diagnosis.cause == (
        "The model called the same tool with the same arguments (get_weather) 8 times, and there is no final answer: Diptych"
        " stopped in round 8, its last call was never answered."
    )
    assert "does not pass tool results on" in looping.diagnosis.fix
    good = side("a", calls(1), stream(number=2))
    assert compare(good, looping).sentence.startswith("In this run A completed, B failed: The model called the same tool")
    facts = side_facts(looping)
    assert facts["outcome"] == "failed"
    assert facts["requests"][-1]["outcome"] == "completed"


def test_a_loop_of_other_calls_is_told_as_one() -> None:
    looping = side("a", *(calls(number, f"City {number}") for number in range(1, MAX_ROUNDS + 1)))
    assert looping.diagnosis is not None
    assert looping.diagnosis.cause.startswith("The model still called a tool (get_weather) in round 8, where Diptych stops:")


def test_a_loop_that_ends_is_none() -> None:
    assert side("a", *(calls(number) for number in range(1, MAX_ROUNDS)), stream(number=8)).outcome is Outcome.COMPLETED
    assert side("a", calls(1)).outcome is Outcome.COMPLETED


def test_a_tools_run_in_which_no_tool_was_called() -> None:
    def silent(name: SideName) -> Recording:
        return stream(side=name, scenario="tools", asked=TOOLS)

    a, b = side("a", silent("a")), side("b", silent("b"))
    alone = compare(a, None)
    assert alone.sentence.startswith("In this run A called no tool, though one was offered.")
    assert [one.sentence for _, one in a.findings if one.id == "G20"] == [
        "get_weather was offered, and the answer calls no tool: that tools work here is not shown."
    ]
    assert a.outcome is Outcome.COMPLETED
    assert compare(a, b).sentence.startswith("In this run neither side called a tool, though one was offered.")
    called = side("b", calls(1, name="b"), stream(side="b", number=2))
    assert "called no tool, though" not in compare(a, called).sentence
    assert "G20" not in [one.id for _, one in called.findings]
    assert "no_tool_called" in [claim["claim"] for claim in run_facts(a, None)["comparison"]["claims"]]


# -- what contradicts the request --------------------------------------------------------------------------------------

ASKED = {"model": "m", "max_tokens": 1024, "messages": [{"role": "user", "content": "?"}]}


def empty(reason: str, tokens: int) -> Recording:
    start = messages_start().partition(b"event: content_block_start")[0]
    end = b"event: message_delta" + messages_end(tokens, reason).partition(b"event: message_delta")[2]
    return recording([(600.0, start), (605.0, end)], asked=ASKED, side="b")


def test_a_reason_that_contradicts_the_request_is_said_first() -> None:
    assert compare(side("b", empty("max_tokens", 17)), None).sentence.startswith(
        "B names the token limit as its reason, after 17 of the 1\u0020024 tokens that were allowed."
    )
    told = compare(side("a", stream()), side("b", empty("max_tokens", 17))).sentence
    assert told.startswith("In this run A's answer ended by itself (end_turn). B names the token limit as its reason, after 17")
    said = compare(side("a", stream()), side("b", empty("stop_sequence", 0))).sentence
    assert "B stopped at a stop sequence that nobody asked for." in said


def test_a_hosted_tool_that_nobody_offered_is_said() -> None:
    blocks = [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": ""}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
        {"type": "text", "text": "Hi"},
    ]
    body = json.dumps(MESSAGE | {"content": blocks, "stop_reason": "end_turn"}).encode()
    one = recording([(600.0, body)], asked=ASKED, streamed=False, headers=JSON)
    assert compare(side("a", one), None).sentence.startswith("A's answer reports a web_search that nobody asked for.")


# -- times -------------------------------------------------------------------------------------------------------------


def test_both_begin_with_reasoning_though_one_came_in_one_read() -> None:
    def thinking(name: SideName, at_once: bool) -> Recording:
        thought = event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "hm"})
        pieces = [(600.0, messages_start()), (605.0, thought), (900.0, messages_text("Hi")), (950.0, messages_end())]
        return recording([(660.0, b"".join(data for _, data in pieces))] if at_once else pieces, side=name)

    assert "of its reasoning" not in said(thinking("a", at_once=True), thinking("b", at_once=False))
    assert "A's first token is of its reasoning and B's of its answer." in said(thinking("a", at_once=True), stream(side="b"))


def test_a_stream_that_was_made_up_afterwards_is_named() -> None:
    slow, late = stream(800, step_ms=140, words=11), stream(2266, step_ms=1.5, words=11, side="b")
    told = said(slow, late)
    assert "B's whole answer came within 16 ms of its first piece, when A's was already whole" in told
    assert told.index("of it is ") < told.index("B's whole answer"), "it is of the difference before it"
    assert "afterwards" not in said(slow, stream(1500, step_ms=1.5, words=11, side="b"))  # before A's was whole
    assert "afterwards" not in said(slow, stream(2266, step_ms=60, words=11, side="b"))  # it took its time
    assert "afterwards" not in said(stream(800, step_ms=14, words=11), late)  # a quick writer looks so, too
    assert "afterwards" not in said(slow, stream(2266, step_ms=1.5, words=2, side="b"))  # hardly an answer
    turned = said(stream(2266, step_ms=1.5, words=11), stream(800, step_ms=140, words=11, side="b"))
    assert "A seems to wait for the whole answer and to stream it afterwards." in turned


def test_the_prompt_s_total_comes_before_the_times() -> None:
    sentence = said(stream(), stream(1024, side="b", input_tokens=48))
    assert sentence.startswith("B counted 27 more input tokens for the same request. In this run B is 412 ms later")


def test_of_several_rounds_no_stream_is_called_made_up() -> None:
    slow, late = [stream(800, step_ms=140, words=11)], [stream(2266, step_ms=1.5, words=11, side="b")]
    two = [*late, stream(2266, step_ms=1.5, words=11, side="b", number=2)]
    assert "afterwards" in compare(side("a", *slow), side("b", *late)).sentence
    assert "afterwards" not in compare(side("a", *slow), side("b", *two)).sentence
