"""The request that a run would begin with, to be looked at before it is sent: no key is needed for it."""

from __future__ import annotations

import msgspec

from app.asking.caller import secrets_of, to_target
from app.recording.records import Request
from app.scenarios import Plan, first_request
from app.secrets.masking import Masker
from app.store.profiles import Profile

STARS = "*" * 8


def preview(plan: Plan, profile: Profile, model: str, *, with_key: bool) -> Request | None:
    """The first request as built, masked as a recording is; None where nothing can be built. `with_key`: one will be sent."""
    try:
        request = first_request(plan, profile.protocol, model, to_target(profile, STARS if with_key else ""))
    except (KeyError, ValueError):
        return None
    masker = Masker(secrets_of(profile, ""))
    return msgspec.structs.replace(request, url=masker.mask_url(request.url), headers=masker.mask_headers(request.headers))
