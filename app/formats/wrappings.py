"""Removes what programs put around a response when they print or save it; left is a body, or a head and a body."""

from __future__ import annotations

import re
from collections.abc import Iterator

_START_BYTES = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")  # gzip, zstd, zlib

# curl's progress meter: its two lines of titles, and its twelve columns behind each carriage return.
_METER_TITLES = re.compile(rb" *% Total +% Received % Xferd[^\n]*\n[^\n]*Dload +Upload[^\n]*\n")
_METER = re.compile(rb"\r *\d+(?: +[\d.]+[kMGTP]?){7}(?: +[-:\dd]{7,8}){3} +[\d.]+[kMGTP]?")
_CURL_BYTES = re.compile(rb"[{}] \[\d+ bytes data\]\r?\n?")
_CURL_LEFT = re.compile(rb"\* Connection #\d+ to host [^\n]* left intact\r?\n?")
_TRACE_TIME = rb"(?:[\d:.]+ )?"
_TRACE = re.compile(rb"(?:" + _TRACE_TIME + rb"== Info: [^\n]*\n)*" + _TRACE_TIME + rb"(?:=>|<=) (?:Send|Recv) [^\n]*\n")
_TRACE_PART = re.compile(_TRACE_TIME + rb"(==|=>|<=) (Info:|(?:Send|Recv) (?:SSL )?(?:header|data))")
_TRACE_HEX = re.compile(rb"[0-9a-f]{4,}: ((?:[0-9a-f]{2} ){1,16})")
_REQUEST = re.compile(rb"[A-Z]{3,7} \S+ HTTP/[0-9.]+\r?\n")
_ANSWER = re.compile(rb"^HTTP/[0-9.]+ [0-9]{3}[ \r\n]", re.MULTILINE)
_INDENTED_HEAD = re.compile(rb"(?:  HTTP/[0-9.]+ [^\n]*\n(?:  \S[^\n]*\n)+)+")  # wget -S
_TIME = rb"(?:\[?(?:[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?)"
_TIMED = re.compile(_TIME + rb"[ \t]")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_FLOWS = re.compile(rb"\d+:\d+:[a-z_]+;")


class CaptureError(Exception):
    """A capture that can't be read; the text says where and why, and what to do."""


def unwrap(data: bytes) -> bytes:
    """The body, with its head before it where there is one. Raises CaptureError for what holds no readable answer."""
    if data.startswith(_UTF16):
        data = data.decode("utf-16", "replace").encode()  # PowerShell's redirection
    if data.startswith(_UTF8_MARK + b"HTTP/"):
        data = data.removeprefix(_UTF8_MARK)
    _refuse(data)
    data = _without_times(data)
    if _TRACE.match(data):
        return _of_trace(data)
    if _METER_TITLES.search(data, 0, _START_BYTES):
        data = _METER.sub(b"", _METER_TITLES.sub(b"", data, count=1))
    if data.startswith((b"* ", b"> ", b"< HTTP/")) and b"\n< HTTP/" in b"\n" + data:
        data = _of_verbose(data)
    if (indented := _INDENTED_HEAD.match(data)) is not None:
        return indented.group().replace(b"\n  ", b"\n")[2:] + b"\n" + data[indented.end() :]
    if _REQUEST.match(data) and (answer := _ANSWER.search(data)) is not None:
        data = data[answer.start() :]
    return data


def _refuse(data: bytes) -> None:
    if _FLOWS.match(data):
        raise CaptureError("these are mitmproxy's flows: write them as HAR with `mitmdump -nr FILE --set hardump=FILE.har`")
    if not data.startswith((*_PACKED, b"HTTP/", b"* ", b"> ", b"< ")) and _is_binary(data[:_START_BYTES]):
        raise CaptureError("this is binary, no answer as text: save it with `curl -N` or `curl -i`, as HAR, or as a run")


def _is_binary(start: bytes) -> bool:
    """Whether it is some other kind of file. A stray zero byte alone is not: that is a finding about the answer."""
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return b"\0" in start and error.start < len(start) - 4  # a character may be cut at the end
    return False


def _without_times(data: bytes) -> bytes:
    """Lines that each begin with a time, as `ts` and log files write them."""
    lines = data[:_START_BYTES].split(b"\n")[:-1]
    if len(lines) < 2 or not all(_TIMED.match(line) for line in lines) or _TRACE.match(data):
        return data
    return b"\n".join(_TIMED.sub(b"", line, count=1) for line in data.split(b"\n"))


def _of_verbose(data: bytes) -> bytes:
    """What `curl -v` printed into one file with the answer: heads behind `<`, its own words behind `*`, `>`, `{` and `}`."""
    data = _CURL_LEFT.sub(b"", _CURL_BYTES.sub(b"", data))
    kept = (line for line in data.splitlines(keepends=True) if not line.startswith((b"* ", b"> ", b">\r", b">\n")))
    return b"".join(line[2:] if line.startswith(b"< ") else line for line in kept)


def _of_trace(data: bytes) -> bytes:
    """The received bytes, which `curl --trace` writes in hexadecimal."""
    out = bytearray()
    received = False
    for line in data.split(b"\n"):
        if (part := _TRACE_PART.match(line)) is not None:
            received = part[1] == b"<=" and b"SSL" not in part[2]
        elif received and line.strip():
            found = _TRACE_HEX.match(line)
            if found is None:
                raise CaptureError(
                    "`curl --trace-ascii` keeps no line breaks: save it with `curl --trace FILE`, or with `curl -i`"
                )
            out += bytes.fromhex(found[1].decode())
    return bytes(out)


def without_chunks(body: bytes) -> bytes:
    """The body without chunked framing, which `curl --raw` leaves in; unchanged where there is none."""
    first = _CHUNK.match(body)
    if first is None or body[first.end() + int(first[1], 16) :][:2] not in (b"\r\n", b"\r", b""):
        return body
    return b"".join(_chunks(body))


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while (size := _CHUNK.match(body, at)) is not None and int(size[1], 16):
        yield body[size.end() : size.end() + int(size[1], 16)]
        at = size.end() + int(size[1], 16) + 2
