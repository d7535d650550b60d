"""What is stored of an exchange: the request as sent, the marks of its phases, and the bytes as they came, with stamps.

A recording is a sequence of *records*. The wire process sends them up as they happen, the journal appends them to a file
as they happen, a saved run is the same sequence, and a `Recording` is what they add up to. Nothing in here is derived:
events, text, timing and findings are functions of a recording (`app.exchange`). The bytes of a file: `app.run_format`.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Literal

import msgspec

NO_STAMP = -1
_LAST_STAMP = 1 << 62  # 146 years after its clock began; differences of stamps stay within 64 bits

Side = Literal["a", "b"]


class RunFileError(Exception):
    """A file that is not a run of Diptych, or one that is damaged before its end; the text says where."""


class MarkName(StrEnum):
    """Moments of an exchange, in the order in which they happen. A kept connection has none before `SEND_BEGIN`."""

    DNS_BEGIN = "dns_begin"
    DNS_END = "dns_end"
    CONNECT_BEGIN = "connect_begin"
    CONNECT_END = "connect_end"
    PROXY_END = "proxy_end"
    TLS_BEGIN = "tls_begin"
    TLS_END = "tls_end"
    SEND_BEGIN = "send_begin"
    SEND_END = "send_end"
    FIRST_BYTE = "first_byte"  # of the final answer: interim ones (1xx) come before it
    HEAD_END = "head_end"
    BODY_END = "body_end"


Headers = tuple[tuple[str, str], ...]


class Request(msgspec.Struct, frozen=True):
    """One HTTP request. `headers` are what we set; the wire adds Host and Content-Length."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return find_header(self.headers, name)


class ProfileNote(msgspec.Struct, frozen=True):
    """What a recording remembers of the endpoint profile: never its key."""

    name: str
    base_url: str
    protocol: str
    auth: str = ""
    label: str = ""
    verify_tls: bool = True
    prices: dict[str, float] | None = None


class Envelope(msgspec.Struct, frozen=True):
    """Who asked whom for what, and when. `started_utc` is ISO 8601 with a Z; `side` is None for a lone capture."""

    protocol: str
    profile: ProfileNote
    scenario: str = ""
    model: str = ""
    side: Side | None = None
    round: int = 1
    streamed: bool = False
    started_utc: str = ""
    app_version: str = ""


class Certificate(msgspec.Struct, frozen=True):
    """The peer's certificate: names as text, validity as ISO 8601 UTC."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""


# -- records ---------------------------------------------------------------------------------------------------------


class RunOpened(msgspec.Struct, frozen=True, tag_field="record", tag="run_opened"):
    """The first record of a run file. `ask` is what the user asked for, as JSON (prompt, system, tools ...)."""

    run_id: str
    started_utc: str
    app_version: str
    scenario: str
    ask: dict[str, object] = {}


class Opened(msgspec.Struct, frozen=True, tag_field="record", tag="opened"):
    """An exchange begins: its envelope and the request, secrets masked."""

    envelope: Envelope
    request: Request


class Sent(msgspec.Struct, frozen=True, tag_field="record", tag="sent"):
    """The request head as it went out: HTTP/1.1's bytes up to the blank line, or the header list of HTTP/2."""

    http_version: str
    head: bytes = b""
    headers: Headers = ()


class Marked(msgspec.Struct, frozen=True, tag_field="record", tag="marked"):
    """A phase begins or ends, at `ns` on the wire process's monotonic clock."""

    mark: MarkName
    ns: int


class Connected(msgspec.Struct, frozen=True, tag_field="record", tag="connected"):
    """The connection that carries the exchange.

    `reused` is True for one kept from an earlier exchange. `stamped_by` says whose time the stamps of what was read are: the
    "kernel"'s, when the bytes came, or that of the "read"; "" where the file does not say.
    """

    reused: bool
    peer: str = ""
    proxy: str = ""
    tls_version: str = ""
    cipher: str = ""
    alpn: str = ""
    certificate: Certificate | None = None
    stamped_by: str = ""


class Headed(msgspec.Struct, frozen=True, tag_field="record", tag="headed"):
    """The response head. Header names keep their case and order, values are Latin-1."""

    status: int
    reason: str
    http_version: str
    headers: Headers


class Chunked(msgspec.Struct, frozen=True, tag_field="record", tag="chunked"):
    """One or more reads of the body after HTTP framing, content encoding still on.

    `stamps` are little-endian signed 64-bit nanoseconds (-1: no stamp), `sizes` little-endian unsigned 32-bit bytes, one of
    each a chunk; `data` is all chunks in a row.
    """

    stamps: bytes
    sizes: bytes
    data: bytes


class Masked(msgspec.Struct, frozen=True, tag_field="record", tag="masked"):
    """A secret was replaced by a mask of the same length. `where` is "sent", "head" or "body" (offset in
    stored bytes), or a part of the reading (offset in characters, see `app.masked_reading`)."""

    where: str
    offset: int
    length: int


class EndKind(StrEnum):
    """How the wire's part ended; the outcome (completed or not) is a reading of this and of the body."""

    WHOLE = "whole"
    ERROR = "error"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class WireErrorCode(StrEnum):
    """The cause of an `Ended` with kind ERROR."""

    BAD_URL = "bad_url"
    DNS = "dns"  # the name does not resolve
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect_timeout"
    CONNECT = "connect"  # any other failure to connect
    TLS_EXPIRED = "tls_expired"
    TLS_WRONG_HOST = "tls_wrong_host"
    TLS_SELF_SIGNED = "tls_self_signed"
    TLS_UNKNOWN_CA = "tls_unknown_ca"
    TLS_NOT_TLS = "tls_not_tls"  # https:// to a port that speaks plain text
    TLS = "tls"
    PROXY = "proxy"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    SILENCE_TIMEOUT = "silence_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    RESET = "reset"  # the peer reset or closed the connection before the answer was whole
    CUT = "cut"  # the body ended short of its Content-Length or its last chunk
    NOT_HTTP = "not_http"  # the peer broke the HTTP protocol
    TOO_LARGE = "too_large"  # the side's byte limit was reached
    SEND = "send"  # the request could not be written
    CA_FILE = "ca_file"  # the profile's own CA file can't be read
    KEY_ECHO = "key_echo"  # the key came back inside a compressed body, where it can't be masked: storing ended there
    INTERNAL = "internal"  # a fault of ours


OWN_FAULT = "a fault in Diptych"
"""How the message of an `Ended` begins where neither endpoint, network nor user ended the exchange."""


class Ended(msgspec.Struct, frozen=True, tag_field="record", tag="ended"):
    """The exchange is over. `code` is a `WireErrorCode` where `kind` is ERROR, `phase` where it was."""

    kind: EndKind
    ns: int = NO_STAMP
    code: str = ""
    message: str = ""
    phase: str = ""


class Asked(msgspec.Struct, frozen=True, tag_field="record", tag="asked"):
    """After an exchange whose path or protocol looked wrong: one more POST to the same origin, and what came of it.

    `protocol` and `base_url` are those of the profile that would ask so ("" where the address holds a secret); `path` is as it
    was asked. `status` is 0 where nothing came. `answer` is the kind of the answer (`app.diagnosis.other_paths.ANSWERS`), never
    its words. `verdict` is for this protocol at this path; a control asks a path that no server has.
    """

    protocol: str
    base_url: str
    path: str
    status: int
    answer: str
    verdict: Literal["speaks", "absent", "unclear"]
    control: bool = False


Record = RunOpened | Opened | Sent | Marked | Connected | Headed | Chunked | Masked | Ended | Asked


# -- the body as columns ----------------------------------------------------------------------------------------------


class Body:
    """The chunks of a body as columns: one growing buffer, and for each chunk its stamp and where it ends in the buffer.

    Attributes:
        data: all bytes so far. Append through `append` only.
        stamps: nanoseconds a chunk, `NO_STAMP` where the capture has none.
        ends: offset behind the last byte of each chunk.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.stamps = array("q")
        self.ends = array("Q")

    def __len__(self) -> int:
        return len(self.ends)

    def append(self, ns: int, data: bytes) -> None:
        """Add one chunk; an empty one is kept out, since no event can come of it."""
        if data:
            self.data += data
            self.stamps.append(ns)
            self.ends.append(len(self.data))

    def chunk(self, index: int) -> bytes:
        """The bytes of one chunk."""
        return bytes(self.data[self.ends[index - 1] if index else 0 : self.ends[index]])

    def chunk_at(self, offset: int) -> int:
        """The index of the chunk that holds the byte at `offset`."""
        return bisect_right(self.ends, offset)

    def stamp_at(self, offset: int) -> int | None:
        """When the byte at `offset` came, in nanoseconds; None where that is not known."""
        ns = self.stamps[self.chunk_at(offset)]
        return None if ns == NO_STAMP else ns

    def extend_packed(self, record: Chunked) -> None:
        """Add the chunks of a record."""
        stamps, sizes = _from_little("q", record.stamps), _from_little("I", record.sizes)
        if len(stamps) != len(sizes) or sum(sizes) != len(record.data):
            raise RunFileError("a chunk record's stamps, sizes and bytes do not agree")
        if stamps and not NO_STAMP <= min(stamps) <= max(stamps) <= _LAST_STAMP:
            raise RunFileError("a chunk record's stamps are no times")
        end = len(self.data)
        self.data += record.data
        self.stamps.extend(stamps)
        for size in sizes:
            end += size
            self.ends.append(end)


def pack_chunks(chunks: Iterable[tuple[int, bytes]]) -> Chunked:
    """One record of several chunks, each (stamp in ns or NO_STAMP, bytes)."""
    pairs = [(ns, data) for ns, data in chunks if data]
    return Chunked(
        _to_little(array("q", (ns for ns, _ in pairs))),
        _to_little(array("I", (len(data) for _, data in pairs))),
        b"".join(data for _, data in pairs),
    )


def unpack_chunks(record: Chunked) -> Iterator[tuple[int, bytes]]:
    """The inverse of `pack_chunks`."""
    start = 0
    for ns, size in zip(_from_little("q", record.stamps), _from_little("I", record.sizes), strict=True):
        yield ns, record.data[start : start + size]
        start += size


def _to_little(values: array[int]) -> bytes:
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values.byteswap()
    return values.tobytes()


def _from_little(code: Literal["q", "I"], data: bytes) -> array[int]:
    values = array(code)
    if len(data) % values.itemsize:
        raise RunFileError("a chunk record's columns are cut off")
    values.frombytes(data)
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values.byteswap()
    return values


# -- the recording ----------------------------------------------------------------------------------------------------


class Recording:
    """All that is known of one exchange, live or past. It only grows, by `apply`.

    Attributes:
        envelope, request: as opened.
        sent: the head as it went out, None before that.
        marks: nanoseconds by mark name; the first of a name counts.
        connection, head: None until they are known.
        body: the chunks.
        masks: where secrets were masked.
        end: None while the exchange runs (or where its file was torn off).
        asked: what Diptych asked besides, once it had ended.
    """

    def __init__(self, envelope: Envelope, request: Request) -> None:
        self.envelope = envelope
        self.request = request
        self.sent: Sent | None = None
        self.marks: dict[MarkName, int] = {}
        self.connection: Connected | None = None
        self.head: Headed | None = None
        self.body = Body()
        self.masks: list[Masked] = []
        self.end: Ended | None = None
        self.asked: list[Asked] = []

    def apply(self, record: Record) -> None:
        """Take in one record. After `Ended` only masks and what was asked besides: bytes that straggle in belong to none."""
        if self.end is not None and not isinstance(record, Masked | Asked):
            return
        match record:
            case Chunked():
                self.body.extend_packed(record)
            case Marked(mark, ns):
                self.marks.setdefault(mark, ns)
            case Sent():
                self.sent = record
            case Connected():
                self.connection = record
            case Headed():
                self.head = record
            case Masked():
                self.masks.append(record)
            case Ended():
                self.end = record
            case Asked():
                self.asked.append(record)
            case RunOpened() | Opened():
                raise RunFileError(f"a second {type(record).__name__} in one exchange")

    def records(self) -> Iterator[Record]:
        """The records that add up to this recording, chunks in batches of about a megabyte."""
        yield Opened(self.envelope, self.request)
        for mark, ns in self.marks.items():
            yield Marked(mark, ns)
        yield from (record for record in (self.connection, self.sent, self.head) if record is not None)
        yield from self._packed_body()
        yield from self.masks
        if self.end is not None:
            yield self.end
        yield from self.asked

    def _packed_body(self, batch_bytes: int = 1 << 20) -> Iterator[Chunked]:
        body, first, start = self.body, 0, 0
        while first < len(body):
            last = max(first + 1, bisect_right(body.ends, start + batch_bytes))
            ends = body.ends[first:last]
            sizes = array("I", (end - begin for begin, end in zip([start, *ends], ends, strict=False)))
            yield Chunked(_to_little(body.stamps[first:last]), _to_little(sizes), bytes(body.data[start : ends[-1]]))
            first, start = last, ends[-1]

    @property
    def content_encoding(self) -> str:
        """The response's content encodings in lower case, in the order in which they were applied; "" for none."""
        return content_encoding(self.head.headers) if self.head else ""


def content_encoding(headers: Headers) -> str:
    """The content encodings of a response, those of several headers in a row (RFC 9110, section 5.3); "" for none."""
    values = [value.strip().lower() for name, value in headers if name.lower() == "content-encoding"]
    return ", ".join(value for value in values if value not in ("", "identity"))


def find_header(headers: Headers, name: str) -> str | None:
    """The first header of that name, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
