"""Pictures and documents: read, dropped (told from the counts), not read, refused."""

from __future__ import annotations

from random import Random

import pytest

from app.checks.catalogue.modalities import _word
from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from tests.checks.catalogue.seen import SEED, Answers, seen
from tests.checks.sessions import Answer, answer, refusal

CHECK = "picture"
WORD = _word(Random(f"{SEED}/{CHECK}"))


def said(text: str, input_tokens: int = 120) -> Answer:
    status, headers, body = answer(text)
    return status, headers, body | {"usage": {"input_tokens": input_tokens, "output_tokens": 5}}


GOOD: Answers = {("show", 1): said(WORD)}
BLIND: Answers = {("show", 1): said("I see none."), ("show", 2): said("CAT"), ("without", 1): said("Which picture?", 25)}
DROPPED: Answers = {**BLIND, ("show", 1): said("I see none.", 26), ("show", 2): said("CAT", 26)}


def adding(tokens: int) -> Answers:
    """A picture that is not read and adds so many input tokens."""
    counted = said("I see none.", 25 + tokens)
    return {**BLIND, ("show", 1): counted, ("show", 2): counted}


UNCOUNTED: Answers = {key: one for key, one in BLIND.items() if key[0] == "show"}
REFUSED: Answers = {("show", 1): refusal()}


def judged(b: Answers, a: Answers | None = None) -> Judged:
    found = by_id()[CHECK].judge(seen(CHECK, b, a)).b
    assert found.words("B")
    return found


@pytest.mark.parametrize(
    ("b", "a", "verdict", "reason"),
    [
        (GOOD, None, Verdict.PASS, "read"),
        (adding(19), GOOD, Verdict.FAIL, "dropped"),
        (adding(20), GOOD, Verdict.FAIL, "not_read"),
        ({("show", 1): said(f"It says “{WORD[:3]} {WORD[3:].lower()}”.")}, None, Verdict.PASS, "read"),
        (DROPPED, None, Verdict.FAIL, "dropped"),
        (DROPPED, GOOD, Verdict.FAIL, "dropped"),
        (BLIND, GOOD, Verdict.FAIL, "not_read"),
        (BLIND, None, Verdict.INCONCLUSIVE, "not_read"),
        (BLIND, BLIND, Verdict.INCONCLUSIVE, "not_read"),
        (UNCOUNTED, None, Verdict.INCONCLUSIVE, "not_read"),
        (REFUSED, None, Verdict.UNSUPPORTED, "refused"),
        (REFUSED, REFUSED, Verdict.UNSUPPORTED, "refused"),
        (REFUSED, GOOD, Verdict.DIFFERS, "refused"),
        ({("show", 1): refusal(429)}, GOOD, Verdict.INCONCLUSIVE, "status_429"),
        ({("show", 1): said("CAT")}, GOOD, Verdict.INCONCLUSIVE, "too_few"),
    ],
)
def test_what_is_said_of_an_attachment(b: Answers, a: Answers | None, verdict: Verdict, reason: str) -> None:
    found = judged(b, a)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_what_both_drop_is_shared() -> None:
    assert judged(DROPPED, DROPPED).shared
    assert not judged(DROPPED, GOOD).shared


def test_the_words_are_drawn_anew() -> None:
    assert len({_word(Random(seed)) for seed in range(50)}) == 50
