"""The actions that rules recommend, in the order of their buttons."""

from __future__ import annotations

from app.diagnosis.model import Action, When

RUN = (Action.RUN_AGAIN,)
EDIT = (Action.EDIT_ENDPOINT, Action.RUN_AGAIN)
MODEL = (Action.CHOOSE_MODEL,)
KEY = (Action.ENTER_KEY,)
KEY_WHERE_NOT_KNOWN = (When(Action.ENTER_KEY, lambda f: not f.request.headers_known),)
LATER = (Action.RUN_LATER,)
RETRY = (When(Action.RUN_LATER, lambda f: not f.says_when_in_words),)
_TODAY_S = 12 * 3600  # nobody waits longer before a button
OPENS_TODAY = (
    When(
        Action.RUN_LATER, lambda f: f.opens in ("at", "open") and f.again is not None and (f.again.seconds or 0.0) <= _TODAY_S
    ),
)
RUN_WHERE_SAID = (When(Action.RUN_AGAIN, lambda f: f.again),)
EDIT_WHERE_NOT_KNOWN = tuple(When(action, lambda f: not f.other_paths.base_url) for action in EDIT)
MODEL_FOR_EFFORT = (When(Action.CHOOSE_MODEL, lambda f: f.error.option == "reasoning_effort"),)
EDIT_PASS_THROUGH = tuple(When(action, lambda f: f.address.names_vendor) for action in EDIT)
