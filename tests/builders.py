"""Recordings made by hand: a stream of Messages, its pieces at the milliseconds a test wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate

from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import (
    Connected,
    Ended,
    EndKind,
    Envelope,
    Headed,
    Headers,
    Marked,
    MarkName,
    Opened,
    ProfileNote,
    Request,
    Sent,
    SideName,
)
from app.run.side import Side

MS = 1_000_000
EVENT_STREAM: Headers = (("content-type", "text/event-stream; charset=utf-8"),)
JSON: Headers = (("content-type", "application/json"),)


def event(name: str, **fields: object) -> bytes:
    """One Messages event as bytes; `type` is the name."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()


ODD_ARGUMENTS = (
    '{"half": "\\ud83d"}',
    '{"\\udc00": 1}',
    '{"long": 123456789012345678901234567890}',
    '{"endless": 1e999}',
    '{"deep": ' + "[" * 250 + "]" * 250 + "}",
    '{"too deep": ' + "[" * 900 + "]" * 900 + "}",
)
"""A call's arguments that not every JSON writer takes."""


def calling(arguments: str) -> bytes:
    """A whole Chat answer that calls `f` with such arguments."""
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    return json.dumps({"id": "r", "object": "chat.completion", "model": "m", "choices": [choice]}).encode()


def messages_start(model: str = "claude-opus-4-8", input_tokens: int = 21, cache_read: int | None = None) -> bytes:
    """message_start and the start of a text block."""
    cached = {} if cache_read is None else {"cache_read_input_tokens": cache_read}
    usage = {"input_tokens": input_tokens, **cached, "output_tokens": 1}
    message: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
    }
    start = event("message_start", message={**message, "stop_sequence": None, "usage": usage})
    return start + event("content_block_start", index=0, content_block={"type": "text", "text": ""})


def messages_text(text: str) -> bytes:
    """One text delta."""
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def messages_end(output_tokens: int | None = 98, stop_reason: str = "end_turn") -> bytes:
    """The end of the block and of the message; None leaves the usage out."""
    usage = {} if output_tokens is None else {"usage": {"output_tokens": output_tokens}}
    delta = event("message_delta", delta={"stop_reason": stop_reason, "stop_sequence": None}, **usage)
    return event("content_block_stop", index=0) + delta + event("message_stop")


def put_together(
    opened: Opened,
    marks: Mapping[MarkName, float],
    connected: Connected,
    headed: Headed | None,
    pieces: Sequence[tuple[float, bytes]],
    end: Ended | None = None,
    sent: Sent | None = None,
) -> Recording:
    """A recording of these records. `marks` and `pieces` are at milliseconds since the start.

    `headed` None: no response came. Without an `end` it is whole, at its last piece or mark.
    """
    made = Recording(opened.envelope, opened.request)
    for name, at_ms in marks.items():
        made.apply(Marked(name, round(at_ms * MS)))
    made.apply(connected)
    if sent is not None:
        made.apply(sent)
    if headed is not None:
        made.apply(headed)
    made.apply(pack_chunks([(round(at_ms * MS), data) for at_ms, data in pieces]))
    last_ms = pieces[-1][0] if pieces else max(marks.values(), default=0.0)
    made.apply(end or Ended(EndKind.WHOLE, round(last_ms * MS)))
    return made


def recording(
    pieces: Sequence[tuple[float, bytes]],
    *,
    side: SideName = "a",
    protocol: str = "anthropic-messages",
    status: int = 200,
    headers: Headers = EVENT_STREAM,
    streamed: bool = True,
    model: str = "claude-opus-4-8",
    connect_ms: float = 30.0,
    wait_ms: float = 470.0,
    reused: bool = False,
    end: Ended | None = None,
    number: int = 1,
    scenario: str = "streaming",
    asked: Mapping[str, object] | None = None,
) -> Recording:
    """An exchange whose body came in these pieces: (milliseconds since the start, bytes). `asked` is the request's body.

    A new connection takes 10 ms to resolve, `connect_ms` to connect, 60 to shake hands, 1 to send, `wait_ms` to the first byte.
    """
    note = ProfileNote(f"Endpoint {side.upper()}", "https://h.example", protocol)
    envelope = Envelope(protocol, note, scenario, model, side, number, streamed, "2026-11-21T00:00:00.000Z", "0")
    opened = Opened(envelope, Request("POST", "https://h.example/v1/messages", (), json.dumps(asked or {}).encode()))
    connected, headed = Connected(reused, "192.0.2.1:443"), Headed(status, "OK", "HTTP/1.1", headers)
    return put_together(opened, _marks(connect_ms, wait_ms, reused), connected, headed, pieces, end)


def _marks(connect_ms: float, wait_ms: float, reused: bool) -> dict[MarkName, float]:
    connecting = {
        MarkName.DNS_BEGIN: 0.0, MarkName.DNS_END: 10.0, MarkName.CONNECT_BEGIN: 0.0, MarkName.CONNECT_END: connect_ms,
        MarkName.TLS_BEGIN: 0.0, MarkName.TLS_END: 60.0,
    }  # fmt: skip
    sending = {MarkName.SEND_BEGIN: 0.0, MarkName.SEND_END: 1.0, MarkName.FIRST_BYTE: wait_ms, MarkName.HEAD_END: 0.0}
    lasts = sending if reused else connecting | sending
    return dict(zip(lasts, accumulate(lasts.values()), strict=True))


def stream(first_ms: float = 612.0, step_ms: float = 18.0, words: int = 10, **more: object) -> Recording:
    """A whole Messages stream: the first token at `first_ms`, then one each `step_ms`. Input and output counts can be given."""
    counts = {name: more.pop(name) for name in ("input_tokens", "cache_read") if name in more}
    output = more.pop("output_tokens", 98)
    model = str(more.get("model", "claude-opus-4-8"))
    times = [first_ms + step_ms * number for number in range(words)]
    pieces = [(first_ms - 5, messages_start(model, **counts))]  # type: ignore[arg-type]
    pieces += [(at, messages_text(f"word {number} ")) for number, at in enumerate(times)]
    pieces.append((times[-1] + 1, messages_end(output)))  # type: ignore[arg-type]
    wait = first_ms - 5 - (1 if more.get("reused") else 101)
    return recording(pieces, **{"wait_ms": wait, **more})  # type: ignore[arg-type]


def side(name: SideName, *recordings: Recording) -> Side:
    """A side of finished exchanges."""
    return Side(name, [Exchange(one).finish() for one in recordings])
