"""What is looked at before a request leaves: is there an endpoint, a key, a model, and may the key travel in clear?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.model_names import Suggestion, is_claude_endpoint, suggest
from app.scenarios import Plan, Scenario
from app.store.profiles import Profile
from ui.shared.key_states import KeyState
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.diagnosis.model import ProfileChange


def notice_before(
    profile: Profile | None, model: str, plan: Plan, state: KeyState, offered: tuple[tuple[str, object], ...]
) -> Notice | None:
    """Why nothing can be sent to an endpoint yet, and what helps; None where it can."""
    if profile is None:
        fix = "Choose one above, or add one on the Endpoints page."
        return Notice("No endpoint is chosen", fix=fix, actions=(_change("edit", "Edit the endpoint…"),))
    if not urlsplit(profile.base_url.strip()).scheme.startswith("http"):
        cause = f"The base URL of “{profile.name}” is {'empty' if not profile.base_url.strip() else 'no http address'}."
        return Notice("There is no address to send to", cause, "Fill it in.", actions=(_change("edit", "Edit the endpoint…"),))
    if state.kind in ("missing", "unavailable"):
        return _no_key(profile, state, offered)
    if not model and plan.scenario is not Scenario.CUSTOM:
        fix = "Type a model's name above, or choose one from the endpoint's list."
        return Notice("No model is chosen", fix=fix, role="warn", actions=(_change("models", "Choose a model…"),))
    return None


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


def model_warning(profile: Profile, model: str, models: tuple[str, ...] | None) -> Suggestion:
    """What to say of a model before it is sent; its sentence is "" where there is nothing to say."""
    claude = is_claude_endpoint(profile.protocol, profile.base_url, models or ())
    return suggest(model, models or (), claude_endpoint=claude) if model else Suggestion()


def takes_key_elsewhere(profile: Profile, changed: Profile) -> bool:
    """Whether a change would send a key to another machine than the one it was meant for."""
    return profile.needs_key and _host_of(profile) != _host_of(changed)


def _host_of(profile: Profile) -> str:
    from app.diagnosis.address import Address

    return Address(profile.base_url, "", profile.protocol).host
