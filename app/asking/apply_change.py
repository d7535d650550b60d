"""A change that a diagnosis offers, applied to a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.store.profiles import Profile

if TYPE_CHECKING:
    from app.diagnosis.model import ProfileChange

OF_REQUEST = ("max_tokens", "stream", "model", "key", "edit")


def changed_profile(profile: Profile, change: ProfileChange) -> Profile:
    """The profile with the change; as it was where the change is not one of a profile."""
    from app.asking.changes import apply_change

    return profile if change.field in OF_REQUEST else apply_change(profile, change)
