"""`diptych export`: a run, a side of one, or captured answers as files for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from app.exchange.exchange import Exchange
from app.recording.recording import Recording
from app.store.files import why_not_written, write_atomically
from app.terminal.captured import of_side, recordings_of
from app.terminal.text import complain
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.transfer.exports import KINDS, STRICT

HELP = message(
    "write a run or captured answers as HAR, JSON, JSON lines, CSV, a cassette of vcrpy or spans; a finding as an issue"
)

CANT_WRITE = message("{file} can't be written: {why}")
OPTIONS = tuple(kind for kind in KINDS if kind != "vcr-json")  # which the name that follows --vcr asks for


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=tr("a saved run, or a capture that `read` reads"))
    parser.add_argument("--side", choices=("a", "b"), help=tr("one side of the run alone"))
    parser.add_argument("--protocol", help=tr("where a captured answer itself does not tell"))
    add_kinds(parser)


def add_kinds(parser: argparse.ArgumentParser) -> None:
    """An option for each kind of file."""
    for kind in OPTIONS:
        said = tr("{what}; - for standard output", what=tr(KINDS[kind].about))
        parser.add_argument(f"--{kind}", metavar="OUT", help=said)


def command(options: argparse.Namespace) -> int:
    """Write each that is asked for. 0 when all are written, 1 when one can't be."""
    wanted = wanted_kinds(options)
    if not wanted:
        raise UsageError(tr("say what shall be written: {options:commas}", options=[f"--{kind} OUT" for kind in OPTIONS]))
    found = [Exchange(one).finish() for one in _of_side(options)]
    for kind in wanted:
        if kind in STRICT and (why := KINDS[kind].lacks(found)):
            raise UsageError(why)
    written = [write_to(out, KINDS[kind].write(found)) for kind, out in wanted.items()]
    return 0 if all(written) else 1


def _of_side(options: argparse.Namespace) -> list[Recording]:
    recordings = recordings_of(options.file, options.protocol)
    return recordings if options.side is None else of_side(options.file, recordings, options.side)


def wanted_kinds(options: argparse.Namespace) -> dict[str, str]:
    """Where each kind that is asked for shall be written ("-": standard output). Raises UsageError where one can't be."""
    wanted = {}
    for option in OPTIONS:
        if out := getattr(options, option):
            if out != "-" and (why := why_not_written(Path(out))):
                raise UsageError(tr("{where}: {why}", where=out, why=why))
            wanted["vcr-json" if option == "vcr" and out.lower().endswith(".json") else option] = out
    return wanted


def write_to(out: str, pieces: Iterable[bytes]) -> bool:
    """Write a file; whether it could be, with why not said. Raises OSError where it is standard output ("-") that can't."""
    if out == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return True
    try:
        write_atomically(Path(out), pieces)
    except OSError as error:
        complain(f"diptych: {tr(CANT_WRITE, file=out, why=system_words(error))}")
        return False
    return True
