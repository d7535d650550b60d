"""`diptych drift`: a few small requests, asked again and again, that tell when an endpoint changed."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re

import msgspec

from app.asking.drifting import Round, play_round
from app.asking.runner import SideChoice
from app.recording.records import SideName
from app.store.files import StoreError
from app.store.profiles import Profile
from app.store.settings import Settings, SettingsStore
from app.terminal.endpoint import add_limit_options, add_profile_options, chosen_endpoint
from app.terminal.text import argument, complain, say, say_json
from app.terminal.usage import CantBeDoneError, UsageError
from app.text.sentences import message, tr
from app.trend.watching import DAY_S, schedule_lines
from app.trend.words import says
from app.wire.client import WireClient

HELP = message("ask an endpoint a few small requests, once or again and again, and say what changed since the earlier times")
SCHEMA = 1
LEAST_S = 600
_UNITS = {"m": 60, "h": 3600, "d": DAY_S}


def add_options(parser: argparse.ArgumentParser) -> None:
    add_profile_options(parser)
    parser.add_argument("--model", type=argument, metavar="MODEL", help=tr("instead of the profile's model"))
    parser.add_argument(
        "--against", type=argument, metavar="PROFILE",
        help=tr("ask this one the same beside it: what changes on both is the vendor's change, not the relay's"),
    )  # fmt: skip
    parser.add_argument("--against-model", type=argument, metavar="MODEL", help=tr("instead of that profile's model"))
    parser.add_argument("--against-key-env", metavar="NAME", help=tr("the environment variable that holds its key"))
    again = tr("ask again after so long (30m, 6h, 1d), until Ctrl+C")
    parser.add_argument("--every", type=argument, metavar="6h", help=again)
    once = tr("ask once, also with --every: that is for the line to schedule it")
    parser.add_argument("--once", action="store_true", help=once)
    add_limit_options(parser)
    parser.add_argument("--json", action="store_true", help=tr("print one JSON object a round (schema 1)"))


def command(options: argparse.Namespace) -> int:
    """Ask, and compare. 0 where all was answered and nothing is newly seen to have changed, else 1."""
    options.every_s = None if options.every is None else _seconds(options.every)
    settings = SettingsStore().load()
    if not settings.keep_runs:
        raise UsageError(tr("nothing is kept, as the settings say: without the history there is nothing to compare with"))
    if options.against is not None and options.against == options.profile:
        raise UsageError(tr("--against is another profile"))
    return asyncio.run(_command(options, settings))


async def _command(options: argparse.Namespace, settings: Settings) -> int:
    try:
        while True:
            code = await _round(options, settings)
            if options.once or options.every_s is None:
                break
            await asyncio.sleep(options.every_s)
    except asyncio.CancelledError:  # Ctrl+C: the rounds before are kept
        if task := asyncio.current_task():
            task.uncancel()
        return 130
    if not options.json:
        for line in schedule(options):
            complain(line)
    return code


async def _round(options: argparse.Namespace, settings: Settings) -> int:
    async with contextlib.AsyncExitStack() as stack:
        choices: dict[SideName, SideChoice] = {}
        named = {**vars(options), "url": None, "protocol": None, "auth": None, "header": []}
        if options.against is not None:
            other = argparse.Namespace(**{**named, "profile": options.against, "key_env": options.against_key_env})
            choices["a"] = _choice(*await stack.enter_async_context(chosen_endpoint(other)), options.against_model)
        choices["b"] = _choice(*await stack.enter_async_context(chosen_endpoint(options)), options.model)
        wire = await stack.enter_async_context(contextlib.aclosing(WireClient()))
        try:
            played = await play_round(wire, settings, choices)
        except StoreError as error:
            raise CantBeDoneError(str(error)) from error
    return _report(options, played)


def _choice(profile: Profile, key: str, model: str | None) -> SideChoice:
    if not (model or profile.model):
        raise UsageError(tr("a model is needed for “{name}”: --model MODEL", name=profile.name))
    return SideChoice(profile, model or profile.model, key)


def _report(options: argparse.Namespace, played: Round) -> int:
    now = played.now
    if options.json:
        asked = {
            "run_ids": [run.opened.run_id for run in played.runs], "asked": played.asked, "answered": played.answered,
        }  # fmt: skip
        say_json({"schema": SCHEMA, **asked, **msgspec.to_builtins(now), "says": says(now), "new": played.new})
    else:
        say(tr("{whole} of {asked:plural request|requests} answered.", whole=played.answered, asked=played.asked))
        for sentence in says(now):
            say(tr("New: {sentence}", sentence=sentence) if sentence in played.new else sentence)
    for run in played.runs:
        if run.journal_problem:
            complain(f"diptych: {run.journal_problem}")
    return 0 if played.answered == played.asked and not played.new else 1


def schedule(options: argparse.Namespace) -> list[str]:
    """How the system asks the same again, without a window; none for an endpoint that is no profile."""
    if options.profile is None:
        return []
    again = [options.profile]
    for name in ("model", "key_env", "against", "against_model", "against_key_env"):
        if (value := getattr(options, name)) is not None:
            again += [f"--{name.replace('_', '-')}", value]
    if options.allow_insecure:
        again.append("--allow-insecure")
    return schedule_lines(again, options.every_s)


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d{1,6})([mhd])", text.strip().lower())
    if found is None or int(found[1]) * _UNITS[found[2]] < LEAST_S:
        raise UsageError(tr("--every takes a time of at least 10 minutes, such as 30m, 6h or 1d, not “{text}”", text=text))
    return int(found[1]) * _UNITS[found[2]]
