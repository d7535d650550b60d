"""The sentence: what it says, and what it must not say."""

from __future__ import annotations

import json

import pytest

from app.formats.captures import from_body
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, WireErrorCode
from app.run.compare import compare
from app.run.differences import differences
from app.run.side import Side, Stage
from tests.builders import JSON, MS, event, messages_end, messages_start, messages_text, recording, side, stream

THE_SAME = "In this run both take about the same time to the first token (A 612 ms, B 612 ms)."


def sentence(a: Recording | list[Recording], b: Recording | list[Recording]) -> str:
    sides = [one if isinstance(one, list) else [one] for one in (a, b)]
    return compare(side("a", *sides[0]), side("b", *sides[1])).sentence


def whole(ms: float, wait_ms: float | None = None, **more: object) -> Recording:
    """An unstreamed answer, whole at `ms`."""
    body: dict[str, object] = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8"}
    body |= {"content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn", "stop_sequence": None}
    body |= {"usage": {"input_tokens": 21, "output_tokens": 1}}
    wait = ms - 151 if wait_ms is None else wait_ms
    return recording([(ms, json.dumps(body).encode())], headers=JSON, streamed=False, wait_ms=wait, **more)  # type: ignore[arg-type]


def calling(*names: str, **more: object) -> Recording:
    """A stream that calls these tools, its first token at 612 ms."""
    pieces = [(607.0, messages_start())]
    for number, name in enumerate(names, start=1):
        block = {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": {}}
        started = event("content_block_start", index=number, content_block=block)
        arguments = event("content_block_delta", index=number, delta={"type": "input_json_delta", "partial_json": "{}"})
        pieces.append((611.0 + number, started + arguments + event("content_block_stop", index=number)))
    pieces.append((700.0, messages_end(stop_reason="tool_use")))
    return recording(pieces, wait_ms=506, **more)  # type: ignore[arg-type]


def in_bursts(count: int, **more: object) -> Recording:
    """Twelve pieces of content in that many bursts, 487 ms apart, the first at 612 ms."""
    pieces = [(600.0, messages_start())]
    for burst in range(count):
        pieces.append((612 + burst * 487, b"".join(messages_text(f"{burst}.{n} ") for n in range(12 // count))))
    pieces.append((pieces[-1][0], messages_end()))
    return recording(pieces, wait_ms=499, **more)  # type: ignore[arg-type]


def test_later_first_token_names_the_phase_it_lies_in() -> None:
    said = sentence(stream(612), stream(1024, side="b"))
    assert said.startswith("In this run B is 412 ms later to the first token. All of it is waiting for B's first byte.")


def test_earlier_is_said_as_earlier() -> None:
    assert "B is 412 ms earlier to the first token" in sentence(stream(1024), stream(612, side="b"))


def test_a_phase_that_differs_more_than_the_whole_is_all_of_it_not_more() -> None:
    a = stream(612, connect_ms=200.0, wait_ms=336.0)
    b = stream(1024, side="b", connect_ms=30.0, wait_ms=918.0)
    assert " All of it is waiting for B's first byte." in sentence(a, b)


@pytest.mark.parametrize(
    ("wait_ms", "share"),
    [(4900.0, "Nearly all"), (4600.0, "4.10 s"), (3500.0, "3.00 s")],
)
def test_most_of_it_is_said_in_the_unit_of_the_difference(wait_ms: float, share: str) -> None:
    a, b = stream(612, wait_ms=500.0), stream(5024, side="b", wait_ms=wait_ms, connect_ms=0.0)
    assert f"B is 4.41 s later to the first token. {share} of it is waiting for B's first byte." in sentence(a, b)


def test_no_phase_is_blamed_where_none_holds_most() -> None:
    a = stream(612)
    b = stream(1024, side="b", connect_ms=236.0, wait_ms=712.0)
    said = sentence(a, b)
    assert "of it is" not in said


def test_a_small_difference_is_no_difference() -> None:
    said = sentence(stream(612), stream(630, side="b"))
    assert "about the same time" in said
    assert "A 612 ms, B 630 ms" in said


def test_a_kept_connection_is_not_compared_silently() -> None:
    said = sentence(stream(612), stream(300, side="b", reused=True))
    assert "B reused a connection and A opened a new one" in said
    assert "of it is" not in said


def test_an_empty_answer_is_not_praised_for_its_speed() -> None:
    empty = recording([(300.0, messages_start()), (301.0, messages_end())], wait_ms=200)
    other = recording([(300.0, messages_start()), (301.0, messages_end())], wait_ms=200, side="b")
    assert sentence(stream(612), other) == "In this run B's answer is empty."
    assert sentence(empty, other) == "In this run the answers of A and B are empty."
    said = sentence([calling("f"), empty], stream(612, side="b"))
    assert said == "In this run A's last answer is empty. B called no tool where A called f.", (
        "a lost call is told all the same"
    )
    alone = compare(side("a", empty), None).sentence
    assert alone.startswith("In this run A's answer is empty. A completed in ")


def test_input_tokens_are_compared_for_one_model_only() -> None:
    assert "B counted 27 more input tokens for the same request" in sentence(stream(), stream(side="b", input_tokens=48))
    other = stream(side="b", input_tokens=48, model="claude-haiku-4-5-20251001")
    assert "input token" not in sentence(stream(), other)


def test_cached_tokens_that_are_counted_twice_are_told_as_such() -> None:
    """A converter that copies OpenAI's prompt_tokens into input_tokens: the totals differ by exactly what was cached."""
    a, b = stream(input_tokens=341, cache_read=2048), stream(side="b", input_tokens=2389, cache_read=2048)
    said = sentence(a, b)
    assert "B counted its 2 048 cached tokens twice: 4 437 input tokens where A counted 2 389" in said
    assert "more input token" not in said
    other = stream(side="b", input_tokens=2390, cache_read=2048)
    assert "B counted 2 049 more input tokens" in sentence(a, other)


def test_a_zero_is_no_count() -> None:
    a, b = stream(), stream(side="b", output_tokens=0, step_ms=60.0)
    said = sentence(a, b)
    assert "B counted 0 tokens for what it wrote" in said
    assert "A wrote" not in said
    assert "output" not in differences(side("a", a), side("b", b))
    assert "input" not in differences(side("a", stream(input_tokens=0)), side("b", stream(side="b")))


def test_unknown_tokens_are_not_compared() -> None:
    found = differences(side("a", stream()), side("b", stream(side="b", output_tokens=None)))
    assert found["ttft"].value == 0
    assert "cost" not in found


def test_more_input_is_worse_only_where_the_same_was_sent() -> None:
    assert differences(side("a", stream()), side("b", stream(side="b", input_tokens=48)))["input"].less_is_better
    a, b = side("a", stream(), stream(number=2)), side("b", stream(side="b"), stream(side="b", input_tokens=90, number=2))
    assert differences(a, b)["input"].less_is_better is None


def test_bursts_are_told_with_their_number() -> None:
    assert "B took 811 ms longer to complete. B's answer came in 3 bursts." in sentence(stream(), in_bursts(3, side="b"))
    assert sentence(stream(), one_frame(in_bursts(1, side="b"))).endswith(" B's answer came in one burst.")


def test_a_longer_whole_is_what_the_figures_beside_it_give() -> None:
    said = sentence(stream(step_ms=393 / 9), stream(step_ms=2401 / 9, side="b"))  # 1006 and 3014 ms: 1.01 s and 3.01 s
    assert "B took 2.00 s longer to complete." in said


def one_frame(made: Recording) -> Recording:
    """The recording with a body that was written in one HTTP chunk."""
    made.body.frame_ends.append(len(made.body.data))
    return made


def test_one_burst_alone_is_told_with_both_explanations() -> None:
    said = sentence(stream(), in_bursts(1, side="b"))
    assert said.endswith(
        " B's answer came all at once, within 1.0 ms: it was ready by then, or something on the way collected it."
    )


def test_bursts_of_a_are_told_as_well() -> None:
    assert sentence(in_bursts(3), stream(side="b")).endswith(" A's answer came in 3 bursts.")
    assert " A's answer came in 3 bursts. B's answer came all at once" in sentence(in_bursts(3), in_bursts(1, side="b"))
    assert sentence(in_bursts(3), one_frame(in_bursts(1, side="b"))).endswith(
        " Both sent their answers in bursts: A in 3, B in 1."
    )


def test_one_that_failed_is_named_with_its_cause() -> None:
    end = Ended(EndKind.ERROR, 0, WireErrorCode.REFUSED, "connection refused", "connect")
    said = sentence(stream(), recording([], side="b", end=end))
    assert said.startswith("In this run A completed, B failed: ")


def test_a_cause_that_ends_in_a_quotation_has_one_full_stop() -> None:
    body = b'{"type":"error","error":{"type":"authentication_error","message":"Invalid key."}}'
    assert sentence(stream(), recording([(300, body)], side="b", status=401, headers=JSON)).endswith("“Invalid key.”")


def test_unstreamed_answers_are_compared_by_their_whole() -> None:
    body = (
        b'{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-8","content":[{"type":"text","text":"Hi"}],'
        b'"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}'
    )
    a = recording([(500, body)], headers=JSON, streamed=False)
    b = recording([(900, body)], headers=JSON, streamed=False, side="b")
    assert sentence(a, b).startswith("In this run B is 400 ms slower to complete")


def test_a_stopped_run_says_so() -> None:
    end = Ended(EndKind.CANCELLED)
    pieces = [(600.0, messages_start()), (612.0, messages_text("Hel"))]
    assert sentence(recording(pieces, end=end), recording(pieces, side="b", end=end)).startswith("You stopped this run")


def test_a_kept_connection_is_told_of_equal_times_too() -> None:
    said = sentence(stream(612, reused=True), stream(612, side="b"))
    assert said.startswith(f"{THE_SAME} A reused a connection and B opened a new one, so")


def test_the_whole_is_told_where_it_says_something_else_than_the_first_token() -> None:
    assert "B took 2.24 s longer to complete" in sentence(stream(1024, step_ms=5), stream(612, side="b", step_ms=300))
    assert "to complete" not in sentence(stream(612), stream(1024, side="b"))


def thinking(first_ms: float, **more: object) -> Recording:
    """A stream that thinks aloud from `first_ms` on and speaks 800 ms later."""
    thought = event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "hm"})
    pieces = [(first_ms - 5, messages_start()), (first_ms, thought), (first_ms + 800, messages_text("Hi"))]
    return recording([*pieces, (first_ms + 820, messages_end())], wait_ms=first_ms - 106, **more)  # type: ignore[arg-type]


def test_a_thought_and_a_word_are_not_compared_silently() -> None:
    said = sentence(thinking(612), stream(1412, side="b"))
    assert (
        "In this run B is 800 ms later to the first token. A's first token is of its reasoning and B's of its answer." in said
    )
    assert "of its reasoning" not in sentence(thinking(612), thinking(900, side="b"))
    kept = sentence(thinking(612, reused=True), stream(1412, side="b"))
    assert "only one of the times. A's first token is of its reasoning" in kept
    found = differences(side("a", thinking(612)), side("b", stream(1412, side="b")))
    assert found["ttft"].less_is_better is None


def test_a_whole_that_differs_far_more_than_the_first_token_is_told() -> None:
    said = sentence(stream(612, step_ms=10), stream(700, step_ms=300, side="b"))
    assert said.startswith("In this run B is 88 ms later to the first token")
    assert said.endswith(" B took 2.70 s longer to complete.")


def test_answers_of_other_lengths_are_not_compared_silently() -> None:
    said = sentence(stream(612, step_ms=10), stream(612, step_ms=300, side="b", output_tokens=400))
    assert said.endswith(" B took 2.61 s longer to complete. A wrote 98 tokens, B 400.")
    assert "wrote" not in sentence(stream(612, step_ms=10), stream(612, step_ms=300, side="b", output_tokens=102))


def test_a_fault_of_the_one_that_completed_is_told_beside_the_other_s_failure() -> None:
    end = Ended(EndKind.ERROR, 0, WireErrorCode.REFUSED, "connection refused", "connect")
    said = sentence(stream(output_tokens=None), recording([], side="b", end=end))
    assert said.endswith(" A breaks official clients: An event lacks what it must have.")


def test_only_what_is_comparable_and_no_noise_is_called_worse() -> None:
    a = side("a", stream(612))
    assert differences(a, side("b", stream(1024, side="b")))["ttft"].less_is_better is True
    assert differences(a, side("b", stream(630, side="b")))["ttft"].less_is_better is None
    kept = differences(side("a", stream(612, reused=True)), side("b", stream(1024, side="b")))
    assert {kept[name].less_is_better for name in ("ttfb", "ttft", "ttfo")} == {None}


def test_tokens_of_two_models_are_no_better_or_worse() -> None:
    a, slow = side("a", stream()), side("b", stream(side="b", step_ms=40, input_tokens=48))
    assert [differences(a, slow)[name].less_is_better for name in ("input", "output_rate")] == [True, False]
    other = side("b", stream(side="b", step_ms=40, input_tokens=48, model="claude-haiku-4-5-20251001"))
    assert [differences(a, other)[name].less_is_better for name in ("input", "output_rate")] == [None, None]
    near = side("b", stream(side="b", step_ms=18.5))
    assert differences(a, near)["output_rate"].less_is_better is None


def test_a_slow_body_is_receiving_not_waiting() -> None:
    assert "400 ms slower to complete. All of it is receiving B's answer." in sentence(whole(500), whole(900, 349, side="b"))


def test_first_tokens_are_not_compared_with_a_whole_answer() -> None:
    said = sentence(stream(612), whole(3000, side="b"))
    wrote = " A wrote 98 tokens, B 1."
    assert said.endswith(f"slower to complete.{wrote} B's answer came in one piece, so first tokens can't be compared.")


def test_a_stream_without_content_did_not_come_in_one_piece() -> None:
    empty = recording([(600, messages_start()), (650, messages_end(0, stop_reason="max_tokens"))], side="b")
    assert "B's stream brought no content, so first tokens can't be compared." in sentence(stream(612), empty)


def test_without_stamps_no_time_is_compared() -> None:
    capture = from_body(messages_start() + messages_text("Hi") + messages_end(), "anthropic-messages")
    assert sentence(stream(), capture).startswith("Both sides completed; there are no times to compare.")


def test_later_rounds_hold_the_answers_and_their_tokens_are_not_compared() -> None:
    a = [stream(), stream(input_tokens=100, number=2)]
    b = [stream(side="b"), stream(side="b", input_tokens=140, number=2)]
    assert sentence(a, b) == THE_SAME


def test_tools_and_requests_are_counted() -> None:
    one, two = calling("get_weather"), calling("get_weather", "get_weather", "search", side="b")
    same = THE_SAME.replace("In this run both", "Both")
    assert sentence(one, two) == f"In this run B called get_weather twice and search where A called get_weather. {same}"
    said = sentence([one, stream(number=2)], stream(side="b"))
    assert said == f"In this run B called no tool where A called get_weather. {same} B made 1 request where A made 2."


def test_phases_of_one_round_do_not_explain_the_whole_of_two() -> None:
    a, b = [whole(500), whole(500, number=2)], [whole(900, side="b"), whole(900, side="b", number=2)]
    assert "of it is" not in sentence(a, b)


def test_a_side_that_does_not_say_its_tokens_is_named() -> None:
    silent = [stream(output_tokens=None, side=name) for name in ("a", "b")]
    assert "B did not say how many tokens it wrote." in sentence(stream(), silent[1])
    assert "A did not say how many tokens it wrote." in sentence(silent[0], stream(side="b"))


def test_other_models_are_named_as_the_answers_name_them() -> None:
    said = sentence(stream(), stream(side="b", model="claude-haiku-4-5-20251001"))
    assert said.endswith("The answers name different models: claude-opus-4-8 and claude-haiku-4-5-20251001.")
    assert sentence(stream(), stream(side="b", model="claude-opus-4-8-20260301")) == THE_SAME


def test_a_fault_of_every_round_is_told_once() -> None:
    rounds = [stream(output_tokens=None, number=number) for number in (1, 2)]
    said = compare(side("a", *rounds), None).sentence
    breaks, loses = "An event lacks what it must have", "Output tokens missing"
    assert said.startswith(
        f"A breaks official clients: {breaks}. A also loses something for official clients: {loses}. In this run"
    )


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (Ended(EndKind.CANCELLED, 700 * MS), "A did not complete: "),
        (Ended(EndKind.INTERRUPTED), "A was interrupted: "),
        (Ended(EndKind.ERROR, 700 * MS, WireErrorCode.CUT, "", "receive"), "A failed: "),
    ],
)
def test_one_side_alone_that_did_not_complete(end: Ended, said: str) -> None:
    assert compare(side("a", recording([(600, messages_start())], end=end)), None).sentence.startswith(said)


def test_while_it_runs_each_side_says_what_it_waits_for() -> None:
    stopped = recording([(600, messages_start())], end=Ended(EndKind.CANCELLED, 700 * MS))
    assert compare(side("a", stopped), Side("b")).sentence == "A was stopped after 700 ms. B waits for its first token."
    silence = Ended(EndKind.ERROR, 30_700 * MS, WireErrorCode.SILENCE_TIMEOUT, "no byte for 30 s", "receive")
    silent = recording([(600, messages_start())], end=silence)
    assert compare(side("a", silent), Side("b")).sentence == "A failed after 30.70 s. B waits for its first token."
    between = side("b", stream(side="b"))
    between.stage = Stage.PLAYING
    assert compare(side("a", whole(500)), between).sentence == "A completed after 500 ms. B's first token came after 612 ms."


def test_what_is_the_same_with_both_sides_is_said_once() -> None:
    start = messages_start()
    broken = [(100.0, start), (110.0, messages_text("So")), (115.0, start), (120.0, messages_end(5))]
    once = sentence(recording(broken, wait_ms=0.0), recording(broken, wait_ms=0.0, side="b"))
    assert once.startswith("Both sides break official clients: ")
    assert once.count("break") == 1
    worse = [*broken[:-1], (120.0, messages_end(None))]
    apart = sentence(recording(broken, wait_ms=0.0), recording(worse, wait_ms=0.0, side="b"))
    assert apart.startswith("A breaks official clients: ")
    assert "B breaks official clients: " in apart


def test_what_breaks_is_said_first_then_what_is_lost_then_how_fast_it_was() -> None:
    broken = [(100.0, messages_start()), (110.0, messages_text("So")), (115.0, messages_start()), (120.0, messages_end(None))]
    said = sentence(stream(), recording(broken, wait_ms=0.0, side="b"))
    parts = ["B breaks official clients: ", "B did not say", "In this run B is", "earlier"]
    assert said.startswith(parts[0])
    assert sorted(parts, key=lambda one: said.index(one)) == parts
