"""Why nothing can be sent to an endpoint yet, in words and with buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.asking.before_run import Missing, what_is_missing
from app.text.sentences import message, tr
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.diagnosis.model import ProfileChange
    from app.store.profiles import Profile
    from ui.shared.key_states import KeyState


def notice_before(
    profile: Profile | None,
    model: str,
    state: KeyState,
    offered: tuple[tuple[str, object], ...],
    *,
    needs_model: bool = True,
) -> Notice | None:
    """Why nothing can be sent, and what helps; None where it can. What is not known of a key yet counts as there."""
    missing = what_is_missing(profile, model, has_key=state.kind not in ("missing", "unavailable"), needs_model=needs_model)
    if missing is None:
        return None
    if profile is None:
        fix = tr("Choose one above, or add one on the Endpoints page.")
        return Notice(tr("No endpoint is chosen"), fix=fix, actions=(_change("edit", message("Edit the endpoint…")),))
    if missing is Missing.ADDRESS:
        empty = not profile.base_url.strip()
        cause = tr("The base URL of “{name}” is {empty:if empty|no http address}.", name=profile.name, empty=empty)
        return Notice(
            tr("There is no address to send to"),
            cause,
            tr("Fill it in."),
            actions=(_change("edit", message("Edit the endpoint…")),),
        )
    if missing is Missing.KEY:
        return _no_key(profile, state, offered)
    fix = tr("Type a model's name above, or choose one from the endpoint's list.")
    return Notice(tr("No model is chosen"), fix=fix, role="warn", actions=(_change("models", message("Choose a model…")),))


def _no_key(profile: Profile, state: KeyState, offered: tuple[tuple[str, object], ...]) -> Notice:
    cause = state.trouble or tr("No key is saved for “{name}”, and it needs one.", name=profile.name)
    fix = tr("Enter it: it is kept in this system's keyring and sent to this endpoint only.")
    if state.kind == "unavailable":
        fix = tr("Enter it, and choose to keep it in memory.")
    if offered:
        fix = tr("Enter it, or use the one that your environment offers.")
    return Notice(
        tr("No key, so nothing was sent"),
        cause,
        fix,
        about="key",
        actions=(_change("key", message("Enter the key…")), *offered),
    )


def _change(field: str, label: str) -> tuple[str, ProfileChange]:
    from app.diagnosis.model import ProfileChange

    change = ProfileChange(field, "", label)
    return change.label, change
