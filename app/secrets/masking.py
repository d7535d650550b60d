"""Masks secrets in what is stored and shown, by stars of the same length, also where a stream cuts a secret in two.

A secret is searched in all the ways that it can be written (`app.secrets.writings`), also without its vendor's prefix, which
some relays take off before they look a key up. Where a secret stands by its name (a header, a URL's login or parameter) it is
masked there, however short it is.

The search is linear: plain texts are found with `bytes.find`, and the slow comparison begins only near an anchor, that is, a
part of a secret in base64 or an escape of one of its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from weakref import WeakValueDictionary

from msgspec import structs

from app.recording.body import pack_chunks, unpack_chunks
from app.recording.records import Chunked, Ended, Headers, Masked, Request
from app.secrets.names import (
    body_secrets,
    header_secrets,
    is_secret_header,
    look_places,
    scheme_end,
    secret_places,
    url_secrets,
)
from app.secrets.parts import KeyParts, Part
from app.secrets.shapes import prefix_ends
from app.secrets.writings import (
    ESCAPE_BYTES,
    ESCAPING,
    Writing,
    base64_writings,
    escape_anchors,
    hexadecimal_writings,
    plain_writing,
)

MIN_SECRET_CHARS = 6  # shorter ones (`sk-1`, `1234`) stand in many an answer and are nobody's secret
# Placeholder keys for local servers: ordinary words, which must not be masked in an answer.
NO_SECRETS = frozenset(
    {b"none", b"null", b"empty", b"test", b"dummy", b"fake", b"local", b"token", b"secret", b"password", b"user", b"pass",
     b"undefined", b"ollama", b"lm-studio", b"llama", b"vllm", b"no-key", b"not-needed", b"sk-no-key-required", b"anything",
     b"api-key", b"api_key", b"your-api-key", b"your_api_key", b"apikey", b"changeme", b"dummy-key", b"secret-key", b"sk-test",
     b"sk-local", b"sk-dummy", b"sk-fake", b"sk-none", b"llama.cpp", b"llama-cpp", b"localhost", b"12345678", b"123456789",
     b"1234567890"}
)  # fmt: skip
_WORD = re.compile(rb"[a-zA-Z]{1,7}|[0-9]{1,7}")  # `admin`, `default`, `123456`: as a key, and in any answer
_MIN_ENCODED_CHARS = 8
_MIN_OTHER_CASE_CHARS = 12
_PARTLY_SHOWN_CHARS = 16
_SHOWN_CHARS = 4
_MIN_CORE_CHARS = 16  # of a key without its vendor's prefix: shorter ones may be words
_SHOWABLE = re.compile(rb"[ -$'-\[\]-~]*")  # all of ASCII that begins no escape
_NEAR_BYTES = 256
_HEADER_LINE = re.compile(rb"(?m)^([^\r\n:]+):[ \t]*([^\r\n]*)")
_REQUEST_LINE = re.compile(rb"[A-Z]+ ([^\r\n]*?)(?: HTTP/[\d.]+)?\r?$", re.MULTILINE)


def request_secrets(request: Request) -> tuple[str, ...]:
    """The keys in a request's headers, in its address and in its body."""
    return (*header_secrets(request.headers), *url_secrets(request.url), *body_secrets(request.body))


class Span(NamedTuple):
    """A secret found: where, and which part of it gets stars."""

    start: int
    end: int
    star_start: int
    star_end: int


class _Secret(NamedTuple):
    """A secret in one of its writings, with how much of it may be seen and its text, where a mask leaves the end to be seen."""

    writing: Writing
    shown: int
    text: bytes


class Masker:
    """Finds and masks given secrets. Without any, all data passes unchanged.

    Attributes:
        active: there is something to look for.
        longest_bytes: how long the longest writing of a secret is, 0 without one.
    """

    def __init__(self, secrets: Iterable[str | bytes]) -> None:
        raw = {one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one for one in secrets}
        known = sorted(one for one in raw if _is_secret(one))
        self._secrets = [writing for one in known for writing in _writings(one)]
        self._escape_anchors = _escape_anchors(known)
        self._parts = KeyParts(known)
        self.active = bool(known)
        self.longest_bytes = max((one.writing.longest for one in self._secrets), default=0)
        self._longest_plain = max((one.writing.longest_plain for one in self._secrets), default=0)
        self._heads = _heads(self._secrets)
        # Bytes that can stand inside a secret: one that is still open at the end of the data begins behind the last other byte.
        plain = {octet for one in self._secrets for unit in one.writing.units for text in unit.plain for octet in text}
        self._inner = bytes({*plain, *ESCAPE_BYTES, *b"\r\n"}) if self.active else b""

    @classmethod
    def shared(cls, secrets: tuple[str | bytes, ...]) -> Masker:
        """A masker of these secrets, the same one as long as anybody has it: to make one takes a millisecond."""
        found = _SHARED.get(secrets)
        if found is None:
            found = _SHARED[secrets] = cls(secrets)
        return found

    def find(self, data: bytes) -> list[Span]:
        """All secrets in the data, overlapping ones too, in order of their start; of those that end together the longest."""
        found: dict[int, Span] = {}
        for secret in self._secrets:
            for text in secret.writing.anchors:
                near = _Ranges()
                at = data.find(text)
                while at >= 0:
                    if secret.writing.is_exact:
                        _add(found, _exact_span(secret, data, at, at + len(text)))
                    else:
                        near.add(at - secret.writing.longest, at)
                    at = data.find(text, at + 1)
                _search(secret, data, near, found)
        for secret, ranges in self._near_escapes(data):
            _search(secret, data, ranges, found)
        return _with_parts(sorted(found.values()), self._parts.find(data))

    def _near_escapes(self, data: bytes) -> Iterator[tuple[_Secret, _Ranges]]:
        """The secrets that may stand in the data with an escape in them, and where they may begin."""
        places: list[int] = []
        for octet, pattern in self._escape_anchors:
            last = -_NEAR_BYTES
            for match in pattern.finditer(data) if octet in data else ():
                if match.start() - last >= _NEAR_BYTES:  # a body of nothing but escapes must not be a list as long
                    places.append(last := match.start())
        places.sort()
        for secret in self._secrets:
            if places and secret.writing.may_be_escaped:
                ranges = _Ranges()
                for at in places:
                    ranges.add(at - secret.writing.longest, at + _NEAR_BYTES)
                yield secret, ranges

    def open_end(self, data: bytes) -> tuple[int, int]:
        """Whether a secret may begin in the last bytes and go on in what follows: (`begin`, `cut`).

        `begin` is where the first such secret would begin. The bytes before `cut` can be shown now: a secret's own first bytes,
        which no mask covers, may be among them. Both are the length of the data where no secret can have begun.
        """
        begin = cut = len(data)
        if self._heads is None:
            return begin, cut
        tail = data[-self.longest_bytes :]
        tail = tail[len(tail.rstrip(self._inner)) :]
        if not any(octet in tail for octet in ESCAPING):
            tail = tail[-self._longest_plain :]
        offset = len(data) - len(tail)
        for head in self._heads.finditer(tail):
            at = head.start()
            for secret in self._secrets:
                if secret.writing.is_open(tail, at):
                    begin = min(begin, offset + at)
                    cut = min(cut, offset + at + _shown(secret, tail, at))
        part = self._parts.open_end(data)
        return min(begin, part), min(cut, part)

    def mask(self, data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """The data masked, and where as (offset, length)."""
        spans = self.find(data)
        return (star(data, spans), [(one.start, one.end - one.start) for one in spans]) if spans else (data, [])

    def mask_text(self, text: str) -> str:
        """The same for text."""
        data = text.encode("utf-8", "surrogatepass")
        masked, spans = self.mask(data)
        return masked.decode("utf-8", "replace") if spans else text

    def mask_value(self, value: object) -> object:
        """The same for JSON: each text in it, names too."""
        if isinstance(value, str):
            return self.mask_text(value)
        if isinstance(value, dict):
            return {self.mask_text(name): self.mask_value(one) for name, one in value.items()}
        return [self.mask_value(one) for one in value] if isinstance(value, list | tuple) else value

    def mask_end(self, ended: Ended) -> Ended:
        """The end of an exchange, with what it quotes of an endpoint, a proxy or the network masked."""
        detail = ended.detail
        if detail is not None:
            proxy, says = self.mask_text(detail.proxy), self.mask_text(detail.proxy_says)
            trust, file, said = map(self.mask_text, (detail.trust_path, detail.ca_file, detail.ca_says))
            detail = structs.replace(detail, proxy=proxy, proxy_says=says, trust_path=trust, ca_file=file, ca_says=said)
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

    def mask_answer_headers(self, headers: Headers) -> Headers:
        """The same for an answer's: the cookies that it sets, and long values under a secret's name; short ones are counts."""
        return tuple((self.mask_text(name), self.mask_text(_without_session(name, value))) for name, value in headers)

    def _mask_value(self, name: str, value: str) -> str:
        if name == ":path":
            return self.mask_url(value)
        if not is_secret_header(name):
            for start, end in look_places(name, value):
                value = value[:start] + _starred(value[start:end]) + value[end:]
            return self.mask_text(value)
        at = scheme_end(value)
        return value[:at] + _starred(value[at:])

    def mask_head(self, head: bytes) -> tuple[bytes, list[tuple[int, int]]]:
        """An HTTP/1.1 head as sent, masked by header name and by value."""
        spans = [*self.find(head), *_named_spans(head)]
        spans.sort()
        return star(head, spans), sorted({(one.start, one.end - one.start) for one in spans})


_SHARED: WeakValueDictionary[tuple[str | bytes, ...], Masker] = WeakValueDictionary()


def _without_session(name: str, value: str) -> str:
    """An answer's header without what opens a session: a cookie's value (its name and attributes stay), a token."""
    if name.strip().lower() == "set-cookie":
        cookie, semicolon, attributes = value.partition(";")
        called, equals, held = cookie.partition("=")
        return f"{called}{equals}{_starred(held)}{semicolon}{attributes}"
    is_token = is_secret_header(name) and len(value) >= _PARTLY_SHOWN_CHARS and not value.isdigit()
    at = scheme_end(value)
    return value[:at] + _starred(value[at:]) if is_token else value


def _is_secret(text: bytes) -> bool:
    """Whether it is searched at all: a mask of what is short or an ordinary word makes readings false, and hides nothing."""
    return len(text) >= MIN_SECRET_CHARS and text.lower() not in NO_SECRETS and _WORD.fullmatch(text) is None


def _named_spans(head: bytes) -> Iterator[Span]:
    """What is a secret by its name: the address's login and parameters, and the values of headers."""
    if line := _REQUEST_LINE.match(head):
        for place in secret_places(line[1].decode("latin-1")):
            yield _partly_shown(line.start(1) + place.start, line.start(1) + place.end)
    for match in _HEADER_LINE.finditer(head):
        name, value = match[1].decode("latin-1"), match[2].decode("latin-1")
        if not is_secret_header(name):
            for start, end in look_places(name, value):
                yield _partly_shown(match.start(2) + start, match.start(2) + end)
        else:
            yield _partly_shown(match.start(2) + scheme_end(value), match.end(2))


def _with_parts(whole: list[Span], parts: Iterable[Part]) -> list[Span]:
    """The secrets and those of their parts that stand in none of them, in order of their start."""
    out, reach = [], 0
    more = {Span(one.start, one.end, one.start + _SHOWN_CHARS * one.is_beginning, one.end) for one in parts}
    if not more:
        return whole
    kept = set(whole)
    for one in sorted([*whole, *more], key=lambda one: (one.start, -one.end)):
        if one in kept or one.end > reach:
            out.append(one)
        reach = max(reach, one.end)
    return sorted(out)


def _partly_shown(at: int, end: int) -> Span:
    return Span(at, end, at + _SHOWN_CHARS, end - 2) if end - at >= _PARTLY_SHOWN_CHARS else Span(at, end, at, end)


_STARS = bytes(octet if octet in b"\r\n" else 0x2A for octet in range(256))  # lines stay lines


def star(data: bytes, spans: Iterable[Span]) -> bytes:
    """The data with the starred parts of the spans replaced."""
    out = bytearray(data)
    for one in spans:
        begin = max(0, one.star_start)
        end = max(begin, min(len(out), one.star_end))
        out[begin:end] = out[begin:end].translate(_STARS)
    return bytes(out)


def _starred(text: str) -> str:
    if len(text) < _PARTLY_SHOWN_CHARS:
        return "*" * len(text)
    return f"{text[:_SHOWN_CHARS]}{'*' * (len(text) - _SHOWN_CHARS - 2)}{text[-2:]}"


def _writings(secret: bytes) -> Iterator[_Secret]:
    """All that is searched of a secret; a short one as it is alone: what it is in base64 stands in many an answer by chance."""
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        text = secret.decode("latin-1")
    shown = _SHOWN_CHARS if len(secret) >= _PARTLY_SHOWN_CHARS else 0
    starts = (0, *prefix_ends(text, _MIN_CORE_CHARS))
    any_case, encoded = len(secret) >= _MIN_OTHER_CASE_CHARS, len(secret) >= _MIN_ENCODED_CHARS
    yield _Secret(plain_writing(text, starts, any_case=any_case, escapes=encoded), shown, secret)
    if encoded:
        for writing in (*hexadecimal_writings(secret, starts), *base64_writings(secret, starts)):
            yield _Secret(writing, shown, b"")


def _escape_anchors(secrets: Iterable[bytes]) -> list[tuple[bytes, re.Pattern[bytes]]]:
    texts = {
        one.decode("utf-8", "replace"): len(one) >= _MIN_OTHER_CASE_CHARS for one in secrets if len(one) >= _MIN_ENCODED_CHARS
    }
    return [(octet, re.compile(pattern)) for octet, pattern in escape_anchors(texts)] if texts else []


def _heads(secrets: Iterable[_Secret]) -> re.Pattern[bytes] | None:
    """Matches where a secret may begin: by its first two bytes, by its first as the very last one, or by an escape."""
    following: dict[int, set[int]] = {}
    for one in secrets:
        for first, then in one.writing.heads():
            following.setdefault(first, set()).update(then)
    if not following:
        return None
    pairs = [
        re.escape(bytes([first])) + b"(?:[" + re.escape(bytes(sorted(then))) + rb"]|\Z)" for first, then in following.items()
    ]
    return re.compile(b"(?=" + b"|".join([*pairs, b"[" + re.escape(ESCAPING) + b"]"]) + b")", re.DOTALL)


class _Ranges:
    """Where a secret may begin: (first, last) places in ascending order, of which none overlap."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int]] = []

    def add(self, first: int, last: int) -> None:
        """One more, which neither begins nor ends before the one that was added last."""
        first = max(0, first)
        if self.all and first <= self.all[-1][1]:
            first = self.all.pop()[0]
        self.all.append((first, last))


def _search(secret: _Secret, data: bytes, ranges: _Ranges, found: dict[int, Span]) -> None:
    """Add the secrets that begin in these ranges, however they are written."""
    for first, last in ranges.all:
        at = first
        while match := secret.writing.pattern.search(data, at, last + secret.writing.longest):
            if match.start() > last:
                break
            _add(found, _span(secret, data, match.start(), match.end()))
            at = match.start() + 1


def _exact_span(secret: _Secret, data: bytes, at: int, end: int) -> Span:
    """A secret that stands plainly, at least from behind its vendor's prefix on; with the prefix where it is there."""
    starts = secret.writing.starts
    for start in starts[:-1]:
        begin = at - (starts[-1] - start)
        if begin >= 0 and secret.writing.stands_at(data, begin, start, starts[-1]):
            return _span(secret, data, begin, end)
    return _span(secret, data, at, end)


def _span(secret: _Secret, data: bytes, begin: int, end: int) -> Span:
    shown = _shown(secret, data, begin)
    return Span(begin, end, begin + shown, end - (2 if shown and secret.text.endswith(data[begin:end]) else 0))


def _shown(secret: _Secret, data: bytes, begin: int) -> int:
    """How many bytes of a secret that begins there may be seen: no escape, of which a part would be no text."""
    match = _SHOWABLE.match(data, begin, begin + secret.shown)
    return match.end() - begin if match else 0


def _add(found: dict[int, Span], span: Span) -> None:
    """Take in a secret: of two that end together the longer one says where it begins, and what either hides is hidden."""
    other = found.get(span.end)
    if other is not None:
        hides_from, hides_to = min(span.star_start, other.star_start), max(span.star_end, other.star_end)
        span = Span(min(span.start, other.start), span.end, hides_from, hides_to)
    found[span.end] = span


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
        self._noted_bytes = 0  # up to where the secrets that end there have been noted
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
        stored, origin = self._kept_stored, self._stored_bytes - self._kept_stored
        data, self._waiting = self._kept + data, self._waiting + pieces
        spans = self._masker.find(data)
        begin, cut = (len(data), len(data)) if final else self._masker.open_end(data)
        ripe = [one for one in spans if self._noted_bytes < origin + one.end <= origin + begin]  # no other can grow
        self._spans += [Masked("body", origin + one.start, one.end - one.start) for one in ripe]
        self._noted_bytes = origin + begin
        ready, self._waiting = _take_whole(self._waiting, star(data, spans)[stored:], cut - stored)
        stored += sum(len(part) for _, part in ready)
        self._stored_bytes += stored - self._kept_stored
        # A secret whose end is not stored or not noted yet must be found again, so that its end is masked as well.
        keep_from = min([begin, stored, *(one.start for one in spans if one.end > min(stored, begin))])
        self._kept, self._kept_stored = data[keep_from:], stored - keep_from
        return ready


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
