"""`diptych export`: a run, a side of one, or captured answers as files for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from app import __version__
from app.exchange.exchange import Exchange
from app.formats.cassette_export import as_cassette, has_head
from app.formats.events import as_csv_of, as_json_of, as_jsonl_of
from app.formats.har_export import as_har
from app.formats.otlp import as_otlp, has_moment
from app.protocols.findings import Severity
from app.recording.recording import Recording
from app.report.issue import issue_text, worst
from app.store.files import why_not_written, write_atomically
from app.terminal.captured import of_side, recordings_of
from app.terminal.text import complain
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words

HELP = message(
    "write a run or captured answers as HAR, JSON, JSON lines, CSV, a cassette of vcrpy or spans; a finding as an issue"
)

CANT_WRITE = message("{file} can't be written: {why}")
Write = Callable[[list[Exchange], str], Iterable[bytes]]
"""Makes the pieces of a file of exchanges; the file's name may say which of two forms is wanted."""


def _issue(found: list[Exchange], _: str) -> list[bytes]:
    """Raises UsageError where there is nothing to tell."""
    pairs = [(one, finding) for one in found if (finding := worst(one)) is not None]
    if not pairs:
        raise UsageError(tr("no finding is in it: there is nothing to tell an operator"))
    order = list(Severity)
    one, finding = min(pairs, key=lambda pair: order.index(pair[1].severity))
    return [issue_text(one, finding).encode()]


def _otlp(found: list[Exchange], _: str) -> Iterable[bytes]:
    """Raises UsageError where no exchange says when it began, as a capture may not."""
    if not any(map(has_moment, found)):
        raise UsageError(tr("no answer in it says when it began, which a span needs"))
    return as_otlp(found, __version__)


def _cassette(found: list[Exchange], out: str) -> Iterable[bytes]:
    """Raises UsageError where no answer came."""
    if not any(map(has_head, found)):
        raise UsageError(tr("no answer's head is in it, which a cassette needs"))
    return as_cassette(found, as_json=out.lower().endswith(".json"))


KINDS: dict[str, tuple[str, Write]] = {
    "har": (message("HAR 1.2, for browsers' developer tools and proxies"), lambda found, _: as_har(found, __version__)),
    "json": (message("the events as one JSON object"), lambda found, _: as_json_of(found)),
    "jsonl": (message("the events as JSON lines"), lambda found, _: as_jsonl_of(found)),
    "csv": (message("the events as CSV"), lambda found, _: as_csv_of(found)),
    "issue": (message("an issue for the endpoint's operator, of the finding that matters most"), _issue),
    "vcr": (
        message("a cassette of vcrpy, which plays the answers back in a test; OUT.json for its JSON serialiser"),
        _cassette,
    ),
    "otlp": (message("spans of OpenTelemetry's GenAI conventions, as OTLP JSON"), _otlp),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=tr("a saved run, or a capture that `read` reads"))
    parser.add_argument("--side", choices=("a", "b"), help=tr("one side of the run alone"))
    parser.add_argument("--protocol", help=tr("where a captured answer itself does not tell"))
    for kind, (what, _) in KINDS.items():
        parser.add_argument(f"--{kind}", metavar="OUT", help=tr("{what}; - for standard output", what=tr(what)))


def command(options: argparse.Namespace) -> int:
    """Write each that is asked for. 0 when all are written, 1 when one can't be."""
    wanted = {kind: getattr(options, kind) for kind in KINDS if getattr(options, kind)}
    if not wanted:
        raise UsageError(tr("say what shall be written: {options:commas}", options=[f"--{kind} OUT" for kind in KINDS]))
    for out in wanted.values():
        if out != "-" and (why := why_not_written(Path(out))):
            raise UsageError(tr("{where}: {why}", where=out, why=why))
    found = [Exchange(one).finish() for one in _of_side(options)]
    code = 0
    for kind, out in wanted.items():
        try:
            _write(out, KINDS[kind][1](found, out))
        except OSError as error:
            if out == "-":
                raise
            complain(f"diptych: {tr(CANT_WRITE, file=out, why=system_words(error))}")
            code = 1
    return code


def _of_side(options: argparse.Namespace) -> list[Recording]:
    recordings = recordings_of(options.file, options.protocol)
    return recordings if options.side is None else of_side(options.file, recordings, options.side)


def _write(out: str, pieces: Iterable[bytes]) -> None:
    if out != "-":
        return write_atomically(Path(out), pieces)
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return None
