"""Why an exchange on the wire ended early: exceptions of the HTTP stack to the codes of `recording.records.WireErrorCode`.

Only the wire process imports this: it needs httpx.
"""

from __future__ import annotations

import ast
import errno
import os
import re
import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import h2.errors
import h2.events
import h2.exceptions
import h11
import httpcore
import httpx
from msgspec import structs

from app.recording import end_words
from app.recording.records import EndDetail, EndReason
from app.recording.records import WireErrorCode as Code
from app.wire.trust import broken_variable


class Phase(StrEnum):
    """Where an exchange is; the values of `Ended.phase`."""

    PREPARE = "prepare"
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    SEND = "send"
    WAIT = "wait"  # the request is out, no byte of the answer is in
    HEAD = "head"  # the answer has begun, its header block is not complete
    RECEIVE = "receive"


class WireError(Exception):
    """A cause found by Diptych and not by the HTTP stack: its code, a sentence, and the same as values."""

    def __init__(self, code: Code, message: str, detail: EndDetail | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail or EndDetail()


class Cause(NamedTuple):
    """Why an exchange ended with an error, as the fields of `Ended` of the same names."""

    code: Code
    message: str
    detail: EndDetail


COUNTERPARTS: dict[type[BaseException], Code] = {
    httpx.HTTPError: Code.INTERNAL,
    httpx.RequestError: Code.INTERNAL,
    httpx.TransportError: Code.INTERNAL,
    httpx.TimeoutException: Code.TOTAL_TIMEOUT,
    httpx.ConnectTimeout: Code.CONNECT_TIMEOUT,
    httpx.ReadTimeout: Code.SILENCE_TIMEOUT,
    httpx.WriteTimeout: Code.SEND,
    httpx.PoolTimeout: Code.INTERNAL,
    httpx.NetworkError: Code.RESET,
    httpx.ConnectError: Code.CONNECT,
    httpx.ReadError: Code.RESET,
    httpx.WriteError: Code.SEND,
    httpx.CloseError: Code.RESET,
    httpx.ProxyError: Code.PROXY,
    httpx.UnsupportedProtocol: Code.BAD_URL,
    httpx.ProtocolError: Code.NOT_HTTP,
    httpx.LocalProtocolError: Code.SEND,
    httpx.RemoteProtocolError: Code.NOT_HTTP,
    httpx.DecodingError: Code.NOT_HTTP,
    httpx.TooManyRedirects: Code.INTERNAL,
    httpx.HTTPStatusError: Code.INTERNAL,
    httpx.InvalidURL: Code.BAD_URL,
    httpx.CookieConflict: Code.INTERNAL,
    httpx.StreamError: Code.INTERNAL,
    httpx.StreamConsumed: Code.INTERNAL,
    httpx.StreamClosed: Code.INTERNAL,
    httpx.ResponseNotRead: Code.INTERNAL,
    httpx.RequestNotRead: Code.INTERNAL,
    httpcore.TimeoutException: Code.TOTAL_TIMEOUT,
    httpcore.ConnectTimeout: Code.CONNECT_TIMEOUT,
    httpcore.ReadTimeout: Code.SILENCE_TIMEOUT,
    httpcore.WriteTimeout: Code.SEND,
    httpcore.PoolTimeout: Code.INTERNAL,
    httpcore.NetworkError: Code.RESET,
    httpcore.ConnectError: Code.CONNECT,
    httpcore.ReadError: Code.RESET,
    httpcore.WriteError: Code.SEND,
    httpcore.ProxyError: Code.PROXY,
    httpcore.UnsupportedProtocol: Code.BAD_URL,
    httpcore.ProtocolError: Code.NOT_HTTP,
    httpcore.LocalProtocolError: Code.SEND,
    httpcore.RemoteProtocolError: Code.NOT_HTTP,
    httpcore.ConnectionNotAvailable: Code.RESET,
}
"""Each exception of httpx and httpcore, and what it means where nothing more exact is known. A test walks both trees."""

# X509_V_ERR_* of OpenSSL; negative ones are macOS's errSec*, 0x800B.... Windows's CERT_E_* (truststore hands them through).
_CERTIFICATE: dict[int, Code] = {
    9: Code.TLS_EXPIRED,  # not yet valid
    10: Code.TLS_EXPIRED,
    18: Code.TLS_SELF_SIGNED,
    62: Code.TLS_WRONG_HOST,
    64: Code.TLS_WRONG_HOST,
    19: Code.TLS_UNKNOWN_CA,
    2: Code.TLS_UNKNOWN_CA,
    20: Code.TLS_UNKNOWN_CA,
    21: Code.TLS_UNKNOWN_CA,
    27: Code.TLS_UNKNOWN_CA,
    -67818: Code.TLS_EXPIRED,
    -67819: Code.TLS_EXPIRED,  # not yet valid
    -67602: Code.TLS_WRONG_HOST,
    -67843: Code.TLS_UNKNOWN_CA,
    0x800B0101: Code.TLS_EXPIRED,
    0x800B010F: Code.TLS_WRONG_HOST,
    0x800B0109: Code.TLS_UNKNOWN_CA,
    0x800B010A: Code.TLS_UNKNOWN_CA,
}
_NOT_YET_VALID = {9, -67819}
_ALERT = re.compile(r"(?:sslv3|tlsv13?) (?:alert )?([a-z ]+)")  # as OpenSSL tells that the peer sent one
_NOT_TLS_REASONS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_CUT = re.compile(r"without sending complete message body|peer unexpectedly closed connection")
_SOCKS_REFUSAL = "Proxy Server could not connect: "
# WORKAROUND: httpcore 1.0.9 gives a proxy's reply as text alone (`http_proxy.py`: its status; `socks_proxy.py`: its reply).
_AT_PROXY = (
    ("407", EndReason.PROXY_LOGIN),
    ("Requested .* NO ACCEPTABLE METHODS|Invalid username/password", EndReason.SOCKS_LOGIN),
    (r"5\d\d|" + _SOCKS_REFUSAL + "(?:Network|Host) unreachable", EndReason.PROXY_NO_WAY),
    (_SOCKS_REFUSAL + "(?:Connection refused|TTL expired|General SOCKS)", EndReason.PROXY_NO_WAY),
)
# WORKAROUND: h11 0.16.0 has only texts for a first line that is not HTTP, and for a status 101 that was not requested.
_NO_STATUS_LINE = ("illegal status line", "illegal request line", "no response line")
_UPGRADE = "_SWITCH_UPGRADE"
_PYTHON_BYTES = re.compile(r"""(?:bytearray|bytes)\((b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\)""")
_OF_PYTHON = re.compile(r"^\[SSL[^]]*\] |\s*\(_ssl\.c:\d+\)")  # what its ssl puts around OpenSSL's words
_OPENING = {Phase.PREPARE, Phase.DNS, Phase.CONNECT}  # there is no connection yet, to the endpoint or to the proxy
_SECURING = _OPENING | {Phase.PROXY, Phase.TLS}  # a handshake of TLS that fails fails here


def explain(error: BaseException, phase: Phase, proxy: str = "") -> Cause:
    """What an exception means that ended an exchange in that phase.

    `proxy` is the proxy in use: what goes wrong before the tunnel stands went wrong with it, not with the endpoint.
    """
    found = next(((one, code) for one in _chain(error) if (code := _exactly(one, phase))), None)
    cause, code = found or (error, _by_class(error))
    message = _text(cause) if code is not Code.INTERNAL else f"{type(cause).__name__}: {cause}"
    at_proxy = is_of_proxy(phase, proxy) and code not in (Code.BAD_URL, Code.CA_FILE)
    if not at_proxy and code is not Code.PROXY:
        return Cause(code, message, _detail(cause, code, message, phase))
    known = cause.detail if isinstance(cause, WireError) else EndDetail()
    said = message.removeprefix(_SOCKS_REFUSAL)
    detail = structs.replace(known, reason=_reason_at_proxy(code, message), proxy_says=said)
    failed = Cause(Code.PROXY, message, detail)
    return of_proxy(proxy, failed) if at_proxy else failed


def is_of_proxy(phase: Phase, proxy: str) -> bool:
    """Whether what fails in this phase fails on the way to the proxy, or at it; `proxy` is "" for none."""
    return bool(proxy) and (phase is Phase.PROXY or phase in _OPENING)


def of_proxy(proxy: str, cause: Cause) -> Cause:
    """The cause with the proxy that it is about."""
    return Cause(cause.code, f"proxy {proxy}: {cause.message}", structs.replace(cause.detail, proxy=proxy))


def _detail(cause: BaseException, code: Code, message: str, phase: Phase) -> EndDetail:
    if isinstance(cause, WireError):
        return cause.detail
    if isinstance(cause, ssl.SSLError) and (detail := _detail_of_tls(cause, phase)) is not None:
        return detail
    if code in (Code.TLS_UNKNOWN_CA, Code.TLS_SELF_SIGNED) and (variable := broken_variable()) is not None:
        return EndDetail(trust_variable=variable.name, trust_path=variable.path, trust_state=variable.state)
    if http2_error := next((name for arg in cause.args if (name := _http2_error(arg))), ""):
        return EndDetail(http2_error=http2_error)
    if code is not Code.NOT_HTTP:
        return EndDetail()
    if any(isinstance(one, h2.exceptions.H2Error) for one in _chain(cause)):
        return EndDetail(EndReason.HTTP2_BROKEN)
    return EndDetail(EndReason.UPGRADE if _UPGRADE in message else _reason_of_line(message))


def _detail_of_tls(error: ssl.SSLError, phase: Phase) -> EndDetail | None:
    """None where nothing more is known of the failure."""
    if vars(error).get("verify_code") in _NOT_YET_VALID:
        return EndDetail(EndReason.NOT_YET_VALID)
    if vars(error).get("reason") == "UNSUPPORTED_PROTOCOL":
        return EndDetail(tls_alert="protocol_version")
    if alert := _ALERT.search(str(error)):
        return EndDetail(tls_alert=alert[1].strip().replace(" ", "_"))
    return None if phase in _SECURING else EndDetail(EndReason.TLS_BROKEN)


def _reason_at_proxy(code: Code, message: str) -> str:
    if code is Code.TLS_NOT_TLS:
        return EndReason.PROXY_NOT_TLS
    said = (reason for pattern, reason in _AT_PROXY if re.match(pattern, message))
    return next(said, "") or _reason_of_line(message)


def _reason_of_line(message: str) -> str:
    """Whether h11 rejects the first line of an answer, and whether that line was HTTP."""
    if not message.startswith(_NO_STATUS_LINE):
        return ""
    return EndReason.BAD_HTTP_LINE if "HTTP/1." in message else EndReason.NO_HTTP_LINE


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, then what it was raised from or wraps, innermost last."""
    seen: set[int] = set()
    pending: list[BaseException] = [error]
    while pending:
        one = pending.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        wrapped = [arg for arg in one.args if isinstance(arg, BaseException)]
        pending += [inner for inner in (*wrapped, one.__cause__, one.__context__) if inner is not None]


def _exactly(error: BaseException, phase: Phase) -> Code | None:
    """The code by the instance's own details; None where only its class says something."""
    match error:
        case WireError():
            return error.code
        case ssl.SSLError():
            return _tls_code(error, phase)
        case OSError():
            return _os_code(error, phase)
        case h11.LocalProtocolError() | UnicodeEncodeError():
            return Code.SEND
        # WORKAROUND: h11 0.16.0 has one type for all that a peer does wrong; only the text tells them apart.
        case h11.RemoteProtocolError() if phase is Phase.HEAD and str(error) == "Receive buffer too long":
            return Code.TOO_LARGE
        case h11.RemoteProtocolError():
            return Code.CUT if _CUT.search(str(error)) else Code.NOT_HTTP
        case h2.exceptions.H2Error():
            return Code.SEND if phase is Phase.SEND else Code.NOT_HTTP
        case httpcore.RemoteProtocolError() | httpx.RemoteProtocolError():
            return _closed_code(error, phase)
        case httpcore.LocalProtocolError() | httpx.LocalProtocolError() if phase not in (Phase.PREPARE, Phase.SEND):
            return Code.NOT_HTTP
    return None


def _tls_code(error: ssl.SSLError, phase: Phase) -> Code:
    if phase not in _SECURING:
        return Code.RESET
    if isinstance(error, ssl.SSLCertVerificationError):
        number: int = vars(error).get("verify_code", 0)
        return _CERTIFICATE.get(number, _CERTIFICATE.get(number & 0xFFFFFFFF, Code.TLS))
    return Code.TLS_NOT_TLS if vars(error).get("reason") in _NOT_TLS_REASONS else Code.TLS


def _os_code(error: OSError, phase: Phase) -> Code:
    if isinstance(error, socket.gaierror) or phase is Phase.DNS:
        return Code.DNS
    if phase not in _OPENING:
        return Code.RESET
    if isinstance(error, ConnectionRefusedError):
        return Code.REFUSED
    if error.errno in _UNREACHABLE:
        return Code.UNREACHABLE
    return Code.CONNECT_TIMEOUT if isinstance(error, TimeoutError) else Code.CONNECT


def _closed_code(error: BaseException, phase: Phase) -> Code | None:
    """A peer that ended a stream or the connection; None for a protocol violation (h11's exception has the detail)."""
    event = error.args[0] if error.args else None
    if isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
        return Code.RESET
    # WORKAROUND: httpcore 1.0.9 has no type of its own for it.
    if isinstance(event, str) and event.startswith("Server disconnected"):
        return Code.CUT if phase is Phase.RECEIVE else Code.RESET
    return None


def _goodbye(event: object) -> str:
    """A sentence for RST_STREAM and GOAWAY; "" for anything else."""
    ended = "reset the HTTP/2 stream" if isinstance(event, h2.events.StreamReset) else "ended the HTTP/2 connection"
    return f"the peer {ended}: {name}" if (name := _http2_error(event)) else ""


def _http2_error(event: object) -> str:
    """The name of the error code with which the peer broke off over HTTP/2; "" for anything else."""
    if not isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
        return ""
    return next((one.name for one in h2.errors.ErrorCodes if one == event.error_code), f"error {event.error_code}")


def _by_class(error: BaseException) -> Code:
    return next((COUNTERPARTS[kind] for kind in type(error).__mro__ if kind in COUNTERPARTS), Code.INTERNAL)


def _text(error: BaseException) -> str:
    if goodbye := next((_goodbye(arg) for arg in error.args), ""):
        return goodbye
    if length := next((one for one in _chain(error) if isinstance(one, h2.exceptions.InvalidBodyLengthError)), None):
        return f"its content-length is {length.expected_length}, and {length.actual_length} bytes came"
    if isinstance(error, UnicodeEncodeError):  # its own text quotes a character, which may be one of the key
        return end_words.ODD_HEADER
    if isinstance(error, ssl.SSLCertVerificationError) and (said := vars(error).get("verify_message")):
        return str(said)
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.strerror:
        # WORKAROUND: asyncio (Python 3.11 to 3.13) puts a text of its own in place of the system's.
        if error.errno and error.strerror.startswith("Connect call failed"):
            return os.strerror(error.errno)
        return error.strerror
    return _PYTHON_BYTES.sub(_shown, _OF_PYTHON.sub("", str(error))) or type(error).__name__


def _shown(literal: re.Match[str]) -> str:
    """Bytes as Python prints them, as people read them: in quotation marks, without the line's end."""
    try:
        value: bytes = ast.literal_eval(literal.group(1))
    except (ValueError, SyntaxError):
        return literal.group()
    return f"“{value.decode('ascii', 'backslashreplace').strip()}”"
