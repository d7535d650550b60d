"""Why an exchange on the wire ended early: exceptions of the HTTP stack to the codes of `recording.records.WireErrorCode`.

Only the wire process imports this: it needs httpx.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum

import h2.errors
import h2.events
import h2.exceptions
import h11
import httpcore
import httpx

from app.recording.records import WireErrorCode as Code


class Phase(StrEnum):
    """Where an exchange is; the words of `Ended.phase`."""

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
    """A cause that we found ourselves: its code, and a sentence."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code


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
    -67602: Code.TLS_WRONG_HOST,
    -67843: Code.TLS_UNKNOWN_CA,
    0x800B0101: Code.TLS_EXPIRED,
    0x800B010F: Code.TLS_WRONG_HOST,
    0x800B0109: Code.TLS_UNKNOWN_CA,
    0x800B010A: Code.TLS_UNKNOWN_CA,
}
_NOT_TLS_REASONS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_CUT = re.compile(r"without sending complete message body|peer unexpectedly closed connection")
_SOURCE_LINE = re.compile(r"\s*\(_ssl\.c:\d+\)")
_OPENING = {Phase.PREPARE, Phase.DNS, Phase.CONNECT}  # there is no connection yet, to the endpoint or to the proxy


def explain(error: BaseException, phase: Phase, proxy: str = "") -> tuple[Code, str]:
    """The code and the message for an exception that ended an exchange in that phase.

    `proxy` is the proxy in use: what goes wrong before the tunnel stands went wrong with it, not with the endpoint.
    """
    found = next(((one, code) for one in _chain(error) if (code := _exactly(one, phase))), None)
    cause, code = found or (error, _by_class(error))
    message = _text(cause) if code is not Code.INTERNAL else f"{type(cause).__name__}: {cause}"
    if is_of_proxy(phase, proxy) and code not in (Code.BAD_URL, Code.CA_FILE):
        return Code.PROXY, of_proxy(proxy, message)
    return code, message


def is_of_proxy(phase: Phase, proxy: str) -> bool:
    """Whether what fails in this phase fails on the way to the proxy, or at it; `proxy` is "" for none."""
    return bool(proxy) and (phase is Phase.PROXY or phase in _OPENING)


def of_proxy(proxy: str, message: str) -> str:
    """The message with the proxy that it is about."""
    return f"proxy {proxy}: {message}"


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
    """What the instance itself tells; None where only its class says something."""
    match error:
        case WireError():
            return error.code
        case ssl.SSLError():
            return _tls_code(error)
        case OSError():
            return _os_code(error, phase)
        case h11.LocalProtocolError() | UnicodeEncodeError():
            return Code.SEND
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


def _tls_code(error: ssl.SSLError) -> Code:
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
    """A peer that ended a stream or the connection; None for one that spoke nonsense (h11's exception has the detail)."""
    event = error.args[0] if error.args else None
    if isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
        return Code.RESET
    if isinstance(event, str) and event.startswith("Server disconnected"):
        return Code.CUT if phase is Phase.RECEIVE else Code.RESET
    return None


def _goodbye(event: object) -> str:
    """HTTP/2's ways to break off, in words; "" for anything else."""
    if isinstance(event, h2.events.StreamReset):
        return f"the peer reset the HTTP/2 stream: {_error_name(event.error_code)}"
    if isinstance(event, h2.events.ConnectionTerminated):
        return f"the peer ended the HTTP/2 connection: {_error_name(event.error_code)}"
    return ""


def _error_name(code: int | None) -> str:
    return next((one.name for one in h2.errors.ErrorCodes if one == code), f"error {code}")


def _by_class(error: BaseException) -> Code:
    return next((COUNTERPARTS[kind] for kind in type(error).__mro__ if kind in COUNTERPARTS), Code.INTERNAL)


def _text(error: BaseException) -> str:
    if goodbye := next((_goodbye(arg) for arg in error.args), ""):
        return goodbye
    if isinstance(error, UnicodeEncodeError):  # its own text quotes a character, which may be one of the key
        return "a header holds a character that HTTP can't carry"
    if isinstance(error, ssl.SSLCertVerificationError) and (said := vars(error).get("verify_message")):
        return str(said)
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.strerror:
        if error.errno and error.strerror.startswith("Connect call failed"):  # asyncio's, in place of the system's words
            return os.strerror(error.errno)
        return error.strerror
    return _SOURCE_LINE.sub("", str(error)) or type(error).__name__
