"""Captured answers and saved runs as the commands take them, with the sentences for files that can't be read."""

from __future__ import annotations

from collections.abc import Iterable

from app.formats.capture import Capture, CaptureError, Unread
from app.recording.recording import Recording
from app.recording.records import RunFileError
from app.terminal.text import complain
from app.terminal.usage import UsageError
from app.text.sentences import tr
from app.text.system_words import system_words
from app.transfer.capture_files import UntoldProtocolError, captures_of


def read_whole(file: str, protocol_id: str | None) -> tuple[list[Capture], list[Unread]]:
    """All answers in a file ("-" is standard input), and those that can't be read. Raises UsageError where the file can't."""
    try:
        found = list(captures_of(file, protocol_id))
    except UntoldProtocolError as error:
        raise UsageError(f"{error}{error.advice}") from error
    except (CaptureError, RunFileError, OSError) as error:
        raise UsageError(tr("{where}: {why}", where=file, why=system_words(error))) from error
    return [one for one in found if isinstance(one, Capture)], [one for one in found if isinstance(one, Unread)]


def recordings_of(file: str, protocol_id: str | None) -> list[Recording]:
    """All answers in a file, at least one; those that can't be read are said. Raises UsageError."""
    captures, unread = read_whole(file, protocol_id)
    for one in unread:
        complain(f"diptych: {tr('{where}: {why}', where=file, why=one.why + one.advice)}")
    if not captures:
        raise UsageError(tr("{file}: no answer is in it", file=file))
    return [one.recording for one in captures]


def of_side(file: str, recordings: Iterable[Recording], side: str | None) -> list[Recording]:
    """Those of a side; None is a capture's, which has none. Raises UsageError where there is no such side."""
    kept = [one for one in recordings if one.envelope.side == side]
    if not kept:
        raise UsageError(tr("{file} has no side {side}", file=file, side=side))
    return kept
