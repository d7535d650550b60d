"""The sentence for a room that doesn't code: each outcome, and never more than was measured."""

from __future__ import annotations

import json
import re

import pytest

from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Ended, EndKind, ProfileNote
from app.run.plain_facts import UNCOUNTED, Story, plain_facts
from app.run.plain_sentence import Name, plain_names, plain_sentence
from app.run.side import Side
from tests.builders import JSON, MS, event, messages_end, messages_start, messages_text, recording, side, stream
from tests.run.test_endings import running

NAMES = Name("The official one", "the official one"), Name("The relay", "the relay")
TRADE = re.compile(r"token|stream|endpoint|byte|HTTP|event|chunk|error|request|API|JSON|client|burst|ms\b", re.IGNORECASE)


def said(a: Side, b: Side | None) -> str:
    text = "".join(span.text for span in plain_sentence(a, b, NAMES))
    assert not TRADE.search(text), text
    return text


def in_gulps(gulps: int, first_ms: float = 1_020.0, apart_ms: float = 400.0, words: int = 10) -> Recording:
    """The words of `stream`, so many at a time."""
    share, pieces = -(-words // gulps), [(first_ms, messages_start())]
    for number in range(gulps):
        some = b"".join(messages_text(f"word {word} ") for word in range(number * share, min(words, (number + 1) * share)))
        pieces.append((first_ms + number * apart_ms, some))
    pieces[-1] = (pieces[-1][0], pieces[-1][1] + messages_end())
    return recording(pieces, side="b", wait_ms=first_ms - 101)


def answer(*words: str, first_ms: float = 612.0, step_ms: float = 18.0, **more: object) -> Recording:
    pieces = [(first_ms - 5, messages_start())]
    pieces += [(first_ms + step_ms * number, messages_text(word)) for number, word in enumerate(words)]
    stop = str(more.pop("stop_reason", "end_turn"))
    if more.pop("ends", True):
        pieces.append((pieces[-1][0] + 1, messages_end(stop_reason=stop)))
    return recording(pieces, wait_ms=first_ms - 106, **more)  # type: ignore[arg-type]


GOOD = side("a", stream())
LATE = "The relay kept you waiting 0.4 seconds longer, then gave "


@pytest.mark.parametrize(
    ("b", "sentence"),
    [
        (stream(first_ms=1_020.0), LATE + "the same answer."),
        (in_gulps(3), LATE + "the same answer in three gulps."),
        (in_gulps(1), LATE + "the same answer all at once."),
        (answer("Some", " other", " words", first_ms=1_020.0), LATE + "an answer of its own."),
        (stream(first_ms=615.0), "Both began to answer at the same time, and gave the same answer."),
        (answer("Other", first_ms=615.0, step_ms=0.0), "Both began to answer at the same time, each with an answer of its own."
         " The official one took 0.2 seconds longer to finish."),
        (stream(first_ms=512.0), "The official one kept you waiting 0.1 seconds longer, then gave the same answer."),
        (stream(first_ms=200_612.0), "The relay kept you waiting 3.3 minutes longer, then gave the same answer."),
        (stream(first_ms=645.0), "The relay kept you waiting 0.03 seconds longer, then gave the same answer."),
    ],
)  # fmt: skip
def test_both_answered(b: Recording, sentence: str) -> None:
    assert said(GOOD, side("b", b)) == sentence


ONLY = "Only the official one answered, after 0.8 seconds. "


@pytest.mark.parametrize(
    ("b", "story", "sentence"),
    [
        (answer("So", ends=False, end=Ended(EndKind.ERROR, 3_100 * MS, "reset")), Story.BROKE_OFF,
         "The relay broke off in the middle, after 3.1 seconds."),
        (recording([], end=Ended(EndKind.ERROR, 30_000 * MS, "first_byte_timeout")), Story.SILENT,
         "The relay said nothing for 30 seconds, and was given up."),
        (recording([], headers=JSON, end=Ended(EndKind.CANCELLED, 2_000 * MS)), Story.STOPPED,
         "The relay was stopped by hand, after 2.0 seconds."),
        (recording([(120.0, b'{"error": {"type": "x", "message": "no"}}')], status=401, headers=JSON), Story.REFUSED,
         "The relay refused the question."),
        (answer(), Story.WORDLESS, "The relay ended without saying a word."),
        (answer(stop_reason="max_tokens"), Story.CUT_WORDLESS, "The relay was cut off before its first word."),
        (answer("So", ends=False, end=Ended(EndKind.INTERRUPTED)), Story.INTERRUPTED,
         "The recording of the relay breaks off, which is no fault of its own."),
        (answer(stop_reason="refusal"), Story.DECLINED, "The relay declined to answer."),
        (recording([(600.0, b"<html>hello</html>")], headers=(("content-type", "text/html"),)), Story.NO_ANSWER,
         "What the relay sent is no answer."),
    ],
)  # fmt: skip
def test_only_one_answered(b: Recording, story: Story, sentence: str) -> None:
    made = side("b", b)
    assert plain_facts(made).story is story
    assert said(GOOD, made) == ONLY + sentence


def test_neither_answered() -> None:
    gone = recording([], end=Ended(EndKind.ERROR, 30_000 * MS, "first_byte_timeout"))
    refused = recording([(120.0, b'{"error": {"type": "x", "message": "no"}}')], status=401, headers=JSON)
    assert said(side("a", refused), side("b", refused)) == (
        "Neither of the two answered. The official one refused the question. The relay refused the question."
    )
    assert said(side("a", refused), side("b", gone)) == (
        "The official one refused the question. The relay said nothing for 30 seconds, and was given up."
    )


def test_what_was_cut_is_told_beside_the_wait() -> None:
    cut = side("b", answer("word", first_ms=1_020.0, stop_reason="max_tokens"))
    assert said(GOOD, cut) == (
        "The relay kept you waiting 0.4 seconds longer. The answer of the relay was cut off because it was too long."
    )


def test_who_began_later_and_was_done_sooner() -> None:
    slow = side("a", stream(step_ms=300.0))
    assert said(slow, side("b", stream(first_ms=1_020.0))) == (
        "The relay kept you waiting 0.4 seconds longer, then gave the same answer."
        " Even so, the relay was done 2.1 seconds sooner."
    )


def test_gulps_of_several_answers_are_not_counted_together() -> None:
    first, second = in_gulps(3), in_gulps(2)
    for mark in second.marks:
        second.marks[mark] += 9_000 * MS
    for number, ns in enumerate(second.body.stamps):
        second.body.stamps[number] = ns + 9_000 * MS
    both = side("b", first, second)
    assert plain_facts(both).gulps == UNCOUNTED
    assert said(side("a", stream(), stream()), both).startswith(LATE + "the same answer in gulps.")


def test_the_early_one_in_gulps() -> None:
    assert said(side("a", in_gulps(3, first_ms=400.0)), side("b", stream())) == (
        "The relay kept you waiting 0.2 seconds longer, then gave the same answer."
        " The words of the official one came in three gulps. Even so, the relay was done 0.4 seconds sooner."
    )


def test_a_tool_without_an_answer() -> None:
    call = {"type": "tool_use", "id": "t", "name": "get_weather", "input": {}}
    pieces = [(600.0, messages_start() + event("content_block_stop", index=0))]
    pieces.append((700.0, event("content_block_start", index=1, content_block=call)))
    pieces.append((710.0, event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": "{}"})))
    ending = event("content_block_stop", index=1) + event("message_delta", delta={"stop_reason": "tool_use"})
    pieces.append((720.0, ending + event("message_stop")))
    asked = side("b", recording(pieces))
    assert plain_facts(asked).story is Story.ASKED_BACK
    assert said(GOOD, asked) == ONLY + "The relay wanted to look something up, and never came to an answer."


def test_without_times_nothing_is_said_of_them() -> None:
    made = stream()
    bare = Recording(made.envelope, made.request)
    bare.apply(pack_chunks([(NO_STAMP, bytes(made.body.data))]))
    bare.apply(Ended(EndKind.WHOLE))
    assert said(GOOD, side("b", bare)) == "Both gave the same answer. When it came is not in this recording."
    assert said(side("a", bare), None) == "The official one answered. When that came is not in this recording."


def test_a_side_alone() -> None:
    assert said(GOOD, None) == "The official one began to answer after 0.6 seconds, and was done after 0.8 seconds."


def test_nothing_is_said_before_both_have_ended() -> None:
    assert plain_sentence(GOOD, running((607.0, messages_start())), NAMES) == ()
    assert plain_facts(running((607.0, messages_start()))).story is Story.WAITING
    assert plain_facts(running((607.0, messages_start()), (612.0, messages_text("So")))).story is Story.WRITING


def test_the_first_word_is_the_first_that_can_be_read() -> None:
    thought = event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"})
    one = side(
        "a", recording([(607.0, messages_start()), (612.0, thought), (900.0, messages_text("So")), (910.0, messages_end())])
    )
    assert one.timing.ttft == 612.0
    assert plain_facts(one).first_ms == 900.0


def test_names_are_everyday_words_where_the_labels_say_which_is_which() -> None:
    official, relay, other = (ProfileNote(name, "", "", label=label) for name, label in
                              (("Anthropic", "official"), ("Cheap one", "relay"), ("Mine", "local")))  # fmt: skip
    assert plain_names(official, relay) == NAMES
    assert plain_names(relay, official) == NAMES[::-1]
    assert [name.first for name in plain_names(official, other)] == ["Anthropic", "Mine"]
    assert [name.inside for name in plain_names(relay, relay)] == ["Cheap one", "Cheap one"]


def test_of_an_answer_in_one_piece_nothing_can_be_read_before_its_end() -> None:
    message = {"id": "m", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_reason": "end_turn"}
    words = " ".join(f"word {number}" for number in range(10))
    body = json.dumps(
        {**message, "content": [{"type": "text", "text": words}], "usage": {"input_tokens": 1, "output_tokens": 2}}
    )
    whole = side("b", recording([(1_020.0, body.encode())], headers=JSON, streamed=False))
    assert (plain_facts(whole).first_ms, plain_facts(whole).last_ms, plain_facts(whole).gulps) == (1_020.0, 1_020.0, 1)
    assert said(GOOD, whole) == LATE + "the same answer all at once."
