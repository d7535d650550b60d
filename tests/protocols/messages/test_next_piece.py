"""The short way for one more piece of the same block reads what the long way reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

import pytest

from app.protocols.messages.reader import MessagesReader
from app.protocols.messages.stream import StreamReader
from app.protocols.reading import Meaning, Reading
from app.stream.sse import SseEvent

STREAMS = 200
DELTAS = (
    ("text_delta", "text"), ("thinking_delta", "thinking"), ("input_json_delta", "partial_json"),
    ("signature_delta", "signature"),
)  # fmt: skip
KINDS = ("text", "thinking", "tool_use", "unknown", "redacted_thinking")
PIECES = ("a", "bc", "日", "\ud83d", "", None, 5, '{"a":1}', "long enough to be repeated")
START: dict[str, object] = {
    "type": "message_start",
    "message": {"id": "m", "type": "message", "role": "assistant", "model": "x", "content": [], "usage": {"input_tokens": 1}},
}
Event = dict[str, object]


def stream(random: Random) -> Iterator[Event]:
    """Events of which most are lawful."""
    index = 0
    if random.random() < 0.9:
        yield START
    for _ in range(random.randrange(5, 40)):
        drawn, at = random.random(), random.choice((index, index, index, index, index + 1, True, 1.0, None, "0"))
        if drawn < 0.15:
            index = random.choice((index, index + 1))
            yield {"type": "content_block_start", "index": index, "content_block": block(random)}
        elif drawn < 0.85:
            yield from [{"type": "content_block_delta", "index": at, "delta": delta(random)}] * random.choice((1, 1, 2, 5))
        elif drawn < 0.92:
            yield {"type": "content_block_stop", "index": at}
        elif drawn < 0.96:
            yield {"type": "message_delta", "delta": {"stop_reason": random.choice((None, "end_turn"))}, "usage": {}}
        else:
            yield {"type": random.choice(("message_stop", "ping", "error")), "error": {"message": "m"}}


def block(random: Random) -> Event:
    return {"type": random.choice(KINDS), "text": "", "thinking": "", "id": "t", "name": "n", "input": {}}


def delta(random: Random) -> object:
    name, field = random.choice(DELTAS)
    more = random.choice(({}, {}, {}, {"signature": "s"}, {"reasoning_content": "r"}))
    return random.choice(({"type": name, field: random.choice(PIECES), **more},) * 9 + (None,))


def read(events: list[Event]) -> tuple[list[Meaning], Reading]:
    reader = MessagesReader()
    meanings = [
        reader.feed(SseEvent(str(event["type"]), json.dumps(event).encode(), number * 100, number * 100 + 90), number)
        for number, event in enumerate(events, 1)
    ]
    return meanings, reader.finish()


def test_both_ways_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [list(stream(Random(seed))) for seed in range(STREAMS)]
    by_the_short_way = list(map(read, streams))
    monkeypatch.setattr(StreamReader, "_read_next_piece", lambda _reader, _value: None)
    assert list(map(read, streams)) == by_the_short_way
