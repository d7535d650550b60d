"""Secrets out of what is stored and shown, by masks of the same length, also where a stream cuts a secret in two.

A secret is searched as it is and as JSON, percent and base64 encoding would write it; base64 in all three alignments, so
that it is found inside any longer text that was encoded (`Bearer x`, `user:x`).
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from app.recording import Chunked, Headers, Masked, pack_chunks, unpack_chunks

MIN_SECRET_CHARS = 4  # shorter ones would mask half the answer
_MIN_ENCODED_CHARS = 8
_PARTLY_SHOWN_CHARS = 16
_SECRET_HEADERS = ("authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key")
_SCHEME = re.compile(r"(?:bearer|basic|token)[ \t]+(?=\S)", re.IGNORECASE)
_HEADER_LINE = re.compile(rb"(?im)^(?:" + "|".join(_SECRET_HEADERS).encode() + rb")[ \t]*:[ \t]*([^\r\n]*)")


def mask_secret(text: str) -> str:
    """A secret as it may be shown: `sk-y7xU••••0h`; all dots where it is too short to show a part of it."""
    return f"{text[:7]}••••{text[-2:]}" if len(text) >= _PARTLY_SHOWN_CHARS else "••••"


def is_secret_header(name: str) -> bool:
    """Whether a header of that name carries a key."""
    return name.lower() in _SECRET_HEADERS


def header_secrets(headers: Headers) -> tuple[str, ...]:
    """The keys in a request's headers: the values of those that carry one, without the scheme before them."""
    found: list[str] = []
    for name, value in headers:
        if is_secret_header(name):
            credentials = value[_scheme_end(value) :].strip()
            found += [credentials, *_basic_password(value, credentials)]
    return tuple(found)


def _scheme_end(value: str) -> int:
    match = _SCHEME.match(value)
    return match.end() if match else 0


def _basic_password(value: str, credentials: str) -> list[str]:
    if not value.lower().startswith("basic"):
        return []
    try:
        return [b64decode(credentials).decode("utf-8", "replace").partition(":")[2]]
    except Base64Error:
        return []


class Span(NamedTuple):
    """A secret found: where, and which part of it gets stars."""

    start: int
    end: int
    star_start: int
    star_end: int


class Masker:
    """Finds and masks some secrets. Without any it lets all through untouched.

    Attributes:
        active: there is something to look for.
    """

    def __init__(self, secrets: Iterable[str | bytes]) -> None:
        raw = {one.encode() if isinstance(one, str) else one for one in secrets}
        self._raw = {one for one in raw if len(one) >= MIN_SECRET_CHARS}
        forms = {form for one in self._raw for form in _forms(one)}
        self._patterns = sorted(forms, key=len, reverse=True)
        self.active = bool(self._patterns)
        self._longest = max(map(len, self._patterns), default=0)
        self._heads = _beginnings(self._patterns)

    def find(self, data: bytes) -> list[Span]:
        """All secrets in the data, overlapping ones too, in order of their start."""
        spans: list[Span] = []
        for pattern in self._patterns:
            at = data.find(pattern)
            while at >= 0:
                spans.append(self._span(at, pattern))
                at = data.find(pattern, at + 1)
        return sorted(spans)

    def _span(self, at: int, pattern: bytes) -> Span:
        end = at + len(pattern)
        partly = pattern in self._raw and len(pattern) >= _PARTLY_SHOWN_CHARS
        return Span(at, end, at + 4, end - 2) if partly else Span(at, end, at, end)

    def held_from(self, data: bytes) -> int:
        """Where the last bytes begin that could be the start of a secret; the length of the data if none could."""
        if self._heads is None:
            return len(data)
        floor = max(0, len(data) - self._longest + 1)
        for match in self._heads.finditer(data, floor):
            tail = data[match.start() :]
            if any(len(tail) < len(pattern) and pattern.startswith(tail) for pattern in self._patterns):
                return match.start()
        return len(data)

    def mask(self, data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """The data masked, and where as (offset, length)."""
        spans = self.find(data)
        return (star(data, spans), [(one.start, one.end - one.start) for one in spans]) if spans else (data, [])

    def mask_text(self, text: str) -> str:
        """The same for text."""
        data = text.encode("utf-8", "surrogatepass")
        masked, spans = self.mask(data)
        return masked.decode("utf-8", "replace") if spans else text

    def mask_headers(self, headers: Headers) -> Headers:
        """Headers with the values of secret ones masked whole (their scheme stays), and secrets in any other."""
        return tuple((name, self._mask_value(name, value)) for name, value in headers)

    def _mask_value(self, name: str, value: str) -> str:
        if not is_secret_header(name):
            return self.mask_text(value)
        at = _scheme_end(value)
        return value[:at] + _starred(value[at:])

    def mask_head(self, head: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """An HTTP/1.1 head as sent, masked by header name and by value."""
        spans = self.find(head)
        for match in _HEADER_LINE.finditer(head):
            value = match.group(1).decode("latin-1")
            at, end = match.start(1) + _scheme_end(value), match.end(1)
            partly = end - at >= _PARTLY_SHOWN_CHARS
            spans.append(Span(at, end, at + 4, end - 2) if partly else Span(at, end, at, end))
        spans.sort()
        return star(head, spans), sorted({(one.start, one.end - one.start) for one in spans})


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
    return f"{text[:4]}{'*' * (len(text) - 6)}{text[-2:]}"


def _forms(secret: bytes) -> Iterator[bytes]:
    """A secret as it is, and as encodings write it where that differs."""
    yield secret
    if len(secret) < _MIN_ENCODED_CHARS:
        return
    yield from _json_forms(secret)
    percent = quote(secret, safe="")
    yield from (percent.encode(), re.sub("%..", lambda match: match.group().lower(), percent).encode())
    for shift in range(3):
        core = _base64_core(secret, shift)
        yield from (core, core.replace(b"+", b"-").replace(b"/", b"_"))


def _json_forms(secret: bytes) -> Iterator[bytes]:
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return  # can't stand in JSON
    for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield escaped.encode()
        yield escaped.replace("/", "\\/").encode()


def _base64_core(secret: bytes, shift: int) -> bytes:
    """The base64 characters that depend on the secret alone when `shift` bytes (modulo 3) stand before it."""
    encoded = b64encode(b"\0" * shift + secret).rstrip(b"=")
    begin = (0, 2, 3)[shift]
    end = len(encoded) - (1 if (shift + len(secret)) % 3 else 0)
    return encoded[begin:end]


def _beginnings(patterns: list[bytes]) -> re.Pattern[bytes] | None:
    """Matches where a pattern may begin: at its first two bytes, or at its first as the very last byte."""
    if not patterns:
        return None
    pairs = {re.escape(pattern[:2]) for pattern in patterns}
    singles = {re.escape(pattern[:1]) for pattern in patterns}
    return re.compile(b"(?=" + b"|".join(sorted(pairs)) + b"|(?:" + b"|".join(sorted(singles)) + rb")\Z)", re.DOTALL)


class MaskedStream:
    """A body that is masked as it comes: holds back the few bytes that may be the start of a secret.

    Attributes:
        spans: what was masked and not taken by `take_spans` yet; offsets count from the first byte of the stream.
    """

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._held = b""
        self._held_pieces: list[tuple[int, int]] = []
        self._carried: list[Span] = []
        self._stored_bytes = 0
        self.spans: list[Masked] = []

    def feed(self, ns: int, data: bytes) -> list[tuple[int, bytes]]:
        """What can be stored now, each piece with the stamp it came with."""
        if not self._masker.active:
            return [(ns, data)]
        return self._advance([(ns, len(data))], data)

    def feed_packed(self, record: Chunked) -> Chunked | None:
        """The same for a whole record; None where all of it is held back."""
        if not self._masker.active or (not self._held and self._is_clean(record.data)):
            self._stored_bytes += len(record.data)
            return record
        pieces = [(ns, len(data)) for ns, data in unpack_chunks(record)]
        out = self._advance(pieces, record.data)
        return pack_chunks(out) if out else None

    def _is_clean(self, data: bytes) -> bool:
        return not self._masker.find(data) and self._masker.held_from(data) == len(data)

    def flush(self) -> list[tuple[int, bytes]]:
        """The stream is over: what was held back is no secret after all."""
        return self._advance([], b"", final=True)

    def take_spans(self) -> list[Masked]:
        """The spans since the last call."""
        spans, self.spans = self.spans, []
        return spans

    def _advance(self, pieces: list[tuple[int, int]], data: bytes, final: bool = False) -> list[tuple[int, bytes]]:
        data, pieces = self._held + data, self._held_pieces + pieces
        cut = len(data) if final else self._masker.held_from(data)
        # Spans that begin behind the cut are found again with what comes next.
        spans = [one for one in self._masker.find(data) if one.start < cut]
        self.spans += [Masked("body", self._stored_bytes + one.start, one.end - one.start) for one in spans]
        ready = star(data, (*self._carried, *spans))[:cut]
        self._carried = [
            Span(0, 0, one.star_start - cut, one.star_end - cut) for one in (*self._carried, *spans) if one.star_end > cut
        ]
        self._held = data[cut:]
        self._stored_bytes += cut
        out, self._held_pieces = _cut_pieces(pieces, ready)
        return out


def _cut_pieces(pieces: list[tuple[int, int]], ready: bytes) -> tuple[list[tuple[int, bytes]], list[tuple[int, int]]]:
    """The ready bytes in their pieces, and the pieces (stamp, size) of what is left."""
    out: list[tuple[int, bytes]] = []
    at = 0
    for index, (ns, size) in enumerate(pieces):
        part = ready[at : at + size]
        at += len(part)
        if part:
            out.append((ns, part))
        if len(part) < size:
            return out, [(ns, size - len(part)), *pieces[index + 1 :]]
    return out, []
