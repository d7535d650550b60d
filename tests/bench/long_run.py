"""Writes a saved run of very many events in a process of its own, and times the plain reading of its bytes.

`python -m tests.bench.long_run FILE EVENTS`. Each event is a chunk with a stamp of its own, as a quick endpoint sends them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, Marked, MarkName, ProfileNote, Request, RunOpened, SideName
from app.store.run_file import save_run
from tests.bench.children import tell
from tests.bench.streams import messages_begin, messages_end, messages_text, texts

NEEDLE = "so this word stands once, at the end"
STEP_NS = 500_000


def make(events: int, side: SideName = "a") -> Recording:
    """One side's recording: so many events in all."""
    note = ProfileNote("long", "http://127.0.0.1", "anthropic-messages")
    recording = Recording(
        Envelope("anthropic-messages", note, "streaming", "bench", side, streamed=True), Request("POST", note.base_url)
    )
    recording.apply(Marked(MarkName.SEND_BEGIN, 1_000_000))
    recording.apply(Marked(MarkName.SEND_END, 2_000_000))
    recording.apply(Headed(200, "OK", "HTTP/1.1", (("content-type", "text/event-stream"),)))
    begin, end = messages_begin(), messages_text(NEEDLE) + messages_end(events)
    count = events - begin.count(b"\n\n") - end.count(b"\n\n")
    deltas = map(messages_text, texts(count))
    for number, data in enumerate((begin, *deltas, end)):
        recording.body.append(10_000_000 + number * STEP_NS, data)
    recording.apply(Ended(EndKind.WHOLE, 20_000_000 + events * STEP_NS))
    return recording


def main(path: Path, events: int) -> None:
    """Write it; tell the size of the body and how long reading the file takes, the median of five."""
    recording = make(events)
    save_run(path, RunOpened("bench", "2026-01-01T00:00:00Z", "0", "streaming", {}), [recording])
    took = []
    for _ in range(5):
        begin = perf_counter()
        path.read_bytes()
        took.append((perf_counter() - begin) * 1000)
    tell(raw_bytes=len(recording.body.data), read_ms=sorted(took)[2])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
