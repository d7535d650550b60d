"""The records of an exchange, one struct each: what the wire process sends, the journal appends and a run file holds.

Nothing in here is derived: events, text, timing and findings are functions of a recording (`app.exchange`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

NO_STAMP = -1

SideName = Literal["a", "b"]
"""One of the two sides; the side itself with its exchanges is `app.run.side.Side`."""


class RunFileError(Exception):
    """A file that is not a run of Diptych, or one that is damaged before its end; the text says where."""


class MarkName(StrEnum):
    """Moments of an exchange, in the order in which they happen. A reused connection has none before `SEND_BEGIN`."""

    DNS_BEGIN = "dns_begin"
    DNS_END = "dns_end"
    CONNECT_BEGIN = "connect_begin"
    CONNECT_END = "connect_end"
    PROXY_END = "proxy_end"
    TLS_BEGIN = "tls_begin"
    TLS_END = "tls_end"
    SEND_BEGIN = "send_begin"
    SEND_END = "send_end"
    FIRST_BYTE = "first_byte"  # of the final response; 1xx responses do not count
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
    """What a recording remembers of the endpoint profile: never its key. `client` is the one that it is for (`app.clients`).

    `demo`: which of the demo's endpoints it is, the same in every language (`app.store.presets`); "" for any other.
    """

    name: str
    base_url: str
    protocol: str
    auth: str = ""
    label: str = ""
    verify_tls: bool = True
    prices: dict[str, float] | None = None
    client: str = ""
    demo: str = ""


class Wanted(StrEnum):
    """What a request is sent for."""

    ANSWER = "answer"  # of a model
    MODELS = "models"  # the list of models
    COUNT = "count"  # of a request's tokens, no answer
    REFUSAL = "refusal"  # it is broken on purpose, to see whether and how it is refused


GENERATED = frozenset({Wanted.ANSWER, Wanted.REFUSAL})
"""What a model answers where it is not refused; anything else is a document of the endpoint's own."""


class Envelope(msgspec.Struct, frozen=True):
    """Who asked whom for what, and when. `started_utc` is ISO 8601 with a Z; `side` is None for a lone capture.

    An exchange of a check (`app.checks`) names it in `check`, and in `step` which of its requests it is; `round` then counts
    those of the same step, and `attempt` how often the check has been run.
    """

    protocol: str
    profile: ProfileNote
    scenario: str = ""
    model: str = ""
    side: SideName | None = None
    round: int = 1
    streamed: bool = False
    started_utc: str = ""
    app_version: str = ""
    check: str = ""
    step: str = ""
    attempt: int = 1
    wanted: Wanted = Wanted.ANSWER


class Certificate(msgspec.Struct, frozen=True):
    """The peer's certificate: names as text, validity as ISO 8601 UTC."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""


CHECKS_SCENARIO = "checks"
"""The scenario of a file of checks (`app.checks`); that of any other is a run's."""
STUDY_SCENARIO = "study"
"""That of a file of a study (`app.study`)."""
LOAD_SCENARIO = "load"
"""That of a file of a load (`app.study.load`): its steps, and some of its exchanges."""
SESSION_SCENARIOS = frozenset({CHECKS_SCENARIO, STUDY_SCENARIO, LOAD_SCENARIO})
"""Those of files that are no run's."""


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


class Departed(msgspec.Struct, frozen=True, tag_field="record", tag="departed"):
    """What the kernel tells of the request's last byte, in nanoseconds as in `Marked`; None is "not told" (yet).

    `sent_ns`: it was handed to the network device. `acknowledged_ns`: its acknowledgement came, from whatever the connection
    ends at (an edge or a proxy, perhaps). Known later than it happened, hence no mark.
    """

    sent_ns: int | None = None
    acknowledged_ns: int | None = None


class PathNoted(msgspec.Struct, frozen=True, tag_field="record", tag="path_noted"):
    """The state of the connection's path when a mark was set, as the kernel's TCP tells it; None is "not told".

    `rtt_us` is the smoothed round trip, `least_rtt_us` the least that was seen, in microseconds. `resent` counts the segments
    that were sent again, `out_of_order` those that came before one that they follow, both since the connection was opened.
    """

    mark: MarkName
    rtt_us: int | None = None
    least_rtt_us: int | None = None
    resent: int | None = None
    out_of_order: int | None = None


class Connected(msgspec.Struct, frozen=True, tag_field="record", tag="connected"):
    """The connection that carries the exchange.

    `reused` is True for one kept from an earlier exchange. `stamped_by` says whose time the stamps of what was read are: the
    "kernel"'s, when the bytes came, that of the "read", or that of the program that captured it, by its name; "" where the
    file does not say.
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
    each a chunk; `data` is all chunks in a row. `frame_ends` are little-endian unsigned 64-bit offsets in the whole body, one
    behind each HTTP chunk (HTTP/1.1) or DATA frame (HTTP/2) that ended meanwhile; b"" where there is none, or none is known.
    """

    stamps: bytes
    sizes: bytes
    data: bytes
    frame_ends: bytes = b""


class Masked(msgspec.Struct, frozen=True, tag_field="record", tag="masked"):
    """A secret was replaced by a mask of the same length. `where` is "sent", "head" or "body" (offset in stored bytes),
    "cookie" (as "head") for a cookie or a token that the answer itself brings, masked by its name, or a part of the reading
    (offset in characters, see `app.exchange.masked_text`)."""

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


class EndReason(StrEnum):
    """Why an exchange ended, more exactly than `Ended.kind` and `Ended.code` say."""

    TORN_FILE = "torn_file"  # INTERRUPTED: the file ends before the exchange does
    RECORDER = "recorder"  # CANCELLED: whoever recorded it did, or a limit of the program that recorded it
    OWN_FAULT = "own_fault"  # INTERRUPTED: a fault in Diptych, not of the endpoint, the network or the user
    PROXY_LOGIN = "proxy_login"  # an HTTP proxy wants a user name and a password (407)
    SOCKS_LOGIN = "socks_login"  # a SOCKS proxy does
    PROXY_NOT_TLS = "proxy_not_tls"  # the address of the proxy says https://, and the proxy answers in plain text
    PROXY_NO_WAY = "proxy_no_way"  # the proxy could not reach the host
    NO_HTTP_LINE = "no_http_line"  # not even the first line of the answer is one of HTTP
    BAD_HTTP_LINE = "bad_http_line"  # the first line is one of HTTP, and malformed
    UPGRADE = "upgrade"  # status 101: the peer switches to a protocol that nobody asked for
    TLS_ALERT = "tls_alert"  # the peer answered a request in plain text with an alert of TLS
    HTTP2_BROKEN = "http2_broken"  # NOT_HTTP: the peer speaks HTTP/2 and breaks its rules
    HTTP2_UNASKED = "http2_unasked"  # NOT_HTTP: the peer answered a request of HTTP/1.1 in HTTP/2
    HTTP1_UNASKED = "http1_unasked"  # NOT_HTTP: the peer chose HTTP/2 and answered in HTTP/1
    NOT_YET_VALID = "not_yet_valid"  # TLS_EXPIRED: the certificate's time has not begun
    PLAIN_HTTP = "plain_http"  # TLS_NOT_TLS: the peer answered the TLS handshake in HTTP
    TLS_BROKEN = "tls_broken"  # RESET: after the handshake something came that is no TLS, or can't be decrypted
    DECODED_LIMIT = "decoded_limit"  # TOO_LARGE: not the body as it came, but what it decodes to


class Flaw(StrEnum):
    """What of an answer's framing breaks HTTP/1.1's rules (RFC 9110, RFC 9112), and was read all the same."""

    CONTINUE = "continue"  # a response 100 to a request that expected none
    LENGTH_TWICE = "length_twice"  # one length in two headers Content-Length
    LENGTH_LIST = "length_list"  # one length twice in one header Content-Length
    LINE_FEED = "line_feed"  # a header line ends with LF alone
    CONTROL = "control"  # a control character in a header's value
    VERSION = "version"  # a version of HTTP/1 that there is not
    CHUNK_BLANK = "chunk_blank"  # a blank behind a chunk's size


class TrustState(StrEnum):
    """What is the matter with what a variable names as the authorities to trust."""

    MISSING = "missing"  # there is no such file, or no such folder
    FOLDER = "folder"  # a folder in a file's place
    UNREADABLE = "unreadable"
    EMPTY = "empty"  # no certificate in PEM form is in the file


PROXY_BY_SCRIPT = "pac:"


class EndDetail(msgspec.Struct, frozen=True, omit_defaults=True):
    """What ended an exchange, as values; `Ended.message` says the same to people. What does not apply has its default.

    `reason` is an `EndReason`, or one that a newer version knows. `proxy` is the proxy at which it failed, without its login,
    and `proxy_says` what went wrong there; `proxy_scheme` is the kind of one that can't be used, whose address is in `proxy`
    only where it has no login. `ca_file` is the profile's file of authorities that can't be read, `ca_says` what the system or
    OpenSSL says of it. `waited_s` is how long nothing came (the total limit: how long the exchange ran) until the limit of
    `limit_s` was reached. `limit_bytes` is the size limit that was passed. `http2_error` is the name of the
    error code (RFC 9113, section 7) with which the peer ended the stream or the connection; `tls_alert` that of the alert
    (RFC 8446, section 6.2) with which it ended TLS, or we did, since its TLS is too old. Where the authority that signed a
    certificate is not known: the variable of OpenSSL that names no authorities that can be used, with what it names and its
    `TrustState`. `desktop_proxy` is the one that the desktop had set, without its login, where no connection came about and
    none was used; `PROXY_BY_SCRIPT` where a script of the desktop's (PAC) would have to tell.
    """

    reason: str = ""
    proxy: str = ""
    proxy_says: str = ""
    limit_s: float | None = None
    waited_s: float | None = None
    limit_bytes: int | None = None
    http2_error: str = ""
    tls_alert: str = ""
    trust_variable: str = ""
    trust_path: str = ""
    trust_state: str = ""
    proxy_scheme: str = ""
    ca_file: str = ""
    ca_says: str = ""
    desktop_proxy: str = ""


class Ended(msgspec.Struct, frozen=True, tag_field="record", tag="ended"):
    """The exchange is over. `code` is a `WireErrorCode` where `kind` is ERROR, `phase` where it was.

    `message` is for people; nothing is read out of it. `detail` is there for the kinds ERROR and INTERRUPTED, and the reason
    RECORDER; files of before it get theirs from `app.recording.legacy_end`. `flaws` are those of the answer, whatever the kind:
    `Flaw`s, or what a newer version knows.
    """

    kind: EndKind
    ns: int = NO_STAMP
    code: str = ""
    message: str = ""
    phase: str = ""
    detail: EndDetail | None = None
    flaws: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True, tag_field="record", tag="asked"):
    """After an exchange whose path or protocol looked wrong: one more POST to the same origin, and what came of it.

    `protocol` and `base_url` are those of the profile that would ask so ("" where the address holds a secret); `path` is as it
    was asked. `status` is 0 where nothing came. `answer` is the kind of the answer (`app.diagnosis.candidates.judge`), never
    its words. `verdict` is for this protocol at this path; a control asks a path that no server has.
    """

    protocol: str
    base_url: str
    path: str
    status: int
    answer: str
    verdict: Literal["speaks", "absent", "unclear"]
    control: bool = False


Record = RunOpened | Opened | Sent | Marked | Departed | PathNoted | Connected | Headed | Chunked | Masked | Ended | Asked


def content_encoding(headers: Headers) -> str:
    """The content encodings of a response, those of several headers in a row (RFC 9110, section 5.3); "" for none."""
    values = [value.strip().lower() for name, value in headers if name.lower() == "content-encoding"]
    return ", ".join(value for value in values if value not in ("", "identity"))


def find_header(headers: Headers, name: str) -> str | None:
    """The first header of that name, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
