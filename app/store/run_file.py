"""Runs as files: saved atomically, and opened with a sentence for any file that is not a run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.protocols.registry import protocol_ids
from app.recording.recording import Recording
from app.recording.records import Opened, Record, RunFileError, RunOpened
from app.recording.run_format import MAGIC, FrameReader, dump_run, load_run
from app.store.files import StoreError, read_pieces, write_atomically
from app.text.sentences import tr
from app.text.system_words import system_words

SUFFIX = ".diptych"
MAX_RUN_BYTES = 8 << 30
PEEK_BYTES = 24 << 10


def save_run(path: Path, opened: RunOpened, recordings: Iterable[Recording]) -> None:
    """Write a run that its owner alone can read; a file of that name is replaced whole or not at all. Raises StoreError."""
    try:
        write_atomically(path, dump_run(opened, recordings))
    except OSError as error:
        raise StoreError(tr("{path} can't be written: {error}.", path=path, error=system_words(error))) from error


def read_run(pieces: Iterable[bytes]) -> tuple[RunOpened, list[Recording]]:
    """A run out of a file's bytes, each of its exchanges in a protocol that we read. Raises RunFileError."""
    opened, recordings = load_run(pieces)
    for recording in recordings:
        if recording.envelope.protocol not in protocol_ids():
            raise RunFileError(
                tr(
                    "it holds an exchange in a protocol that is not known here: {protocol}",
                    protocol=repr(recording.envelope.protocol[:40]),
                )
            )
    return opened, recordings


def is_run(path: Path) -> bool:
    """Whether a file begins as a saved run does; True also for one that can't be read, as to open it says why.

    A folder is none.
    """
    if path.is_dir():
        return False
    try:
        return next(iter(read_pieces(path, MAX_RUN_BYTES, len(MAGIC))), b"").startswith(MAGIC)
    except (OSError, RunFileError):
        return True


def peek(path: Path) -> tuple[RunOpened, dict[str, str]] | None:
    """What a file is of, by its beginning alone: its first record, and the names of the endpoints by side as far as they stand
    there; None for what is no run.

    The first record holds what the user asked, and is read to its end however long that is.
    """
    first: Record | None = None
    names: dict[str, str] = {}
    with suppress(OSError, RunFileError), path.open("rb") as file:
        piece = file.read(PEEK_BYTES)
        if not piece.startswith(MAGIC):
            return None
        frames, piece = FrameReader(len(MAGIC)), piece[len(MAGIC) :]
        while first is None and piece:
            for _, record in frames.feed(piece):
                first = first or record
                if isinstance(record, Opened):
                    names.setdefault(record.envelope.side or "a", record.envelope.profile.name)
            piece = file.read(PEEK_BYTES) if first is None else b""
    return (first, names) if isinstance(first, RunOpened) else None


def open_run(path: Path) -> tuple[RunOpened, list[Recording]]:
    """Read a run that was saved, or the journal of one that was killed. Raises RunFileError, a sentence, for everything else.

    The file is read, not mapped: a mapped file that another program cuts short would end this process.
    """
    try:
        return read_run(read_pieces(path, MAX_RUN_BYTES))
    except RunFileError as error:
        raise RunFileError(f"{path.name}: {error}") from error
    except OSError as error:
        raise RunFileError(tr("{name} can't be read: {error}", name=path.name, error=system_words(error))) from error
    except MemoryError as error:
        raise RunFileError(tr("{name} is too long for this machine's memory", name=path.name)) from error
