"""Secrets: found in every writing and however the stream is cut, masked in place, never let through in part."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import brotli  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recording.body import pack_chunks, unpack_chunks
from app.recording.recording import Recording
from app.recording.records import Chunked, EndKind, Headed, Masked, Record, Request
from app.secrets.masking import MaskedStream, Masker
from app.secrets.names import header_secrets
from app.stream.decoding import Decoder
from app.wire.commands import Limits
from app.wire.guard import EncodedBody, RecordGuard, mask_request
from tests.wire.conftest import ENVELOPE, KEY, Ask
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, answering, chunk, serving

ODD = 'sk-"/é+\\&=0123456789'
STARRED = KEY[:4] + "*" * (len(KEY) - 6) + KEY[-2:]


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        ODD,
        json.dumps(ODD),
        json.dumps(ODD, ensure_ascii=False).replace("/", "\\/"),
        quote(ODD, safe=""),
        quote(ODD, safe="").lower(),
        KEY.lower(),
        KEY.upper(),
        KEY.encode().hex(),
        "".join(f"\\u{ord(one):04x}" for one in KEY),
        "".join(f"\\u{ord(one):04X}" for one in ODD),
        json.dumps("".join(f"\\u{ord(one):04x}" for one in KEY)),
        escape(ODD),
        escape(ODD).replace("&quot;", "&#34;"),
        json.dumps(ODD).replace("&", "\\u0026"),
    ],
)
def test_each_writing_is_found(written: str) -> None:
    data = f"before {written} after".encode()
    masked, spans = Masker([KEY, ODD]).mask(data)
    assert spans
    assert len(masked) == len(data)
    assert masked.count(b"*") >= 12
    assert masked.startswith(b"before ")
    assert masked.endswith(b" after")


@pytest.mark.parametrize("around", ["{}", "Bearer {}", "user:{}", "{}:", "x{}y", "xy{}z", "xyz{}"])
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_base64_hides_nothing(around: str, encode: Callable[[bytes], bytes]) -> None:
    encoded = encode(around.format(KEY).encode())
    masked, _ = Masker([KEY]).mask(b"Basic " + encoded)
    hidden = masked.removeprefix(b"Basic ").replace(b"*", b"A").replace(b"-", b"+").replace(b"_", b"/")
    assert KEY[6:-3].encode() not in b64decode(hidden)
    assert masked.count(b"*") >= len(encoded) * 0.6


def test_a_short_secret_is_masked_whole_and_a_tiny_one_not_at_all() -> None:
    assert Masker(["ab-cd1"]).mask(b"xab-cd1x")[0] == b"x******x"
    assert not Masker(["ab-c1", ""]).active


@pytest.mark.parametrize("key", [
    "EMPTY", "test", "ollama", "lm-studio", "sk-no-key-required", "none", "sk-1", "1234", "123456", "12345678", "local",
    "admin", "demo", "default", "public", "Default", "sk-test", "changeme",
])  # fmt: skip
def test_what_is_given_for_want_of_a_key_is_no_secret(key: str) -> None:
    assert not Masker([key]).active


def test_a_short_secret_is_searched_as_it_is_only() -> None:
    masker = Masker(["Swordfish"])
    assert masker.mask(b"a swordfish, a SWORDFISH and Swordfish")[0] == b"a swordfish, a SWORDFISH and *********"


def test_what_stands_in_the_address_is_masked_however_short_it_is() -> None:
    url = "https://me:pw@x.test:1/v1?a=1&key=abc&api_key=sk-0123456789abcdef#token=t"
    headers = (("Cookie", "a=b"), ("X-Team-Token", "true"), ("Idempotency-Key", "1"), ("Proxy-Authorization", "Basic eDp5"))
    masked = mask_request(Masker(()), Request("POST", url, headers))
    assert masked.url == "https://**:**@x.test:1/v1?a=1&key=***&api_key=sk-0*************ef#token=*"
    assert [value for _, value in masked.headers] == ["***", "****", "1", "Basic ****"]


def test_the_request_line_and_the_path_of_http2_are_masked_too() -> None:
    head = b"POST /v1?key=abc&x=1 HTTP/1.1\r\nHost: key=abc\r\napi-key: abc\r\nX-Plain: abc\r\n\r\n"
    masked, spans = Masker(()).mask_head(head)
    assert masked == b"POST /v1?key=***&x=1 HTTP/1.1\r\nHost: key=abc\r\napi-key: ***\r\nX-Plain: abc\r\n\r\n"
    assert [head[at : at + size] for at, size in spans] == [b"abc", b"abc"]
    assert Masker(()).mask_headers(((":path", "/v1?key=abc"),)) == ((":path", "/v1?key=***"),)


def test_overlapping_secrets_are_masked_to_their_ends() -> None:
    masked, _ = Masker(["abcdabcd", "cdabcdef"]).mask(b"-abcdabcdef-")
    assert masked == b"-**********-"


def feed(masker: Masker, pieces: list[bytes]) -> tuple[list[tuple[int, bytes]], list[Masked]]:
    stream = MaskedStream(masker)
    out = [one for ns, piece in enumerate(pieces) for one in stream.feed(ns, piece)]
    return [*out, *stream.flush()], stream.take_spans()


@pytest.mark.parametrize("secret", [KEY, "short-one", ODD])
def test_a_secret_is_masked_wherever_the_stream_is_cut(secret: str) -> None:
    data = f"data: {secret} x{secret}{secret[:6]}\n\n".encode()
    whole, spans = Masker([secret]).mask(data)
    assert len(spans) == 2
    for cut in range(1, len(data)):
        out, found = feed(Masker([secret]), [data[:cut], data[cut:]])
        assert out == [(0, whole[:cut]), (1, whole[cut:])]
        assert [(one.offset, one.length) for one in found] == spans
    out, _ = feed(Masker([secret]), [data[at : at + 1] for at in range(len(data))])
    assert out == [(at, whole[at : at + 1]) for at in range(len(data))]


@given(st.lists(st.binary(max_size=6).map(lambda raw: bytes(b"ab-"[byte % 3] for byte in raw)), max_size=30))
def test_however_it_is_cut_the_mask_is_the_same(pieces: list[bytes]) -> None:
    pieces = [piece for piece in pieces if piece]
    secrets = ["abab", "ab-ab", "babababab"]
    whole, spans = Masker(secrets).mask(b"".join(pieces))
    out, found = feed(Masker(secrets), pieces)
    assert b"".join(data for _, data in out) == whole
    assert [(ns, len(data)) for ns, data in out] == [(ns, len(piece)) for ns, piece in enumerate(pieces)]
    assert sorted((one.offset, one.length) for one in found) == sorted(spans)


def test_what_can_t_be_a_secret_is_not_held_back() -> None:
    stream = MaskedStream(Masker([KEY]))
    assert stream.feed(1, b"data: desk") == [(1, b"data: desk")]
    assert stream.feed(2, b"data: " + KEY[:4].encode()) == [(2, b"data: " + KEY[:4].encode())]
    assert stream.feed(3, KEY[4:].encode()) == [(3, STARRED[4:].encode())]
    assert stream.take_spans() == [Masked("body", 16, len(KEY))]


def test_the_hidden_part_of_a_secret_is_held_back_until_it_is_told() -> None:
    stream = MaskedStream(Masker([KEY]))
    assert stream.feed(1, KEY[:5].encode()) == []
    assert stream.feed(2, b"!") == [(1, KEY[:5].encode()), (2, b"!")]


def test_a_clean_record_passes_as_it_is() -> None:
    record = pack_chunks([(1, b"data: x\n\n"), (2, b"data: y\n\n")])
    assert MaskedStream(Masker([KEY])).feed_packed(record) is record


def test_a_request_is_masked() -> None:
    headers = (("x-api-key", "own"), ("Authorization", f"Bearer {KEY}"), ("X-Note", f"<{KEY}>"), ("X-Plain", "plain"))
    request = Request("POST", f"http://x.test/?key={KEY}", headers, f'{{"k":"{KEY}"}}'.encode())
    masked = mask_request(Masker(header_secrets(headers)), request)
    assert masked.headers == (
        ("x-api-key", "***"), ("Authorization", f"Bearer {STARRED}"), ("X-Note", f"<{STARRED}>"), ("X-Plain", "plain"),
    )  # fmt: skip
    assert masked.url == f"http://x.test/?key={STARRED}"
    assert masked.body == f'{{"k":"{STARRED}"}}'.encode()


def test_the_password_of_basic_authentication_is_a_secret() -> None:
    login = b64encode(b"user:long-enough-password").decode()
    assert header_secrets((("Authorization", f"Basic {login}"),)) == (login, "long-enough-password")


@pytest.mark.parametrize("echoed", [KEY, f'{{"error":"bad key {KEY}"}}', b64encode(f"Bearer {KEY}".encode()).decode()])
async def test_a_key_that_is_echoed_is_masked_everywhere(ask: Ask, echoed: str) -> None:
    """In a header, and in the body in segments of seven bytes."""
    data = f"data: {echoed}\n\n".encode()
    pieces = [chunk(data[at : at + 7]) for at in range(0, len(data), 7)]
    head = OK_HEAD + f"X-Echo: {echoed}\r\n".encode() + CHUNKED_HEAD.removeprefix(OK_HEAD)
    seen: list[bytes] = []

    def on_records(recording: Recording, _: list[Record]) -> None:
        seen.append(bytes(recording.body.data))

    async with serving(answering(head, *pieces, b"0\r\n\r\n")) as served:
        recording = await ask(served.url, on_records=on_records)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    stored = repr(list(recording.records()))
    assert KEY not in stored
    assert KEY[6:] not in stored
    assert echoed not in stored
    assert len(recording.body.data) == len(data)
    where = [mask.where for mask in recording.masks]
    assert {"sent", "head", "body"} <= set(where)
    mask = next(mask for mask in recording.masks if mask.where == "body")
    assert b"*" in recording.body.data[mask.offset : mask.offset + mask.length]
    assert all(KEY.encode() not in data for data in seen)


async def test_what_an_answer_sets_itself_is_masked_and_no_echo_of_the_key(ask: Ask) -> None:
    head = OK_HEAD + b"Set-Cookie: __cf_bm=Zk3mQ1x8vT2yLw9RbN5c; path=/\r\nContent-Length: 0\r\n\r\n"
    async with serving(answering(head)) as served:
        recording = await ask(served.url)
    assert b"Zk3mQ1x8vT2y" not in repr(list(recording.records())).encode()
    assert [mask.where for mask in recording.masks if mask.where != "sent"] == ["cookie"]


async def test_a_key_that_an_answer_sets_as_a_cookie_is_an_echo(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + f"Set-Cookie: k={KEY}\r\nContent-Length: 0\r\n\r\n".encode())) as served:
        recording = await ask(served.url)
    assert KEY not in repr(list(recording.records()))
    assert "head" in [mask.where for mask in recording.masks]


async def test_a_secret_given_by_the_caller_is_masked_too(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 15\r\n\r\n", b"custom-key-1234")) as served:
        recording = await ask(served.url, headers=(("X-Custom", "custom-key-1234"),), secrets=("custom-key-1234",))
    assert b"custom-key" not in repr(list(recording.records())).encode()


PACKERS = {"gzip": gzip.compress, "br": brotli.compress, "gzip, br": lambda data: brotli.compress(gzip.compress(data))}


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("size", [1, 13, 4000])
async def test_a_key_in_a_compressed_body_ends_the_storing(ask: Ask, encoding: str, size: int) -> None:
    data = b"data: harmless\n\n" * 300 + f"data: {KEY}\n\n".encode() + b"data: more\n\n" * 300
    packed = PACKERS[encoding](data)
    head = OK_HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    async with serving(answering(head, *(packed[at : at + size] for at in range(0, len(packed), size)))) as served:
        recording = await ask(served.url, limits=Limits(total_s=10))
    assert recording.end is not None
    assert recording.end.code == "key_echo"
    assert encoding in recording.end.message
    decoded = Decoder(encoding).feed(bytes(recording.body.data))
    assert data.startswith(decoded)
    assert KEY[:6].encode() not in decoded


def test_no_part_of_a_key_is_let_through_before_the_rest_of_it_comes() -> None:
    """Byte by byte, so that each prefix of the key is decodable at some moment."""
    packed = gzip.compress(b"data: harmless\n\n" + KEY.encode() + b"\n\n")
    body = EncodedBody(Masker([KEY]), "gzip")
    stored = b"".join(piece for at in range(len(packed)) for _, piece in body.feed(at, packed[at : at + 1]))
    assert body.found
    decoded = Decoder("gzip").feed(stored)
    assert decoded.startswith(b"data: harmless")
    assert KEY[:5].encode() not in decoded


async def test_a_compressed_body_without_a_key_is_stored_as_it_came(ask: Ask) -> None:
    packed = gzip.compress(b"data: " + KEY[:6].encode() + b" and no more\n\n" + KEY[:9].encode())
    head = OK_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    async with serving(answering(head, *(packed[at : at + 3] for at in range(0, len(packed), 3)))) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert bytes(recording.body.data) == packed


def test_a_body_that_only_claims_to_be_compressed_is_masked_as_plain() -> None:
    guard = RecordGuard(Masker([KEY]))
    recording = Recording(ENVELOPE, Request("POST", ""))
    for record in (Headed(200, "", "HTTP/1.1", (("content-encoding", "gzip"),)), pack_chunks([(1, KEY.encode())])):
        for stored in guard.take(record):
            recording.apply(stored)
    assert bytes(recording.body.data) == STARRED.encode()


def test_chunks_keep_their_stamps_when_they_are_held() -> None:
    guard = RecordGuard(Masker([KEY]))
    guard.take(Headed(200, "", "HTTP/1.1", ()))
    first = guard.take(pack_chunks([(1, b"data"), (2, KEY[:9].encode())]))
    second = guard.take(pack_chunks([(3, KEY[9:].encode()), (4, b".")]))
    chunks = [one for record in (*first, *second) if isinstance(record, Chunked) for one in unpack_chunks(record)]
    masked = STARRED.encode()
    assert chunks == [(1, b"data"), (2, masked[:9]), (3, masked[9:]), (4, b".")]


def test_of_a_packed_body_what_came_before_the_512_bytes_with_a_secret_is_kept() -> None:
    body = EncodedBody(Masker([KEY]), "gzip")
    data = gzip.compress(b"x" * 2_000 + KEY.encode() + b"x" * 2_000, compresslevel=0)
    begin = data.index(KEY.encode())
    assert 3 * 512 < begin < begin + len(KEY) < 4 * 512
    assert body.feed(1, data) == [(1, data[: 3 * 512])]
    assert body.found
