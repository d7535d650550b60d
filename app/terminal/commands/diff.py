"""`diptych diff`: what differs between the sides of a run, or between two captured answers."""

from __future__ import annotations

import argparse
from collections import Counter

import msgspec

from app.protocols.registry import protocol_ids
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run.diff.as_text import as_text
from app.run.diff.facts import Standing
from app.run.diff.sentence import sentence
from app.run.diff.summary import compare_run
from app.run.side import Side, sides_of
from app.scenarios import Scenario
from app.terminal.captured import read_whole
from app.terminal.text import say, say_json
from app.terminal.usage import UsageError
from app.text.sentences import message, tr

HELP = message("say what differs between the two sides of a saved run, or between two captured answers")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help=tr("a saved run, or two runs or captures: A and B"))
    parser.add_argument("--protocol", choices=protocol_ids(), help=tr("where a captured answer itself does not tell"))
    parser.add_argument("--by-letter", action="store_true", help=tr("compare the answers letter by letter"))
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object (schema 1)"))


def command(options: argparse.Namespace) -> int:
    """Compare them. 0 when nothing differs of what could be compared, 1 when something does."""
    a, b = _sides(options.files, options.protocol)
    diff = compare_run(a, b, by_letter=options.by_letter)
    if options.json:
        say_json({"schema": 1, "sentence": sentence(diff), **msgspec.to_builtins(diff, enc_hook=str)})
    else:
        say(as_text(diff).rstrip())
    return 1 if any(one.standing is Standing.DIFFERS for one in diff.summary.parts) else 0


def _sides(files: list[str], protocol_id: str | None) -> tuple[Side, Side]:
    """The sides of one run, or of each of two files its side A (of a capture the only answer). Raises UsageError."""
    if len(files) > 2:
        raise UsageError(tr("one file, a run of two sides, or two files are compared"))
    if len(files) == 2:
        return _side(files[0], "a", protocol_id), _side(files[1], "b", protocol_id)
    found = sides_of(_one_run(files[0], _recordings(files[0], protocol_id)))
    if "a" not in found or "b" not in found:
        raise UsageError(tr("{file} holds one side only: name a second file to compare it with", file=files[0]))
    return _read(found["a"]), _read(found["b"])


def _side(file: str, name: SideName, protocol_id: str | None) -> Side:
    recordings = _one_run(file, _recordings(file, protocol_id))
    found = sides_of(recordings)
    if len(recordings) > 1 and recordings[0].envelope.side is None:
        raise UsageError(
            tr("{file} holds {count:plural answer|answers}: give each a file of its own", file=file, count=len(recordings))
        )
    side = found.get("a") or found["b"]
    return _read(Side(name, side.rounds))


def _one_run(file: str, recordings: list[Recording]) -> list[Recording]:
    """Those of a file that holds one run, or none: Diptych writes several into one for other programs. Raises UsageError."""
    opening = (one.envelope for one in recordings if one.envelope.scenario in set(Scenario) and one.envelope.round == 1)
    count = max(Counter(one.side for one in opening).values(), default=0)
    if count > 1:
        raise UsageError(tr("{file} holds {count:plural run|runs}: give each a file of its own", file=file, count=count))
    return recordings


def _recordings(file: str, protocol_id: str | None) -> list[Recording]:
    captures, unread = read_whole(file, protocol_id)
    if not captures:
        why = f"{unread[0].why}{unread[0].advice}" if unread else tr("nothing is in it")
        raise UsageError(tr("{where}: {why}", where=file, why=why))
    return [one.recording for one in captures]


def _read(side: Side) -> Side:
    for one in side.rounds:
        one.finish()
    return side
