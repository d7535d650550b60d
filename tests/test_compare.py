"""The sentence: what it says, and what it must not say."""

from __future__ import annotations

from app.compare import compare, differences
from app.recording import Ended, EndKind, WireErrorCode
from tests.builders import JSON, messages_end, messages_start, messages_text, recording, side, stream


def sentence(a: object, b: object) -> str:
    return compare(side("a", a), side("b", b)).sentence  # type: ignore[arg-type]


def test_later_first_token_names_the_phase_it_lies_in() -> None:
    said = sentence(stream(612), stream(1024, side="b"))
    assert said.startswith("In this run B is 412 ms later to the first token; all of it is waiting for its first byte.")


def test_earlier_is_said_as_earlier() -> None:
    assert "B is 412 ms earlier to the first token" in sentence(stream(1024), stream(612, side="b"))


def test_a_phase_that_differs_more_than_the_whole_is_all_of_it_not_more() -> None:
    a = stream(612, connect_ms=200.0, wait_ms=336.0)
    b = stream(1024, side="b", connect_ms=30.0, wait_ms=918.0)
    assert "; all of it is waiting for its first byte" in sentence(a, b)


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
    assert "but B used a kept connection and A a new one" in said
    assert "of it is" not in said


def test_input_tokens_are_compared_for_one_model_only() -> None:
    assert "It counted 27 more input tokens for the same request" in sentence(stream(), stream(side="b", input_tokens=48))
    other = stream(side="b", input_tokens=48, model="claude-haiku-4-5-20251001")
    assert "input token" not in sentence(stream(), other)


def test_unknown_tokens_are_not_compared() -> None:
    found = differences(side("a", stream()), side("b", stream(side="b", output_tokens=None)))
    assert found["ttft"].value == 0
    assert "cost" not in found


def test_bursts_are_told_with_their_number() -> None:
    pieces = [(600.0, messages_start())]
    for burst in range(3):
        pieces.append((612 + burst * 487, b"".join(messages_text(f"{burst}.{n} ") for n in range(4))))
    pieces.append((612 + 2 * 487, messages_end()))
    assert "sent its answer in 3 bursts" in sentence(stream(), recording(pieces, side="b", wait_ms=499))


def test_one_that_failed_is_named_with_its_cause() -> None:
    end = Ended(EndKind.ERROR, 0, WireErrorCode.REFUSED, "connection refused", "connect")
    said = sentence(stream(), recording([], side="b", end=end))
    assert said.startswith("In this run A completed, B failed: ")


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
