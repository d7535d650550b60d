"""Streams that break: cut, stalled, reset, endless. What came is kept, the cause is told, the other side goes on."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

import pytest

from app.run.side import Side
from app.store.profiles import ProfileLimits
from tests.faults.answers import BEGUN, GOOD_PIECES, OPENING, STREAM_HEAD, WORDS, assert_completed, assert_failed, delta
from tests.faults.conftest import Play
from tests.wire.servers import OK_HEAD, PATIENCE_S, Served, answering, chunk, reset, serving

UNTIL_CLOSE = OK_HEAD + b"Connection: close\r\n\r\n"
LIMIT_S = 0.3
NO_ANSWER = ProfileLimits(first_byte_s=LIMIT_S)
NO_MORE = ProfileLimits(silence_s=LIMIT_S)
LAST = b"0\r\n\r\n"


def here(served: Served) -> str:
    return f"http://127.0.0.1:{served.port}"


def told_s(side: Side) -> list[float]:
    """The times that the cause tells, in seconds: as measured, so that they are longer than the limit on a busy machine."""
    assert side.diagnosis is not None
    return [float(told) for told in re.findall(r"(\d+(?:\.\d+)?) s\b", side.diagnosis.cause)]


CUTS = {
    "in an event": (STREAM_HEAD, chunk(BEGUN + delta(WORDS[1])[:60])),
    "in a UTF-8 sequence": (STREAM_HEAD, chunk(BEGUN + delta("—").split("—".encode())[0] + "—".encode()[:2])),
    "in a chunk": (STREAM_HEAD, chunk(BEGUN), b"ff\r\n" + delta(WORDS[1])[:40]),
    "in a chunk's size": (STREAM_HEAD, chunk(BEGUN), b"f"),
    "short of its length": (OK_HEAD + b"Content-Length: 9999\r\n\r\n", BEGUN),
    "with a clean end": (STREAM_HEAD, chunk(BEGUN), LAST),
    "with the connection": (UNTIL_CLOSE, BEGUN),
    "in an event, with a clean end": (STREAM_HEAD, chunk(BEGUN + delta(WORDS[1])[:60]), LAST),
}


@pytest.mark.parametrize("where", CUTS)
async def test_cut(play: Play, where: str) -> None:
    async with serving(answering(*CUTS[where])) as served:
        side = await play(here(served))
    assert_failed(side, kept=WORDS[0])
    assert any(finding.severity != "note" for _, finding in side.findings)


async def test_reset(play: Play) -> None:
    """Bytes that wait in a socket are lost with its reset: those of the answer are to be read first."""
    came = asyncio.Event()

    def on_change(side: Side) -> None:
        if side.name == "a" and side.last is not None and len(side.last.recording.body):
            came.set()

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(STREAM_HEAD + chunk(BEGUN))
        await writer.drain()
        await asyncio.wait_for(came.wait(), PATIENCE_S)
        reset(writer)

    async with serving(handle) as served:
        side = await play(here(served), on_change=on_change)
    assert_failed(side, kept=WORDS[0])


@pytest.mark.parametrize(
    ("pieces", "kept", "said"),
    [
        ((), "", "sent no answer for "),
        ((b"HTTP/1.1 200 OK\r\n",), "", " for "),
        ((STREAM_HEAD,), "", ""),
        ((STREAM_HEAD, chunk(OPENING[0])), "", ""),
        ((STREAM_HEAD, chunk(BEGUN)), WORDS[0], ""),
        ((STREAM_HEAD, *map(chunk, GOOD_PIECES[:5])), "".join(WORDS), ""),
    ],
)
async def test_stalled(play: Play, pieces: tuple[bytes, ...], kept: str, said: str) -> None:
    """What comes before the silence comes at once: a busy machine would be silent in between."""
    async with serving(answering(b"".join(pieces), hold=True)) as served:
        side = await play(here(served), NO_MORE if pieces else NO_ANSWER)
        await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)
    assert_failed(side, said, kept=kept)
    assert min(told_s(side)) >= LIMIT_S


async def test_stalled_behind_the_legal_end(play: Play) -> None:
    async with serving(answering(b"".join((STREAM_HEAD, *map(chunk, GOOD_PIECES))), hold=True)) as served:
        side = await play(here(served), NO_MORE)
    assert_completed(side)


def repeating(head: bytes, piece: bytes, pause_s: float = 0.0) -> object:
    """Sends the head once, and the piece until the client has gone."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(head)
        with suppress(ConnectionError):
            while not writer.transport.is_closing():
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_s)
        served.hung_up.set()

    return handle


async def test_a_head_that_drips_in(play: Play) -> None:
    """It is never silent, and never whole."""
    async with serving(repeating(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", 0.05)) as served:  # type: ignore[arg-type]
        side = await play(here(served), NO_ANSWER)
        await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)
    assert_failed(side, "the head of its answer was not whole")


async def test_interim_answers_without_end(play: Play) -> None:
    async with serving(repeating(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01)) as served:  # type: ignore[arg-type]
        side = await play(here(served), NO_ANSWER)
    assert_failed(side, "took the request, but sent no answer for ")
    assert min(told_s(side)) >= LIMIT_S


@pytest.mark.parametrize("piece", [b": keep-alive\n\n", b'event: ping\ndata: {"type": "ping"}\n\n'])
async def test_keep_alives_without_end(play: Play, piece: bytes) -> None:
    for total_s in (0.8, 3.2, 12.8):  # until most of the time was theirs: a busy machine takes some to begin
        async with serving(repeating(STREAM_HEAD + chunk(BEGUN), chunk(piece), 0.02)) as served:  # type: ignore[arg-type]
            side = await play(here(served), ProfileLimits(total_s=total_s))
            if side.diagnosis is not None and side.diagnosis.rule == "total-timeout-keepalives":
                await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)
                break
    assert_failed(side, "no content for ", "only keep-alives", kept=WORDS[0])


@pytest.mark.parametrize("piece", [b"x" * 65536, delta("x") * 500, b": " + b"x" * 60000, b"data\n\n" * 2000])
async def test_a_body_without_end(play: Play, piece: bytes) -> None:
    async with serving(repeating(STREAM_HEAD + chunk(BEGUN), chunk(piece))) as served:  # type: ignore[arg-type]
        side = await play(here(served), body_bytes=1 << 17)
        await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)
    assert side.last is not None
    assert len(side.last.recording.body.data) == 1 << 17
    text = side.last.reading.text
    assert text.startswith(WORDS[0])
    assert_failed(side, kept=text)


async def test_trailers_without_end(play: Play) -> None:
    head = STREAM_HEAD + b"".join(map(chunk, GOOD_PIECES)) + b"0\r\n"
    async with serving(repeating(head, b"X-Trailer: " + b"x" * 1000 + b"\r\n")) as served:  # type: ignore[arg-type]
        side = await play(here(served), ProfileLimits(silence_s=5, total_s=10))
    assert side.last is not None
    assert side.last.reading.text == "".join(WORDS)


async def test_one_very_long_line(play: Play) -> None:
    pieces = [chunk(b"x" * (1 << 20))] * 8
    async with serving(answering(STREAM_HEAD, chunk(BEGUN + b"data: "), *pieces, LAST)) as served:
        side = await play(here(served))
    assert_failed(side, kept=WORDS[0])


async def test_one_very_long_event(play: Play) -> None:
    long = delta("y" * (4 << 20))
    parts = [chunk(long[at : at + 65536]) for at in range(0, len(long), 65536)]
    async with serving(answering(STREAM_HEAD, chunk(BEGUN), *parts, *map(chunk, GOOD_PIECES[-3:]), LAST)) as served:
        side = await play(here(served))
    assert_completed(side, WORDS[0] + "y" * (4 << 20))


@pytest.mark.parametrize("tiny", [b"data: {}\n\n", b"data\n\n", b":\n\n", b"data:\r\n\r\n"])
async def test_very_many_tiny_events(play: Play, tiny: bytes) -> None:
    async with serving(answering(STREAM_HEAD, chunk(BEGUN), *[chunk(tiny * 2000)] * 6, LAST)) as served:
        side = await play(here(served))
    assert_failed(side, kept=WORDS[0])
    assert side.events == (12_003 if tiny.startswith(b"data") else 3)
    assert len(side.findings) < 200
    assert side.last is not None
    assert len(side.last.parser.oddities) < 1000


NESTED = b"[" * 100_000 + b"]" * 100_000


async def test_deeply_nested_data(play: Play) -> None:
    pieces = [chunk(b"event: content_block_delta\ndata: " + one + b"\n\n") for one in (NESTED, NESTED[:100_000])]
    deep = chunk(b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":' + NESTED + b"}\n\n")
    async with serving(answering(STREAM_HEAD, chunk(BEGUN), *pieces, deep, LAST)) as served:
        side = await play(here(served))
    assert_failed(side, kept=WORDS[0])


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("body", [NESTED, NESTED[:100_000], b'{"error":' + NESTED + b"}", b'{"a":' * 100_000])
async def test_deeply_nested_documents(play: Play, status: int, body: bytes) -> None:
    head = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    async with serving(answering(head, body)) as served:
        side = await play(here(served))
    assert_failed(side)
