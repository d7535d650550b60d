"""The same word in both answers, however the endpoints cut it, and where there is none."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.exchange import Exchange
from app.run.side import Side
from app.run.word_links import Missing, WordLinks, differing
from tests.builders import event, messages_end, messages_start, messages_text, recording
from tests.fuzz.pairs import hold_linked


def exchange(words: Sequence[str], step_ms: float = 10.0, side: str = "a") -> Exchange:
    pieces = [(600.0, messages_start())]
    pieces += [(600.0 + step_ms * n, messages_text(one)) for n, one in enumerate(words)]
    return Exchange(recording([*pieces, (5_000.0, messages_end())], side=side)).finish()  # type: ignore[arg-type]  # a name


def chat(words: Sequence[str]) -> Exchange:
    chunks = [{"role": "assistant", "content": ""}, *({"content": one} for one in words)]
    body = [(600.0 + 20 * n, _chunk(delta)) for n, delta in enumerate(chunks)]
    body += [(4_000.0, _chunk({}, "stop")), (4_001.0, b"data: [DONE]\n\n")]
    return Exchange(recording(body, side="b", protocol="openai-chat")).finish()


def _chunk(delta: dict[str, str], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    document = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


def links(a: Exchange, b: Exchange) -> WordLinks:
    made = WordLinks(a, b)
    while made.advance():
        pass
    return made


def pairs(made: WordLinks, *, of_a: bool = True) -> list[str]:
    """Which words of the other side each event with words is linked to."""
    mine, other = (made.a, made.b) if of_a else (made.b, made.a)
    out = []
    for one in mine.events:
        found = made.counterpart(one, of_a=of_a)
        span = None if found.event is None else other.span(found.event)
        out.append(other.text[slice(*span)] if span else str(found.why))
    return out


def test_the_same_pieces_are_linked_one_to_one_and_the_time_between_them_is_told() -> None:
    made = links(exchange(["One", " two", " three"], 10), exchange(["One", " two", " three"], 25, "b"))
    assert made.known
    assert pairs(made) == ["One", " two", " three"]
    assert [made.later_ms(one) for one in made.a.events] == [0, 15, 30]


def test_pieces_that_are_cut_otherwise_are_linked_by_the_first_word_in_them() -> None:
    made = links(exchange(["One two", " three", " four"]), chat(["O", "ne", " two th", "ree four"]))
    assert pairs(made) == ["O", " two th", "ree four"]
    assert pairs(made, of_a=False) == ["One two", "One two", "One two", " three"]


def test_where_the_answers_differ_only_what_both_have_is_linked() -> None:
    made = links(
        exchange(["The", " red", " fox", " runs", " fast"]), exchange(["The", " lazy dog", " runs", " fast", "!"], 10, "b")
    )
    assert pairs(made) == ["The", "other_words", "other_words", " runs", " fast"]
    assert pairs(made, of_a=False) == ["The", "other_words", " runs", " fast", "other_words"]


def test_a_piece_of_which_only_the_end_is_in_both_is_linked_by_that() -> None:
    made = links(exchange(["I say: boats", " float"]), exchange(["boats", " float"], 10, "b"))
    assert pairs(made) == ["boats", " float"]


def test_events_without_words_are_linked_by_what_they_are() -> None:
    made = links(exchange(["One"]), exchange(["One"], 10, "b"))
    assert [made.counterpart(one, of_a=True).event for one in range(6)] == list(range(6))
    other = links(exchange(["One", " two"]), chat(["One", " two"]))
    assert other.counterpart(0, of_a=True) == (None, Missing.NO_WORDS)
    thought = event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""})
    thought += event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"})
    thought += event("content_block_stop", index=0) + event(
        "content_block_start", index=1, content_block={"type": "text", "text": ""}
    )
    thought += event("content_block_delta", index=1, delta={"type": "text_delta", "text": "One"})
    start = messages_start().partition(b"event: content_block_start")[0]
    reasoned = Exchange(recording([(600.0, start + thought), (700.0, messages_end())])).finish()
    assert links(reasoned, exchange(["One"], 10, "b")).counterpart(2, of_a=True) == (None, Missing.NO_WORDS)


def test_nothing_is_linked_while_it_runs_or_where_the_words_are_not_the_answer() -> None:
    done = exchange(["One"], 10, "b")
    made = recording([(600.0, messages_start()), (610.0, messages_text("One"))])
    made.end = None
    running = Exchange(made)
    running.advance()
    assert links(running, done).counterpart(2, of_a=True) == (None, Missing.NOT_KNOWN)
    body = messages_start() + event("content_block_start", index=1, content_block={"type": "text", "text": ""})
    for index, words in ((1, "two"), (0, "One "), (1, " three")):
        body += event("content_block_delta", index=index, delta={"type": "text_delta", "text": words})
    crossed = Exchange(recording([(600.0, body + event("content_block_stop", index=1)), (610.0, messages_end())])).finish()
    assert crossed.reading.text == "One two three"
    assert not links(crossed, done).known


PIECES = st.lists(st.sampled_from(["the ", "sea", " is", " ", "\n", "calm. ", "A boat", "海", "。", "é", "two "]), max_size=9)


@settings(max_examples=60)
@given(PIECES, PIECES)
def test_words_are_linked_in_order_both_ways_and_character_by_character(ours: list[str], theirs: list[str]) -> None:
    hold_linked({"a": Side("a", [exchange(ours)]), "b": Side("b", [exchange(theirs, 10, "b")])})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("", "x"),
        ("a b c", "a c"),
        ("x", "y"),
        ("从里面看，一条流", "从里面看一条河流"),
        ("one  two", "one two"),
        ("same", "same"),
    ],
)
def test_what_lies_between_two_places_is_the_same(a: str, b: str) -> None:
    at = (0, 0)
    for ours, theirs in [*differing(a, b), ((len(a),) * 2, (len(b),) * 2)]:
        assert a[at[0] : ours[0]] == b[at[1] : theirs[0]]
        at = ours[1], theirs[1]
    assert all(a[slice(*ours)] != b[slice(*theirs)] for ours, theirs in differing(a, b))


def test_the_chunks_of_chat_say_what_they_are() -> None:
    one = chat(["Hi", " there"])
    labels = [one.protocol.label(one.events.event(n)) for n in range(len(one.events))]
    assert labels == ["role", "delta", "delta", "finish", "[DONE]"]
    usage = Exchange(
        recording([(1.0, b'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n')], protocol="openai-chat")
    ).finish()
    assert usage.protocol.label(usage.events.event(0)) == "usage"
