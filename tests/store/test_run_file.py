"""Run files: what was saved comes back, whole or cut off; anything else is refused with a sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import (
    Ended,
    EndKind,
    Envelope,
    Headed,
    Marked,
    MarkName,
    Opened,
    ProfileNote,
    Record,
    Request,
    RunFileError,
    RunOpened,
    SideName,
)
from app.recording.run_format import MAGIC, pack_frame
from app.store.files import StoreError
from app.store.run_file import open_run, peek, save_run

OPENED = RunOpened("run-1", "2026-11-21T00:00:00Z", "0.1.0", "streaming", {"prompt": "hi"})


def recording(body: bytes = b"data: 1\n\n", ended: bool = True) -> Recording:
    note = ProfileNote("A", "https://h", "openai-chat")
    made = Recording(Envelope("openai-chat", note, side="a"), Request("POST", "https://h/v1", (("a", "b"),), b"{}"))
    made.apply(Marked(MarkName.SEND_BEGIN, 5))
    made.apply(Headed(200, "OK", "HTTP/1.1", (("Content-Type", "text/event-stream"),)))
    made.apply(pack_chunks([(7, body[:3]), (9, body[3:])]))
    if ended:
        made.apply(Ended(EndKind.WHOLE, 10))
    return made


def same(one: Recording, other: Recording) -> bool:
    return list(one.records()) == list(other.records())


def test_a_saved_run_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "run.diptych"
    saved = [recording(), recording(b"x" * 3_000_000)]
    save_run(path, OPENED, saved)
    opened, read = open_run(path)
    assert opened == OPENED
    assert [same(a, b) for a, b in zip(saved, read, strict=True)] == [True, True]
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_saving_over_a_run_that_fails_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "run.diptych"
    save_run(path, OPENED, [recording()])
    before = path.read_bytes()

    def broken() -> list[Recording]:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        save_run(path, OPENED, (broken() for _ in range(1)))  # type: ignore[misc]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [b"", b"DIPT", MAGIC, b"{}", b"\0" * 100, MAGIC + b"\xff" * 20, MAGIC + pack_frame(3, Marked(MarkName.DNS_END, 1))],
)
def test_no_run(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(RunFileError, match=r"^f: "):
        open_run(path)


@pytest.mark.parametrize("ns", [-2, -(1 << 63), (1 << 63) - 1])
def test_stamps_that_no_clock_gives(tmp_path: Path, ns: int) -> None:
    """Their differences would not fit into 64 bits, which only the reading would notice."""
    records: list[Record] = [OPENED, Opened(recording().envelope, recording().request), pack_chunks([(ns, b"x")])]
    path = tmp_path / "f"
    path.write_bytes(MAGIC + b"".join(pack_frame(1, record) for record in records))
    with pytest.raises(RunFileError, match="stamps"):
        open_run(path)


def test_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RunFileError, match="can't be read"):
            open_run(path)


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("run") / "run"
    save_run(path, OPENED, [recording(), recording()])
    return path.read_bytes()


def test_cut_anywhere_it_is_an_interrupted_run(tmp_path: Path, whole_file: bytes) -> None:
    path = tmp_path / "f"
    first = len(MAGIC) + len(pack_frame(0, OPENED))
    for length in range(first, len(whole_file)):
        path.write_bytes(whole_file[:length])
        _, recordings = open_run(path)
        assert all(r.end is not None for r in recordings)
        kinds = [r.end.kind for r in recordings if r.end is not None]
        assert EndKind.INTERRUPTED not in kinds[:-1]


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_a_sentence_or_a_run(tmp_path: Path, whole_file: bytes, data: st.DataObject) -> None:
    content = bytearray(whole_file)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    path = tmp_path / "f"
    path.write_bytes(content)
    try:
        recordings = open_run(path)[1]
    except RunFileError:
        recordings = []
    for read in recordings:
        assert sum(len(read.body.chunk(i)) for i in range(len(read.body))) == len(read.body.data)


def test_a_run_of_a_long_prompt_is_told_by_its_beginning_as_well(tmp_path: Path) -> None:
    path = tmp_path / "run.diptych"
    opened = msgspec.structs.replace(OPENED, ask={"prompt": "hi" * 100_000})
    save_run(path, opened, [recording()])
    assert peek(path) == (opened, {"a": "A"})


@pytest.mark.parametrize(("more", "names"), [(0, {"a": "A", "b": "B"}), (1, {"a": "A"})])
def test_names_are_read_of_the_first_24_kilobytes_of_a_run(tmp_path: Path, more: int, names: dict[str, str]) -> None:
    """So much is read of each file that the palette lists."""

    def begun(size: int) -> bytes:
        of_a = Opened(_envelope("a"), Request("POST", "https://h", (), b"x" * size))
        of_b = Opened(_envelope("b"), Request("POST", "https://h", (), b""))
        return MAGIC + pack_frame(0, OPENED) + pack_frame(1, of_a) + pack_frame(2, of_b)

    path = tmp_path / "run.journal"
    path.write_bytes(begun(24_576 - len(begun(1_000)) + 1_000 + more) + pack_frame(1, Marked(MarkName.DNS_END, 1)))
    assert peek(path) == (OPENED, names)


def _envelope(side: SideName) -> Envelope:
    return Envelope("openai-chat", ProfileNote(side.upper(), "https://h", "openai-chat"), side=side)


@pytest.mark.parametrize(
    "content", [b"", b"{}", MAGIC, MAGIC + b"\xff" * 20, MAGIC + pack_frame(1, Marked(MarkName.DNS_END, 1))]
)
def test_what_begins_as_no_run_does_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    assert peek(path) is None
    assert peek(tmp_path / "none") is None
