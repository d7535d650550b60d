"""TLS for the wire: contexts on the OS trust store, and a stream that encrypts over any other stream.

The stream works on memory buffers, so that a byte's stamp is that of the socket read it came with, decrypted or not.
"""

from __future__ import annotations

import asyncio
import errno
import os
import ssl
import stat
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

import truststore

from app.recording import end_words
from app.recording.records import Certificate, EndDetail, EndReason
from app.recording.records import WireErrorCode as Code
from app.wire.departure import PathState
from app.wire.errors import WireError
from app.wire.flight import Hello
from app.wire.streams import Stream
from app.wire.tape import ConnectionInfo

_READ_BYTES = 1 << 16
_FIRST_BYTES = (0x15, 0x16)  # a TLS record that can open an answer: alert, handshake (RFC 8446, 5.1)


class ContextKey(NamedTuple):
    """What makes two contexts different.

    WORKAROUND: httpcore 1.0.9 sets the ALPN list on the context that it is handed, hence `http2`.
    """

    ca_file: str
    verify: bool
    http2: bool


class Contexts:
    """Builds contexts in a thread and caches them: loading the OS trust store takes tens of milliseconds."""

    def __init__(self) -> None:
        self._built: dict[ContextKey, asyncio.Future[ssl.SSLContext]] = {}

    async def get(self, key: ContextKey) -> ssl.SSLContext:
        """The context; raises WireError where the CA file can't be read. A failed one is tried again the next time."""
        known = self._built.get(key)
        if known is None or (known.done() and known.exception() is not None):
            known = self._built[key] = asyncio.get_running_loop().run_in_executor(None, build_context, key)
            known.add_done_callback(_look_at)
        # Two lines may wait for the same context: if one is cancelled, the other must still get it. (Python 3.14's `shield`
        # prints what such a one raises, looked at or not.)
        await asyncio.wait([known])
        return known.result()


def _look_at(built: asyncio.Future[ssl.SSLContext]) -> None:
    """Where nobody waits for a failed one any more, asyncio would print it as an error that was never looked at."""
    if not built.cancelled():
        built.exception()


def build_context(key: ContextKey) -> ssl.SSLContext:
    """A new context; slow.

    What Python and OpenSSL load when a handshake first begins, and when a certificate is first read, is loaded here: it takes
    some milliseconds on the loop that takes stamps, which would else count as the first endpoint's TLS and wait.
    """
    context = _made_context(key)
    # What httpcore does before each handshake, always with the same list: some are begun before it comes to that.
    context.set_alpn_protocols(["http/1.1", "h2"] if key.http2 else ["http/1.1"])
    Hello(context, "first.invalid")
    _utc("Jan  1 00:00:00 2026 GMT")
    return context


def _made_context(key: ContextKey) -> ssl.SSLContext:
    if not key.verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    context = _os_context()
    if key.ca_file:
        try:
            _require_regular(key.ca_file)
            context.load_verify_locations(cafile=key.ca_file)
        except (OSError, ssl.SSLError) as error:
            no_certificates = isinstance(error, ssl.SSLError) and error.reason == "NO_CERTIFICATE_OR_CRL_FOUND"
            says = end_words.NO_CERTIFICATES if no_certificates else error.strerror or str(error)
            detail = EndDetail(ca_file=key.ca_file, ca_says=says)
            raise WireError(Code.CA_FILE, f"the CA file {key.ca_file} can't be read: {says}", detail) from error
    return context


def _require_regular(name: str) -> None:
    """Raises OSError. A FIFO or a device may never end, and would hold the thread that reads it."""
    if not stat.S_ISREG(os.stat(name).st_mode):
        raise OSError(errno.EINVAL, end_words.NO_REGULAR_FILE)


def _os_context() -> ssl.SSLContext:
    """Load the OS trust store with truststore, but with OpenSSL alone where that finds the store itself.

    WORKAROUND: truststore 0.10.5 loads the whole store again for each connection on OpenSSL systems: 25 ms here, on the loop
    that takes stamps.
    """
    if sys.platform not in ("darwin", "win32"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_default_certs()
        if context.cert_store_stats()["x509_ca"]:
            return context
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class TlsStream(Stream):
    """TLS over a stream, by a handshake that was begun. Build it, then await `handshake`."""

    def __init__(self, inner: Stream, begun: Hello) -> None:
        super().__init__(inner.owner)
        self._inner = inner
        self._begin = begun.data
        self._incoming, self._outgoing, self._tls = begun.incoming, begun.outgoing, begun.tls
        self._fed_ns = 0
        self._ready: list[bytes] = []
        self._secure = False
        self._eof = False
        self._error: ssl.SSLError | None = None

    async def handshake(self) -> None:
        """Raises ssl.SSLError, OSError, or WireError for a peer that hangs up or does not speak TLS."""
        await self._inner.pass_on(self._begin)
        first, done = True, False
        while not done:
            self._fed_ns, data = await self._inner.receive()
            if not data:
                raise WireError(Code.RESET, end_words.CLOSED_IN_HANDSHAKE)
            if first and data[0] not in _FIRST_BYTES:
                detail = EndDetail(EndReason.PLAIN_HTTP if data.startswith(b"HTTP/") else "")
                raise WireError(Code.TLS_NOT_TLS, f"the peer answered the TLS handshake with {data[:40]!r}", detail)
            first = False
            self._incoming.write(data)
            done = self._shake()
            await self._flush()
        self._secure = True
        if self._tls.selected_alpn_protocol() == "h2":
            self.watch_frames()

    def _shake(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLZeroReturnError as error:
            raise WireError(Code.RESET, end_words.CLOSED_IN_HANDSHAKE) from error
        except ssl.SSLError:
            self._inner.transmit_now(self._outgoing.read())  # the alert that tells the peer why
            raise
        return True

    async def receive(self) -> tuple[int, bytes]:
        self._decrypt()
        while not self._ready and not self._eof:
            if self._error is not None:
                raise self._error
            await self._flush()
            self._feed(*await self._inner.receive())
        data, self._ready = b"".join(self._ready), []
        return self._fed_ns, data

    def _feed(self, ns: int, data: bytes) -> None:
        self._fed_ns = ns
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        self._decrypt()

    def _decrypt(self) -> None:
        """All that can be decrypted now. A close without close_notify counts as the end: many servers leave it out."""
        if self._error is not None:  # the end that follows is none of the answer's
            return
        try:
            while part := self._tls.read(_READ_BYTES):
                self._ready.append(part)
            self._eof = True
        except ssl.SSLWantReadError:
            return
        except ssl.SSLEOFError:
            self._eof = True
        except ssl.SSLError as error:
            self._error = error

    async def transmit(self, data: bytes) -> None:
        self._tls.write(data)
        await self._flush()

    def transmit_now(self, data: bytes) -> None:
        self._tls.write(data)
        self._inner.transmit_now(self._outgoing.read())

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._inner.transmit(self._outgoing.read())
        self.last_write_ns = self._inner.last_write_ns

    def take_waiting(self) -> list[tuple[int, bytes]]:
        for ns, data in self._inner.take_waiting():
            self._feed(ns, data)
        data, self._ready = b"".join(self._ready), []
        return [(self._fed_ns, data)] if data else []

    def mark_end(self) -> None:
        self._inner.mark_end()

    def departed(self) -> tuple[int | None, int | None]:
        return self._inner.departed()

    def path_state(self) -> PathState | None:
        return self._inner.path_state()

    @property
    def sent_bytes(self) -> int:
        return self._inner.sent_bytes

    @property
    def over(self) -> bool:
        return self._eof or self._error is not None or self._inner.over

    async def aclose(self) -> None:
        with suppress(ssl.SSLError):
            self._tls.unwrap()
        self._inner.transmit_now(self._outgoing.read())
        await self._inner.aclose()

    def abort(self) -> None:
        self._inner.abort()

    @property
    def tls(self) -> ssl.SSLObject:
        return self._tls

    def describe(self) -> ConnectionInfo:
        """Of a handshake that failed the peer's certificate alone, as far as it came."""
        if not self._secure:
            return self._inner.describe()._replace(certificate=read_certificate(_shown_certificate(self._tls)))
        cipher = self._tls.cipher()
        return self._inner.describe()._replace(
            tls_version=self._tls.version() or "",
            cipher=cipher[0] if cipher else "",
            alpn=self._tls.selected_alpn_protocol() or "",
            certificate=read_certificate(self._tls.getpeercert()),
        )


def _shown_certificate(tls: ssl.SSLObject) -> object:
    """What the peer showed as its certificate, verified or not, as `getpeercert` gives it; None where it showed none.

    WORKAROUND: Python (3.10 to 3.14) has it in a private attribute alone, and gives bytes of DER in public (3.13 on).
    """
    chain = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", lambda: None)()
    return chain[0].get_info() if chain else None


def read_certificate(fields: object) -> Certificate | None:
    """The certificate from what `getpeercert` gives; None where that is empty (verification off, or done by the OS)."""
    if not isinstance(fields, dict) or not fields:
        return None
    return Certificate(
        subject=_name(fields.get("subject", ())),
        issuer=_name(fields.get("issuer", ())),
        names=tuple(str(value) for _, value in fields.get("subjectAltName", ())),
        not_before=_utc(fields.get("notBefore")),
        not_after=_utc(fields.get("notAfter")),
    )


def _name(parts: object) -> str:
    pairs = [pair for group in parts for pair in group] if isinstance(parts, tuple) else []
    return ", ".join(f"{key}={value}" for key, value in pairs)


def _utc(text: object) -> str:
    if not isinstance(text, str):
        return ""
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC).isoformat().replace("+00:00", "Z")
