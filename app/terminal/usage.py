"""Wrong use of the command line."""

from __future__ import annotations


class UsageError(Exception):
    """The command line can't be carried out as it is; the text says why (exit 2)."""


class CantBeDoneError(Exception):
    """What was asked can't be done on this machine now; the text says why (exit 1)."""
