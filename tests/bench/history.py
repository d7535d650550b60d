"""history: the list, a search of full text, the page of it, one opened, one added, and its size beside the raw bytes.

The runs are two streams of Messages each, drawn from a hundred that differ in their words and times; each is packed and read
once, and then kept under many names, as it is the number of rows, texts and pages that a search has to cope with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec

from app.asking.history_entry import entry_in
from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, Marked, MarkName, ProfileNote, Request, RunOpened, SideName
from app.recording.run_format import dump_run
from app.store.history.entry import Entry
from app.store.history.history import History
from app.store.history.place import HistoryPlace, history_path
from app.store.run_file import open_run, read_run, save_run
from tests.bench.frame import Row, exactly, median, most, most_times
from tests.bench.history_page import page_rows
from tests.bench.streams import messages_begin, messages_end, messages_text

RUNS, EVENTS, DIFFERENT, REPEATS = 10_000, 1500, 100, 15
SIDES: tuple[SideName, SideName] = ("a", "b")
NEEDLE = "zweihundertvierundzwanzig"
LETTERS = "etaoinshrdlucmfwygpbvkxqjz"
SEARCHES = (NEEDLE, "天气很好", "天气", "b:relay outcome:completed kind:run", '"of the"')


def run(short: bool) -> list[Row]:
    """Reached are the bounds of the whole form alone: the short one only shows that it runs."""
    runs, events, different = (60, 60, 6) if short else (RUNS, EVENTS, DIFFERENT)
    random = Random(14)
    words = ["of the", "天气很好", *("".join(random.choices(LETTERS, k=random.randint(2, 9))) for _ in range(20_000))]
    files = [_file(random, words, events) for _ in range(different)]
    entries = [entry_in([file]) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        place = HistoryPlace(history_path(), 1 << 40, 1 << 20)
        with History(place) as history:
            for number in range(runs):
                history.add(_named(entries[number % different], number), [files[number % different]])
            rows = [Row("runs that were kept", history.count(), "", must=exactly(runs))]
            size, raw = place.path.stat().st_size, sum(len(files[number % different]) for number in range(runs))
            rows.append(
                Row("size of the database", size / 1e6, "MB", "raw bytes", raw / 1e6, None if short else most_times(0.25))
            )
        rows += _looked_at(place, short)
        rows += page_rows(("the", '"of the"', "天气很好", NEEDLE), short)
        rows += _opened(place, Path(folder), files, short)
        rows += _added(place, random, words, events, short)
    return rows


def _looked_at(place: HistoryPlace, short: bool) -> list[Row]:
    """Each in a connection that is open, as a page's is; and the first page of one that is not."""

    def first_page() -> None:
        with History(place) as opened:
            opened.find(limit=50)

    rows = [Row("first page of the list, the file opened", _ms(first_page), "ms", must=None if short else most(100))]
    with History(place) as history:
        history.count()
        rows.append(
            Row("a page of the list", _ms(lambda: history.find(limit=50, offset=200)), "ms", must=None if short else most(100))
        )
        for words in SEARCHES:

            def search(words: str = words) -> None:
                history.find(words, 50)

            rows.append(Row(f"search for {words}", _ms(search), "ms", must=None if short else most(150)))
    return rows


def _opened(place: HistoryPlace, folder: Path, files: list[bytes], short: bool) -> list[Row]:
    opened, recordings = read_run([files[0]])
    save_run(folder / "one.diptych", opened, recordings)
    with History(place) as history:
        number = history.find("", 1, history.count() - 1)[0].id

        def kept() -> list[Recording]:
            return read_run(history.pieces(number))[1]

        def file() -> list[Recording]:
            return open_run(folder / "one.diptych")[1]

        def read(recordings: list[Recording]) -> None:
            for one in recordings:
                Exchange(one).finish()

        works: tuple[Callable[[], object], ...] = (kept, file, lambda: read(kept()), lambda: read(file()))
        times: list[list[float]] = [[] for _ in works]
        for _ in range(REPEATS):  # in turn: what else runs here is in all
            for found, work in zip(times, works, strict=True):
                found.append(_once(work))
    kept_ms, file_ms, whole_ms, whole_file_ms = map(median, times)
    return [
        Row("one is opened and read", whole_ms, "ms", "its file", whole_file_ms, None if short else most_times(1.2)),
        Row("its recordings alone, unpacked", kept_ms, "ms", "its file", file_ms),
    ]


def _added(place: HistoryPlace, random: Random, words: list[str], events: int, short: bool) -> list[Row]:
    """One more: beside a run, with what reads it to be listed, and what packs and writes it. And a run as they mostly are."""
    rows = []
    for many in (100, events):
        files, reading, writing = [_file(random, words, many) for _ in range(REPEATS)], [], []
        with History(place) as history:
            begun = history.count()
            for at, file in enumerate(files, begun):
                begin = perf_counter()
                entry = entry_in([file])
                read = perf_counter()
                history.add(_named(entry, at), [file])
                reading.append((read - begin) * 1e3)
                writing.append((perf_counter() - read) * 1e3)
        must = most(20) if many == 100 and not short else None
        rows.append(Row(f"one of 2 x {many} events is added: packed and written", median(writing), "ms", must=must))
        rows.append(Row(f"one of 2 x {many} events is added: read, to be listed", median(reading), "ms", must=must))
    return rows


def _named(entry: Entry, number: int) -> Entry:
    day = f"2026-{1 + number // 28 % 12:02}-{1 + number % 28:02}T{number // 336 % 24:02}:00:00.000Z"
    said = {"answer": f"{entry.answer} {NEEDLE}"} if number == 7 else {}
    return msgspec.structs.replace(entry, run_id=f"{number:032x}", started_utc=day, **said)


def _file(random: Random, words: list[str], events: int) -> bytes:
    """A run file of two sides, with as many text deltas each."""
    opened = RunOpened("0" * 32, "2026-11-30T00:00:00.000Z", "bench", "streaming", {"prompt": "What does a stream look like?"})
    return b"".join(dump_run(opened, [_side(random, words, events, side) for side in SIDES]))


def _side(random: Random, words: list[str], events: int, side: SideName) -> Recording:
    note = ProfileNote("Official" if side == "a" else "Relay", f"https://{side}.example", "anthropic-messages")
    envelope = Envelope("anthropic-messages", note, "streaming", "bench", side, streamed=True)
    body = b'{"model":"bench","stream":true,"messages":[{"role":"user","content":"What does a stream look like?"}]}'
    made = Recording(envelope, Request("POST", f"https://{side}.example/v1/messages", body=body))
    pieces = [
        messages_begin(),
        *(messages_text(f"{words[_rank(random, len(words))]} ") for _ in range(events)),
        messages_end(events),
    ]
    ns, chunks = 500_000_000, []
    made.apply(Marked(MarkName.SEND_BEGIN, 0))
    made.apply(Headed(200, "OK", "HTTP/1.1", (("content-type", "text/event-stream"),)))
    for piece in pieces:
        ns += int(random.expovariate(1 / 20e6))
        chunks.append((ns, piece))
    made.apply(pack_chunks(chunks))
    made.apply(Ended(EndKind.WHOLE, ns))
    return made


def _rank(random: Random, count: int) -> int:
    """Words as texts have them: few often, most seldom."""
    return int(count ** random.random()) - 1


def _ms(work: Callable[[], object]) -> float:
    return median([_once(work) for _ in range(REPEATS)])


def _once(work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    return (perf_counter() - begin) * 1e3
