"""What a pane says of a side that did not complete, with buttons for what helps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.clock import now_ns
from app.exchange.outcome import Outcome
from app.recording.records import NO_STAMP
from app.text.sentences import message, tr
from ui.widgets.notice import Later, Notice

if TYPE_CHECKING:
    from app.diagnosis.model import Action, Diagnosis
    from app.run.side import Side
    from app.store.profiles import Profile

Actions = tuple[tuple[str, object], ...]

CAME = "key came"  # what a notice is about that says so


def notice_after(side: Side, keys: Callable[[], Actions] | None, profile: Profile | None = None) -> Notice | None:
    """What went wrong on a side and what helps; None where nothing went wrong.

    `keys` gives buttons for the keys on offer, asked where the key is at fault; None: no button at all. `profile` is the one
    that a change is made to.
    """
    diagnosis = side.diagnosis
    if diagnosis is None or side.outcome is Outcome.COMPLETED:
        return None
    role = "muted" if side.outcome is Outcome.CANCELLED or side.provoked else "bad"
    said = "" if diagnosis.quotes_all else diagnosis.vendor_message
    actions = () if keys is None else _actions(diagnosis, keys, _ended_ns(side), profile)
    about = "key" if actions and diagnosis.wants_key else ""
    counts = any(isinstance(meaning, Later) for _, meaning in actions)
    fix = diagnosis.fix_beside_countdown if counts else diagnosis.fix
    retry = side.retry.words if side.retry else ""
    return Notice(diagnosis.cause, retry, fix, said, role, about, actions, diagnosis.asked_lines)


def key_came(*, again: bool) -> Notice:
    """In place of a notice that asked for a key: there is one now. `again`: it was run before."""
    from app.diagnosis.model import ProfileChange

    label = message("Run again") if again else message("Run both")
    fix = tr("Run again to ask with it." if again else "Nothing was sent yet.")
    change = ProfileChange("run", "", label)
    return Notice(tr("The key is there now"), fix=fix, role="ok", about=CAME, actions=((change.label, change),))


def _ended_ns(side: Side) -> int:
    """When the answer had come; now, where that is not known."""
    end = side.last.recording.end if side.last else None
    return now_ns() if end is None or end.ns == NO_STAMP else end.ns


def _actions(diagnosis: Diagnosis, keys: Callable[[], Actions], ended_ns: int, profile: Profile | None) -> Actions:
    """The change that the diagnosis offers, saying that it runs again; where the key is at fault, to enter it comes first."""
    from app.asking.changes import takes_key_elsewhere
    from app.diagnosis.changes import ASK_KEY

    change = diagnosis.change
    if change is None:
        return usual_actions(diagnosis, ended_ns)
    entering = ((ASK_KEY.label, ASK_KEY), *keys()) if diagnosis.wants_key else ()
    if change.field == "key":
        return entering
    # Where the key would go to another server the address is to be looked at first, and nothing runs.
    stops = profile is not None and takes_key_elsewhere(profile, change)
    return *entering, (change.label if stops else change.label_and_run, change)


def usual_actions(diagnosis: Diagnosis, ended_ns: int) -> Actions:
    """Buttons for a diagnosis without a change of its own: to choose a model, to correct the endpoint, to run again.

    Where the endpoint said when it can be asked again, "Run again" counts down to it, from when its answer had come
    (`ended_ns`, of `app.clock`).
    """
    return tuple(_button(action, diagnosis.again_s, ended_ns) for action in diagnosis.actions)


def _button(action: Action, again_s: float | None, ended_ns: int) -> tuple[str, object]:
    from app.diagnosis import Action
    from app.diagnosis.changes import OF_ACTION

    change = OF_ACTION[action]
    if action is Action.RUN_LATER and again_s:
        return change.label, Later(change, ended_ns + round(again_s * 1e9))
    return change.label, change
