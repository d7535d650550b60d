"""Changes to a profile that a fix or a choice brings: a diagnosis's action, another protocol."""

from __future__ import annotations

import msgspec

from app.diagnosis import ProfileChange
from app.diagnosis.address import Address
from app.protocols.registry import info
from app.store.profiles import Profile


def is_applicable(change: ProfileChange) -> bool:
    """Whether it is a profile that takes the change. A key is none, nor is what belongs to the request or only leads on."""
    return change.field.partition(".")[0] in Profile.__struct_fields__


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


def leads_elsewhere(profile: Profile, changed: Profile) -> bool:
    """Whether a change leads to another server than the one that the profile's key was meant for.

    Other ports of one machine are other people's services, and what is no longer encrypted is anyone's to read: scheme, host
    and port must be the same.
    """
    one, other = (Address(each.base_url, "", each.protocol) for each in (profile, changed))
    return (one.parts.scheme, one.host, one.port) != (other.parts.scheme, other.host, other.port)


def takes_key_elsewhere(profile: Profile, change: ProfileChange) -> bool:
    """Whether a profile that needs a key would send it to another server with this change."""
    if not profile.needs_key or not is_applicable(change):
        return False
    try:
        return leads_elsewhere(profile, apply_change(profile, change))
    except msgspec.ValidationError:
        return False


def in_protocol(profile: Profile, protocol_id: str, base_url: str) -> Profile:
    """The profile in a protocol at a base URL: its auth style follows where it was the old protocol's usual."""
    auth = profile.auth
    if auth == info(profile.protocol).default_auth:
        auth = info(protocol_id).default_auth
    return msgspec.structs.replace(profile, protocol=protocol_id, auth=auth, base_url=base_url)


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
    if not info(protocol_id).version_in_base_url:
        return address.base.removesuffix("/v1")
    return address.base if address.has_version else address.with_v1
