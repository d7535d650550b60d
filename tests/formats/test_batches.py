"""Results of batches, in the forms of the vendors' own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture, CaptureError, Unread
from app.transfer.capture_files import captures_of

USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Grüße"}, "finish_reason": "stop"}
CHAT = {"id": "c", "object": "chat.completion", "created": 1, "model": "m-1", "choices": [CHOICE], "usage": USAGE}
MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "m-2", "content": [{"type": "text", "text": "Grüße"}],
    "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 2},
}  # fmt: skip
ERROR = {"error": {"message": "Too long.", "type": "invalid_request_error", "param": None, "code": None}}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def answered(name: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "batch_req_1",
        "custom_id": name,
        "response": {"status_code": status, "request_id": "r", "body": body},
        "error": None,
    }


EXPIRED = {"id": "b", "custom_id": "ask-3", "response": None, "error": {"code": "batch_expired", "message": "It expired."}}
OF_OPENAI = [answered("ask-1", 400, ERROR), answered("ask-2", 200, CHAT), EXPIRED]
OF_ANTHROPIC = [
    {"custom_id": "ask-1", "result": {"type": "errored", "error": OVERLOADED}},
    {"custom_id": "ask-2", "result": {"type": "succeeded", "message": MESSAGE}},
    {"custom_id": "ask-3", "result": {"type": "canceled"}},
]


def read(folder: Path, lines: list[Any], name: str = "results.jsonl", protocol: str | None = None) -> list[Capture | Unread]:
    (folder / name).write_bytes(b"\n".join(json.dumps(one).encode() for one in lines) + b"\n")
    return list(captures_of(str(folder / name), protocol))


@pytest.mark.parametrize(
    ("lines", "recorder", "protocol", "statuses", "why"),
    [(OF_OPENAI, "OpenAI Batch", "openai-chat", (400, 200), "It expired."),
     (OF_ANTHROPIC, "Anthropic Batch", "anthropic-messages", (0, 0), "canceled")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["results.jsonl", "results.txt"])
def test_results_of_a_batch(
    lines: list[Any], recorder: str, protocol: str, statuses: tuple[int, int], why: str, name: str, tmp_path: Path
) -> None:
    refused, answer, missing = read(tmp_path, lines, name)
    assert isinstance(refused, Capture)
    assert isinstance(answer, Capture)
    both = [Exchange(one.recording).finish() for one in (refused, answer)]
    assert [(one.name, one.protocol, one.recorder) for one in (refused, answer)] == [
        ("ask-1", protocol, recorder), ("ask-2", protocol, recorder)
    ]  # fmt: skip
    assert [(one.outcome, one.status, one.reading.text) for one in both] == [
        (Outcome.FAILED, statuses[0], ""), (Outcome.COMPLETED, statuses[1], "Grüße")
    ]  # fmt: skip
    assert both[1].timing.total is None
    assert "keeps a JSON answer as values" in answer.notes[0]
    assert isinstance(missing, Unread)
    assert missing.why == f"call 3: no answer came ({why})"


def test_what_is_no_answer_is_passed_over(tmp_path: Path) -> None:
    embedded = answered("x", 200, {"object": "list", "data": []})
    assert [one.name for one in read(tmp_path, [embedded, *OF_OPENAI[1:2]])] == ["ask-2"]
    assert [one.name for one in read(tmp_path, [*OF_OPENAI, *OF_ANTHROPIC[1:2]], protocol="anthropic-messages")] == [
        "results.jsonl#3", "ask-2"
    ]  # fmt: skip
    with pytest.raises(CaptureError, match="of the 2 results of a batch none is an answer of a model API"):
        read(tmp_path, [embedded, embedded])
    broken, good = read(tmp_path, [OF_OPENAI[1]])[0], tmp_path / "results.jsonl"
    good.write_bytes(good.read_bytes() + b'{"custom_id": "cut", "resp')
    assert [type(one) for one in captures_of(str(good), None)] == [type(broken), Unread]
