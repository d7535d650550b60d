"""Masks secrets in what is stored and shown, by stars of the same length, also where a stream cuts a secret in two.

A secret is searched as it is and as JSON, HTML, percent, hexadecimal and base64 encoding would write it; base64 in all three
alignments, so that it is found inside any longer text that was encoded (`Bearer x`, `user:x`). Long ones are searched in lower
and upper case too, as the names of HTTP/2's headers have them. Where a secret stands by its name (a header, a URL's login or
parameter) it is masked there, however short it is.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from msgspec import structs

from app.recording.body import pack_chunks, unpack_chunks
from app.recording.records import Chunked, Ended, Headers, Masked, Request
from app.secrets.names import header_secrets, is_secret_header, scheme_end, secret_places, url_secrets

MIN_SECRET_CHARS = 4  # shorter ones would mask half the answer
# Placeholder keys for local servers: ordinary words, which must not be masked in an answer.
NO_SECRETS = frozenset(
    {b"none", b"null", b"empty", b"test", b"dummy", b"fake", b"local", b"token", b"secret", b"password", b"user", b"pass",
     b"undefined", b"ollama", b"lm-studio", b"llama", b"vllm", b"no-key", b"not-needed", b"sk-no-key-required", b"anything",
     b"api-key", b"api_key", b"your-api-key", b"your_api_key", b"apikey"}
)  # fmt: skip
_MIN_ENCODED_CHARS = 8
_MIN_OTHER_CASE_CHARS = 12
_PARTLY_SHOWN_CHARS = 16
_SHOWN_CHARS = 4
_HEADER_LINE = re.compile(rb"(?m)^([^\r\n:]+):[ \t]*([^\r\n]*)")
_REQUEST_LINE = re.compile(rb"[A-Z]+ ([^\r\n]*?)(?: HTTP/[\d.]+)?\r?$", re.MULTILINE)


def request_secrets(request: Request) -> tuple[str, ...]:
    """The keys in a request's headers and in its address."""
    return (*header_secrets(request.headers), *url_secrets(request.url))


class Span(NamedTuple):
    """A secret found: where, and which part of it gets stars."""

    start: int
    end: int
    star_start: int
    star_end: int


class Masker:
    """Finds and masks given secrets. Without any, all data passes unchanged.

    Attributes:
        active: there is something to look for.
    """

    def __init__(self, secrets: Iterable[str | bytes]) -> None:
        raw = {one.encode() if isinstance(one, str) else one for one in secrets}
        self._raw = {one for one in raw if len(one) >= MIN_SECRET_CHARS and one.lower() not in NO_SECRETS}
        self._shown: dict[bytes, int] = {}  # each form, and how many of its first bytes may be seen
        for one in self._raw:
            for form in _forms(one):
                shown = _SHOWN_CHARS if len(one) >= _PARTLY_SHOWN_CHARS else 0
                self._shown[form] = min(shown, self._shown.get(form, shown))
        self.active = bool(self._shown)
        self._longest = max(map(len, self._shown), default=0)
        self._heads = _beginnings(self._shown)

    @property
    def longest_bytes(self) -> int:
        """How long the longest form of a secret is, 0 without one."""
        return self._longest

    def find(self, data: bytes) -> list[Span]:
        """All secrets in the data, overlapping ones too, in order of their start."""
        spans: list[Span] = []
        for pattern in self._shown:
            at = data.find(pattern)
            while at >= 0:
                spans.append(self._span(at, pattern))
                at = data.find(pattern, at + 1)
        return sorted(spans)

    def _span(self, at: int, pattern: bytes) -> Span:
        shown, end = self._shown[pattern], at + len(pattern)
        return Span(at, end, at + shown, end - (2 if shown and pattern in self._raw else 0))

    def open_end(self, data: bytes) -> tuple[int, int]:
        """Whether a secret may begin in the last bytes and go on in what follows: (`begin`, `cut`).

        `begin` is where the first such secret would begin. The bytes before `cut` can be shown now: a secret's own first bytes,
        which no mask covers, may be among them. Both are the length of the data where no secret can have begun.
        """
        begin = cut = len(data)
        if self._heads is None:
            return begin, cut
        for match in self._heads.finditer(data, max(0, len(data) - self._longest + 1)):
            tail = data[match.start() :]
            for pattern, shown in self._shown.items():
                if len(tail) < len(pattern) and pattern.startswith(tail):
                    begin, cut = min(begin, match.start()), min(cut, match.start() + shown)
        return begin, cut

    def mask(self, data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """The data masked, and where as (offset, length)."""
        spans = self.find(data)
        return (star(data, spans), [(one.start, one.end - one.start) for one in spans]) if spans else (data, [])

    def mask_text(self, text: str) -> str:
        """The same for text."""
        data = text.encode("utf-8", "surrogatepass")
        masked, spans = self.mask(data)
        return masked.decode("utf-8", "replace") if spans else text

    def mask_end(self, ended: Ended) -> Ended:
        """The end of an exchange, with what it quotes of an endpoint, a proxy or the network masked."""
        detail = ended.detail
        if detail is not None:
            proxy, says = self.mask_text(detail.proxy), self.mask_text(detail.proxy_says)
            detail = structs.replace(detail, proxy=proxy, proxy_says=says)
        return structs.replace(ended, message=self.mask_text(ended.message), detail=detail)

    def mask_url(self, url: str) -> str:
        """An address, or a part of one, with its login and secret parameters masked whole, and secrets anywhere else in it."""
        out = url
        for place in secret_places(url):
            out = out[: place.start] + _starred(out[place.start : place.end]) + out[place.end :]
        return self.mask_text(out)

    def mask_headers(self, headers: Headers) -> Headers:
        """Headers with the values of secret ones masked whole (their scheme stays), and secrets in any other, or in a name."""
        return tuple((self.mask_text(name), self._mask_value(name, value)) for name, value in headers)

    def _mask_value(self, name: str, value: str) -> str:
        if name == ":path":
            return self.mask_url(value)
        if not is_secret_header(name):
            return self.mask_text(value)
        at = scheme_end(value)
        return value[:at] + _starred(value[at:])

    def mask_head(self, head: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """An HTTP/1.1 head as sent, masked by header name and by value."""
        spans = [*self.find(head), *_named_spans(head)]
        spans.sort()
        return star(head, spans), sorted({(one.start, one.end - one.start) for one in spans})


def _named_spans(head: bytes) -> Iterator[Span]:
    """What is a secret by its name: the address's login and parameters, and the values of headers."""
    if line := _REQUEST_LINE.match(head):
        for place in secret_places(line[1].decode("latin-1")):
            yield _partly_shown(line.start(1) + place.start, line.start(1) + place.end)
    for match in _HEADER_LINE.finditer(head):
        if is_secret_header(match[1].decode("latin-1")):
            yield _partly_shown(match.start(2) + scheme_end(match[2].decode("latin-1")), match.end(2))


def _partly_shown(at: int, end: int) -> Span:
    return Span(at, end, at + _SHOWN_CHARS, end - 2) if end - at >= _PARTLY_SHOWN_CHARS else Span(at, end, at, end)


def star(data: bytes, spans: Iterable[Span]) -> bytes:
    """The data with the starred parts of the spans replaced."""
    out = bytearray(data)
    for one in spans:
        begin = max(0, one.star_start)
        end = max(begin, min(len(out), one.star_end))
        out[begin:end] = b"*" * (end - begin)
    return bytes(out)


def _starred(text: str) -> str:
    if len(text) < _PARTLY_SHOWN_CHARS:
        return "*" * len(text)
    return f"{text[:_SHOWN_CHARS]}{'*' * (len(text) - _SHOWN_CHARS - 2)}{text[-2:]}"


def _forms(secret: bytes) -> Iterator[bytes]:
    """A secret as it is, and as encodings write it where that differs."""
    yield secret
    if len(secret) < _MIN_ENCODED_CHARS:
        return
    if len(secret) >= _MIN_OTHER_CASE_CHARS:
        yield from (secret.lower(), secret.upper())
    for once in (*_json_forms(secret), *_unicode_escapes(secret)):
        yield once
        yield from _json_forms(once)  # a tool's arguments are JSON inside JSON
    yield from _html_forms(secret)
    yield repr(secret)[2:-1].encode()  # as Python's error messages quote bytes
    for percent in (quote(secret, safe=""), quote(secret)):
        yield from (percent.encode(), re.sub("%..", lambda match: match.group().lower(), percent).encode())
    yield from (secret.hex().encode(), secret.hex().upper().encode())
    for shift in range(3):
        core = _base64_core(secret, shift)
        yield from (core, core.replace(b"+", b"-").replace(b"/", b"_"))


_GO_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def _json_forms(secret: bytes) -> Iterator[bytes]:
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return  # can't stand in JSON
    for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield escaped.encode()
        yield escaped.replace("/", "\\/").encode()
        yield escaped.translate(_GO_ESCAPES).encode()  # Go's and .NET's encoders guard against HTML


def _unicode_escapes(secret: bytes) -> Iterator[bytes]:
    """Each character as JSON's \\uXXXX, in digits of both cases."""
    units = secret.decode("utf-8", "replace").encode("utf-16-be").hex()
    for digits in (units, units.upper()):
        yield re.sub("(....)", r"\\u\1", digits).encode()


def _html_forms(secret: bytes) -> Iterator[bytes]:
    """As a page of an error quotes it; the two ways to write an apostrophe."""
    text = secret.decode("latin-1")
    for escaped in (
        escape(text),
        escape(text, quote=False),
        escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    ):
        yield escaped.encode("latin-1")


def _base64_core(secret: bytes, shift: int) -> bytes:
    """The base64 characters that depend on the secret alone when `shift` bytes (modulo 3) stand before it."""
    encoded = b64encode(b"\0" * shift + secret).rstrip(b"=")
    begin = (0, 2, 3)[shift]
    end = len(encoded) - (1 if (shift + len(secret)) % 3 else 0)
    return encoded[begin:end]


def _beginnings(patterns: Collection[bytes]) -> re.Pattern[bytes] | None:
    """Matches where a pattern may begin: at its first two bytes, or at its first as the very last byte."""
    if not patterns:
        return None
    pairs = {re.escape(pattern[:2]) for pattern in patterns}
    singles = {re.escape(pattern[:1]) for pattern in patterns}
    return re.compile(b"(?=" + b"|".join(sorted(pairs)) + b"|(?:" + b"|".join(sorted(singles)) + rb")\Z)", re.DOTALL)


class MaskedStream:
    """A body that is masked as it comes. It holds back the pieces that end in what may be the hidden part of a secret.

    Pieces are held whole, so that the recording's chunks stay those of the wire.
    """

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._kept = b""  # the last bytes that a secret may have begun in
        self._kept_stored = 0  # how many of them have been given out
        self._waiting: list[tuple[int, int]] = []  # stamp and size of the pieces that have not
        self._stored_bytes = 0
        self._spans: list[Masked] = []

    def feed(self, ns: int, data: bytes) -> list[tuple[int, bytes]]:
        """The pieces that can be stored now, each with its stamp."""
        if not self._masker.active:
            return [(ns, data)]
        return self._advance([(ns, len(data))], data)

    def feed_packed(self, record: Chunked) -> Chunked | None:
        """The same for a whole record; None where all of it is held back."""
        if not self._masker.active:
            return record
        if not self._kept and self._is_clean(record.data):
            self._stored_bytes += len(record.data)
            return record
        out = self._advance([(ns, len(data)) for ns, data in unpack_chunks(record)], record.data)
        return pack_chunks(out) if out else None

    def _is_clean(self, data: bytes) -> bool:
        return self._masker.open_end(data)[0] == len(data) and not self._masker.find(data)

    def flush(self) -> list[tuple[int, bytes]]:
        """The stream is over: what was held back is not a secret after all. Returns it."""
        return self._advance([], b"", final=True)

    def take_spans(self) -> list[Masked]:
        """What was masked since the last call; offsets count from the first byte of the stream."""
        spans, self._spans = self._spans, []
        return spans

    def _advance(self, pieces: list[tuple[int, int]], data: bytes, final: bool = False) -> list[tuple[int, bytes]]:
        known_bytes, stored = len(self._kept), self._kept_stored
        data, self._waiting = self._kept + data, self._waiting + pieces
        spans = self._masker.find(data)
        self._note([one for one in spans if one.end > known_bytes])
        begin, cut = (len(data), len(data)) if final else self._masker.open_end(data)
        ready, self._waiting = _take_whole(self._waiting, star(data, spans)[stored:], cut - stored)
        stored += sum(len(part) for _, part in ready)
        self._stored_bytes += stored - self._kept_stored
        # A secret whose end is not stored yet must be found again, so that its end is masked as well.
        keep_from = min([begin, stored, *(one.start for one in spans if one.end > stored)])
        self._kept, self._kept_stored = data[keep_from:], stored - keep_from
        return ready

    def _note(self, spans: list[Span]) -> None:
        origin = self._stored_bytes - self._kept_stored
        self._spans += [Masked("body", origin + one.start, one.end - one.start) for one in spans]


def _take_whole(pieces: list[tuple[int, int]], data: bytes, cut: int) -> tuple[list[tuple[int, bytes]], list[tuple[int, int]]]:
    """The pieces that end at or before `cut` with their bytes, and the (stamp, size) of the others."""
    out: list[tuple[int, bytes]] = []
    at = 0
    for index, (ns, size) in enumerate(pieces):
        if at + size > cut:
            return out, pieces[index:]
        out.append((ns, data[at : at + size]))
        at += size
    return out, []
