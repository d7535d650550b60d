"""Makes imports behind Qt cost no more than those before it. Used before all else of the window is imported."""

from __future__ import annotations

import builtins

import shiboken6  # noqa: F401  # brings the hook


def read_no_sources() -> None:
    """Modules that are imported from now on are not read as text.

    WORKAROUND: shiboken6 6.11.3 has each import go through `__feature_import__`, so that `from __feature__ import snake_case`
    counts where it is said; for that it reads the source of every module. Nothing here says so. It takes 25 ms of those before
    the first picture, and `linecache` keeps the lines of all modules, 12 MB. What it calls for the import itself stays.
    """
    if getattr(builtins.__import__, "__name__", "") == "__feature_import__" and hasattr(builtins, "__orig_import__"):
        vars(builtins)["__import__"] = builtins.__orig_import__
