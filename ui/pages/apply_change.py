"""A change that a diagnosis offers, applied to a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.store.profiles import Profile

if TYPE_CHECKING:
    from app.diagnosis.model import ProfileChange

OF_REQUEST = ("max_tokens", "stream", "model", "key", "edit")


def changed_profile(profile: Profile, change: ProfileChange) -> Profile:
    """The profile with the change; as it was where the change is not one of a profile."""
    if change.field in OF_REQUEST:
        return profile
    if change.field == "headers":
        return msgspec.structs.replace(profile, headers=_with_header(profile, str(change.value)))
    if change.field.startswith("limits."):
        limits = msgspec.structs.replace(profile.limits, **{change.field.removeprefix("limits."): change.value})
        return msgspec.structs.replace(profile, limits=limits)
    if change.field not in Profile.__struct_fields__:
        return profile
    return msgspec.structs.replace(profile, **{change.field: change.value})


def _with_header(profile: Profile, text: str) -> tuple[tuple[str, str], ...]:
    name, _, value = text.partition("=")
    kept = tuple((key, old) for key, old in profile.headers if key.lower() != name.lower())
    return (*kept, (name, value)) if value else kept
