"""The tabs of a pane, by their numbers."""

from __future__ import annotations

from app.text.sentences import message

TABS = (message("Answer"), message("Events"), message("Timing"), message("Raw"), message("Request"))
"""Names of the tabs, which are known by these; shown they are messages."""
FINDINGS = len(TABS)
