"""The command line's parser: what argparse says of itself is said in the language of now, and wrapped by columns.

`argparse` sends its own words through functions of `gettext`, which it holds under names of its own; ours stand there instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from app.terminal.text import write
from app.text.columns import columns, wrapped
from app.text.sentences import message, tr
from app.text.translation import translated

# As argparse of Python 3.11 to 3.14 has them, those that only a programmer's fault brings aside. Fields are Python's own, by %.
_WORDS = (
    message("usage: "),
    message("options"),
    message("positional arguments"),
    message("show this help message and exit"),
    message("show program's version number and exit"),
    message("%(prog)s: error: %(message)s\n"),
    message("argument %(argument_name)s: %(message)s"),
    message("the following arguments are required: %s"),
    message("one of the arguments %s is required"),
    message("not allowed with argument %s"),
    message("unrecognized arguments: %s"),
    message("ambiguous option: %(option)s could match %(matches)s"),
    message("ignored explicit argument %r"),
    message("expected one argument"),
    message("expected at most one argument"),
    message("expected at least one argument"),
    message("expected %s argument"),
    message("expected %s arguments"),
    message("invalid %(type)s value: %(value)r"),
    message("invalid choice: %(value)r (choose from %(choices)s)"),
    message("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
)


def _counted(one: str, many: str, number: int) -> str:
    return translated(one if number == 1 else many)


class Parser(argparse.ArgumentParser):
    """A parser as `argparse` has it, and of each of its commands."""

    def __init__(self, **options: Any) -> None:
        vars(argparse).update(_=translated, ngettext=_counted)
        super().__init__(**{"formatter_class": _Formatter, **options})

    def _print_message(self, message: str, file: Any = None) -> None:
        if message and file is not None:
            write(message, file)


class _Formatter(argparse.HelpFormatter):
    """Help in columns of the terminal. The names are argparse's, by which its own formatters do the like."""

    class _Section(argparse.HelpFormatter._Section):
        """The colon behind its heading is that of the language."""

        def format_help(self) -> str:
            return super().format_help().replace(f"{self.heading}:\n", tr("{words}:", words=self.heading) + "\n", 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in wrapped(" ".join(text.split()), width - len(indent)))

    def _format_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None,
    ) -> str:
        """The lines below the first begin behind its first words, however wide these are."""
        said = translated("usage: ") if prefix is None else prefix
        room = " " * columns(said)
        return super()._format_usage(usage, actions, groups, room).replace(room, said, 1)
