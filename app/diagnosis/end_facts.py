"""Facts of how far an exchange came: how it ended, what had come, how long nothing did, and what the connection was."""

from __future__ import annotations

import re
from functools import cached_property

from app.exchange.exchange import Exchange
from app.exchange.timing import TOLD_SILENCE_MS, start_ns
from app.recording.records import NO_STAMP, Certificate, EndDetail, EndKind, MarkName

_WAITED_FROM = {
    "connect_timeout": (MarkName.TLS_BEGIN, MarkName.CONNECT_BEGIN, MarkName.DNS_BEGIN),
    "first_byte_timeout": (MarkName.SEND_END, MarkName.SEND_BEGIN),
    "silence_timeout": (MarkName.HEAD_END, MarkName.FIRST_BYTE, MarkName.SEND_END),
}
_NAME_PART = re.compile(r"(\w+)=(.*?)(?=, \w+=|$)")  # of a name in a certificate (`app.wire.tls`)
_ISSUER_PARTS = ("commonName", "organizationName", "organizationalUnitName")
LONG_SILENCE_S = 0.5
AT_ONCE_NS = 500_000_000  # a round trip and some: the least that a server takes to see that a request is none of TLS


class EndFacts:
    """How an exchange ended, and what came until then.

    Attributes:
        kind, code, phase, detail: how the wire's part ended, as in `Ended`; `code` is "" where that is no error.
        message: the same for people.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._recording = exchange, exchange.recording
        end = exchange.recording.end
        self.kind = end.kind if end else EndKind.INTERRUPTED
        self.code = end.code if end and self.kind is EndKind.ERROR else ""
        self.phase = end.phase if end else ""
        self.message = end.message if end else ""
        self.detail = (end.detail if end else None) or EndDetail()

    # -- what had come ------------------------------------------------------------------------------------------------

    @property
    def came(self) -> str:
        """What had come: "events", "bytes" of the answer, the "head" of the response alone, or "nothing"."""
        if len(self._exchange.events):
            return "events"
        if self.received:
            return "bytes"
        return "head" if self._recording.head else "nothing"

    @property
    def received(self) -> int:
        """Bytes of the answer's body, as they came."""
        return len(self._recording.body.data)

    # -- how long -----------------------------------------------------------------------------------------------------

    @cached_property
    def waited_s(self) -> float | None:
        """How long nothing came before the time limit struck; None where the recording does not tell."""
        end = self._recording.end
        since = None if end is None or end.ns == NO_STAMP else self._waited_since()
        return self.detail.waited_s if end is None or since is None else (end.ns - since) / 1e9

    def _waited_since(self) -> int | None:
        marks, stamps = self._recording.marks, self._recording.body.stamps
        if self.code == "silence_timeout" and stamps and stamps[-1] != NO_STAMP:
            return stamps[-1]
        named = (marks[name] for name in _WAITED_FROM.get(self.code, ()) if name in marks)
        return next(named, start_ns(self._recording))

    @property
    def closed_at_once(self) -> bool:
        """Whether the end came as soon after the request as no model answers."""
        end, sent = self._recording.end, self._recording.marks.get(MarkName.SEND_END)
        return end is not None and sent is not None and end.ns != NO_STAMP and end.ns - sent < AT_ONCE_NS

    @property
    def longer_s(self) -> float:
        """Twice the time that was waited, rounded up to ten seconds, as the next limit to try."""
        return float(-(-int((self.waited_s or 30.0) * 2) // 10) * 10)

    @cached_property
    def contentless_s(self) -> float:
        """How long, up to its end, the answer brought bytes and no content; 0 where it brought none, or that can't be told."""
        end, stamps = self._recording.end, self._recording.body.stamps
        last = self._exchange.events.last_stamp() or self._recording.marks.get(MarkName.HEAD_END)
        if end is None or last is None or not stamps or stamps[-1] == NO_STAMP:
            return 0.0
        brought_bytes = stamps[-1] - last > (end.ns - last) / 2
        return (end.ns - last) / 1e9 if brought_bytes else 0.0

    @property
    def silent_s(self) -> float | None:
        """How long nothing had come before the end, to a tenth of a second; None for less than half a second (two, where the
        user ended it: a model may pause so long), and where that is not known."""
        end, stamps = self._recording.end, self._recording.body.stamps
        if end is None or end.ns == NO_STAMP or not stamps or stamps[-1] == NO_STAMP:
            return None
        silent_s = (end.ns - stamps[-1]) / 1e9
        least_s = TOLD_SILENCE_MS / 1e3 if self.kind is EndKind.CANCELLED else LONG_SILENCE_S
        return round(silent_s, 1) if silent_s >= least_s else None

    @property
    def first_byte_s(self) -> float | None:
        """How long the request waited for the first byte, None where that is not known."""
        wait_ms = self._exchange.timing.wait
        return None if wait_ms is None else wait_ms / 1e3

    # -- the connection -----------------------------------------------------------------------------------------------

    @cached_property
    def proxy(self) -> str:
        """The proxy in use, without its login; "" for none, and where the recording does not tell."""
        way = self._recording.connection
        return self.detail.proxy or (way.proxy if way else "")

    @cached_property
    def _certificate(self) -> Certificate:
        """What the peer showed, whether it was taken or not; an empty one where that is not known."""
        connection = self._recording.connection
        return (connection.certificate if connection else None) or Certificate()

    @property
    def certificate_names(self) -> tuple[str, ...]:
        """The names that the peer's certificate is for; () where they are not known."""
        return self._certificate.names

    @property
    def certificate_issuer(self) -> str:
        """Who signed the peer's certificate, by the name that people know best; "" where that is not known."""
        named = {name[1]: name[2] for name in _NAME_PART.finditer(self._certificate.issuer)}
        return next((named[part] for part in _ISSUER_PARTS if part in named), "")

    @property
    def certificate_begin(self) -> str:
        """The date from which the peer's certificate is valid; "" where that is not known."""
        return self._certificate.not_before[:10]

    @property
    def certificate_end(self) -> str:
        """The date until which the peer's certificate was valid; "" where that is not known, or still to come."""
        return "" if self.expired_above else self._certificate.not_after[:10]

    @property
    def expired_above(self) -> bool:
        """Whether the peer's own certificate is valid still, so that one must have expired that it rests on."""
        return "" < self._recording.envelope.started_utc < self._certificate.not_after

    @property
    def reused(self) -> bool:
        return bool(self._recording.connection and self._recording.connection.reused)
