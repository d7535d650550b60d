"""Faults in how an endpoint takes keys, and the check itself: by default any key will do that has no "wrong" in it."""

from __future__ import annotations

from app.simulator.faults.registry import EVERYWHERE, Stage, add_fault
from app.simulator.server.case import Case
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


def check_key(case: Case) -> None:
    """Raises the vendor's 401 for a request whose key or key headers are not taken."""
    if case.has("none_checked"):
        return
    has_x_key = bool(case.headers.get("x-api-key", "").strip())
    has_bearer = bool(case.headers.get("authorization", "").removeprefix("Bearer").strip())
    if has_x_key and has_bearer and _refuses_both(case):
        raise RefusalError(401, "Only one of `x-api-key` and `Authorization` may be given.")
    needed = {"xkey_only": has_x_key, "bearer_only": has_bearer, "both_required": has_x_key and has_bearer}
    for name, present in needed.items():
        if case.has(name) and not present:
            raise _refused(case)
    if any("wrong" in key for key in case.keys) or (case.has("key_required") and not case.keys):
        raise _refused(case)


def _refuses_both(case: Case) -> bool:
    return case.has("both_rejected") or (case.anthropic and not case.has("both_required"))


def _refused(case: Case) -> RefusalError:
    if case.anthropic:
        bearer = case.headers.get("authorization")
        return RefusalError(401, "invalid bearer token" if bearer else "invalid x-api-key")
    if not case.keys:
        message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth."
        return RefusalError(401, message, code="missing_api_key")
    key = case.keys[-1]
    return RefusalError(401, f"Incorrect API key provided: {key[:3]}{'*' * 8}{key[-4:]}.", code="invalid_api_key")
