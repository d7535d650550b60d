"""What Esc does, in one order: the nearest thing goes first, and a run is stopped last.

1. What has the keyboard and knows Esc itself, whom Qt asks first: a find box empties, then leaves; a list, a menu or a small
   window that popped up, and the presentation, close; a dialog is a window of its own.
2. The newest of what was said over the foot (`ui.widgets.toast`).
3. What lies over the page (`Page.uncover`): what differs, the findings.
4. The page's command that has this key: it stops what runs, or leaves a replay (`STOP_KEYS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.widgets.toast import toasts_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.shared.page import Page


def step_back(window: QWidget, page: Page) -> bool:
    """Do the second or the third; False where there is neither, and the command may have the key."""
    host = toasts_of(window)
    if host is not None and host.shown:
        host.shown[-1].leave()
        return True
    return page.uncover()
