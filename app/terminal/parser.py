"""The whole command line, put together from the commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

from app import __version__
from app.terminal.arguments import Parser
from app.terminal.commands import command_names
from app.text.languages import LANGUAGES
from app.text.sentences import tr
from app.text.translation import translated


def parser() -> argparse.ArgumentParser:
    """The command line, its words in the language of now. A command's module is imported when it is asked for, alone."""
    top = _Top(
        prog="diptych",
        description=tr("Two LLM endpoints side by side. Without a command the window opens; `diptych FILE` shows a saved run."),
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"Diptych {__version__}",
        help=translated("show program's version number and exit"),
    )
    top.add_argument("--demo", action="store_true", help=tr("open the window on two demo endpoints and run at once"))
    # Known by `app.__main__` before this is asked, `--lang` behind a command too; here for --help.
    top.add_argument(
        "--lang", metavar="LANGUAGE", help=tr("the language of this call: {codes:commas} (also DIPTYCH_LANG)", codes=LANGUAGES)
    )
    top.add_argument(
        "--portable",
        action="store_true",
        help=tr("keep profiles, settings and runs in a folder beside the program; keys stay in this machine's keyring"),
    )
    top.add_argument(
        "--self-test",
        action="store_true",
        help=tr("try each part of this installation and say what was found (alone, or with --json)"),
    )
    top.commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=Command)
    for name in command_names():
        top.commands.add_parser(name, later=partial(_take_in, name), help=name)
    return top


class _Top(Parser):
    """The parser of all; what it says of the commands is in their modules, which are imported for its help alone."""

    commands: argparse._SubParsersAction[Command]

    def format_help(self) -> str:
        for one in self.commands._choices_actions:
            one.help = tr(_module(one.dest).HELP)
        return super().format_help()


class Command(Parser):
    """A command's own parser: empty until it is used."""

    def __init__(self, *, later: Callable[[Command], None] | None = None, **options: Any) -> None:
        """`later` adds its options; None for one that has them from the beginning, as most of a command's own commands."""
        super().__init__(**options)
        self._later = later

    def fill(self) -> None:
        """Add its options."""
        later, self._later = self._later, None
        if later is not None:
            later(self)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.fill()
        return super().parse_known_args(args, namespace)


def _take_in(name: str, parser: Command) -> None:
    """Import the command of that name, and take its options."""
    module = _module(name)
    parser.description = _sentence(tr(module.HELP))
    module.add_options(parser)
    parser.set_defaults(command=module.command)


def _module(name: str) -> ModuleType:
    return import_module(f"app.terminal.commands.{name}")


def _sentence(text: str) -> str:
    """What a command's own help begins with: what the list of commands says of it, as a sentence."""
    begun = f"{text[:1].upper()}{text[1:]}"
    return begun if begun.endswith(("?", "？")) else tr("{sentence}.", sentence=begun)
