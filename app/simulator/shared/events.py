"""The events of a stream before they are encoded, and the frames of a body: bytes with the time to wait before them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Event:
    """One SSE event. `name` is "" for none, `data` a JSON object or literal text; `tokens` is how much content it carries.

    `wait_ms` is what to wait before it besides the pace.
    """

    name: str
    data: dict[str, Any] | str
    tokens: int = 0
    wait_ms: float = 0.0

    @property
    def object(self) -> dict[str, Any]:
        """The data as an object; an empty one where it is literal text."""
        return self.data if isinstance(self.data, dict) else {}

    def encode(self) -> bytes:
        """The event as the official endpoints write it: LF, a space behind the colon."""
        name = f"event: {self.name}\n" if self.name else ""
        return f"{name}data: {self.text()}\n\n".encode()

    def text(self) -> str:
        """The data line's value."""
        return self.data if isinstance(self.data, str) else compact(self.data)


@dataclass
class Frame:
    """Bytes that are written at once, after a wait."""

    data: bytes
    wait_ms: float = 0.0


@dataclass(frozen=True)
class Pace:
    """How fast an endpoint answers; all zero is as fast as it can.

    Attributes:
        head_ms: from the request to the response's head and first event.
        first_ms: from there to the first content.
        token_ms: a token of output, give or take a quarter.
        reasoning_ms: a token of reasoning that is not shown.
        bursts: into how many bursts the content is gathered, 0 for none; at least `burst_ms` apart.
    """

    head_ms: float = 0.0
    first_ms: float = 0.0
    token_ms: float = 0.0
    reasoning_ms: float = 0.0
    bursts: int = 0
    burst_ms: float = 0.0

    def whole_ms(self, output_tokens: int) -> float:
        """How long an unstreamed answer takes."""
        return self.head_ms + self.first_ms + self.token_ms * output_tokens


FAST = Pace()
OFFICIAL_PACE = Pace(head_ms=240, first_ms=110, token_ms=18, reasoning_ms=3)
RELAY_PACE = Pace(head_ms=600, first_ms=170, token_ms=18, reasoning_ms=3, bursts=3, burst_ms=480)


def pace(events: Sequence[Event], rhythm: Pace, seed: int, hidden_tokens: int = 0) -> list[Frame]:
    """The events as frames with their waits. The random variation is seeded: the same prompt has the same waits."""
    chance = random.Random(seed)
    frames: list[Frame] = []
    started = False
    for number, event in enumerate(events):
        wait_ms = event.wait_ms + (rhythm.head_ms if number == 0 else 0.0)
        if event.tokens and not started:
            started = True
            wait_ms += rhythm.first_ms + rhythm.reasoning_ms * hidden_tokens
        elif event.tokens:
            wait_ms += rhythm.token_ms * event.tokens * chance.uniform(0.75, 1.25)
        frames.append(Frame(event.encode(), wait_ms))
    return gather(events, frames, rhythm.bursts, rhythm.burst_ms) if rhythm.bursts else frames


def gather(events: Sequence[Event], frames: list[Frame], bursts: int, burst_ms: float) -> list[Frame]:
    """Hold content back and send it in a few bursts, each one write; what comes before the first content keeps its wait."""
    first = next((number for number, event in enumerate(events) if event.tokens), len(events))
    late = frames[first:]
    if not late:
        return frames
    size = -(-len(late) // bursts)
    groups = [late[start : start + size] for start in range(0, len(late), size)]
    # Held content is never early: the bursts span at least the time the content takes by itself.
    apart_ms = max(burst_ms, sum(frame.wait_ms for frame in late[1:]) / max(1, len(groups) - 1))
    waits = [late[0].wait_ms] + [apart_ms] * (len(groups) - 1)
    joined = [Frame(b"".join(f.data for f in group), wait) for group, wait in zip(groups, waits, strict=True)]
    return frames[:first] + joined


@dataclass
class Reply:
    """A response: what is sent as it stands, unless a fault below HTTP writes it its own way.

    Attributes:
        headers: in the order they are sent; no framing headers, those follow from `streamed`.
        streamed: chunked transfer, one frame a chunk; else a Content-Length.
        when_left: called where the client closes the connection before all was sent.
    """

    status: int
    headers: list[tuple[str, str]]
    frames: list[Frame] = field(default_factory=list)
    streamed: bool = False
    when_left: Callable[[], None] | None = None

    @property
    def body(self) -> bytes:
        """All bytes of the body."""
        return b"".join(frame.data for frame in self.frames)

    def set_header(self, name: str, value: str) -> None:
        """Put a header in the place of one of the same name, or at the end."""
        self.drop_header(name)
        self.headers.append((name, value))

    def drop_header(self, *names: str) -> None:
        """Remove the headers of these names."""
        self.headers = [(key, value) for key, value in self.headers if key not in names]


def json_reply(status: int, document: Any, headers: list[tuple[str, str]], wait_ms: float = 0.0) -> Reply:
    """A response with a JSON document."""
    body = compact(document).encode("utf-8")
    return Reply(status, [("content-type", "application/json"), *headers], [Frame(body, wait_ms)])


def compact(value: Any) -> str:
    """JSON as the vendors write it: no blanks, characters as they are (a lone surrogate stays an escape)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text
