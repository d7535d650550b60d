"""The captured answers in a file of any kind that is read: saved runs, HAR files, curl's and others', exchanges as lines."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import zlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.formats.batches import captures_of_batch, is_batch
from app.formats.calls import captures_of_calls
from app.formats.capture import Capture, CaptureError, Unread
from app.formats.captures import captures_in, from_json_lines
from app.formats.cassettes import calls_of_cassette, is_cassette
from app.formats.client_reports import calls_of_report
from app.formats.file_kinds import what_it_is
from app.formats.har import from_har
from app.formats.mock_recordings import calls_of_mocks
from app.formats.own_note import CREATOR
from app.formats.printed import printed_in
from app.formats.proxy_sessions import (
    CHARLES,
    FIDDLER,
    FIDDLER_ENTRY,
    PROXYMAN,
    PROXYMAN_ENTRY,
    calls_of_charles,
    calls_of_fiddler,
    calls_of_proxyman,
)
from app.formats.wrappings import refuse, refuse_binary
from app.recording.records import RunFileError
from app.recording.run_format import MAGIC
from app.store.files import read_regular
from app.store.run_file import read_run
from app.stream.decoding import Decoder
from app.text.json_text import is_object
from app.text.sentences import message, tr
from app.text.system_words import system_words

if TYPE_CHECKING:
    from zipfile import ZipFile

_HAR_START = re.compile(rb"\s*\{\s*\"log\"\s*:")
_PACKED = (b"\x1f\x8b", b"PK\x03\x04")
_UTF16, _UTF8_MARK = (b"\xff\xfe", b"\xfe\xff"), b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\n]*[^\s][^\n]*")
_FIRST_LINES = 20
_START_BYTES = 4096
_PIECE_BYTES = 1 << 21
_CHARLES_OWN = message("this is a session of Charles in its own format: export it as a JSON session (.chlsj), or as HAR")
_PROXYMAN_OWN = message("this is a log of Proxyman that can't be read: export it as HAR")
_OWN_FORMATS = {
    ".chls": _CHARLES_OWN,
    ".chlz": _CHARLES_OWN,
    ".chlsx": _CHARLES_OWN,
    ".saz": message("this is a session of Fiddler that can't be read: export it as HTTPArchive (HAR)"),
    ".proxymanlog": _PROXYMAN_OWN,
    ".proxymanlogv2": _PROXYMAN_OWN,
    ".proxymansession": _PROXYMAN_OWN,
}
MAX_FILE_BYTES = 1 << 29
MAX_UNPACKED_BYTES = 1 << 30


class UntoldProtocolError(CaptureError):
    """The only answer of a file does not tell its protocol: whoever asks for it may. `advice` is for the terminal."""

    def __init__(self, name: str, why: str, advice: str) -> None:
        super().__init__(tr("{name} {why}", name=name, why=why))
        self.advice = advice


def files_of(given: str) -> list[str]:
    """A file, or those of a folder in the order of their names: not those in folders within it, and none that is hidden.

    Raises CaptureError for a folder in which there is none, OSError where it can't be read.
    """
    folder = Path(given)
    if given == "-" or not folder.is_dir():
        return [given]
    found = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))
    if not found:
        raise CaptureError(tr("no file is in this folder"))
    return [str(one) for one in found]


def captures_at(given: str, protocol_id: str | None) -> Iterator[Capture | Unread]:
    """The answers in a file, as `captures_of`; or in all files of a folder, where one that can't be read stops no other."""
    files = files_of(given)
    if files == [given]:
        yield from captures_of(given, protocol_id)
        return
    for file in files:
        try:
            yield from captures_of(file, protocol_id)
        except (CaptureError, RunFileError, OSError, MemoryError) as error:
            name = Path(file).name
            why = (
                str(error)
                if isinstance(error, UntoldProtocolError)
                else tr("{where}: {why}", where=name, why=system_words(error))
            )
            yield Unread(name, why)


def captures_of(file: str, protocol_id: str | None) -> Iterator[Capture | Unread]:
    """The answers in a file, with the name of each: exchanges by their id, the only one of a file by the file's name.

    "-" is standard input. Raises CaptureError, of which UntoldProtocolError is one, RunFileError and OSError.
    """
    name = "-" if file == "-" else Path(file).name
    with contextlib.nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb") as opened:
        start = opened.read(_START_BYTES)
        if start.startswith(MAGIC):
            pieces = chain([start], iter(lambda: opened.read(_PIECE_BYTES), b""))
            for number, recording in enumerate(read_run(pieces)[1], start=1):
                yield Capture(f"{name}#{number}", recording.envelope.protocol, recording, recorder=CREATOR)
            return
        if not start.startswith(_PACKED):  # at once: a device has no end
            is_json = start.startswith((b"{", b"["))
            if not is_json and (said := _own_format(name)):
                raise CaptureError(said)
            (refuse_binary if is_json else refuse)(start)
        data = start + opened.read(max(0, MAX_FILE_BYTES + 1 - len(start)))
    if len(data) > MAX_FILE_BYTES:
        raise CaptureError(
            tr("it is longer than {most:grouped} bytes: cut out the answers that are wanted", most=MAX_FILE_BYTES)
        )
    if data.startswith(b"\x1f\x8b"):
        data, name = _unpacked(data), name.removesuffix(".gz")
    yield from _named(name, _captures(data, name, protocol_id, file))


def _named(name: str, found: Iterator[Capture | Unread]) -> Iterator[Capture | Unread]:
    for one in found:
        whole = name if not one.name else one.name if isinstance(one, Capture) and one.has_id else f"{name}#{one.name}"
        if isinstance(one, Unread) and not one.name:
            raise UntoldProtocolError(name, one.why, one.advice)
        yield replace(one, name=whole)


def _captures(data: bytes, name: str, protocol_id: str | None, file: str) -> Iterator[Capture | Unread]:
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data, name, protocol_id)
    text = _text(data)
    if is_cassette(text):
        return captures_of_calls(*calls_of_cassette(text), protocol_id)
    if (report := calls_of_report(text)) is not None:
        return captures_of_calls(*report, protocol_id)
    if (mocks := calls_of_mocks(text)) is not None:
        return captures_of_calls(*mocks, protocol_id)
    if (session := calls_of_charles(text)) is not None:
        return captures_of_calls(session, CHARLES, protocol_id)
    is_har = _HAR_START.match(text) is not None
    if not is_har and is_batch(text):
        return captures_of_batch(text, protocol_id)
    if not is_har and _are_lines(text, name, protocol_id):
        return from_json_lines(text)
    if is_har or name.endswith(".har"):
        folder = None if file == "-" else Path(file).absolute().parent
        return from_har(text, protocol_id, lambda attached: _beside(folder, attached))
    if said := what_it_is(text):
        raise CaptureError(said)
    return _of_text(data, text, protocol_id)


def _of_text(data: bytes, text: bytes, protocol_id: str | None) -> Iterator[Capture | Unread]:
    """The endpoint's bytes with what is known around them, or what a program printed of them."""
    found = printed_in(text, as_sent=protocol_id is not None)
    if len(found) < 2:
        yield from captures_in(found[0].text, protocol_id, found[0].notes) if found else captures_in(data, protocol_id)
        return
    for number, one in enumerate(found, start=1):
        yield from (replace(read, name=str(number)) for read in captures_in(one.text, protocol_id, one.notes))


def _text(data: bytes) -> bytes:
    """A document as UTF-8 without a byte order mark: PowerShell's redirection writes UTF-16."""
    return data.decode("utf-16", "replace").encode() if data.startswith(_UTF16) else data.removeprefix(_UTF8_MARK)


def _beside(folder: Path | None, name: str) -> bytes | None:
    """A file that lies beside a HAR file, under a plain name."""
    if folder is None or Path(name).name != name:
        return None
    try:
        return read_regular(folder / name, MAX_FILE_BYTES)
    except OSError:
        return None


def _own_format(name: str) -> str:
    """What a file is whose name says that it is a proxy's own, which is not read; "" for any other."""
    return next((tr(said) for ending, said in _OWN_FORMATS.items() if name.lower().endswith(ending)), "")


def _of_zip(data: bytes, name: str, protocol_id: str | None) -> Iterator[Capture | Unread]:
    """The HAR files in an archive, as Playwright writes one, with the bodies beside them; or the calls of a log of Proxyman."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
            wanted = [one for one in sizes if one.endswith(".har")]
            entries = {int(found[1]): one for one in sizes if (found := PROXYMAN_ENTRY.fullmatch(one.rpartition("/")[2]))}
            raw = {found[1] for one in sizes if (found := FIDDLER_ENTRY.fullmatch(one))}
            if not wanted and not entries and not raw:
                raise CaptureError(_own_format(name) or what_it_is(data[:_START_BYTES]))
            if sum(sizes.values()) > MAX_UNPACKED_BYTES:
                raise CaptureError(tr("more than {most} bytes come out of the archive", most=MAX_UNPACKED_BYTES))
            if raw and not wanted:
                sessions = (_fiddler_session(archive, sizes, one) for one in sorted(raw, key=int))
                yield from captures_of_calls(calls_of_fiddler(sessions), FIDDLER, protocol_id)
            elif not wanted:
                calls = calls_of_proxyman(archive.read(one) for _, one in sorted(entries.items()))
                yield from captures_of_calls(calls, PROXYMAN, protocol_id)
            for har in wanted:
                beside = har.rpartition("/")[0]

                def attached(name: str, beside: str = beside) -> bytes | None:
                    path = f"{beside}/{name}".lstrip("/")
                    return archive.read(path) if path in sizes else None

                yield from from_har(_text(archive.read(har)), protocol_id, attached)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise CaptureError(tr("this is a zip archive that can't be read: {why}", why=error)) from error


def _fiddler_session(archive: ZipFile, sizes: Collection[str], number: str) -> tuple[bytes, bytes, bytes]:
    """Request, answer and measures of a session; b"" for what is not there."""
    request, answer, measured = (f"raw/{number}_{part}" for part in ("c.txt", "s.txt", "m.xml"))
    read = {name: archive.read(name) for name in (request, answer, measured) if name in sizes}
    return read.get(request, b""), read.get(answer, b""), read.get(measured, b"")


def _unpacked(data: bytes) -> bytes:
    """Raises CaptureError for what is damaged, or unpacks to more than any capture holds."""
    decoder = Decoder("gzip", MAX_UNPACKED_BYTES)
    unpacked = decoder.feed(data)
    decoder.close()
    if decoder.error:
        raise CaptureError(decoder.error.said)
    return unpacked


def _are_lines(text: bytes, name: str, protocol_id: str | None) -> bool:
    """Whether each line is an object of its own: by the file's name, where one of its first lines is, or by the first line."""
    if name.endswith(".jsonl"):
        lines = (found[0].strip() for found in islice(_LINE.finditer(text), _FIRST_LINES))
        return any(is_object(line) for line in lines if b'"body"' in line)
    first = text.partition(b"\n")[0]
    return protocol_id is None and b'"protocol"' in first and b'"body"' in first and is_object(first)
