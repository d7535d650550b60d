"""Messages answers in pieces, and what is to be said of a side that failed."""

from __future__ import annotations

import json

from app.exchange.exchange import Outcome
from app.run.side import Side

STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
WORDS = ("Boats ", "float — ", "mostly.")
GOOD_TEXT = "".join(WORDS)


def event(kind: str, **fields: object) -> bytes:
    """One Messages event."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields}, ensure_ascii=False)}\n\n".encode()


def delta(text: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


MESSAGE: dict[str, object] = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": [], "stop_reason": None,
    "stop_sequence": None, "usage": {"input_tokens": 9, "output_tokens": 1},
}  # fmt: skip
OPENING = (
    event("message_start", message=MESSAGE),
    event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
)
CLOSING = (
    event("content_block_stop", index=0),
    event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage={"output_tokens": 7}),
    event("message_stop"),
)
GOOD_PIECES = (*OPENING, *map(delta, WORDS), *CLOSING)
BEGUN = b"".join((*OPENING, delta(WORDS[0])))  # what came before a fault; its text is WORDS[0]


def assert_failed(side: Side, *said: str, kept: str = "") -> None:
    """It failed, cause and fix are told, the cause says what is expected, and the text that came is kept."""
    assert side.outcome is Outcome.FAILED
    diagnosis = side.diagnosis
    assert diagnosis is not None
    assert diagnosis.cause
    assert diagnosis.fix
    for words in said:
        assert words in diagnosis.cause
    assert side.last is not None
    assert side.last.reading.text == kept


def assert_completed(side: Side, text: str = GOOD_TEXT) -> None:
    assert side.outcome is Outcome.COMPLETED
    assert side.diagnosis is None
    assert side.last is not None
    assert side.last.reading.text == text
