"""Many exchanges at once: who begins when, and what goes up the pipe together."""

from __future__ import annotations

import asyncio
import os

from app.recording.body import unpack_chunks
from app.recording.records import Chunked, Marked, MarkName, Record
from app.recording.run_format import FrameReader
from app.wire.pipes import FrameWriter
from app.wire.worker import Turnstile


async def test_one_exchange_begins_in_each_turn_of_the_loop() -> None:
    turnstile, loop = Turnstile(), asyncio.get_running_loop()
    turn, begun = 0, list[tuple[str, int]]()

    def count() -> None:
        nonlocal turn
        turn += 1
        if len(begun) < 4:
            loop.call_soon(count)

    async def one(name: str) -> None:
        await turnstile.passed()
        begun.append((name, turn))

    count()
    tasks = [asyncio.create_task(one(name)) for name in "abcde"]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.wait(tasks)
    assert [name for name, _ in begun] == ["a", "b", "d", "e"]
    turns = [turn for _, turn in begun]
    assert sorted(set(turns)) == turns
    await asyncio.wait_for(turnstile.passed(), 5)  # the next one finds it open


async def test_a_record_goes_behind_the_chunks_of_its_exchange() -> None:
    read_end, write_end = os.pipe()
    writer = FrameWriter(write_end, "frames", lambda: None, asyncio.get_running_loop())
    mark = Marked(MarkName.BODY_END, 9)
    for exchange in range(20):
        writer.chunk(exchange, 1, b"a", (1,))
    for exchange in range(20):
        writer.chunk(exchange, 2, b"b")
        if exchange % 2:
            writer.record(exchange, mark)
    writer.close()
    with os.fdopen(read_end, "rb") as pipe:
        frames = list(FrameReader().feed(pipe.read()))
    writer.join(5)
    assert {number for number, _ in frames} == set(range(20))
    for exchange in range(20):
        records: list[Record] = [one for number, one in frames if number == exchange]
        chunks = [one for one in records if isinstance(one, Chunked)]
        assert [one for chunk in chunks for one in unpack_chunks(chunk)] == [(1, b"a"), (2, b"b")]
        assert records == [*chunks, *([mark] if exchange % 2 else [])]
