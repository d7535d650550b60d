"""Makes imports behind Qt cost no more than those before it. Imported before all else of the window."""

from __future__ import annotations

import sys

import shiboken6  # noqa: F401  # brings the hook


def read_no_sources() -> None:
    """Modules that are imported from now on are not read as text.

    WORKAROUND: shiboken6 6.11.3 looks into the source of every module that is imported for the word PySide6, so that
    `from __feature__ import snake_case` counts where it is said. Nothing here says so. Each is read twice by that (0.2 ms, all
    that the first picture needs 25 ms), and `linecache` keeps all its lines. A packaged build has no sources: there the hook
    finds none, with the same answer as this one.
    """
    hook = sys.modules.get("shibokensupport.feature")
    if hook is not None and hasattr(hook, "_mod_uses_pyside"):
        vars(hook)["_mod_uses_pyside"] = lambda _module: False
