"""Why nothing can be sent to an endpoint yet, in words and with buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.asking.before_run import Missing, what_is_missing
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
        fix = "Choose one above, or add one on the Endpoints page."
        return Notice("No endpoint is chosen", fix=fix, actions=(_change("edit", "Edit the endpoint…"),))
    if missing is Missing.ADDRESS:
        cause = f"The base URL of “{profile.name}” is {'empty' if not profile.base_url.strip() else 'no http address'}."
        return Notice("There is no address to send to", cause, "Fill it in.", actions=(_change("edit", "Edit the endpoint…"),))
    if missing is Missing.KEY:
        return _no_key(profile, state, offered)
    fix = "Type a model's name above, or choose one from the endpoint's list."
    return Notice("No model is chosen", fix=fix, role="warn", actions=(_change("models", "Choose a model…"),))


def _no_key(profile: Profile, state: KeyState, offered: tuple[tuple[str, object], ...]) -> Notice:
    cause = state.trouble or f"No key is saved for “{profile.name}”, and it needs one."
    fix = "Enter it: it is kept in this system's keyring and sent to this endpoint only."
    if state.kind == "unavailable":
        fix = "Enter it, and choose to keep it in memory."
    if offered:
        fix = "Enter it, or use the one that your environment offers."
    return Notice("No key, so nothing was sent", cause, fix, about="key", actions=(_change("key", "Enter the key…"), *offered))


def _change(field: str, label: str) -> tuple[str, ProfileChange]:
    from app.diagnosis.model import ProfileChange

    return label, ProfileChange(field, "", label)
