"""Removes what programs put around a response when they print or save it; left is a body, or a head and a body."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.formats.capture import CaptureError
from app.formats.curl_trace import is_trace, received
from app.formats.file_kinds import TYPED_CURL, what_it_is
from app.text.sentences import message, tr

_START_BYTES = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")  # gzip, zstd, zlib

# curl's progress meter: its two lines of titles, and its twelve columns behind each carriage return.
_METER_TITLES = re.compile(rb" *% Total +% Received % Xferd[^\n]*\n[^\n]*Dload +Upload[^\n]*\n")
_METER = re.compile(rb"\r *\d+(?: +[\d.]+[kMGTP]?){7}(?: +[-:\dd]{7,8}){3} +[\d.]+[kMGTP]?")
_CURL_BYTES = re.compile(rb"[{}] \[\d+ bytes data\]\r?\n?")
_CURL_LEFT = re.compile(rb"\* Connection #\d+ to host [^\n]* left intact\r?\n?")
_TRAILER_SHOWN = re.compile(rb"(|.*[}\]])< ([!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\r\n]*\r?\n?)", re.DOTALL)
_REQUEST = re.compile(rb"[A-Z]{3,7} \S+ HTTP/[0-9.]+\r?\n")
_ANSWER = re.compile(rb"^HTTP/[0-9.]+ [0-9]{3}[ \r\n]", re.MULTILINE)
_INDENTED_HEAD = re.compile(rb"(?:  HTTP/[0-9.]+ [^\n]*\n(?:  \S[^\n]*\n)+)+")  # wget -S
# wget's own words, up to where it says what it writes to, and behind the answer.
_WGET_BEFORE = re.compile(
    rb"--[\d-]{10} [\d:]{8}--  [^\n]*\n(?:[^\n]*\n){0,60}?(?:Saving to: [^\n]*|Length: [^\n]*(?!\nSaving))\n\n?"
)
_WGET_BEHIND = re.compile(
    rb"(?:\n[^\n]*\[ ?<?=[^\n]*|\n +0K[ .]*[^\n]*)*"
    rb"\n[\d-]{10} [\d:]{8} \([^\n]{1,40}\) - (?:written to stdout|[^\n]* saved) \[[\d/]+\]\s*\Z"
)
# How curl says that it failed: the last it prints, right behind what had come of the body. In words that quote it something
# stands before it, or a quotation mark or a bracket behind it.
_CURL_ERROR = re.compile(rb"(?<![ \t\"'`:(])curl: \((\d{1,3})\) ([^\r\n\"{}]{1,500})\s*\Z")
_CURL_ERROR_BYTES = 1000
# What a terminal shows: the command that was typed, with a key perhaps, and the prompt behind what it printed.
_TYPED = re.compile(TYPED_CURL + rb"(?=\s*\S)", re.DOTALL)
_PROMPT_BEHIND = re.compile(rb"(?<=\n)[^\n{}\"]{0,80}[$#%>] *\Z")
_COLOURED = re.compile(rb"\s*\x1b\[[\d;]*m")
_COLOUR = re.compile(rb"\x1b\[[\d;]*m")
_TYPESCRIPT = re.compile(rb"Script started on [^\n]*\n(?:[^\n]*\n)*?(?=HTTP/|data:|event:|\{)")
_TYPESCRIPT_END = re.compile(rb"\nScript done on [^\n]*\s*\Z")
_TIME = rb"(?:\[?(?:[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?)"
_TIMED = re.compile(_TIME + rb"[ \t]")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


_TRAILERS = message("Behind the answer stand trailers ({names:commas}), which are no part of its body.")
_STOPPED = message("curl stopped it by itself: {text} ({code}).")
_FAILED = message("curl says how it ended: {text} ({code}).")
_OWN_STOPS = {23, 28, 42, 63}  # what it was to write to, and its limits of time and size


def curl_error(data: bytes) -> tuple[bytes, int, str]:
    """What stands before the error that curl printed behind it, the error's number and words; 0 and "" where there is none."""
    found = _CURL_ERROR.search(data, max(0, len(data) - _CURL_ERROR_BYTES))
    return (data[: found.start()], int(found[1]), found[2].decode("utf-8", "replace")) if found else (data, 0, "")


def was_stopped(data: bytes) -> bool:
    """Whether curl itself stopped the answer, by a limit that it was given."""
    return curl_error(data)[1] in _OWN_STOPS


def recorder_of(data: bytes) -> str:
    """The program that surely wrote a text with an answer in it; "" where a body alone, or a head, does not tell."""
    if data.startswith(_UTF16):
        data = _of_utf16(data)
    if is_trace(data):
        return "curl --trace"
    if _WGET_BEFORE.match(data):
        return "wget"
    if data.startswith((b"* ", b"> ", b"< HTTP/")) and b"\n< HTTP/" in b"\n" + data:
        return "curl -v"
    return "curl" if _METER_TITLES.search(data, 0, _START_BYTES) or curl_error(data)[1] else ""


def unwrap(data: bytes, notes: list[str] | None = None) -> bytes:
    """The body, with its head before it where there is one; several answers one behind the other.

    What was left out of an answer is told in `notes`. Raises CaptureError for what holds no readable answer.
    """
    trailers: list[bytes] = []
    if data.startswith(_UTF16):
        data = _of_utf16(data)
    data, code, text = curl_error(data)
    if code and not data.strip():
        raise CaptureError(tr("curl got no answer: {text} ({code})", text=text, code=code))
    data = _unwrapped(data, trailers)
    if code and notes is not None:
        notes.append(tr(_STOPPED if code in _OWN_STOPS else _FAILED, text=text, code=code))
    if trailers and notes is not None:
        notes.append(note_of_trailers(trailers))
    return data


def note_of_trailers(lines: Iterable[bytes]) -> str:
    """What was left out behind the answer."""
    names = dict.fromkeys(line.partition(b":")[0].decode("latin-1").strip()[:60] for line in lines)
    return tr(_TRAILERS, names=list(names)[:8])


def _unwrapped(data: bytes, trailers: list[bytes]) -> bytes:
    if data.startswith(_UTF8_MARK + b"HTTP/"):
        data = data.removeprefix(_UTF8_MARK)
    refuse(data)
    if _COLOURED.match(data):
        data = _COLOUR.sub(b"", data)  # JSON and SSE hold no escape as it is
    if (script := _TYPESCRIPT.match(data)) is not None:  # of script(1): a terminal ends its lines with CRLF
        data = _TYPESCRIPT_END.sub(b"", data[script.end() :].replace(b"\r\n", b"\n"))
    if (typed := _TYPED.match(data)) is not None:
        data = _PROMPT_BEHIND.sub(b"", data[typed.end() :])
    data = _without_times(data)
    if is_trace(data):
        return received(data, trailers)
    if _METER_TITLES.search(data, 0, _START_BYTES):
        data = _METER.sub(b"", _METER_TITLES.sub(b"", data, count=1))
        data = data.lstrip(b"\r\n") if data.lstrip(b"\r\n").startswith(b"HTTP/") else data
    data = _without_wget(data)
    if data.startswith((b"* ", b"> ", b"< HTTP/")) and b"\n< HTTP/" in b"\n" + data:
        data = _of_verbose(data, trailers)
    if (indented := _INDENTED_HEAD.match(data)) is not None:
        return indented.group().replace(b"\n  ", b"\n")[2:] + b"\n" + data[indented.end() :]
    if _REQUEST.match(data) and (answer := _ANSWER.search(data)) is not None:
        data = data[answer.start() :]
    return data


def _of_utf16(data: bytes) -> bytes:
    """As PowerShell's redirection writes what a program prints, line by line: the line ends are its own."""
    return data.decode("utf-16", "replace").replace("\r\n", "\n").encode()


def _without_wget(data: bytes) -> bytes:
    """What `wget -S -O -` printed into one file with the answer: left are its head, indented as wget shows it, and the body."""
    before = _WGET_BEFORE.match(data)
    if before is None:
        return data
    heads = list(_INDENTED_HEAD.finditer(before[0]))
    return (heads[-1][0] if heads else b"") + _WGET_BEHIND.sub(b"", data[before.end() :])


def refuse(data: bytes) -> None:
    """Raises CaptureError for what is surely no answer; its beginning is enough to tell."""
    if data.startswith(_UTF16):
        return
    if data and (said := what_it_is(data[:_START_BYTES])):
        raise CaptureError(said)
    refuse_binary(data)


def refuse_binary(data: bytes) -> None:
    """Raises CaptureError where it is some other kind of file than text; its beginning is enough to tell."""
    if not data.startswith((*_UTF16, *_PACKED, b"HTTP/", b"* ", b"> ", b"< ")) and _is_binary(data[:_START_BYTES]):
        said = tr("this is binary, no answer as text: save it with `curl -N` or `curl -i`, as HAR, or as a run")
        raise CaptureError(said)


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
    if len(lines) < 2 or not all(_TIMED.match(line) for line in lines) or is_trace(data):
        return data
    return b"\n".join(_TIMED.sub(b"", line, count=1) for line in data.split(b"\n"))


def _of_verbose(data: bytes, trailers: list[bytes]) -> bytes:
    """What `curl -v` printed into one file with the answer: heads behind `<`, its own words behind `*`, `>`, `{` and `}`.

    Header lines behind an answer's head are trailers.
    """
    data = _CURL_LEFT.sub(b"", _CURL_BYTES.sub(b"", data))
    kept: list[bytes] = []
    in_head = False
    for line in data.splitlines(keepends=True):
        if line.startswith((b"* ", b"> ", b">\r", b">\n")):
            continue
        if line.startswith(b"< HTTP/"):
            in_head = True
        elif not in_head and (trailer := _TRAILER_SHOWN.fullmatch(line)) is not None:  # perhaps on the body's last line
            trailers.append(trailer[2])
            kept.append(trailer[1])
            continue
        elif in_head and line.strip() == b"<":
            in_head = False
            kept.append(line[1:].lstrip(b" "))  # an editor may have taken away the blank behind it
            continue
        kept.append(line[2:] if line.startswith(b"< ") else line)
    return b"".join(kept)


def without_chunks(body: bytes) -> bytes:
    """The body without chunked framing, which `curl --raw` leaves in; unchanged where there is none."""
    return b"".join(body[begin:end] for begin, end in chunk_places(body))


def chunk_places(body: bytes) -> list[tuple[int, int]]:
    """Where the chunks of a chunked body are in it, as far as it goes; all of it where it is not framed so."""
    first = _CHUNK.match(body)
    if first is None or body[first.end() + int(first[1], 16) :][:2] not in (b"\r\n", b"\r", b""):
        return [(0, len(body))]
    at, found = 0, []
    while (size := _CHUNK.match(body, at)) is not None and int(size[1], 16):
        found.append((size.end(), min(size.end() + int(size[1], 16), len(body))))
        at = size.end() + int(size[1], 16) + 2
    return found
