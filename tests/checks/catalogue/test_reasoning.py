"""Reasoning items sent back, played: what is said of a changed one is evidence alone."""

from __future__ import annotations

import pytest

from app.checks.verdict import Verdict
from app.protocols.ids import RESPONSES
from tests.checks.play import Stage

CHECK = "reasoning_replay"


@pytest.mark.parametrize(
    ("faults", "model", "verdict", "said"),
    [
        ("", "gpt-5.5", Verdict.PASS, "; a changed one is refused."),
        ("signature_unchecked", "gpt-5.5", Verdict.PASS, "; a changed one is taken too."),
        ("no_encrypted_content", "gpt-5.5", Verdict.DIFFERS, "loses the reasoning."),
        ("", "gpt-5.4-mini", Verdict.UNSUPPORTED, "B refuses to be told to reason"),
    ],
)
def test_a_reasoning_item_sent_back(stage: Stage, faults: str, model: str, verdict: Verdict, said: str) -> None:
    found = stage.played(CHECK, RESPONSES, faults, model=model).b
    assert found.verdict is verdict
    assert said in found.words("B")


def test_without_a_control_items_that_are_not_sealed_are_no_news(stage: Stage) -> None:
    found = stage.played(CHECK, RESPONSES, "no_encrypted_content", None, model="gpt-5.5").b
    assert found.verdict is Verdict.PASS
    assert "it holds no encrypted content" in found.words("B")
