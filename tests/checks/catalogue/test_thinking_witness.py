"""The prefix witness: what A says of B's block, once its own controls have held."""

from __future__ import annotations

import pytest

from app.checks.catalogue.thinking_witness import TABLE, Said, Witness, row_for
from app.checks.judgement import Judgement
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from app.text.sentences import fields_of, render
from tests.checks.catalogue.seen import Answers, seen
from tests.checks.catalogue.thinking_answers import INVALID, OTHER_PREFIX, counted, minted, refused
from tests.checks.sessions import Answer, answer, refusal

CHECK = "prefix_witness"
B: Answers = {"mint": minted()}
CLEAN = counted(500, [])
CONTROLS: Answers = {"mint": minted(), "own_error": CLEAN, "own_tampered": INVALID, "own_changed": OTHER_PREFIX}
BARE = counted(440, [])


def judged(a: Answers, b: Answers = B) -> Judgement:
    found = by_id()[CHECK].judge(seen(CHECK, b, a))
    for one in (found.a, found.b):
        assert one is not None
        assert one.words("B")
    return found


def shown(cross: Answer, **more: Answer) -> tuple[Verdict, str]:
    """What is said of B where A answers so to its block."""
    found = judged({**CONTROLS, "cross": cross, "cross_bare": BARE, **more}).b
    return found.verdict, found.reason


def entry(reason: str, kind: str = "thinking_dropped") -> Answer:
    return counted(440, [{"type": kind, "path": "messages.1.content.0", "reason": reason}])


# The column "R5 gives" of the table, in its order.
@pytest.mark.parametrize(
    ("cross", "verdict", "reason"),
    [
        (CLEAN, Verdict.PASS, "witnessed"),
        (OTHER_PREFIX, Verdict.DIFFERS, "prefix_changed"),
        (entry("prefix_binding_mismatch"), Verdict.DIFFERS, "prefix_changed"),
        (entry("prefix_binding_mismatch", "thinking_mismatch_allowed"), Verdict.DIFFERS, "prefix_changed"),
        (entry("model_binding_mismatch"), Verdict.DIFFERS, "other_model"),
        (entry("organization_binding_mismatch"), Verdict.INCONCLUSIVE, "other_account"),
        (entry("end_user_binding_mismatch"), Verdict.INCONCLUSIVE, "other_account"),
        (INVALID, Verdict.DIFFERS, "not_verifiable"),
        (refused("messages.1.content.0.thinking.signature: Field required"), Verdict.INCONCLUSIVE, "malformed"),
        (refused("Expected `thinking` or `redacted_thinking`"), Verdict.INCONCLUSIVE, "malformed"),
        (refused("thinking.adaptive.block_binding: Extra inputs are not permitted"), Verdict.INCONCLUSIVE, "no_control"),
        (counted(500), Verdict.INCONCLUSIVE, "no_control"),
        (counted(440, []), Verdict.INCONCLUSIVE, "dropped"),
        (refused("something new"), Verdict.INCONCLUSIVE, "unknown"),
        (entry("tea_binding_mismatch"), Verdict.INCONCLUSIVE, "unknown"),
        (refusal(401), Verdict.INCONCLUSIVE, "status_401"),
        (refusal(429), Verdict.INCONCLUSIVE, "status_429"),
        (refusal(503), Verdict.INCONCLUSIVE, "status_503"),
    ],
)
def test_the_table(cross: Answer, verdict: Verdict, reason: str) -> None:
    assert shown(cross) == (verdict, reason)


def test_a_model_that_does_not_check_the_prefix_says_nothing_of_it() -> None:
    assert shown(CLEAN, own_changed=CLEAN) == (Verdict.INCONCLUSIVE, "vendor_made")


@pytest.mark.parametrize(
    ("controls", "reason"),
    [
        ({"mint": minted(), "own_error": INVALID, "own_reported": INVALID, "own_silent": INVALID}, "own_refused"),
        ({**CONTROLS, "own_error": entry("prefix_binding_mismatch")}, "own_noted"),
        ({**CONTROLS, "own_tampered": CLEAN}, "blind"),
        ({"mint": answer()}, "no_block"),
        ({**CONTROLS, "own_changed": refusal(429)}, "status_429"),
        ({"mint": minted(), "own_error": refusal(500)}, "status_500"),
    ],
)
def test_without_its_controls_a_says_nothing_of_b(controls: Answers, reason: str) -> None:
    found = judged({**controls, "cross": INVALID, "cross_bare": BARE})
    assert found.a is not None
    assert (found.a.verdict, found.a.reason) == (Verdict.INCONCLUSIVE, reason)
    assert (found.b.verdict, found.b.reason) == (Verdict.INCONCLUSIVE, reason)


def test_a_control_that_takes_no_setting_is_asked_without_it() -> None:
    no_setting = refused("thinking.adaptive.block_binding: Extra inputs are not permitted")
    controls: Answers = {"mint": minted(), "own_error": no_setting, "own_reported": CLEAN, "own_tampered": INVALID}
    found = judged({**controls, "own_changed": entry("prefix_binding_mismatch"), "cross": CLEAN, "cross_bare": BARE})
    assert found.b.reason == "witnessed"


def test_a_block_that_nobody_signed() -> None:
    found = judged({**CONTROLS, "cross": INVALID, "cross_bare": BARE}, {"mint": minted("")})
    assert found.b.reason == "unsigned"


def test_whatever_a_says_there_is_a_row_for_it() -> None:
    used = set()
    for said in Said:
        for checked in (True, False):
            for tokens in (None, 0, 40):
                row = row_for(Witness(said, checked, tokens))
                used.add(row)
                assert fields_of(row.sentence) == {"who"}
                assert render(row.sentence, {"who": "B"})
    assert used == set(TABLE)
