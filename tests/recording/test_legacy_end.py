"""Files of before `Ended.detail`: what their words say is read as the values that the wire gives today."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from app.recording.legacy_end import with_detail
from app.recording.records import EndDetail, Ended, EndKind, EndReason, Envelope, Opened, ProfileNote, Request, RunOpened
from app.recording.run_format import MAGIC, load_run

HTTP, SOCKS = "http://proxy.test:3128", "socks5://proxy.test:1080"
NOTE = ProfileNote("A", "https://h", "openai-chat")
OPENED = (RunOpened("run", "", "0.1.0", "streaming"), Opened(Envelope("openai-chat", NOTE), Request("POST", "https://h")))

OLD = [
    ("proxy", f"proxy {HTTP}: 407 Log in", EndDetail(EndReason.PROXY_LOGIN, HTTP, "407 Log in")),
    ("proxy", f"proxy {HTTP}: 502 Bad Gateway", EndDetail(EndReason.PROXY_NO_WAY, HTTP, "502 Bad Gateway")),
    ("proxy", f"proxy {HTTP}: 403 Forbidden", EndDetail("", HTTP, "403 Forbidden")),
    (
        "proxy",
        f"proxy {HTTP}: illegal status line: bytearray(b'x')",
        EndDetail(EndReason.NO_HTTP_LINE, HTTP, "illegal status line: bytearray(b'x')"),
    ),
    (
        "proxy",
        f"proxy {HTTP}: the peer answered the TLS handshake with b'x'",
        EndDetail(EndReason.PROXY_NOT_TLS, HTTP, "the peer answered the TLS handshake with b'x'"),
    ),
    (
        "proxy",
        f"proxy {SOCKS}: Requested NO AUTH from proxy server, but got NO ACCEPTABLE METHODS.",
        EndDetail(EndReason.SOCKS_LOGIN, SOCKS, "Requested NO AUTH from proxy server, but got NO ACCEPTABLE METHODS."),
    ),
    (
        "proxy",
        f"proxy {SOCKS}: Invalid username/password",
        EndDetail(EndReason.SOCKS_LOGIN, SOCKS, "Invalid username/password"),
    ),
    (
        "proxy",
        f"proxy {SOCKS}: Proxy Server could not connect: TTL expired.",
        EndDetail(EndReason.PROXY_NO_WAY, SOCKS, "TTL expired."),
    ),
    ("proxy", "the proxy's address is not a URL", EndDetail(proxy_says="the proxy's address is not a URL")),
    (
        "connect_timeout",
        f"proxy {HTTP}: no connection after 9.99 s, in the phase proxy; the limit is 10 s",
        EndDetail(proxy=HTTP, limit_s=10, waited_s=9.99),
    ),
    (
        "silence_timeout",
        "silent for 2.50 s after 9 body bytes; the limit is 2.5 s",
        EndDetail(limit_s=2.5, waited_s=2.5),
    ),
    ("first_byte_timeout", "no byte of the answer", EndDetail()),
    ("too_large", "the body is larger than the limit of 1234 bytes", EndDetail(limit_bytes=1234)),
    (
        "too_large",
        "the gzip body decodes to more than the limit of 99 bytes",
        EndDetail(EndReason.DECODED_LIMIT, limit_bytes=99),
    ),
    ("too_large", "the body came in more than 16777216 pieces", EndDetail()),
    ("reset", "the peer reset the HTTP/2 stream: REFUSED_STREAM", EndDetail(http2_error="REFUSED_STREAM")),
    ("reset", "the peer ended the HTTP/2 connection: error 99", EndDetail(http2_error="error 99")),
    ("reset", "the peer answered in TLS, with an alert", EndDetail(EndReason.TLS_ALERT)),
    ("not_http", "the peer answered in TLS, with an alert", EndDetail(EndReason.TLS_ALERT)),
    ("not_http", "Received server _SWITCH_UPGRADE event without a pending proposal", EndDetail(EndReason.UPGRADE)),
    ("not_http", "illegal status line: bytearray(b'HTTP/1.1 2000 OK')", EndDetail(EndReason.BAD_HTTP_LINE)),
    ("not_http", "no response line received", EndDetail(EndReason.NO_HTTP_LINE)),
    ("not_http", "illegal chunk header: bytearray(b'x')", EndDetail()),
    ("refused", "Connection refused", EndDetail()),
]


@pytest.mark.parametrize(("code", "message", "detail"), OLD)
def test_an_error_in_words(code: str, message: str, detail: EndDetail) -> None:
    assert with_detail(Ended(EndKind.ERROR, code=code, message=message)).detail == detail


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("a fault in Diptych: ValueError: the file ends here", EndReason.OWN_FAULT),
        ("the file ends before the exchange does", EndReason.TORN_FILE),
        ("the wire process was ended by signal 9", ""),
    ],
)
def test_an_interruption_in_words(message: str, reason: str) -> None:
    assert with_detail(Ended(EndKind.INTERRUPTED, message=message)).detail == EndDetail(reason)


def test_nothing_is_read_out_of_words_that_have_a_detail_beside_them() -> None:
    ended = Ended(EndKind.ERROR, code="reset", message="the peer reset the HTTP/2 stream: NO_ERROR", detail=EndDetail())
    assert with_detail(ended) is ended
    for kind in (EndKind.WHOLE, EndKind.CANCELLED):
        assert with_detail(Ended(kind, message="the file ends")).detail is None


def test_an_old_file_opens_with_the_detail_that_its_words_hold() -> None:
    ended = {"record": "ended", "kind": "error", "ns": 5, "code": "too_large", "message": OLD[13][1], "phase": "receive"}
    _, (recording,) = load_run(_file(ended))
    assert recording.end == Ended(EndKind.ERROR, 5, "too_large", OLD[13][1], "receive", OLD[13][2])


def test_a_file_that_ends_too_early_says_so_as_a_value() -> None:
    _, (recording,) = load_run(_file())
    assert recording.end is not None
    assert recording.end.detail == EndDetail(EndReason.TORN_FILE)


def test_a_newer_file_may_hold_a_reason_and_fields_that_are_not_known() -> None:
    detail = {"reason": "moonlight", "candles": 7, "limit_s": 2.0}
    _, (recording,) = load_run(_file({"record": "ended", "kind": "error", "code": "reset", "detail": detail}))
    assert recording.end is not None
    assert recording.end.detail == EndDetail("moonlight", limit_s=2.0)


def _file(*ended: dict[str, object]) -> Iterable[bytes]:
    yield MAGIC
    for number, record in enumerate((*OPENED, *ended)):
        payload = msgspec.msgpack.encode((min(number, 1), record))
        yield len(payload).to_bytes(4, "big") + payload
