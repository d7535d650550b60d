"""The Timing tab's contents, without a widget: phases as bars, gaps, and the facts of the connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import Start, Timing
from app.exchange.timing_words import bursts_in_words, start_in_words, why_unmeasured
from app.exchange.way import WayBy, overtaken, sent_again, way_of
from app.text import numbers
from app.text.sentences import in_context, message, tr

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import Connected, SideName


@dataclass(frozen=True)
class Row:
    """A line: its name, a message, its figure in words, and for phases where its bar lies (ms from the start). `tip`: more.

    `kind` is "phase" or "moment" with a bar, "measure" for a figure without one, "fact" for words. `figure_ms` is what can be
    compared with the other side's, and `difference` what came of that: B - A, a dash where one of them has none.
    """

    name: str
    value: str
    begin_ms: float | None = None
    length_ms: float | None = None
    tip: str = ""
    kind: str = "phase"
    figure_ms: float | None = None
    difference: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under a title, which is a message."""

    title: str
    rows: tuple[Row, ...]


_CONNECTING = ("name", "connect", "TLS")
_TIPS = {
    message("name"): message("Name resolution"),
    message("connect"): message("The TCP connection"),
    message("proxy"): message("Asking the proxy for a tunnel"),
    "TLS": message("The TLS handshake"),
    message("own work"): message(
        "What passed between the phases before the request was begun: Diptych's own work, no time of the endpoint's"
    ),
    message("send"): message(
        "Until the last request byte left (on Linux, as the kernel tells; elsewhere, until it was handed to it)"
    ),
    message("wait"): message(
        "From there to the first response byte: the server's part, and the way there and back"
        " (none where the answer began before the request was out)"
    ),
    message("path"): message(
        "Of the wait: one round trip to whatever acknowledges the request, the endpoint or an edge or a proxy before it"
    ),
    message("endpoint"): message("Of the wait: the rest"),
    message("receive"): message("From the first response byte to the last body byte"),
}

_STAMPED_BY = {
    "kernel": message("when the kernel received the bytes"),
    "read": message("when Diptych read the bytes"),
}
_RECORDED_BY = message("as {by} recorded them")


def timing_groups(one: Exchange) -> list[Group]:
    """All that is known of an exchange's times and connection."""
    timing = one.timing
    groups = [
        Group(message("Phases"), _phases(timing, secure=one.recording.request.url.startswith("https"))),
        Group(message("Moments since the start"), _moments(one)),
    ]
    if one.outcome is not Outcome.RUNNING:
        groups.append(Group(message("Pace"), _pace(timing)))
    return [*groups, Group(message("Connection"), _connection(one)), Group(message("Body"), _body(one))]


_ORDER = (*(name for name in _TIPS), "start", "first byte", "first token", "first output", "total", "last byte")


def beside(name: SideName, mine: Exchange, other: Exchange) -> list[Group]:
    """A side's groups, with a row for each figure that only the other has, and on side B how much more each of its is."""
    theirs = {group.title: group.rows for group in timing_groups(other)}
    one_kind = mine.timing.begins_with_reasoning == other.timing.begins_with_reasoning
    return [
        Group(group.title, tuple(_rows_beside(name, group.rows, theirs.get(group.title, ()), one_kind)))
        for group in timing_groups(mine)
    ]


def _rows_beside(name: SideName, mine: tuple[Row, ...], theirs: tuple[Row, ...], one_kind: bool) -> Iterator[Row]:
    """In the order of a request's course; what neither knows a place in it comes last, as it stood."""
    known, others = {row.name for row in mine}, {row.name: row for row in theirs if row.kind != "fact"}
    lacking = [
        replace(row, value=numbers.DASH, begin_ms=None, length_ms=None, figure_ms=None)
        for row in others.values()
        if row.name not in known
    ]
    rows = sorted((*mine, *lacking), key=lambda row: _ORDER.index(row.name) if row.name in _ORDER else len(_ORDER))
    for row in rows:
        ours, figure = others.get(row.name), row.figure_ms
        if row.kind == "fact" or name == "a":
            yield row
        elif figure is None or ours is None or ours.figure_ms is None:
            yield replace(row, difference=numbers.DASH)
        elif row.name == "first token" and not one_kind:
            template = message("{tip}. No difference: one side's is a thought, the other's a word")
            yield replace(row, difference=numbers.DASH, tip=tr(template, tip=row.tip))
        else:
            by = figure - ours.figure_ms
            text = numbers.grouped(by, 1)
            yield replace(row, difference=numbers.signed(text, by) if text.strip("0.") else text)


def scale_of(groups: Iterable[Group]) -> float:
    """Where the last bar ends, in ms."""
    bars = ((row.begin_ms, row.length_ms or 0.0) for group in groups for row in group.rows if row.begin_ms is not None)
    return max((begin + length for begin, length in bars), default=0.0)


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
                rows.append(Row(name, numbers.DASH, tip=tr(_TIPS[name])))
            continue
        if name == "receive" and timing.total is not None:  # between phases a little time passes that belongs to none
            at = timing.total - length
        rows.append(Row(name, _ms(length), at, length, tr(_TIPS[name]), figure_ms=length))
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
        yield Row("path", _ms(timing.path), at, timing.path, tr(_TIPS["path"]), figure_ms=timing.path)
        begin, length = at + timing.path, timing.endpoint
        yield Row("endpoint", _ms(length), begin, length, tr(_TIPS["endpoint"]), figure_ms=length)


def _moments(one: Exchange) -> tuple[Row, ...]:
    timing = one.timing
    return (
        Row(message("start"), start_in_words(timing.start) or numbers.DASH, tip=tr("What the times count from"), kind="fact"),
        _moment(message("first byte"), timing.ttfb, tr("TTFB: the head of the response was complete")),
        _moment(message("first token"), timing.ttft, tr("TTFT: the first text, reasoning or tool arguments")),
        _moment(message("first output"), timing.ttfo, tr("TTFO: the first visible output, not reasoning")),
        *_end(one),
    )


def _end(one: Exchange) -> tuple[Row, ...]:
    """The total; where there is no whole answer, when its last byte came and when and how it ended."""
    from app.run.endings import broke_off  # not before there is a run
    from app.run.side import Side

    total = one.timing.total
    broken = broke_off(Side("a", [one]))
    if broken is None:
        return (_moment(message("total"), total, tr("The last body byte")),)
    word, ms = broken
    tip = tr("The end; there is no whole answer, so this is no measure of the endpoint's speed")
    return _moment(message("last byte"), total, tr("The last body byte")), _moment(word, ms, tip)


def _moment(name: str, ms: float | None, tip: str) -> Row:
    return Row(name, _ms(ms), ms, 0, tip, "moment", ms)


def _pace(timing: Timing) -> tuple[Row, ...]:
    rows = list(_gaps(timing))
    rate = timing.output_rate
    unmeasured = tr("not measurable: {why}", why=why_unmeasured(timing.no_rate))
    told = unmeasured if rate is None else tr("{rate:rate} tok/s", rate=rate)
    tip = tr("(output tokens - 1) / (last content - first content)")
    rows.append(Row(message("output rate"), told, tip=tip, kind="fact"))
    if timing.bursts:
        name = message("buffered") if timing.bursts.collected else message("all at once")
        rows.append(Row(name, bursts_in_words(timing.bursts), kind="fact"))
    return tuple(rows)


def _gaps(timing: Timing) -> tuple[Row, ...]:
    """One gap is no distribution: it has no half and no longest."""
    gaps = timing.gaps
    if gaps is None:
        return (Row(message("gaps"), why_unmeasured(timing.no_gaps), kind="fact"),)
    if gaps.count == 1:
        return (_measure(message("gap"), gaps.max_ms, tr("Between the only two pieces of content")),)
    enough = gaps.p95_ms is not None
    half = message("Half of the gaps are no longer. Between {n:grouped} pieces of content; percentiles by nearest rank")
    most = message("95 of 100 gaps are no longer. Between {n:grouped} pieces of content; percentiles by nearest rank")
    longest = message("The longest gap. Between {n:grouped} pieces of content; percentiles by nearest rank")
    pieces = gaps.count + 1
    return (
        _measure(message("gap p50"), gaps.p50_ms, tr(half, n=pieces)),
        _measure(message("gap p95"), gaps.p95_ms, tr(most, n=pieces))
        if enough
        else Row(message("gap p95"), tr("needs 20 gaps"), tip=tr(most, n=pieces), kind="fact"),
        _measure(message("gap max"), gaps.max_ms, tr(longest, n=pieces)),
    )


def _measure(name: str, ms: float | None, tip: str) -> Row:
    return Row(name, _ms(ms), tip=tip, kind="measure", figure_ms=ms)


def _connection(one: Exchange) -> tuple[Row, ...]:
    recording = one.recording
    connection, head = recording.connection, recording.head
    rows = []
    if connection is not None:
        rows.append((message("peer"), connection.peer))
        rows.append((message("proxy"), connection.proxy))
        tls = " · ".join(text for text in (connection.tls_version, connection.cipher) if text)
        plain = connection.peer and (not connection.reused or not connection.alpn)  # a capture does not tell
        rows.append(("TLS", tls or (tr("none: plain HTTP") if plain else "")))
        rows.append(("ALPN", connection.alpn))
        if certificate := connection.certificate:
            rows.append((message("certificate"), certificate.subject))
            rows.append((message("names"), ", ".join(certificate.names[:8])))
            rows.append((message("issued by"), certificate.issuer))
            begin, end = certificate.not_before[:10], certificate.not_after[:10]
            rows.append((message("valid"), tr("{begin} to {end}", begin=begin, end=end)))
        rows.append((message("arrival times"), _stamped_by(connection)))
    rows += _path(recording)
    rows.append(("HTTP", head.http_version if head else ""))
    rows.append((message("content encoding"), (recording.content_encoding or tr("none")) if head else ""))
    return tuple(Row(name, value, kind="fact") for name, value in rows if value) or (
        Row("peer", tr("not connected"), kind="fact"),
    )


def _stamped_by(connection: Connected) -> str:
    by = connection.stamped_by
    return tr(_STAMPED_BY.get(by, _RECORDED_BY), by=by) if by else ""


_WAY_BY = {
    WayBy.ACKNOWLEDGED: message("that of the request, acknowledged after {acknowledged:milliseconds}"),
    WayBy.LEAST: message("the least of this connection: the request was acknowledged late, after {acknowledged:milliseconds}"),
    WayBy.LEAST_ALONE: message("the least of this connection: when the request was acknowledged is not known"),
}
_SENT_AGAIN = message(
    "{count:plural segment|segments} of the request, before the answer came: packets were lost, or acknowledged very late; "
    "what of the wait is the way can't be told"
)
_OVERTAKEN = message(
    "{count:plural segment|segments} of the answer came out of order: a packet was lost on the way, or overtaken"
)


def _path(recording: Recording) -> list[tuple[str, str]]:
    """What the kernel tells of the way."""
    way, again, late = way_of(recording), sent_again(recording), overtaken(recording)
    return [
        (message("round trip"), tr(_WAY_BY[way.by], acknowledged=way.acknowledged) if way else ""),
        (in_context("packets", "sent again"), tr(_SENT_AGAIN, count=again) if again else ""),
        (message("out of order"), tr(_OVERTAKEN, count=late) if late else ""),
    ]


def _body(one: Exchange) -> tuple[Row, ...]:
    raw, decoded = len(one.recording.body.data), len(one.decoded.data)
    rows = [(message("raw"), tr("{size:bytes} in {n:plural chunk|chunks}", size=raw, n=len(one.recording.body)))]
    if one.recording.content_encoding:
        rows.append((message("decoded"), numbers.byte_size(decoded)))
    rows.append((message("events"), numbers.grouped(len(one.events))))
    return tuple(Row(name, value, kind="fact") for name, value in rows)


def _ms(ms: float | None) -> str:
    if ms is None:
        return numbers.DASH
    return f"{numbers.grouped(ms, 1)} ms"
