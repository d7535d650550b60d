"""The events as JSON lines and as CSV."""

from __future__ import annotations

import csv
import io
import json

from app.exchange.exchange import Exchange
from app.formats.events import as_csv, as_jsonl
from app.recording.records import NO_STAMP
from tests.builders import event, messages_end, messages_start, messages_text, recording


def exchange() -> Exchange:
    """A short stream, with an event whose name a spreadsheet would run."""
    pieces = [(600.0, messages_start()), (612.0, messages_text('Grüße, "you"\n🙂')), (620.0, event("=cmd|' /C calc'!A0"))]
    return Exchange(recording([*pieces, (640.0, messages_end())])).finish()


def test_json_lines_have_every_event_with_its_time_and_data() -> None:
    one = exchange()
    rows = [json.loads(line) for line in b"".join(as_jsonl(one)).splitlines()]
    assert [row["event"] for row in rows] == list(range(1, len(one.events) + 1))
    assert rows[2] | {"data": ""} == {
        "event": 3, "ms": 612.0, "gap_ms": 12.0, "chunk": 2, "type": "content_block_delta", "data": "",
        "bytes": len(one.events.raw(2)),
    }  # fmt: skip
    assert json.loads(rows[2]["data"])["delta"]["text"] == 'Grüße, "you"\n🙂'


def test_csv_reads_back_and_runs_nothing() -> None:
    one = exchange()
    rows = list(csv.DictReader(io.StringIO(b"".join(as_csv(one)).decode(), newline="")))
    assert len(rows) == len(one.events)
    assert rows[2]["ms"] == "612.0"
    assert rows[0]["gap_ms"] == ""
    assert rows[3]["type"].startswith("'=cmd")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_capture_without_stamps_has_no_times() -> None:
    made = recording([(600.0, messages_start()), (620.0, messages_end())])
    for index in range(len(made.body)):
        made.body.stamps[index] = NO_STAMP
    rows = [json.loads(line) for line in b"".join(as_jsonl(Exchange(made).finish())).splitlines()]
    assert {row["ms"] for row in rows} == {None}
