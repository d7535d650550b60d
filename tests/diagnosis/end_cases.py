"""Rows for answers whose own end says that they are none: an error as the reason, no reason, nothing but an end."""

from __future__ import annotations

import json

from tests.builders import event, messages_end
from tests.diagnosis.made import BEGUN, STREAM, C, Case, R, made

_NOTHING = "The stream is nothing but its end: no answer began before it."


def chunk(reason: str | None, **delta: str) -> bytes:
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    document = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
COMPLETED = {"id": "r", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": []}
REASONLESS = event("content_block_stop", index=0) + event("message_stop")
EMPTY_DELTA = event("message_delta", delta={}, usage={"output_tokens": 0})
MESSAGE: dict[str, object] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "usage": {"input_tokens": 3, "output_tokens": 2},
}
MESSAGE |= {"content": [{"type": "text", "text": "Hi"}], "stop_sequence": None}
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hi"}}
COMPLETION = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
SAID = {
    "type": "message",
    "id": "m1",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
}

CASES = (
    Case("nothing-but-end", made(200, event("message_stop"), headers=STREAM, streamed=True), _NOTHING),
    Case("nothing-but-end", made(200, DONE, protocol=C, headers=STREAM, streamed=True), _NOTHING),
    Case("nothing-but-end", made(200, chunk("stop") + DONE, protocol=C, headers=STREAM, streamed=True), _NOTHING),
    Case(
        "nothing-but-end",
        made(200, event("response.completed", response=COMPLETED), protocol=R, headers=STREAM, streamed=True),
        _NOTHING,
    ),
    Case(
        "stop-reason-error",
        made(200, BEGUN + messages_end(stop_reason="error"), headers=STREAM, streamed=True),
        "relay.example ends its answer with “error” as the reason",
        "take the half answer for a whole one",
    ),
    Case(
        "stop-reason-error",
        made(200, chunk(None, role="assistant", content="Hi") + chunk("network_error") + DONE, protocol=C, headers=STREAM,
            streamed=True),
        "ends its answer with “network_error”",
    ),
    Case("stop-reason-error", made(200, MESSAGE | {"stop_reason": "error"}), "ends its answer with “error”"),
    Case(
        "stop-reason-error",
        made(200, COMPLETION | {"choices": [CHOICE | {"finish_reason": "abort"}]}, protocol=C),
        "ends its answer with “abort”",
    ),
    Case(
        "cancelled-there",
        made(200, COMPLETED | {"status": "cancelled", "output": [SAID]}, protocol=R),
        "says that the answer was cancelled",
    ),
    Case(
        "stop-reason-unsaid",
        made(200, BEGUN + REASONLESS, headers=STREAM, streamed=True),
        "The stream has an end, but never says why the answer stopped",
        "take the half answer for a whole one",
    ),
    Case(
        "stop-reason-unsaid",
        made(200, BEGUN + EMPTY_DELTA + REASONLESS, headers=STREAM, streamed=True),
        "never says why the answer stopped",
    ),
    Case(
        "stop-reason-unsaid",
        made(200, chunk(None, role="assistant", content="Hi") + DONE, protocol=C, headers=STREAM, streamed=True),
        "never says why the answer stopped",
    ),
    Case(
        "end-mark-missing",
        made(200, BEGUN + messages_end().removesuffix(event("message_stop")), headers=STREAM, streamed=True),
        "The answer is whole and says why it ended (end_turn); only the stream's end mark, its message_stop event, never came.",
        "The relay has to send it",
    ),
    Case(
        "blank-line-missing",
        made(200, BEGUN + messages_end()[:-1], headers=STREAM, streamed=True),
        "The answer is whole, but the last event of its stream lacks the blank line",
        "a blank line behind the last event too",
    ),
    Case(
        "blank-line-missing",
        made(200, chunk(None, role="assistant", content="Hi") + chunk("stop")[:-1], protocol=C, headers=STREAM, streamed=True),
        "The answer is whole",
    ),
    Case("stop-reason-unsaid-whole", made(200, MESSAGE | {"stop_reason": None}), "whether it is whole can't be known"),
    Case(
        "stop-reason-unsaid-whole",
        made(200, COMPLETION | {"choices": [CHOICE | {"finish_reason": None}]}, protocol=C),
        "whether it is whole can't be known",
    ),
    Case(
        "stop-reason-unsaid-whole",
        made(200, COMPLETED | {"status": None, "output": [SAID]}, protocol=R),
        "whether it is whole can't be known",
    ),
)  # fmt: skip
