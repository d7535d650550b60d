"""Requests that want no answer of a model: lists, counts, and what is broken on purpose to be refused."""

from __future__ import annotations

import json

import msgspec
import pytest

from app.exchange.exchange import Exchange, Outcome
from app.recording.records import Wanted
from app.run.compare import compare
from app.run.side import Side
from tests.builders import JSON, recording
from ui.compare.pane.verdict import verdict_words

LIST = {"data": [{"type": "model", "id": "claude-opus-4-8"}], "has_more": False}
REFUSED = {"type": "error", "error": {"type": "invalid_request_error", "message": "zz_probe: Extra inputs are not permitted"}}
ANSWER = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_reason": "end_turn",
    "stop_sequence": None, "content": [{"type": "text", "text": "Hi"}], "usage": {"input_tokens": 3, "output_tokens": 2},
}  # fmt: skip


def side(name: str, wanted: Wanted, body: object, status: int = 200) -> Side:
    made = recording(
        [(600.0, body if isinstance(body, bytes) else json.dumps(body).encode())],
        status=status, headers=JSON, streamed=False, side=name,  # type: ignore[arg-type]
    )  # fmt: skip
    made.envelope = msgspec.structs.replace(made.envelope, wanted=wanted)
    return Side("a" if name == "a" else "b", [Exchange(made).finish()])


def shown(one: Side) -> str:
    return verdict_words(one).words[0].text


@pytest.mark.parametrize(
    ("wanted", "body", "said"),
    [(Wanted.MODELS, LIST, "✓ Completed: a model list"), (Wanted.COUNT, {"input_tokens": 21}, "✓ Completed: a token count")],
)
def test_a_document_that_was_wanted_is_whole_and_no_bad_answer(wanted: Wanted, body: object, said: str) -> None:
    one = side("b", wanted, body)
    assert one.outcome is Outcome.COMPLETED
    assert (one.findings, one.diagnosis) == ([], None)
    assert shown(one) == said


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><title>Panel</title>", b"", b"[]"])
def test_what_is_no_document_failed(body: bytes) -> None:
    one = side("b", Wanted.MODELS, body)
    assert one.outcome is Outcome.FAILED
    assert one.diagnosis is not None


def test_the_same_list_in_place_of_an_answer_failed() -> None:
    assert side("b", Wanted.ANSWER, LIST).outcome is Outcome.FAILED


def test_a_refusal_that_was_provoked_is_none_to_mend() -> None:
    one = side("b", Wanted.REFUSAL, REFUSED, 400)
    assert (one.provoked, one.outcome) == (True, Outcome.FAILED)
    assert shown(one) == "⊘ Refused: the check provoked it"
    assert one.diagnosis is not None
    assert (one.diagnosis.rule, one.diagnosis.actions, one.diagnosis.change) == ("provoked", (), None)
    assert one.diagnosis.vendor_message == "zz_probe: Extra inputs are not permitted"


@pytest.mark.parametrize("status", [402, 408, 429, 500, 529])
def test_a_limit_or_a_fault_is_no_refusal(status: int) -> None:
    one = side("b", Wanted.REFUSAL, REFUSED, status)
    assert not one.provoked
    assert shown(one) == "✕ Failed"


def test_the_sentence_of_what_was_provoked() -> None:
    a, b = side("a", Wanted.REFUSAL, REFUSED, 400), side("b", Wanted.REFUSAL, REFUSED, 422)
    assert compare(a, b).sentence == "Both refused it with 400 (A) and 422 (B), which the check provoked."
    taken = side("b", Wanted.REFUSAL, ANSWER)
    assert compare(a, taken).sentence == "A refused it with 400, which the check provoked. B completed."
    assert compare(a, None).sentence == "A refused it with 400, which the check provoked."
