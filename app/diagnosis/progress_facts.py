"""Facts of how far an exchange came: what had come, how long nothing did, and what the connection was."""

from __future__ import annotations

from functools import cached_property

from app.diagnosis.body_facts import BodyFacts
from app.diagnosis.retry_after import duration
from app.exchange.exchange import Exchange
from app.exchange.timing import start_ns
from app.recording.records import NO_STAMP, EndDetail, EndKind, MarkName
from app.text import numbers

_WAITED_FROM = {
    "connect_timeout": (MarkName.TLS_BEGIN, MarkName.CONNECT_BEGIN, MarkName.DNS_BEGIN),
    "first_byte_timeout": (MarkName.SEND_END, MarkName.SEND_BEGIN),
    "silence_timeout": (MarkName.HEAD_END, MarkName.FIRST_BYTE, MarkName.SEND_END),
}
LONG_SILENCE_S = 0.5


class ProgressFacts(BodyFacts):
    """How an exchange ended, and what came until then.

    Attributes:
        kind, code, end: how the wire's part ended; `code` is a `WireErrorCode` or "", `end` what it says more exactly.
        captured: a body alone, as a file holds it; it is taken as one with status 200.
        status: 0 where no response head came.
    """

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        end = exchange.recording.end
        self.kind = end.kind if end else EndKind.INTERRUPTED
        self.code = end.code if end and self.kind is EndKind.ERROR else ""
        self.phase = end.phase if end else ""
        self.wire_message = end.message if end else ""
        self.end = (end.detail if end else None) or EndDetail()
        self.captured = exchange.recording.head is None and bool(exchange.decoded.data)
        self.status = 200 if self.captured else exchange.status

    @property
    def came(self) -> str:
        """What had come, as words behind "after"."""
        if self.events:
            return f"after {numbers.plural(self.events, 'event')}"
        if size := len(self.recording.body.data):
            return f"after {numbers.byte_size(size)} of the answer"
        return (
            f"after the response head (status {self.status}), before any of the answer"
            if self.status
            else "before anything came back"
        )

    @property
    def size(self) -> str:
        return numbers.byte_size(len(self.recording.body.data))

    @property
    def sent_size(self) -> str:
        return numbers.byte_size(len(self.recording.request.body))

    @cached_property
    def waited_s(self) -> float | None:
        """How long nothing came before the time limit struck; None where the recording has no stamps."""
        end = self.recording.end
        if end is None or end.ns == NO_STAMP:
            return self.end.waited_s
        since = self._waited_since()
        return self.end.waited_s if since is None else (end.ns - since) / 1e9

    def _waited_since(self) -> int | None:
        marks, stamps = self.recording.marks, self.recording.body.stamps
        if self.code == "silence_timeout" and stamps and stamps[-1] != NO_STAMP:
            return stamps[-1]
        named = (marks[name] for name in _WAITED_FROM.get(self.code, ()) if name in marks)
        return next(named, start_ns(self.recording))

    @cached_property
    def contentless_s(self) -> float:
        """How long, up to its end, the answer brought bytes and no content; 0 where it brought none, or that can't be told."""
        end, stamps = self.recording.end, self.recording.body.stamps
        last = self.exchange.events.last_stamp() or self.recording.marks.get(MarkName.HEAD_END)
        if end is None or last is None or not stamps or stamps[-1] == NO_STAMP:
            return 0.0
        brought_bytes = stamps[-1] - last > (end.ns - last) / 2
        return (end.ns - last) / 1e9 if brought_bytes else 0.0

    @property
    def contentless(self) -> str:
        return f"for {duration(self.contentless_s)}"

    @property
    def waited(self) -> str:
        return "as long as the time limit allows" if self.waited_s is None else f"for {duration(self.waited_s)}"

    @property
    def and_silence(self) -> str:
        """How long nothing had come before the end, as words behind `came`; "" for less than half a second."""
        end, stamps = self.recording.end, self.recording.body.stamps
        if end is None or end.ns == NO_STAMP or not stamps or stamps[-1] == NO_STAMP:
            return ""
        silent_s = (end.ns - stamps[-1]) / 1e9
        return f" and {duration(silent_s)} of silence" if silent_s >= LONG_SILENCE_S else ""

    @property
    def after_wait(self) -> str:
        """How long the request waited for the first byte, "" where that is not known."""
        wait = self.exchange.timing.wait
        return "" if wait is None else f" after {duration(wait / 1e3)}"

    @property
    def longer_s(self) -> float:
        """Twice the time that was waited, rounded up to ten seconds, as the next limit to try."""
        return float(-(-int((self.waited_s or 30.0) * 2) // 10) * 10)

    @cached_property
    def proxy(self) -> str:
        """The proxy in use, without its login; "" for none, and where the recording does not tell."""
        way = self.recording.connection
        return self.end.proxy or (way.proxy if way else "")

    @property
    def certificate_names(self) -> str:
        certificate = self.recording.connection.certificate if self.recording.connection else None
        return ", ".join(certificate.names[:5]) if certificate and certificate.names else "other names"

    @property
    def certificate_end(self) -> str:
        certificate = self.recording.connection.certificate if self.recording.connection else None
        return f" on {certificate.not_after[:10]}" if certificate and certificate.not_after else ""

    @property
    def reused(self) -> bool:
        return bool(self.recording.connection and self.recording.connection.reused)
