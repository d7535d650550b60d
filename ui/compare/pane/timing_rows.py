"""The Timing tab's contents, without a widget: phases as bars, gaps, and the facts of the connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import Start, Timing
from app.exchange.timing_words import bursts_in_words, start_in_words, why_unmeasured
from app.exchange.way import WayBy, overtaken, sent_again, way_of
from app.text import numbers
from app.text.sentences import render

if TYPE_CHECKING:
    from app.recording.recording import Recording


@dataclass(frozen=True)
class Row:
    """A line: its name, its figure in words, and for phases where its bar lies (ms from the start). `tip` explains the name.

    `kind` is "phase" or "moment" with a bar, "measure" for a figure without one, "fact" for words.
    """

    name: str
    value: str
    begin_ms: float | None = None
    length_ms: float | None = None
    tip: str = ""
    kind: str = "phase"


@dataclass(frozen=True)
class Group:
    """Lines under a title."""

    title: str
    rows: tuple[Row, ...]


_CONNECTING = ("name", "connect", "TLS")
_TIPS = {
    "name": "Name resolution",
    "connect": "The TCP connection",
    "proxy": "Asking the proxy for a tunnel",
    "TLS": "The TLS handshake",
    "own work": "What passed between the phases before the request was begun: Diptych's own work, no time of the endpoint's",
    "send": "Until the last request byte left (on Linux, as the kernel tells; elsewhere, until it was handed to it)",
    "wait": "From there to the first response byte: the server's part, and the way there and back"
    " (none where the answer began before the request was out)",
    "path": "Of the wait: one round trip to whatever acknowledges the request, the endpoint or an edge or a proxy before it",
    "endpoint": "Of the wait: the rest",
    "receive": "From the first response byte to the last body byte",
}

_STAMPED_BY = {"kernel": "when the kernel received the bytes", "read": "when Diptych read the bytes"}


def timing_groups(one: Exchange) -> list[Group]:
    """All that is known of an exchange's times and connection."""
    timing = one.timing
    groups = [
        Group("Phases", _phases(timing, secure=one.recording.request.url.startswith("https"))),
        Group("Moments since the start", _moments(one)),
    ]
    if one.outcome is not Outcome.RUNNING:
        groups.append(Group("Pace", _pace(timing)))
    return [*groups, Group("Connection", _connection(one)), Group("Body", _body(one))]


def _phases(timing: Timing, *, secure: bool) -> tuple[Row, ...]:
    rows, at = [], 0.0
    lengths = (
        ("name", timing.dns), ("connect", timing.connect), ("proxy", timing.proxy if timing.proxy else None),
        ("TLS", timing.tls), ("own work", _told(timing.own)), ("send", timing.send), ("wait", timing.wait),
        ("receive", timing.receive),
    )  # fmt: skip
    for name, length in lengths:
        if length is None:
            if not (
                name in ("proxy", "own work")
                or (name == "TLS" and not secure)
                or (name in _CONNECTING and timing.start is Start.REUSED)
            ):
                rows.append(Row(name, numbers.DASH, tip=_TIPS[name]))
            continue
        if name == "receive" and timing.total is not None:  # between phases a little time passes that belongs to none
            at = timing.total - length
        rows.append(Row(name, _ms(length), at, length, _TIPS[name]))
        if name == "wait":
            rows += _parts_of_wait(timing, at)
        at += length
    return tuple(rows)


def _told(ms: float | None) -> float | None:
    """What can be seen in the tab's figures, which have a tenth of a millisecond."""
    return ms if ms is not None and ms >= 0.05 else None


def _parts_of_wait(timing: Timing, at: float) -> Iterator[Row]:
    """The way there and back, drawn in front of what the endpoint took: where it stands in the wait is not known."""
    if timing.path is not None and timing.endpoint is not None:
        yield Row("path", _ms(timing.path), at, timing.path, _TIPS["path"])
        yield Row("endpoint", _ms(timing.endpoint), at + timing.path, timing.endpoint, _TIPS["endpoint"])


def _moments(one: Exchange) -> tuple[Row, ...]:
    timing = one.timing
    return (
        Row("start", start_in_words(timing.start) or numbers.DASH, tip="What the times count from", kind="fact"),
        Row("first byte", _ms(timing.ttfb), timing.ttfb, 0, "TTFB: the head of the response was complete", "moment"),
        Row("first token", _ms(timing.ttft), timing.ttft, 0, "TTFT: the first text, reasoning or tool arguments", "moment"),
        Row("first output", _ms(timing.ttfo), timing.ttfo, 0, "TTFO: the first visible output, not reasoning", "moment"),
        *_end(one),
    )


def _end(one: Exchange) -> tuple[Row, ...]:
    """The total; where there is no whole answer, when its last byte came and when and how it ended."""
    from app.run.endings import broke_off  # not before there is a run
    from app.run.side import Side

    total = one.timing.total
    broken = broke_off(Side("a", [one]))
    if broken is None:
        return (Row("total", _ms(total), total, 0, "The last body byte", "moment"),)
    word, ms = broken
    tip = "The end; there is no whole answer, so this is no measure of the endpoint's speed"
    return Row("last byte", _ms(total), total, 0, "The last body byte", "moment"), Row(word, _ms(ms), ms, 0, tip, "moment")


def _pace(timing: Timing) -> tuple[Row, ...]:
    rows = list(_gaps(timing))
    rate = timing.output_rate
    told = f"{numbers.rate(rate)} tokens/s" if rate is not None else f"not measurable: {why_unmeasured(timing.no_rate)}"
    rows.append(Row("output rate", told, tip="(output tokens - 1) / (last content - first content)", kind="fact"))
    if timing.bursts:
        rows.append(Row("buffered" if timing.bursts.collected else "at once", bursts_in_words(timing.bursts), kind="fact"))
    return tuple(rows)


def _gaps(timing: Timing) -> tuple[Row, ...]:
    """One gap is no distribution: it has no half and no longest."""
    gaps = timing.gaps
    if gaps is None:
        return (Row("gaps", why_unmeasured(timing.no_gaps), kind="fact"),)
    if gaps.count == 1:
        return (Row("gap", _ms(gaps.max_ms), tip="Between the only two pieces of content", kind="measure"),)
    enough = gaps.p95_ms is not None
    p95 = _ms(gaps.p95_ms) if enough else "needs 20 gaps"
    tip = f"Between {numbers.grouped(gaps.count + 1)} pieces of content; percentiles by nearest rank"
    return (
        Row("gap p50", _ms(gaps.p50_ms), tip=f"Half of the gaps are no longer. {tip}", kind="measure"),
        Row("gap p95", p95, tip=f"95 of 100 gaps are no longer. {tip}", kind="measure" if enough else "fact"),
        Row("gap max", _ms(gaps.max_ms), tip=f"The longest gap. {tip}", kind="measure"),
    )


def _connection(one: Exchange) -> tuple[Row, ...]:
    recording = one.recording
    connection, head = recording.connection, recording.head
    rows = []
    if connection is not None:
        rows.append(("peer", connection.peer))
        rows.append(("proxy", connection.proxy))
        tls = " · ".join(text for text in (connection.tls_version, connection.cipher) if text)
        rows.append(("TLS", tls or ("none: plain HTTP" if not connection.reused or not connection.alpn else "")))
        rows.append(("ALPN", connection.alpn))
        if certificate := connection.certificate:
            rows.append(("certificate", certificate.subject))
            rows.append(("names", ", ".join(certificate.names[:8])))
            rows.append(("issued by", certificate.issuer))
            rows.append(("valid", f"{certificate.not_before[:10]} to {certificate.not_after[:10]}"))
        rows.append(("arrival times", _STAMPED_BY.get(connection.stamped_by, "")))
    rows += _path(recording)
    rows.append(("HTTP", head.http_version if head else ""))
    rows.append(("content encoding", (recording.content_encoding or "none") if head else ""))
    return tuple(Row(name, value, kind="fact") for name, value in rows if value) or (Row("peer", "not connected", kind="fact"),)


_WAY_BY = {
    WayBy.ACKNOWLEDGED: "that of the request, acknowledged after {acknowledged:milliseconds}",
    WayBy.LEAST: "the least of this connection: the request was acknowledged late, after {acknowledged:milliseconds}",
    WayBy.LEAST_ALONE: "the least of this connection: when the request was acknowledged is not known",
}
_SENT_AGAIN = (
    "{count:plural segment|segments} of the request, before the answer came: packets were lost, or acknowledged very late; "
    "what of the wait is the way can't be told"
)
_OVERTAKEN = "{count:plural segment|segments} of the answer came out of order: a packet was lost on the way, or overtaken"


def _path(recording: Recording) -> list[tuple[str, str]]:
    """What the kernel tells of the way."""
    way, again, late = way_of(recording), sent_again(recording), overtaken(recording)
    return [
        ("round trip", render(_WAY_BY[way.by], {"acknowledged": way.acknowledged}) if way else ""),
        ("sent again", render(_SENT_AGAIN, {"count": again}) if again else ""),
        ("out of order", render(_OVERTAKEN, {"count": late}) if late else ""),
    ]


def _body(one: Exchange) -> tuple[Row, ...]:
    raw, decoded = len(one.recording.body.data), len(one.decoded.data)
    rows = [("raw", f"{numbers.byte_size(raw)} in {numbers.plural(len(one.recording.body), 'chunk')}")]
    if one.recording.content_encoding:
        rows.append(("decoded", numbers.byte_size(decoded)))
    rows.append(("events", numbers.grouped(len(one.events))))
    return tuple(Row(name, value, kind="fact") for name, value in rows)


def _ms(ms: float | None) -> str:
    if ms is None:
        return numbers.DASH
    return f"{numbers.grouped(ms, 1)} ms"
