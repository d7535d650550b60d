"""Buttons for a diagnosis that has no change of its own to offer: what its fix tells the user to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.diagnosis.model import Diagnosis

_EDIT_WORDS = ("base url", "the host", "the port", "the profile", "address", "proxy", "ca file")


def usual_actions(diagnosis: Diagnosis) -> tuple[tuple[str, object], ...]:
    """A button for each thing that the fix names: to correct the endpoint, to run again. () where it names none of them."""
    from app.diagnosis.model import ProfileChange

    fix = diagnosis.fix.lower()
    edits = (ProfileChange("edit", "", "Edit the endpoint…"),) if any(word in fix for word in _EDIT_WORDS) else ()
    again = (ProfileChange("run", "", "Run again"),) if edits or "again" in fix or "start the server" in fix else ()
    return tuple((one.label, one) for one in (*edits, *again))
