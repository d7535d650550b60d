"""`diptych history`: what was kept of every run, check, study and load; searched, shown, exported, taken in, pruned."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.asking.history_keeping import add_file, history_in_place, journal_files, left_outside, take_in_journals
from app.recording.records import RunFileError
from app.store.files import StoreError, why_not_written, write_atomically
from app.store.journal import journal_folder
from app.store.settings import SettingsStore
from app.terminal.history_table import as_facts, listed, trend_table
from app.terminal.text import argument, complain, say, say_json
from app.terminal.usage import CantBeDoneError, UsageError
from app.text.sentences import message, tr
from app.text.system_words import system_words

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.history.history import History

HELP = message("list, search, show, export and import what was run")
SCHEMA = 1
LISTED = 30
LISTED_BY = message("{why} `diptych history list` lists all runs with their numbers; words after it find some.")
TREND_RUNS = 2000  # of the newest


def add_options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(metavar="ACTION", required=True)
    one = _action(what, "list", _list, tr("what was run, the newest first"))
    one.add_argument(
        "words", nargs="*", type=argument, metavar="WORD",
        help=tr(
            "words of prompts, answers and names; fields such as b:relay, model:opus, outcome:failed, verdict:breaks, "
            "finding:A22, kind:study, request:tools, since:7d, on:2026-11-30, is:pinned; "
            "after --, -WORD: what must not be there"
        ),
    )  # fmt: skip
    one.add_argument("--limit", type=int, default=LISTED, metavar="N", help=tr("at most so many ({count})", count=LISTED))
    _json(one)
    one = _action(what, "show", _show, tr("print one as `diptych read` does"))
    _number(one)
    _json(one)
    said = tr("write one as a file that the window and `diptych read` open, or some for others")
    _action(what, "export", _export, said, later=_export_options)
    one = _action(what, "import", _import, tr("take saved runs in"))
    one.add_argument("files", type=Path, nargs="*", metavar="FILE", help=tr("saved runs, or journals of runs that were killed"))
    one.add_argument("--journals", action="store_true", help=tr("all that are in Diptych's own folder of runs"))
    _json(one)
    one = _action(what, "trend", _trend, tr("what changed of an endpoint or a pair over days, and since when"))
    one.add_argument("name", type=argument, nargs="?", metavar="PROFILE", help=tr("the endpoint's name"))
    one.add_argument(
        "--pair", type=argument, nargs=2, metavar=("A", "B"), help=tr("two endpoints, in the runs that they share")
    )
    one.add_argument("--model", type=argument, default="", help=tr("in the runs that asked for this model alone"))
    one.add_argument("--since", type=argument, default="", metavar="DATE", help=tr("2026-11-30, or 30d: days ago"))
    _json(one)
    one = _action(what, "prune", _prune, tr("remove for good what was deleted, and what is old; never what is pinned"))
    one.add_argument("--older-than", type=int, metavar="DAYS", help=tr("what began so many days ago or earlier"))
    one.add_argument("--keep", type=int, metavar="N", help=tr("all but the newest N"))
    _json(one)
    for name, said, change in (
        ("pin", tr("never prune these"), lambda history, number: history.pin(number)),
        ("unpin", tr("they may be pruned again"), lambda history, number: history.pin(number, pinned=False)),
        ("delete", tr("list them no longer, until you restore or prune them"), lambda history, number: history.delete(number)),
        ("restore", tr("take a deletion back"), lambda history, number: history.restore(number)),
    ):  # fmt: skip
        one = _action(what, name, _changing(change), said)
        one.add_argument("ids", type=number, nargs="+", metavar="ID")
    for name, said in (("name", tr("call it so; an empty text takes the name away")), ("note", tr("write a note to it"))):
        one = _action(what, name, _texting(name), said)
        _number(one)
        one.add_argument("text", type=argument, metavar="TEXT")


def command(options: argparse.Namespace) -> int:
    """Do it. 0 where it could be done, 1 where a file or the history could not be read, 2 for wrong use."""
    act: Callable[[History, argparse.Namespace], int] = options.act
    from app.store.history.history import NoSuchRunError

    try:
        with history_in_place(SettingsStore().load()) as history:
            try:
                return act(history, options)
            except NoSuchRunError as error:
                raise CantBeDoneError(tr(LISTED_BY, why=str(error))) from error
            finally:
                if history.problem:
                    complain(f"diptych: {history.problem}")
    except StoreError as error:
        raise CantBeDoneError(str(error)) from error


# -- looking -----------------------------------------------------------------------------------------------------------


def _list(history: History, options: argparse.Namespace) -> int:
    if options.limit < 1:
        raise UsageError(tr("--limit must be at least 1"))
    words = " ".join(_quoted(word) for word in options.words)
    found, count = history.find(words, options.limit), history.count(words)
    if options.json:
        say_json({"schema": SCHEMA, "count": count, "runs": [as_facts(one) for one in found]})
        return 0
    for line in listed(found):
        say(line)
    if not found:
        say(tr("Nothing was found.") if words else tr("Nothing is in the history yet."))
    elif count > len(found):
        say(tr("{shown} of {count}; --limit N lists more.", shown=len(found), count=count))
    if not words:
        _offer_journals(history)
    return 0


def _quoted(word: str) -> str:
    """A word as it was meant: the shell has taken the marks around one with spaces."""
    if not any(character.isspace() for character in word) or '"' in word:
        return word
    field, colon, value = word.partition(":")
    return f'{field}:"{value}"' if colon and field.replace(".", "").isalpha() else f'"{word}"'


def _offer_journals(history: History) -> None:
    if files := left_outside(history, journal_folder()):
        said = tr(
            "{count:plural run|runs} that the history does not have {count:word is|are} in {folder}: "
            "`diptych history import --journals` takes them in.",
            count=len(files),
            folder=journal_folder(),
        )
        complain(f"diptych: {said}")


def _show(history: History, options: argparse.Namespace) -> int:
    from app.formats.capture import Capture
    from app.store.prices import load_prices
    from app.store.run_file import read_run
    from app.terminal.commands.read import print_capture

    one = history.one(options.id)
    try:
        _, recordings = read_run(history.pieces(options.id))
    except RunFileError as error:
        raise CantBeDoneError(tr("run {number}: {why}", number=options.id, why=error)) from error
    if not options.json:
        for line in (*listed([one]), one.note, ""):
            if line or not one.note:
                say(line)
    prices = load_prices()[0]
    code = 0
    for number, recording in enumerate(recordings, start=1):
        capture = Capture(f"{options.id}#{number}", recording.envelope.protocol, recording)
        code = max(code, print_capture(capture, prices, "", as_json=options.json))
    return code


def _export_options(parser: argparse.ArgumentParser) -> None:
    from app.terminal.commands.export import add_kinds  # not before it is asked for: it knows every format

    parser.add_argument(
        "what", nargs="+", metavar="ID ... FILE", help=tr("its number and the FILE; with --har OUT and the like numbers alone")
    )
    parser.add_argument("--side", choices=("a", "b"), help=tr("one side of each alone"))
    add_kinds(parser)


def _export(history: History, options: argparse.Namespace) -> int:
    from app.terminal.commands.export import CANT_WRITE, OPTIONS, wanted_kinds

    if wanted := wanted_kinds(options):
        return _export_for_others([number(one) for one in options.what], wanted, options.side)
    if len(options.what) != 2 or options.side:
        raise UsageError(
            tr(
                "name one ID and a FILE; several, or one side, go with {options:either}",
                options=[f"--{kind}" for kind in OPTIONS],
            )
        )
    which, file = number(options.what[0]), Path(options.what[1])
    if why := why_not_written(file):
        raise UsageError(tr("{where}: {why}", where=file, why=why))
    try:
        write_atomically(file, history.pieces(which))
    except OSError as error:
        raise CantBeDoneError(tr(CANT_WRITE, file=file, why=system_words(error))) from error
    say(tr("Written to {file}.", file=file))
    return 0


def _export_for_others(numbers: list[int], wanted: dict[str, str], side: SideName | None) -> int:
    from app.asking.history_export import Selection
    from app.terminal.commands.export import write_to

    chosen = Selection(SettingsStore().load(), numbers, side)
    code = 0
    for kind, out in wanted.items():
        written = write_to(out, chosen.pieces(kind))
        for problem in chosen.problems:
            complain(f"diptych: {problem}")
        if written and out != "-":
            say(tr("Written to {file}.", file=out))
        if chosen.problems or not written:
            code = 1
    return code


def _trend(history: History, options: argparse.Namespace) -> int:
    from app.store.history.query import runs_of
    from app.trend.trend import trend_of
    from app.trend.words import says

    if (options.name is None) == (options.pair is None):
        raise UsageError(tr("name one PROFILE, or --pair A B"))
    name, other = options.pair or (options.name, "")
    since = f"since:{options.since}" if options.since else ""
    found = history.find(f"{runs_of(name, other)} {since}", TREND_RUNS)
    models = (options.model, options.model) if other else (options.model, "")
    trend = trend_of(found, name, models[0], other=other, other_model=models[1])
    if options.json:
        say_json({"schema": SCHEMA, **msgspec.to_builtins(trend), "says": says(trend)})
        return 0
    for line in (*trend_table(trend), *says(trend)):
        say(line)
    return 0


# -- changing ----------------------------------------------------------------------------------------------------------


def _import(history: History, options: argparse.Namespace) -> int:
    if not options.files and not options.journals:
        raise UsageError(tr("name a FILE, or --journals"))
    numbers, problems = [], []
    for file in options.files:
        try:
            numbers.append(add_file(history, file))
        except RunFileError as error:
            problems.append(str(error))
    taken = 0
    if options.journals:
        taken, more = take_in_journals(history, journal_files(journal_folder()))
        problems += more
    for problem in problems:
        complain(f"diptych: {problem}")
    if options.json:
        say_json({"schema": SCHEMA, "ids": numbers, "of_journals": taken, "problems": problems})
    else:
        if options.files:
            say(tr("In the history as {ids:if {ids:commas}|none}.", ids=numbers or None))
        if options.journals:
            say(tr("{count:plural run was|runs were} taken in.", count=taken))
    return 1 if problems else 0


def _prune(history: History, options: argparse.Namespace) -> int:
    if (options.keep or 0) < 0 or (options.older_than or 0) < 0:
        raise UsageError(tr("--keep and --older-than can't be negative"))
    before = None
    if options.older_than is not None:
        try:
            before = (datetime.now(UTC) - timedelta(days=options.older_than)).strftime("%Y-%m-%dT%H:%M:%S")
        except OverflowError:
            raise UsageError(tr("--older-than is longer ago than there are dates")) from None
    gone = len(history.prune(options.keep, before))
    if options.json:
        say_json({"schema": SCHEMA, "pruned": gone})
    else:
        say(tr("One run was removed.") if gone == 1 else tr("{count} runs were removed.", count=gone))
    return 0


def _changing(change: Callable[[History, int], None]) -> Callable[[History, argparse.Namespace], int]:
    def act(history: History, options: argparse.Namespace) -> int:
        for number in options.ids:
            change(history, number)
        return 0

    return act


def _texting(name: str) -> Callable[[History, argparse.Namespace], int]:
    def act(history: History, options: argparse.Namespace) -> int:
        (history.set_name if name == "name" else history.set_note)(options.id, options.text)
        return 0

    return act


def _action(
    what: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    act: Callable[[History, argparse.Namespace], int],
    said: str,
    later: Callable[[argparse.ArgumentParser], None] | None = None,
) -> argparse.ArgumentParser:
    one = what.add_parser(name, later=later, help=said)
    one.set_defaults(act=act)
    return one


def _number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=number, metavar="ID", help=tr("its number in `diptych history list`"))


def number(text: str) -> int:
    """The number of a run. Raises UsageError."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise UsageError(tr(LISTED_BY, why=tr("“{text}” is no run's number.", text=text)))
    return int(text)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))
