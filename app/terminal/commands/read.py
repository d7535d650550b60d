"""`diptych read`: read captured answers and print what a live run would."""

from __future__ import annotations

import argparse
from itertools import chain

from app.exchange.exchange import Exchange, Outcome
from app.formats.capture import Capture, CaptureError, Unread
from app.pricing import PriceTable
from app.protocols.registry import protocol_ids
from app.recording.records import RunFileError
from app.run.json_report import side_facts
from app.run.side import Side
from app.store.prices import load_prices
from app.terminal.client import add_client_option, check_client
from app.terminal.run_table import print_run
from app.terminal.text import complain, say, say_json
from app.terminal.usage import UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.transfer.capture_files import UntoldProtocolError, captures_of, files_of

HELP = message("read captured answers (curl, HAR, exchanges as .jsonl, saved runs)")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help=tr("a folder is all files in it; - is standard input"))
    parser.add_argument("--protocol", choices=protocol_ids(), help=tr("where the answer itself does not tell"))
    add_client_option(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object a line"))


def command(options: argparse.Namespace) -> int:
    """Read them all. 0 when all completed, 1 when one did not or could not be read, 2 when one needs --protocol."""
    code = 0
    check_client(options.client, *protocol_ids())
    prices, problem = load_prices()
    if problem:
        complain(f"diptych: {problem}")
    for file in chain.from_iterable(map(_files, options.files)):
        try:
            for one in captures_of(file, options.protocol):
                if isinstance(one, Unread):
                    complain(f"diptych: {tr('{where}: {why}', where=file, why=one.why + one.advice)}")
                    code = max(code, 1)
                else:
                    code = max(code, print_capture(one, prices, options.client, as_json=options.json))
        except BrokenPipeError:  # of standard output: it says nothing of the file
            raise
        except UntoldProtocolError as error:
            complain(f"diptych: {error}{error.advice}")
            code = 2
        except MemoryError:
            why = tr("it is too long for this machine's memory")
            complain(f"diptych: {tr('{where}: {why}', where=file, why=why)}")
            code = max(code, 1)
        except (CaptureError, RunFileError, OSError) as error:
            complain(f"diptych: {tr('{where}: {why}', where=file, why=system_words(error))}")
            code = max(code, 1)
    return code


def _files(given: str) -> list[str]:
    """Raises UsageError for a folder without files."""
    try:
        return files_of(given)
    except CaptureError as error:
        raise UsageError(f"{given}: {error}") from error


def print_capture(one: Capture, prices: PriceTable, client: str, *, as_json: bool) -> int:
    """Print one answer as if it were live; the exit code."""
    side = Side("a", [Exchange(one.recording).finish()], table=prices)
    side.client = client
    if as_json:
        say_json({"id": one.name, **({"recorder": one.notes} if one.notes else {}), **side_facts(side)})
    else:
        for note in one.notes:
            say(tr("Recorder: {note}", note=note))
        print_run([side])
        say()
    return 0 if side.outcome is Outcome.COMPLETED else 1
