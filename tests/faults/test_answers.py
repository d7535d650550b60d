"""Answers that are no answer: statuses, redirects, heads, packed bodies and what unpacks to far more than it was."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest

from tests.faults.answers import BEGUN, GOOD_PIECES, GOOD_TEXT, WORDS, assert_completed, assert_failed
from tests.faults.conftest import Play
from tests.wire.conftest import KEY
from tests.wire.servers import OK_HEAD, answering, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GOOD_BODY = b"".join(GOOD_PIECES)


def answer(status: int, body: bytes = b"", *headers: str, content_type: str = "application/json") -> bytes:
    """A whole response with a Content-Length."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


BODIES = {
    "json": (b'{"type":"error","error":{"type":"some_error","message":"the vendor\'s own words"}}', "application/json"),
    "html": (b"<html><head><title>The proxy's page</title></head><body>no</body></html>", "text/html"),
    "empty": (b"", "text/plain"),
}
STATUSES = (401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", STATUSES)
async def test_refused(play: Play, status: int, body: str) -> None:
    data, content_type = BODIES[body]
    async with serving(answering(answer(status, data, content_type=content_type))) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert_failed(side)
    assert side.last is not None
    assert side.last.status == status
    assert bytes(side.last.recording.body.data) == data
    if body == "json":
        assert side.last.reading.error is not None
        assert side.last.reading.error.message == "the vendor's own words"


@pytest.mark.parametrize("status", [204, 205, 200])
async def test_nothing(play: Play, status: int) -> None:
    whole = b"HTTP/1.1 204 No Content\r\n\r\n" if status == 204 else answer(status)
    async with serving(answering(whole)) as served:
        assert_failed(await play(f"http://127.0.0.1:{served.port}"))


@pytest.mark.parametrize("interim", [100, 102, 103])
async def test_interim_answers_are_passed_over(play: Play, interim: int) -> None:
    before = f"HTTP/1.1 {interim} Wait\r\nLink: </x>\r\n\r\n".encode()
    async with serving(answering(before, before, answer(200, GOOD_BODY, content_type="text/event-stream"))) as served:
        assert_completed(await play(f"http://127.0.0.1:{served.port}"))


@pytest.mark.parametrize(
    ("status", "place"), [(300, ""), (301, ""), (302, "/moved"), (303, ""), (307, "?key=" + KEY), (308, "/" + KEY)]
)
async def test_a_redirect_is_not_followed(play: Play, status: int, place: str) -> None:
    """The key does not leave its origin, and the diagnosis says where it was to go, without a key in it."""
    async with serving(answering(answer(200, GOOD_BODY))) as elsewhere:
        target = f"http://127.0.0.1:{elsewhere.port}/v1/messages{place}"
        async with serving(answering(answer(status, b"", f"Location: {target}"))) as served:
            side = await play(f"http://127.0.0.1:{served.port}")
            assert served.connections == 1
        assert elsewhere.connections == 0
    assert_failed(side, f"127.0.0.1:{elsewhere.port}")
    assert side.diagnosis is not None
    assert KEY not in side.diagnosis.cause + side.diagnosis.fix
    assert "H7" in {finding.id for _, finding in side.findings}


@pytest.mark.parametrize("location", ["", "//", "http://[", "javascript:alert(1)", "\xff\xfe", "x" * 5000])
async def test_a_redirect_to_nonsense(play: Play, location: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    async with serving(answering(head)) as served:
        assert_failed(await play(f"http://127.0.0.1:{served.port}"))


IN_TWO_HOURS = "a date two hours from now"  # made in the test: the workers must collect tests of the same names
RETRY_AFTER = {
    "7": "7 s",
    IN_TWO_HOURS: " UTC)",
    "Wed, 21 Oct 2015 07:28:00 GMT": "",
    "soon": "",
    "-1": "",
    "1e400": "",
    "9" * 400: "",
    "nan": "",
    "": "",
    "Fri, 99 Foo 99999 99:99:99 GMT": "",
}


@pytest.mark.parametrize(("value", "status"), [(value, 429) for value in RETRY_AFTER] + [("7", 503), ("7", 529), ("soon", 503)])
async def test_retry_after(play: Play, value: str, status: int) -> None:
    sent = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True) if value == IN_TWO_HOURS else value
    async with serving(answering(answer(status, BODIES["json"][0], f"Retry-After: {sent}"))) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert_failed(side)
    assert side.diagnosis is not None
    assert RETRY_AFTER[value] in side.diagnosis.fix


@pytest.mark.parametrize("size", [65_000, 90_000])
async def test_a_long_head_is_read(play: Play, size: int) -> None:
    whole = answer(200, GOOD_BODY, "X-Long: " + "x" * size, content_type="text/event-stream")
    async with serving(answering(whole)) as served:
        assert_completed(await play(f"http://127.0.0.1:{served.port}"))


@pytest.mark.parametrize("lines", [["X-Long: " + "x" * 300_000], [f"X-{number}: {'x' * 90}" for number in range(3000)]])
async def test_a_head_without_measure(play: Play, lines: list[str]) -> None:
    async with serving(answering(answer(200, GOOD_BODY, *lines))) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert_failed(side, "head of the answer is larger")


@pytest.mark.parametrize(
    "head",
    [
        OK_HEAD + b"Content-Length: -5\r\n\r\n",
        OK_HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        OK_HEAD + b"Transfer-Encoding: identity, nonsense\r\n\r\n",
        OK_HEAD + b"Content-Encoding: gzip, nonsense\r\nContent-Length: 4\r\n\r\nabcd",
        OK_HEAD + b"Content-Encoding: \xff\r\nContent-Length: 4\r\n\r\nabcd",
        OK_HEAD + b"Content-Type: \x00\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 999 \r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 000 X\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/9.9 200 X\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabcd",
        b"\x00" * 1000,
        b"\r\n" * 1000,
        b"<html>no</html>\r\n\r\n",
    ],
)
async def test_heads_that_are_wrong(play: Play, head: bytes) -> None:
    async with serving(answering(head)) as served:
        assert_failed(await play(f"http://127.0.0.1:{served.port}"))


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}


def packed(encoding: str, data: bytes) -> bytes:
    return answer(200, data, f"Content-Encoding: {encoding}", content_type="text/event-stream")


@pytest.mark.parametrize("encoding", PACKERS)
async def test_a_packed_stream_is_read(play: Play, encoding: str) -> None:
    async with serving(answering(packed(encoding, PACKERS[encoding](GOOD_BODY)))) as served:
        assert_completed(await play(f"http://127.0.0.1:{served.port}"))


@pytest.mark.parametrize("encoding", PACKERS)
async def test_a_packed_stream_that_is_cut(play: Play, encoding: str) -> None:
    data = PACKERS[encoding](GOOD_BODY)
    async with serving(answering(packed(encoding, data)[:-4])) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert side.last is not None
    assert GOOD_TEXT.startswith(side.last.reading.text)
    assert_failed(side, kept=side.last.reading.text) if side.outcome != "completed" else assert_completed(side)


def checked_zstd(data: bytes) -> bytes:
    return bytes(zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}))


@pytest.mark.parametrize("encoding", PACKERS)
async def test_packing_that_is_damaged(play: Play, encoding: str) -> None:
    pack = PACKERS[encoding] if encoding != "zstd" else checked_zstd
    data = bytearray(pack(GOOD_BODY * 20))
    data[len(data) // 2] ^= 0xFF
    data[len(data) // 2 + 1] ^= 0xFF
    async with serving(answering(packed(encoding, bytes(data)))) as served:
        side = await play(f"http://127.0.0.1:{served.port}")
    assert side.last is not None
    assert side.last.encoding_error
    assert "F4" in {finding.id for _, finding in side.findings}


def bomb(encoding: str) -> bytes:
    """What is to be kept, then 16 MB of nothing, in a few kilobytes."""
    return PACKERS[encoding](BEGUN + bytes(16 << 20))


@pytest.mark.parametrize("encoding", [*PACKERS, "gzip, gzip"])
async def test_a_bomb(play: Play, encoding: str) -> None:
    data = gzip.compress(bomb("gzip")) if encoding == "gzip, gzip" else bomb(encoding)
    assert len(data) < 100_000
    async with serving(answering(packed(encoding, data))) as served:
        side = await play(f"http://127.0.0.1:{served.port}", body_bytes=4 << 20, key="")
    assert side.last is not None
    assert len(side.last.decoded.data) == 4 << 20
    assert_failed(side, "unpacks to more than the size limit", kept=WORDS[0])
    assert "F4" not in {finding.id for _, finding in side.findings}


async def test_a_bomb_where_a_key_is_looked_for(play: Play) -> None:
    """What can't be looked into for the key is not stored: the last half kilobyte."""
    data = gzip.compress(b"".join([BEGUN, bytes(16 << 20)]))
    async with serving(answering(packed("gzip", data))) as served:
        side = await play(f"http://127.0.0.1:{served.port}", body_bytes=4 << 20)
    assert side.last is not None
    assert len(side.last.decoded.data) > 3 << 20
    assert_failed(side, "unpacks to more than the size limit", kept=WORDS[0])
