"""Why an exchange on the wire ended early: one code a cause, so that diagnosis never has to read exception texts."""

from __future__ import annotations

from enum import StrEnum


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
    INTERNAL = "internal"  # a fault of ours
