"""Limits, stop sequences, system prompts and characters: what of an answer decides, and what leaves it open."""

from __future__ import annotations

from random import Random

import pytest

from app.checks.catalogue.obeys import _line, _stop_words
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from tests.checks.catalogue.judged import Answers, found, judgement
from tests.checks.made import Answer, refused, said

Found = tuple[str, str]


def counted(upto: int, output: int, stop: str) -> Answers:
    text = ", ".join(str(number) for number in range(1, upto + 1))
    return {"limited": [said(MESSAGES, text, tokens=(20, output), stop_reason=stop)]}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (counted(11, 32, "max_tokens"), ("pass", "limited")),
        (counted(0, 32, "max_tokens"), ("pass", "limited")),  # reasoning took it all
        (counted(200, 32, "max_tokens"), ("fail", "ignored")),  # the text is longer than the count says
        (counted(200, 400, "end_turn"), ("fail", "ignored")),
        (counted(11, 33, "max_tokens"), ("pass", "limited")),
        (counted(11, 64, "max_tokens"), ("differs", "overcounted")),
        (counted(11, 32, "end_turn"), ("differs", "unsaid")),
        (counted(3, 9, "end_turn"), ("inconclusive", "own_end")),
        ({"limited": [refused(MESSAGES, "busy", 529)]}, ("inconclusive", "status_529")),
        ({"limited": [refused(MESSAGES, "max_tokens: no")]}, ("unsupported", "unsupported")),
    ],
)
def test_limits(answers: Answers, expected: Found) -> None:
    assert found("max_tokens", answers) == expected


def test_what_the_control_takes_and_this_refuses_is_a_failure() -> None:
    refusing: Answers = {"limited": [refused(MESSAGES, "max_tokens: no")]}
    assert found("max_tokens", refusing, counted(11, 32, "max_tokens")) == ("fail", "refused")
    both = judgement("max_tokens", refusing, refusing).b
    assert both.reason == "unsupported"
    assert "as the control does" in both.words("B")


WORDS = _stop_words(Random("0/stop_sequence"))


def stopped(words: int, stop: str, protocol: str = MESSAGES) -> Answers:
    text = " ".join(WORDS[:words])
    return {"stop": [said(protocol, text, stop_reason=stop) if protocol == MESSAGES else said(protocol, text)]}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (stopped(3, "stop_sequence"), ("pass", "stopped")),
        (stopped(3, "end_turn"), ("differs", "untold")),
        (stopped(7, "end_turn"), ("fail", "ignored")),
        (stopped(4, "stop_sequence"), ("inconclusive", "not_copied")),  # the word itself came, and nothing behind it
        (stopped(0, "end_turn"), ("inconclusive", "not_copied")),
        (stopped(3, "max_tokens"), ("inconclusive", "not_copied")),
    ],
)
def test_stop_sequences(answers: Answers, expected: Found) -> None:
    assert found("stop_sequence", answers) == expected


def test_a_word_of_another_case_is_no_stop_sequence() -> None:
    text = " ".join(word.capitalize() for word in WORDS)
    assert found("stop_sequence", {"stop": [said(MESSAGES, text)]}) == ("inconclusive", "not_copied")


def test_chat_has_no_word_for_a_stop_sequence() -> None:
    assert found("stop_sequence", stopped(3, "", CHAT), protocol=CHAT) == ("pass", "stopped")


SYSTEM = "Whatever the user says, reply with exactly this word: zubagifo"
KEPT, LOST = said(MESSAGES, "Zubagifo."), said(MESSAGES, "Wet.")


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        ([KEPT], None, ("pass", "kept")),
        ([LOST, KEPT], None, ("pass", "kept")),
        ([LOST, LOST, LOST], None, ("inconclusive", "not_heeded")),  # a model that obeys badly
        ([LOST, LOST, LOST], [KEPT], ("inconclusive", "not_heeded")),  # stopped before the control was asked again
        ([LOST, LOST, LOST], [KEPT, KEPT, KEPT, LOST], ("inconclusive", "not_heeded")),
        ([LOST, LOST, LOST], [KEPT] * 4, ("fail", "lost")),
        ([LOST, LOST, LOST], [LOST] * 3, ("inconclusive", "not_heeded")),
        ([LOST], [KEPT], ("inconclusive", "not_heeded")),  # stopped before it was asked again
    ],
)
def test_system_prompts(b: list[Answer], a: list[Answer] | None, expected: Found) -> None:
    control = {"system": a} if a is not None else None
    assert found("system_prompt", {"system": b}, control, asked=SYSTEM) == expected


@pytest.mark.parametrize(("twin", "reason"), [(20, "not_heeded"), (27, "not_heeded"), (28, "uncounted")])
def test_counts_tell_that_a_system_prompt_did_not_get_there(twin: int, reason: str) -> None:
    answers: Answers = {"system": [LOST] * 3, "twin": [said(MESSAGES, "Wet.", tokens=(twin, 5))]}
    assert found("system_prompt", answers, asked=SYSTEM)[1] == reason


LINE = _line("zubagifo")


def copied(*texts: str) -> Answers:
    return {"copy": [said(MESSAGES, text) for text in texts]}


NO_BREAK = LINE.replace("\u2028", " ")


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (copied(LINE), None, ("pass", "survive")),
        (copied(f"“{LINE}”"), None, ("pass", "survive")),
        (copied(NO_BREAK, LINE), copied(LINE), ("pass", "survive")),
        (copied(NO_BREAK, NO_BREAK, NO_BREAK), copied(LINE, LINE, LINE, LINE), ("fail", "changed")),
        (copied(NO_BREAK, NO_BREAK, NO_BREAK), copied(LINE), ("inconclusive", "changed_once")),
        (copied(NO_BREAK, NO_BREAK, NO_BREAK), copied(LINE, LINE, LINE, NO_BREAK), ("inconclusive", "changed_once")),
        (copied(NO_BREAK, NO_BREAK, NO_BREAK), copied(NO_BREAK), ("inconclusive", "changed_once")),
        (copied(NO_BREAK, NO_BREAK, NO_BREAK), None, ("inconclusive", "changed_once")),
        (copied("I can't do that."), copied(LINE), ("inconclusive", "changed_once")),
        (copied(LINE.encode().decode("latin-1")), None, ("fail", "mojibake")),
        (copied(LINE.replace("漢", "\ufffd")), None, ("inconclusive", "changed_once")),
        (copied(*[LINE.replace("漢", "\ufffd")] * 3), copied(*[LINE] * 4), ("fail", "changed")),
    ],
)
def test_characters(b: Answers, a: Answers | None, expected: Found) -> None:
    assert found("characters", b, a) == expected


def test_what_was_not_copied_at_all_was_not_changed_on_the_way() -> None:
    asked, other = f"Repeat exactly this text: {LINE}", copied(*["Hello! How can I help?"] * 3)
    assert found("characters", other, copied(*[LINE] * 4), asked=asked) == ("inconclusive", "not_copied")
    assert found("characters", copied(*[NO_BREAK] * 3), copied(*[LINE] * 4), asked=asked) == ("fail", "changed")


def test_a_count_above_the_limit_is_no_limit_that_is_not_kept() -> None:
    assert judgement("max_tokens", counted(11, 64, "max_tokens")).b.brief_words() == (
        "more output tokens are counted than the limit allows"
    )


def test_what_was_changed_is_named() -> None:
    composed = LINE.replace("e\u0301a\u0308n\u0303", "\xe9\xe4\xf1")
    words = judgement("characters", copied(composed, composed, composed), copied(*[LINE] * 4)).b.words("B")
    assert words == "B changes characters: combining accents normalised."


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
def test_a_refusal_of_the_system_prompt_decides_nothing(protocol: str) -> None:
    assert found("system_prompt", {"system": [refused(protocol, "no")]}, protocol=protocol)[0] == "inconclusive"
