"""Reads `Ended.detail` out of the message in files from before that field (up to version 0.1)."""

from __future__ import annotations

import re

from msgspec import structs

from app.recording.records import EndDetail, Ended, EndKind, EndReason, WireErrorCode

_OF_PROXY = re.compile(r"proxy (\S+): ")
_SOCKS_REFUSAL = "Proxy Server could not connect: "
_NO_STATUS_LINE = ("illegal status line", "illegal request line", "no response line")
_NO_WAY = ("5", "Network unreachable", "Host unreachable", "Connection refused", "TTL expired", "General SOCKS")
_WAITED = re.compile(r"(\d+(?:\.\d+)?) ?s\b")
_LIMIT_S = re.compile(r"the limit is (\d+(?:\.\d+)?) s")
_LIMIT_BYTES = re.compile(r"the limit of (\d+) bytes")
_HTTP2 = re.compile(r"the peer (?:reset the HTTP/2 stream|ended the HTTP/2 connection): (.+)")
_TIMEOUTS = (
    WireErrorCode.CONNECT_TIMEOUT,
    WireErrorCode.FIRST_BYTE_TIMEOUT,
    WireErrorCode.SILENCE_TIMEOUT,
    WireErrorCode.TOTAL_TIMEOUT,
)


def with_detail(ended: Ended) -> Ended:
    """The record with the detail that its message holds; unchanged where it has a detail, or ended without an error."""
    if ended.detail is not None or ended.kind not in (EndKind.ERROR, EndKind.INTERRUPTED):
        return ended
    read = _of_interruption if ended.kind is EndKind.INTERRUPTED else _of_error
    return structs.replace(ended, detail=read(ended))


def _of_interruption(ended: Ended) -> EndDetail:
    if ended.message.startswith("a fault in Diptych"):
        return EndDetail(EndReason.OWN_FAULT)
    return EndDetail(EndReason.TORN_FILE if "file ends" in ended.message else "")


def _of_error(ended: Ended) -> EndDetail:
    named = _OF_PROXY.match(ended.message)
    said = ended.message[named.end() :] if named else ended.message
    timed, http2 = ended.code in _TIMEOUTS, _HTTP2.search(said)
    limit_bytes = _number(_LIMIT_BYTES, said) if ended.code == WireErrorCode.TOO_LARGE else None
    return EndDetail(
        reason=_reason(ended.code, said),
        proxy=named[1] if named else "",
        proxy_says=said.removeprefix(_SOCKS_REFUSAL) if ended.code == WireErrorCode.PROXY else "",
        limit_s=_number(_LIMIT_S, said) if timed else None,
        waited_s=_number(_WAITED, said) if timed else None,
        limit_bytes=None if limit_bytes is None else int(limit_bytes),
        http2_error=http2[1] if http2 else "",
    )


def _reason(code: str, said: str) -> str:
    if code == WireErrorCode.PROXY:
        return _reason_of_proxy(said.removeprefix(_SOCKS_REFUSAL))
    if code == WireErrorCode.TOO_LARGE:
        return EndReason.DECODED_LIMIT if "decodes to more" in said else ""
    if code in (WireErrorCode.NOT_HTTP, WireErrorCode.RESET) and "in TLS, with an alert" in said:
        return EndReason.TLS_ALERT
    if code != WireErrorCode.NOT_HTTP:
        return ""
    return EndReason.UPGRADE if "_SWITCH_UPGRADE" in said else _reason_of_line(said)


def _reason_of_proxy(said: str) -> str:
    if said.startswith("407"):
        return EndReason.PROXY_LOGIN
    if "NO ACCEPTABLE METHODS" in said or said.startswith("Invalid username/password"):
        return EndReason.SOCKS_LOGIN
    if "answered the TLS handshake" in said:
        return EndReason.PROXY_NOT_TLS
    return EndReason.PROXY_NO_WAY if said.startswith(_NO_WAY) else _reason_of_line(said)


def _reason_of_line(said: str) -> str:
    if not said.startswith(_NO_STATUS_LINE):
        return ""
    return EndReason.BAD_HTTP_LINE if "HTTP/1." in said else EndReason.NO_HTTP_LINE


def _number(pattern: re.Pattern[str], text: str) -> float | None:
    found = pattern.search(text)
    return float(found[1]) if found else None
