"""parser: bytes to events and to readings, beside httpx-sse and the official SDKs on the same bytes in the same reads."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from time import perf_counter

import anthropic
import httpx
import httpx2
import httpx_sse
import openai

from app.protocols.registry import protocol
from app.stream.sse import SseParser
from tests.bench.frame import Row, exactly, least_times, median
from tests.bench.streams import chat_stream, in_pieces, messages_stream, responses_stream

EVENTS, REPEATS = 20_000, 5
PEERS = {"anthropic-messages": "anthropic SDK", "openai-chat": "openai SDK", "openai-responses": "openai SDK"}
STREAMS = {"anthropic-messages": messages_stream, "openai-chat": chat_stream, "openai-responses": responses_stream}
HEADERS = {"content-type": "text/event-stream; charset=utf-8"}
Pieces = list[bytes]
Work = Callable[[Pieces], int]
"""Takes in all pieces; returns how many events came out."""


def run(short: bool) -> list[Row]:
    """Rates in events a second. Ours and the peer's run in turn: the median of each, and the median of the pairs' ratios."""
    events, repeats = (100, 1) if short else (EVENTS, REPEATS)
    rows = []
    for name, make in STREAMS.items():
        data = make(events)
        for reads, pieces in (("an event a read", _by_event(data)), ("reads of 16 KiB", list(in_pieces(data, 1 << 14)))):
            rows += _compared(f"{name} to events, {reads}", our_events, "httpx-sse", sse_events, pieces, repeats, 2)
            work, peer = READINGS[name]
            rows += _compared(f"{name} to readings, {reads}", work, PEERS[name], peer, pieces, repeats, 1)
    return rows


def _by_event(data: bytes) -> Pieces:
    return [block + b"\n\n" for block in data.split(b"\n\n")[:-1]]


def _compared(figure: str, ours: Work, peer_name: str, peer: Work, pieces: Pieces, repeats: int, times: float) -> list[Row]:
    expected = b"".join(pieces).count(b"\n\n")
    pairs = [(_rate(ours, pieces), _rate(peer, pieces)) for _ in range(repeats)]
    counts = ours(pieces)
    mine, floor = median(one for one, _ in pairs), median(other for _, other in pairs)
    ratio = median(one / other for one, other in pairs)
    return [
        Row(figure, mine, "events/s", peer_name, floor, least_times(times), ratio),
        *([] if counts == expected else [Row(f"{figure}: events", counts, "", must=exactly(expected))]),
    ]


def _rate(work: Work, pieces: Pieces) -> float:
    gc.collect()
    begin = perf_counter()
    events = work(pieces)
    return events / (perf_counter() - begin)


# -- to events ----------------------------------------------------------------------------------------------------------


def our_events(pieces: Pieces) -> int:
    parser = SseParser()
    return sum(len(parser.feed(piece)) for piece in pieces)


def sse_events(pieces: Pieces) -> int:
    response = httpx.Response(200, headers=HEADERS, stream=_Stream(pieces))
    return sum(1 for _ in httpx_sse.EventSource(response).iter_sse())


class _Stream(httpx.SyncByteStream):
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterable[bytes]:  # type: ignore[override]
        return iter(self._pieces)


# -- to readings --------------------------------------------------------------------------------------------------------


def our_reading(name: str) -> Work:
    """Parsing and reading to the assembled text, as the window does it after each read."""

    def work(pieces: Pieces) -> int:
        parser, reader = SseParser(), protocol(name).reader(streamed=True)
        events = 0
        for piece in pieces:
            for event in parser.feed(piece):
                events += 1
                reader.feed(event, events)
        assert reader.finish().text
        return events

    return work


class _Stream2(httpx2.SyncByteStream):
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterable[bytes]:  # type: ignore[override]
        return iter(self._pieces)


def _answering(pieces: Pieces) -> httpx2.Client:
    """A client of the SDKs' that answers every request with these bytes, without a network."""
    return httpx2.Client(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(200, headers=HEADERS, stream=_Stream2(pieces)))
    )


def anthropic_events(pieces: Pieces) -> int:
    """The SDK's typed events alone; its accumulated message would take it longer."""
    with _answering(pieces) as http, anthropic.Anthropic(api_key="k", http_client=http) as client:
        messages: list[anthropic.types.MessageParam] = [{"role": "user", "content": "hi"}]
        return sum(1 for _ in client.messages.create(model="bench", max_tokens=1, messages=messages, stream=True))


def chat_events(pieces: Pieces) -> int:
    """The SDK's typed chunks alone. It hands out no event for `[DONE]`, so that one is added."""
    with _answering(pieces) as http, openai.OpenAI(api_key="k", http_client=http) as client:
        return 1 + sum(1 for _ in client.chat.completions.create(model="bench", messages=[], stream=True))


def responses_events(pieces: Pieces) -> int:
    """The SDK's typed events alone."""
    with _answering(pieces) as http, openai.OpenAI(api_key="k", http_client=http) as client:
        return sum(1 for _ in client.responses.create(model="bench", input="hi", stream=True))


READINGS: dict[str, tuple[Work, Work]] = {
    "anthropic-messages": (our_reading("anthropic-messages"), anthropic_events),
    "openai-chat": (our_reading("openai-chat"), chat_events),
    "openai-responses": (our_reading("openai-responses"), responses_events),
}
