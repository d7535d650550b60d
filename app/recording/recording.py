"""What is stored of an exchange: the request as sent, the marks of its phases, and the bytes as they came, with stamps.

A recording is a sequence of *records*. The wire process sends them up as they happen, the journal appends them to a file
as they happen, a saved run is the same sequence, and a `Recording` is what they add up to. Nothing in here is derived:
events, text, timing and findings are functions of it (`app.exchange`). The bytes of a file: `app.recording.run_format`.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.recording.body import Body
from app.recording.records import (
    Asked,
    Chunked,
    Connected,
    Departed,
    Ended,
    Envelope,
    Headed,
    Marked,
    MarkName,
    Masked,
    Opened,
    PathNoted,
    Record,
    Request,
    RunFileError,
    RunOpened,
    Sent,
    content_encoding,
)
from app.text.sentences import tr


class Recording:
    """All that is known of one exchange, live or past. It only grows, by `apply`.

    Attributes:
        envelope, request: as opened.
        sent: the head as it went out, None before that.
        marks: nanoseconds by mark name; the first of a name counts.
        departed: what the kernel told of the request's last byte; None where it told nothing.
        paths: the state of the connection's path when some of the marks were set.
        connection, head: None until they are known.
        body: the chunks.
        masks: where secrets were masked.
        end: None while the exchange runs (or where its file ends too early).
        amended: bytes of the body were starred or taken away after they had come, and may have been written elsewhere.
        asked: the requests to other paths that Diptych sent after it had ended.
    """

    def __init__(self, envelope: Envelope, request: Request) -> None:
        self.envelope = envelope
        self.request = request
        self.sent: Sent | None = None
        self.marks: dict[MarkName, int] = {}
        self.departed: Departed | None = None
        self.paths: dict[MarkName, PathNoted] = {}
        self.connection: Connected | None = None
        self.head: Headed | None = None
        self.body = Body()
        self.masks: list[Masked] = []
        self.end: Ended | None = None
        self.amended = False
        self.asked: list[Asked] = []

    def apply(self, record: Record) -> None:
        """Take in one record. After `Ended` only masks and requests to other paths count; late bytes are ignored."""
        if self.end is not None and not isinstance(record, Masked | Asked):
            return
        match record:
            case Chunked():
                self.body.extend_packed(record)
            case Marked(mark, ns):
                self.marks.setdefault(mark, ns)
            case Departed():
                self.departed = record
            case PathNoted(mark):
                self.paths.setdefault(mark, record)
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
                raise RunFileError(tr("a second {record} in one exchange", record=type(record).__name__))

    def withhold(self, chunks: int, why: Ended) -> None:
        """Keep so many chunks of the body, and end as if nothing had come behind them."""
        self.body.cut(chunks)
        self.end, self.amended = why, True

    def records(self) -> Iterator[Record]:
        """The records that add up to this recording, chunks in batches of about a megabyte."""
        yield Opened(self.envelope, self.request)
        for mark, ns in self.marks.items():
            yield Marked(mark, ns)
        if self.departed is not None:
            yield self.departed
        yield from self.paths.values()
        yield from (record for record in (self.connection, self.sent, self.head) if record is not None)
        yield from self.body.packed()
        yield from self.masks
        if self.end is not None:
            yield self.end
        yield from self.asked

    @property
    def flaws(self) -> tuple[str, ...]:
        """What of the answer's framing was wrong and read all the same, as `app.recording.records.Flaw`; known at the end."""
        return self.end.flaws if self.end else ()

    @property
    def content_encoding(self) -> str:
        """The response's content encodings in lower case, in the order in which they were applied; "" for none."""
        return content_encoding(self.head.headers) if self.head else ""
