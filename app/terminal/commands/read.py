"""`diptych read`: read captured answers and print what a live run would."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from app.exchange.exchange import Exchange, Outcome
from app.formats.captures import from_body, from_har, from_json_lines, protocol_of
from app.formats.wrappings import CaptureError
from app.pricing import PriceTable
from app.protocols.registry import protocol_ids
from app.recording.recording import Recording
from app.recording.records import RunFileError
from app.recording.run_format import MAGIC
from app.run.json_report import side_facts
from app.run.side import Side
from app.store.prices import load_prices
from app.store.run_file import read_run
from app.stream.decoding import Decoder
from app.terminal.run_table import print_run
from app.terminal.text import complain, say, say_json
from app.terminal.usage import UsageError

_HAR_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"log\"\s*:")
MAX_UNPACKED_BYTES = 1 << 30


HELP = "read captured answers (curl, HAR, exchanges as .jsonl, saved runs)"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="- for standard input")
    parser.add_argument("--protocol", choices=protocol_ids(), help="where the answer itself does not tell")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def command(options: argparse.Namespace) -> int:
    """Read them all. 0 when all completed, 1 when one did not or could not be read."""
    code = 0
    prices, problem = load_prices()
    if problem:
        complain(f"diptych: {problem}")
    for file in options.files:
        try:
            for name, recording in recordings_of(file, options.protocol):
                code |= _print(name, recording, prices, as_json=options.json)
        except BrokenPipeError:  # of standard output: it says nothing of the file
            raise
        except (CaptureError, RunFileError, OSError) as error:
            complain(f"diptych: {file}: {getattr(error, 'strerror', None) or error}")
            code = 1
    return code


def recordings_of(file: str, protocol_id: str | None) -> Iterator[tuple[str, Recording]]:
    """The recordings in a file, with the name of each: exchanges by their id, a body by the file's name."""
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    name = "-" if file == "-" else Path(file).name
    if data.startswith(b"\x1f\x8b"):
        data, name = _unpacked(data), name.removesuffix(".gz")
    if data.startswith(MAGIC):
        for number, recording in enumerate(read_run([data])[1], start=1):
            yield f"{name}#{number}", recording
    elif name.endswith(".jsonl") or (protocol_id is None and _looks_like_lines(data)):
        for entry_id, _, recording in from_json_lines(data):
            yield entry_id, recording
    elif name.endswith(".har") or _HAR_START.match(data):
        for entry_id, recording in from_har(data, protocol_id):
            yield f"{name}#{entry_id}", recording
    elif found := protocol_id or protocol_of(data):
        yield name, from_body(data, found, name)
    else:
        raise UsageError(f"{name} does not tell which protocol it is in: say it with --protocol")


def _unpacked(data: bytes) -> bytes:
    """Raises CaptureError for what is damaged, or unpacks to more than any capture holds."""
    decoder = Decoder("gzip", MAX_UNPACKED_BYTES)
    unpacked = decoder.feed(data)
    decoder.close()
    if decoder.error:
        raise CaptureError(decoder.error)
    return unpacked


def _looks_like_lines(data: bytes) -> bool:
    first = data.partition(b"\n")[0]
    return first.startswith(b"{") and b'"protocol"' in first and b'"body"' in first


def _print(name: str, recording: Recording, prices: PriceTable, *, as_json: bool) -> int:
    side = Side("a", [Exchange(recording).finish()], table=prices)
    if as_json:
        say_json({"id": name, **side_facts(side)})
    else:
        print_run([side])
        say()
    return 0 if side.outcome is Outcome.COMPLETED else 1
