"""Changes to a profile that a fix or a choice brings: a diagnosis's action, another protocol."""

from __future__ import annotations

import msgspec

from app.asking.other_paths import in_protocol
from app.diagnosis import ProfileChange
from app.diagnosis.address import Address
from app.protocols.ids import MESSAGES
from app.store.profiles import Profile

REQUEST_FIELDS = ("max_tokens", "stream")


def is_applicable(change: ProfileChange) -> bool:
    """Whether a profile can take the change (a key, or a field of the request, is none of it)."""
    return change.field not in (*REQUEST_FIELDS, "key")


def apply_change(profile: Profile, change: ProfileChange) -> Profile:
    """The profile with a change that a diagnosis proposes; as it is for one that is not a profile's.

    Raises msgspec.ValidationError for a value that the field does not take.
    """
    if not is_applicable(change):
        return profile
    if change.field == "headers":
        return _with_header(profile, str(change.value))
    if change.field == "protocol":
        if change.base_url:
            return in_protocol(profile, str(change.value), change.base_url)
        return with_protocol(profile, str(change.value), adapt_url=True)
    fields: dict[str, object] = msgspec.to_builtins(profile)
    group, _, name = change.field.rpartition(".")
    place = fields[group] if group else fields
    assert isinstance(place, dict)
    place[name] = change.value
    return msgspec.convert(fields, Profile)


def _with_header(profile: Profile, assignment: str) -> Profile:
    """`NAME=VALUE` sets a header, `NAME=` takes it out."""
    name, _, value = assignment.partition("=")
    kept = tuple(header for header in profile.headers if header[0].lower() != name.lower())
    return msgspec.structs.replace(profile, headers=(*kept, (name, value)) if value else kept)


def with_protocol(profile: Profile, protocol_id: str, *, adapt_url: bool = False) -> Profile:
    """The profile in another protocol: its auth style follows where it was the old one's usual.

    `adapt_url` moves a plain address along too: without /v1 for Messages, with it for the OpenAI protocols.
    """
    return in_protocol(profile, protocol_id, _adapted_url(profile.base_url, protocol_id) if adapt_url else profile.base_url)


def _adapted_url(base_url: str, protocol_id: str) -> str:
    address = Address(base_url, "", protocol_id)
    if not address.base:
        return base_url
    if address.pasted:
        return address.without_endpoint
    if protocol_id == MESSAGES:
        return address.base.removesuffix("/v1")
    return address.base if address.has_version else address.with_v1
