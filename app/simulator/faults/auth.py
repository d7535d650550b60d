"""Faults in how an endpoint takes keys, and the check itself: by default any key will do that has no "wrong" in it."""

from __future__ import annotations

from app.simulator.faults.registry import EVERYWHERE, Stage, add_fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.refusals import RefusalError

_GROUP = "auth"
_LINES = {
    "bearer_only": "Only `Authorization: Bearer` is taken as a key.",
    "xkey_only": "Only `x-api-key` is taken as a key.",
    "both_required": "`x-api-key` and `Authorization: Bearer` are both needed.",
    "both_rejected": "Both key headers at once give 401 (Messages does so anyway).",
    "key_required": "A missing key gives 401; the demo endpoints do without.",
    "none_checked": "No key is checked: missing, wrong and doubled ones pass.",
}
for _name, _line in _LINES.items():
    add_fault(_name, Stage.SWITCH, _GROUP, _line, EVERYWHERE)


def check_key(context: RequestContext) -> None:
    """Raises the vendor's 401 for a request whose key or key headers are not taken."""
    if context.has("none_checked"):
        return
    has_x_key = bool(context.headers.get("x-api-key", "").strip())
    has_bearer = bool(context.headers.get("authorization", "").removeprefix("Bearer").strip())
    if has_x_key and has_bearer and _refuses_both(context):
        raise RefusalError(401, "Only one of `x-api-key` and `Authorization` may be given.")
    needed = {"xkey_only": has_x_key, "bearer_only": has_bearer, "both_required": has_x_key and has_bearer}
    for name, present in needed.items():
        if context.has(name) and not present:
            raise _refused(context)
    if any("wrong" in key for key in context.keys) or (context.has("key_required") and not context.keys):
        raise _refused(context)


def _refuses_both(context: RequestContext) -> bool:
    return context.has("both_rejected") or (context.anthropic and not context.has("both_required"))


def _refused(context: RequestContext) -> RefusalError:
    if context.anthropic:
        bearer = context.headers.get("authorization")
        return RefusalError(401, "invalid bearer token" if bearer else "invalid x-api-key")
    if not context.keys:
        message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth (Bearer YOUR_KEY)."
        return RefusalError(401, message, code="missing_api_key")
    key = context.keys[-1]
    where = "You can find your API key at https://platform.openai.com/account/api-keys."
    return RefusalError(401, f"Incorrect API key provided: {key[:3]}{'*' * 8}{key[-4:]}. {where}", code="invalid_api_key")
