"""Rules for gateways before the endpoint that want something of their own, or find nothing behind them."""

from __future__ import annotations

from app.diagnosis import offers
from app.diagnosis.model import Rule
from app.diagnosis.wording import SAYS

GATEWAY = (
    Rule("gateway-own-token", lambda f: f.status in (401, 403) and f.gateway.wants_token,
        "{gateway} in front of the model's API wants a token of its own{message:if : {message:quoted}}; the key for the API"
        " was not"
        " looked at.",
        "Add {gateway_hint:select bearer=the header {gateway_header} (Bearer and the token)|known=the header {gateway_header}"
        " (Bearer and a token that it knows)|renamed=the header {gateway_header} (unless the gateway was given another name for"
        " it)|chosen=the header that its proxy expects (often {gateway_header})|the header {gateway_header}}"
        " to the profile, with the token of the gateway; the API's own key stays where it is.",
        actions=offers.EDIT),
    Rule("gateway-no-route", lambda f: f.status in (403, 404) and f.gateway.has_no_route,
        "{gateway} has nothing at this address ({path}, status {status}): {message:quoted no message}. It says nothing of"
        " the key.",
        "Compare the base URL with the documentation: at such gateways a name (of the stage, the account or the gateway)"
        " usually"
        " stands before the path of the API.",
        actions=offers.EDIT),
    Rule("gateway-absent", lambda f: f.status >= 400 and f.gateway.is_absent,
        "{gateway} has no program that runs at this address (status {status}): key and request reached nobody." + SAYS,
        "Check the host in the base URL. If it is right, the program that was there was deleted, paused or not started: tell"
        " its operator.",
        actions=offers.EDIT),
    Rule("gateway-settings", lambda f: f.refused and f.gateway.is_unset,
        "{gateway} is not set up for this request." + SAYS,
        "Look at the gateway's settings and at the name of the account, the gateway and the provider in the base URL.",
        actions=offers.EDIT),
)  # fmt: skip
