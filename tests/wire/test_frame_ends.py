"""Where the sender's HTTP chunks and DATA frames end is recorded, however the network cuts them."""

from __future__ import annotations

import asyncio
import ssl
from itertools import accumulate

import pytest

from app.recording.body import pack_chunks
from app.recording.records import Headed, Masked
from app.secrets.masking import Masker
from app.wire.commands import Network
from app.wire.guard import RecordGuard
from tests.wire.conftest import KEY, Ask
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, Http2Peer, answering, chunk, serving, serving_http2

EVENTS = [b"data: %d\n\n" % number for number in range(12)]
LAST = b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 3, 7, 4096])
async def test_http_chunks_end_where_they_were_written(ask: Ask, size: int) -> None:
    written = b"".join(map(chunk, EVENTS)) + chunk(b"".join(EVENTS)) + LAST
    writes = [written[at : at + size] for at in range(0, len(written), size)]
    async with serving(answering(CHUNKED_HEAD, *writes)) as served:
        recording = await ask(served.url)
    ends = list(accumulate(map(len, EVENTS)))
    assert list(recording.body.frame_ends) == [*ends, 2 * ends[-1]]
    assert bytes(recording.body.data) == b"".join(EVENTS) * 2


async def test_a_body_without_chunks_has_no_frames(ask: Ask) -> None:
    body = b"".join(EVENTS)
    async with serving(answering(OK_HEAD + b"Content-Length: %d\r\n\r\n" % len(body), *EVENTS)) as served:
        recording = await ask(served.url)
    assert bytes(recording.body.data) == body
    assert not recording.body.frame_ends
    async with serving(answering(OK_HEAD + b"\r\n", *EVENTS)) as served:  # it ends with the connection
        recording = await ask(served.url)
    assert bytes(recording.body.data) == body
    assert not recording.body.frame_ends


async def test_data_frames_end_where_they_were_sent(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        for one in EVENTS:
            await peer.send(stream, one)
            await asyncio.sleep(0)
        await peer.send(stream, b"".join(EVENTS), end=True)

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    ends = list(accumulate(map(len, EVENTS)))
    assert list(recording.body.frame_ends) == [*ends, 2 * ends[-1]]


def test_what_a_mask_holds_back_keeps_its_frames() -> None:
    guard = RecordGuard(Masker([KEY]))
    half = len(KEY) // 2
    first, second = KEY[:half].encode(), KEY[half:].encode() + b" said"
    out = [*guard.take(pack_chunks([(1, first)], [half])), *guard.take(pack_chunks([(2, second)], [half + len(second)]))]
    stored = [one for one in out if not isinstance(one, Masked)]
    assert [one.frame_ends for one in stored] == [  # type: ignore[union-attr]
        pack_chunks([], [half]).frame_ends,
        pack_chunks([], [half + len(second)]).frame_ends,
    ]
    assert KEY.encode() not in b"".join(one.data for one in stored)  # type: ignore[union-attr]


def test_what_is_packed_keeps_its_frames() -> None:
    guard = RecordGuard(Masker([KEY]))
    guard.take(Headed(200, "OK", "HTTP/1.1", (("content-encoding", "identity, br"),)))
    out = guard.take(pack_chunks([(1, b"\x8b\x02")], [2]))
    assert [one.frame_ends for one in out if hasattr(one, "frame_ends") and one.frame_ends] == [pack_chunks([], [2]).frame_ends]
