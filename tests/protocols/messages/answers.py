"""Small Messages answers to bend out of shape, and the road from bytes to a reading."""

from __future__ import annotations

import json
from typing import Any

from app.protocols.messages.protocol import AnthropicMessages
from app.protocols.reading import Meaning, Reading
from app.stream.sse import SseParser

Event = dict[str, Any]


def start(**message: Any) -> Event:
    whole: Event = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 21, "output_tokens": 1},
    }
    return {"type": "message_start", "message": whole | message}


def opened(index: int = 0, kind: str = "text", **fields: Any) -> Event:
    begin = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}}.get(kind, {})
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind} | begin | fields}


def tool(index: int = 0, call_id: Any = "toolu_1") -> Event:
    return opened(index, "tool_use", id=call_id, name="get_weather", input={})


def delta(index: int, kind: str, **fields: Any) -> Event:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind} | fields}


def text(words: str, index: int = 0) -> Event:
    return delta(index, "text_delta", text=words)


def thought(words: str, index: int = 0, **more: Any) -> Event:
    return delta(index, "thinking_delta", thinking=words, **more)


def signature(value: str, index: int = 0) -> Event:
    return delta(index, "signature_delta", signature=value)


def arguments(*pieces: str, index: int = 0) -> list[Event]:
    return [delta(index, "input_json_delta", partial_json=piece) for piece in ("", *pieces)]


def closed(index: int = 0) -> Event:
    return {"type": "content_block_stop", "index": index}


def stopped(reason: str | None = "end_turn", **usage: Any) -> Event:
    given = usage or {"output_tokens": 5}
    return {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": given}


STOP: Event = {"type": "message_stop"}
PING: Event = {"type": "ping"}
ERROR: Event = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
PLAIN = [start(), opened(), PING, text("Hel"), text("lo"), closed(), stopped(), STOP]


def frame(event: Event, name: str | None = None) -> bytes:
    named = event["type"] if name is None else name
    prefix = f"event: {named}\n" if named else ""
    return f"{prefix}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def frames(*events: Event) -> bytes:
    return b"".join(frame(event) for event in events)


def read(stream: bytes, piece_bytes: int = 1 << 30) -> Reading:
    return read_with_meanings(stream, piece_bytes)[0]


def read_with_meanings(stream: bytes, piece_bytes: int = 1 << 30) -> tuple[Reading, list[Meaning]]:
    parser, reader = SseParser(), AnthropicMessages().reader(streamed=True)
    meanings: list[Meaning] = []
    for at in range(0, len(stream), piece_bytes):
        for event in parser.feed(stream[at : at + piece_bytes]):
            meanings.append(reader.feed(event, len(meanings) + 1))
    return reader.finish(), meanings


def read_whole(body: bytes | Event, status: int = 200) -> Reading:
    reader = AnthropicMessages().reader(streamed=False)
    reader.read_whole(body if isinstance(body, bytes) else json.dumps(body).encode(), status)
    return reader.finish()


def ids(reading: Reading) -> list[str]:
    return [finding.id for finding in reading.findings]
