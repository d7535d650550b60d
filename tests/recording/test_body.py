"""The columns of a body: its chunks and frames out of records and back into them."""

from __future__ import annotations

from array import array

import pytest
from msgspec import msgpack

from app.recording.body import Body, pack_chunks
from app.recording.records import Chunked, RunFileError
from app.store.settings import Settings
from app.wire.commands import Limits
from app.wire.errors import WireError
from app.wire.tape import Tape
from tests.wire.test_chunks import Carrier, Sink


def test_frames_come_back_out_of_records_of_any_size() -> None:
    body = Body()
    body.extend_packed(pack_chunks([(1, b"abc"), (2, b"defg")], [2, 3]))
    body.extend_packed(pack_chunks([(3, b"hi")], [5, 9]))
    assert list(body.frame_ends) == [2, 3, 5, 9]
    for batch_bytes in (1, 4, 1 << 20):
        again = Body()
        for record in body.packed(batch_bytes):
            again.extend_packed(record)
        assert (again.data, again.ends, again.stamps, again.frame_ends) == (body.data, body.ends, body.stamps, body.frame_ends)


def test_frames_may_be_told_without_bytes_and_ahead_of_them() -> None:
    body = Body()
    body.extend_packed(Chunked(b"", b"", b"", array("Q", [4]).tobytes()))
    assert (len(body), list(body.frame_ends)) == (0, [4])


def test_a_record_of_before_has_no_frames() -> None:
    old = {"record": "chunked", "stamps": b"", "sizes": b"", "data": b""}
    assert msgpack.decode(msgpack.encode(old), type=Chunked).frame_ends == b""


@pytest.mark.parametrize("frame_ends", [[5, 4], [2]])
def test_frames_follow_each_other(frame_ends: list[int]) -> None:
    body = Body()
    body.extend_packed(pack_chunks([(1, b"abcdefg")], [3]))
    with pytest.raises(RunFileError, match="frames do not follow each other"):
        body.extend_packed(pack_chunks([], frame_ends))


@pytest.mark.parametrize(
    ("stamp", "is_time"), [(-2, False), (-1, True), (0, True), (1 << 61, True), (1 << 62, True), ((1 << 62) + 1, False)]
)
@pytest.mark.parametrize("others", [(), (5,), (-1,)])
def test_a_stamp_is_a_moment_or_none(stamp: int, is_time: bool, others: tuple[int, ...]) -> None:
    record, body = pack_chunks([(ns, b"ab") for ns in (*others, stamp)]), Body()
    if is_time:
        body.extend_packed(record)
        assert list(body.stamps) == [*others, stamp]
        return
    with pytest.raises(RunFileError, match="no times"):
        body.extend_packed(record)
    assert (len(body), bytes(body.data)) == (0, b"")


@pytest.mark.parametrize("sizes", [[], [2], [2, 2], [2, 1, 1], [1, 3]])
def test_the_columns_of_a_record_agree(sizes: list[int]) -> None:
    body = Body()
    body.extend_packed(pack_chunks([(1, b"abc")]))
    with pytest.raises(RunFileError, match="do not agree"):
        body.extend_packed(Chunked(bytes(16), array("I", sizes).tobytes(), b"abc"))
    assert (list(body.ends), bytes(body.data)) == ([3], b"abc")


@pytest.mark.parametrize("limit_bytes", [Limits().body_bytes, Settings().body_bytes])
def test_where_nothing_else_is_said_128_mib_of_a_body_are_taken(limit_bytes: int) -> None:
    tape = Tape(1, Sink(), limit_bytes, lambda: None)
    tape.connected(Carrier())
    mib = bytes(1 << 20)
    for _ in range(128):
        tape.body(mib)
    with pytest.raises(WireError, match="larger than the limit of 134217728 bytes"):
        tape.body(b"x")
    assert tape.body_bytes == 128 << 20
