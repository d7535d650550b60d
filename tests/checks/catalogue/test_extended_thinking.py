"""Extended thinking: a signed block in both modes, what is missing, and what a model may decide."""

from __future__ import annotations

import pytest

from app.checks.judgement import Judged
from app.checks.registry import by_id
from tests.checks.catalogue.seen import Answers, seen
from tests.checks.sessions import Answer, answer, refusal

PLAIN, STREAMED = "plain", "streamed"


def thought(text: str = "Hm.", signature: str = "c2ln", *, tokens: int | None = 7, output: int = 20) -> Answer:
    status, headers, body = answer()
    content = [{"type": "thinking", "thinking": text, "signature": signature}, {"type": "text", "text": "12"}]
    details = {} if tokens is None else {"output_tokens_details": {"thinking_tokens": tokens}}
    return status, headers, body | {"content": content, "usage": {"input_tokens": 30, "output_tokens": output, **details}}


SILENT, TAGGED = answer("12"), answer("<think>Hm.</think> 12")
THINKS, OMITTED = thought(), thought("")
BOTH: Answers = {PLAIN: THINKS, STREAMED: THINKS}


def times(one: Answer, step: str, count: int = 5) -> Answers:
    return {(step, n): one for n in range(1, count + 1)}


def judged(b: Answers, a: Answers | None = None) -> Judged:
    found = by_id()["extended_thinking"].judge(seen("extended_thinking", b, a)).b
    assert found.words("B")
    assert "{" not in found.words("B") + found.measured_words("B")
    return found


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (BOTH, None, ("pass", "works")),
        (BOTH, BOTH, ("pass", "works")),
        ({PLAIN: OMITTED, STREAMED: OMITTED}, BOTH, ("pass", "works")),
        ({(PLAIN, 1): refusal(), (PLAIN, 2): THINKS, (STREAMED, 1): refusal(), (STREAMED, 2): THINKS}, None, ("pass", "works")),
        ({PLAIN: THINKS, STREAMED: thought(signature="")}, None, ("fail", "unsigned")),
        ({PLAIN: thought(signature=""), STREAMED: THINKS}, BOTH, ("fail", "unsigned")),
        ({PLAIN: TAGGED, STREAMED: TAGGED}, None, ("fail", "in_text")),
        ({PLAIN: thought(tokens=21), STREAMED: THINKS}, None, ("fail", "too_many")),
        ({PLAIN: thought(tokens=20), STREAMED: THINKS}, None, ("pass", "works")),
        ({PLAIN: THINKS, STREAMED: thought(tokens=None)}, BOTH, ("differs", "uncounted")),
        ({PLAIN: THINKS, STREAMED: thought(tokens=None)}, None, ("pass", "works")),
        ({PLAIN: refusal()}, None, ("unsupported", "refused")),
        ({PLAIN: refusal()}, {PLAIN: refusal()}, ("unsupported", "refused")),
        ({PLAIN: refusal()}, BOTH, ("fail", "refused")),
        ({PLAIN: refusal(529)}, BOTH, ("inconclusive", "status_529")),
        ({PLAIN: THINKS}, BOTH, ("inconclusive", "not_asked")),  # it was stopped in between
        ({PLAIN: SILENT, STREAMED: SILENT}, BOTH, ("inconclusive", "none")),
        (times(SILENT, PLAIN) | times(SILENT, STREAMED), None, ("inconclusive", "none")),
        (times(SILENT, PLAIN) | {STREAMED: THINKS}, times(THINKS, PLAIN) | {STREAMED: THINKS}, ("fail", "ignored")),
        (times(SILENT, PLAIN, 4) | {STREAMED: THINKS}, times(THINKS, PLAIN) | {STREAMED: THINKS}, ("inconclusive", "none")),
        ({PLAIN: THINKS} | times(SILENT, STREAMED), {PLAIN: THINKS} | times(THINKS, STREAMED), ("fail", "ignored")),
        (
            times(SILENT, PLAIN) | {STREAMED: THINKS},
            times(THINKS, PLAIN) | {(PLAIN, 6): SILENT, STREAMED: THINKS},
            ("inconclusive", "none"),
        ),
    ],
)
def test_thinking_in_both_modes(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    found = judged(b, a)
    assert (found.verdict, found.reason) == expected


def test_what_both_do_is_shared() -> None:
    assert judged({PLAIN: refusal()}, {PLAIN: refusal()}).shared
    assert not judged({PLAIN: refusal()}, BOTH).shared


def test_the_mode_is_named() -> None:
    ignored = judged({PLAIN: THINKS} | times(SILENT, STREAMED), {PLAIN: THINKS} | times(THINKS, STREAMED))
    assert ignored.words("B").startswith("B gave 5 answers without thinking in streams where it was asked for")
    assert [(one.step, one.n) for one in ignored.evidence] == [("streamed", 5), ("plain", 1)]
    assert "its text is left out" in judged({PLAIN: OMITTED, STREAMED: OMITTED}).words("B")
