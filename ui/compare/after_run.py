"""What a pane says of a side that did not complete, with buttons for what helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.recording.records import NO_STAMP
from ui.widgets.notice import Later, Notice

if TYPE_CHECKING:
    from app.diagnosis.model import Diagnosis
    from app.run.side import Side

Actions = tuple[tuple[str, object], ...]

CAME = "key came"  # what a notice is about that says so

_EDIT_WORDS = ("base url", "the host", "the port", "the profile", "address", "proxy", "ca file")
_MODEL_WORDS = ("choose a model", "choose another model", "choose one of them", "choose one that is there")


def notice_after(side: Side, keys: Callable[[], Actions] | None) -> Notice | None:
    """What went wrong on a side and what helps; None where nothing went wrong.

    `keys` gives buttons for the keys on offer, asked where the key is at fault; None: no button at all.
    """
    diagnosis = side.diagnosis
    if diagnosis is None or side.outcome is Outcome.COMPLETED:
        return None
    role = "muted" if side.outcome is Outcome.CANCELLED else "bad"
    said = "" if diagnosis.vendor_message in diagnosis.cause else diagnosis.vendor_message
    actions = () if keys is None else _actions(diagnosis, keys, _ended_ns(side))
    about = "key" if actions and _wants_key(diagnosis) else ""
    return Notice(diagnosis.cause, diagnosis.told, diagnosis.fix, said, role, about, actions)


def key_came(*, again: bool) -> Notice:
    """In place of a notice that asked for a key: there is one now. `again`: it was run before."""
    from app.diagnosis.model import ProfileChange

    label, fix = ("Run again", "Run again to ask with it.") if again else ("Run both", "Nothing was sent yet.")
    return Notice("The key is there now", fix=fix, role="ok", about=CAME, actions=((label, ProfileChange("run", "", label)),))


def _wants_key(diagnosis: Diagnosis) -> bool:
    return (diagnosis.action is not None and diagnosis.action.field == "key") or "enter the key" in diagnosis.fix.lower()


def _ended_ns(side: Side) -> int:
    """When the answer had come; now, where that is not known."""
    end = side.last.recording.end if side.last else None
    return now_ns() if end is None or end.ns == NO_STAMP else end.ns


def _actions(diagnosis: Diagnosis, keys: Callable[[], Actions], ended_ns: int) -> Actions:
    """The change that the diagnosis offers, saying that it runs again; where the key is at fault, to enter it comes first."""
    from app.diagnosis.actions import ASK_KEY

    change = diagnosis.action
    if change is None:
        return usual_actions(diagnosis, ended_ns)
    entering = ((ASK_KEY.label, ASK_KEY), *keys()) if _wants_key(diagnosis) else ()
    return entering if change.field == "key" else (*entering, (f"{change.label} and run again", change))


def usual_actions(diagnosis: Diagnosis, ended_ns: int) -> Actions:
    """Buttons for a diagnosis without a change of its own: to choose a model, to correct the endpoint, to run again.

    Each only where the fix names it. Where the endpoint said when it can be asked again, "Run again" counts down to it, from
    when its answer had come (`ended_ns`, of `app.clock`).
    """
    from app.diagnosis.model import ProfileChange

    fix = diagnosis.fix.lower()
    models = (ProfileChange("models", "", "Choose a model…"),) if any(word in fix for word in _MODEL_WORDS) else ()
    edits = (ProfileChange("edit", "", "Edit the endpoint…"),) if any(word in fix for word in _EDIT_WORDS) else ()
    again = (ProfileChange("run", "", "Run again"),) if edits or "again" in fix or "start the server" in fix else ()
    until_ns = None if diagnosis.again_s is None else ended_ns + round(diagnosis.again_s * 1e9)
    waits = [(one.label, one if until_ns is None else Later(one, until_ns)) for one in again]
    return (*((one.label, one) for one in (*models, *edits)), *waits)
