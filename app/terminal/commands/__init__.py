"""The commands: a module of this package is one, by its name. Nothing else lists them.

A command has `HELP`, one line; `add_options(parser)`; and `command(options)`, which returns the exit code and raises
`UsageError` for what can't be carried out as it was written.
"""

from __future__ import annotations

from pkgutil import iter_modules


def command_names() -> list[str]:
    """The commands there are. None is imported for it: the window asks this too, before it opens a file."""
    return [module.name for module in iter_modules(__path__)]
