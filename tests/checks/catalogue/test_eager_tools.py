"""Fine-grained tool streaming: how many pieces arguments come in, with what asks for it and without."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.seen import Seen, Steps
from app.exchange.exchange import Exchange
from app.protocols.ids import MESSAGES
from app.recording.records import Envelope, ProfileNote, SideName
from tests.builders import EVENT_STREAM, JSON, event, messages_end, recording

ARGUMENTS = json.dumps({"text": "The harbour opens at six, and dogs are welcome. " * 4})
Answers = Mapping[str, Sequence[int | str]]  # by step: in how many pieces, or the words of a refusal, or broken arguments
COARSE, FINE = 2, 20
BROKEN = -FINE


def _stream(count: int) -> bytes:
    text = ARGUMENTS if count > 0 else ARGUMENTS[:-2]
    size = -(-len(text) // abs(count))
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    start: dict[str, object] = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": []}
    opened = event("message_start", message={**start, "stop_reason": None, "usage": {"input_tokens": 9, "output_tokens": 1}})
    call = {"type": "tool_use", "id": "t1", "name": "keep_note", "input": {}}
    opened += event("content_block_start", index=0, content_block=call)
    deltas = ["", *parts]  # the vendor's first one is empty, and counts as none
    said = (event("content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": one}) for one in deltas)
    return opened + b"".join(said) + messages_end(stop_reason="tool_use")


def _exchange(side: SideName, step: str, n: int, said: int | str) -> Exchange:
    if isinstance(said, str):
        refusal = {"type": "error", "error": {"type": "invalid_request_error", "message": said}}
        made = recording([(500.0, json.dumps(refusal).encode())], side=side, status=400, headers=JSON, streamed=True)
    else:
        made = recording([(500.0, _stream(said))], side=side, headers=EVENT_STREAM)
    note = ProfileNote(side, "http://x", MESSAGES)
    made.envelope = Envelope(MESSAGES, note, "checks", "m", side, n, True, "", "", "eager_field", step)
    return Exchange(made).finish()


def steps(side: SideName, answers: Answers) -> Steps:
    made = [_exchange(side, step, n, said) for step, several in answers.items() for n, said in enumerate(several, 1)]
    return Steps(side, MESSAGES, "m", made, check="eager_field")


def judged(b: Answers, a: Answers | None = None, check: str = "eager_field") -> Judged:
    found = by_id()[check].judge(Seen(steps("b", b), steps("a", a) if a is not None else None)).b
    assert "{" not in found.words("B") + found.measured_words("B")
    return found


def answers(*field: int | str, without: int = COARSE, header: int | str = FINE) -> Answers:
    return {"without": [without], "field": field, "header": [header]}


GOOD = answers(FINE)


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (GOOD, None, ("pass", "fine")),
        (GOOD, GOOD, ("pass", "fine")),
        (answers(FINE, without=FINE), GOOD, ("pass", "fine")),  # a gateway that never collects
        (answers(COARSE), None, ("inconclusive", "not_shown")),
        (answers(COARSE), answers(COARSE), ("inconclusive", "not_shown")),
        (answers(COARSE), GOOD, ("inconclusive", "not_shown")),
        (answers(COARSE, COARSE, COARSE), GOOD, ("fail", "buffered")),
        (answers(COARSE, COARSE, COARSE), answers(COARSE), ("inconclusive", "not_shown")),
        (answers(COARSE, COARSE, FINE), GOOD, ("pass", "fine")),
        (answers(1, 1, 1, without=1), GOOD, ("fail", "buffered")),
        (answers(BROKEN, BROKEN, BROKEN), GOOD, ("fail", "not_json")),
        (answers(BROKEN), None, ("inconclusive", "not_shown")),  # the vendor does not promise it
        (answers("no such field"), None, ("unsupported", "refused")),
        (answers("no such field"), answers("no such field"), ("unsupported", "refused")),
        (answers("no such field"), GOOD, ("fail", "refused")),
        (answers(FINE), answers("no such field"), ("pass", "fine")),
    ],
)
def test_pieces(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    found = judged(b, a)
    assert (found.verdict, found.reason) == expected


def test_the_header_is_judged_by_its_own_answers() -> None:
    assert judged(answers("no such field"), GOOD, "eager_header").reason == "fine"
    refused = judged(answers(FINE, header="Unexpected value(s)"), GOOD, "eager_header")
    assert (refused.verdict, refused.reason) == ("fail", "refused")
    assert "refuses the beta header" in refused.words("B").replace("**", "")


def test_the_pieces_are_named() -> None:
    words = judged(answers(COARSE, COARSE, COARSE), GOOD).words("B")
    assert "(2 pieces, 2 without), where the control has 19" in words


def test_what_was_not_asked_is_said_to_be() -> None:
    assert judged({"without": [COARSE], "field": []}).reason == "not_asked"
