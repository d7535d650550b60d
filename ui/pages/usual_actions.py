"""Buttons for a diagnosis that has no change of its own to offer: what its fix tells the user to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.clock import now_ns
from ui.widgets.notice import Later

if TYPE_CHECKING:
    from app.diagnosis.model import Diagnosis

_EDIT_WORDS = ("base url", "the host", "the port", "the profile", "address", "proxy", "ca file")
_MODEL_WORDS = ("choose a model", "choose another model", "choose one of them", "choose one that is there")


def usual_actions(diagnosis: Diagnosis) -> tuple[tuple[str, object], ...]:
    """A button for each thing that the fix names: to choose a model, to correct the endpoint, to run again; else ().

    Where the endpoint said when it can be asked again, "Run again" counts down to it.
    """
    from app.diagnosis.model import ProfileChange

    fix = diagnosis.fix.lower()
    models = (ProfileChange("models", "", "Choose a model…"),) if any(word in fix for word in _MODEL_WORDS) else ()
    edits = (ProfileChange("edit", "", "Edit the endpoint…"),) if any(word in fix for word in _EDIT_WORDS) else ()
    again = (ProfileChange("run", "", "Run again"),) if edits or "again" in fix or "start the server" in fix else ()
    until_ns = None if diagnosis.again_s is None else now_ns() + round(diagnosis.again_s * 1e9)
    waits = [(one.label, one if until_ns is None else Later(one, until_ns)) for one in again]
    return (*((one.label, one) for one in (*models, *edits)), *waits)
