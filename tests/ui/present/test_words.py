"""What a card of the presentation says at each point of a run, how large, and how its answer is broken into lines."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFont

from app.run.plain_facts import PlainFacts, Story, plain_facts
from tests.builders import messages_start, messages_text, side, stream
from tests.run.test_endings import running
from tests.run.test_plain_sentence import TRADE, in_gulps
from ui.present.measures import measures
from ui.present.questions import GIVEN, next_question
from ui.present.words import CardWords, card_words
from ui.present.wrapped import STEP_CHARACTERS, WrappedText

GOOD, LATE = plain_facts(side("a", stream())), plain_facts(side("b", in_gulps(3)))
SILENT = PlainFacts(Story.SILENT, last_ms=30_000.0)


@pytest.mark.parametrize(
    ("one", "other", "elapsed_ms", "words"),
    [
        (GOOD, LATE, 9e9, ("✓ spoke first", "ok", "0.61 s", "until the first word", "written word by word",
                           "0.8 s until the last")),
        (LATE, GOOD, 9e9, ("0.4 s later", "warn", "1.02 s", "until the first word", "came in three gulps",
                           "1.8 s until the last")),
        (GOOD, SILENT, 9e9, ("✓ spoke first", "ok", "0.61 s", "until the first word", "written word by word",
                             "0.8 s until the last")),
        (SILENT, GOOD, 9e9, ("✕ silent", "bad", "30.0 s", "and not a word", "", "")),
        (PlainFacts(Story.WAITING), GOOD, 4_321.0, ("waiting…", "muted", "4.32 s", "waiting for the first word", "", "")),
        (PlainFacts(Story.WAITING), None, None, ("waiting…", "muted", "0.00 s", "waiting for the first word", "", "")),
        (PlainFacts(Story.THINKING), None, 12_300.0, ("thinking…", "muted", "12.3 s", "thinking, no word yet", "", "")),
        (PlainFacts(Story.ANSWERED, "Hi"), PlainFacts(Story.ANSWERED, "Hi"), None,
         ("", "muted", "–", "", "written piece by piece", "")),
        (PlainFacts(Story.BROKE_OFF, "So", 612.0, 3_100.0), GOOD, 9e9,
         ("✕ broke off", "bad", "0.61 s", "until the first word", "written piece by piece", "3.1 s until it broke off")),
    ],
)  # fmt: skip
def test_a_card(one: PlainFacts, other: PlainFacts | None, elapsed_ms: float | None, words: tuple[str, ...]) -> None:
    assert card_words(one, other, elapsed_ms) == CardWords(*words)


def test_with_reduced_motion_the_watch_counts_whole_seconds_until_the_first_word() -> None:
    waits = PlainFacts(Story.WAITING)
    assert [card_words(waits, None, ms, calm=True).watch for ms in (None, 999.0, 4_321.0, 12_999.0)] == [
        "0 s",
        "0 s",
        "4 s",
        "12 s",
    ]
    assert card_words(GOOD, None, 9e9, calm=True).watch == "0.61 s"


@pytest.mark.parametrize("story", list(Story))
def test_no_story_has_a_term_of_the_trade(story: Story) -> None:
    told = card_words(PlainFacts(story, last_ms=1.0), GOOD, 1.0)
    assert not TRADE.search(" ".join((told.state, told.until, told.manner, told.last)))
    assert told.state or story in (Story.ANSWERED, Story.WHOLE_UNSAID, Story.CUT)


def test_the_first_to_speak_is_told_while_the_other_waits() -> None:
    writing = plain_facts(running((607.0, messages_start()), (612.0, messages_text("So"))))
    assert card_words(writing, PlainFacts(Story.WAITING), 700.0).state == "✓ spoke first"
    assert card_words(writing, PlainFacts(Story.WAITING), 700.0).manner == "writing…"
    assert card_words(writing, None, 2_700.0, 1.9).manner == "writing…"
    assert card_words(writing, None, 7_700.0, 7.1).manner == "no new word for 7 seconds"


def test_type_shrinks_down_to_twenty_pixels_then_lanes_go() -> None:
    design = measures(1440, 900)
    assert (design.scale, design.lanes, design.px(27)) == (1.0, True, 27)
    assert measures(2880, 1800).px(27) == 54
    small = measures(900, 600)
    assert (small.px(27), small.lanes) == (20, False)
    assert measures(1280, 720).lanes
    assert measures(1440, 900, 1.5).px(27) == 40


def _lines(text: str, width: float, steps: int) -> list[str]:
    wrapped, font = WrappedText(), QFont()
    font.setPixelSize(20)
    for number in range(1, steps + 1):
        wrapped.show(text[: len(text) * number // steps], font, width)
    return [text[begin:end] for begin, end in wrapped.lines]


@pytest.mark.parametrize("text", [
    "From the inside, a stream is a row of small envelopes. " * 20,
    "one\n\ntwo\n", "从里面看，一条流就是一排小信封。" * 30, "w" * 5_000, "a b " * STEP_CHARACTERS,
], ids=["words", "paragraphs", "chinese", "one word", "long"])  # fmt: skip
def test_a_text_that_grows_is_broken_as_if_it_had_come_whole(qapp: object, text: str) -> None:
    whole = _lines(text, 400.0, 1)
    assert _lines(text, 400.0, 37) == whole
    assert "".join(whole) == text.replace("\n", "")
    assert re.sub(r"\n", "", text) != text or len(whole) > 3


def test_the_next_question_is_behind_the_last() -> None:
    assert next_question("What is mine?", ("What is mine?", "And this?")) == "And this?"
    assert next_question("And this?", ("And this?",)) == GIVEN[0]
    assert next_question(GIVEN[-1]) == GIVEN[0]
    assert next_question("never seen") == GIVEN[0]
