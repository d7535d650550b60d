"""Thinking sent back: unchanged, changed and left out, read from the input tokens."""

from __future__ import annotations

import pytest

from app.checks.catalogue.thinking_probes import tampered, without_thinking
from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from tests.checks.catalogue.seen import Answers, seen
from tests.checks.catalogue.thinking_answers import INVALID, SIGNATURE, counted, minted, refused
from tests.checks.sessions import Answer, answer, refusal

REPLAY, TAMPERED = "thinking_replay", "thinking_tampered"
GOOD: Answers = {"mint": minted(), "unchanged": counted(500), "tampered": INVALID, "stripped": counted(440)}


def judged(check: str, b: Answers, a: Answers | None = None) -> Judged:
    found = by_id()[check].judge(seen(REPLAY, b, a)).b
    assert found.words("B")
    return found


def with_(**answers: Answer) -> Answers:
    return {**GOOD, **answers}


def test_one_that_looks_at_signatures_passes() -> None:
    assert judged(REPLAY, GOOD, GOOD).verdict is Verdict.PASS
    found = judged(TAMPERED, GOOD, GOOD)
    assert (found.verdict, found.reason) == (Verdict.PASS, "refused")


# With it 500, without it 440: what it counts when it was changed.
@pytest.mark.parametrize(
    ("changed", "verdict", "reason"),
    [
        (440, Verdict.DIFFERS, "stripped"),
        (443, Verdict.DIFFERS, "stripped"),
        (500, Verdict.DIFFERS, "accepted"),
        (498, Verdict.DIFFERS, "accepted"),
        (470, Verdict.INCONCLUSIVE, "unclear"),
        (600, Verdict.INCONCLUSIVE, "unclear"),
    ],
)
def test_what_became_of_a_changed_block_is_in_the_counts(changed: int, verdict: Verdict, reason: str) -> None:
    found = judged(TAMPERED, with_(tampered=counted(changed)), GOOD)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_without_a_control_that_refuses_one_that_takes_a_changed_block_proves_nothing() -> None:
    taken = with_(tampered=counted(500))
    assert judged(TAMPERED, taken).verdict is Verdict.INCONCLUSIVE
    found = judged(TAMPERED, taken, taken)
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, "accepted")


def test_one_that_is_stripped_needs_no_control() -> None:
    assert judged(TAMPERED, with_(tampered=counted(440))).reason == "stripped"
    both = with_(tampered=counted(440))
    assert judged(TAMPERED, both, both).shared


def test_blocks_that_never_count_are_told_by_a_control_where_they_do() -> None:
    never = with_(unchanged=counted(440), tampered=counted(440), stripped=counted(440))
    assert judged(TAMPERED, never, GOOD).reason == "never_there"
    assert judged(TAMPERED, never).verdict is Verdict.INCONCLUSIVE
    assert judged(TAMPERED, never, never).verdict is Verdict.INCONCLUSIVE


def test_a_stripped_turn_that_is_refused_is_asked_with_thinking_off() -> None:
    older = {**with_(tampered=counted(441), stripped=refused("Expected `thinking`")), "stripped_off": counted(440)}
    assert judged(TAMPERED, older, GOOD).reason == "stripped"


def test_an_unchanged_block_that_is_refused_breaks() -> None:
    broken: Answers = {"mint": minted(), "unchanged": INVALID}
    found = judged(REPLAY, broken, GOOD)
    assert (found.verdict, found.reason) == (Verdict.FAIL, "refused")
    assert "Invalid `signature`" in found.said


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"mint": answer()}, Verdict.INCONCLUSIVE, "no_block"),
        ({("mint", 1): refusal(), ("mint", 2): refusal()}, Verdict.UNSUPPORTED, "refused"),
        ({("mint", 1): refusal(), ("mint", 2): answer()}, Verdict.INCONCLUSIVE, "no_block"),
        ({"mint": refusal(429)}, Verdict.INCONCLUSIVE, "status_429"),
        ({}, Verdict.SKIPPED, "not_asked"),
        ({"mint": minted(), "unchanged": refusal(500)}, Verdict.INCONCLUSIVE, "status_500"),
    ],
)
def test_what_is_no_answer_to_the_question(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged(REPLAY, b)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_a_changed_block_that_met_a_limit_says_nothing() -> None:
    assert judged(TAMPERED, with_(tampered=refusal(429)), GOOD).reason == "status_429"


def test_blocks_without_a_signature() -> None:
    bare = with_(mint=minted(""))
    assert judged(TAMPERED, bare, GOOD).reason == "unsigned"
    assert judged(TAMPERED, bare, GOOD).verdict is Verdict.DIFFERS
    assert judged(TAMPERED, bare, bare).verdict is Verdict.INCONCLUSIVE


def test_counts_that_are_missing_say_nothing() -> None:
    status, headers, body = answer()
    uncounted = status, headers, {name: value for name, value in body.items() if name != "usage"}
    assert judged(TAMPERED, with_(tampered=uncounted), GOOD).reason == "unclear"


def test_a_changed_signature_stays_base64_of_its_length() -> None:
    call: dict[str, object] = {"type": "tool_use", "id": "x"}
    replay: list[dict[str, object]] = [{"type": "thinking", "thinking": "so", "signature": SIGNATURE}, call]
    changed = tampered(replay)
    signature = str(changed[0]["signature"])
    assert (len(signature), changed[1], replay[0]["signature"]) == (len(SIGNATURE), call, SIGNATURE)
    assert sum(one != other for one, other in zip(signature, SIGNATURE, strict=True)) == 4
    assert without_thinking(replay) == [call]
