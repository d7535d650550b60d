"""The whole command line, put together from the commands."""

from __future__ import annotations

import argparse
from importlib import import_module

from app import __version__
from app.terminal.arguments import Parser
from app.terminal.commands import command_names
from app.text.languages import LANGUAGES
from app.text.sentences import tr
from app.text.translation import translated


def parser() -> argparse.ArgumentParser:
    """The command line, its words in the language of now.

    Each command's module is imported here, so the window must not come this way.
    """
    top = Parser(
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
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name in command_names():
        module = import_module(f"app.terminal.commands.{name}")
        said = tr(module.HELP)
        command = commands.add_parser(name, help=said, description=_sentence(said))
        module.add_options(command)
        command.set_defaults(command=module.command)
    return top


def _sentence(text: str) -> str:
    """What a command's own help begins with: what the list of commands says of it, as a sentence."""
    begun = f"{text[:1].upper()}{text[1:]}"
    return begun if begun.endswith(("?", "？")) else tr("{sentence}.", sentence=begun)
