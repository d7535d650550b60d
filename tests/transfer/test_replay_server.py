"""Recorded answers served again: our own client and an official SDK get what was recorded, and no sooner than it came."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.recording.records import NO_STAMP, Ended, EndKind, MarkName
from app.transfer.replay_server import Answered, ReplayServer, served_headers
from app.wire.client import WireClient
from tests.builders import EVENT_STREAM, JSON, MS, messages_start, messages_text, recording, stream
from tests.sdks import anthropic
from tests.wire.conftest import asker

HEADERS = (*EVENT_STREAM, ("set-cookie", "id=1"), ("x-trace-token", "abcdefghijklmnopqrstuvwxyz"), ("request-id", "r1"),
           ("transfer-encoding", "chunked"), ("connection", "keep-alive"), ("x-ratelimit-remaining-tokens", "99"))  # fmt: skip


async def test_our_client_reads_what_was_recorded_and_no_sooner(wire: WireClient) -> None:
    recorded = stream(first_ms=240, step_ms=15, words=6)
    recorded.head = recording([], headers=HEADERS).head
    async with ReplayServer([recorded]).running() as root:
        came = await asker(wire)(f"{root}/v1/messages")
    assert came.head is not None
    assert [name for name, _ in came.head.headers] == [
        "content-type", "request-id", "x-ratelimit-remaining-tokens", "transfer-encoding",
    ]  # fmt: skip
    assert came.body.data == recorded.body.data
    came.envelope = recorded.envelope
    one, other = Exchange(came).finish(), Exchange(recorded).finish()
    assert one.reading == other.reading
    assert one.outcome is Outcome.COMPLETED
    # A wait can only become longer on the way; each chunk came after what was recorded before it.
    sent, was_sent = came.marks[MarkName.SEND_BEGIN], recorded.marks[MarkName.SEND_END]
    for at, was_at in ((one.events.stamp_ns(n), other.events.stamp_ns(n)) for n in range(len(other.events))):
        assert at is not None
        assert was_at is not None
        assert at - sent >= was_at - was_sent - MS


async def test_an_official_sdk_raises_at_a_recorded_cut_as_it_did(wire: WireClient) -> None:
    cut = recording([(300, messages_start()), (301, messages_text("Hello"))], end=Ended(EndKind.ERROR, 302 * MS, "cut"))
    refused = recording(
        [(300, b'{"type":"error","error":{"type":"overloaded_error","message":"busy"}}')], headers=JSON, status=529
    )
    told: list[Answered] = []
    ask: Any = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
    text: list[str] = []

    async def streamed(client: anthropic.AsyncAnthropic) -> None:
        async with client.messages.stream(**ask) as live:
            async for piece in live.text_stream:
                text.append(piece)

    async with (
        ReplayServer([cut, refused], speed=None, told=told.append).running() as root,
        anthropic.AsyncAnthropic(api_key="k", base_url=root, max_retries=0) as client,
    ):
        with pytest.raises(Exception, match="incomplete chunked read"):
            await streamed(client)
        assert text == ["Hello"]
        with pytest.raises(anthropic.APIStatusError) as raised:
            await client.messages.create(**ask)
        assert raised.value.status_code == 529
        with pytest.raises(anthropic.NotFoundError):
            await client.models.list()
    assert [(one.method, one.round, one.status) for one in told] == [("POST", 1, 200), ("POST", 2, 529), ("GET", 0, 404)]


async def test_a_round_is_chosen_by_its_path_then_its_protocol_and_they_begin_anew(wire: WireClient) -> None:
    def answering(text: str, protocol: str, *, timed: bool = True) -> object:
        made = recording([(300, text.encode())], protocol=protocol, headers=JSON)
        if not timed:
            made.body.stamps[0] = NO_STAMP
        return made

    rounds = [answering("1", "openai-chat"), answering("2", "openai-responses"), answering("3", "openai-chat", timed=False)]
    async with ReplayServer(rounds, speed=1000).running() as root:  # type: ignore[arg-type]
        ask = asker(wire)
        paths = ["/v1/chat/completions", "/responses", "/x/chat/completions", "/chat/completions", "/elsewhere"]
        assert [bytes((await ask(root + path)).body.data) for path in paths] == [b"1", b"2", b"3", b"1", b"2"]


async def test_an_endpoint_that_fell_silent_stays_silent(wire: WireClient) -> None:
    silent = recording([(300, messages_start())], end=Ended(EndKind.ERROR, 301 * MS, "silence_timeout"))
    async with ReplayServer([silent], speed=None).running() as root:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(root.rpartition(":")[2]))
        writer.write(b"POST /v1/messages HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
        await reader.readuntil(b"content_block_start")
        writer.write_eof()
        rest = await reader.read()  # it ends only now, and without its last chunk
        assert not rest.endswith(b"0\r\n\r\n")
        writer.close()


def test_no_secret_is_served() -> None:
    assert "abcdefghij" not in str(served_headers(HEADERS))
    assert "id=1" not in str(served_headers(HEADERS))


@pytest.mark.parametrize(
    ("head_bytes", "body_bytes", "answered"),
    [(60_000, 2, True), (70_000, 2, False), (100, 9 << 20, True), (100, (64 << 20) + 1, False)],
    ids=["long head", "too long a head", "long body", "too long a body"],
)
async def test_how_long_a_request_may_be(head_bytes: int, body_bytes: int, answered: bool) -> None:
    """What is too long is not read: the connection is closed."""
    async with ReplayServer([recording([(1, b"{}")], headers=JSON, streamed=False)], speed=None).running() as root:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(root.rpartition(":")[2]))
        head = f"POST /v1/messages HTTP/1.1\r\ncontent-length: {body_bytes}\r\nx-long: {'x' * head_bytes}\r\n"
        writer.write(f"{head}connection: close\r\n\r\n".encode())
        if answered:
            writer.write(bytes(body_bytes))
        said = b""
        with suppress(ConnectionError):  # it may be reset, as what was sent was not read
            said = await reader.read()
        writer.close()
    assert said.startswith(b"HTTP/1.1 200 ") is answered
