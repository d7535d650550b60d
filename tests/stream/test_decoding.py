"""Content encodings: whole, split anywhere, damaged anywhere, and bombs."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.stream.decoding import PIECE_BYTES, Decoder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b'event: tick\ndata: {"n": %d, "word": "caf\xc3\xa9"}\n\n' % n for n in range(300))


def _gzip(data: bytes) -> bytes:
    """The same bytes at any time of day: a header holds the time, and brotli over it has another length a second later."""
    return gzip.compress(data, mtime=0)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _flushed_gzip(data: bytes) -> bytes:
    """As a server that streams does it: a flush after each event."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [packer.compress(part + b"\n\n") + packer.flush(zlib.Z_SYNC_FLUSH) for part in data.split(b"\n\n")[:-1]]
    return b"".join(parts) + packer.flush()


def _pack_brotli(data: bytes) -> bytes:
    packed: bytes = brotli.compress(data, quality=5)
    return packed


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", _gzip),
    "gzip flushed": ("GZIP ", _flushed_gzip),
    "gzip members": ("x-gzip", lambda data: _gzip(data[:700]) + _gzip(data[700:])),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
    "brotli": ("br", _pack_brotli),
    "zstd": ("zstd", zstd.compress),
    "zstd frames": (
        "zstd",
        lambda data: zstd.compress(data[:9]) + b"\x50\x2a\x4d\x18\2\0\0\0hi" + zstd.compress(data[9:]),
    ),
    "stack": ("gzip, identity, br", lambda data: _pack_brotli(_gzip(data))),
    "three": ("deflate,zstd , gzip", lambda data: _gzip(zstd.compress(zlib.compress(data)))),
}


def _decode(encoding: str, data: bytes, step: int, limit_bytes: int = 1 << 30) -> tuple[bytes, str | None]:
    decoder = Decoder(encoding, limit_bytes)
    out = b"".join(decoder.feed(data[at : at + step]) for at in range(0, len(data), step))
    decoder.close()
    return out, decoder.error


@pytest.fixture(params=PACKERS)
def packed(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    encoding, pack = PACKERS[request.param]
    return encoding, pack(TEXT)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 4095, 4096, 1 << 20])
def test_every_split_gives_the_same(packed: tuple[str, bytes], step: int) -> None:
    encoding, data = packed
    assert _decode(encoding, data, step) == (TEXT, None)


def test_a_flushed_stream_gives_each_event_at_once() -> None:
    decoder = Decoder("gzip")
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in (b"data: 1\n\n", b"data: 2\n\n"):
        assert decoder.feed(packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)) == part


@pytest.mark.parametrize("encoding", ["", "identity", " Identity , "])
def test_no_encoding_passes_the_very_bytes(encoding: str) -> None:
    decoder = Decoder(encoding)
    assert decoder.feed(TEXT) is TEXT
    assert list(decoder.pieces(TEXT)) == [TEXT]
    decoder.close()
    assert (decoder.error, decoder.unknown) == (None, "")


@pytest.mark.parametrize("encoding", ["compress", "utf-8", "br2", "identity,aws-chunked"])
def test_an_unknown_encoding_is_said_and_passed_over(encoding: str) -> None:
    decoder = Decoder(encoding)
    assert decoder.unknown == encoding.removeprefix("identity,")
    assert decoder.feed(TEXT) == TEXT
    decoder.close()
    assert decoder.error is None


def test_beside_an_unknown_encoding_the_known_ones_are_undone() -> None:
    assert Decoder("sdch, gzip").feed(gzip.compress(TEXT)) == TEXT


def test_a_tower_of_encodings_is_refused() -> None:
    assert "6 content encodings" in (Decoder(",".join(["gzip"] * 6)).error or "")


def test_a_cut_stream_gives_what_came_and_an_error(packed: tuple[str, bytes]) -> None:
    encoding, data = packed
    for cut in (1, 5, len(data) // 2, len(data) - 1):
        whole, error = _decode(encoding, data[:cut], 1 << 20)
        assert TEXT.startswith(whole)
        assert error is None or "ends before its end" in error
        assert error or encoding in ("x-gzip", "zstd")  # a cut between two members can't be told
        assert _decode(encoding, data[:cut], 1) == (whole, error)


def test_an_empty_body_is_no_error(packed: tuple[str, bytes]) -> None:
    assert _decode(packed[0], b"", 1) == (b"", None)


@pytest.mark.parametrize("step", [1, 3, 1 << 20])
@pytest.mark.parametrize("tail", [b"<", b"\x1f", b'{"trailing": true}', b"\0" * 512])
def test_bytes_behind_the_end_are_said_and_the_text_is_kept(packed: tuple[str, bytes], tail: bytes, step: int) -> None:
    encoding, data = packed
    out, error = _decode(encoding, data + tail, step)
    assert out == TEXT
    assert error is not None
    assert "follow the end" in error or "ends before its end" in error


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_plain_text_under_a_false_label(encoding: str) -> None:
    out, error = _decode(encoding, b'{"plain": "json"}', 3)
    assert (out, error) == (b"", f"this is not {encoding} data")


@settings(deadline=None)
@given(st.sampled_from(sorted(PACKERS)), st.data())
def test_damage_never_raises_and_never_depends_on_the_split(name: str, data: st.DataObject) -> None:
    encoding, pack = PACKERS[name]
    damaged = bytearray(pack(TEXT))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    whole = _decode(encoding, bytes(damaged), 1 << 20)
    assert _decode(encoding, bytes(damaged), data.draw(st.integers(1, 50)))[0] == whole[0]


@settings(deadline=None)
@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "br,gzip"]), st.binary(max_size=300))
def test_random_bytes_never_raise(encoding: str, data: bytes) -> None:
    whole = _decode(encoding, data, 1 << 20)
    assert _decode(encoding, data, 1) == whole


def test_the_crc_of_gzip_is_checked_after_the_text() -> None:
    data = bytearray(gzip.compress(TEXT))
    data[-6] ^= 1
    out, error = _decode("gzip", bytes(data), 1 << 20)
    assert out == TEXT
    assert "damaged" in (error or "")


def _bomb(name: str, size: int) -> bytes:
    return PACKERS[name][1](b"\0" * size)


@pytest.mark.parametrize("name", ["gzip", "zlib", "raw deflate", "brotli", "zstd", "stack", "three"])
def test_a_bomb_stops_at_the_limit_and_stays_small(name: str) -> None:
    bomb = _bomb(name, 64 << 20)
    decoder = Decoder(PACKERS[name][0], limit_bytes=40 << 20)
    tracemalloc.start()
    try:
        total = 0
        for piece in decoder.pieces(bomb):
            total += len(piece)
            assert len(piece) <= PIECE_BYTES
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 40 << 20
    assert peak < 8 << 20
    assert "more than 41943040 bytes" in (decoder.error or "")
    assert decoder.feed(b"more") == b""


@pytest.mark.parametrize(("beyond", "error"), [(0, None), (1, "more than 134217728 bytes come out of the zstd data")])
def test_a_body_is_decoded_up_to_128_mib(beyond: int, error: str | None) -> None:
    decoder = Decoder("zstd")
    assert sum(len(piece) for piece in decoder.pieces(zstd.compress(bytes((128 << 20) + beyond), 1))) == 128 << 20
    assert (decoder.error, decoder.overfull) == (error, error is not None)


def test_a_step_of_a_stack_is_bounded_too() -> None:
    inner = gzip.compress(gzip.compress(b"\0" * (32 << 20)) * 400)
    decoder = Decoder("gzip, gzip", limit_bytes=1 << 20)
    assert len(decoder.feed(inner)) == 1 << 20
    assert decoder.error is not None


def test_what_httpx_reads_otherwise_is_told() -> None:
    two = gzip.compress(TEXT) + gzip.compress(TEXT)
    decoder = Decoder("identity, X-Gzip")
    assert decoder.feed(two) == TEXT * 2
    decoder.close()
    assert (decoder.members, decoder.old_name, decoder.cut) == (2, "x-gzip", False)


@pytest.mark.parametrize(("encoding", "cut"), [("gzip", True), ("zstd", False)])
def test_an_end_that_never_came_is_no_error_to_httpx_but_of_zstd(encoding: str, cut: bool) -> None:
    data = gzip.compress(TEXT) if encoding == "gzip" else zstd.compress(TEXT)
    decoder = Decoder(encoding)
    decoder.feed(data[:-9])
    decoder.close()
    assert decoder.error
    assert decoder.cut is cut
