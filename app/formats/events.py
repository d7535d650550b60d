"""The events of a stream as JSON lines or CSV, for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from app.exchange.exchange import Exchange

COLUMNS = ("event", "ms", "gap_ms", "chunk", "type", "bytes", "data")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(exchange: Exchange) -> Iterator[dict[str, object]]:
    """One object an event: `event` and `chunk` count from 1, `ms` and `gap_ms` are None for a capture without stamps."""
    before: float | None = None
    for index in range(len(exchange.events)):
        event = exchange.events.event(index)
        ms = exchange.since_start_ms(exchange.events.stamp_ns(index))
        gap = None if ms is None or before is None else ms - before
        yield {
            "event": index + 1,
            "ms": _rounded(ms),
            "gap_ms": _rounded(gap),
            "chunk": exchange.events.chunk(index) + 1,
            "type": event.type,
            "bytes": event.end - event.start,
            "data": event.text,
        }
        before = ms


def rows_of(exchanges: Iterable[Exchange]) -> Iterator[dict[str, object]]:
    """The same of several exchanges, each row with its `side` (None for a lone capture) and `round`, and the number of its
    `answer` among them: of several runs, sides and rounds come again."""
    for number, one in enumerate(exchanges, start=1):
        envelope = one.recording.envelope
        for row in rows(one):
            yield {"side": envelope.side, "round": envelope.round, **row, "answer": number}


def as_jsonl_of(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """One JSON object a line."""
    encoder = msgspec.json.Encoder()
    for row in rows_of(exchanges):
        yield encoder.encode(row) + b"\n"


def as_json_of(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """One JSON object: `events` are the rows."""
    encoder = msgspec.json.Encoder()
    yield b'{"schema":1,"events":['
    for number, row in enumerate(rows_of(exchanges)):
        yield (b",\n" if number else b"\n") + encoder.encode(row)
    yield b"\n]}\n"


def as_csv_of(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    return _as_csv(rows_of(exchanges), ("side", "round", *COLUMNS, "answer"))


def as_jsonl(exchange: Exchange) -> Iterator[bytes]:
    """One JSON object a line, `data` as the text that came."""
    encoder = msgspec.json.Encoder()
    for row in rows(exchange):
        yield encoder.encode(row) + b"\n"


def as_csv(exchange: Exchange) -> Iterator[bytes]:
    """CSV with a head line, UTF-8. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return _as_csv(rows(exchange), COLUMNS)


def _as_csv(found: Iterable[dict[str, object]], columns: tuple[str, ...]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in found:
        writer.writerow([_cell(row[name]) for name in columns])
        if buffer.tell() > 1 << 16:
            yield _drained(buffer)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def _cell(value: object) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 3)
